"""Other TLS stacks as far ends: what is published of them, and the same handshakes made again."""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, utc
from ekukit.certificates.authority import internal_authority
from ekukit.certificates.eku import ANY
from ekukit.errors import InputError
from ekukit.facts import ledger
from ekukit.stacks import KNOWN, StackRow, published
from ekukit.stacks.kinds import ISSUING_KINDS, LEAF_KINDS, EkuKind, issuing_kind, leaf_kind
from ekukit.views import show
from ekukit.views.tables.stack_tables import kind_words, taken_matrix, taken_table

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "stacks"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.json"))}
NOT_RUN = {"cisco", "dotnet"}
CELLS = {(str(leaf), str(ca)) for leaf, ca in product(LEAF_KINDS, ISSUING_KINDS)}
# Cells that tell the stacks apart: leaf alone, any, and what the issuing CA has.
TELLING = (("server", "none"), ("any", "none"), ("both", "server"), ("client", "any"))


@pytest.fixture(scope="module")
def tools() -> Iterator[ModuleType]:
    """Return the command's module, found beside the package."""
    sys.path.insert(0, str(ROOT / "tools" / "stacks"))
    import remake

    yield remake
    sys.path.remove(str(ROOT / "tools" / "stacks"))


def good(rows: dict[tuple[EkuKind, EkuKind], StackRow]) -> set[tuple[str, str]]:
    """Return the cells, leaf and issuing CA, in which a stack accepted or sent."""
    return {(str(leaf), str(ca)) for (leaf, ca), row in rows.items() if row.good}


def cells(leaves: str, cas: str) -> set[tuple[str, str]]:
    """Return the cells of leaves and issuing CAs, both written with blanks."""
    return set(product(leaves.split(), cas.split()))


def test_a_file_for_each_stack_and_for_each_that_was_not_run() -> None:
    """At least five stacks beside OpenSSL were run."""
    assert set(FILES) == set(KNOWN) | NOT_RUN
    assert len(set(KNOWN) - {"openssl"}) >= 5


@pytest.mark.parametrize("name", KNOWN)
def test_every_cell_stands_once_in_each_role_and_null_where_nothing_applies(name: str) -> None:
    """As server a stack accepts or not, as client it sends or not; a refusal has its words."""
    data = FILES[name]
    assert (data["stack"], bool(data["version"]), len(data["date"])) == (name, True, 10)
    for role, told, empty in (("server", "accepted", "sent"), ("client", "sent", "accepted")):
        rows = [row for row in data["rows"] if row["role"] == role]
        assert len(rows) == len(CELLS)
        assert {(row["leaf"], row["issuing_ca"]) for row in rows} == CELLS
        assert {row[empty] for row in rows} == {None}
        assert {(row[told], bool(row["text"])) for row in rows} <= {(True, False), (False, True)}
        assert {tuple(row) for row in rows} == {
            ("role", "leaf", "issuing_ca", "sent", "accepted", "text")
        }
    assert {(row["leaf"], row["issuing_ca"]) for row in data["server_certificates"]} == CELLS


@pytest.mark.parametrize("name", sorted(NOT_RUN))
def test_what_was_not_run_has_sources_and_no_rows(name: str) -> None:
    """Documented claims are told apart from handshakes, and each names its fact."""
    data = FILES[name]
    assert (data["rows"], data["version"]) == ([], "not run")
    assert data["not_run"]
    assert data["documented"]
    assert {fact for row in data["documented"] for fact in row["facts"]} <= set(ledger())
    assert all(row["source"] for row in data["documented"])


EVERY = "none server client both any"
LAX = "none client both any any+server"
# What facts say in words, as cells that are accepted of client certificates.
SAID = {
    "L2": ("gnutls", cells("none server client both any any+server code", EVERY)),
    "L5": ("go", cells(LAX, "none client both any")),
    "L6": ("java mbedtls wolfssl", cells(LAX, EVERY)),
    "L7": ("nss", cells("none client both", "none server client both")),
    "L8": ("openssl node rustls", cells("none client both", "none client both")),
}


@pytest.mark.parametrize("fact", SAID)
def test_what_a_fact_says_of_a_stack_is_what_its_rows_say(fact: str) -> None:
    """Each fact of a stack is held by all of its cells."""
    names, expected = SAID[fact]
    for name in names.split():
        assert fact in KNOWN[name].facts
        assert good(published(name).clients) == expected


def test_only_nss_keeps_back_a_certificate_without_client_auth() -> None:
    """All others send whatever they have when they are asked (L7)."""
    kept = {name: CELLS - good(published(name).own) for name in KNOWN}
    assert {name for name in kept if kept[name]} == {"nss"}
    assert kept["nss"] == cells("server any any+server code", EVERY)


def test_alerts_of_facts_are_those_of_the_rows() -> None:
    """Alert numbers in L5 to L7 stand in the rows, and Node sends none (L9)."""
    expected = {"go": {42}, "java": {46}, "mbedtls": {43}, "wolfssl": {42}, "nss": {42, 46}}
    for name, numbers in expected.items():
        texts = [row.text for row in published(name).clients.values() if not row.good]
        assert {int(text.split()[1]) for text in texts} == numbers
    node = {row.text for row in published("node").clients.values() if not row.good}
    assert node == {"closed after the handshake, without an alert or an error event"}


@pytest.mark.parametrize("what", ["clients", "servers"])
def test_no_stack_refuses_what_openssl_takes(what: str) -> None:
    """So a stack's refusal can be shown by a handshake of OpenSSL, and its leniency waived."""
    taken = good(getattr(published("openssl"), what))
    assert taken
    assert {name for name in KNOWN if taken - good(getattr(published(name), what))} == set()


def test_every_certificate_has_a_kind_that_was_tried() -> None:
    """A profile is its own kind; foreign EKUs beside a known one change nothing."""
    assert [leaf_kind(kind.ekus) for kind in LEAF_KINDS] == list(LEAF_KINDS)
    assert [issuing_kind(kind.ekus) for kind in ISSUING_KINDS] == list(ISSUING_KINDS)
    mail = "1.3.6.1.5.5.7.3.4"
    assert leaf_kind((SERVER_AUTH, mail)) is EkuKind.SERVER
    assert leaf_kind((CLIENT_AUTH, ANY, mail)) is EkuKind.CLIENT
    assert leaf_kind((ANY, mail)) is EkuKind.ANY
    assert leaf_kind(()) is EkuKind.CODE
    assert issuing_kind((mail,)) is EkuKind.SERVER
    assert issuing_kind((ANY, SERVER_AUTH)) is EkuKind.ANY


def test_of_several_issuing_cas_one_that_is_refused_decides() -> None:
    """Go wants the usage in the whole path (L5); Java asks for the leaf's alone (L6)."""
    authority = internal_authority()
    limited = replace(authority.issuing, ekus=(SERVER_AUTH,))
    leaf = authority.issue("a.example.com", eku=(CLIENT_AUTH,), issued=utc("2026-06-01"))
    shown = replace(leaf, chain=(authority.issuing, limited, authority.root))
    assert not published("go").takes_client(shown).good
    assert published("java").takes_client(shown).good
    assert published("go").takes_client(leaf).good


def test_a_stack_that_was_not_tried_is_refused_with_those_that_were() -> None:
    """The nearest name is offered."""
    with pytest.raises(InputError, match=r"tried were: openssl, go, .*java"):
        published("jva")


def test_page_and_documented_files_are_what_the_command_writes(tools: ModuleType) -> None:
    """Nobody edits them by hand."""
    assert tools.page() == (ROOT / "docs" / "stacks.md").read_text("utf-8")
    for name, data in tools.documented().items():
        assert tools.written(data) == (DATA / f"{name}.json").read_text("utf-8")
    for name in KNOWN:
        assert tools.written(FILES[name]) == (DATA / f"{name}.json").read_text("utf-8")


# rustls is compiled for a minute; the command alone does that.
@pytest.mark.parametrize("name", [name for name in KNOWN if name != "rustls"])
def test_handshakes_made_now_come_to_what_is_published(
    name: str, tools: ModuleType, tmp_path: Path
) -> None:
    """The cells that tell stacks apart, in both roles; a stack that is not here is skipped."""
    stack = next(one for one in tools.STACKS if one.name == name)
    if stack.lacks:
        pytest.skip(f"{name} is not here; it lacks {', '.join(stack.lacks)}")
    trial = tools.Trial(stack, tmp_path)
    rows = published(name)
    for leaf, ca in TELLING:
        cell = tools.Cell(EkuKind(leaf), EkuKind(ca))
        key = (cell.leaf, cell.issuing)
        assert trial.server_row(cell)["accepted"] == rows.clients[key].good, cell
    cell = tools.Cell(EkuKind.SERVER, EkuKind.NONE)
    assert trial.client_row(cell)["sent"] == rows.own[cell.leaf, cell.issuing].good


def test_a_driver_that_never_connects_is_no_refusal(tools: ModuleType, tmp_path: Path) -> None:
    """Only what a stack said or sent counts as its verdict."""
    seen = tools.meet((shutil.which("true") or "true", str(tmp_path)), "server", tools.PLAIN, 0x303)
    assert (seen.answered, seen.failure) == (False, "the driver did not connect")
    with pytest.raises(tools.Differs, match="did not connect"):
        tools._one([seen], "answered")


@pytest.mark.parametrize("issuing", ISSUING_KINDS)
def test_what_a_notebook_shows_of_the_stacks_is_what_was_published(issuing: EkuKind) -> None:
    """The matrix has a row for each leaf and a column for each stack, the list a stack's words."""
    matrix = taken_matrix(issuing).set_index("The leaf's EKUs")
    for leaf in LEAF_KINDS:
        listed = taken_table(leaf, issuing).set_index("Stack")
        for name, stack in KNOWN.items():
            row = published(name).clients[leaf, issuing]
            assert matrix.loc[kind_words(leaf), stack.title] == ("✓" if row.good else "✗")
            said = str(listed.loc[stack.title, "Alert, and its own words"])
            assert bool(said) is not row.good
            assert row.text.startswith(said.removesuffix(" …"))


def test_the_pictures_of_the_stacks_take_words_and_answer_a_slip() -> None:
    """A kind of EKUs by its word; NSS alone sends nothing without clientAuth."""
    assert show.stacks("server", sends=True).html.count("✗ sends none") == 1
    assert show.stack_matrix("any").html.count("✓") > show.stack_matrix("server").html.count("✓")
    with pytest.raises(InputError, match="did you mean server"):
        show.stacks("servr")
