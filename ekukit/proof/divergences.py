"""Where a judge is known to say something else, and why: a row for each, none more."""

from collections.abc import Callable
from dataclasses import dataclass

from ekukit.proof.cases import Fault, ProofCase
from ekukit.stacks.kinds import EkuKind


@dataclass(frozen=True, slots=True)
class Divergence:
    """A judge that differs from the rules in certain cases, with reason and facts."""

    judge: str
    why: str
    facts: tuple[str, ...]
    covers: Callable[[ProofCase], bool]


DIVERGENCES: tuple[Divergence, ...] = (
    Divergence(
        "cryptography",
        "takes an issuing CA with anyExtendedKeyUsage alone for every purpose; OpenSSL does not",
        ("E14",),
        lambda case: case.issuing is EkuKind.ANY and case.fault is Fault.NONE,
    ),
)
