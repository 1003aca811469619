"""What a CA sent, judged for its slot before anybody uploads it: page, lists, names, EKUs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ekukit.believed import days_left
from ekukit.causes.system_words import listed
from ekukit.certificates import CaCertificate, Certificate, eku_words
from ekukit.certificates.authority import allows_client, not_listed
from ekukit.connections.reasons import TRUST_PAGE
from ekukit.expressway import (
    CertificateStore,
    Deployment,
    Expressway,
    FarEnd,
    FarEndKind,
    Role,
    Store,
)
from ekukit.expressway.upload import upload
from ekukit.facts import Status, basis
from ekukit.orders.slot_needs import SLOTS, Place, names_for, peers_of

_SOON = 30


class Weight(StrEnum):
    """How a point weighs: it stops the upload or breaks something, needs a step, or is well."""

    STOP = "✗"
    FIRST = "►"
    CARE = "!"
    WELL = "✓"


@dataclass(frozen=True, slots=True)
class ReceivedPoint:
    """A judgment on what came back, with the facts that it rests on and the menu to go to."""

    weight: Weight
    text: str
    facts: tuple[str, ...] = ()
    where: str = ""

    @property
    def basis(self) -> Status | None:
        """Return the weakest status among the facts, None without any."""
        return basis(self.facts) if self.facts else None


def nodes_for(
    deployment: Deployment, slot: str, certificate: Certificate
) -> tuple[Expressway, ...]:
    """Return the peers that a certificate is for: those whose name it has, else all of the side."""
    peers = peers_of(deployment, SLOTS[slot][0])
    names = {name.lower() for name in (*certificate.answers_to, certificate.name)}
    return tuple(node for node in peers if node.fqdn.lower() in names) or peers


def judged_points(
    deployment: Deployment, slot: str, certificate: Certificate
) -> tuple[ReceivedPoint, ...]:
    """Return the points of a certificate for a slot, what stops it first.

    Not seen here: whether the private key belongs to it, revocation, and its signatures.
    """
    found: dict[ReceivedPoint, None] = {}
    for node in nodes_for(deployment, slot, certificate):
        for point in _points(deployment, node, slot, certificate):
            found[point] = None
    order = list(Weight)
    return tuple(sorted(found, key=lambda point: order.index(point.weight)))


def _points(
    deployment: Deployment, node: Expressway, slot: str, certificate: Certificate
) -> Iterator[ReceivedPoint]:
    place = SLOTS[slot]
    yield from _page(node, place[1], certificate)
    yield from _ekus(node, place[1], certificate)
    yield from _names(deployment, node, place, certificate)
    yield from _lists(deployment, place, certificate)
    yield from _times(deployment, certificate)


def _times(deployment: Deployment, certificate: Certificate) -> Iterator[ReceivedPoint]:
    left = days_left(certificate.not_after, deployment.at)
    if certificate.not_before > deployment.at:
        yield ReceivedPoint(Weight.STOP, f"It is valid only from {certificate.not_before:%d %b %Y}")
    elif left < 0:
        yield ReceivedPoint(Weight.STOP, f"It expired on {certificate.not_after:%d %b %Y}")
    elif left < _SOON:
        yield ReceivedPoint(Weight.CARE, f"It expires in {left} days")
    top = certificate.chain[-1] if certificate.chain else None
    if top is not None and not top.is_root:
        text = f"The path ends at {top.name}: get the root above it from the CA; give it by --ca"
        yield ReceivedPoint(Weight.FIRST, text, ("T6",))


def _page(node: Expressway, store: Store, certificate: Certificate) -> Iterator[ReceivedPoint]:
    now = upload(node, store, certificate)
    chain = replace(node, trusted=node.trusted | {*certificate.chain})
    then = upload(chain, store, certificate)
    if not then.accepted:
        # What is quoted ends with its own full stop.
        said = f': "{then.message}"' if then.quoted else "."
        text = f"{node.role.value}'s page refuses it{said} {then.reason}"
        yield ReceivedPoint(Weight.STOP, text, then.facts, then.menu)
    elif not now.accepted:
        missing = _missing(certificate, node.trusted)
        text = f"{missing} into {node.role.value}'s own trusted CA list before the upload"
        yield ReceivedPoint(Weight.FIRST, text, now.facts, TRUST_PAGE)
    else:
        yield ReceivedPoint(
            Weight.WELL, f"{node.role.value}'s page takes it: {now.reason}", now.facts, now.menu
        )
    for warning in then.warnings:
        text, _, fact = warning.rpartition(" (")
        if fact.rstrip(")") != "E6":
            yield ReceivedPoint(Weight.CARE, text, (fact.rstrip(")"),))


def _ekus(node: Expressway, store: Store, certificate: Certificate) -> Iterator[ReceivedPoint]:
    shown_by_client = store is Store.CLIENT or not node.release.has_client_store
    if not shown_by_client:
        return
    limited = [ca.name for ca in certificate.chain if not allows_client(ca)]
    if certificate.ekus is None:
        text = "It has no EKU extension; Cisco does not say what Expressway does with it"
        yield ReceivedPoint(Weight.CARE, text, ("E5",))
    elif not certificate.has_client_auth:
        text = f"The CA left clientAuth out: it lists {eku_words(certificate.ekus)}"
        yield ReceivedPoint(Weight.STOP, text, ("E3", "E7"))
    if limited:
        text = f"{listed(limited)} does not allow clientAuth: every client under it is refused"
        yield ReceivedPoint(Weight.STOP, text, ("E6", "E12"))


def _names(
    deployment: Deployment, node: Expressway, place: Place, certificate: Certificate
) -> Iterator[ReceivedPoint]:
    has = {name.lower() for name in certificate.answers_to}
    lost = [name for name in names_for(deployment, node, place[1]) if name.lower() not in has]
    looked = _looked_for(deployment, node, place)
    fatal = [name for name in lost if name.lower() in looked]
    others = [name for name in lost if name not in fatal]
    if fatal:
        text = f"It lacks {listed(fatal)}, which the other side looks for: the zone fails"
        yield ReceivedPoint(Weight.STOP, text, ("E8",))
    if others:
        yield ReceivedPoint(Weight.CARE, f"Names lost: {listed(others)}", ("E8",))
    if not lost:
        yield ReceivedPoint(Weight.WELL, "It has every name that it needs", ("E8",))


def _looked_for(deployment: Deployment, node: Expressway, place: Place) -> set[str]:
    """Return the names that the other side looks for in the certificate, in lower case."""
    one_store = not node.release.has_client_store
    if place[0] is Role.CORE and (place[1] is Store.CLIENT or one_store):
        return {n.verify_subject_name.lower() for n in deployment.edge if n.verify_subject_name}
    return {node.fqdn.lower()} if place == (Role.EDGE, Store.SERVER) else set()


def _lists(
    deployment: Deployment, place: Place, certificate: Certificate
) -> Iterator[ReceivedPoint]:
    for who, trusted, facts in _readers(deployment, place):
        missing = _missing(certificate, trusted)
        if missing:
            where = TRUST_PAGE if "E11" in facts else ""
            yield ReceivedPoint(Weight.FIRST, f"{missing} into {who}", facts, where)

    if place == (Role.EDGE, Store.SERVER) and not certificate.public:
        text = "MRA clients ask their users about it unless they trust its root"
        yield ReceivedPoint(Weight.CARE, text, ("N12",))


def _missing(certificate: Certificate, trusted: frozenset[CaCertificate]) -> str:
    """Return in words the CAs above a certificate that a list does not have, "" for none."""
    named = {ca.subject for ca in trusted}
    other = " (the list has one of that name with another key)"
    return listed(
        f"{ca.name}{other if ca.subject in named else ''}"
        for ca in not_listed(certificate.chain, trusted)
    )


def _readers(
    deployment: Deployment, place: Place
) -> Iterator[tuple[str, frozenset[CaCertificate], tuple[str, ...]]]:
    """Yield the lists in which the CAs must be, of those who are shown the certificate."""
    between = place in ((Role.CORE, Store.CLIENT), (Role.EDGE, Store.SERVER))
    if between:
        other = Role.EDGE if place[0] is Role.CORE else Role.CORE
        for node in peers_of(deployment, other):
            yield f"the trusted CA list of {other.value} {node.fqdn}", node.trusted, ("E11",)
    for end in deployment.far_ends:
        if place == (Role.CORE, Store.CLIENT) and end.kind is FarEndKind.CUCM:
            yield "CUCM's tomcat-trust and CallManager-trust", end.trusts, ("T8",)
        elif place == (Role.EDGE, Store.CLIENT) and end.kind not in _INSIDE:
            yield f"the trust store of {end.title}, if it asks Edge", end.trusts, ("C3-far",)


_INSIDE = (FarEndKind.CUCM, FarEndKind.MRA_CLIENT)


def placed(deployment: Deployment, slot: str, certificate: Certificate) -> Deployment:
    """Return the deployment with the certificate in its slot and its CAs in that node's own list.

    As the page demands it (T6); the other lists are as they were.
    """
    store = SLOTS[slot][1]
    addresses = {node.address for node in nodes_for(deployment, slot, certificate)}

    def with_it(node: Expressway) -> Expressway:
        if node.address not in addresses:
            return node
        filled = CertificateStore(store, certificate)
        node = replace(node, trusted=node.trusted | {*certificate.chain})
        return replace(node, **{store.value: filled})  # type: ignore[arg-type]

    core, edge = map(with_it, deployment.core), map(with_it, deployment.edge)
    return replace(deployment, core=tuple(core), edge=tuple(edge))


def with_lists(deployment: Deployment, chain: Iterable[CaCertificate]) -> Deployment:
    """Return the deployment in which both sides and CUCM trust these CAs, too (E11, T8)."""
    more = {*chain}

    def trusting(end: FarEnd) -> FarEnd:
        return replace(end, trusts=end.trusts | more) if end.kind is FarEndKind.CUCM else end

    return replace(
        deployment,
        core=tuple(replace(node, trusted=node.trusted | more) for node in deployment.core),
        edge=tuple(replace(node, trusted=node.trusted | more) for node in deployment.edge),
        far_ends=tuple(map(trusting, deployment.far_ends)),
    )
