"""The recipes of CONTRIBUTING.md are true: followed on a copy of the tree, each row is enough."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from recipes import ROOT, blocks, copy_tree, steps

from ekukit.course import LESSONS
from ekukit.course.lessons import missing
from ekukit.errors import InputError
from ekukit.log.meanings import meaning_of
from ekukit.room.handout import choose, handout

RECIPES = ("A connection", "A cause", "A lesson", "A word of a log", "A release", "A CA's date")
LOG = """
import json, sys
from pathlib import Path
sys.path.insert(0, "tests")
from cases import codes, case_of, deployment, files_of, finding, log_only
from ekukit.samples.writer import Recording
STAMP, UTC = "2026-03-29T06:58:01.231+00:00", 'UTCTime="2026-03-29 06:58:01,231"'
def line(host, way, port, words):
    ends = f'Src-ip="192.0.2.16" Src-port="25011" Dst-ip="192.0.2.31" Dst-port="{port}"'
    return (f'{STAMP} {host} tvcs: Event="{way} TLS Negotiation Error" Service="SIP" {ends} '
            f'Detail="{words}" Protocol="TLS" Level="1" {UTC}')
"""


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree in which every recipe was followed."""
    copy = tmp_path_factory.mktemp("copy")
    copy_tree(copy)
    for name in RECIPES:
        for step in steps(name):
            step.follow(copy)
    return copy


def run(tree: Path, *command: str) -> str:
    """Return what Python prints in the copy, as the copy's own package."""
    env = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    env["EKUKIT_PROGRESS"] = str(tree / "progress.json")
    found = subprocess.run(
        [sys.executable, *command], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def told(tree: Path, code: str) -> Any:  # noqa: ANN401 - whatever the code prints
    """Return what a piece of code prints as JSON in the copy."""
    return json.loads(run(tree, "-c", code))


def passes(tree: Path, file: str, which: str) -> str:
    """Return the last line of the copy's own tests of a file, of which the names match."""
    out = run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", which,
              f"tests/{file}")  # fmt: skip
    return out.strip().splitlines()[-1]


@pytest.mark.parametrize("name", RECIPES)
def test_every_block_of_a_recipe_is_a_step(name: str) -> None:
    """No code stands in a recipe that is not followed."""
    assert 0 < blocks(name) == len([step for step in steps(name) if step.how != "without"])


def test_a_connection_is_simulated_by_rules_and_lab_alike(tree: Path) -> None:
    """Active where nobody asks, Failed where the far end checks clientAuth, by both engines."""
    code = """
import json, ekukit
from ekukit.connections import connection, handshakes
from ekukit.lab import record
made = ekukit.condition("C2").with_far_end("directory", requests="yes", checks="yes")
found = {}
for engine in ("rules", "lab"):
    for name, choices in (("as it is", "C2"), ("checking", made)):
        (out,) = [o for o in ekukit.simulate(choices, engine=engine).outcomes
                  if o.connection == "ldap"]
        found[f"{engine} {name}"] = [out.state.value, out.code, out.engine.value]
print(json.dumps(found))
"""
    assert told(tree, code) == {
        "rules as it is": ["Active", "ldap.active", "rules"],
        "rules checking": ["Failed", "ldap.client-eku-missing", "rules"],
        "lab as it is": ["Active", "ldap.active", "lab"],
        "lab checking": ["Failed", "ldap.client-eku-missing", "lab"],
    }


def test_a_connection_is_shown_by_the_shell_and_in_pictures(tree: Path) -> None:
    """Its options, its state and its far end's box follow from the rows."""
    arguments = ("simulate", "C2", "--far", "directory=requests:yes,checks:yes", "--json")
    states = json.loads(run(tree, "-m", "ekukit", *arguments))
    assert "ldap.client-eku-missing" in json.dumps(states)
    code = """
import json, ekukit
from ekukit.expressway import build, condition
from ekukit.connections import predict
from ekukit.views.figures.deployment_picture import topology_svg
found = build(condition("C3"))
print(json.dumps(topology_svg(found, predict(found))))
"""
    picture = told(tree, code)
    assert "Directory lookup" in picture
    assert "Directory:636" in picture


def test_a_connection_is_told_in_a_log_and_in_a_capture(tree: Path) -> None:
    """A line on its port, and a handshake made in the lab, are findings of this connection."""
    code = """
from cases import AT
from ekukit.expressway import Role, build, condition
lines = line("core1", "Outbound", 636, "sslv3 alert unsupported certificate")
files = {"loggingsnapshot_core1_2026-06-15_09_41_07.txt": (lines + "\\n").encode()}
logged = case_of(Path("logged"), files, roles={"core1": Role.CORE})
far = condition("C2", at=AT).with_far_end("directory", requests="yes", checks="yes")
made = files_of(build(far), Recording(connections=("ldap",)))
captured = case_of(Path("captured"), made)
observed = [f for f in captured.findings if f.code == "ldap.client-eku-missing"]
print(json.dumps([sorted(codes(logged)), [[e.kind.value for e in f.evidence] for f in observed]]))
"""
    logged, captured = told(
        tree, LOG + code.replace('at="2026-06-15"', "at=__import__('cases').AT")
    )
    assert "ldap.client-eku-missing" in logged
    assert "packet" in captured[0]


def test_a_connection_has_one_verdict_by_rules_and_lab(tree: Path) -> None:
    """Over what the far end can trust, ask for and check, in every condition; facts exist."""
    code = """
import json
from itertools import product
from ekukit.connections import connection
from ekukit.connections.attempts import handshakes
from ekukit.connections.rules import judge
from ekukit.expressway import Knowledge, Trust, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.lab import perform
made = {h: None for name, trusts, asks, checks in product(CONDITIONS, Trust, Knowledge, Knowledge)
        for h in handshakes(build(condition(name, key="EC-secp256r1").with_far_end(
            "directory", trusts=trusts, requests=asks, checks=checks)), connection("ldap"))}
pairs = [[(v.cause, v.judged, v.error, v.depth) for v in (judge(h), perform(h))] for h in made]
print(json.dumps([len(pairs), [pair for pair in pairs if pair[0] != pair[1]],
                  sorted({pair[0][0] for pair in pairs})]))
"""
    count, apart, causes = told(tree, code)
    assert (apart, causes) == ([], ["active", "eku-missing", "untrusted"])
    assert count > 20
    assert " passed" in passes(tree, "test_facts.py", "every_id or every_source")


def test_a_cause_is_one_row_for_findings_and_logs(tree: Path) -> None:
    """OpenSSL's number leads to it, it has codes at every connection, and a log's words find it."""
    code = """
from ekukit.diagnosis.findings.codes import CODES
from ekukit.lab.verify_errors import cause_of
case = log_only(Path("policy"), line("edge1", "Inbound", 7001, "no explicit policy"))
found = finding(case, "uc-zone.client-policy")
cause = cause_of(43, 0, has_eku=True, signs=True)
print(json.dumps([cause, CODES["b2b-in.client-policy"].title, found.found]))
"""
    cause, title, text = told(tree, LOG + code)
    assert cause == "policy"
    assert title == "B2B call, inbound, client certificate: no policy that is demanded"
    assert "for want of a policy that it demands" in text


def test_a_cause_keeps_the_two_tables_of_numbers_complete(tree: Path) -> None:
    """Every number of OpenSSL leads to one cause, or to a reason why it cannot come."""
    assert " passed" in passes(tree, "test_real_paths.py", "every_verify_error")


def test_a_lesson_is_taken_up_by_the_tests(tree: Path) -> None:
    """Links, lists, size, answers: whatever can be checked without a kernel."""
    own = "60_renewal_day and not runs and not shows and not hides"
    which = f"({own}) or each_lesson or before_and_after or lists_every_lesson or stored"
    assert " passed" in passes(tree, "test_notebooks.py", which)
    assert " passed" in passes(tree, "test_course.py", "60 or trainer or own_lesson or path")


def test_a_lesson_is_in_the_progress_panel_and_has_a_hand_out(tree: Path) -> None:
    """The panel counts its question, and the hand-out shows its picture and its question."""
    code = """
import json
from ekukit.course import Progress
from ekukit.views.panels.progress_panel import progress_table
print(json.dumps(progress_table(Progress()).iloc[-1].tolist()[:5]))
"""
    about = "The public certificates are renewed tonight. What is left tomorrow?"
    row = ["60 · Renewal day", about, 8, "if it concerns you", "0 of 2"]
    assert told(tree, code) == row
    run(tree, "-m", "ekukit", "handout", "60", "--folder", "paper")
    page = (tree / "paper" / "60_renewal_day.html").read_text("utf-8")
    assert "<svg" in page
    assert "What becomes of the UC traversal zone?" in page


def test_a_lesson_without_its_notebook_is_told_in_words(tmp_path: Path) -> None:
    """The file, the lesson and what to do; for one lesson, for all, and for a path."""
    for lesson in LESSONS[1:]:
        nbformat.write(nbformat.v4.new_notebook(), tmp_path / f"{lesson.file}.ipynb")
    (file,) = [LESSONS[0].file]
    assert list(missing(tmp_path)) == [("00", file)]
    for name in ("00", file, "all"):
        with pytest.raises(InputError, match=rf"{file}\.ipynb is missing.*git checkout notebooks"):
            choose(tmp_path, name)
    assert [path.stem for path in choose(tmp_path, "01")] == [LESSONS[1].file]
    with pytest.raises(InputError, match=r"99\.ipynb: cannot be read \(No such file"):
        handout(tmp_path / "99.ipynb")
    (tmp_path / "torn.ipynb").write_text('{"cells": [', "utf-8")
    with pytest.raises(InputError, match="it is no notebook"):
        handout(tmp_path / "torn.ipynb")


def test_a_word_of_a_log_is_one_row(tree: Path) -> None:
    """Words that nothing here understands are in the copy a finding with their cause."""
    words = "X.509 certificate unknown to the keychain"
    assert meaning_of(words) is None
    code = f"""
case = log_only(Path("keychain"), line("edge1", "Inbound", 7001, {words!r}))
print(json.dumps(sorted(codes(case))))
"""
    assert "uc-zone.client-untrusted" in told(tree, LOG + code)
    assert " passed" in passes(tree, "test_words.py", "keychain")


def test_a_release_is_a_member_and_a_row(tree: Path) -> None:
    """It is simulated, told from a status dump, and reached by an upgrade that copies nothing."""
    code = """
import ekukit
from ekukit.diagnosis.evidence.setting import Setting
from ekukit.expressway import Release
from ekukit.expressway.upgrade import upgrade
from ekukit.samples.writer import WHOLE
C = deployment("C2", release="X15.6")
states = [[o.state.value for o in ekukit.simulate("C2.1", release=r).outcomes]
          for r in ("X15.5", "X15.6")]
case = case_of(Path("release"), files_of(C))
before = deployment("C2.1").edge[0]
after = upgrade(before, Release.X15_6).node
print(json.dumps([states[0] == states[1], sorted({n.release for n in case.nodes}),
                  after.client == before.client, after.release]))
"""
    assert told(tree, LOG + code) == [True, ["X15.6"], True, "X15.6"]


def test_a_date_is_in_calendar_and_list_of_facts(tree: Path) -> None:
    """The table of dates and the last day for clientAuth have it."""
    code = """
import json
from ekukit.facts import last_day
from ekukit.views.tables.calendar_tables import calendar_table
frame = calendar_table()
print(json.dumps([frame[frame["Who"] == "Example CA"].iloc[0].tolist(),
                  str(last_day("Example CA"))]))
"""
    row, last = told(tree, code)
    assert row == ["2027-05-01", "Example CA", "stops clientAuth", "Example CA's own FAQ",
                   "2026-11-28", "yes"]  # fmt: skip
    assert last == "2027-04-30"
    assert "Example CA" in run(tree, "-m", "ekukit", "facts", "--older-than", "-1")


# How many rows a table has is no matter of prose: four and fewer are language.
_NUMBERS = ("five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
            "seventeen|eighteen|nineteen|twenty")  # fmt: skip
_ORDINALS = "fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[a-z]+teenth|twentieth"
_NOUNS = ("connections?|conditions?|codes?|causes?|lessons?|notebooks?|far ends?|services?|"
          "releases?|finding codes?|sample cases?|facts?|questions?")  # fmt: skip
COUNT = re.compile(
    rf"\b(?:(?:{_NUMBERS})(?:[ -][a-z]+)?|(?:{_ORDINALS})|all \d+|the \d+) (?:{_NOUNS})\b",
    re.IGNORECASE,
)
PROSE = [
    path
    for pattern in ("*.md", "docs/*.md", "notebooks/*.ipynb", "ekukit/**/*.py", "ekukit/**/*.toml")
    for path in sorted(ROOT.glob(pattern))
    if path.name != "CHANGELOG.md"
]


def test_no_prose_counts_what_a_table_holds() -> None:
    """Connections, conditions, causes, lessons: a row more makes no sentence wrong."""
    assert COUNT.search("its twelve connections")
    assert COUNT.search("The thirteenth connection")
    assert len(PROSE) > 200
    found = {
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in PROSE
        for hit in COUNT.finditer(path.read_text("utf-8"))
    }
    assert found == set()
