"""Any two systems with mutual TLS: judged by their certificates and by what their stacks did."""

import json
from pathlib import Path

import pytest

import ekukit
from ekukit.certificates import certificate_pem, make_ca
from ekukit.cli.main import main
from ekukit.connections import State
from ekukit.stacks import KNOWN, published
from ekukit.stacks.kinds import EkuKind
from ekukit.verbs.paired import PAIR_COLUMNS

EKUS = ("server", "both", "client", "none", "any")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a certificate of every EKU profile, and a public one."""
    root = tmp_path_factory.mktemp("pair")
    names = [f"{eku}.example.com={eku}" for eku in EKUS]
    key = ["--key", "EC-secp256r1"]
    assert main(["issue", *names, "--folder", str(root / "inside"), *key]) == 0
    public = ["issue", "public.example.com=server", "--issuer", "public"]
    assert main([*public, "--folder", str(root / "outside"), *key]) == 0
    return root


def words(folder: Path, client: str, server: str, *more: str) -> list[str]:
    """Return the command for two certificates by name."""
    inside = folder / "inside"
    return [
        "pair", "--client", str(inside / f"{client}.example.com.pem"),
        "--server", str(inside / f"{server}.example.com.pem"),
        "--ca", str(inside / "trusted-cas.pem"), *more,
    ]  # fmt: skip


def answer(capsys: pytest.CaptureFixture[str], given: list[str]) -> dict[str, object]:
    """Return what `pair --json` says."""
    capsys.readouterr()
    assert main([*given, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("stack", KNOWN)
@pytest.mark.parametrize("eku", EKUS)
def test_the_state_is_what_the_server_s_stack_did_with_such_a_client(
    folder: Path, capsys: pytest.CaptureFixture[str], stack: str, eku: str
) -> None:
    """For each profile of the client's certificate under an issuing CA without EKUs."""
    found = answer(capsys, words(folder, eku, "both", "--server-stack", stack))
    good = published(stack).clients[EkuKind(eku), EkuKind.NONE].good
    assert found["state"] == ("Active" if good else "Failed")
    assert (found["order"] is None) == good
    assert set(KNOWN[stack].facts) <= set(found["facts"])
    assert found["basis"] == "inferred"


@pytest.mark.parametrize(("stack", "state"), [("java", "Active"), ("openssl", "Failed")])
def test_the_server_s_certificate_is_judged_by_the_client_s_stack(
    folder: Path, capsys: pytest.CaptureFixture[str], stack: str, state: str
) -> None:
    """Any alone is good for Java, and no serverAuth for OpenSSL."""
    given = words(folder, "both", "any", "--client-stack", stack, "--server-stack", "gnutls")
    found = answer(capsys, given)
    assert found["state"] == state
    assert found["judged"] == (None if state == "Active" else "server")


def test_nss_sends_nothing_without_client_auth_and_what_to_order_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """GnuTLS would take anything, but there is nothing to take; NSS would send client or both."""
    given = words(folder, "server", "both", "--client-stack", "nss", "--server-stack", "gnutls")
    found = answer(capsys, given)
    assert (found["state"], found["cause"]) == ("Failed", "no-certificate")
    assert any("a stack's own words are those of its trial" in note for note in found["notes"])
    assert found["client"]["is_sent"] is False
    assert "one of: none, client, both; from" in found["order"]


def test_without_a_stack_the_state_is_unknown_where_stacks_part(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each stack's state stands beside it; where all agree the state is known."""
    found = answer(capsys, words(folder, "server", "both"))
    assert found["state"] == "Unknown"
    assert {k for k, state in found["by_server_stack"].items() if state == "Active"} == {"gnutls"}
    assert answer(capsys, words(folder, "both", "both"))["state"] == "Active"


def test_trust_and_names_are_judged_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A CA that nobody trusts and another name fail whatever the stack."""
    named = words(folder, "both", "both", "--server-stack", "gnutls", "--name", "x.example.com")
    assert answer(capsys, named)["cause"] == "name-mismatch"
    given = words(folder, "both", "both", "--server-stack", "gnutls")
    given[2] = str(folder / "outside" / "public.example.com.pem")
    found = answer(capsys, given)
    assert (found["state"], found["cause"]) == ("Failed", "untrusted")
    assert found["order"] is None


def test_the_shell_tells_state_reason_order_and_what_the_stack_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In plain lines, the stack's own words and its version among them."""
    assert main(words(folder, "server", "both", "--server-stack", "java")) == 0
    told = " ".join(capsys.readouterr().out.split())
    for part in ("✗ Failed", "clientAuth is missing", "Order a client certificate",
                 "alert 46 (certificate unknown)", "Java: openjdk", "L6"):  # fmt: skip
        assert part in told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--server-stack", "jav"], "java"),
        (["--ca", "no-such-file.pem"], "no-such-file.pem"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], told: str
) -> None:
    """Status 2 and no traceback."""
    try:
        status = main(words(folder, "both", "both", *more))
    except SystemExit as end:
        status = end.code
    assert status == 2
    assert told in capsys.readouterr().err


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a capture of condition 2, and beside it the CAs that its nodes trust."""
    root = tmp_path_factory.mktemp("captured")
    found = ekukit.simulate("C2", capture=root / "trace.pcapng")
    cas = {ca for node in (*found.deployment.core, *found.deployment.edge) for ca in node.trusted}
    pems = b"".join(certificate_pem(make_ca(ca)) for ca in sorted(cas, key=lambda ca: ca.name))
    (root / "cas.pem").write_bytes(pems)
    return root


def test_two_rows_of_a_capture_are_two_systems(capture: Path, folder: Path) -> None:
    """By the first packets that the table of handshakes has; a file goes before the capture."""
    rows = ekukit.handshakes(capture / "trace.pcapng").set_index("server_port")
    zone, cucm = rows.loc[7001], rows.loc[6972]
    given = {"capture": capture / "trace.pcapng", "at": zone["time"].to_pydatetime(),
             "server_packet": int(cucm["first_packet"])}  # fmt: skip
    cas = capture / "cas.pem"
    found = ekukit.pair(**given, client_packet=int(zone["first_packet"]), ca=cas)
    assert list(found.frame["serial"]) == [zone["client_serial"], cucm["server_serial"]]
    assert (found.state, found.verdict.cause.value) == (State.UNKNOWN, "eku-missing")
    assert any("The capture is of" in note for note in found.notes)
    both = folder / "inside" / "both.example.com.pem"
    own = folder / "inside" / "trusted-cas.pem"
    other = ekukit.pair(**given | {"at": None}, client=both, ca=[own, cas])
    assert other.frame["ekus"][0] == "serverAuth + clientAuth"
    assert other.frame["serial"][1] == cucm["server_serial"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "there are several; give as --client-packet the first packet of a handshake that"),
        ({"client_packet": 2}, "at packet 2 begins none; .* one of: 1, "),
        ({"client_packet": 1, "client": "a.pem"}, "--client and --client-packet say each"),
        ({"client_packet": 1, "ca": ()}, "give --ca FILE"),
        ({"capture": None}, "client is missing; give its certificate"),
        ({"capture": "cas.pem"}, "cas.pem"),
    ],
)
def test_a_capture_that_does_not_tell_is_answered_with_what_to_give(
    capture: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, object], told: str
) -> None:
    """Each in words, with the packets that there are."""
    monkeypatch.chdir(capture)
    with pytest.raises(ekukit.InputError, match=told):
        ekukit.pair(**{"capture": "trace.pcapng", "ca": "cas.pem", **given})  # type: ignore[arg-type]


def test_two_systems_show_themselves_and_are_what_the_shell_prints(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON equals the shell's; the frame has its columns; HTML tells state, order and stacks."""
    words_ = words(folder, "server", "both", "--at", "2026-12-01")
    data = answer(capsys, words_)
    found = ekukit.pair(client=words_[2], server=words_[4], ca=words_[6], at="2026-12-01")
    assert json.loads(found.json()) == data
    assert {name: str(kind) for name, kind in found.frame.dtypes.items()} == PAIR_COLUMNS
    assert list(found.frame["refused"].fillna("")) == ["eku-missing", ""]
    assert repr(found) == f"<Paired: Unknown. {data['reason']}>"
    shown = found._repr_html_()
    for part in ("? Unknown", "By the server&#x27;s stack", "Order a client certificate", "GnuTLS"):
        assert part in shown
