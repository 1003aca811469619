"""The space that is proved over: EKUs of leaf and issuing CA, role, mode, and faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from ekukit.certificates import FAST_KEY, Certificate
from ekukit.certificates.authority import Authority, internal_authority
from ekukit.certificates.constraints import ENCIPHERS, REVOKES, SIGNS, Limits
from ekukit.connections import EkuCheck, Handshake, Protocol, Side
from ekukit.connections.handshake import End, Talk
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS, EkuKind

NAME = "node.example.com"
_DAY = timedelta(days=1)
_OTHER = internal_authority("Other CA")


class PathFault(StrEnum):
    """What else is wrong with the path that is judged."""

    NONE = "none"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    WRONG_NAME = "wrong name"
    WRONG_CA = "wrong CA"
    NO_ISSUING_CA = "issuing CA missing"
    SELF_SIGNED = "self-signed"
    KEY_USAGE = "key usage without digitalSignature"
    NO_KEY_USAGE = "no key usage"
    NOT_A_CA = "issuing CA is no CA"
    CANNOT_SIGN = "issuing CA may not sign certificates"
    PATH_LENGTH = "path too long for the root"
    NOT_PERMITTED = "name not permitted by the issuing CA"
    EXCLUDED = "name excluded by the issuing CA"
    CRITICAL = "unknown critical extension in the leaf"


@dataclass(frozen=True, slots=True)
class ProofCase:
    """One path and the question about it; `check` is what the responder demands of clients."""

    leaf: EkuKind
    issuing: EkuKind
    judged: Side
    check: EkuCheck
    fault: PathFault

    def __str__(self) -> str:
        """Return it in one line."""
        mode = "" if self.judged is Side.SERVER else f", {self.check.value}"
        what = f"{self.judged.value}: leaf {self.leaf}, issuing CA {self.issuing}{mode}"
        return what if self.fault is PathFault.NONE else f"{what}, {self.fault}"


def proof_cases() -> Iterator[ProofCase]:
    """Yield the whole space; the mode counts for clients alone."""
    modes = [(Side.CLIENT, EkuCheck.CLIENT_AUTH), (Side.CLIENT, EkuCheck.BYPASSED),
             (Side.SERVER, EkuCheck.CLIENT_AUTH)]  # fmt: skip
    for judged, check in modes:
        for fault in PathFault:
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
    trusted = frozenset(shown.chain) or frozenset((made.root, made.issuing))
    judge_trusts = {
        PathFault.WRONG_CA: frozenset(_OTHER.ca_certificates),
        PathFault.NO_ISSUING_CA: frozenset((made.root,)),
    }.get(case.fault, trusted)
    name = "other.example.com" if case.fault is PathFault.WRONG_NAME else NAME
    good = leaf_of(EkuKind.BOTH, EkuKind.NONE, at)
    own = authority(EkuKind.NONE)
    shows = End(
        "the one", "shows", None, shown, case.fault is not PathFault.NO_ISSUING_CA,
        frozenset((own.root, own.issuing)) if case.fault is not PathFault.NO_ISSUING_CA
        else frozenset((own.root,)), "",
    )  # fmt: skip
    judges = End("the other", "judges", None, good, True, judge_trusts, name)  # noqa: FBT003
    client, server = (shows, judges) if case.judged is Side.CLIENT else (judges, shows)
    return Handshake(Protocol.TLS, client, server, 0, case.check, at, Talk.NONE)


def _good(shown: Certificate, _at: datetime) -> Certificate:
    return shown


_Odd = Callable[[Certificate, datetime], Certificate]
_Change = Callable[[Limits], Limits]


def _limited(change: _Change) -> _Odd:
    """Return what changes the leaf's limits."""
    return lambda shown, _at: shown.moved(limits=change(shown.limits))


def _issued_by(place: int, change: _Change) -> _Odd:
    """Return what changes the limits of the CA at a place of the chain."""

    def odd(shown: Certificate, _at: datetime) -> Certificate:
        chain = list(shown.chain)
        chain[place] = replace(chain[place], limits=change(chain[place].limits))
        return shown.moved(chain=tuple(chain))

    return odd


_FAULTY: dict[PathFault, _Odd] = {
    PathFault.EXPIRED: lambda shown, at: shown.moved(
        not_before=at - 3 * _DAY, not_after=at - 2 * _DAY
    ),
    PathFault.NOT_YET_VALID: lambda shown, at: shown.moved(not_before=at + _DAY),
    PathFault.SELF_SIGNED: lambda shown, _at: shown.moved(chain=()),
    PathFault.KEY_USAGE: _limited(lambda had: replace(had, key_usage=(ENCIPHERS,))),
    PathFault.NO_KEY_USAGE: _limited(lambda had: replace(had, key_usage=None)),
    PathFault.NOT_A_CA: _issued_by(0, lambda had: replace(had, ca=False)),
    PathFault.CANNOT_SIGN: _issued_by(0, lambda had: replace(had, key_usage=(SIGNS, REVOKES))),
    PathFault.PATH_LENGTH: _issued_by(1, lambda had: replace(had, path_length=0)),
    PathFault.NOT_PERMITTED: _issued_by(0, lambda had: replace(had, permitted=("example.org",))),
    PathFault.EXCLUDED: _issued_by(0, lambda had: replace(had, excluded=("example.com",))),
    PathFault.CRITICAL: _limited(lambda had: replace(had, unknown_critical=("1.2.3.4",))),
}
