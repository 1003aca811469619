"""What a CA sent is judged for a slot of a case before anybody uploads it."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import ROOT
from cryptography import x509

import ekukit
from ekukit.certificates import certificate_pem
from ekukit.certificates.authority import not_listed
from ekukit.cli.main import main
from ekukit.connections import State
from ekukit.connections.outcome import worst_states
from ekukit.expressway.build import CA1
from ekukit.orders.received import Weight
from ekukit.verbs.check_slot import SlotChecked

CASES = ROOT / "data" / "cases"
PUBLIC = CASES / "public-everywhere-checking-on.tar.gz"
FROM = "2026-11-28"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what an internal and a public CA sent."""
    root = tmp_path_factory.mktemp("sent")
    key, day = "EC-secp256r1", "2026-11-01"
    names = {"core.example.com": "both", "core2.example.com": "both", "other.example.com": "both"}
    ekukit.issue(names, folder=root / "in", key=key, issued=day)
    ekukit.issue(
        {"core.example.com": "server", "edge.example.com": "server"},
        folder=root / "out", issuer="public", key=key, issued=day,
    )  # fmt: skip
    return root


def texts(found: SlotChecked, weight: Weight) -> list[str]:
    """Return the points of a weight in words."""
    return [point.text for point in found.points if point.weight is weight]


def state(found: SlotChecked, which: str, title: str) -> State:
    """Return the worst state of a connection."""
    return worst_states(getattr(found, which))[title]


def test_a_certificate_that_fits_its_slot_mends_condition_2(sent: Path) -> None:
    """Condition 2.1 comes about, and nothing is to be done before."""
    found = ekukit.check(sent / "in" / "core.example.com.pem", slot="core-client", case="C2")
    assert (found.headline, texts(found, Weight.STOP), texts(found, Weight.FIRST)) == (
        "It fits its slot.", [], [],
    )  # fmt: skip
    told = {which: state(found, which, "MRA login") for which in ("before", "after", "filled")}
    assert told == {"before": State.FAILED, "after": State.ACTIVE, "filled": State.ACTIVE}


def test_a_public_certificate_without_clientauth_is_refused_by_the_page_in_its_words(
    sent: Path,
) -> None:
    """S6, and that the CA left it out; its issuing CA is limited besides (E6)."""
    found = ekukit.check(sent / "out" / "core.example.com.pem", slot="core-client", case="C2.1")
    stops = texts(found, Weight.STOP)
    assert "does not have a client usage attribute" in stops[0]
    assert any("The CA left clientAuth out: it lists serverAuth" in text for text in stops)
    assert any("does not allow clientAuth" in text for text in stops)
    assert found.headline.startswith("Do not upload it: Core's page refuses it")
    assert state(found, "before", "MRA login") is State.ACTIVE
    assert state(found, "after", "MRA login") is State.FAILED


def test_a_private_server_certificate_of_edge_makes_clients_ask_their_users(sent: Path) -> None:
    """N12: browsers and phones know public roots alone."""
    asked = {
        folder: any("MRA clients" in text for text in texts(
            ekukit.check(path, slot="edge-server", case="C2"), Weight.CARE))
        for folder, path in (("in", sent / "in" / "other.example.com.pem"),
                             ("out", sent / "out" / "edge.example.com.pem"))
    }  # fmt: skip
    assert asked == {"in": True, "out": False}


def test_the_same_certificate_fits_the_server_slot(sent: Path) -> None:
    """X15.5 takes serverAuth alone there, and nothing goes down."""
    found = ekukit.check(sent / "out" / "core.example.com.pem", slot="core-server", case="C2.1")
    assert texts(found, Weight.STOP) == []
    assert worst_states(found.before) == worst_states(found.after)


def test_the_chain_is_told_list_by_list_before_the_upload(sent: Path) -> None:
    """The node's own list (T6), the other side's (E11) and CUCM (T8) have another CA 1."""
    inside = sent / "in"
    found = ekukit.check(
        inside / "core.example.com.pem", slot="core-client", case=PUBLIC, at=FROM,
        ca=inside / "root-ca.pem",
    )  # fmt: skip
    first = texts(found, Weight.FIRST)
    assert [next(f for f in ("own", "Edge", "CUCM") if f in text) for text in first] == [
        "own", "Edge", "CUCM",
    ]  # fmt: skip
    assert all("with another key" in text and "Internal Root" in text for text in first)
    told = {which: state(found, which, "UC traversal zone")
            for which in ("before", "after", "filled")}  # fmt: skip
    assert told == {"before": State.FAILED, "after": State.FAILED, "filled": State.ACTIVE}


def test_a_path_without_its_root_is_told(sent: Path) -> None:
    """With the issuing CA alone the lists stay short of the root."""
    found = ekukit.check(
        sent / "in" / "core.example.com.pem", slot="core-client", case=PUBLIC, at=FROM
    )
    assert any("get the root above it" in text for text in texts(found, Weight.FIRST))


def test_a_name_that_edge_looks_for_and_that_is_lost_stops_it(sent: Path) -> None:
    """E8: the EKU is right, and the zone fails on the name all the same."""
    found = ekukit.check(sent / "in" / "other.example.com.pem", slot="core-client", case="C2")
    assert any("lacks core.example.com, which the other side looks for" in text
               for text in texts(found, Weight.STOP))  # fmt: skip
    assert state(found, "after", "UC traversal zone") is State.FAILED
    assert state(ekukit.check(sent / "in" / "core.example.com.pem", slot="core-client", case="C2"),
                 "after", "UC traversal zone") is State.ACTIVE  # fmt: skip


def test_of_a_cluster_the_peer_whose_name_it_has_gets_it(sent: Path) -> None:
    """And the cluster's name, which Edge looks for, is missing."""
    found = ekukit.check(
        sent / "in" / "core2.example.com.pem", slot="core-client",
        case=ekukit.condition("C2", core_peers=2),
    )  # fmt: skip
    assert json.loads(found.json())["nodes"] == ["core2.example.com"]
    assert any("cluster-core.example.com" in text for text in texts(found, Weight.STOP))


def test_a_certificate_that_has_ended_is_stopped(sent: Path) -> None:
    """Judged at the moment that is given."""
    found = ekukit.check(sent / "in" / "core.example.com.pem", slot="core-client", case=PUBLIC,
                         at="2029-01-01")  # fmt: skip
    assert any(text.startswith("It expired on") for text in texts(found, Weight.STOP))


def test_a_leaf_alone_names_the_ca_that_is_not_in_the_files(sent: Path, tmp_path: Path) -> None:
    """Its issuer is known by name and told as missing."""
    leaf = x509.load_pem_x509_certificates((sent / "in" / "core.example.com.pem").read_bytes())[0]
    path = tmp_path / "leaf.pem"
    path.write_bytes(certificate_pem(leaf))
    found = ekukit.check(path, slot="core-client", case=PUBLIC, at=FROM)
    assert "CA 1 Internal Issuing CA" in texts(found, Weight.FIRST)[0]


def test_shell_and_python_say_the_same(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is one; the terminal has the headline and three columns of states."""
    path = sent / "in" / "core.example.com.pem"
    words = ["check", str(path), "--slot", "core-client", "--case", "C2"]
    assert main([*words, "--json"]) == 0
    assert capsys.readouterr().out.strip() == (
        ekukit.check(path, slot="core-client", case="C2").json()
    )
    assert main(words) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("It fits its slot.")
    assert "UC traversal zone ✗ Failed ✓ Active ✓ Active" in told


@pytest.mark.parametrize(
    ("given", "options", "told"),
    [
        (("core.example.com.pem",), {}, "give --slot, too"),
        (("core.example.com.pem",), {"slot": "core-client"}, "give --case, too"),
        (("core.example.com.pem",), {"slot": "core", "case": "C2"}, "slot 'core' is unknown"),
        ((), {"slot": "core-client", "case": "C2"}, "no file to judge"),
        (("nowhere.pem",), {"slot": "core-client", "case": "C2"}, "cannot be read"),
        (
            ("core.example.com.pem",),
            {"slot": "core-client", "case": ekukit.condition("C1", release="X15.4")},
            "no client store",
        ),
    ],
)
def test_what_cannot_be_judged_is_told(
    sent: Path, given: tuple[str, ...], options: dict[str, object], told: str
) -> None:
    """It is an InputError."""
    paths = [sent / "in" / name for name in given]
    with pytest.raises(ekukit.InputError, match=told):
        ekukit.check(*paths, **options)


def test_a_renewed_certificate_of_a_ca_that_is_listed_is_not_asked_for_again() -> None:
    """By name and key, as OpenSSL finds an issuer; another key under the name is another CA."""
    chain = CA1.issuing, CA1.root
    of_key = [tuple(replace(ca, key=key) for ca in chain) for key in ("first", "second")]
    renewed = [replace(ca, not_after=ca.not_after + timedelta(days=400)) for ca in of_key[0]]
    assert not_listed(renewed, of_key[0]) == ()
    assert not_listed(of_key[1], of_key[0]) == of_key[1]
