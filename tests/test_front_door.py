"""`import ekukit` is the kit: the shell's verbs, light to load, and hard to mistake."""

import argparse
import inspect
import json
import pkgutil
import pydoc
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import NOTEBOOKS, ROOT

import ekukit
from ekukit.cli import main, simulate
from ekukit.cli.fleet import FleetShell
from ekukit.cli.main import command
from ekukit.cli.parser import VERBS
from ekukit.connections import Engine
from ekukit.expressway import FarEndKind, Mode, Release, condition
from ekukit.verbs.calendar import CalendarOptions
from ekukit.verbs.check import UPLOAD_COLUMNS, CheckOptions
from ekukit.verbs.diff import DiffOptions
from ekukit.verbs.far_ends import settings_of
from ekukit.verbs.fleet import FleetOptions
from ekukit.verbs.handshakes import HANDSHAKE_COLUMNS
from ekukit.verbs.inspect import InspectOptions, InspectOutput
from ekukit.verbs.issue import IssueOptions
from ekukit.verbs.option import options_of
from ekukit.verbs.pair import PairOptions
from ekukit.verbs.plan import PlanOptions, PlanOutput
from ekukit.verbs.request import RequestOptions
from ekukit.verbs.simulate import SimulateOptions
from ekukit.verbs.simulation import OUTCOME_COLUMNS, ShownOutcomes
from ekukit.views.panels.controls import EKUS, ISSUERS, Controls

SAMPLE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
HEAVY = {"pandas", "numpy", "matplotlib", "OpenSSL", "cryptography", "ipywidgets", "asyncssh"}
OPTIONS = {
    "simulate": (SimulateOptions, ShownOutcomes),
    "check": (CheckOptions, ShownOutcomes),
    "pair": (PairOptions,),
    "inspect": (InspectOptions, InspectOutput),
    "diff": (DiffOptions,),
    "calendar": (CalendarOptions,),
    "fleet": (FleetOptions, FleetShell),
    "request": (RequestOptions,),
    "plan": (PlanOptions, PlanOutput),
    "issue": (IssueOptions,),
}
USED = """
import pandas as pd
import ekukit

states = ekukit.simulate("C2", edge_checking="off", far={"webex": "trusts:public,checks:no"})
frame: pd.DataFrame = states.frame
text: str = states.json()
changed = ekukit.simulate(ekukit.condition("C2", edge_checking="off"), engine="rules")
case = ekukit.inspect("core.tar.gz", "edge.tar.gz", role={"core1": "core"}, at="2026-12-01")
headline: str = case.headline
codes: list[str] = [finding.code for finding in case.findings]
case.report("case.html", names=False, map="names.json")
uploads: pd.DataFrame = ekukit.check(core_client="new.pem", ca=["a.pem", "b.pem"]).uploads
ekukit.check(core_client="new.pem", edge_server="edge.pem", ca="cas.pem", at="2026-12-01")
days: pd.DataFrame = ekukit.calendar("C1", renewed_by="DigiCert", at="2026-12-01").frame
slot: pd.DataFrame = ekukit.check("new.pem", slot="core-client", case="case.tar.gz").states
broken: tuple[str, ...] = ekukit.diff("before.tar.gz", ["core.tar.gz", "edge.tar.gz"]).broken
fleet: pd.DataFrame = ekukit.fleet("cases", together="folder", workers=2, at="2026-12-01").frame
orders: pd.DataFrame = ekukit.request("core-client", case=["core.tar.gz", "edge.tar.gz"]).frame
two: pd.DataFrame = ekukit.pair(client="new.pem", server="srv.pem", server_stack="go").frame
ekukit.issue({"core.example.com": "both"}, folder="lab")
found: pd.DataFrame = ekukit.handshakes("trace.pcapng")
ekukit.Explorer("C2", everything=True)
ekukit.ask("11.mode-on").hint()
ekukit.show.ladder("C2", "uc-zone")
"""
MISUSED = """
import ekukit

ekukit.simulate("C2", edge_cheking="off")
ekukit.inspect("core.tar.gz").headlines
ekukit.simulat("C2")
"""


def parser_of(verb: str) -> argparse.ArgumentParser:
    """Return the shell's parser of a verb."""
    commands = argparse.ArgumentParser().add_subparsers()
    command(verb).add_to(commands)
    return commands.choices[verb]


def test_the_door_opens_without_what_is_heavy() -> None:
    """Importing loads no tables, pictures, widgets or OpenSSL, and no room of the kit."""
    code = "import sys, ekukit; dir(ekukit); print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = found.stdout.split()
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert [name for name in loaded if name.startswith("ekukit.")] == ["ekukit.errors"]


def test_asyncssh_loads_for_the_first_tunnel_and_not_before() -> None:
    """Handshakes of TLS, and their recordings, do without it."""
    code = (
        "import sys, ekukit.lab.record as r; from ekukit.lab import bench;"
        "from ekukit.connections import Protocol; bench.engine_of(Protocol.TLS);"
        "print('asyncssh' in sys.modules); bench.engine_of(Protocol.SSH);"
        "print('asyncssh' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]


def loaded_by(*words: object) -> set[str]:
    """Return which heavy packages a command of the shell loads."""
    code = (
        "import sys; from ekukit.cli import main; main(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    given = [sys.executable, "-c", code, *map(str, words)]
    found = subprocess.run(given, capture_output=True, text=True, check=True)
    return HEAVY & set(found.stderr.split())


@pytest.mark.parametrize("option", ["--all", "--json", "--redact"])
@pytest.mark.parametrize("case", ["public-everywhere-checking-on", "webex-call-over-mtls"])
def test_a_small_archive_is_inspected_without_tables(case: str, option: str) -> None:
    """Rows are printed as rows; the handshakes need OpenSSL, and the tunnels AsyncSSH."""
    path = SAMPLE.with_name(f"{case}.tar.gz")
    expected = {"OpenSSL", "cryptography", "asyncssh"}
    assert expected == loaded_by("inspect", path, "--at", "2026-11-01", option)


@pytest.mark.parametrize(
    "words",
    [("calendar", SAMPLE), ("diff", SAMPLE, SAMPLE), ("request", "core-client", "--case", SAMPLE)],
    ids=["calendar", "diff", "request"],
)
def test_what_the_shell_prints_is_no_table(words: tuple[object, ...]) -> None:
    """Rows are printed here, too."""
    assert loaded_by(*words) & {"pandas", "numpy", "ipywidgets"} == set()


def test_a_log_alone_is_inspected_without_handshakes(tmp_path: Path) -> None:
    """None is made where no side of a node is known."""
    log = tmp_path / "loggingsnapshot_edge1_2026-03-29_06_58_01.txt"
    log.write_text('2026-03-29T06:58:01.231+00:00 edge1 tvcs: Event="x"\n')
    assert loaded_by("inspect", log) == {"cryptography"}


def test_every_name_of_the_door_leads_somewhere_and_stands_on_its_page() -> None:
    """The list is sorted, each name loads, and the help names each."""
    assert ekukit.__all__ == sorted(ekukit.__all__)
    assert [name for name in ekukit.__all__ if getattr(ekukit, name, None) is None] == []
    page = ekukit.__doc__ or ""
    assert [name for name in ekukit.__all__ if not re.search(rf"\b{name}\b", page)] == []
    assert set(ekukit.__all__) <= set(dir(ekukit))
    assert page.splitlines()[0] in pydoc.plain(pydoc.render_doc(ekukit))


def test_no_name_of_the_door_is_that_of_a_room() -> None:
    """So `import ekukit.room` never hides a verb, whatever was imported before."""
    rooms = {found.name for found in pkgutil.iter_modules(ekukit.__path__)}
    assert set(ekukit.__all__) & rooms == set()
    assert {name for name, verb in VERBS.items() if not verb.in_python} & set(ekukit.__all__) == (
        set()
    )


def test_a_wrong_attribute_is_answered_with_the_nearest() -> None:
    """It stays an AttributeError, so that hasattr and imports work as everywhere."""
    assert not hasattr(ekukit, "no_such_thing")
    with pytest.raises(AttributeError, match="'simulat'; did you mean simulate"):
        _ = ekukit.simulat  # type: ignore[attr-defined]


def test_the_shell_has_the_verbs_of_the_list_and_python_those_that_say_so() -> None:
    """One list, in the shell's order."""
    commands = argparse.ArgumentParser().add_subparsers()
    for name in VERBS:
        command(name).add_to(commands)
    assert list(commands.choices) == list(VERBS)
    assert [name for name, verb in VERBS.items() if verb.in_python and name not in OPTIONS] == []
    assert [name for name in OPTIONS if name not in ekukit.__all__] == []


@pytest.mark.parametrize("verb", OPTIONS)
def test_shell_and_python_have_the_same_options(verb: str) -> None:
    """Names, values and defaults are those of the one definition."""
    known = {name: option for kind in OPTIONS[verb] for name, option in options_of(kind).items()}
    actions = {action.dest: action for action in parser_of(verb)._actions}
    old = {f"{kind.value}-{name}".replace("-", "_") for kind in FarEndKind
           for name in settings_of(kind)}  # fmt: skip
    words = "condition names paths given slot new before after sources"
    positional = set(words.split()) - set(known)
    # How the shell shows a page is no matter of Python's.
    shown = {"dark", "no_browser", "port"} if verb == "fleet" else set()
    assert set(actions) - old - positional - shown - {"help", "json"} == set(known)
    for name, option in known.items():
        assert f"--{name.replace('_', '-')}" in actions[name].option_strings
        assert tuple(actions[name].choices or ()) == option.values  # noqa: PD011 - no frame
    parameters = inspect.signature(getattr(ekukit, verb)).parameters
    first = options_of(OPTIONS[verb][0])
    told = {name: one.default for name, one in parameters.items()
            if one.kind is one.KEYWORD_ONLY}  # fmt: skip
    assert told == {name: option.default for name, option in first.items()}
    if verb == "inspect":
        methods = (ekukit.Case.report, ekukit.Case.json)
        taken = {name for method in methods for name in inspect.signature(method).parameters}
        assert taken - {"self", "path"} == set(options_of(InspectOutput)) - {"report", "details"}


def test_the_explorer_offers_what_simulate_takes() -> None:
    """Each option of stores, modes and nodes is a control with the same values."""
    controls = Controls(condition("C2"), lambda: None, far_ends=True)
    known = options_of(SimulateOptions)
    for store, control in controls.stores.items():
        issuers = {value for _words, value in ISSUERS}
        assert (
            set(known[f"{store}_issuer"].values)
            == issuers
            == {v for _, v in control.issuer.options}
        )
        assert set(known[f"{store}_eku"].values) == {value for _words, value in EKUS}
    for name in ("core_checking", "edge_checking", "neighbor_verify"):
        values = {str(value) for _words, value in getattr(controls, name).options}
        assert values == {mode.value for mode in Mode}
        assert {known[name].taken(name, value) for value in values} == set(Mode)
    for far in controls.far_ends:
        offered = {"trusts": far.trusts, "checks": far.checks, "requests": far.requests}
        for name, values in settings_of(far.kind).items():
            if name in offered:
                assert {value for _words, value in offered[name].options} == set(values)
            elif name in ("release", "stack"):
                control = getattr(far, name)
                assert {value for _words, value in control.options} - {""} == set(values)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"edge_cheking": "off"}, "did you mean edge_checking"),
        ({"edge_checking": "of"}, "did you mean off"),
        ({"edge_server_eku": "servr"}, "did you mean server"),
        ({"core_client_issuer": "intern"}, "did you mean internal"),
        ({"release": "X15"}, "did you mean X15.5|did you mean X15.4"),
        ({"engine": "labs"}, "did you mean lab"),
        ({"far": "webx=trusts:public"}, "did you mean webex"),
        ({"far": {"webex": {"trust": "public"}}}, "did you mean trusts"),
        ({"far": {"webex": "trusts:publik"}}, "did you mean public"),
        ({"far": {"mra-client": "checks:no"}}, "mra-client has no setting 'checks'"),
        ({"far": 3}, "far=3 cannot be used"),
        ({"far": [3]}, "far=3 cannot be read"),
        ({"core_peers": "many"}, "core_peers='many' cannot be used; give 1-6"),
        ({"core_peers": 2.5}, "core_peers=2.5 cannot be used"),
        ({"core_peers": 9}, "1 to 6"),
        ({"at": "yesterday"}, "cannot be read"),
        ({"at": 3}, "at=3 cannot be used"),
        ({"capture": 3}, "3 is no path"),
        ({"domains": 3}, "domains=3 cannot be used"),
    ],
)
def test_a_wrong_name_or_value_is_told_with_the_nearest_right_one(
    options: dict[str, object], told: str
) -> None:
    """It is an InputError, whatever kind of thing was given."""
    with pytest.raises(ekukit.InputError, match=told):
        ekukit.simulate("C2", **options, **({} if "engine" in options else {"engine": "rules"}))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: ekukit.simulate("C21", engine="rules"), "did you mean C2.1|did you mean C2|C1"),
        (lambda: ekukit.check(core_clent="a.pem"), "did you mean core_client"),
        (ekukit.check, "no certificate given"),
        (ekukit.inspect, "nothing to inspect"),
        (lambda: ekukit.pair(server_stack="jav"), "did you mean java"),
        (ekukit.pair, "client is missing"),
        (ekukit.plan, "nothing to plan for"),
        (lambda: ekukit.plan("C21"), "did you mean C2"),
        (lambda: ekukit.plan("C2", want="mra-logn"), "did you mean mra-login"),
        (lambda: ekukit.plan("C2", never="private-cas"), "did you mean private-ca"),
        (lambda: ekukit.plan("C2", prefer="prize"), "did you mean price"),
        (lambda: ekukit.plan(3), "3 is no path"),
        (lambda: ekukit.inspect(str(SAMPLE), rol={}), "did you mean role"),
        (lambda: ekukit.inspect(str(SAMPLE), role={"core1": "middle"}), "HOST=core or HOST=edge"),
        (lambda: ekukit.inspect(str(SAMPLE), role={"nobody": "core"}), "no node is called nobody"),
        (lambda: ekukit.issue({"a.example.com": "bth"}, folder="x"), "did you mean both"),
        (lambda: ekukit.issue("a.example.com"), "folder is missing"),
        (lambda: ekukit.issue({}, folder="x"), "no name given"),
        (ekukit.handshakes, "no capture given"),
        (lambda: ekukit.ask("11.mode-om"), "did you mean 11.mode-on"),
        (lambda: ekukit.show.ladder("C2", "uc-zon"), "did you mean uc-zone"),
        (lambda: ekukit.show.evidence("C2", "uc-zon"), "did you mean uc-zone"),
        (lambda: ekukit.show.server_page("C2", "Egde"), "did you mean Edge"),
        (lambda: ekukit.condition("C2", edge_cheking="off"), "did you mean edge_checking"),
        (lambda: ekukit.condition("C2", edge_checking="of"), "did you mean Off"),
        (lambda: ekukit.condition("C2").with_far_end("webx"), "did you mean webex"),
        (lambda: ekukit.scenario("X2").with_core(neighbour_verify="off"), "mean neighbor_verify"),
        (lambda: ekukit.Slot("public", "servr"), "did you mean server"),
        (lambda: ekukit.Explorer("C7"), "condition 'C7' is unknown"),
        (lambda: ekukit.Explorer(3), "condition 3 is unknown"),
        (lambda: ekukit.simulate(3), "int cannot be simulated"),
        (lambda: ekukit.simulate(ekukit.scenario("X1")), "Deployment cannot be simulated"),
        (lambda: ekukit.simulate("C2", far={3: "trusts:both"}), "far end '3' is unknown"),
        (lambda: ekukit.condition(3), "condition 3 is unknown"),
        (lambda: ekukit.scenario(3), "scenario 3 is unknown"),
        (lambda: ekukit.show.ladder(3, "uc-zone"), "3 is neither a condition"),
        (lambda: ekukit.ask(3), "there is no question 3"),
        (lambda: ekukit.inspect(3), "3 is no path"),
        (lambda: ekukit.handshakes(3), "3 is no path"),
        (lambda: ekukit.issue(3, folder="x"), "names=3 cannot be used"),
    ],
)
def test_every_door_answers_a_slip_in_words(call: "object", told: str) -> None:
    """Verbs, panels and pictures alike."""
    with pytest.raises(ekukit.InputError, match=told):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["simulate", "C2", "--edge-cheking", "off"], "did you mean --edge-checking?"),
        (["inspect", "case.tar.gz", "--raport=case.html"], "did you mean --report?"),
        (["simulate", "C2", "C3"], "unrecognized arguments: C3\n"),
        (["simulat", "C2"], "did you mean simulate?"),
        (["calendar", "C1", "--renewed-by", "Lets encrypt"], "did you mean Let's Encrypt?"),
    ],
)
def test_the_shell_answers_a_misspelled_option_with_the_nearest(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stays argparse's own refusal, with status 2."""
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_verb_fits_80_columns_and_cuts_no_value(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is longer, and none ends within a value with hyphens, which somebody may copy."""
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if re.search(r"\w-$", line)] == []


def test_words_and_members_mean_the_same() -> None:
    """A word is taken wherever an enumeration is, in any case of letters."""
    words = ekukit.simulate("c2", edge_checking="OFF", release="x15.4", engine="rules")
    members = ekukit.simulate(
        "C2", edge_checking=Mode.OFF, release=Release.X15_4, engine=Engine.RULES
    )
    assert words.outcomes == members.outcomes
    assert condition("C3").with_far_end("webex", trusts="both") == condition("C3").with_far_end(
        FarEndKind.WEBEX, trusts=ekukit.Trust.BOTH
    )


def test_a_simulation_is_what_the_shell_prints_and_shows_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """JSON equals the shell's; the frame has its columns; repr is a line; HTML has the states."""
    words = ["simulate", "C2", "--edge-checking", "off", "--engine", "rules", "--json"]
    assert main(words) == 0
    shell = json.loads(capsys.readouterr().out)
    found = ekukit.simulate("C2", edge_checking="off", engine="rules")
    mine = json.loads(found.json())
    serials = re.compile(r'"serial": "[0-9a-f]+"')
    assert [serials.sub("", json.dumps(one)) for one in (mine["outcomes"], mine["deployment"])] == [
        serials.sub("", json.dumps(one)) for one in (shell["outcomes"], shell["deployment"])
    ]
    assert tuple(found.frame.columns) == OUTCOME_COLUMNS
    assert list(found.frame["state"]) == [outcome.state.value for outcome in found]
    assert (len(found), found[0].connection) == (len(found.outcomes), "uc-zone")
    assert re.fullmatch(r"<Simulation: \d+ Active, \d+ Failed(, \d+ Unknown)?>", repr(found))
    assert "✗ Failed" in found._repr_html_()


def test_a_case_is_what_the_shell_prints_and_shows_itself(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """JSON equals the shell's, with and without names; report, repr and HTML tell the headline."""
    at = "2026-12-01"
    case = ekukit.inspect(SAMPLE, at=at)
    for options, asked in ((["--redact"], {"redact": True}), (["--all"], {"all": True}), ([], {})):
        assert main(["inspect", str(SAMPLE), "--at", at, "--json", *options]) == 0
        assert capsys.readouterr().out == case.json(**asked) + "\n"
    assert repr(case).startswith(f"<Case: {case.headline}")
    assert "\n" not in repr(case)
    assert "eku-summary" in case._repr_html_()
    assert case.deployment is not None
    host = next(node.host for node in case.nodes)
    assert host not in case.report(tmp_path / "case.html", map=tmp_path / "m.json").read_text()
    assert host in case.report(tmp_path / "open.md", names=True).read_text("utf-8")
    assert (tmp_path / "m.json").exists()
    assert case.report().name == "case.html"


def test_certificates_are_issued_and_checked_from_python(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A mapping names profiles; what is checked is what the shell prints."""
    made = ekukit.issue({"core.example.com": "both"}, folder=tmp_path / "lab", key="EC-secp256r1",
                        issued="2026-06-01")  # fmt: skip
    assert [path for path in made.files if not path.exists()] == []
    assert list(made.frame["name"]) == ["core.example.com"]
    assert "TEST ONLY" in repr(made)
    assert "TEST ONLY" in made._repr_html_()
    leaf, cas = tmp_path / "lab" / "core.example.com.pem", tmp_path / "lab" / "trusted-cas.pem"
    found = ekukit.check(core_client=leaf, ca=cas, at="2026-12-01", core_checking="off")
    words = ["--core-client", str(leaf), "--ca", str(cas), "--at", "2026-12-01"]
    assert main(["check", *words, "--core-checking", "off", "--json"]) == 0
    shell = json.loads(capsys.readouterr().out)
    mine = json.loads(found.json())
    assert (mine["certificates"], mine["notes"]) == (shell["certificates"], shell["notes"])
    assert [row["state"] for row in mine["outcomes"]] == [row["state"] for row in shell["outcomes"]]
    assert tuple(found.uploads.columns) == UPLOAD_COLUMNS
    assert list(found.uploads["upload"]) == ["server", "client"]
    assert tuple(found.frame.columns) == OUTCOME_COLUMNS
    assert repr(found).startswith("<Checked: files 1; ")
    assert "an upload would say" in found._repr_html_()


def test_a_capture_is_told_as_who_presented_what(tmp_path: Path) -> None:
    """One row a handshake, with the leaf of both ends and the alert in words."""
    path = tmp_path / "trace.pcapng"
    ekukit.simulate("C2", capture=path)
    found = ekukit.handshakes(path)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == HANDSHAKE_COLUMNS
    zone = found[found["server_port"] == 7001].iloc[0]
    assert zone["client_ekus"] == "serverAuth"
    assert "fatal alert 43" in zone["alerts"]
    assert not zone["complete"]
    assert isinstance(found, pd.DataFrame)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (["--far", "webex=checks:no"], ["--webex-checks", "no"]),
        (["--far", "webex=trusts:internal,checks:yes", "--far", "cucm=trusts:public"],
         ["--webex-trusts", "internal", "--webex-checks", "yes", "--cucm-trusts", "public"]),
        (["--far", "mra-client=trusts:both"], ["--mra-client-trusts", "both"]),
        (["--far", "cucm=release:15su5,eku:server,client-eku:both"],
         ["--cucm-release", "15su5", "--cucm-eku", "server", "--cucm-client-eku", "both"]),
    ],
)  # fmt: skip
def test_far_ends_take_one_option_each_beside_the_old_spellings(
    new: list[str], old: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Both say the same, and differ from a condition without."""
    said = []
    for words in (new, old, []):
        assert main(["simulate", "C4", "--engine", "rules", "--json", *words]) == 0
        data = json.loads(capsys.readouterr().out)
        said.append([{k: v for k, v in far.items() if not k.endswith("certificate") or
                      isinstance(v, str)} for far in data["deployment"]["far_ends"]])  # fmt: skip
    assert said[0] == said[1]
    assert said[0] != said[2]


def test_far_end_settings_that_contradict_are_refused_across_spellings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A release says whether clientAuth is checked; two options together are seen, too."""
    words = ["--far", "neighbor=release:cube", "--far", "neighbor=checks:yes"]
    for given in (words, [*words[:2], "--neighbor-checks", "yes"]):
        assert main(["simulate", "C2", "--engine", "rules", *given]) == 2
        assert "give one of them" in capsys.readouterr().err


def test_the_help_of_simulate_fits_a_screen_and_names_every_listed_option(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At most 48 lines of 80 characters, in groups; old spellings are not listed."""
    monkeypatch.setenv("COLUMNS", "80")
    text = parser_of("simulate").format_help()
    lines = text.splitlines()
    assert len(lines) <= 48
    assert [line for line in lines if len(line) > 80] == []
    missing = [name for name in options_of(SimulateOptions)
               if f"--{name.replace('_', '-')}" not in text]  # fmt: skip
    assert missing == []
    groups = ["certificates:", "modes:", "far ends:", "nodes:", "output:"]
    assert [line for line in lines if line in groups] == groups
    assert "--webex-trusts" not in text
    values = {v for kind in FarEndKind for found in settings_of(kind).values() for v in found}
    assert [value for value in values if value not in text] == []
    assert simulate.run


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_from_the_front_door_alone(path: Path) -> None:
    """Nobody who copies a cell needs to know the rooms."""
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"]  # fmt: skip
    imports = [line for text in code for line in text.splitlines()
               if re.match(r"\s*(import|from) ", line)]  # fmt: skip
    assert imports
    door = re.compile(r"import ekukit|from ekukit import [\w, ]+")
    assert [line for line in imports if not door.fullmatch(line)] == []


def test_the_readme_imports_from_the_front_door_alone_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its Python runs in a folder that has the files which it names."""
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    imports = [line for text in blocks for line in text.splitlines()
               if re.match(r"\s*(import|from) ", line)]  # fmt: skip
    assert set(imports) == {"import ekukit"}
    monkeypatch.chdir(tmp_path)
    ekukit.simulate("C2", capture="trace.pcapng", archive="core.tar.gz")
    for other in ("edge", "before", "after"):
        Path(f"{other}.tar.gz").write_bytes(SAMPLE.read_bytes())
    Path("cases").mkdir()
    Path("cases", "core.tar.gz").write_bytes(SAMPLE.read_bytes())
    ekukit.issue("core.example.com", folder="made", key="EC-secp256r1")
    for name, source in (("new", "core.example.com"), ("edge", "core.example.com"),
                         ("cas", "trusted-cas")):  # fmt: skip
        Path(f"{name}.pem").write_bytes(Path("made", f"{source}.pem").read_bytes())
    names: dict[str, object] = {}
    exec("\n".join(blocks), names)  # noqa: S102 - what the reader is told to run
    assert isinstance(names["case"], ekukit.Case)
    assert Path("case.html").is_file()
    assert Path("lab", "core.example.com.pem").is_file()


@pytest.mark.parametrize(("text", "errors"), [(USED, 0), (MISUSED, 3)], ids=["used", "misused"])
def test_type_checkers_know_the_front_door(text: str, errors: int, tmp_path: Path) -> None:
    """The usage of the page passes, and each slip is an error before anything runs."""
    (tmp_path / "usage.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ROOT /
               "pyproject.toml"), str(tmp_path / "usage.py")]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert found.stdout.count(" error: ") == errors, found.stdout
    assert (ROOT / "ekukit" / "py.typed").is_file()


def test_the_shell_tells_the_version_that_the_package_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who reports a fault names it, and it is that of the lists of what is installed."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert f"ekukit {ekukit.__version__}" == capsys.readouterr().out.strip()
    assert f'version = "{ekukit.__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")
