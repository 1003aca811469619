"""What goes down when certificates of a deployment are renewed without clientAuth, by an engine."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ekukit.certificates import SERVER_AUTH, Certificate
from ekukit.connections import Outcome, State
from ekukit.connections.services import SERVICES
from ekukit.diagnosis.planned_case import PlanStart
from ekukit.expressway import CertificateStore, Deployment, Expressway, FarEnd, Store
from ekukit.renewals.certificate_dates import CertificateDates, Holder, dates_of
from ekukit.renewals.mending_plan import Mender

Begin = Callable[[Deployment], PlanStart]
Run = Callable[[Deployment], tuple[Outcome, ...]]
Key = tuple[int, str]
_NOON = dt.time(12, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)
# How long a certificate counts as valid that is renewed as it is; no verdict hangs on it.
_RENEWED = dt.timedelta(days=46)
_FOR_WANT = ("client-eku-missing", "client-issuing-ca-eku")


def key_of(certificate: Certificate) -> Key:
    """Return what tells certificates apart: serial and issuer."""
    return certificate.serial, certificate.issuer


def held_in(deployment: Deployment) -> dict[Key, tuple[Certificate, tuple[Holder, ...]]]:
    """Return every certificate of the nodes' stores, once, with all the places that hold it."""
    found: dict[Key, tuple[Certificate, tuple[Holder, ...]]] = {}
    for node in (*deployment.core, *deployment.edge):
        for store in _stores(node):
            if store.certificate is None:
                continue
            key = key_of(store.certificate)
            _same, holders = found.get(key, (store.certificate, ()))
            holder = Holder(node.fqdn, node.role.value, store.kind.value)
            found[key] = store.certificate, (*holders, holder)
    return found


def _stores(node: Expressway) -> tuple[CertificateStore, ...]:
    return (node.server, node.client) if node.release.has_client_store else (node.server,)


def deployment_dates(
    deployment: Deployment, run: Run, renewed_by: str = "", begin: Begin = PlanStart
) -> tuple[CertificateDates, ...]:
    """Return the dates of every certificate of a deployment, with what goes down, by `run`.

    The plan that mends it is made by rules for the deployment of that day, from where `begin` says.

    Judged from the deployment's moment on, under its modes. Each certificate is tried alone: on
    its day it comes without clientAuth into every store that holds it, by its own CA and with its
    names; what was to be renewed before has been renewed as the calendar says, and all else is
    valid. What goes down only because several are renewed on one day, such as a service that one
    peer of a cluster would keep up, is told of each of them. Not tried: other names, other CAs, and
    what an issuing CA's change of EKUs adds (E6).
    """
    on = deployment.at.date()
    rows = tuple(dates_of(*held, on, renewed_by) for held in held_in(deployment).values())
    now = run(_valid(deployment, rows, deployment.at.date(), ()))
    alone = tuple(_with_effects(deployment, rows, row, (run, now)) for row in rows)
    return _with_plans(deployment, _with_joint_effects(deployment, alone, run), begin)


def _with_effects(
    deployment: Deployment,
    rows: tuple[CertificateDates, ...],
    row: CertificateDates,
    by: tuple[Run, tuple[Outcome, ...]],
) -> CertificateDates:
    run, now = by
    if row.lacks_it:
        down, perhaps = _failing_by(row.certificate, now)
        return replace(row, down=down, perhaps=perhaps)
    day = row.gone.decided
    if day is None:
        return replace(row, down=(), perhaps=())
    before = run(_valid(deployment, rows, day, ()))
    after = run(_valid(deployment, rows, day, (row,)))
    down, perhaps = fallen(before, after)
    return replace(row, down=down, perhaps=perhaps)


def _with_joint_effects(
    deployment: Deployment, rows: tuple[CertificateDates, ...], run: Run
) -> tuple[CertificateDates, ...]:
    """Return the rows with what goes down only when all of a day lose clientAuth together."""
    days: dict[dt.date, list[CertificateDates]] = {}
    for row in rows:
        if row.gone.decided is not None:
            days.setdefault(row.gone.decided, []).append(row)
    more: dict[dt.date | None, tuple[str, ...]] = {}
    for day, due in days.items():
        if len(due) > 1:
            before, after = (run(_valid(deployment, rows, day, lost)) for lost in ((), due))
            alone = {name for row in due for name in row.down or ()}
            more[day] = tuple(name for name in fallen(before, after)[0] if name not in alone)
    return tuple(
        replace(row, down=(*(row.down or ()), *more.get(row.gone.decided, ()))) for row in rows
    )


def _with_plans(
    deployment: Deployment, rows: tuple[CertificateDates, ...], begin: Begin
) -> tuple[CertificateDates, ...]:
    """Return the rows with the plan for what each takes down, when all of its day are renewed."""
    menders: dict[dt.date, Mender] = {}
    found = []
    for row in rows:
        day = deployment.at.date() if row.lacks_it else row.gone.decided
        if not row.missed or day is None:
            found.append(row)
            continue
        if day not in menders:
            due = [other for other in rows if other.gone.decided == day]
            menders[day] = Mender(begin(_valid(deployment, rows, day, due)))
        found.append(replace(row, mending=menders[day].plan(row.missed)))
    return tuple(found)


def fallen(
    before: Iterable[Outcome], after: Iterable[Outcome]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of what fails after and did not before, and of what is not known any more."""
    then = {_place(found): found.state for found in before}
    down: dict[str, None] = {}
    perhaps: dict[str, None] = {}
    for found in after:
        was = then.get(_place(found))
        if found.state is State.FAILED and was is not State.FAILED:
            down[found.connection] = None
        elif found.state is State.UNKNOWN and was is State.ACTIVE:
            perhaps[found.connection] = None
    return tuple(down), tuple(name for name in perhaps if name not in down)


def down_otherwise(
    deployment: Deployment, rows: Iterable[CertificateDates], run: Run
) -> tuple[str, ...]:
    """Return the connections that fail already, by `run`, for another reason than clientAuth.

    Whether it fails for want of clientAuth as well cannot be seen before that reason is gone.
    """
    now = run(_valid(deployment, rows, deployment.at.date(), ()))
    failed = (o for o in now if o.state is State.FAILED and not o.code.endswith(_FOR_WANT))
    services = {service.id for service in SERVICES}
    return tuple(dict.fromkeys(o.connection for o in failed if o.connection not in services))


def _place(found: Outcome) -> tuple[str, str, str]:
    return found.connection, found.initiator, found.responder


def _failing_by(
    certificate: Certificate, now: Iterable[Outcome]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is down already because this certificate, shown by a client, lacks clientAuth."""
    shown = [
        found
        for found in now
        if found.presented_by_client is not None
        and found.presented_by_client.serial == certificate.serial_hex
    ]
    failed = [o.connection for o in shown
              if o.state is State.FAILED and o.code.endswith(_FOR_WANT)]  # fmt: skip
    doubtful = [o.connection for o in shown if o.state is State.UNKNOWN]
    services = [service.id for service in SERVICES if {*service.needs} & {*failed}]
    perhaps = dict.fromkeys(name for name in doubtful if name not in failed)
    return tuple(dict.fromkeys((*failed, *services))), tuple(perhaps)


def _valid(
    deployment: Deployment,
    rows: Iterable[CertificateDates],
    day: dt.date,
    losing_now: Iterable[CertificateDates],
) -> Deployment:
    """Return the deployment on a day, renewed as the calendar says; those named lose clientAuth."""
    now = {key_of(row.certificate) for row in losing_now}
    held = {
        key_of(row.certificate): _on_day(row, day, lost=key_of(row.certificate) in now)
        for row in rows
    }
    return replace(
        deployment,
        at=dt.datetime.combine(day, _NOON),
        core=tuple(_refilled(node, held) for node in deployment.core),
        edge=tuple(_refilled(node, held) for node in deployment.edge),
        far_ends=tuple(_far_end(end, day) for end in deployment.far_ends),
    )


def _on_day(row: CertificateDates, day: dt.date, *, lost: bool) -> Certificate:
    gone = row.gone.decided
    if lost or (gone is not None and gone < day):
        return _renewed(row.certificate, day, ekus=(SERVER_AUTH,))
    return _as_it_is(row.certificate, day)


def _renewed(certificate: Certificate, day: dt.date, **changes: object) -> Certificate:
    noon = dt.datetime.combine(day, _NOON)
    return certificate.moved(not_before=noon - _DAY, not_after=noon + _RENEWED, **changes)


def _as_it_is(certificate: Certificate, day: dt.date) -> Certificate:
    """Return the certificate, renewed as it is if it has ended by that day or not begun."""
    valid = certificate.not_before.date() <= day < certificate.not_after.date()
    return certificate if valid else _renewed(certificate, day)


def _refilled(node: Expressway, held: Mapping[Key, Certificate]) -> Expressway:
    stores = {
        store.kind: replace(store, certificate=held[key_of(store.certificate)])
        for store in _stores(node)
        if store.certificate is not None
    }
    return replace(
        node,
        server=stores.get(Store.SERVER, node.server),
        client=stores.get(Store.CLIENT, node.client),
    )


def _far_end(end: FarEnd, day: dt.date) -> FarEnd:
    """Return a far end whose certificates are valid: nothing tells when theirs lose clientAuth."""
    own, client = end.certificate, end.client_certificate
    return replace(
        end,
        certificate=own and _as_it_is(own, day),
        client_certificate=client and _as_it_is(client, day),
    )
