"""Questions of lesson 50: what to change, in which order, and what is impossible."""

import datetime as dt

from ekukit.connections import State
from ekukit.course import mendings as changes
from ekukit.course.disputed_stop import DisputedStop, day_words, span_words
from ekukit.course.forms import choose, deployed, mend, state
from ekukit.course.places import CORE_CLIENT, CORE_LIST, EDGE_LIST, far, place
from ekukit.course.question import Question
from ekukit.expressway import Deployment, FarEndKind, Role, Store, Trust, condition
from ekukit.planning import PlanQuestion, make_plan
from ekukit.planning.lead_times import LEAD_ROWS, LeadKind, LeadTimes

_START = condition("C2").with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC)
_WORKING = condition("C1").with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC)
_CERTIFICATE = "Core: new client certificate from CA 1"
_TO_CUCM = "CUCM: root and issuing CA of CA 1 into its trust"
_EDGE_OFF = "Edge: EKU checking mode Off"
_CORE_OFF = "Core: EKU checking mode Off"
_SERVER = "Core: new server certificate from CA 1"
_LOGIN, _ALL, _NONE = "MRA login", "zone, tunnels and MRA login", "nothing"
_MODE, _PARTNER, _NOTHING = (
    "mode Off on both nodes",
    "far ends that stop checking clientAuth",
    "nothing of what is left",
)
_HALFWAY = condition("C2.1").with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC)
_CLUSTER = condition("C3", core_peers=2)
_NAMED = "nothing: the certificate has clientAuth and Edge trusts its CA"
_TUNNELS_ONLY, _ALL_BETWEEN = "the tunnels alone", "the zone and the tunnels"
_TODAY, _SECTIGO = dt.date(2026, 11, 28), DisputedStop("Sectigo", dt.date(2026, 12, 15))
_FIRST, _LAST = _SECTIGO.told[0], _SECTIGO.told[-1]
_ENDS, _ONE_DAY = _SECTIGO.ends, dt.timedelta(days=1)
_ORDER = dt.timedelta(days=LEAD_ROWS[LeadKind.ORDER].days)
# Days to choose from, each with what is wrong with it.
_ACTS = {
    day_words(_FIRST - _ONE_DAY - _ORDER): "By then a certificate had to be ordered from Sectigo. "
    "The one that Core has lives to its own end (E9).",
    day_words(_SECTIGO.act_by(_FIRST, LeadKind.ORDER)): "",
    day_words(_ENDS - _ORDER): "One day late: on the day of the renewal clientAuth is gone "
    "already, so the days are counted from the one before.",
    day_words(_ENDS - _ONE_DAY): "All works until then; but who orders on that day is dark until "
    "the order has come.",
    day_words(_SECTIGO.act_by(_LAST, LeadKind.ORDER)): "So it is if the reseller is right (K7). If "
    "Sectigo's own page is, half a year has been dark by then.",
}
_EXCLUDED = ("private-ca", "new-public-issuer")


def _act_by() -> str:
    """Return the last good day to order, by the source that counts and what the plan waits for."""
    best = make_plan(deployed("C2"), PlanQuestion(want=("uc-zone", "ssh-tunnel"))).plans[0]
    kind = LeadTimes().longest(shown.step.row.lead for shown in best.steps)
    return day_words(_SECTIGO.act_by(_SECTIGO.decided, kind))


def _certificate_first() -> str:
    """Return what is down after the first step of a plan in the wrong order."""
    after = changes.core_client_internal(deployed(_WORKING))
    if state(after, "uc-zone") is not State.ACTIVE:
        return _ALL
    return _LOGIN if state(after, "mra-login") is not State.ACTIVE else _NONE


def _left_for_tunnels() -> str:
    """Return which of the remedies that are left brings up the tunnels, by the plan."""
    asked = PlanQuestion(want=("ssh-tunnel",), never=_EXCLUDED)
    answer = make_plan(deployed("C2"), asked)
    if answer.conflicts:
        return _NOTHING
    remedies = {shown.step.row.id for plan in answer.plans for shown in plan.steps}
    return _MODE if "mode-off" in remedies else _PARTNER


def _without_cluster_name() -> str:
    """Return what is down once no client certificate of Core holds the cluster's name."""
    before = deployed(_CLUSTER)
    after = changes.named(before, Role.CORE, Store.CLIENT, (before.core[0].fqdn,))
    zone, tunnel = (state(after, name) for name in ("uc-zone", "ssh-tunnel"))
    if zone is tunnel is State.ACTIVE:
        return _NAMED
    return _ALL_BETWEEN if zone is State.FAILED else _TUNNELS_ONLY


def _server(found: Deployment) -> Deployment:
    return changes.core_server_internal(found)


QUESTIONS = (
    Question(
        "50.mend",
        "Plan it by hand. Condition 2, and CUCM trusts CA 2 alone. MRA is to work tomorrow. Tick "
        "what is needed, and no more.",
        mend(
            _START,
            {
                _EDGE_OFF: changes.edge_mode_off,
                _CORE_OFF: changes.core_mode_off,
                _SERVER: _server,
                _TO_CUCM: changes.cucm_trusts_both,
                _CERTIFICATE: changes.core_client_internal,
            },
        ),
        hint="Core opens three connections that MRA login needs. Who looks at what it presents?",
        why="Core's client certificate is what zone, tunnels and provisioning are shown (S2, K1); "
        "a private CA still gives clientAuth (R1), and CUCM must trust it (T8).",
        facts=("S2", "R1", "T8", "E7"),
        mistakes={
            _EDGE_OFF: "Off on Edge brings back the zone alone; the tunnels demand clientAuth in "
            "every mode (E7).",
            _CORE_OFF: "Core's mode is for those who call Core; here Core calls (E2).",
            _SERVER: "The server certificate is shown to those who call Core; here Core calls, and "
            "presents its client certificate (S2).",
            _CERTIFICATE: "Zone and tunnels are up, and login needs a third connection (V2): whom "
            "did nobody tell about CA 1?",
        },
    ),
    Question(
        "50.order",
        "All works, as in condition 1, and CUCM trusts CA 2 alone. Tonight Core's client "
        "certificate is replaced by one of CA 1; CUCM gets CA 1 tomorrow at nine. What is down "
        "until then?",
        choose((_NONE, _LOGIN, _ALL), _certificate_first),
        hint="Go through the three connections that Core opens, one by one: who judges each?",
        why="Both nodes trust CA 1, so zone and tunnels stay up; CUCM refuses a certificate of a "
        "CA that it does not know, and login needs provisioning (T8, V2). CUCM first, then the "
        "certificate, and nothing goes down.",
        facts=("T8", "V2", "T6"),
        mistakes={
            _NONE: "CUCM is shown the new certificate tonight and learns of its CA tomorrow (T8).",
            _ALL: "Edge has CA 1 in its list already, so it accepts the new certificate.",
        },
    ),
    Question(
        "50.place",
        "The night after: Core has its new client certificate of CA 1, zone and tunnels are up, "
        "and nobody can log in. Where is that put right?",
        place(_HALFWAY, "cucm-tftp", (far(FarEndKind.CUCM), CORE_CLIENT, CORE_LIST, EDGE_LIST)),
        hint="Which of the three connections is down, and who judges there?",
        why="CUCM is shown a certificate of CA 1 and does not know it: its own lists are to get "
        "root and issuing CA (T8). A plan that puts lists first has no such morning.",
        facts=("T8", "V2"),
        mistakes={
            CORE_CLIENT: "It has clientAuth and Edge accepts it; the one before would be no better "
            "for long (S9).",
            CORE_LIST: "Core's list decides whom Core trusts. It is CUCM that refuses.",
            EDGE_LIST: "Edge accepts it already: zone and tunnels are up.",
        },
    ),
    Question(
        "50.names",
        "Monday's order. Core is a cluster of two, CA 1 everywhere, all works. The requests for "
        "the new client certificates name core.example.com and core2.example.com, and nothing "
        "else. What is down on Saturday night?",
        choose((_NAMED, _TUNNELS_ONLY, _ALL_BETWEEN), _without_cluster_name),
        hint="Which name does Edge's zone look for in what Core presents?",
        why="Edge's zone looks for the cluster's name, which every peer's certificate must hold "
        "(E8). In X15.5 that is the client certificate, so it needs the names of the server "
        "certificate, too; `ekukit request` takes them over.",
        facts=("E8", "S2"),
        mistakes={
            _NAMED: "EKU and CA are right; the name that the zone looks for is missing (E8).",
            _TUNNELS_ONLY: "The zone is where the name is typed, so it is refused first.",
        },
    ),
    Question(
        "50.range",
        f"It is {day_words(_TODAY)}. Core has one certificate of Sectigo with both EKUs in both "
        f"stores, to {day_words(_ENDS)}; each one is renewed on its last day. Sources say that "
        f"Sectigo stops clientAuth on {', '.join(map(day_words, _SECTIGO.told))} (K7). Between "
        "which days does the renewal without clientAuth fall, by all of them?",
        choose(
            (
                day_words(_ENDS),
                _SECTIGO.range(),
                span_words(_FIRST, _LAST),
                span_words(_ENDS, _LAST),
            ),
            _SECTIGO.range,
        ),
        hint="For each source: can the certificate of December be issued with clientAuth, and how "
        "long does that one live?",
        why="By the first two dates December's certificate lacks it. By the last one it has it, "
        "and lives 200 days (E9).",
        facts=("K7", "E9"),
        mistakes={
            day_words(_ENDS): "By the date that counts, yes. By the last one December's "
            "certificate still has clientAuth.",
            span_words(_FIRST, _LAST): "On these days the CA stops. What has been issued lives to "
            "its own end (E9).",
            span_words(_ENDS, _LAST): "A certificate that is issued in December outlives that "
            "date; it is renewed at its own end.",
        },
    ),
    Question(
        "50.act",
        "The same Core. What mends it is a client certificate from CA 1; ordering it takes "
        f"{_ORDER.days} days, which is assumed, since no source says. What is the last good day to "
        "order?",
        choose(tuple(_ACTS), _act_by),
        hint="Which source counts, and which day is the last on which all works?",
        why="Sectigo's own FAQ counts (K7), so the next renewal is the one without clientAuth, and "
        "what is ordered must be there the day before. To act by the earlier date costs an order "
        "too soon; by the later one, perhaps half a year of MRA.",
        facts=("K7", "E9", "R1"),
        mistakes={day: said for day, said in _ACTS.items() if said},
    ),
    Question(
        "50.impossible",
        "Condition 2. The tunnels are to work, without a private CA and without another public "
        "issuer. What brings them up?",
        choose((_MODE, _PARTNER, _NOTHING), _left_for_tunnels),
        hint="Which certificate do the tunnels look at, and is there a setting that excuses it?",
        why="The tunnels demand clientAuth in what Core presents, whatever the mode (E7); who may "
        "take it neither from a private CA nor from another public one has no way left (S9, R4).",
        facts=("E7", "S9", "R4"),
        mistakes={
            _MODE: "The mode governs SIP TLS (E2); the tunnels are SSH and demand clientAuth in "
            "every mode (E7).",
            _PARTNER: "No far end takes part: the tunnels are between Core and Edge (N2).",
        },
    ),
)
