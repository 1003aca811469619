"""The command line keeps its promises: exit codes, JSON alone, captures."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ekukit.cli import main
from ekukit.expressway.conditions import CONDITIONS

KEYS = {
    "connection", "state", "code", "reason", "engine", "basis", "presented_by_client",
    "presented_by_server", "alert", "facts",
}  # fmt: skip


def states(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """Return each connection's state as `simulate --json` gives it."""
    assert main(["simulate", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    return {row["connection"]: row["state"] for row in found["outcomes"]}


@pytest.mark.parametrize("name", CONDITIONS)
def test_standard_output_is_the_json_alone(name: str) -> None:
    """The whole output parses, with the documented keys, and status 0 whatever the states."""
    command = [sys.executable, "-m", "ekukit", "simulate", name, "--engine", "rules", "--json"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    data = json.loads(found.stdout)
    assert set(data) == {"deployment", "outcomes", "causes"}
    assert [row for row in data["outcomes"] if set(row) < KEYS] == []


def test_both_engines_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """The lab and the rules give equal states."""
    lab = states(capsys, "C2", "--edge-checking", "off")
    rules = states(capsys, "C2", "--edge-checking", "off", "--engine", "rules")
    assert lab == rules
    assert (lab["uc-zone"], lab["ssh-tunnel"], lab["mra-login"]) == ("Active", "Failed", "Failed")


def test_what_was_presented_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Node, store, serial, issuer and EKU are given for both ends, and the alert as a number."""
    main(["simulate", "C2", "--json"])
    zone = json.loads(capsys.readouterr().out)["outcomes"][0]
    assert set(zone["presented_by_client"]) == {"node", "store", "serial", "issuer", "eku"}
    assert (zone["presented_by_client"]["node"], zone["presented_by_client"]["store"]) == (
        "Core",
        "client",
    )
    assert zone["alert"] == 43


@pytest.mark.parametrize(
    "words",
    [
        ["C9"],
        ["C2", "--edge-checking", "maybe"],
        ["C2", "--at", "yesterday"],
        ["C2", "--release", "X16"],
        ["C2", "--edge-peers", "7"],
        ["C2", "--domains", ","],
        ["C2", "--capture", "/nowhere/at/all.pcapng"],
    ],
)
def test_bad_input_gives_status_2_and_one_line(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says what was found; nothing goes to standard output."""
    assert main(["simulate", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1


def test_an_unknown_option_gives_status_2() -> None:
    """Argparse's own refusal keeps the same status."""
    with pytest.raises(SystemExit) as stop:
        main(["simulate", "C2", "--edge-server-eku", "everything"])
    assert stop.value.code == 2


def test_a_capture_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is a pcapng."""
    path = tmp_path / "out.pcapng"
    assert main(["simulate", "C2.1", "--capture", str(path)]) == 0
    assert path.read_bytes()[:4] == b"\x0a\x0d\x0d\x0a"
    assert "Active" in capsys.readouterr().out
    assert stat.S_ISREG(path.stat().st_mode)


def test_cucm_without_trust_fails_mra_while_zone_and_tunnels_stand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """T8: only provisioning fails, and with it MRA login."""
    found = states(capsys, "C2.1", "--cucm-trusts", "public")
    shown = {name: found[name] for name in ("uc-zone", "ssh-tunnel", "cucm-tftp", "mra-login")}
    assert shown == {
        "uc-zone": "Active",
        "ssh-tunnel": "Active",
        "cucm-tftp": "Failed",
        "mra-login": "Failed",
    }


@pytest.mark.parametrize(
    ("words", "webex"),
    [
        (["C3", "--webex-checks", "no"], "Failed"),
        (["C3", "--webex-trusts", "internal"], "Active"),
        (["C4", "--webex-checks", "yes"], "Failed"),
        (["C4", "--webex-checks", "no"], "Active"),
        (["C4"], "Unknown"),
        (["C4", "--webex-requests", "no"], "Active"),
    ],
)
def test_far_ends_come_out_as_the_source_says(
    words: list[str], webex: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """C3-far and C4-far: trust and the far end's own check decide; unknown stays unknown."""
    assert states(capsys, *words)["webex"] == webex


@pytest.mark.parametrize(
    ("release", "zone", "tunnel", "cluster"),
    [
        ("X14.3", "Failed", "Failed", "Failed"),
        ("X15.4", "Active", "Failed", "Active"),
        ("X15.5", "Failed", "Failed", "Active"),
    ],
)
def test_releases_differ_as_the_sources_say(
    release: str, zone: str, tunnel: str, cluster: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """K3 and N9: one-way validation on X15.4, the mode on X15.5, both ways before."""
    found = states(capsys, "C2", "--release", release, "--edge-peers", "2")
    assert (found["uc-zone"], found["ssh-tunnel"], found["cluster"]) == (zone, tunnel, cluster)


def test_clusters_have_a_row_for_every_pair_of_peers(capsys: pytest.CaptureFixture[str]) -> None:
    """Two Edge peers give two zones and two tunnels from one Core."""
    main(["simulate", "C2.1", "--edge-peers", "2", "--json"])
    rows = json.loads(capsys.readouterr().out)["outcomes"]
    names = [row["connection"] for row in rows]
    assert (names.count("uc-zone"), names.count("ssh-tunnel")) == (2, 2)


def told(name: str, *words: str) -> str:
    """Return what `simulate` prints where nobody says how wide the terminal is."""
    command = [sys.executable, "-m", "ekukit", "simulate", name, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", CONDITIONS)
def test_states_and_causes_fit_a_screen_of_80_by_40(name: str) -> None:
    """Each cause stands once, with what it brings down and what to do."""
    text = told(name)
    lines = text.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80
    assert text.count("lacks clientAuth") == {"C2": 2, "C2.1": 1, "C4": 1}.get(name, 0)
    assert text.count("To do: ") == text.count("Brings down: ")


def test_details_tell_who_presented_what_and_on_which_sources() -> None:
    """What a first look does not need is still there."""
    text = told("C2", "--details")
    for word in ("serial", "N1", "Rests on", "OpenSSL error 26"):
        assert word in text
    assert "N1" not in told("C2")


def test_a_port_that_something_drops_is_no_certificates_fault() -> None:
    """Perfect certificates, port 2222 blocked: the tunnel fails, and no certificate is blamed."""
    data = json.loads(told("C1", "--blocked", "2222", "--json"))
    failed = {row["connection"]: row for row in data["outcomes"] if row["state"] == "Failed"}
    assert set(failed) == {"ssh-tunnel", "mra-login", "webrtc-proxy"}
    assert failed["ssh-tunnel"]["code"] == "ssh-tunnel.unreached"
    assert failed["ssh-tunnel"]["engine"] == "rules"
    (cause,) = data["causes"]
    assert cause["at"]["place"] == "network"
    assert "No certificate is at fault" in cause["todo"]


def test_names_that_do_not_resolve_stop_everything() -> None:
    """One thing to mend, whatever else is wrong behind it."""
    data = json.loads(told("C2", "--blocked", "dns", "--json"))
    assert {row["state"] for row in data["outcomes"]} == {"Failed"}
    first, *others = data["causes"]
    assert first["at"]["place"] == "network"
    assert first["next"] == [cause["id"] for cause in others]


def test_ports_that_are_none_are_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """With what is expected."""
    assert main(["simulate", "C1", "--blocked", "ssh"]) == 2
    assert "2222,7001" in capsys.readouterr().err
