"""Which CAs a new certificate can come from: a private one, the same one, another public one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ekukit.causes.mending import everyone
from ekukit.causes.part import certificate_at
from ekukit.certificates import SERVER_AUTH, CaCertificate, Certificate, EkuProfile, Ekus
from ekukit.certificates.authority import ORGANIZATION, Authority, internal_authority
from ekukit.connections.handshake import EkuCheck, End, Handshake, Protocol, Talk
from ekukit.connections.rules import judge
from ekukit.expressway import Deployment, Slot, Store
from ekukit.expressway.build import AUTHORITIES, certificate_for
from ekukit.facts import issuance, issuers
from ekukit.facts.calendar import Issuance


class CaKind(StrEnum):
    """Where a new certificate comes from; the values are parts of a step's id."""

    PRIVATE = "private-ca"
    SAME = "same-ca"
    OTHER_PUBLIC = "other-public-ca"


@dataclass(frozen=True, slots=True)
class CaChoice:
    """A CA that can issue: its chain, issuing CA first, and which EKUs it puts in.

    `is_new` says that it stands for one that is yet to be chosen, so that nothing trusts it.
    """

    kind: CaKind
    chain: tuple[CaCertificate, ...]
    ekus: Ekus
    public: bool | None
    is_new: bool = False

    @property
    def name(self) -> str:
        """Return the root's name, or what kind of CA is to be chosen."""
        return _TO_CHOOSE[self.kind] if self.is_new else self.chain[-1].name

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name by which it may be asked for."""
        return tuple(ca.name for ca in self.chain)


_TO_CHOOSE = {
    CaKind.PRIVATE: "a private CA",
    CaKind.OTHER_PUBLIC: "another public CA that gives clientAuth (R4)",
}
_NEW_PRIVATE = internal_authority("New private CA").ca_certificates[::-1]


def _other_public() -> tuple[CaCertificate, ...]:
    root = f"CN=Other public root,O={ORGANIZATION}"
    issuing = f"CN=Other public issuing CA,O={ORGANIZATION}"
    top = replace(_NEW_PRIVATE[-1], subject=root, issuer=root, public=True)
    return replace(_NEW_PRIVATE[0], subject=issuing, issuer=root, public=True), top


# Publicly run, both EKUs, in no browser's list (R4): a stand-in for those that FN names.
OTHER_PUBLIC = CaChoice(
    CaKind.OTHER_PUBLIC, _other_public(), EkuProfile.BOTH.ekus, public=True, is_new=True
)


def private_ca(deployment: Deployment) -> CaChoice:
    """Return a private CA that is in use, else one that every node trusts, else a new one.

    It counts as private when it is not known to be public (T9), and as usable when it is sound.
    """
    used = (held.chain for held in _held(deployment) if not held.public)
    for chain in (*used, *_trusted_by_all(deployment)):
        if _is_sound(chain, EkuProfile.BOTH.ekus, deployment.at):
            return CaChoice(CaKind.PRIVATE, chain, EkuProfile.BOTH.ekus, public=False)
    return CaChoice(CaKind.PRIVATE, _NEW_PRIVATE, EkuProfile.BOTH.ekus, public=False, is_new=True)


def _trusted_by_all(deployment: Deployment) -> Iterable[tuple[CaCertificate, ...]]:
    """Yield private issuing CAs with their roots that are in the lists of all nodes, by name."""
    nodes = (*deployment.core, *deployment.edge)
    common = frozenset.intersection(*(node.trusted for node in nodes))
    private = sorted((ca for ca in common if not ca.public), key=lambda ca: ca.identity)
    roots = {ca.identity: ca for ca in private if ca.is_root}
    for ca in private:
        root = roots.get((ca.issuer, ca.issuer_key))
        if root is not None and root != ca:
            yield ca, root


def same_ca(old: Certificate | None, at: datetime) -> CaChoice | None:
    """Return the CA of a certificate with what it gives at that moment; None where it gives none.

    A public CA of which no source says that it still gives clientAuth gives serverAuth alone (S9).
    """
    if old is None or not old.chain:
        return None
    gives = (old.chain, EkuProfile.BOTH.ekus) if not old.public else _public_gives(old, at)
    # An issuing CA that is limited to serverAuth gives that alone, whatever else is promised (E6).
    for chain, ekus in (gives, (old.chain, (SERVER_AUTH,))):
        if _is_sound(chain, ekus, at):
            return CaChoice(CaKind.SAME, chain, ekus, public=old.public)
    return None


def _public_gives(old: Certificate, at: datetime) -> tuple[tuple[CaCertificate, ...], Ekus]:
    authority = _authority_of(old)
    if authority is not None:
        ekus = EkuProfile.BOTH.ekus
        if authority.policy and authority.policy.refuses(ekus, at):
            return (authority.issuing, authority.root), (SERVER_AUTH,)
        return (authority.before_cutoff or authority.issuing, authority.root), ekus
    whole = " ".join((old.issuer, *(ca.subject for ca in old.chain))).lower()
    known = next((name for name in issuers() if name.lower() in whole), "")
    gives = issuance(known, at.date()) if known else Issuance.NOT_SAID
    if gives in (Issuance.BY_DEFAULT, Issuance.ON_REQUEST):
        return old.chain, EkuProfile.BOTH.ekus
    return old.chain, (SERVER_AUTH,)


def _authority_of(old: Certificate) -> Authority | None:
    """Return the kit's own stand-in for a public CA, whose policy is known."""
    found = (one for one in AUTHORITIES.values() if one.root in old.chain)
    return next(found, None)


def _held(deployment: Deployment) -> Iterable[Certificate]:
    for system in everyone(deployment):
        for store in (Store.CLIENT, Store.SERVER):
            found = certificate_at(system, store)
            if found is not None and found.chain:
                yield found


def _is_sound(chain: tuple[CaCertificate, ...], ekus: Ekus, at: datetime) -> bool:
    """Return whether rules accept a certificate of that CA where all of the CA is trusted."""
    if not chain or not chain[-1].is_root:
        return False
    at = at.replace(microsecond=0)  # certificates count in seconds
    leaf = certificate_for("", Slot("internal", EkuProfile.BOTH), key="RSA-2048").moved(
        chain=chain, ekus=ekus, not_before=at, not_after=at, names=()
    )
    as_client = ekus != (SERVER_AUTH,)
    end = End("", "", None, leaf, True, frozenset(chain), "")  # noqa: FBT003 - as `End` has it
    shake = Handshake(
        Protocol.TLS, end, end, 0, EkuCheck.CLIENT_AUTH if as_client else EkuCheck.NOT_ASKED,
        at, Talk.NONE,
    )  # fmt: skip
    return judge(shake).accepted
