"""Any two systems with mutual TLS: judged by their certificates and by what their stacks did."""

import json
from pathlib import Path

import pytest

from ekukit.cli.main import main
from ekukit.stacks import KNOWN, published
from ekukit.stacks.kinds import EkuKind

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
