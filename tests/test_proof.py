"""Engines and judges agree over an enumerated space, and test cases for others hold."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import ROOT
from cryptography import x509
from judges import OPENSSL, needs_openssl

from ekukit.cli.main import main
from ekukit.connections import Cause, EkuCheck, Protocol, Side, rules
from ekukit.connections.handshake import Talk
from ekukit.errors import InputError
from ekukit.facts import ledger
from ekukit.lab import refusals
from ekukit.lab.ssh import run_ssh
from ekukit.proof import Proof, prove, proving
from ekukit.proof.cases import NAME, PathFault, ProofCase, fault_pairs, handshake_of, proof_cases
from ekukit.proof.divergences import DIVERGENCES, Divergence
from ekukit.proof.judges import judges, not_asked
from ekukit.proof.limbo import judge_limbo
from ekukit.proof.live_openssl import live_server
from ekukit.proof.opinions import Opinion, ShownPath, openssl_command
from ekukit.proof.proof_page import proof_page, write_page
from ekukit.proof.ssh_vectors import MEASURED, MeasuredTunnel, ssh_vectors
from ekukit.proof.vectors import AT, vectors
from ekukit.stacks.kinds import EkuKind

VECTORS = ROOT / "data" / "vectors" / "client-auth-eku.json"
SSH_VECTORS = VECTORS.with_name("ssh-client-eku.json")
CASES = json.loads(VECTORS.read_text("utf-8"))["testcases"]
NOW = datetime.now(UTC).replace(microsecond=0)
SPACE = tuple(proof_cases())
# A few of each fault and role, for tests that break something on purpose.
SOME = [c for c in SPACE if c.leaf in (EkuKind.BOTH, EkuKind.SERVER)
        and c.issuing is EkuKind.NONE and len(c.faults) < 2]  # fmt: skip
ANY_CA = ProofCase(EkuKind.BOTH, EkuKind.ANY, Side.CLIENT, EkuCheck.CLIENT_AUTH)


@pytest.fixture(scope="module")
def proof() -> Proof:
    """Return the proof over the whole space."""
    return prove(NOW)


def test_every_judge_agrees_with_the_rules_or_a_row_says_why(proof: Proof) -> None:
    """2,748 cases; those without Off for judges that have none, or no look at a client's name."""
    assert [str(one.case) for one in proof.unexplained] == []
    assert proof.idle == []
    assert proof.holds
    asked = {name: cases for name, cases, _known, _new in proof.counts()}
    expected = {"lab, TLS 1.2": 2724, "lab, TLS 1.3": 2724, "path verification": 2748,
                "cryptography": 1832, "stdlib ssl": 1729}  # fmt: skip
    with_command = {"openssl verify": 1832, "openssl s_server": 90, "openssl s_client": 90}
    assert asked == expected | (with_command if OPENSSL else {})
    known = {name: known for name, _cases, known, _new in proof.counts()}
    assert known.pop("openssl s_client", 1) == 1
    assert sum(known.values()) == 171


@needs_openssl
def test_the_page_says_what_the_proof_came_to(proof: Proof, tmp_path: Path) -> None:
    """Made again it is the same, so nobody edits it; what other commands wrote is left alone."""
    held = (ROOT / "docs" / "proof.md").read_text("utf-8")
    assert held.startswith(proof_page(proof))
    page = tmp_path / "proof.md"
    page.write_text("# Old\n" + held[held.index("\n## ") :], encoding="utf-8")
    write_page(proof, page)
    assert page.read_text("utf-8") == held


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "there is no openssl command on PATH"),
        ("echo LibreSSL 3.3.6", "openssl is LibreSSL 3.3.6, not OpenSSL 3"),
        ("echo OpenSSL 1.1.1w  11 Sep 2023", "openssl is OpenSSL 1.1.1w 11 Sep 2023, not OpenS"),
        ("exit 1", "openssl is a program that tells no version, not OpenSSL 3"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="a script of a shell stands for the command")
def test_a_judge_that_is_missing_is_named_and_the_proof_is_in_part(
    program: str | None, why: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Exit 3, in words and JSON; a page that would lose its counts is not written."""
    if program:
        (tmp_path / "openssl").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "openssl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    commands = ["openssl verify", "openssl s_server", "openssl s_client"]
    assert set(commands).isdisjoint(judge.name for judge in judges())
    found = proving.prove(NOW, cases=SOME[:1], known=())
    assert list(found.absent) == commands
    assert all(why in told for told in found.absent.values())
    monkeypatch.setattr(proving, "prove", lambda _at: found)
    assert main(["prove"]) == 3
    told = " ".join(capsys.readouterr().out.split())
    assert why.replace(" ", "") in told.replace(" ", "")  # a long path breaks lines anywhere
    assert told.endswith("Proved in part: of the judges that were asked, every difference is e"
                         "xplained.")  # fmt: skip
    assert main(["prove", "--json"]) == 3
    assert list(json.loads(capsys.readouterr().out)["not_asked"]) == commands
    assert main(["prove", "--page", str(tmp_path / "page.md")]) == 2
    assert "stays as it is: openssl verify, openssl s_server" in capsys.readouterr().err
    assert not (tmp_path / "page.md").exists()


def test_opinions_differ_in_what_both_of_them_tell() -> None:
    """Another error, depth or cause is another opinion; what one does not tell is none."""
    told = Opinion(accepted=False, error=26, depth=1, cause="client-issuing-ca-eku")
    assert told.agrees(Opinion(accepted=False))
    assert told.agrees(Opinion(accepted=False, error=26, depth=1))
    assert not told.agrees(Opinion(accepted=True))
    for changed in ({"error": 24}, {"depth": 0}, {"cause": "client-eku-missing"}):
        assert not told.agrees(replace(told, **changed))


def test_the_space_is_enumerated_once() -> None:
    """EKUs with each fault and RSA; for four paths pairs, digests, RSA's usages; three questions.

    A pair has two faults that can be together, and no pair stands twice.
    """
    pairs = list(fault_pairs())
    assert len({frozenset(pair) for pair in pairs}) == len(pairs) == 81
    assert all(one is not two for one, two in pairs)
    assert len(SPACE) == len(set(SPACE)) == 3 * (7 * 5 * (1 + 14 + 1) + 4 * (81 + 3 * 2 + 2))


def test_every_known_divergence_names_its_facts() -> None:
    """Each row has a reason, facts of the ledger, and a judge that there is or that is missing."""
    names = {judge.name for judge in judges()} | set(not_asked())
    for row in DIVERGENCES:
        assert row.why
        assert row.judge in names
        assert set(row.facts) <= set(ledger())


def test_a_difference_that_no_row_explains_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the row for `cryptography` its cases are unexplained, and the command returns 1."""
    found = prove(NOW, cases=[ANY_CA], known=())
    assert [one.judge for one in found.unexplained] == ["cryptography"]
    assert not found.holds
    monkeypatch.setattr("ekukit.proof.proving.prove", lambda _at: found)
    assert main(["prove"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "✗ cryptography: client: leaf both, issuing CA any, clientAuth: accepted" in told
    assert main(["prove", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["holds"] is False


def test_a_row_that_explains_nothing_fails() -> None:
    """A judge that has come round needs no row any more."""
    row = Divergence("cryptography", "is never so", ("E14",), lambda _case: False)
    found = prove(NOW, cases=[ANY_CA], known=(DIVERGENCES[0], row))
    assert found.idle == [row]
    assert not found.holds


@needs_openssl
def test_a_live_server_tells_error_and_depth() -> None:
    """As `openssl verify` does, from its own output; and what is good is accepted."""
    for case in (ANY_CA, replace(ANY_CA, issuing=EkuKind.NONE, faults=(PathFault.EXPIRED,))):
        shown = ShownPath(handshake_of(case, NOW), Side.CLIENT)
        assert live_server(shown) == openssl_command(shown)
    good = replace(ANY_CA, issuing=EkuKind.NONE)
    assert live_server(ShownPath(handshake_of(good, NOW), Side.CLIENT)).accepted


def test_an_error_in_the_rules_cannot_hide(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no purpose check in the rules, every other judge differs in the same cases."""
    refusals.cache_clear()
    monkeypatch.setattr(rules, "_waived", lambda _check, _ekus: True)
    found = prove(NOW, cases=SOME)
    against = {one.judge for one in found.unexplained}
    assert against >= {"lab, TLS 1.2", "lab, TLS 1.3", "path verification", "cryptography"}


def test_test_cases_have_the_members_of_the_schema() -> None:
    """Names, kinds and required members as x509-limbo's models have them."""
    required = {
        "id", "description", "validation_kind", "trusted_certs", "untrusted_intermediates",
        "peer_certificate", "signature_algorithms", "key_usage", "extended_key_usage",
        "expected_result", "expected_peer_names",
    }  # fmt: skip
    optional = {"conflicts_with", "features", "importance", "peer_certificate_key",
                "validation_time", "expected_peer_name", "max_chain_depth"}  # fmt: skip
    assert json.loads(VECTORS.read_text("utf-8"))["version"] == 1
    for case in CASES:
        assert required <= set(case) <= required | optional | {"ekukit"}
        assert case["validation_kind"] == "CLIENT"
        assert case["expected_result"] in ("SUCCESS", "FAILURE")
        assert datetime.fromisoformat(case["validation_time"]).tzname() == "UTC"
        assert {"kind", "value"} == set(case["expected_peer_names"][0])
        pems = [*case["trusted_certs"], *case["untrusted_intermediates"], case["peer_certificate"]]
        assert len([x509.load_pem_x509_certificate(pem.encode()) for pem in pems]) == 3


def test_ids_are_unique_and_conflicts_go_both_ways() -> None:
    """On and Off of one certificate conflict where they expect different results."""
    by_id = {case["id"]: case for case in CASES}
    assert len(by_id) == len(CASES) == 70
    for case in CASES:
        for other in case["conflicts_with"]:
            assert case["id"] in by_id[other]["conflicts_with"]
            assert by_id[other]["expected_result"] != case["expected_result"]
    assert sum(bool(case["conflicts_with"]) for case in CASES) == 22


def test_the_kit_s_path_verification_agrees_with_every_test_case() -> None:
    """Result, reason, error and depth, over the bytes in the file."""
    wrong = []
    for case, found in zip(CASES, judge_limbo(VECTORS), strict=True):
        told = case["ekukit"]
        assert found.verdict is not None
        said = (found.verdict.cause.value, found.verdict.error, found.verdict.depth)
        if not found.agrees or said != (told["reason"], told["error"], told["depth"]):
            wrong.append((case["id"], said))
    assert wrong == []


def test_the_file_expects_what_would_be_written_now() -> None:
    """All but the bytes, which have new keys every time."""
    bytes_ = {"trusted_certs", "untrusted_intermediates", "peer_certificate"}
    made = vectors()["testcases"]
    assert [{k: v for k, v in case.items() if k not in bytes_} for case in made] == [
        {k: v for k, v in case.items() if k not in bytes_} for case in CASES
    ]


@needs_openssl
def test_openssl_verify_agrees_with_every_test_case_of_mode_on() -> None:
    """The command has no Off."""
    cases = [c for c in SPACE if c.judged is Side.CLIENT and c.is_plain]
    on = [case for case in cases if case.check is EkuCheck.CLIENT_AUTH]
    told = [case["ekukit"] for case in CASES if case["ekukit"]["checking"] == "On"]
    said = [openssl_command(ShownPath(handshake_of(case, AT), Side.CLIENT)) for case in on]
    assert [(one.error, one.depth) for one in said] == [(t["error"], t["depth"]) for t in told]


def test_another_expectation_is_told_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not judged is counted apart, with its reason."""
    odd = [dict(CASES[0], expected_result="FAILURE"), dict(CASES[1], id="b", max_chain_depth=1),
           dict(CASES[2], id="c", peer_certificate="no PEM")]  # fmt: skip
    path = tmp_path / "limbo.json"
    path.write_text(json.dumps({"version": 1, "testcases": odd}))
    assert main(["prove", "--limbo", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["cases"], found["judged"]) == (3, 1)
    assert found["differ"] == {CASES[0]["id"]: Cause.ACCEPTED.value}
    assert found["skipped"]["b"] == "max_chain_depth"
    assert found["skipped"]["c"].startswith("cannot be read")


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"testcases": [{"id": "a"}]}'])
def test_a_file_without_test_cases_is_refused(text: str, tmp_path: Path) -> None:
    """The file is named, and what is wanted."""
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"other\.json: no test cases"):
        judge_limbo(path)


def test_test_cases_can_be_written_anew(tmp_path: Path) -> None:
    """With new keys, and judged as before."""
    path = tmp_path / "new.json"
    assert main(["prove", "--vectors", str(path)]) == 0
    assert main(["prove", "--limbo", str(path)]) == 0
    assert path.read_text("utf-8") != VECTORS.read_text("utf-8")


BYTES = {"trusted_certs", "untrusted_intermediates", "peer_certificate"}


def test_the_ssh_file_expects_what_was_measured() -> None:
    """Fourteen cases with ids of their own, all but the bytes as they would be written now."""
    kept = json.loads(SSH_VECTORS.read_text("utf-8"))["testcases"]
    assert len({case["id"] for case in kept}) == len(kept) == 14
    assert [{k: v for k, v in case.items() if k not in BYTES} for case in kept] == [
        {k: v for k, v in case.items() if k not in BYTES} for case in ssh_vectors()["testcases"]
    ]
    for case, found in zip(kept, judge_limbo(SSH_VECTORS), strict=True):
        assert found.verdict is not None
        told = case["ekukit"]
        assert (found.verdict.error, found.verdict.depth) == (told["error"], told["depth"])


@pytest.mark.parametrize(
    "row", [row for row in MEASURED if not row.sends_chain], ids=lambda row: row.name
)
def test_rules_and_asyncssh_come_to_what_pkix_ssh_did(row: MeasuredTunnel) -> None:
    """Where the leaf is sent alone, as the kit's tunnels do (E11): error and depth, too."""
    start = handshake_of(row.case, AT)
    shown = start.client.certificate
    assert shown is not None
    trusted = frozenset(shown.chain if row.knows_issuing else shown.chain[-1:])
    ends = {"client": replace(start.client, expects_name=NAME),
            "server": replace(start.server, trusted=trusted)}  # fmt: skip
    tunnel = replace(start, protocol=Protocol.SSH, talk=Talk.TUNNEL, **ends)
    for verdict in (rules.judge(tunnel), run_ssh(tunnel)):
        assert verdict.accepted is (row.error is None)
        assert (verdict.error, verdict.depth) == (row.error, row.depth)
