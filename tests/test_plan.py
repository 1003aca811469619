"""The verb `plan`: wishes and limits in words, JSON as documented, the change request."""

import json
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from archives import unpacked
from conftest import ROOT

import ekukit
from ekukit.causes import CausePlace
from ekukit.cli import main
from ekukit.diagnosis.planned_case import ACME, start_of_nodes
from ekukit.expressway import CertificateStore, Mode, Store, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.planning import Party
from ekukit.planning.plan_check import StepFate, checked

CASES = sorted((ROOT / "data" / "cases").glob("*.tar.gz"))
STEP_KEYS = {
    "id", "remedy", "node", "place", "do", "where", "before", "after", "verify", "undo", "price",
    "lead", "facts",
}  # fmt: skip


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """Return what `plan --json` prints."""
    assert main(["plan", *words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("name", CONDITIONS)
def test_json_has_the_documented_keys(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Steps with all that is known of them; states by connection; parties by name."""
    found = ekukit.plan(name)
    data = printed(capsys, name)
    assert json.loads(found.json()) == data
    assert data["impossible"] is None
    for plan in data["plans"]:  # type: ignore[attr-defined]
        assert set(plan) >= {"steps", "end", "loses", "parties"}
        assert {*plan["parties"]} <= {party.value for party in Party}
        for step in plan["steps"]:
            assert set(step) >= STEP_KEYS
            assert step["place"] in {place.value for place in CausePlace}
            assert set(step["before"]) == set(step["after"]) == set(plan["end"])


def test_what_is_impossible_is_told_with_its_limits_and_with_what_is_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Conflicts are lists of limits; the best plan has the shape of every plan; status 0."""
    limits = "private-ca,new-public-issuer,far-end-change"
    data = printed(capsys, "C2", "--want", "uc-zone,ssh-tunnel", "--never", limits)
    assert data["plans"] == []
    impossible = data["impossible"]
    assert impossible["conflicts"] == [["new-public-issuer", "private-ca"]]  # type: ignore[index]
    best = impossible["best"]  # type: ignore[index]
    assert [step["id"] for step in best["steps"]] == ["edge.mode-off"]
    assert (best["end"]["uc-zone"], best["end"]["ssh-tunnel"]) == ("Active", "Failed")


def test_text_says_why_there_is_no_plan_with_the_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """Tunnels need clientAuth in Core's client store, whatever the mode (E7)."""
    assert main(["plan", "C2", "--want", "mra-login",
                 "--never", "private-ca", "--never", "new-public-issuer"]) == 0  # fmt: skip
    out = " ".join(capsys.readouterr().out.split())
    assert "You excluded another public issuer and private CAs: together" in out
    assert "SSH tunnel stays down: Core's client certificate has serverAuth; clientAuth is" in out
    assert "E7" in out


def test_a_step_that_takes_down_what_works_is_told_in_the_first_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before X15.5 one store serves both roles: without the neighbor's trust its zone goes down."""
    never = "private-ca,upgrade,far-end-change,tls-verify-off"
    start = ekukit.condition("C1", release="X15.4")
    broken = start.with_far_end("cucm", trusts="both")
    found = ekukit.plan(broken, want="mra-login", never=never)
    assert found.plans[0].steps == ()
    assert main(["plan", "C2", "--release", "X15.4", "--want", "ssh-tunnel", "--never", never]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("Plan 1"))
    assert line.startswith("Plan 1 of 1: Step 3 takes down ")


def test_limits_of_office_hours_exclude_nothing_and_are_told_in_the_request(tmp_path: Path) -> None:
    """What restarts, or may, is to be done outside office hours."""
    found = ekukit.plan("C2", want="uc-zone", never="restart-in-office-hours")
    text = found.report(tmp_path / "plan.md").read_text("utf-8")
    assert "Do it outside office hours" in text


def test_the_change_request_is_one_offline_file_with_steps_by_party(tmp_path: Path) -> None:
    """No script, nothing loaded, mode 0600; the command is printed as it is published."""
    found = ekukit.plan("C2", want="uc-zone", never="private-ca")
    path = found.report(tmp_path / "plan.html")
    text = path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "default-src 'none'" in text
    assert re.findall(r"<script|https?://|src=", text) == []
    assert "@page { size: A4" in text
    command = "xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: Off"
    assert f"<code>{command}</code>" in text
    assert f"`{command}`" in found.report(tmp_path / "plan.md").read_text("utf-8")
    for heading in ("Steps in their order", "Who does what", "Expressway", "Other plans"):
        assert heading in text
    with pytest.raises(ekukit.InputError, match=r"ends in .html or .md"):
        found.report(tmp_path / "plan.pdf")


def test_a_redacted_plan_names_no_host_of_the_case(tmp_path: Path) -> None:
    """Text, JSON and change request are made of a case under pseudonyms; the steps are the same."""
    path = str(ROOT / "data" / "cases" / "two-faults-eku-and-name.tar.gz")
    shown, hidden = ekukit.plan(path), ekukit.plan(path, redact=True)
    hosts = [node.fqdn for node in (*shown.start.deployment.core, *shown.start.deployment.edge)]
    report = hidden.report(tmp_path / "plan.html").read_text("utf-8")
    assert [host for host in hosts if host not in shown.json()] == []
    assert [host for host in hosts if host in hidden.json() + report] == []
    assert [[s.step.id for s in plan.steps] for plan in shown.plans] == [
        [s.step.id for s in plan.steps] for plan in hidden.plans
    ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.partition(".")[0])
def test_every_sample_case_has_a_plan_whose_states_were_confirmed(path: Path) -> None:
    """What is wrong outside the deployment is told as a caution, never passed over."""
    found = ekukit.plan(str(path))
    assert found.plans
    assert all(state.value == "Active" for state in found.plans[0].end.states.values())
    case = ekukit.inspect(str(path))
    mended = bool(found.plans[0].steps)
    cautions = [line for line in found.start.cautions if not line.startswith("Not read")]
    assert bool(case.causes) == (mended or bool(cautions))


def test_certificate_files_are_planned_for_as_check_takes_them(tmp_path: Path) -> None:
    """A serverAuth-only client certificate is replaced by one of the CA that both nodes trust."""
    ekukit.issue({"core.example.com": "server", "edge.example.com": "both"}, folder=tmp_path)
    core, edge = tmp_path / "core.example.com.pem", tmp_path / "edge.example.com.pem"
    files = {"core_client": core, "core_server": core, "edge_server": edge}
    found = ekukit.plan(**files, ca=tmp_path / "trusted-cas.pem", want="ssh-tunnel")
    assert [s.step.id for s in found.plans[0].steps] == ["core.client-store.private-ca"]
    with pytest.raises(ekukit.InputError, match="plan for one of them"):
        ekukit.plan("C2", core_client=core)
    with pytest.raises(ekukit.InputError, match="give its archive"):
        ekukit.plan(core_client=core, redact=True)


def test_a_condition_takes_modes_and_a_moment() -> None:
    """Before the public CA's cut-off the same CA still gives clientAuth (R5)."""
    early = ekukit.plan("C2", want="ssh-tunnel", at="2026-04-15", never="private-ca")
    assert {s.step.row.id for s in early.plans[0].steps} == {"same-ca"}
    off = ekukit.plan("C2", want="uc-zone", edge_checking="off")
    assert off.plans[0].steps == ()
    assert off.start.deployment.edge[0].eku_checking is Mode.OFF
    assert repr(off) == "<Planned: 1 plans; no step>"
    assert "Nothing is to be done" in off._repr_html_()


def case(name: str) -> str:
    """Return the path of a sample case."""
    return str(ROOT / "data" / "cases" / f"{name}.tar.gz")


@pytest.mark.parametrize(
    ("after", "fate", "down"),
    [
        ("private-core-client", "done", set()),
        ("public-everywhere-checking-on", "not done",
         {"uc-zone", "ssh-tunnel", "traversal-mtls", "cucm-tftp", "mra-login", "webrtc-proxy"}),
        ("public-everywhere-checking-off", "not done",
         {"ssh-tunnel", "cucm-tftp", "mra-login", "webrtc-proxy"}),
        ("issuing-ca-limited", "something else",
         {"uc-zone", "ssh-tunnel", "traversal-mtls", "cucm-tftp", "mra-login", "webrtc-proxy"}),
    ],
)  # fmt: skip
def test_what_was_done_is_held_against_the_plan(
    after: str, fate: str, down: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Step by step, with the states that are not those that the plan promised."""
    start = case("public-everywhere-checking-on")
    data = printed(capsys, start, "--verify", case(after))["verified"]
    assert [step["state"] for step in data["steps"]] == [fate]  # type: ignore[index]
    assert set(data["states"]) == down  # type: ignore[index]


def test_settings_and_lists_are_held_against_the_plan_too() -> None:
    """A mode, a name, a list, a release; what a far end did is not in the files."""
    start = ekukit.plan("C2", want="uc-zone,webex", never=["private-ca", "new-public-issuer"])
    first = start.plans[0]
    fates = {c.step.row.id: c.fate for c in checked(first, first.end).steps}
    assert fates == {"mode-off": StepFate.DONE, "far-check-off": StepFate.NOT_SEEN}
    undone = {c.step.row.id: c.fate for c in checked(first, first.start).steps}
    assert undone["mode-off"] is StepFate.NOT_DONE
    listed = ekukit.plan("C2", want="ssh-tunnel", never="private-ca").plans[0]
    assert {c.fate for c in checked(listed, listed.end).steps} == {StepFate.DONE}
    assert {c.fate for c in checked(listed, listed.start).steps} == {StepFate.NOT_DONE}


def test_a_check_under_pseudonyms_is_refused() -> None:
    """Two cases have pseudonyms of their own, which cannot be compared."""
    start = case("private-core-client")
    with pytest.raises(ekukit.InputError, match="which --redact hides"):
        ekukit.plan(start, verify=start, redact=True)


def test_a_certificate_that_acme_would_overwrite_is_told() -> None:
    """Let's Encrypt's next one has no clientAuth (R9)."""
    plain = build(condition("C1"))
    held = plain.edge[0].server.certificate
    assert held is not None
    issuing = replace(held.chain[0], subject="CN=R11,O=Let's Encrypt,C=US")
    ours = replace(held, chain=(issuing, held.chain[1]))
    start = plain.with_edge(server=CertificateStore(Store.SERVER, ours))
    assert ACME in start_of_nodes(start).notes
    assert ACME not in start_of_nodes(plain).notes


def test_what_was_not_read_stands_before_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    """A part that is missing may change it; the change request tells it, too."""
    damaged = ROOT / "data" / "cases" / "damaged.tar.gz"
    found = ekukit.plan(damaged)
    told = [line for line in found.start.cautions if line.startswith("Not read: ")]
    assert "cut short after packet 32" in told[0]
    assert main(["plan", str(damaged)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.index("cut short after packet 32") < said.index("Plan 1 of")


@pytest.mark.parametrize(
    ("name", "wish", "first", "inferred"),
    [
        ("far-end-refuses-edge", "b2b-out", ["partner.check-off"], "checks clientAuth"),
        ("neighbor-refused-by-core", "neighbor", ["neighbor.certificate"], "lacks clientAuth"),
        ("webex-call-over-mtls", "webex", [], ""),
    ],
)
def test_a_far_end_that_a_case_shows_is_planned_for(
    name: str, wish: str, first: list[str], inferred: str
) -> None:
    """As it must be for what was seen; what is inferred and what is assumed of it is told."""
    for redact in (False, True):
        found = ekukit.plan(case(name), want=wish, redact=redact)
        assert [s.step.id for s in found.plans[0].steps] == first
        told = " ".join(found.start.notes)
        assert "whatever was not seen of it is assumed (F1)" in told
        assert (f"{inferred}, is inferred" in told) == bool(inferred)
        assert found.start.cautions == ()


def test_a_far_end_that_refused_for_a_reason_not_told_is_not_planned_for(tmp_path: Path) -> None:
    """It stays a caution, and a wish for a far end that nothing shows is an error."""
    whole = unpacked(Path(case("far-end-refuses-edge")).read_bytes())
    for file, data in whole.items():
        if not file.endswith(".pcap"):
            (tmp_path / Path(file).name).write_bytes(
                data.replace(b"unsupported certificate", b"bad certificate")
            )
    found = ekukit.plan(tmp_path)
    assert "b2b-out" not in found.plans[0].end.states
    assert any("bad certificate" in told for told in found.start.cautions)
    assert "Nothing else is to be done" in found._repr_html_()
    with pytest.raises(ekukit.InputError, match="nothing was seen of it"):
        ekukit.plan(tmp_path, want="partner")
