"""What goes down on which day, and the plan for it: by rules, on deployments of a few nodes."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from test_causes import expired, gone, with_certificate

from ekukit.certificates import SERVER_AUTH, Certificate
from ekukit.connections import Outcome, State
from ekukit.connections.predict import predict
from ekukit.diagnosis.planned_case import PlanStart
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Release, Store, build, condition
from ekukit.expressway.slot import PUBLIC_BOTH
from ekukit.planning.lead_times import LeadKind
from ekukit.planning.plan_search import Search
from ekukit.planning.step_order import StepOrder
from ekukit.renewals import mending_plan
from ekukit.renewals.certificate_dates import CertificateDates, Holder, Lapse
from ekukit.renewals.dark_days import deployment_dates, fallen, held_in
from ekukit.renewals.mending_plan import Mender, MendingPlan

DAY = dt.timedelta(days=1)
BETWEEN = ("uc-zone", "ssh-tunnel", "traversal-mtls")
OF_CORE = ("cucm-tftp", "cucm-config", "cucm-line-out", "cucm-oauth", "neighbor-out")
LOGINS = ("mra-login", "webrtc-proxy")
ALL_OF_CORE = (*BETWEEN, *OF_CORE, *LOGINS)
OUTSIDE = ("b2b-out", "xmpp-federation", "cloud-onboarding")
# Public certificates with both usages, one in both stores of each node, issued for 398 days.
PUBLIC = build(condition("C1"))
LACKING = build(condition("C2"))
LOST_ON = dt.date(2027, 4, 16)
STATES = predict(PUBLIC)


def rows_of(found: Deployment) -> dict[str, CertificateDates]:
    """Return the dates of a deployment by the host that holds the certificate, by rules."""
    return {row.holders[0].host.partition(".")[0]: row for row in deployment_dates(found, predict)}


def renewed(found: Deployment, address: str, days: int) -> Deployment:
    """Return the deployment in which a node's certificates end so many days later."""

    def later(_found: Deployment, held: Certificate) -> Certificate:
        return held.moved(not_after=held.not_after + days * DAY)

    for store in Store:
        found = with_certificate(found, address, store, later)
    return found


class Recorder:
    """Predicts by rules and keeps each deployment that it was asked about."""

    def __init__(self) -> None:
        """Begin without any."""
        self.asked: list[Deployment] = []

    def __call__(self, found: Deployment) -> tuple[Outcome, ...]:
        """Return the outcomes of a deployment."""
        self.asked.append(found)
        return predict(found)


def held(found: Deployment) -> Iterator[Certificate]:
    """Yield every certificate of nodes and far ends."""
    for node in (*found.core, *found.edge):
        for store in (node.server, node.client):
            if store.certificate is not None:
                yield store.certificate
    for end in found.far_ends:
        for own in (end.certificate, end.client_certificate):
            if own is not None:
                yield own


def test_a_certificate_in_two_stores_is_held_once() -> None:
    """With both places; an empty store holds none."""
    told = [holders for _certificate, holders in held_in(PUBLIC).values()]
    assert told[0] == (
        Holder("core.example.com", "Core", "server"), Holder("core.example.com", "Core", "client"),
    )  # fmt: skip
    assert len(told) == 2
    found = with_certificate(PUBLIC, PUBLIC.core[0].address, Store.SERVER, gone)
    assert next(iter(held_in(found).values()))[1] == (
        Holder("core.example.com", "Core", "client"),)  # fmt: skip
    apart = build(condition("C2.1"))
    assert [len(holders) for _certificate, holders in held_in(apart).values()] == [1, 1, 2]


def test_a_release_without_a_client_store_has_one_place() -> None:
    """Whatever stands in the other one."""
    old = build(replace(condition("C1"), release=Release.X14_3))
    core = replace(old.core[0], client=PUBLIC.core[0].client)
    old = replace(old, core=(core,))
    assert {holder.store for _c, holders in held_in(old).values() for holder in holders} == {
        "server"}  # fmt: skip


def test_what_goes_down_is_what_hangs_on_the_certificate_that_is_renewed() -> None:
    """On its day, each node's own; what is not known of a far end may go down."""
    found = rows_of(PUBLIC)
    core, edge = found["core"], found["edge"]
    assert (core.lapse, core.gone.decided, edge.gone.decided) == (Lapse.LOST, LOST_ON, LOST_ON)
    assert (core.down, core.perhaps) == (ALL_OF_CORE, ())
    assert (edge.down, edge.perhaps) == (OUTSIDE, ("webex",))
    assert core.mending is not None
    assert core.mending.steps == ("core.client-store.private-ca",)


def test_what_lacks_clientauth_has_brought_down_already_what_hangs_on_it() -> None:
    """The same, without a day."""
    found = rows_of(LACKING)
    core, edge = found["core"], found["edge"]
    assert (core.lapse, core.gone.decided) == (Lapse.NONE, None)
    assert (core.down, core.perhaps) == (ALL_OF_CORE, ())
    assert (edge.down, edge.perhaps) == (OUTSIDE, ("webex",))
    assert core.mending is not None
    assert core.mending.steps == ("core.client-store.private-ca",)


def test_of_what_is_down_already_only_what_lacks_clientauth_counts() -> None:
    """And only what this very certificate was shown for."""
    states = {o.connection: o for o in predict(LACKING)}
    zone, tunnel, tftp = (states[name] for name in ("uc-zone", "ssh-tunnel", "cucm-tftp"))
    other = replace(zone.presented_by_client, serial="ff")
    rows = [
        (zone, ("uc-zone", *LOGINS), ()),
        (replace(tunnel, code="ssh-tunnel.client-issuing-ca-eku"), ("ssh-tunnel", *LOGINS), ()),
        (replace(tftp, presented_by_client=zone.presented_by_client), ("cucm-tftp", "mra-login"),
         ()),
        (replace(zone, code="uc-zone.client-expired"), (), ()),
        (replace(zone, state=State.ACTIVE), (), ()),
        (replace(zone, presented_by_client=None), (), ()),
        (replace(zone, presented_by_client=other), (), ()),
        (replace(zone, state=State.UNKNOWN, code="uc-zone.unknown"), (), ("uc-zone",)),
        (replace(zone, state=State.UNKNOWN, presented_by_client=other), (), ()),
    ]  # fmt: skip
    for outcome, down, perhaps in rows:
        core, _edge = deployment_dates(LACKING, lambda _found, o=outcome: (o,))
        assert (core.down, core.perhaps) == (down, perhaps), outcome
    both = (zone, replace(zone, responder="192.0.2.9", state=State.UNKNOWN))
    core, _edge = deployment_dates(LACKING, lambda _found: both)
    assert (core.down, core.perhaps) == (("uc-zone", *LOGINS), ())


def test_what_keeps_clientauth_takes_nothing_down() -> None:
    """An internal CA goes on giving it."""
    found = rows_of(build(condition("C2.1")))
    kept = [row for row in found.values() if row.lapse is Lapse.NOT_AFFECTED]
    assert [(row.down, row.perhaps, row.mending) for row in kept] == [((), (), None)] * len(kept)
    assert kept


def changed(**states: tuple[State, State]) -> tuple[list[Outcome], list[Outcome]]:
    """Return the outcomes of the public deployment before and after, by connection."""
    names = {name.replace("_", "-"): pair for name, pair in states.items()}
    before, after = (
        [replace(o, state=names[o.connection][place]) if o.connection in names else o
         for o in STATES] for place in (0, 1)
    )  # fmt: skip
    return before, after


UP, NOT_UP, OPEN = State.ACTIVE, State.FAILED, State.UNKNOWN
FALLEN = [
    ({"uc_zone": (UP, NOT_UP)}, ("uc-zone",), ()), ({"uc_zone": (OPEN, NOT_UP)}, ("uc-zone",), ()),
    ({"uc_zone": (NOT_UP, NOT_UP)}, (), ()), ({"uc_zone": (UP, UP)}, (), ()),
    ({"uc_zone": (UP, OPEN)}, (), ("uc-zone",)), ({"uc_zone": (OPEN, OPEN)}, (), ()),
    ({"uc_zone": (NOT_UP, OPEN)}, (), ()), ({"uc_zone": (NOT_UP, UP)}, (), ()),
    ({"uc_zone": (UP, NOT_UP), "webex": (UP, OPEN)}, ("uc-zone",), ("webex",)),
    ({"mra_login": (UP, NOT_UP)}, ("mra-login",), ()),
]  # fmt: skip


@pytest.mark.parametrize(("states", "down", "perhaps"), FALLEN)
def test_what_falls_is_what_failed_and_did_not_before(
    states: dict[str, tuple[State, State]], down: tuple[str, ...], perhaps: tuple[str, ...]
) -> None:
    """What is not known any more may have fallen."""
    assert fallen(*changed(**states)) == (down, perhaps)


def test_pairs_of_systems_are_compared_each_with_itself() -> None:
    """A connection that fell for one pair is down, and is not told as open for another."""
    zone = next(o for o in STATES if o.connection == "uc-zone")
    other = replace(zone, responder="192.0.2.9")
    third = replace(zone, initiator="192.0.2.8")
    before = (zone, replace(other, state=NOT_UP), third)
    assert fallen(before, (zone, replace(other, state=NOT_UP), third)) == ((), ())
    assert fallen(before, (zone, other, replace(third, state=NOT_UP))) == (("uc-zone",), ())
    mixed = (replace(zone, state=OPEN), other, replace(third, state=NOT_UP))
    assert fallen(before, mixed) == (("uc-zone",), ())
    assert fallen((), (replace(zone, state=NOT_UP),)) == (("uc-zone",), ())
    assert fallen((), (replace(zone, state=OPEN),)) == ((), ())


TWO = build(replace(condition("C1"), core_peers=2))


def test_peers_that_lose_it_on_one_day_take_services_down_together() -> None:
    """What one peer would keep up is told of each; of peers with other days it is not."""
    found = rows_of(TWO)
    assert [set(found[name].down or ()) for name in ("core", "core2")] == [set(ALL_OF_CORE)] * 2
    assert all(len(row.down or ()) == len(set(row.down or ())) for row in found.values())
    apart = rows_of(renewed(TWO, TWO.core[1].address, 7))
    assert [set(apart[name].down or ()) & set(LOGINS) for name in ("core", "core2")] == [
        set(), set(LOGINS)]  # fmt: skip
    assert apart["core2"].gone.decided == LOST_ON + 7 * DAY
    cores = rows_of(renewed(TWO, TWO.edge[0].address, 7))
    assert [set(cores[name].down or ()) for name in ("core", "core2")] == [set(ALL_OF_CORE)] * 2


def test_what_was_lost_before_is_not_lost_again() -> None:
    """Edge's certificate goes first: on Core's day what hung on it is down already."""
    found = rows_of(renewed(PUBLIC, PUBLIC.core[0].address, 7))
    assert (found["edge"].gone.decided, found["edge"].down) == (LOST_ON, OUTSIDE)
    assert (found["core"].gone.decided, found["core"].down) == (LOST_ON + 7 * DAY, ALL_OF_CORE)
    late = rows_of(renewed(PUBLIC, PUBLIC.edge[0].address, 7))
    assert (late["core"].gone.decided, late["core"].down) == (LOST_ON, ALL_OF_CORE)
    assert (late["edge"].gone.decided, late["edge"].down) == (LOST_ON + 7 * DAY, OUTSIDE)


def test_each_day_is_tried_at_noon_with_everything_valid() -> None:
    """Only the certificates that are due come without clientAuth; today none does."""
    record = Recorder()
    start = renewed(PUBLIC, PUBLIC.core[0].address, 7)
    deployment_dates(start, record)
    moments = [dt.datetime.combine(day, dt.time(12, tzinfo=dt.UTC)) for day in (
        PUBLIC.at.date(), LOST_ON + 7 * DAY, LOST_ON + 7 * DAY, LOST_ON, LOST_ON)]  # fmt: skip
    assert [found.at for found in record.asked] == moments
    for found in record.asked:
        assert [one for one in held(found) if not one.not_before < found.at < one.not_after] == []
    lacking = [
        [node.role.value for node in (*found.core, *found.edge)
         if node.client.certificate and node.client.certificate.ekus == (SERVER_AUTH,)]
        for found in record.asked
    ]  # fmt: skip
    assert lacking == [[], ["Edge"], ["Core", "Edge"], [], ["Edge"]]
    assert list(held(record.asked[0])) == list(held(start))


def test_a_certificate_ends_on_its_last_day_and_begins_on_its_first() -> None:
    """On the last it counts as renewed, on the first as it is; a far end's as well."""
    start = next(iter(held(PUBLIC))).not_before.date()
    end = next(iter(held(PUBLIC))).not_after.date()
    cucm = PUBLIC.far_ends[1]
    assert cucm.certificate is not None
    both = replace(cucm, client_certificate=cucm.certificate)
    found = replace(PUBLIC, far_ends=(PUBLIC.far_ends[0], both, *PUBLIC.far_ends[2:]))
    for day, as_it_is in (
        (start - DAY, False), (start, True), (end - DAY, True), (end, False), (end + DAY, False),
    ):  # fmt: skip
        record = Recorder()
        moment = dt.datetime.combine(day, dt.time(9, tzinfo=dt.UTC))
        deployment_dates(replace(found, at=moment), record)
        today = record.asked[0]
        server = today.core[0].server.certificate
        assert (server == found.core[0].server.certificate) is as_it_is, day
        assert all(one.not_before < today.at < one.not_after for one in held(today))
        assert today.far_ends[1].client_certificate == today.far_ends[1].certificate


def test_each_store_keeps_its_own_certificate() -> None:
    """Beside an empty one, too."""
    apart = build(condition("C3"))
    bare = with_certificate(apart, apart.edge[0].address, Store.CLIENT, gone)
    for start in (apart, bare):
        record = Recorder()
        deployment_dates(start, record)
        assert list(held(record.asked[0])) == list(held(start))
        assert record.asked[0].edge[0].client == start.edge[0].client


def test_an_expired_certificate_of_somebody_else_is_no_dark_day() -> None:
    """It counts as renewed as it is: only what the day takes away is told of it."""
    found = with_certificate(PUBLIC, PUBLIC.edge[0].address, Store.SERVER, expired)
    assert rows_of(found)["core"].down == ALL_OF_CORE


def test_a_plan_is_made_once_for_each_day_with_all_that_is_due() -> None:
    """From where the case begins; what is down already is planned for today."""
    begun: list[Deployment] = []

    def begin(found: Deployment) -> PlanStart:
        begun.append(found)
        return PlanStart(found)

    rows = deployment_dates(TWO, predict, begin=begin)
    assert [found.at.date() for found in begun] == [LOST_ON]
    clients = [node.client.certificate for node in (*begun[0].core, *begun[0].edge)]
    assert [one.ekus for one in clients if one] == [(SERVER_AUTH,)] * 3
    assert all(row.mending is not None for row in rows)
    begun.clear()
    deployment_dates(renewed(PUBLIC, PUBLIC.edge[0].address, 7), predict, begin=begin)
    assert [found.at.date() for found in begun] == [LOST_ON, LOST_ON + 7 * DAY]
    edge = begun[0].edge[0].client.certificate
    assert edge is not None
    assert edge.has_client_auth
    begun.clear()
    deployment_dates(build(replace(condition("C3"), core_server=PUBLIC_BOTH)), predict, begin=begin)
    assert begun == []
    deployment_dates(LACKING, predict, begin=begin)
    assert [found.at.date() for found in begun] == [LACKING.at.date()]
    begun.clear()
    internal = deployment_dates(build(condition("C2.1")), predict, begin=begin)
    assert [row.mending for row in internal if not row.missed] != []
    assert {row.mending is None for row in internal if not row.missed} == {True}


MENDER = Mender(PlanStart(LACKING))


def test_a_wish_is_planned_for_once_and_what_is_no_connection_left_out() -> None:
    """Nothing that can be judged has no plan."""
    first = MENDER.plan(["uc-zone", "uc-zone", "never-heard-of"])
    assert first is MENDER.plan(["uc-zone"])
    assert first is not None
    assert (first.steps, first.unmet) == (("edge.mode-off",), ())
    assert first.leads == {LeadKind.NONE}
    both = MENDER.plan(["uc-zone", "ssh-tunnel"])
    assert both is not None
    assert (both.steps, both.leads) == (("core.client-store.private-ca",), {LeadKind.ORDER})
    assert MENDER.plan(["never-heard-of"]) is MENDER.plan([]) is None


def without_plan(*names: str) -> object:
    """Return a search that finds none for wishes that have one of these names."""
    found = mending_plan.plans

    def search(search_: Search) -> Iterable[StepOrder]:
        if set(names) & set(search_.wishes):
            if len(search_.wishes) > 1:
                msg = "too many"
                raise InputError(msg)
            return iter(())
        return found(search_)

    return search


def test_where_no_plan_mends_all_at_once_each_is_planned_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What none brings back is told."""
    monkeypatch.setattr(mending_plan, "plans", without_plan("ssh-tunnel"))
    found = Mender(PlanStart(LACKING)).plan(["uc-zone", "ssh-tunnel", "b2b-out"])
    assert found is not None
    assert found.unmet == ("ssh-tunnel",)
    assert found.steps == ("edge.mode-off", "partner.check-off")
    assert found.leads == {LeadKind.NONE, LeadKind.PARTNER}


def test_a_plan_in_words_names_node_place_and_remedy() -> None:
    """Then what nothing known brings back."""
    plan = MendingPlan(("core.client-store.private-ca", "partner.check-off"), frozenset(), ())
    assert plan.words == "Core client store: private CA and partner: check off"
    both = replace(plan, steps=("edge.upgrade",), unmet=("uc-zone", "ssh-tunnel"))
    assert both.words == (
        "Edge: upgrade; nothing known brings back UC traversal zone and SSH tunnel"
    )
    assert MendingPlan().words == ""
    assert MendingPlan(unmet=("uc-zone",)).words == "nothing known brings back UC traversal zone"
