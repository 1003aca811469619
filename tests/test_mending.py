"""Which part a refusal is the fault of, and what stands there once it is put right."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from test_causes import expired, failing, gone, server_only, with_certificate
from test_root_causes import CORE, EDGE, FAR, SOUND, TWO

from ekukit.causes import root_causes
from ekukit.causes.mending import holding, mended, needed_names, system_at
from ekukit.causes.part import (
    CausePlace,
    Kind,
    Part,
    borne,
    certificate_at,
    certificate_part,
    part_of,
    top_of,
)
from ekukit.certificates import CaCertificate, Certificate, EkuProfile
from ekukit.connections import Cause, Handshake, Side, Verdict, connection, handshakes
from ekukit.connections.predict import predict
from ekukit.expressway import Deployment, Expressway, Role, Store

CLIENT, SERVER = Store.CLIENT, Store.SERVER
DAY = timedelta(days=1)
ZONE = connection("uc-zone")
TYPED = "typed.example.com"
CLIENT_STORE = Part(CausePlace.CLIENT_STORE, Kind.CERTIFICATE, CORE, CLIENT)


def client_of(found: Deployment, place: int = 0) -> Certificate:
    """Return what a Core peer holds in its client store."""
    held = found.core[place].client.certificate
    assert held is not None
    return held


def refused(shake: Handshake, cause: Cause, depth: int | None, row: str = "uc-zone") -> Part:
    """Return the part that a client's refusal is the fault of."""
    return part_of(SOUND, connection(row), shake, Verdict(cause, Side.CLIENT, None, depth))


def listing(*cas: CaCertificate) -> Handshake:
    """Return the zone's handshake, in which Edge has these CAs in its list."""
    shake = handshakes(SOUND, ZONE)[0]
    return replace(shake, server=replace(shake.server, trusted=frozenset(cas)))


ISSUING, ROOT = client_of(SOUND).chain
OLD = replace(ISSUING, not_after=ISSUING.not_after - DAY)
OLD_ROOT = replace(ROOT, not_after=ROOT.not_after - DAY)
AS_OLD = replace(ISSUING, not_before=ISSUING.not_before + DAY)
YOUNGER = replace(ISSUING, not_after=ISSUING.not_after + DAY)
TRUST = Part(CausePlace.TRUSTED_CA, Kind.TRUST, EDGE, ca=(ROOT.subject, ROOT.key))

COPIES = [
    # In Edge's list, the refusal and its depth, whether the list is at fault.
    ((OLD, ROOT), Cause.EXPIRED, 1, True), ((OLD, ROOT), Cause.NOT_YET_VALID, 1, True),
    ((OLD, OLD_ROOT), Cause.EXPIRED, 2, True), ((ISSUING, OLD_ROOT), Cause.EXPIRED, 2, True),
    ((OLD, ROOT), Cause.EXPIRED, 2, False), ((ISSUING, OLD_ROOT), Cause.EXPIRED, 1, False),
    ((OLD, OLD_ROOT), Cause.EXPIRED, 0, False), ((OLD, OLD_ROOT), Cause.EXPIRED, None, False),
    ((OLD, OLD_ROOT), Cause.EXPIRED, 3, False), ((OLD, ROOT), Cause.WEAK_KEY, 1, False),
    ((ISSUING, ROOT), Cause.EXPIRED, 1, False), ((OLD, ISSUING, ROOT), Cause.EXPIRED, 1, False),
    ((OLD, YOUNGER, ROOT), Cause.EXPIRED, 1, False), ((AS_OLD, ROOT), Cause.EXPIRED, 1, False),
    ((ROOT,), Cause.EXPIRED, 1, False), ((), Cause.UNTRUSTED, 0, True),
    ((OLD, ROOT), Cause.UNTRUSTED, 1, True),
]  # fmt: skip


@pytest.mark.parametrize(("held", "cause", "depth", "of_list"), COPIES)
def test_a_list_is_at_fault_where_its_copy_of_a_ca_ends_before_the_paths_own(
    held: tuple[CaCertificate, ...], cause: Cause, depth: int | None, *, of_list: bool
) -> None:
    """All copies of that very CA, where a date is what is wrong; else it is the certificate."""
    assert refused(listing(*held), cause, depth) == (TRUST if of_list else CLIENT_STORE)


def typing(name: str, *, expects: str = TYPED) -> tuple[Deployment, Handshake]:
    """Return the deployment in which a name was typed at Edge, and a handshake of the zone."""
    found = SOUND.with_edge(verify_subject_name=name)
    shake = handshakes(found, ZONE)[0]
    return found, replace(shake, server=replace(shake.server, expects_name=expects))


def test_a_name_that_nobody_bears_is_the_fault_of_who_typed_it() -> None:
    """Of one that was not typed, or not looked for here, or that a peer bears, it is not."""
    verdict = Verdict(Cause.NAME, Side.CLIENT, 62, 0)
    setting = Part(CausePlace.SETTING, Kind.NAME, EDGE)
    rows = [
        (typing(TYPED), setting), (typing("", expects=""), CLIENT_STORE),
        (typing(TYPED, expects="other.example.com"), CLIENT_STORE),
        (typing("CORE.example.com", expects="CORE.example.com"), CLIENT_STORE),
    ]  # fmt: skip
    assert [part_of(found, ZONE, shake, verdict) for (found, shake), _ in rows] == [
        part for _, part in rows
    ]


@pytest.mark.parametrize("others", [("*.example.com",), ("*.example.com", "alias.example.com")])
def test_a_typed_name_is_no_fault_where_no_certificate_has_another(others: tuple[str, ...]) -> None:
    """Wildcards are none (T5): the certificate is to hold what was typed, its own host name too."""
    found, shake = typing(TYPED)
    for store in Store:
        found = with_certificate(found, CORE, store, lambda _found, old: old.moved(names=others))
    verdict = Verdict(Cause.NAME, Side.CLIENT, 62, 0)
    setting = Part(CausePlace.SETTING, Kind.NAME, EDGE)
    alone = len(others) == 1
    assert part_of(found, ZONE, shake, verdict) == (CLIENT_STORE if alone else setting)
    needed = needed_names(found, system_at(found, CORE), client_of(found))
    assert needed == ("core.example.com", *others, *([TYPED] if alone else []))


def test_a_far_ends_name_is_its_certificates_fault() -> None:
    """Whoever looks for it: nobody types a name at a far end, nor one for it."""
    found = SOUND.with_edge(verify_subject_name=TYPED)
    row = connection("b2b-in")
    shake = handshakes(found, row)[0]
    shake = replace(shake, server=replace(shake.server, expects_name=TYPED))
    partner = Part(CausePlace.FAR_END, Kind.CERTIFICATE, FAR["partner"], SERVER)
    assert part_of(found, row, shake, Verdict(Cause.NAME, Side.CLIENT, 62, 0)) == partner
    edge = Part(CausePlace.SERVER_STORE, Kind.CERTIFICATE, EDGE, SERVER)
    assert part_of(found, row, shake, Verdict(Cause.NAME, Side.SERVER, 62, 0)) == edge


def test_names_of_a_side_are_those_of_its_peers_and_their_certificates() -> None:
    """In lower case; an empty store has none."""
    found = with_certificate(
        TWO, CORE, CLIENT, lambda _found, held: held.moved(names=("Alias.example.com",))
    )
    core2 = TWO.core[1].address
    found = with_certificate(with_certificate(found, core2, CLIENT, gone), core2, SERVER, gone)
    assert borne(found, Role.CORE) == {
        "core.example.com", "core2.example.com", "alias.example.com", "cluster-core.example.com",
    }  # fmt: skip
    assert borne(SOUND, Role.EDGE) == {"edge.example.com"}


def test_a_far_end_has_one_certificate_unless_it_has_another_for_clients() -> None:
    """As a release with a client store has (F4)."""
    neighbor = system_at(SOUND, FAR["neighbor"])
    own = certificate_at(neighbor, SERVER)
    assert certificate_part(neighbor, CLIENT).store is SERVER
    two = holding(neighbor, replace(CLIENT_STORE, store=CLIENT), client_of(SOUND))
    assert [certificate_part(two, store).store for store in (CLIENT, SERVER)] == [CLIENT, SERVER]
    assert certificate_at(two, CLIENT) == client_of(SOUND)
    assert certificate_at(two, SERVER) == own
    other = holding(two, replace(CLIENT_STORE, store=SERVER), client_of(TWO))
    assert [certificate_at(other, store) for store in (SERVER, CLIENT)] == [
        client_of(TWO), client_of(SOUND)]  # fmt: skip


def test_without_a_store_the_server_certificate_is_meant() -> None:
    """Of a node."""
    core = with_certificate(SOUND, CORE, SERVER, expired).core[0]
    assert certificate_at(core, None) == core.server.certificate != core.client.certificate
    changed = holding(core, replace(CLIENT_STORE, store=None), client_of(TWO))
    assert isinstance(changed, Expressway)
    assert (changed.server.certificate, changed.client) == (client_of(TWO), core.client)
    assert changed.server.kind is SERVER


def test_of_no_chain_there_is_no_topmost_ca() -> None:
    """As of a part that is no list; a sound CA in an old one's place is the same one."""
    assert top_of(()) == ("", "") == CLIENT_STORE.ca
    assert top_of((ISSUING, replace(ROOT, key=f"{ROOT.key}+"))) == (ROOT.subject, ROOT.key)


def test_a_certificate_that_is_put_right_keeps_its_names_and_serves_both_purposes() -> None:
    """It is valid, and of a CA of the same name with a key of its own."""
    bad = with_certificate(
        SOUND, CORE, CLIENT, lambda _found, held: held.moved(names=("a.example.com",), ekus=())
    )
    new = client_of(mended(bad, [CLIENT_STORE]))
    assert set(new.names) == {"core.example.com", "a.example.com"}
    assert new.ekus == EkuProfile.BOTH.ekus
    assert new.not_before < SOUND.at < new.not_after
    assert [ca.subject for ca in new.chain] == [ca.subject for ca in client_of(SOUND).chain]
    assert {ca.key for ca in new.chain}.isdisjoint(ca.key for ca in client_of(SOUND).chain)


def test_an_empty_store_is_filled_as_the_server_store_is() -> None:
    """With its names and CA; where that is empty too, with a certificate of a CA of nobody's."""
    named = with_certificate(
        SOUND, CORE, SERVER, lambda _found, held: held.moved(names=("b.example.com",))
    )
    bad = with_certificate(named, CORE, CLIENT, gone)
    new = client_of(mended(bad, [CLIENT_STORE]))
    assert set(new.names) == {"core.example.com", "b.example.com"}
    assert [ca.subject for ca in new.chain] == [ca.subject for ca in client_of(SOUND).chain]
    bare = with_certificate(bad, CORE, SERVER, gone)
    parts = [part for cause in root_causes(bare, predict(bare)) for part in cause.parts]
    assert {part.store for part in parts} == {CLIENT, SERVER}
    assert failing(mended(bare, parts)) == set()


def test_names_that_are_needed_are_its_own_its_clusters_and_one_that_is_looked_for() -> None:
    """Not those of a peer, nor one that nobody of its side bears."""
    found = TWO.with_edge(verify_subject_name="core2.example.com")
    held = client_of(TWO).moved(names=("old.example.com",))
    found = with_certificate(found, CORE, CLIENT, lambda _found, _held: held)
    core, edge = system_at(found, CORE), found.edge[0]
    assert needed_names(found, core, held) == (
        "core.example.com", "old.example.com", "core2.example.com", "cluster-core.example.com",
    )  # fmt: skip
    typed = found.with_edge(verify_subject_name=TYPED)
    assert TYPED not in needed_names(typed, core, held)
    own = certificate_at(edge, SERVER)
    assert own is not None
    assert needed_names(found, edge, own) == ("edge.example.com", "cluster-edge.example.com")
    far = system_at(found, FAR["cucm"])
    assert needed_names(found, far, held) == (far.fqdn, "old.example.com")
    other = with_certificate(TWO, CORE, SERVER, lambda _found, _held: held)
    assert "old.example.com" not in needed_names(other, other.core[1], client_of(TWO, 1))


def looked_for(*names: tuple[str, ...]) -> str:
    """Return the name that Edge looks for once it is put right, by the names of Core's peers."""
    found = (SOUND if len(names) == 1 else TWO).with_edge(verify_subject_name=TYPED)
    for core, held in zip(found.core, names, strict=True):
        found = with_certificate(
            found, core.address, CLIENT,
            lambda _found, old, held=held: old.moved(names=held) if held else None,  # type: ignore[misc]
        )  # fmt: skip
    right = mended(found, [Part(CausePlace.SETTING, Kind.NAME, EDGE)])
    assert [edge.verify_subject_name for edge in right.edge[1:]] == [TYPED] * (len(names) - 1)
    assert [core.verify_subject_name for core in right.core] == [""] * len(names)
    return right.edge[0].verify_subject_name


LOOKED = [
    ((("core.example.com", "zone.example.com"),), "core.example.com"),
    ((("a.example.com", "zone.example.com"),), "zone.example.com"),
    (((),), "core.example.com"), (((), ()), "core2.example.com"),
    ((("core.example.com", "both.example.com"), ("core2.example.com", "both.example.com")),
     "both.example.com"),
    ((("core.example.com", "x.example.com"), ("core2.example.com", "b.example.com")),
     "x.example.com"),
    ((("core.example.com", "b.example.com"), ("core2.example.com", "core.example.com")),
     "core.example.com"),
    ((("*.example.com", "a.example.com"), ("*.example.com", "core2.example.com")),
     "a.example.com"),
]  # fmt: skip


@pytest.mark.parametrize(("names", "expected"), LOOKED)
def test_a_zone_is_to_look_for_what_most_client_certificates_bear(
    names: tuple[tuple[str, ...], ...], expected: str
) -> None:
    """Of one node rather its host name, of a cluster rather another; only that zone changes."""
    assert looked_for(*names) == expected


def test_a_name_is_put_right_before_a_certificate_that_is_to_hold_it() -> None:
    """Two peers without any certificate, or without names, and a name that neither bears."""
    bad = TWO.with_edge(verify_subject_name=TYPED)
    parts = []
    for core, store in product(TWO.core, Store):
        bad = with_certificate(bad, core.address, store, gone)
        parts.append(certificate_part(core, store))
    names = [Part(CausePlace.SETTING, Kind.NAME, edge.address) for edge in TWO.edge]
    assert failing(mended(bad, [*parts, *names])) == set()
    bare = TWO.with_edge(verify_subject_name=TYPED)
    for core in TWO.core:
        bare = with_certificate(bare, core.address, CLIENT, lambda _found, old: old.moved(names=()))
    for both in ([CLIENT_STORE, names[0]], [names[0], CLIENT_STORE]):
        right = mended(bare, both)
        assert right.edge[0].verify_subject_name == "core2.example.com"
        assert client_of(right).names == ("core.example.com", "core2.example.com")


def test_what_nobody_knows_how_to_put_right_stays() -> None:
    """As revocation, and a reason that is not known."""
    assert mended(SOUND, [Part(CausePlace.SETTING, Kind.NOT_KNOWN, EDGE)]) == SOUND


def test_a_list_gets_every_ca_under_the_root_that_it_lacks() -> None:
    """And no other list does."""
    bare = SOUND.with_edge(trusted=frozenset())
    right = mended(bare, [TRUST])
    assert {ISSUING, ROOT} <= right.edge[0].trusted
    assert right.core == bare.core
    assert right.far_ends == bare.far_ends
    other = replace(TRUST, ca=("CN=Other", ""))
    assert mended(bare, [other]).edge[0].trusted == frozenset()
    lone = with_certificate(bare, CORE, CLIENT, server_only)
    assert {ISSUING, ROOT} <= mended(lone, [TRUST]).edge[0].trusted
