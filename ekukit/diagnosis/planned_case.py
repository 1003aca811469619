"""Where a plan for a customer begins: the rebuilt deployment, and what had to be assumed of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ekukit.account import folded
from ekukit.causes import CauseCard, CausePlace, cause_cards
from ekukit.certificates import FAST_KEY
from ekukit.connections import Engine, Outcome, connection
from ekukit.connections.catalog import CATALOG, ROWS, Connection
from ekukit.connections.predict import connection_outcomes, predict
from ekukit.connections.services import SERVICES
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.findings.not_judged import ZONES_NOT_JUDGED
from ekukit.diagnosis.planned_far_ends import (
    SeenFarEnds,
    accepted_chain,
    of_chain,
    seen_far_ends,
)
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
_UNMENDED = "No step here mends this: "
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

    @property
    def has_unmended(self) -> bool:
        """Return whether something is wrong that no step mends."""
        return any(told.startswith(_UNMENDED) for told in self.cautions)


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
    start = _with_far_ends(start, seen_far_ends(case, start.deployment))
    # What was not read may change the plan, so it is told where the plan is.
    unread = folded([f"Not read: {told}" for told in case.unread])
    apart = (f"Not planned for: {found.first}" for found in case.findings
             if found.code == ZONES_NOT_JUDGED)  # fmt: skip
    return replace(start, cautions=(*_cautions(start, case.causes), *apart, *unread))


def start_of_nodes(deployment: Deployment, notes: Iterable[str] = ()) -> PlanStart:
    """Return where a plan for two nodes begins of which the far ends are not known."""
    notes = (*notes, *_acme(deployment))
    own = accepted_chain(deployment, deployment.core)
    rows = tuple(map(connection, JUDGED))
    if own is None:
        return PlanStart(deployment, rows, (*notes, CUCM_NOT_KNOWN))
    known = _with_cucm(deployment, lambda far: replace(far, certificate=of_chain(own, far.fqdn)))
    return PlanStart(known, (*rows, connection(_PROVISIONING)), (*notes, CUCM_ASSUMED))


def _with_far_ends(start: PlanStart, seen: SeenFarEnds) -> PlanStart:
    ends = (*start.deployment.far_ends, *seen.far_ends)
    return replace(
        start,
        deployment=replace(start.deployment, far_ends=ends),
        rows=(*start.rows, *seen.rows),
        notes=(*start.notes, *seen.notes),
    )


def confirmed(deployment: Deployment, rows: tuple[Connection, ...]) -> tuple[Outcome, ...]:
    """Return what handshakes with stand-ins for a customer's certificates come to."""
    return connection_outcomes(stand_ins(deployment, FAST_KEY), decide_or_rules, Engine.LAB, rows)


def _acme(deployment: Deployment) -> Iterator[str]:
    nodes = (*deployment.core, *deployment.edge)
    held = [store.certificate for node in nodes for store in (node.server, node.client)]
    if any(one and one.has_client_auth and "let's encrypt" in one.issuer.lower() for one in held):
        yield ACME


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
    known = {row.id for row in start.rows} | {service.id for service in SERVICES}
    told = [found for found in predict(start.deployment) if found.connection in known]
    cards = cause_cards(start.deployment, told)
    seen = {(card.place, card.code) for card in cards}
    for card in causes:
        if (card.place, card.code) not in seen and not _is_unreached(card):
            yield f"{_UNMENDED}{card.what} {card.todo}"
