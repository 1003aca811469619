"""Far ends that a case shows, as a plan can have them: what was seen of each, what is assumed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ekukit.causes import CausePlace
from ekukit.causes.mending import NOTHING_OLD
from ekukit.certificates import SERVER_AUTH, CaCertificate, Certificate
from ekukit.certificates.hostname import is_host_name
from ekukit.connections.catalog import ROWS, Connection
from ekukit.connections.handshake import Engine
from ekukit.connections.outcome import Outcome, State
from ekukit.connections.predict import connection_outcomes
from ekukit.connections.rules import judge
from ekukit.diagnosis.case import Case
from ekukit.expressway import Deployment, Expressway, FarEnd, FarEndKind, Knowledge, Role, Store
from ekukit.expressway.farkinds import FAR_DEFAULTS, FAR_ROWS

_KINDS = (FarEndKind.WEBEX, FarEndKind.PARTNER, FarEndKind.NEIGHBOR)
_Seen = Callable[[FarEnd, frozenset[CaCertificate]], FarEnd]


@dataclass(frozen=True, slots=True)
class SeenFarEnds:
    """The connections to far ends that are planned for, the far ends, and what is told of them."""

    rows: tuple[Connection, ...] = ()
    far_ends: tuple[FarEnd, ...] = ()
    notes: tuple[str, ...] = ()


def seen_far_ends(case: Case, deployment: Deployment) -> SeenFarEnds:
    """Return the far ends of a case's calls and neighbor zones that were seen to be made.

    A far end is as it must be for what was seen, and else as assumed (F1). Left out is what failed
    for another reason, and a connection that the rules see otherwise then. Nothing is read of them
    but states and causes.
    """
    seen = {one.connection: one.state for one in case.observed}
    rows = [ROWS[name] for name, state in seen.items() if ROWS[name].far_end in _KINDS
            and (state is State.ACTIVE or [*_said(ROWS[name], case)])]  # fmt: skip
    found = SeenFarEnds()
    for kind in dict.fromkeys(row.far_end for row in rows):
        mine = [row for row in rows if row.far_end is kind]
        made = _far_end(deployment, kind, mine, case) if kind else None
        if made is None:
            continue
        far, notes = made
        whole = replace(deployment, far_ends=(far,))
        told = connection_outcomes(whole, judge, Engine.RULES, mine)
        right = tuple(row for row in mine if _states(told, row) == {seen[row.id]})
        if right:
            found = SeenFarEnds((*found.rows, *right), (*found.far_ends, far),
                                (*found.notes, *notes))  # fmt: skip
    return found


def _states(outcomes: Iterable[Outcome], row: Connection) -> set[State]:
    return {found.state for found in outcomes if found.connection == row.id}


def _far_end(
    deployment: Deployment, kind: FarEndKind, rows: Iterable[Connection], case: Case
) -> tuple[FarEnd, tuple[str, ...]] | None:
    """Return a far end with what is told of it, None where no CA can stand for its own."""
    told = tuple(rows)
    peers = _peers(deployment, told[0])
    chain = accepted_chain(deployment, peers)
    if chain is None:
        return None
    row, default = FAR_ROWS[kind], FAR_DEFAULTS[kind]
    held = [node.store(Store.CLIENT).certificate for node in peers]
    shown = frozenset(ca for one in held if one for ca in one.chain)
    fqdn, stands = _named(told, case, row.fqdn)
    far = FarEnd(
        kind, fqdn, row.address, of_chain(chain, fqdn), shown, default.requests, default.checks
    )
    words = []
    for told_row in told:
        for change, said in _evidence(told_row, peers, case):
            far = change(far, shown)
            words.append(f"{told_row.title}: {said}, is inferred from what was seen.")
    words.append(
        f"Of {row.title} no file is given: whatever was not seen of it is assumed (F1): that it "
        f"trusts what {peers[0].role} presents now, and that its own certificate is accepted."
        f"{stands}"
    )
    return far, tuple(words)


def _named(rows: tuple[Connection, ...], case: Case, otherwise: str) -> tuple[str, str]:
    """Return a far end's host name, one that stands for it where none was seen, and that it does.

    Who was met is told before what happened: "Edge to partner.example.org: Handshake succeeded".
    """
    ids = {row.id for row in rows}
    ends = [end for one in case.observed if one.connection in ids
            for end in one.detail.partition(": ")[0].split(" to ")]  # fmt: skip
    met = [end for end in ends if end.partition(" ")[0] not in {*Role}]
    known = next((end for end in met if is_host_name(end) and not end[-1].isdigit()), "")
    if known:
        return known, ""
    return otherwise, f" {otherwise} stands for {met[0]}." if met else ""


def _evidence(
    row: Connection, peers: tuple[Expressway, ...], case: Case
) -> Iterator[tuple[_Seen, str]]:
    """Yield what the states and causes of a connection tell of its far end."""
    yield from _said(row, case)
    worked = any(o.connection == row.id and o.state is State.ACTIVE for o in case.observed)
    shown = [node.store(Store.CLIENT).certificate for node in peers]
    if (
        worked
        and isinstance(row.initiator, Role)
        and any(one is not None and one.lacks_client_auth for one in shown)
    ):
        yield _unchecked, "that the far end does not check clientAuth"


def _said(row: Connection, case: Case) -> Iterator[tuple[_Seen, str]]:
    """Yield what the causes of a connection say of its far end; others leave open what it does."""
    for card in case.causes:
        if row.id in card.effects and (card.place, card.code) in _TOLD:
            yield _TOLD[card.place, card.code]


def _checking(far: FarEnd, _shown: frozenset[CaCertificate]) -> FarEnd:
    return replace(far, requests_certificate=Knowledge.YES, checks_client_eku=Knowledge.YES)


def _unchecked(far: FarEnd, _shown: frozenset[CaCertificate]) -> FarEnd:
    return replace(far, checks_client_eku=Knowledge.NO)


def _untrusting(far: FarEnd, shown: frozenset[CaCertificate]) -> FarEnd:
    return replace(far, requests_certificate=Knowledge.YES, trusts=far.trusts - shown)


def _server_only(far: FarEnd, _shown: frozenset[CaCertificate]) -> FarEnd:
    held = far.certificate
    return replace(far, certificate=held and held.moved(ekus=(SERVER_AUTH,)))


_TOLD: dict[tuple[CausePlace, str], tuple[_Seen, str]] = {
    (CausePlace.CLIENT_STORE, "client-eku-missing"): (
        _checking, "that the far end asks for a certificate and checks clientAuth"),
    (CausePlace.FAR_END, "client-untrusted"): (
        _untrusting, "that the far end does not trust the CA of what is presented"),
    (CausePlace.FAR_END, "client-eku-missing"): (
        _server_only, "that the far end's own certificate lacks clientAuth"),
}  # fmt: skip


def _peers(deployment: Deployment, row: Connection) -> tuple[Expressway, ...]:
    role = row.initiator if isinstance(row.initiator, Role) else row.responder
    return deployment.core if role is Role.CORE else deployment.edge


def accepted_chain(
    deployment: Deployment, peers: tuple[Expressway, ...]
) -> tuple[CaCertificate, ...] | None:
    """Return a whole chain that these peers trust and that is valid now, None for none."""
    listed = frozenset.intersection(*(node.trusted for node in peers))
    nodes = (*deployment.core, *deployment.edge)
    chains = [store.certificate.chain for node in nodes for store in (node.server, node.client)
              if store.certificate and store.certificate.chain]  # fmt: skip
    return next((
        chain for chain in chains
        if chain[-1].is_root and {*chain} <= listed
        and all(ca.not_before <= deployment.at <= ca.not_after for ca in chain)
    ), None)  # fmt: skip


def of_chain(chain: tuple[CaCertificate, ...], fqdn: str) -> Certificate:
    """Return a certificate with both EKUs that stands for a far end's own."""
    return NOTHING_OLD.moved(
        subject=f"CN={fqdn}", names=(fqdn,), chain=chain,
        not_before=max(ca.not_before for ca in chain), not_after=min(ca.not_after for ca in chain),
    )  # fmt: skip
