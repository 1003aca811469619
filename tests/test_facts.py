"""The ledger and the calendar hold together, and verdicts cite only what they hold."""

import ast
import datetime as dt
import itertools
import json
import sys
import tomllib

import pytest
from recipes import ROOT

from ekukit.certificates import EkuProfile
from ekukit.cli.main import main
from ekukit.connections import CATALOG, Outcome, predict
from ekukit.connections.catalog import DECISIONS, ToldBy
from ekukit.connections.cited import SHOWN
from ekukit.connections.reasons import REASONS
from ekukit.connections.services import SERVICES
from ekukit.expressway import Choices, Mode, Role, Slot, build
from ekukit.expressway.conditions import CONDITIONS
from ekukit.expressway.node import ORIGIN_FACTS
from ekukit.facts import Status, basis, calendar, fact, ledger, sources
from ekukit.facts.reading import Reading, old_readings, readings


def every_outcome() -> list[Outcome]:
    """Return the outcomes of all four-slot choices of EKUs for Core's client and Edge's server."""
    slots = [Slot(issuer, eku) for issuer in ("internal", "public") for eku in EkuProfile]
    chosen = [
        Choices(slots[0], client, server, slots[0], edge_checking=mode)
        for client, server, mode in itertools.product(slots, slots, Mode)
    ]
    return [out for choices in (*chosen, *CONDITIONS.values()) for out in predict(build(choices))]


def test_every_id_named_in_a_table_is_in_the_ledger() -> None:
    """No rule, row or origin names a fact that does not exist."""
    named = {name for row in CATALOG for name in row.facts}
    named |= {name for row in CATALOG for _cause, name in row.refusals}
    named |= {name for by in DECISIONS.values() for found in by.values() for name in found.facts}
    named |= {name for reason in REASONS.values() for name in reason.facts}
    named |= {name for service in SERVICES for name in service.facts}
    named |= {name for names in ORIGIN_FACTS.values() for name in names}
    named |= {row.fact for row in SHOWN}
    assert named - set(ledger()) == set()


def test_no_verdict_is_without_a_fact() -> None:
    """Every outcome names facts, and its basis is the weakest of them."""
    outcomes = every_outcome()
    assert [out for out in outcomes if not out.facts] == []
    assert [out for out in outcomes if out.basis is not basis(out.facts)] == []


def test_weakest_status_is_the_basis() -> None:
    """One assumed fact makes the whole verdict assumed."""
    assert basis(["E3", "E4", "E5"]) is Status.ASSUMED
    assert basis(["E3", "E5"]) is Status.INFERRED
    assert basis(["E3"]) is Status.DOCUMENTED


def test_an_unknown_id_and_an_empty_list_are_refused() -> None:
    """A verdict can neither cite what does not exist nor cite nothing."""
    with pytest.raises(KeyError, match="Z9"):
        fact("Z9")
    with pytest.raises(ValueError, match="at least one fact"):
        basis([])


def test_every_source_of_a_fact_is_listed() -> None:
    """The first word of each source is a listed source or names an RFC or a company."""
    first = {row.source.split()[0].strip(",;") for row in ledger().values()}
    assert first - set(sources()) == {"Sectigo"}


def test_conflicting_dates_stay_visible_and_one_decides() -> None:
    """For each event of each subject exactly one date counts, and K4 and K7 show the others."""
    deciding: dict[tuple[str, str], int] = {}
    for row in calendar():
        key = (row.subject, row.event)
        deciding[key] = deciding.get(key, 0) + row.decides
    assert set(deciding.values()) == {1}
    assert len([row for row in calendar() if row.source.endswith("(K7)")]) == 3


def test_every_fact_and_date_has_the_day_of_its_reading() -> None:
    """No claim is without one, and no document was read before it was written."""
    assert len(readings()) >= len(ledger()) + len(calendar())
    assert min(row.read for row in readings()) == dt.date(2026, 11, 1)
    assert [row for row in calendar() if row.read < row.as_of] == []


def test_a_fact_without_a_day_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader names the fact and what it found."""
    row = '[facts.Z1]\nclaim = "c"\nsource = "TN"\nstatus = "assumed"\nread = "soon"\n'
    monkeypatch.setattr(sys.modules["ekukit.facts.ledger"], "text", lambda _name: row)
    with pytest.raises(TypeError, match="fact Z1: read is 'soon'"):
        ledger.__wrapped__()


def old(at: str, days: int = 183) -> list[Reading]:
    """Return what was read longer ago than that on an ISO day."""
    return list(old_readings(dt.date.fromisoformat(at), days))


def test_a_reading_is_old_the_day_after_half_a_year() -> None:
    """On the day itself it is not; one day later the first readings are listed, oldest first."""
    assert old("2027-05-03") == []
    assert {row.read for row in old("2027-05-04")} == {dt.date(2026, 11, 1)}
    newest = max(row.read for row in readings())
    later = str(newest + dt.timedelta(days=184))
    assert [row.read for row in old(later)] == sorted(row.read for row in readings())
    assert len(old(str(newest + dt.timedelta(days=183)))) < len(readings())


@pytest.mark.parametrize(("at", "many"), [("2027-05-03", False), ("2027-05-04", True)])
def test_the_shell_lists_what_is_old(
    at: str, *, many: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """As JSON alone, with id, claim, source, the day and how long ago it was."""
    assert main(["facts", "--at", at, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["at"], found["older_than"], bool(found["facts"])) == (at, 183, many)
    keys = {"id", "claim", "source", "read", "days", "shown_by", "held_by"}
    assert all(set(row) == keys for row in found["facts"])
    assert all(row["days"] == 184 for row in found["facts"])


def test_the_shell_counts_and_can_list_all(capsys: pytest.CaptureFixture[str]) -> None:
    """The last line says how many of how many; -1 lists even what was read later than the day."""
    assert main(["facts", "--at", "2026-11-28", "--older-than", "-1"]) == 0
    text = capsys.readouterr().out
    assert text.endswith(f"{len(readings())} of {len(readings())} facts and dates.\n")
    assert main(["facts", "--older-than", "-2"]) == 2
    assert "-1 for all" in capsys.readouterr().err


def test_a_port_stands_in_its_catalog_row_alone() -> None:
    """No other module has the number of a connection's port as a value of its own."""
    ports = {port for row in CATALOG for port in row.ports}
    found = {
        path.name
        for path in (ROOT / "ekukit").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and str(node.value) in map(str, ports)
    }
    assert found == {"catalog.py"}


def test_an_archive_can_tell_every_two_connections_apart() -> None:
    """Of two rows that their port and a node's end of it tell, no two fit the same tries."""
    ends: dict[tuple[object, ...], set[str]] = {}
    for row in CATALOG:
        for port in row.ports:
            if row.told_by is ToldBy.PORT:
                others = {other.id for other in CATALOG if port in other.ports}
                assert others == {row.id}
            if row.told_by is ToldBy.ENDS:
                roles = [
                    end if end in set(Role) else None for end in (row.initiator, row.responder)
                ]
                ends.setdefault((port, *roles), set()).add(row.id)
    assert [names for names in ends.values() if len(names) > 1] == []


def functions() -> set[str]:
    """Return every test by file and name."""
    found = set()
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        found |= {f"{path.name}::{node.name}" for node in tree.body
                  if isinstance(node, ast.FunctionDef)}  # fmt: skip
    return found


def test_every_fact_says_what_shows_it_or_that_nothing_can() -> None:
    """Each row says so itself, and the tests that it names exist."""
    rows = tomllib.loads((ROOT / "ekukit" / "facts" / "ledger.toml").read_text("utf-8"))["facts"]
    assert [name for name, row in rows.items() if not {"shown_by", "held_by"} & set(row)] == []
    known = functions()
    named = {(name, test) for name, row in ledger().items()
             for test in (*row.shown_by, *row.held_by)}  # fmt: skip
    assert [pair for pair in sorted(named) if pair[1] not in known] == []


def test_only_what_other_software_or_a_standard_does_is_said_to_be_shown() -> None:
    """A claim about Expressway alone is documented elsewhere, and no handshake here shows it."""
    shown = {name for name, row in ledger().items() if row.shown_by}
    assert {ledger()[name].source.split()[0].strip(",;") for name in shown} == {"LAB", "RFC"}
    assert ledger()["S6"].shown.startswith("Nothing here can show it; the kit is held to it by ")
    assert ledger()["K8"].shown == "Nothing here can show it."
    assert ledger()["L5"].shown.startswith("Shown by test_stacks.py::")


def test_the_shell_says_what_shows_a_fact(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the claim, and in JSON as lists."""
    assert main(["facts", "--older-than", "-1"]) == 0
    assert "Nothing here can show it" in " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert main(["facts", "--older-than", "-1", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["facts"]}
    assert rows["E14"]["shown_by"] == list(ledger()["E14"].shown_by)
    assert rows["S6"]["shown_by"] == []
    assert rows["S6"]["held_by"] != []
