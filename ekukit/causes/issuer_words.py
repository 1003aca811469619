"""From whom a new certificate must come, so that renewing does not keep the fault."""

from collections.abc import Sequence

from ekukit.causes.alternatives import BY_USAGE
from ekukit.causes.root_cause import Fault
from ekukit.certificates import Certificate
from ekukit.connections.handshake import Cause

# What a CA has of itself: all that it issues has the same fault.
_OF_THE_CA = frozenset((
    Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.WEAK_KEY, Cause.WEAK_DIGEST,
    Cause.CRITICAL_EXTENSION,
))  # fmt: skip


def from_whom(held: Certificate, usages: str, faults: Sequence[Fault]) -> str:
    """Return from whom the new one must come, so that renewing does not keep the fault."""
    verdicts = [fault.verdict for fault in faults]
    causes = {verdict.cause for verdict in verdicts}
    if "clientAuth" in usages and held.public:
        return "from a private CA, or a public one that still gives clientAuth"
    if causes & {*BY_USAGE, Cause.NOT_A_CA, Cause.PATH_LENGTH, Cause.NAME_CONSTRAINTS}:
        return "from a CA that may issue it"
    above = [(one, one.verdict.depth) for one in faults
             if one.verdict.depth and one.verdict.cause in _OF_THE_CA]  # fmt: skip
    return _not_from(held, *above[0]) if above and held.chain else _same(held)


def _not_from(held: Certificate, fault: Fault, depth: int) -> str:
    """Return which CA it must not come from, and what else mends one that expired."""
    depth = min(depth, len(held.chain))
    name = held.chain[depth - 1].name
    told = f"from a CA that is not below {name}" if depth > 1 else f"from a CA other than {name}"
    if fault.verdict.cause is not Cause.EXPIRED:
        return told
    trusted = f"{fault.judge.node}'s trusted CA list"
    return f"{told}, or put that CA's renewed certificate of the same key into {trusted}"


def _same(held: Certificate) -> str:
    return f"from {held.issuer_name}" if held.chain else "from a CA that the far side trusts"
