"""A fleet: every row is what the archive alone says, whoever read it, in any order."""

import csv
import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT
from fleets import hungry, killer, listening
from pyarrow import parquet

import ekukit
from ekukit import FleetPanel, InputError, Presentation
from ekukit.cli import main
from ekukit.fleets import case_batches
from ekukit.fleets.archive_sources import listed_files
from ekukit.fleets.case_batches import MOST_BYTES, MOST_CASES, batches
from ekukit.fleets.case_reading import ReadCase, ReadingOptions
from ekukit.fleets.dask_workers import CrewOptions
from ekukit.fleets.done_cases import DoneCases
from ekukit.fleets.fleet_columns import (
    CAUSE_COLUMNS,
    ROW_COLUMNS,
    RUN_COLUMNS,
    SCHEMA_VERSION,
    dtypes,
)
from ekukit.fleets.fleet_files import FleetFiles, read_tables
from ekukit.fleets.fleet_notes import left_out
from ekukit.fleets.fleet_run import FleetRun
from ekukit.fleets.fleet_tables import STATES, FleetTables
from ekukit.fleets.fleet_words import fleet_headline
from ekukit.fleets.handed_fleet import FLEET_VARIABLE, HandedFleet
from ekukit.fleets.hidden_fleet import hidden
from ekukit.fleets.kit_version import kit_version
from ekukit.fleets.sample_estate import JUDGED, TRUTH, write_estate
from ekukit.fleets.source_file import SourceFile
from ekukit.fleets.together import CaseFiles, grouped
from ekukit.frames import typed_frame
from ekukit.room.server import WORKSHOP, free_port, serve
from ekukit.views.tables.fleet_frames import case_frame

CASES = 8
# Among its first cases: a broken archive, one store, something down, something that goes dark.
SEED = 55


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an estate with the truth beside it."""
    return write_estate(CASES, tmp_path_factory.mktemp("estate") / "estate", SEED)


@dataclass
class Ran:
    """A run that was watched: its files, where it listened, which folders it made beside them."""

    files: FleetFiles
    heard: set[str] = field(default_factory=set)
    modes: set[int] = field(default_factory=set)


@pytest.fixture(scope="module")
def ran(estate: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Return the run of the estate by two workers of its own."""
    found = Ran(FleetFiles(tmp_path_factory.mktemp("ran") / "fleet.parquet"))
    folder = found.files.rows.parent

    def told(_count: int, _of: int) -> None:
        found.heard |= listening()
        found.modes |= {one.stat().st_mode & 0o777 for one in folder.glob(".fleet-workers-*")}

    FleetRun(works(estate), found.files, told=told).go(CrewOptions(workers=2))
    return found


def works(estate: Path) -> tuple[CaseFiles, ...]:
    """Return the cases of an estate."""
    return grouped(listed_files([estate], None).files, "folder").cases


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """Return the address of an object store on 127.0.0.1, which the workers started later know."""
    server = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    port = running.get_host_and_port()[1]
    told = {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    yield told["AWS_ENDPOINT_URL"]
    running.stop()
    for name, value in before.items():
        os.environ.pop(name)
        os.environ.update({name: value} if value else {})


@pytest.fixture(scope="module")
def scheduler(store: str) -> Iterator[str]:
    """Return the address of a scheduler with one worker, as somebody else runs it."""
    from distributed import LocalCluster

    assert store
    with LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


def truth(estate: Path) -> dict[str, dict[str, str]]:
    """Return the truth by case."""
    with (estate / TRUTH).open(encoding="utf-8") as stream:
        return {row["case"]: row for row in csv.DictReader(stream)}


def named(cells: pd.Series) -> set[str]:
    """Return the ids in some cells of which the truth tells."""
    return {one for cell in cells.dropna() for one in cell.split(", ")} & set(JUDGED)


def day(cells: pd.Series) -> str:
    """Return the first day of some cells, "" for none."""
    first = cells.min()
    return "" if pd.isna(first) else f"{first:%Y-%m-%d}"


def test_every_verdict_is_the_truth(estate: Path, ran: Ran) -> None:
    """What fails, the dark day, what goes down then, and until when to act, case by case."""
    rows = read_tables(ran.files.rows).rows
    told = truth(estate)
    assert set(rows["case"]) == set(told)
    for case, own in rows.groupby("case"):
        wanted, due = told[str(case)], own[own["dark_day"] == own["dark_day"].min()]
        found = {
            "readable": "no" if own["error"].notna().any() else "yes",
            "release": "" if own["release"].isna().all() else own["release"].iloc[0],
            "failed": named(own["failed"]),
            "dark_day": day(own["dark_day"]),
            "goes_down": named(due["goes_down"]),
            "act_by": day(due["act_by"]),
        }
        lists = {
            name: set(filter(None, wanted[name].split(", "))) for name in ("failed", "goes_down")
        }
        assert {**{name: wanted[name] for name in found}, **lists} == found, (case, wanted)


def test_the_estate_has_what_breaks_what_will_and_what_cannot_be_read(estate: Path) -> None:
    """Else the truth above would prove little."""
    told = truth(estate).values()
    assert {row["readable"] for row in told} == {"yes", "no"}
    assert {bool(row["failed"]) for row in told} == {True, False}
    assert {bool(row["dark_day"]) for row in told} == {True, False}


def test_a_row_is_what_inspect_and_calendar_say_of_the_archive_alone(
    estate: Path, ran: Ran
) -> None:
    """Nodes, certificates, states, causes, headline and dates, in one case of each state."""
    tables = read_tables(ran.files.rows)
    readable = tables.cases().query("state != 'not read'").drop_duplicates("state")["case"]
    assert len(readable) >= 2
    for case in readable:
        rows = tables.of([case]).rows.to_dict("records")
        alone = ekukit.inspect(estate / case, at=tables.rows["at"].min().isoformat())
        told = json.loads(alone.json())
        assert [row["host"] for row in rows] == [node["host"] for node in told["nodes"]]
        for row, node in zip(rows, told["nodes"], strict=True):
            assert [row["role"], row["release"], row["eku_checking"]] == [
                node["role"], node["release"], node["eku_checking"]
            ]  # fmt: skip
            held = {
                f"{one['store']}_{name}": one[name]
                for one in told["certificates"] if one["host"] == node["host"]
                for name in ("issuer", "public", "eku", "serial")
            }  # fmt: skip
            assert held.items() <= row.items()
        assert {row["headline"] for row in rows} == {
            ekukit.inspect(estate / case, at=alone.at.isoformat()).headline
        }
        ids = {o["connection"] for o in told["predicted"] if o["state"] == "Failed"}
        assert {o for row in rows for o in _ids(row["failed"])} == ids
        causes = tables.of([case]).causes
        now = causes[causes["kind"] == "now"]
        assert list(now["what"]) == [cause["what"] for cause in told["causes"]]
        assert [_ids(cell) for cell in now["effects"]] == [c["effects"] for c in told["causes"]]
        dated = ekukit.calendar(estate / case, at=alone.at.isoformat()).frame
        losing = dated[dated["gone"].notna()]
        coming = causes[causes["kind"] == "renewal"]
        assert list(coming["day"]) == list(losing["gone"])
        assert list(coming["serials"]) == list(losing["serial"])
        assert [_ids(cell) for cell in coming["effects"]] == [_ids(cell) for cell in losing["down"]]


def _ids(cell: object) -> list[str]:
    return cell.split(", ") if isinstance(cell, str) and cell else []


def test_tables_do_not_depend_on_workers_order_or_restarts(
    estate: Path, ran: Ran, scheduler: str, tmp_path: Path
) -> None:
    """Another scheduler with one worker, stopped in the middle, backwards: the same bytes."""
    files = FleetFiles(tmp_path / "fleet.parquet")

    def stop(count: int, _of: int) -> None:
        if count == CASES // 2:
            raise KeyboardInterrupt

    backwards = works(estate)[::-1]
    with pytest.raises(KeyboardInterrupt):
        FleetRun(backwards, files, told=stop).go(CrewOptions(scheduler=scheduler))
    assert not files.rows.exists()
    again = FleetRun(works(estate), files)
    again.go(CrewOptions(scheduler=scheduler))
    assert again.same == CASES // 2
    for one, other in ((files.rows, ran.files.rows), (files.causes, ran.files.causes)):
        assert one.read_bytes() == other.read_bytes()


def test_an_object_store_gives_the_rows_of_the_folder(
    estate: Path, ran: Ran, scheduler: str, tmp_path: Path
) -> None:
    """`s3://` is read because it is named, and that it is, is told."""
    import fsspec

    system = fsspec.filesystem("s3", use_listings_cache=False)
    system.mkdir("cases")
    for case in ("c00001", "c00002", "c00003"):
        for path in (estate / case).iterdir():
            system.pipe(f"cases/2026/{case}/{path.name}", path.read_bytes())
    found = ekukit.fleet(
        "s3://cases/2026", together="folder", scheduler=scheduler, out=tmp_path / "s3.parquet"
    )
    assert "Read from s3://cases/2026, as it was named: this leaves the machine." in found.notes
    here = read_tables(ran.files.rows).of(["c00001", "c00002", "c00003"])
    pd.testing.assert_frame_equal(found.frame, here.rows.reset_index(drop=True))
    pd.testing.assert_frame_equal(found.causes, here.causes.reset_index(drop=True))
    one = listed_files([f"s3://cases/2026/c00001/{next((estate / 'c00001').iterdir()).name}"], None)
    assert [file.folder for file in one.files] == [""]


def test_a_killed_worker_costs_nothing_and_a_hungry_archive_its_row(
    estate: Path, tmp_path: Path
) -> None:
    """A worker is killed by its id in the middle; another archive eats more memory than allowed."""
    folder = tmp_path / "cases"
    shutil.copytree(estate / "c00001", folder / "c00001")
    (folder / "hungry").mkdir()
    hungry(folder / "hungry" / "log.tar.gz", 420 << 20)
    files = FleetFiles(tmp_path / "fleet.parquet")
    run = FleetRun(works(folder), files, told=killer(after=1))
    run.go(CrewOptions(workers=1, memory=450 << 20))
    rows = read_tables(files.rows).rows.set_index("case")
    assert "its worker ended 2 times while it was read" in rows.loc["hungry", "error"]
    assert rows.loc[["c00001"], "error"].isna().all()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".fleet-")]
    # Tried again the next time: what was lost is not done.
    lost = next(work for work in works(folder) if work.case == "hungry")
    assert not DoneCases(files.done, ReadingOptions()).expected(lost)


def test_a_hungry_archive_in_a_batch_costs_its_own_row_alone(
    estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its batch-mates are read again, each by itself."""
    monkeypatch.setattr(case_batches, "MOST_BYTES", 1 << 30)
    monkeypatch.setattr(case_batches, "_SHARES", 1)
    folder = tmp_path / "cases"
    for case in ("c00001", "z00001"):
        shutil.copytree(estate / "c00001", folder / case)
    (folder / "hungry").mkdir()
    hungry(folder / "hungry" / "log.tar.gz", 220 << 20)
    files, one = FleetFiles(tmp_path / "fleet.parquet"), CrewOptions(workers=1, memory=330 << 20)
    assert [len(batch) for batch in batches(works(folder), 1)] == [3]
    FleetRun(works(folder), files).go(one)
    told = read_tables(files.rows)
    rows, tries = told.rows.set_index("case"), told.runs.set_index("case")["tries"]
    assert "its worker ended 3 times while it was read" in rows.loc["hungry", "error"]
    assert rows.loc[["c00001", "z00001"], "error"].isna().all()
    assert tries.to_dict() == {"c00001": 2, "hungry": 3, "z00001": 2}


@pytest.mark.parametrize(
    ("sizes", "workers", "expected"),
    [
        ([1] * 40, 1, [10, 7, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1]),
        ([1] * 200, 2, [MOST_CASES] * 5),
        ([1] * 8, 100, [1] * 8),
        ([1, 1, MOST_BYTES, 1, 0, 1, *[1] * 60], 1, [2, 1, 1, 1, 15]),
        ([], 2, []),
    ],
    ids=["fewer-at-the-end", "at-most-16", "more-workers", "large-and-unknown-alone", "none"],
)
def test_a_batch_has_few_bytes_and_leaves_work_for_all(
    sizes: list[int], workers: int, expected: list[int]
) -> None:
    """Every case is in one batch, in order; large cases and those of unknown size are alone."""
    cases = [
        CaseFiles(f"{n}", (SourceFile(f"/{n}", f"{n}", size),)) for n, size in enumerate(sizes)
    ]
    made = list(batches(cases, workers))
    assert [len(batch) for batch in made][: len(expected)] == expected
    assert [case for batch in made for case in batch] == cases


def test_workers_listen_on_this_machine_alone_and_leave_nothing(ran: Ran) -> None:
    """127.0.0.1, a private folder beside the table, files that only their owner reads."""
    assert ran.heard == {"127.0.0.1"}
    assert ran.modes == {0o700}
    left = {path.name: path.stat().st_mode & 0o777 for path in ran.files.rows.parent.iterdir()}
    names = ("fleet.parquet", "fleet.causes.parquet", "fleet.runs.parquet", "fleet.done.jsonl")
    assert left == dict.fromkeys(names, 0o600)


def test_the_schema_is_documented_and_versioned_in_the_file(ran: Ran) -> None:
    """Every column says in the metadata what it holds; another schema is refused."""
    table = parquet.read_table(ran.files.rows)
    told = table.schema.metadata
    assert (told[b"ekukit.schema"], told[b"ekukit.kit"]) == (b"1", kit_version().encode())
    assert json.loads(told[b"ekukit.columns"]) == {n: c.holds for n, c in ROW_COLUMNS.items()}
    assert table.column_names == [*ROW_COLUMNS]
    rows = read_tables(ran.files.rows)
    assert {name: str(kind) for name, kind in rows.rows.dtypes.items()} == dtypes(ROW_COLUMNS)
    assert {name: str(kind) for name, kind in rows.causes.dtypes.items()} == dtypes(CAUSE_COLUMNS)


def test_what_each_case_took_stands_apart(ran: Ran) -> None:
    """Seconds, bytes, tries, memory and worker, one row for each case."""
    runs = read_tables(ran.files.rows).runs
    assert list(runs.columns) == [*RUN_COLUMNS]
    assert len(runs) == CASES
    assert (runs["tries"] == 1).all()
    assert (runs[["seconds", "bytes", "memory"]] > 0).all(axis=None)
    assert set(runs["worker"]) <= {"0", "1"}


def test_a_table_of_another_schema_is_refused(ran: Ran, tmp_path: Path) -> None:
    """With what to do about it."""
    table = parquet.read_table(ran.files.rows)
    older = table.replace_schema_metadata({b"ekukit.schema": b"0"})
    parquet.write_table(older, tmp_path / "old.parquet")
    with pytest.raises(InputError, match=f"schema 0, and this kit reads {SCHEMA_VERSION}"):
        ekukit.fleet(tmp_path / "old.parquet")
    with pytest.raises(InputError, match="name what ekukit fleet wrote"):
        ekukit.fleet(tmp_path / "none.parquet")


def test_what_is_done_survives_a_torn_line_and_not_another_content(tmp_path: Path) -> None:
    """A line that was cut off counts as not written; options and content count as well."""
    work = CaseFiles("a", (SourceFile("/x/a.zip", "a.zip", 3),))
    other = CaseFiles("b", (SourceFile("/x/b.zip", "b.zip", 3),))
    path, options = tmp_path / "done.jsonl", ReadingOptions()
    done = DoneCases(path, options)
    done.add(work, ReadCase("a", "digest-a", [{"case": "a"}]))
    done.add(other, ReadCase("b", "digest-b", [{"case": "b"}]))
    path.write_bytes(path.read_bytes()[:-9])
    again = DoneCases(path, options)
    assert (again.expected(work), again.expected(other)) == ("digest-a", "")
    again.add(other, ReadCase("b", "digest-c", [{"case": "b"}]))
    assert [found.digest for found in DoneCases(path, options).read([other, work])] == [
        "digest-c", "digest-a"
    ]  # fmt: skip
    assert DoneCases(path, ReadingOptions(renewed_by="DigiCert")).expected(work) == ""


def source(name: str, *, top: str = "estate") -> SourceFile:
    """Return a file below a source."""
    return SourceFile(f"/{top}/{name}", name, 1, top=top)


FILES = [source(name) for name in (
    "acme/diagnostic_log_core.tar.gz", "acme/diagnostic_log_edge.tar.gz", "acme/notes.txt",
    "bolt_core_2026.tar.gz", "bolt_edge_2026.tar.gz", "truth.csv",
)]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("file", {"acme/diagnostic_log_core.tar.gz": 1, "acme/diagnostic_log_edge.tar.gz": 1,
                  "bolt_core_2026.tar.gz": 1, "bolt_edge_2026.tar.gz": 1}),
        ("folder", {"acme": 3, "estate": 2}),
        ("{case}_*_2026.tar.gz", {"acme/diagnostic_log_core.tar.gz": 1,
                                  "acme/diagnostic_log_edge.tar.gz": 1, "bolt": 2}),
        ("{case}/*.tar.gz", {"acme": 2, "bolt_core_2026.tar.gz": 1, "bolt_edge_2026.tar.gz": 1}),
    ],
    ids=["file", "folder", "pattern", "pattern-with-folder"],
)  # fmt: skip
def test_a_rule_puts_the_archives_of_a_case_together(rule: str, expected: dict[str, int]) -> None:
    """Each alone, by folder, by a pattern of the last part or of the whole name."""
    assert {case.case: len(case.files) for case in grouped(FILES, rule).cases} == expected


def test_a_manifest_puts_them_together_and_what_it_names_in_vain_is_a_row(tmp_path: Path) -> None:
    """By name below the source, or by the last part where it stands once."""
    manifest = tmp_path / "cases.csv"
    manifest.write_text(
        "case;file\nBolt;bolt_core_2026.tar.gz\nBolt;bolt_edge_2026.tar.gz\n"
        "Acme;diagnostic_log_core.tar.gz\nGone;lost.zip\n"
    )
    found = {case.case: case for case in grouped(FILES, str(manifest)).cases}
    assert {name: len(case.files) for name, case in found.items()} == {
        "Acme": 1, "Bolt": 2, "Gone": 0, "acme/diagnostic_log_edge.tar.gz": 1
    }  # fmt: skip
    assert found["Gone"].missing == "cases.csv, line 5: lost.zip is not among the sources"


@pytest.mark.parametrize("rule", ["folders", "{case}{case}*", "missing.csv"])
def test_what_is_no_rule_is_refused(rule: str) -> None:
    """With what a rule is, or where the manifest is missing."""
    with pytest.raises(InputError, match=r"together=|missing\.csv"):
        grouped(FILES, rule)


def test_sources_are_listed_and_no_link_is_followed(tmp_path: Path) -> None:
    """Folders, patterns and files; hidden files and links stay out; old files by --since."""
    (tmp_path / "a").mkdir()
    for name in ("a/x.tar.gz", "a/.hidden.zip", "y.zip"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "a" / "link.zip").symlink_to("/etc/passwd")
    os.utime(tmp_path / "y.zip", (0, 0))
    assert [file.name for file in listed_files([tmp_path], None).files] == ["a/x.tar.gz", "y.zip"]
    pattern = listed_files([f"{tmp_path}/*/*.tar.gz"], None)
    assert [file.name for file in pattern.files] == ["a/x.tar.gz"]
    since = listed_files([tmp_path], pd.Timestamp("2020-01-01", tz="UTC").to_pydatetime())
    assert [file.name for file in since.files] == ["a/x.tar.gz"]
    assert since.notes == ("Files left out, older than 01 Jan 2020: 1.",)
    with pytest.raises(InputError, match="a link"):
        listed_files([tmp_path / "a" / "link.zip"], None)
    with pytest.raises(InputError, match="no file there"):
        listed_files([f"{tmp_path}/*.none"], None)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nothing://x/y", "no address that can be read"),
        ("simplecache::s3://x/y", "keeps copies elsewhere"),
        ("http://127.0.0.1:9/x.zip", "cannot be listed"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(
    address: str, why: str
) -> None:
    """What is told of it never has what stands before the @."""
    secret = address.replace("://", "://user:hunter2@")
    with pytest.raises(InputError, match=why) as told:
        listed_files([secret], None)
    assert "hunter2" not in str(told.value)


def test_hidden_tables_name_nobody(estate: Path, ran: Ran) -> None:
    """No case, host, serial, digest, customer's name or private issuer is left; counts are."""
    tables = read_tables(ran.files.rows)
    passed = hidden(tables)
    text = "\n".join(frame.to_csv() for frame in (passed.rows, passed.causes, passed.runs))
    rows = tables.rows
    serials = {*rows["server_serial"].dropna(), *rows["client_serial"].dropna()}
    for name in ("example.com", "CA 1", estate.name, *rows["case"], *serials, *rows["hash"]):
        assert str(name) not in text
    assert passed.cases()["state"].tolist() == tables.cases()["state"].tolist()
    pd.testing.assert_frame_equal(passed.months(), tables.months())
    assert set(passed.rows["host"].dropna()) <= {"core 1", "core 2", "edge 1", "edge 2"}
    notes = ("Read from s3://acme, as it was named.", left_out("no archives by their names", 3))
    found = replace(ekukit.fleet(ran.files.rows), notes=notes).hidden()
    assert found.notes == ("Files left out, no archives by their names: 3.",)


def test_states_add_up_and_too_little_to_judge_is_no_good_news() -> None:
    """Each case has one state; what was read and tells no connection's state stands apart."""
    day = pd.Timestamp("2027-03-01")
    given = [
        {"case": "down", "host": "a", "active": "uc-zone", "down": "mra-login", "unread": 2},
        {"case": "dark", "host": "a", "active": "uc-zone", "dark_day": day, "goes_down": "uc-zone"},
        {"case": "dark", "host": "b", "active": "uc-zone"},
        {"case": "none", "error": "nothing could be read"},
        {"case": "little", "host": "a", "unknown": "uc-zone"},
        {"case": "well", "host": "a", "active": "uc-zone", "unread": 1},
    ]
    columns = (ROW_COLUMNS, CAUSE_COLUMNS, RUN_COLUMNS)
    tables = FleetTables(
        *(typed_frame(rows, dtypes(of)) for rows, of in zip((given, [], []), columns, strict=True))
    )
    cases = tables.cases()
    assert dict(zip(cases["case"], cases["state"], strict=True)) == dict(
        zip(("down", "dark", "none", "little", "well"), STATES, strict=True)
    )
    assert fleet_headline(cases, day.date()) == (
        "5 cases. Down in the archive: 1. Going dark: 1, the first on 01 Mar 2027. Not read: 1. "
        "Too little to judge: 1. Nothing found: 1."
    )
    shown = dict(case_frame(cases, day.date())[["Case", "State"]].itertuples(index=False))
    assert shown["down"] == ("✗ down now", "2 parts not read")
    assert shown["well"] == ("· nothing found", "1 part not read")
    assert shown["little"] == ("? not judged",)


def test_a_fleet_tells_what_breaks_and_when(ran: Ran) -> None:
    """Counts add up: by state, month, issuer and release; a case alone; CSV and iCalendar."""
    found = ekukit.fleet(ran.files.rows)
    assert found.headline.startswith(f"{CASES} cases. Down in the archive: ")
    assert repr(found) == f"<Fleet: {found.headline}>"
    assert found.cases["state"].value_counts().sum() == CASES
    dark = found.cases["goes_down"].dropna().str.contains("webrtc-proxy").sum()
    months = found.months
    coming = months[(months["month"] != "now") & (months["service"] == "webrtc-proxy")]
    assert coming["cases"].sum() == dark
    assert found.by("release")["cases"].sum() >= CASES
    worst = found.cases["case"].iloc[0]
    assert set(found.of(worst).frame["case"]) == {worst}
    assert found.csv().decode().count("\r\n") == len(found.frame) + 1
    assert found.ics().decode().count("SUMMARY:Expressway: clientAuth is gone") >= 1
    assert "<svg role" in found._repr_html_()
    with pytest.raises(InputError, match="did you mean issuer"):
        found.by("issuers")
    with pytest.raises(InputError, match="no case of this fleet"):
        found.of("c99999")


def test_the_panel_filters_sorts_and_looks_into_a_case(ran: Ran) -> None:
    """By state, issuer, release and name; a case whole; what is saved is what is shown."""
    panel = FleetPanel(ran.files.rows)
    assert len(panel.shown) == CASES
    panel.state.value = "down now"
    assert set(panel.shown["state"]) == {"down now"}
    panel.case.value = panel.shown["case"].iloc[0]
    assert f"{panel.case.value}: its nodes" in panel.parts["case"].value
    panel.save.click()
    assert "fleet.csv" in panel.parts["saved"].value
    assert "fleet.ics" in panel.parts["saved"].value
    panel.state.value, panel.sort.value = "all", "name"
    assert list(panel.shown["case"]) == sorted(panel.shown["case"])
    panel.search.value = "c00002"
    assert list(panel.shown["case"]) == ["c00002"]
    panel.search.value = ""
    panel.issuer.value = panel.issuer.options[1][1]
    assert panel.shown["cas"].str.contains(panel.issuer.value, regex=False).all()
    assert "<svg role" in panel.paper()


def test_the_panel_hides_names_and_a_redacted_fleet_has_no_others(
    ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that is sent has a case's name; what was handed on redacted cannot be shown."""
    panel = FleetPanel(ran.files.rows)
    panel.hide.value = True
    sent = "".join(part.value for part in panel.parts.values()) + str(panel.case.options)
    assert "case 1" in sent
    assert "c0000" not in sent
    monkeypatch.setenv(FLEET_VARIABLE, HandedFleet(str(ran.files.rows), redact=True).text)
    shown = Presentation()
    assert shown.switch.value == "Fleet"
    assert (shown.fleet.hide.value, shown.fleet.hide.disabled) == (True, True)
    shown.fleet.hide.value = False
    assert "c0000" not in "".join(part.value for part in shown.fleet.parts.values())
    monkeypatch.delenv(FLEET_VARIABLE)
    with pytest.raises(InputError, match="no fleet was given"):
        FleetPanel()


def test_the_page_of_a_room_shows_the_fleet_behind_its_token(ran: Ran) -> None:
    """A stranger is refused; with the token the page has the fleet, under pseudonyms."""
    notebook = ROOT / "notebooks" / WORKSHOP
    handed = HandedFleet(str(ran.files.rows), redact=True)
    with serve(notebook, free_port(), fleet=handed) as server:
        assert server.get("/")[0] in (302, 401, 403)
        status, text = server.get("/", token=True)
    assert status == 200
    assert "Cases that lose a service, by month" in text
    assert "case 1" in text
    assert "c0000" not in text


def test_without_the_extra_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, the missing package and the command."""
    monkeypatch.setattr(
        "ekukit.fleets.fleet_extra.find_spec",
        lambda name: None if name == "pyarrow" else importlib.util.find_spec(name),
    )
    assert main(["fleet", "cases"]) == 2
    told = capsys.readouterr().err
    assert "pyarrow is not installed" in told
    assert 'python -m pip install -e ".[fleet]"' in told


def test_the_shell_writes_an_estate_and_opens_a_table(
    ran: Ran, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--sample` with the truth beside it; a table is shown, redacted where that is asked for."""
    assert main(["fleet", "--sample", "1", "--out", str(tmp_path / "made")]) == 0
    assert [*truth(tmp_path / "made")] == ["c00001"]
    assert main(["fleet", "--sample", "1", "--out", str(tmp_path / "made")]) == 2
    assert main(["fleet", "--sample", "0", "--out", str(tmp_path / "none")]) == 2
    capsys.readouterr()
    assert main(["fleet", str(ran.files.rows), "--json", "--redact"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cases"] == CASES
    assert {row["case"] for row in told["worst_first"]} == {
        f"case {n}" for n in range(1, CASES + 1)
    }
    assert main(["fleet", str(ran.files.rows), "--csv", str(tmp_path / "fleet.csv")]) == 0
    assert "Go dark" in capsys.readouterr().out
    assert (tmp_path / "fleet.csv").read_bytes() == ekukit.fleet(ran.files.rows).csv()


def test_a_broken_archive_costs_one_row_with_its_error(estate: Path, ran: Ran) -> None:
    """Told with the archive's name below the source, and with what was expected."""
    rows = read_tables(ran.files.rows).rows
    broken = [case for case, row in truth(estate).items() if row["readable"] == "no"]
    errors = rows[rows["case"].isin(broken)]
    assert list(errors["case"]) == broken
    assert errors["error"].str.contains("nothing could be read").all()
    assert not errors["error"].str.contains(str(estate), regex=False).any()
