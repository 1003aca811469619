"""The space that is proved over: EKUs of leaf and issuing CA, role, mode, and faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import combinations, product

from ekukit.certificates import FAST_KEY, Certificate
from ekukit.certificates.authority import Authority, internal_authority
from ekukit.certificates.constraints import ENCIPHERS, REVOKES, SIGNS, Limits
from ekukit.connections import EkuCheck, Handshake, Protocol, Side
from ekukit.connections.handshake import End, Talk
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS, EkuKind

NAME = "node.example.com"
RSA, _SHA_256 = "RSA-2048", "sha256"
DIGESTS = ("sha1", "sha384", "sha512")
TWO_LEAVES, TWO_ISSUING = (EkuKind.BOTH, EkuKind.SERVER), (EkuKind.NONE, EkuKind.SERVER)
_DAY = timedelta(days=1)
_OTHER = internal_authority("Other CA")


class PathFault(StrEnum):
    """What else is wrong with the path that is judged."""

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
    faults: tuple[PathFault, ...] = ()
    key: str = FAST_KEY
    digest: str = _SHA_256

    @property
    def is_plain(self) -> bool:
        """Return whether nothing but EKUs is in question, with the usual key and digest."""
        return (self.faults, self.key, self.digest) == ((), FAST_KEY, _SHA_256)

    @property
    def is_weak(self) -> bool:
        """Return whether the leaf's signature has a digest that is too weak."""
        return self.digest == DIGESTS[0]

    @property
    def is_for_live(self) -> bool:
        """Return whether it is one of those that a process of its own is worth.

        Every leaf and issuing CA with either key, and each fault and digest with both EKUs.
        """
        alone = (self.leaf, self.issuing) == (EkuKind.BOTH, EkuKind.NONE)
        plain = not self.faults and self.digest == _SHA_256
        return plain or (alone and len(self.faults) <= 1)

    def __str__(self) -> str:
        """Return it in one line."""
        mode = "" if self.judged is Side.SERVER else f", {self.check.value}"
        what = f"{self.judged.value}: leaf {self.leaf}, issuing CA {self.issuing}{mode}"
        odd = [self.key] * (self.key != FAST_KEY) + [self.digest] * (self.digest != _SHA_256)
        return ", ".join((what, *odd, *self.faults))


QUESTIONS = (
    (Side.CLIENT, EkuCheck.CLIENT_AUTH),
    (Side.CLIENT, EkuCheck.BYPASSED),
    (Side.SERVER, EkuCheck.CLIENT_AUTH),
)
# Of two of one group one takes the other's place, so that they make no pair.
_ONE_OF = (
    {PathFault.EXPIRED, PathFault.NOT_YET_VALID},
    {PathFault.KEY_USAGE, PathFault.NO_KEY_USAGE},
    {PathFault.WRONG_CA, PathFault.NO_ISSUING_CA, PathFault.SELF_SIGNED},
)
_OF_A_CHAIN = {PathFault.NOT_A_CA, PathFault.CANNOT_SIGN, PathFault.PATH_LENGTH,
               PathFault.NOT_PERMITTED, PathFault.EXCLUDED}  # fmt: skip


def fault_pairs() -> Iterator[tuple[PathFault, PathFault]]:
    """Yield every two faults that a path can have at once."""
    for one, two in combinations(PathFault, 2):
        chainless = PathFault.SELF_SIGNED in (one, two) and {one, two} & _OF_A_CHAIN
        if not chainless and not any({one, two} <= group for group in _ONE_OF):
            yield one, two


def proof_cases() -> Iterator[ProofCase]:
    """Yield the whole space; the mode counts for clients alone.

    EKUs of leaf and issuing CA with every fault; with RSA keys, alone and with the faults of key
    usage; every digest; and for two leaves and issuing CAs every pair of faults.
    """
    for judged, check in QUESTIONS:
        for leaf, issuing in product(LEAF_KINDS, ISSUING_KINDS):
            yield ProofCase(leaf, issuing, judged, check)
            for fault in PathFault:
                yield ProofCase(leaf, issuing, judged, check, (fault,))
            yield ProofCase(leaf, issuing, judged, check, key=RSA)
        for leaf, issuing in product(TWO_LEAVES, TWO_ISSUING):
            for pair in fault_pairs():
                yield ProofCase(leaf, issuing, judged, check, pair)
            for digest, key in product(DIGESTS, (FAST_KEY, RSA)):
                yield ProofCase(leaf, issuing, judged, check, key=key, digest=digest)
            for fault in (PathFault.KEY_USAGE, PathFault.NO_KEY_USAGE):
                yield ProofCase(leaf, issuing, judged, check, (fault,), RSA)


@lru_cache(maxsize=256)
def authority(issuing: EkuKind) -> Authority:
    """Return an authority whose issuing CA has these EKUs."""
    start = internal_authority("Proof CA")
    named = f"CN=Proof Issuing CA {issuing},O=ekukit TEST ONLY"
    return replace(start, issuing=replace(start.issuing, subject=named, ekus=issuing.ekus))


@lru_cache(maxsize=1024)
def leaf_of(leaf: EkuKind, issuing: EkuKind, at: datetime, key: str = FAST_KEY) -> Certificate:
    """Return the leaf with these EKUs, valid for 90 days from the day before."""
    made = authority(issuing)
    return made.issue(NAME, eku=leaf.ekus, issued=at - _DAY, days=90, key=key)


def handshake_of(case: ProofCase, at: datetime) -> Handshake:
    """Return the handshake in which the case's path is judged; the other end is good."""
    shown = leaf_of(case.leaf, case.issuing, at, case.key)
    shown = shown.moved(limits=replace(shown.limits, digest=case.digest))
    for fault in case.faults:
        shown = _FAULTY.get(fault, _good)(shown, at)
    made = authority(case.issuing)
    judge_trusts = frozenset(shown.chain) or frozenset((made.root, made.issuing))
    if PathFault.WRONG_CA in case.faults:
        judge_trusts = frozenset(_OTHER.ca_certificates)
    sends_chain = PathFault.NO_ISSUING_CA not in case.faults
    if not sends_chain:
        judge_trusts = frozenset(shown.chain[-1:])
    name = "other.example.com" if PathFault.WRONG_NAME in case.faults else NAME
    good = leaf_of(EkuKind.BOTH, EkuKind.NONE, at, case.key)
    own = authority(EkuKind.NONE)
    shows = End(
        "the one", "shows", None, shown, sends_chain,
        frozenset((own.root, own.issuing) if sends_chain else (own.root,)), "",
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
