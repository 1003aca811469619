"""The space that is proved over: EKUs of leaf and issuing CA, role, mode, and faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from ekukit.certificates import FAST_KEY, Certificate
from ekukit.certificates.authority import Authority, internal_authority
from ekukit.connections import EkuCheck, Handshake, Protocol, Side
from ekukit.connections.handshake import End, Talk
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS, EkuKind

NAME = "node.example.com"
_DAY = timedelta(days=1)
_OTHER = internal_authority("Other CA")


class Fault(StrEnum):
    """What else is wrong with the path that is judged."""

    NONE = "none"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    WRONG_NAME = "wrong name"
    WRONG_CA = "wrong CA"
    NO_ISSUING_CA = "issuing CA missing"
    SELF_SIGNED = "self-signed"


@dataclass(frozen=True, slots=True)
class ProofCase:
    """One path and the question about it; `check` is what the responder demands of clients."""

    leaf: EkuKind
    issuing: EkuKind
    judged: Side
    check: EkuCheck
    fault: Fault

    def __str__(self) -> str:
        """Return it in one line."""
        mode = "" if self.judged is Side.SERVER else f", {self.check.value}"
        what = f"{self.judged.value}: leaf {self.leaf}, issuing CA {self.issuing}{mode}"
        return what if self.fault is Fault.NONE else f"{what}, {self.fault}"


def proof_cases() -> Iterator[ProofCase]:
    """Yield the whole space; the mode counts for clients alone."""
    modes = [(Side.CLIENT, EkuCheck.CLIENT_AUTH), (Side.CLIENT, EkuCheck.BYPASSED),
             (Side.SERVER, EkuCheck.CLIENT_AUTH)]  # fmt: skip
    for judged, check in modes:
        for fault in Fault:
            for leaf in LEAF_KINDS:
                for issuing in ISSUING_KINDS:
                    yield ProofCase(leaf, issuing, judged, check, fault)


@lru_cache(maxsize=256)
def authority(issuing: EkuKind) -> Authority:
    """Return an authority whose issuing CA has these EKUs."""
    start = internal_authority("Proof CA")
    named = f"CN=Proof Issuing CA {issuing},O=ekukit TEST ONLY"
    return replace(start, issuing=replace(start.issuing, subject=named, ekus=issuing.ekus))


@lru_cache(maxsize=1024)
def leaf_of(leaf: EkuKind, issuing: EkuKind, at: datetime) -> Certificate:
    """Return the leaf with these EKUs, valid for 90 days from the day before."""
    made = authority(issuing)
    return made.issue(NAME, eku=leaf.ekus, issued=at - _DAY, days=90, key=FAST_KEY)


def handshake_of(case: ProofCase, at: datetime) -> Handshake:
    """Return the handshake in which the case's path is judged; the other end is good."""
    shown = _FAULTY.get(case.fault, _good)(leaf_of(case.leaf, case.issuing, at), at)
    made = authority(case.issuing)
    trusted = frozenset((made.root, made.issuing))
    judge_trusts = {
        Fault.WRONG_CA: frozenset(_OTHER.ca_certificates),
        Fault.NO_ISSUING_CA: frozenset((made.root,)),
    }.get(case.fault, trusted)
    name = "other.example.com" if case.fault is Fault.WRONG_NAME else NAME
    good = leaf_of(EkuKind.BOTH, EkuKind.NONE, at)
    own = authority(EkuKind.NONE)
    shows = End(
        "the one", "shows", None, shown, case.fault is not Fault.NO_ISSUING_CA,
        frozenset((own.root, own.issuing)) if case.fault is not Fault.NO_ISSUING_CA
        else frozenset((own.root,)), "",
    )  # fmt: skip
    judges = End("the other", "judges", None, good, True, judge_trusts, name)  # noqa: FBT003
    client, server = (shows, judges) if case.judged is Side.CLIENT else (judges, shows)
    return Handshake(Protocol.TLS, client, server, 0, case.check, at, Talk.NONE)


def _good(shown: Certificate, _at: datetime) -> Certificate:
    return shown


_FAULTY: dict[Fault, Callable[[Certificate, datetime], Certificate]] = {
    Fault.EXPIRED: lambda shown, at: shown.moved(not_before=at - 3 * _DAY, not_after=at - 2 * _DAY),
    Fault.NOT_YET_VALID: lambda shown, at: shown.moved(not_before=at + _DAY),
    Fault.SELF_SIGNED: lambda shown, _at: shown.moved(chain=()),
}
