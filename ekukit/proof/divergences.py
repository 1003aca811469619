"""Where a judge is known to say something else, and why: a row for each, none more."""

from collections.abc import Callable
from dataclasses import dataclass

from ekukit.connections import Side
from ekukit.proof.cases import PathFault, ProofCase
from ekukit.stacks.kinds import EkuKind


@dataclass(frozen=True, slots=True)
class Divergence:
    """A judge that differs from the rules in certain cases, with reason and facts."""

    judge: str
    why: str
    facts: tuple[str, ...]
    covers: Callable[[ProofCase], bool]


# What `cryptography` passes over, so that the issuing CA's EKUs are what is left to differ.
_PASSED_OVER = frozenset(
    {PathFault.NONE, PathFault.KEY_USAGE, PathFault.NO_KEY_USAGE, PathFault.PATH_LENGTH}
)
_CANNOT_SIGN = (
    "finds no cipher of TLS 1.2 for a server whose EC key may not sign, before a path is seen"
)


def _cannot_sign(case: ProofCase) -> bool:
    return case.fault is PathFault.KEY_USAGE and case.judged is Side.SERVER


DIVERGENCES: tuple[Divergence, ...] = (
    Divergence(
        "cryptography",
        "takes an issuing CA with anyExtendedKeyUsage alone for every purpose; OpenSSL does not",
        ("E14",),
        lambda case: case.issuing is EkuKind.ANY and case.fault in _PASSED_OVER,
    ),
    Divergence(
        "cryptography",
        "looks at no key usage of a client's leaf; OpenSSL wants digitalSignature",
        ("E14",),
        lambda case: case.fault is PathFault.KEY_USAGE and case.judged is Side.CLIENT,
    ),
    Divergence(
        "cryptography",
        "looks at no path length of the root, which OpenSSL does",
        ("E14",),
        lambda case: case.fault is PathFault.PATH_LENGTH,
    ),
    Divergence("lab, TLS 1.2", _CANNOT_SIGN, ("E14",), _cannot_sign),
    Divergence("stdlib ssl", _CANNOT_SIGN, ("E14",), _cannot_sign),
)
