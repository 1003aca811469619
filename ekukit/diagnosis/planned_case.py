"""Where a plan for a customer begins: the rebuilt deployment, and what had to be assumed of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ekukit.account import folded
from ekukit.causes import CauseCard, CausePlace, cause_cards
from ekukit.causes.mending import NOTHING_OLD
from ekukit.certificates import FAST_KEY, CaCertificate
from ekukit.connections import Engine, Outcome, connection
from ekukit.connections.catalog import CATALOG, ROWS, Connection
from ekukit.connections.predict import connection_outcomes, predict
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.rebuild.given_deployment import JUDGED, decide_or_rules
from ekukit.diagnosis.rebuild.stand_ins import stand_ins
from ekukit.errors import InputError
from ekukit.expressway import Deployment, FarEnd, FarEndKind

CUCM_ASSUMED = (
    "CUCM is not among the files: that Core accepts its certificate, and that it asks for Core's "
    "and trusts what Core trusts unless the files show otherwise, is assumed (F1)."
)
CUCM_NOT_KNOWN = (
    "Nothing tells of CUCM, and no CA of the files can stand for its own, so MRA provisioning and "
    "MRA login are left out."
)
ACME = (
    "Let's Encrypt issued a certificate with clientAuth here: stop the ACME scheduler before it "
    "overwrites it by one without (R9)."
)
_PROVISIONING = "cucm-tftp"


@dataclass(frozen=True, slots=True)
class PlanStart:
    """A deployment to be planned for, the connections that count, and what is to be told with it.

    `cautions` are what is wrong in a case that no step of a plan mends, and what was not read.
    """

    deployment: Deployment
    rows: tuple[Connection, ...] = CATALOG
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def start_of_case(case: Case) -> PlanStart:
    """Return where a plan for a case begins; raises InputError when nothing can be rebuilt."""
    if case.deployment is None:
        told = "; ".join(case.unknown) or "nothing of Core and Edge is in the files"
        msg = f"there is nothing to plan for ({told}); give the archives of both nodes"
        raise InputError(msg)
    dropped = frozenset(ROWS[name].port for card in case.causes if _is_unreached(card)
                        for name in card.effects if name in ROWS)  # fmt: skip
    found = replace(case.deployment, network=replace(case.deployment.network, dropped=dropped))
    start = start_of_nodes(_as_seen(found, case.causes), case.unknown)
    # What was not read may change the plan, so it is told where the plan is.
    unread = folded([f"Not read: {told}" for told in case.unread])
    return replace(start, cautions=(*_cautions(start, case.causes), *unread))


def start_of_nodes(deployment: Deployment, notes: Iterable[str] = ()) -> PlanStart:
    """Return where a plan for two nodes begins of which the far ends are not known."""
    notes = (*notes, *_acme(deployment))
    own = _trusted_chain(deployment)
    rows = tuple(map(connection, JUDGED))
    if own is None:
        return PlanStart(deployment, rows, (*notes, CUCM_NOT_KNOWN))
    held = NOTHING_OLD.moved(
        subject="CN=cucm.example.com", names=("cucm.example.com",), chain=own,
        not_before=max(ca.not_before for ca in own), not_after=min(ca.not_after for ca in own),
    )  # fmt: skip
    known = _with_cucm(deployment, lambda far: replace(
        far, certificate=held.moved(names=(far.fqdn,))))  # fmt: skip
    return PlanStart(known, (*rows, connection(_PROVISIONING)), (*notes, CUCM_ASSUMED))


def confirmed(deployment: Deployment, rows: tuple[Connection, ...]) -> tuple[Outcome, ...]:
    """Return what handshakes with stand-ins for a customer's certificates come to."""
    return connection_outcomes(stand_ins(deployment, FAST_KEY), decide_or_rules, Engine.LAB, rows)


def _acme(deployment: Deployment) -> Iterator[str]:
    nodes = (*deployment.core, *deployment.edge)
    held = [store.certificate for node in nodes for store in (node.server, node.client)]
    if any(one and one.has_client_auth and "let's encrypt" in one.issuer.lower() for one in held):
        yield ACME


def _trusted_chain(deployment: Deployment) -> tuple[CaCertificate, ...] | None:
    """Return a whole chain that Core trusts and that is valid now, None for none."""
    listed = frozenset.intersection(*(node.trusted for node in deployment.core))
    nodes = (*deployment.core, *deployment.edge)
    chains = [store.certificate.chain for node in nodes for store in (node.server, node.client)
              if store.certificate and store.certificate.chain]  # fmt: skip
    return next((
        chain for chain in chains
        if chain[-1].is_root and {*chain} <= listed
        and all(ca.not_before <= deployment.at <= ca.not_after for ca in chain)
    ), None)  # fmt: skip


def _with_cucm(deployment: Deployment, change: Callable[[FarEnd], FarEnd]) -> Deployment:
    ends = tuple(change(far) if far.kind is FarEndKind.CUCM else far
                 for far in deployment.far_ends)  # fmt: skip
    return replace(deployment, far_ends=ends)


def _as_seen(deployment: Deployment, causes: Iterable[CauseCard]) -> Deployment:
    """Return the deployment with a CUCM that does not trust Core where the files show that."""
    untrusting = any(
        card.place is CausePlace.FAR_END and card.code == "client-untrusted"
        and _PROVISIONING in card.effects for card in causes
    )  # fmt: skip
    if not untrusting:
        return deployment
    shown = {
        ca for node in deployment.core
        for ca in (node.client.certificate.chain if node.client.certificate else ())
    }  # fmt: skip
    return _with_cucm(deployment, lambda far: replace(far, trusts=far.trusts - shown))


def _is_unreached(card: CauseCard) -> bool:
    return card.place is CausePlace.NETWORK and card.code == "unreached"


def _cautions(start: PlanStart, causes: Iterable[CauseCard]) -> Iterator[str]:
    """Yield what is wrong in a case that the rules do not see in its deployment."""
    cards = cause_cards(start.deployment, predict(start.deployment))
    seen = {(card.place, card.code) for card in cards}
    for card in causes:
        if (card.place, card.code) not in seen and not _is_unreached(card):
            yield f"No step here mends this: {card.what} {card.todo}"
