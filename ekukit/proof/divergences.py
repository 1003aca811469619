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
_PASSED_OVER = frozenset({PathFault.KEY_USAGE, PathFault.NO_KEY_USAGE, PathFault.PATH_LENGTH})
_CANNOT_SIGN = (
    "finds no cipher of TLS 1.2 for a server whose key may not sign, before a path is seen"
)


def _passed_over(case: ProofCase) -> bool:
    """Return whether `cryptography` sees no fault of those that the case has."""
    return set(case.faults) <= _PASSED_OVER


def _cannot_sign(case: ProofCase) -> bool:
    return PathFault.KEY_USAGE in case.faults and case.judged is Side.SERVER


DIVERGENCES: tuple[Divergence, ...] = (
    Divergence(
        "cryptography",
        "takes an issuing CA with anyExtendedKeyUsage alone for every purpose; OpenSSL does not",
        ("E14",),
        lambda case: case.issuing is EkuKind.ANY and _passed_over(case),
    ),
    Divergence(
        "cryptography",
        "looks at no key usage of a client's leaf; OpenSSL wants digitalSignature",
        ("E14",),
        lambda case: (
            PathFault.KEY_USAGE in case.faults and case.judged is Side.CLIENT and _passed_over(case)
        ),
    ),
    Divergence(
        "cryptography",
        "looks at no path length of the root, which OpenSSL does",
        ("E14",),
        lambda case: PathFault.PATH_LENGTH in case.faults and _passed_over(case),
    ),
    Divergence("lab, TLS 1.2", _CANNOT_SIGN, ("E14",), _cannot_sign),
    Divergence("stdlib ssl", _CANNOT_SIGN, ("E14",), _cannot_sign),
    Divergence("openssl s_client", _CANNOT_SIGN, ("E14",), _cannot_sign),
)
