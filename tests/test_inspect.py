"""`ekukit inspect` keeps its promises: exit codes, JSON alone, nothing read as markup."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cases import log_only, zipped
from conftest import ROOT

from ekukit.cli import main
from ekukit.cli.case_text import show_case
from ekukit.printable import visible

CASES = ROOT / "data" / "cases"
CASE = CASES / "public-everywhere-checking-off.tar.gz"
KEYS = {
    "headline", "nodes", "certificates", "findings", "predicted", "observed", "unread",
}  # fmt: skip
FINDING = {
    "code", "severity", "confidence", "found", "required", "todo", "evidence", "facts",
}  # fmt: skip
HOSTILE = (
    '2026-03-29T06:58:01.231+00:00 e1 tvcs: Event="Inbound TLS Negotiation Error" '
    'Src-ip="192.0.2.16" Src-port="25011" Dst-ip="192.0.2.31" Dst-port="7001" '
    'Detail="[red]\x1b]0;title\x07[/red] wrong version number"'
)
PAGE = "edge.example.com\texample.com\tFailed\t2026-06-15 09:00\tPermission denied\tcore\n"


def data(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, list[dict[str, object]]]:
    """Return what `inspect --json` prints."""
    assert main(["inspect", *words, "--json"]) == 0
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found


def test_standard_output_is_the_json_alone() -> None:
    """The whole output parses, with the documented keys, status 0, and nothing beside it."""
    command = [sys.executable, "-m", "ekukit", "inspect", str(CASE), "--json"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    told = json.loads(found.stdout)
    assert set(told) >= KEYS
    assert [one for one in told["findings"] if not set(one) >= FINDING] == []
    assert {one["code"] for one in told["findings"]} >= {"ssh-tunnel.client-eku-missing"}


def test_json_has_no_byte_that_steers_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Escapes of a hostile log leave as JSON escapes."""
    (tmp_path / "loggingsnapshot_e1_2026-03-29_06_58_01.txt").write_text(HOSTILE, "utf-8")
    assert main(["inspect", str(tmp_path), "--json"]) == 0
    printed = capsys.readouterr().out
    assert [char for char in printed if ord(char) < 32 and char != "\n"] == []
    assert json.loads(printed)["findings"]


def test_the_terminal_shows_findings_and_no_escapes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Markup and escapes in the log are letters, not commands."""
    show_case(log_only(tmp_path, HOSTILE), details=True)
    printed = capsys.readouterr().out
    assert "uc-zone" in printed
    assert "\x1b]" not in printed
    assert "\x07" not in printed
    assert "[red]" in "".join(printed.replace("│", "").split())


def test_control_and_direction_characters_become_visible() -> None:
    """A bell, an escape and a right-to-left override are named, not printed."""
    assert visible("a\x07\x1b\u202eb") == "a[U+0007][U+001B][U+202E]b"


def test_a_case_prints_its_headline_first(capsys: pytest.CaptureFixture[str]) -> None:
    """The first line says that names are real, the next words what fails."""
    assert main(["inspect", str(CASE)]) == 0
    first, _, rest = capsys.readouterr().out.partition("\n")
    assert first == "Not redacted: real names follow; --redact hides them."
    assert " ".join(rest.split()).startswith("SSH tunnel and MRA provisioning")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["{nowhere}"], "does not exist"),
        (["{empty}"], "nothing could be read"),
        (["{case}", "--role", "edge"], "HOST=core"),
        (["{case}", "--role", "edge=middle"], "HOST=core"),
        (["{case}", "--role", "nobody=edge"], "the nodes are: core, edge"),
        (["{case}", "--paste", "{nowhere}"], "does not exist"),
        (["{case}", "--at", "tomorrow"], "YYYY-MM-DD"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """What cannot be used is refused with what would do."""
    (tmp_path / "empty").mkdir()
    places = {"nowhere": tmp_path / "none", "empty": tmp_path / "empty", "case": CASE}
    assert main(["inspect", *(word.format(**places) for word in words)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err
    assert printed.err.count("\n") == 1


def test_a_pasted_page_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page's row is observed, and evidence of the refused tunnels."""
    page = tmp_path / "page.txt"
    page.write_text(PAGE, "utf-8")
    told = data(capsys, str(CASE), "--paste", str(page))
    tunnel = next(f for f in told["findings"] if f["code"] == "ssh-tunnel.client-eku-missing")
    assert "pasted text" in {e["kind"] for e in tunnel["evidence"]}  # type: ignore[attr-defined]
    assert ("ssh-tunnel", "Failed") in {(o["connection"], o["state"]) for o in told["observed"]}


def test_what_expired_since_is_listed_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """At the archive's time nothing is expired; a year later the certificates are."""
    then = data(capsys, str(CASE), "--at", "2026-06-16")
    later = data(capsys, str(CASE), "--at", "2027-06-16")
    assert "certificate.expired-since" not in {f["code"] for f in then["findings"]}
    assert "certificate.expired-since" in {f["code"] for f in later["findings"]}
    assert [o["state"] for o in then["predicted"]] == [o["state"] for o in later["predicted"]]


def test_several_paths_are_one_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Core's archive and Edge's, given apart, are two nodes of one case."""
    from archives import unpacked

    files = unpacked(CASE.read_bytes())
    paths = []
    for host in ("core", "edge"):
        path = tmp_path / f"{host}.tar.gz"
        path.write_bytes(zipped({n: d for n, d in files.items() if f"_{host}_" in n}))
        paths.append(str(path))
    told = data(capsys, *paths)
    assert [node["role"] for node in told["nodes"]] == ["Core", "Edge"]
    assert {f["code"] for f in told["findings"]} >= {"ssh-tunnel.client-eku-missing"}


def test_a_role_that_is_given_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without configurations the roles decide, and the case says that they were given."""
    from archives import unpacked

    files = unpacked(CASE.read_bytes())
    for name, content in files.items():
        if not name.startswith("xconf"):
            (tmp_path / name).write_bytes(content)
    told = data(capsys, str(tmp_path), "--role", "core=core", "--role", "EDGE=edge")
    assert [node["role"] for node in told["nodes"]] == ["Core", "Edge"]
    assert "role as given" in told["nodes"][0]["how_known"]  # type: ignore[operator]
    assert {f["code"] for f in told["findings"]} >= {"ssh-tunnel.client-eku-missing"}


def test_a_report_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--report` writes the file beside what is printed."""
    path = tmp_path / "case.html"
    assert main(["inspect", str(CASE), "--report", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert path.stat().st_size > 1000


def test_names_stay_out_of_a_report_unless_asked_for(tmp_path: Path) -> None:
    """Pseudonyms by default, their originals apart and mode 0600, real names with `--names`."""
    hidden, mapping, named = (tmp_path / name for name in ("a.md", "names.json", "b.md"))
    words = ["inspect", str(CASE), "--json", "--report"]
    assert main([*words, str(hidden), "--map", str(mapping)]) == 0
    assert main([*words, str(named), "--names"]) == 0
    assert "core.example.com" not in hidden.read_text("utf-8")
    assert "core.example.com" in named.read_text("utf-8")
    assert "core" in mapping.read_text("utf-8")
    assert mapping.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("option", [["--names"], ["--map", "x.json"]])
def test_options_of_a_report_need_one(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without `--report` they are refused in one line."""
    assert main(["inspect", str(CASE), *option]) == 2
    assert "--report" in capsys.readouterr().err


def test_json_says_whether_it_is_redacted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Real names by design, pseudonyms with `--redact`, and the map of them on request."""
    assert main(["inspect", str(CASE), "--json"]) == 0
    real = json.loads(capsys.readouterr().out)
    path = tmp_path / "map.json"
    assert main(["inspect", str(CASE), "--json", "--redact", "--map", str(path)]) == 0
    hidden = json.loads(capsys.readouterr().out)
    assert (real["redacted"], hidden["redacted"]) == (False, True)
    assert [f["code"] for f in real["findings"]] == [f["code"] for f in hidden["findings"]]
    assert real["nodes"][0]["host"] == json.loads(path.read_text("utf-8"))["[host1]"]
    assert hidden["nodes"][0]["host"] == "[host1]"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_help_says_what_shows_real_names(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anybody pastes an answer into a ticket."""
    with pytest.raises(SystemExit):
        main(["inspect", "--help"])
    assert "show real names" in " ".join(capsys.readouterr().out.split())


def test_an_interrupt_says_how_far_the_reading_came(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C while an archive is read stops at once, without a traceback."""
    from ekukit.archive.taken_files import TakenFiles

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    sample = next((Path(__file__).parent.parent / "data/cases").glob("*.tar.gz"))
    monkeypatch.setattr(TakenFiles, "take", interrupted)
    with pytest.raises(SystemExit) as stopped:
        main(["inspect", str(sample)])
    assert stopped.value.code == 130
    said = capsys.readouterr().err
    assert said.startswith("ekukit inspect: stopped; ")
    assert "Traceback" not in said
