"""Before and after: what differs, what it mended and broke, and how much is the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from archives import unpacked
from conftest import ROOT

import ekukit
from ekukit.cli.main import main
from ekukit.comparison.compared import Standing, compared
from ekukit.comparison.difference import Area, Effect
from ekukit.connections import State, predict
from ekukit.expressway import CertificateStore, Store, build, condition
from ekukit.verbs.diff import Differences

CASES = ROOT / "data" / "cases"


def of(found: Differences, area: Area) -> list[tuple[str, str, str, str]]:
    """Return the differences of an area: effect, where, before, after."""
    return [
        (one.effect.value, one.where, one.before, one.after)
        for one in found.found.differences
        if one.area is area
    ]


@pytest.fixture(scope="module")
def mended() -> Differences:
    """Return what differs between condition 2 and condition 2.1."""
    return ekukit.diff("C2", "C2.1")


def test_what_was_mended_is_what_failed_before_and_works_now(mended: Differences) -> None:
    """By the states of both, and nothing else."""
    then, now = ({o.title: o.state for o in ekukit.simulate(name)} for name in ("C2", "C2.1"))
    works = {title for title in now if now[title] is State.ACTIVE}
    assert set(mended.mended) == works - {t for t in then if then[t] is State.ACTIVE}
    assert (mended.broken, mended.mended[:2]) == ((), ("MRA login", "WebRTC proxy"))


def test_the_way_back_breaks_what_the_way_there_mended(mended: Differences) -> None:
    """Added and removed, mended and broken change places; what is the same stays as many."""
    back = ekukit.diff("C2.1", "C2")
    assert set(back.broken) == set(mended.mended)
    assert back.mended == mended.broken
    assert back.found.same == mended.found.same
    assert back.headline.startswith("Broken: MRA login, WebRTC proxy")


def test_one_certificate_is_told_by_slot_and_by_what_changed_in_it(mended: Differences) -> None:
    """EKUs, issuer, end, serial; the three others are counted."""
    [(effect, where, before, after)] = of(mended, Area.CERTIFICATE)
    assert (effect, where) == ("changed", "Core core.example.com, client store")
    assert before.startswith("core.example.com: serverAuth; issued by CA 2 Public")
    assert after.startswith("clientAuth gained; EKUs serverAuth → serverAuth + clientAuth; issuer")
    assert mended.found.same[Area.CERTIFICATE] == 3


def test_the_cause_that_is_gone_is_mended_and_the_other_is_the_same(mended: Differences) -> None:
    """A cause is told in words."""
    assert of(mended, Area.CAUSE) == [
        ("mended", "Core's client certificate lacks clientAuth.", "", "")
    ]
    assert mended.found.same[Area.CAUSE] == 1


@pytest.mark.parametrize("name", ["C1", "C3", str(CASES / "cluster-of-two.tar.gz")])
def test_nothing_differs_from_itself_and_everything_is_counted(name: str) -> None:
    """States, nodes, certificates, lists and settings."""
    found = ekukit.diff(name, name)
    assert (found.headline, found.found.differences) == ("Nothing differs.", ())
    areas = {Area.STATE, Area.NODE, Area.CERTIFICATE, Area.TRUST, Area.SETTING}
    assert areas <= {area for area, count in found.found.same.items() if count}


@pytest.mark.parametrize(
    ("changed", "where", "before", "after"),
    [
        (condition("C2", edge_checking="off"), "Edge edge.example.com: EKU checking mode", "On",
         "Off"),
        (condition("C2", neighbor_verify="off"),
         "Core core.example.com: TLS verify of neighbor zones", "On", "Off"),
        (condition("C2", domains=("example.com",)), "SIP domains", "example.com, example.org",
         "example.com"),
        (condition("C2").with_far_end("cucm", checks="no"), "CUCM: checks clientAuth", "yes", "no"),
    ],
)  # fmt: skip
def test_a_setting_is_told_by_its_name(
    changed: "ekukit.condition", where: str, before: str, after: str
) -> None:
    """Where it stands, how it was and how it is."""
    assert ("changed", where, before, after) in of(ekukit.diff("C2", changed), Area.SETTING)


def test_a_peer_that_was_added_is_told_with_its_name() -> None:
    """And the certificates of the peers that stay are compared."""
    found = ekukit.diff("C3", condition("C3", core_peers=2))
    assert of(found, Area.NODE) == [
        ("added", "Core core2.example.com", "", "Core core2.example.com")
    ]
    assert any("names gained: cluster-core.example.com" in row[3]
               for row in of(found, Area.CERTIFICATE))  # fmt: skip


def test_a_name_that_is_lost_is_told() -> None:
    """The renewal forgot it."""
    before = build(condition("C3"))
    held = before.core[0].client.certificate
    assert held is not None
    old = before.with_core(
        client=CertificateStore(Store.CLIENT, held.moved(names=(*held.names, "old.example.com")))
    )
    sides = (Standing(one, predict(one), ()) for one in (old, before))
    [found] = [d for d in compared(*sides).differences if d.area is Area.CERTIFICATE]
    assert found.after.startswith("names lost: old.example.com; serial")


def test_an_archive_is_compared_with_another(tmp_path: Path) -> None:
    """Written before and after a change: what was predicted and what was seen."""
    paths = [tmp_path / "before.tar.gz", tmp_path / "after.tar.gz"]
    for name, path in zip(("C2", "C2.1"), paths, strict=True):
        ekukit.simulate(name, archive=path)
    found = ekukit.diff(*paths)
    assert set(found.mended) == {
        "WebRTC proxy", "UC traversal zone", "SSH tunnel", "Traversal zone with mTLS",
    }  # fmt: skip
    assert ("changed", "UC traversal zone", "Failed", "Active") in of(found, Area.SEEN)
    assert len(of(found, Area.CERTIFICATE)) == 1
    assert of(found, Area.TRUST) == of(found, Area.SETTING) == []


def test_a_ca_that_left_a_list_is_told_with_the_list() -> None:
    """And what it broke."""
    names = ("private-core-client", "tunnels-issuing-ca-not-trusted")
    found = ekukit.diff(*(CASES / f"{name}.tar.gz" for name in names))
    assert of(found, Area.TRUST) == [
        ("removed", "Edge edge.example.com", "CA 1 Internal Issuing CA", "")
    ]
    assert found.broken == ("WebRTC proxy", "SSH tunnel")
    assert [one.effect for one in found.found.differences if one.area is Area.CAUSE] == [
        Effect.ADDED
    ]


def test_shell_and_python_say_the_same(
    mended: Differences, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON is one; the terminal has each difference on a line."""
    assert main(["diff", "C2", "C2.1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(mended.json())
    assert told["unchanged"]["certificates"] == 3
    assert main(["diff", "C2", "C2.1"]) == 0
    shown = capsys.readouterr().out
    assert "mended: UC traversal zone: Failed → Active" in shown
    assert "mended: Core's client certificate lacks clientAuth." in shown


def test_text_of_a_dump_stays_text() -> None:
    """Markup is escaped, and nothing steers a screen."""
    one = build(condition("C3"))
    start = Standing(one, predict(one), ())
    odd = replace(start, configuration={("core", "<b>Zone"): "\x1b[2J<script>"})
    found = Differences(compared(start, odd), ())
    assert "<script>" not in found._repr_html_()
    assert "\x1b" not in found._repr_html_() + found.json()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("C2", "nowhere.tar.gz"), "does not exist"),
        (("C2", ["C2", "C3"]), "a condition stands alone"),
        (("C2", 3), "cannot be compared|no path"),
    ],
)
def test_what_cannot_be_compared_is_told(given: tuple[object, object], told: str) -> None:
    """It is an InputError."""
    with pytest.raises(ekukit.InputError, match=told):
        ekukit.diff(*given)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["public-everywhere-checking-on", "private-core-client"])
def test_files_that_do_not_show_a_thing_say_neither_mended_nor_broken(
    tmp_path: Path, name: str
) -> None:
    """With Core's files missing afterwards its states are Unknown and its cause is not gone."""
    whole = CASES / f"{name}.tar.gz"
    for file, data in unpacked(whole.read_bytes()).items():
        if "_edge_" in file and not file.endswith(".pcap") and "logging" not in file:
            (tmp_path / Path(file).name).write_bytes(data)
    found = ekukit.diff(whole, tmp_path)
    assert (found.mended, found.broken) == ((), ())
    assert "UC traversal zone" in found.headline
    assert "Nothing was" not in found.headline
    effects = {one.effect for one in found.found.differences}
    assert not effects & {Effect.MENDED, Effect.BROKEN, Effect.REMOVED}
    back = ekukit.diff(tmp_path, whole)
    assert (back.mended, back.broken) == ((), ())


def test_what_was_assumed_is_not_compared(tmp_path: Path) -> None:
    """Without Edge's list and dumps only what the files hold differs; the rest is told apart."""
    whole = CASES / "private-core-client.tar.gz"
    for file, data in unpacked(whole.read_bytes()).items():
        if "ca_edge_" not in file and "_dump_edge_" not in file:
            (tmp_path / Path(file).name).write_bytes(data)
    for pair in ((whole, tmp_path), (tmp_path, whole)):
        found = ekukit.diff(*pair)
        assert of(found, Area.TRUST) == []
        kits = {"Edge edge.example.com: release", "Edge edge.example.com: EKU checking mode"}
        assert not kits & {row[1] for row in of(found, Area.SETTING)}
        [apart] = [note for note in found.notes if note.startswith("Not compared")]
        assert apart.endswith(
            "the EKU checking mode of Edge, the release of Edge and the trusted CA list of Edge."
        )
    assert not any(note.startswith("Not compared") for note in ekukit.diff(whole, whole).notes)
