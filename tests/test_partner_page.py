"""The page for a partner: what it tells is so, and its command tells accepted from refused."""

import re
import shlex
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from judges import needs_openssl

import ekukit
from ekukit.cli.main import main
from ekukit.errors import InputError
from ekukit.expressway import FarEndKind
from ekukit.stacks import KNOWN
from ekukit.verbs.partner import partner
from ekukit.views.pages.partner_page import COMMAND, partner_page
from ekukit.views.picture import deployment_of

CASE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return certificates of one CA, and a client's of another."""
    root = tmp_path_factory.mktemp("partner")
    ours = {"both.example.com": "both", "server.example.com": "server"}
    ekukit.issue(ours, folder=root / "ours", key="EC-secp256r1")
    other = {"x.example.com": "server"}
    ekukit.issue(other, folder=root / "other", key="EC-secp256r1", issuer="public")
    return root


@contextmanager
def far_end(folder: Path) -> Iterator[int]:
    """Run a server that wants a client certificate of our CA, and give its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = folder / "ours"
    words = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-Verify", "2",
             "-verify_return_error", "-CAfile", str(ours / "trusted-cas.pem"),
             "-cert", str(ours / "both.example.com.pem"),
             "-key", str(ours / "both.example.com-key-TEST-ONLY.pem")]  # fmt: skip
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              stdin=subprocess.PIPE)  # fmt: skip
    try:
        assert server.stdout is not None
        while b"ACCEPT" not in server.stdout.readline():
            assert server.poll() is None
        yield port
    finally:
        server.kill()
        server.communicate()


def said(folder: Path, where: Path, client: str, cas: str = "ours") -> str:
    """Return what the page's command says, run as it stands in a folder with its files."""
    at = folder / ("other" if client == "x" else "ours")
    where.mkdir()
    for name, source in {
        "client.pem": at / f"{client}.example.com-leaf.pem",
        "client-key.pem": at / f"{client}.example.com-key-TEST-ONLY.pem",
        "issuing-ca.pem": at / "issuing-ca.pem",
        "server-cas.pem": folder / cas / "trusted-cas.pem",
    }.items():
        (where / name).write_bytes(source.read_bytes())
    with far_end(folder) as port:
        found = subprocess.run(
            shlex.split(COMMAND.format(host="127.0.0.1", port=port)), cwd=where, text=True,
            capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=30,
        )  # fmt: skip
    return found.stdout + found.stderr


@needs_openssl
@pytest.mark.parametrize(
    ("client", "cas", "told"),
    [
        ("both", "ours", "Verify return code: 0 (ok)"),
        ("server", "ours", "alert unsupported certificate"),
        ("x", "ours", "alert unknown ca"),
        ("both", "other", "verify error"),
    ],
)
def test_the_command_says_what_the_page_says_that_it_says(
    folder: Path, tmp_path: Path, client: str, cas: str, told: str
) -> None:
    """Against a live far end: accepted, refused for EKUs, refused for trust, server not known."""
    found = said(folder, tmp_path / "run", client, cas)
    assert told in found
    assert ("alert" in found) is told.startswith("alert")
    page = partner_page(deployment_of("C4"), FarEndKind.PARTNER).markdown()
    assert told.removeprefix("alert ") in page


@pytest.mark.parametrize(("name", "lacks"), [("C2", True), ("C3", False)])
def test_the_page_says_first_whether_clientauth_is_there(name: str, lacks: bool) -> None:  # noqa: FBT001
    """For the far end whom Core calls; what must be accepted follows."""
    page = partner_page(deployment_of(name), FarEndKind.NEIGHBOR)
    assert ("no longer have clientAuth" in page.line) is lacks
    assert ("has to be switched off at your side" in page.markdown()) is lacks


def test_of_a_certificate_that_the_files_do_not_show_nothing_is_claimed() -> None:
    """Core calls the neighbor with one that nobody has seen."""
    known = deployment_of("C2")
    store = known.core[0].client
    assert store is not None
    empty = replace(known.core[0], client=replace(store, certificate=None))
    page = partner_page(replace(known, core=(empty,)), FarEndKind.NEIGHBOR)
    assert page.line.endswith("is not known from the files: ask for it.")
    assert "switched off at your side" not in page.markdown()


@pytest.mark.parametrize(
    ("mode", "told"), [("on", "with clientAuth, from an issuing CA"), ("off", "not none")]
)
def test_a_caller_is_told_what_our_mode_demands(mode: str, told: str) -> None:
    """By the mode of the node that answers."""
    start = ekukit.condition("C2", core_checking=mode)
    assert told in partner(case=start, far="neighbor").markdown()


def test_a_named_stack_gets_its_own_line_alone() -> None:
    """Its words and version; without one every stack that was tried is listed."""
    java, every = partner(case="C2", far="neighbor", stack="java"), partner(case="C2")
    assert "Extended key usage does not permit use" in java.markdown()
    assert "openjdk" in java.markdown()
    assert "GnuTLS" not in java.markdown()
    assert [s.title for s in KNOWN.values() if s.title not in every.html()] == []


def test_html_and_markdown_are_written_and_load_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One offline page for A4, and the command in Markdown can be copied as it is."""
    assert main(["handout", "partner", "--case", "C4", "--folder", str(tmp_path)]) == 0
    page, text = map(Path, capsys.readouterr().out.split())
    html = page.read_text("utf-8")
    assert "size: A4" in html
    assert re.search(r"https?://", html) is None
    line = f"    {COMMAND.format(host='YOUR-HOST', port=5061)}"
    assert line in text.read_text("utf-8").splitlines()
    copied = f"{COMMAND.format(host='YOUR-HOST', port=5269)} -starttls xmpp-server"
    assert copied in re.sub("<[^>]+>", "", html)
    assert '<span class="eku-whole">-verify_return_error</span>' in html
    assert "S3: Both stores use one trusted CA list. (TN, documented)" in html


def test_a_case_has_real_names_unless_they_are_hidden() -> None:
    """A partner needs them; what is passed on inside does not."""
    assert "core.example.com" in partner(case=CASE, far="neighbor").html()
    hidden = partner(case=CASE, far="neighbor", redact=True)
    assert "core.example.com" not in hidden.html()
    assert "domain1.example" in hidden.html()


def test_what_is_missing_or_belongs_elsewhere_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """No case, and options of the page beside a lesson."""
    with pytest.raises(InputError, match="case is missing"):
        partner(far="neighbor")
    assert main(["handout", "12", "--stack", "java"]) == 2
    assert "ekukit handout partner" in capsys.readouterr().err
