"""Which cause each fault of a deployment has: what it brings down, brings back, and hides."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from test_causes import (
    expired,
    gone,
    limited_ca,
    other_name,
    self_signed,
    server_only,
    with_certificate,
    without_trust,
)

from ekukit.causes import causation, root_causes
from ekukit.causes.hiding_order import hiding_first
from ekukit.causes.part import Kind
from ekukit.causes.root_cause import RootCause
from ekukit.connections import Cause, Outcome, Side, State
from ekukit.connections.predict import predict
from ekukit.expressway import Deployment, Store, build, condition
from ekukit.expressway.build import CA2

CLIENT, SERVER = Store.CLIENT, Store.SERVER
DAY = timedelta(days=1)
# All certificates of one public CA, with both usages: nothing fails.
SOUND = build(condition("C1"))
TWO = build(replace(condition("C1"), core_peers=2, edge_peers=2))
# An internal CA that three far ends do not trust.
INTERNAL = build(condition("C3"))
CORE, EDGE = SOUND.core[0].address, SOUND.edge[0].address
CORE2 = TWO.core[1].address
FAR = {end.kind.value: end.address for end in SOUND.far_ends}

BETWEEN = ("uc-zone", "ssh-tunnel", "traversal-mtls")
OF_CORE = ("cucm-tftp", "cucm-config", "cucm-line-out", "cucm-oauth", "neighbor-out")
OUTSIDE = ("b2b-out", "xmpp-federation", "cloud-onboarding")
LOGINS = ("mra-login", "webrtc-proxy")
ALL_OF_CORE = (*BETWEEN, *OF_CORE, *LOGINS)
OF_TRUST = ("webex", "b2b-out", "b2b-in", "xmpp-federation", "cloud-onboarding")
TO_CUCM = ("cucm-tftp", "cucm-config", "cucm-line-in", "cucm-line-out", "cucm-oauth")


@dataclass(frozen=True)
class Told:
    """What is told of a cause; None where it brings back all that it brings down."""

    id: str
    code: str
    effects: tuple[str, ...]
    restores: tuple[str, ...] | None = None
    doubtful: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


def told(deployment: Deployment) -> list[Told]:
    """Return what is told of each cause, by rules alone."""
    return [
        Told(
            c.id, c.code, c.effects, None if set(c.restores) == set(c.effects) else c.restores,
            c.doubtful, c.behind,
        )
        for c in root_causes(deployment, predict(deployment))
    ]  # fmt: skip


def broken(found: Deployment, *faults: tuple[str, Store, Callable[..., object]]) -> Deployment:
    """Return the deployment with faults in certificates."""
    for address, store, fault in faults:
        found = with_certificate(found, address, store, fault)  # type: ignore[arg-type]
    return found


def dropping(*ports: int) -> Deployment:
    """Return the sound deployment with ports that something drops."""
    return replace(SOUND, network=replace(SOUND.network, dropped=frozenset(ports)))


def worse_copies() -> Deployment:
    """Return the sound deployment whose Edge has older copies of the CAs in its list."""
    old = (replace(ca, not_after=SOUND.at - DAY) for ca in CA2.ca_certificates)
    return SOUND.with_edge(trusted=frozenset(old))


FAR_TRUST = Told("far-ends.far-end.trust", "client-untrusted", OF_TRUST)
NAMELESS = SOUND.with_edge(verify_subject_name="typed.example.com")
SCENES: dict[str, tuple[Deployment, list[Told]]] = {
    "nothing": (SOUND, []),
    "an expired certificate": (
        broken(SOUND, (CORE, CLIENT, expired)),
        [Told("core.client-store", "client-expired", ALL_OF_CORE)],
    ),
    "an empty store": (
        broken(SOUND, (CORE, CLIENT, gone)),
        [Told("core.client-store", "client-no-certificate", ALL_OF_CORE)],
    ),
    "a certificate that nobody issued": (
        broken(SOUND, (CORE, CLIENT, self_signed)),
        [Told("core.client-store", "client-untrusted", ALL_OF_CORE)],
    ),
    "two faults of one certificate are one cause": (
        broken(SOUND, (CORE, CLIENT, server_only), (CORE, CLIENT, other_name)),
        [Told("core.client-store", "client-eku-missing", ALL_OF_CORE)],
    ),
    "a name that no certificate has": (
        broken(SOUND, (CORE, CLIENT, other_name)),
        [Told("core.client-store", "client-name-mismatch", (*BETWEEN, *LOGINS))],
    ),
    "a name that was typed": (
        NAMELESS,
        [Told("edge.setting.name", "client-name-mismatch", (*BETWEEN, *LOGINS))],
    ),
    "a usage before a name that was typed": (
        broken(NAMELESS, (CORE, CLIENT, server_only)),
        [
            Told("core.client-store", "client-eku-missing", ALL_OF_CORE, OF_CORE,
                 behind=("edge.setting.name",)),
            Told("edge.setting.name", "client-name-mismatch", (*BETWEEN, *LOGINS), ()),
        ],
    ),
    "who may check and who does": (
        broken(SOUND, (EDGE, CLIENT, server_only)),
        [Told("edge.client-store", "client-eku-missing", OUTSIDE, doubtful=("webex",))],
    ),
    "a port": (
        dropping(7001),
        [Told("network.port.7001", "unreached", ("uc-zone", *LOGINS))],
    ),
    "two ports": (
        dropping(7001, 2222),
        [
            Told("network.port.7001", "unreached", ("uc-zone", *LOGINS), ("uc-zone",)),
            Told("network.port.2222", "unreached", ("ssh-tunnel", *LOGINS), ("ssh-tunnel",)),
        ],
    ),
    "far ends without a CA": (INTERNAL, [FAR_TRUST]),
    "far ends without a CA, of different minds": (
        without_trust(without_trust(SOUND, FAR["cucm"], CA2), FAR["neighbor"], CA2),
        [Told("far-ends.far-end.trust", "client-untrusted",
              (*TO_CUCM, "neighbor-in", "neighbor-out", "mra-login"))],
    ),
    "a far end's certificate": (
        broken(SOUND, (FAR["cucm"], SERVER, expired)),
        [Told("cucm.far-end", "server-expired", (
            "cucm-tftp", "cucm-config", "cucm-uds", "cucm-line-in", "cucm-line-out", "cucm-oauth",
            "mra-login"))],
    ),
    "far ends of two kinds with one fault": (
        broken(SOUND, (FAR["cucm"], SERVER, expired), (FAR["neighbor"], SERVER, expired)),
        [
            Told("cucm.far-end", "server-expired", (
                "cucm-tftp", "cucm-config", "cucm-uds", "cucm-line-in", "cucm-line-out",
                "cucm-oauth", "mra-login")),
            Told("neighbor.far-end", "client-expired", ("neighbor-in", "neighbor-out")),
        ],
    ),
    "a list with older copies of its CAs": (
        worse_copies(),
        [Told("edge.trusted-ca.trust", "client-expired", (*BETWEEN, *OF_TRUST, *LOGINS))],
    ),
    "a server certificate behind trust": (
        broken(INTERNAL, (EDGE, SERVER, expired)),
        [
            Told("far-ends.far-end.trust", "client-untrusted", OF_TRUST,
                 ("webex", "b2b-out", "xmpp-federation", "cloud-onboarding"),
                 behind=("edge.server-store",)),
            Told("edge.server-store", "server-expired",
                 (*BETWEEN, "mra-client", "b2b-in", *LOGINS), (*BETWEEN, "mra-client", *LOGINS)),
        ],
    ),
    "a list that has no CA at all": (
        INTERNAL.with_edge(trusted=frozenset()),
        [
            Told("edge.trusted-ca.trust", "client-untrusted", (*BETWEEN, *LOGINS)),
            Told("edge.trusted-ca.trust.2", "server-untrusted",
                 ("webex", *OUTSIDE, "b2b-in"), (), behind=("far-ends.far-end.trust",)),
            Told("far-ends.far-end.trust", "client-untrusted",
                 ("b2b-in", "webex", *OUTSIDE), (), behind=("edge.trusted-ca.trust.2",)),
        ],
    ),
    "an issuing CA behind a list": (
        broken(SOUND, (CORE, CLIENT, limited_ca)),
        [
            Told("edge.trusted-ca.trust", "client-untrusted", ("ssh-tunnel", *LOGINS), (),
                 behind=("core.client-store",)),
            Told("core.client-store", "client-issuing-ca-eku",
                 ("uc-zone", "traversal-mtls", *OF_CORE, "ssh-tunnel", *LOGINS),
                 ("uc-zone", "traversal-mtls", *OF_CORE)),
        ],
    ),
    "one fault of two peers": (
        broken(TWO, (CORE, CLIENT, expired), (CORE2, CLIENT, expired)),
        [Told("core.client-store", "client-expired", ALL_OF_CORE)],
    ),
    "two faults of two peers, either of which would do": (
        broken(TWO, (CORE, CLIENT, expired), (CORE2, CLIENT, server_only)),
        [
            Told("core.client-store", "client-expired", ALL_OF_CORE, LOGINS),
            Told("core.client-store.2", "client-eku-missing", ALL_OF_CORE, LOGINS),
        ],
    ),
    "one peer, the other keeps services up": (
        broken(TWO, (CORE2, CLIENT, expired)),
        [Told("core.client-store", "client-expired", (*BETWEEN, *OF_CORE))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_a_fault_has_these_causes(name: str) -> None:
    """In the order in which they are to be put right."""
    deployment, expected = SCENES[name]
    assert told(deployment) == expected


def test_a_name_that_does_not_resolve_hides_everything_behind_it() -> None:
    """It brings everything down, and brings back what nothing else keeps down."""
    nowhere = replace(INTERNAL, network=replace(INTERNAL.network, resolves=False))
    first, second = told(nowhere)
    assert (first.id, first.code) == ("network.names", "name-not-resolved")
    assert {outcome.connection for outcome in predict(nowhere)} == set(first.effects)
    assert set(first.effects) - set(first.restores or ()) == set(OF_TRUST)
    assert first.behind == (second.id,)
    assert (second.id, second.restores, second.behind) == ("far-ends.far-end.trust", (), ())


def test_parts_are_the_peers_and_pairs_those_of_them_alone() -> None:
    """Each peer's store, and each pair of systems that it takes part in."""
    (cause,) = root_causes(bad := SCENES["one fault of two peers"][0], predict(bad))
    assert [(part.address, part.store) for part in cause.parts] == [
        (CORE, CLIENT), (CORE2, CLIENT)]  # fmt: skip
    zone = {pair for name, pair in cause.pairs if name == "uc-zone"}
    assert zone == {(core.address, edge.address) for core in TWO.core for edge in TWO.edge}
    (one,) = root_causes(bad := broken(TWO, (CORE2, CLIENT, expired)), predict(bad))
    assert {pair[0] for _name, pair in one.pairs} == {CORE2}
    assert {found.initiator for found in one.outcomes} == {CORE2}
    assert {fault.connection for fault in one.faults} == {*BETWEEN, *OF_CORE}
    assert [fault.verdict.cause for fault in one.faults] == [Cause.EXPIRED] * len(one.pairs)


def test_every_refusal_that_goes_away_together_is_a_fault() -> None:
    """The first of a connection ahead of what stands behind it."""
    bad = SCENES["two faults of one certificate are one cause"][0]
    (cause,) = root_causes(bad, predict(bad))
    zone = [f.verdict.cause for f in cause.faults if f.connection == "uc-zone"]
    assert zone == [Cause.EKU, Cause.NAME]
    assert {f.shows.node for f in cause.faults} == {"Core"}
    bad = SCENES["a usage before a name that was typed"][0]
    faults = [{f.verdict.cause for f in cause.faults} for cause in root_causes(bad, predict(bad))]
    assert faults == [{Cause.EKU}, {Cause.NAME}]


def test_where_all_possibilities_fail_the_least_of_them_counts() -> None:
    """What Webex checks is not known; what it refuses in any case is told (F1)."""
    bad = broken(SOUND, (EDGE, CLIENT, server_only), (EDGE, CLIENT, expired))
    (cause,) = root_causes(bad, predict(bad))
    faults = {name: [f.verdict.cause for f in cause.faults if f.connection == name]
              for name in ("webex", "b2b-out")}  # fmt: skip
    assert faults == {"webex": [Cause.EXPIRED], "b2b-out": [Cause.EKU, Cause.EXPIRED]}
    assert (cause.doubtful, cause.tried) == ((), True)


def test_what_fails_for_one_peer_is_not_doubtful_for_the_other() -> None:
    """It is down because of the cause in any case."""
    bad = broken(TWO, *((edge.address, CLIENT, server_only) for edge in TWO.edge))
    seen = [
        replace(o, state=State.FAILED, code="webex.client-eku-missing")
        if (o.connection, o.initiator) == ("webex", TWO.edge[1].address)
        else o
        for o in predict(bad)
    ]
    (cause,) = root_causes(bad, seen)
    assert ("webex" in cause.effects, cause.doubtful, len(cause.parts)) == (True, (), 2)


def test_outcomes_are_those_whose_first_refusal_it_is() -> None:
    """Without any those that it stands behind, or else those that it may bring down."""

    def shown(bad: Deployment) -> dict[str, set[str]]:
        return {
            cause.id: {outcome.connection for outcome in cause.outcomes}
            for cause in root_causes(bad, predict(bad))
        }

    assert shown(SCENES["a usage before a name that was typed"][0]) == {
        "core.client-store": {*BETWEEN, *OF_CORE}, "edge.setting.name": {*BETWEEN},
    }  # fmt: skip
    assert shown(SCENES["an issuing CA behind a list"][0]) == {
        "edge.trusted-ca.trust": {"ssh-tunnel"},
        "core.client-store": {"uc-zone", "traversal-mtls", *OF_CORE},
    }
    bad = SCENES["who may check and who does"][0]
    doubt = [outcome for outcome in predict(bad) if outcome.connection not in OUTSIDE]
    (cause,) = root_causes(bad, doubt)
    assert (cause.effects, cause.doubtful) == ((), ("webex",))
    assert [found.connection for found in cause.outcomes] == ["webex"]


def saying(name: str, code: str, state: State = State.FAILED, **changes: object) -> list[Outcome]:
    """Return the outcomes of the sound deployment, one of them with another end."""
    return [
        replace(found, state=state, code=f"{name}.{code}", **changes)  # type: ignore[arg-type]
        if found.connection == name
        else found
        for found in predict(SOUND)
    ]


SAID = [
    ("uc-zone", "client-revocation-not-checked", "edge.setting.not-known"),
    ("cucm-tftp", "client-revocation-not-checked", "cucm.far-end.not-known"),
    ("uc-zone", "server-revoked", "edge.server-store"),
    ("uc-zone", "client-revoked", "core.client-store"),
    ("uc-zone", "other", "network.not-known"),
    ("uc-zone", "no such cause", "network.not-known"),
]


@pytest.mark.parametrize(("name", "code", "expected"), SAID)
def test_a_failure_that_rules_do_not_foresee_has_the_cause_that_its_code_tells(
    name: str, code: str, expected: str
) -> None:
    """It cannot be tried, so nothing is promised of putting it right."""
    (cause,) = root_causes(SOUND, saying(name, code, error=23, depth=1, alert=44, text="words"))
    assert (cause.id, cause.effects, cause.restores) == (expected, (name,), ())
    assert (cause.tried, cause.behind) == (False, ())
    known = code if code.partition("-")[0] in set(Side) else "other"
    assert cause.code == known
    verdict = cause.faults[0].verdict
    assert (verdict.error, verdict.depth, verdict.alert, verdict.text) == (23, 1, 44, "words")


def test_of_what_nothing_is_known_there_is_no_cause() -> None:
    """A store that was not told of; what comes up; what is no connection of the catalog."""
    assert root_causes(SOUND, saying("uc-zone", "not-told", State.UNKNOWN)) == ()
    bad = broken(SOUND, (CORE, CLIENT, gone))
    silent = [replace(o, state=State.UNKNOWN, code=f"{o.connection}.not-told")
              for o in predict(bad)]  # fmt: skip
    assert root_causes(bad, silent) == ()
    assert root_causes(SOUND, saying("mra-login", "needs-uc-zone")) == ()


def test_what_does_not_help_is_told_as_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing comes back; it ends where the same refusal comes again."""
    bad = broken(SOUND, (CORE, CLIENT, expired))
    monkeypatch.setattr(causation, "mended", lambda deployment, _parts: deployment)
    (cause,) = root_causes(bad, predict(bad))
    assert (cause.id, cause.tried, cause.restores) == ("core.client-store", False, ())
    assert cause.effects == ALL_OF_CORE
    assert len(cause.faults) == len(cause.pairs)


def test_what_only_brings_back_an_earlier_refusal_is_told_as_not_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends there, instead of going round."""
    one, other = broken(SOUND, (CORE, CLIENT, expired)), NAMELESS
    monkeypatch.setattr(causation, "mended", lambda found, _parts: other if found is one else one)
    zone = [outcome for outcome in predict(one) if outcome.connection == "uc-zone"]
    causes = root_causes(one, zone)
    assert [(cause.id, cause.tried, len(cause.faults)) for cause in causes] == [
        ("core.client-store", True, 1), ("edge.setting.name", False, 1)]  # fmt: skip


def test_one_part_that_cannot_be_tried_makes_its_cause_so() -> None:
    """CUCM is told to trust it and was seen to refuse it; the neighbor lacks the CA."""
    bad = without_trust(SOUND, FAR["neighbor"], CA2)
    odd = [
        replace(o, state=State.FAILED, code="cucm-tftp.client-untrusted")
        if o.connection == "cucm-tftp"
        else o
        for o in predict(bad)
    ]
    (cause,) = root_causes(bad, odd)
    assert (cause.id, cause.tried, cause.restores) == ("far-ends.far-end.trust", False, ())
    assert cause.effects == ("cucm-tftp", "neighbor-in", "neighbor-out")


def test_one_refusal_that_is_not_tried_makes_its_whole_cause_so() -> None:
    """What is told beside what rules foresee is one cause of one part."""
    bad = broken(SOUND, (CORE, CLIENT, expired))
    odd = [
        replace(o, code="uc-zone.client-revoked") if o.connection == "uc-zone" else o
        for o in predict(bad)
    ]
    (cause,) = root_causes(bad, odd)
    assert (cause.tried, cause.restores, cause.effects) == (False, (), ALL_OF_CORE)


class Hides:
    """A cause that hides others."""

    def __init__(self, name: str, *behind: str) -> None:
        """Keep its name and what it hides."""
        self.id, self.behind = name, behind


HIDING = [
    ([Hides("a"), Hides("b")], "ab"), ([Hides("a"), Hides("b", "a")], "ba"),
    ([Hides("a"), Hides("b", "a"), Hides("c", "b")], "cba"),
    ([Hides("a", "b"), Hides("b", "a")], "ab"), ([Hides("a", "a"), Hides("b")], "ab"),
    ([Hides("a"), Hides("b"), Hides("c", "a")], "bca"), ([], ""),
]  # fmt: skip


@pytest.mark.parametrize(("causes", "expected"), HIDING)
def test_what_hides_another_comes_first(causes: list[Hides], expected: str) -> None:
    """Else the order stays; causes that hide each other stay as they are."""
    assert "".join(cause.id for cause in hiding_first(causes)) == expected


def cause(name: str, effects: str, restores: str, pairs: int = 1) -> RootCause:
    """Return a cause by name; in the words L stands for a login, c for a connection."""

    def names(words: str) -> tuple[str, ...]:
        logins = iter(LOGINS)
        return tuple(next(logins) if word == "L" else f"c{n}" for n, word in enumerate(words))

    first = frozenset((f"c{n}", ("a", "b")) for n in range(pairs))
    return RootCause(name, (), (), names(effects), (), names(restores), (), first, ())


ORDER = [
    # What comes first, what comes after it.
    (cause("services back", "L", "L"), cause("more back", "LL", "ccc", 9)),
    (cause("services down", "LL", "c"), cause("more back", "L", "ccc", 9)),
    (cause("more back", "c", "cc"), cause("more pairs", "ccc", "c", 9)),
    (cause("more pairs", "c", "c", 2), cause("one pair", "c", "c")),
    (cause("a", "c", "c"), cause("b", "c", "c")),
]


@pytest.mark.parametrize(("first", "second"), ORDER, ids=lambda row: row.id)
def test_what_brings_back_most_services_comes_first(first: RootCause, second: RootCause) -> None:
    """Then what brings down most, brings back most connections, and is first on most."""
    assert [c.id for c in causation._ordered([first, second])] == [first.id, second.id]
    if first.id != "a":
        assert [c.id for c in causation._ordered([second, first])] == [first.id, second.id]


def test_one_connection_of_many_pairs_counts_once() -> None:
    """A cluster does not outweigh another connection."""
    many = replace(cause("a", "c", "c"), pairs=frozenset(("c", (str(n), "b")) for n in range(5)))
    assert [c.id for c in causation._ordered([many, cause("b", "c", "c", 2)])] == ["b", "a"]


def test_every_kind_of_part_has_its_words_in_an_id() -> None:
    """A certificate needs none, since its store is named."""
    ids = [told.id for _deployment, rows in SCENES.values() for told in rows]
    assert {Kind.TRUST.value, Kind.NAME.value, Kind.PORT.value} <= {
        word for name in ids for word in name.split(".")
    }
    assert not any(Kind.CERTIFICATE.value in name for name in ids)
