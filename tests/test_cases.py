"""Every sample case gives its expected findings, and none of those that it must not give."""

import tomllib
from functools import cache

import pytest
from conftest import ROOT

from ekukit.archive import open_archive
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.findings.codes import CODES
from ekukit.diagnosis.findings.finding import Severity
from ekukit.diagnosis.investigation import investigate

FOLDER = ROOT / "data" / "cases"
NAMES = sorted(path.name.removesuffix(".tar.gz") for path in FOLDER.glob("*.tar.gz"))

# What a case shows besides its story: consequences of the fault for other connections, and what
# is weak in the condition that it starts from. Each is true of the deployment that was simulated.
ALSO: dict[str, set[str]] = {
    "core-client-expired": {
        "ssh-tunnel.client-expired", "cucm-tftp.client-expired", "certificate.expired",
        "store.copy-of-server-only",
    },
    "core-sends-no-certificate": {"cucm-tftp.client-no-certificate", "certificate.not-in-archive"},
    "cucm-does-not-trust-core": {"store.copy-of-server-only"},
    "damaged": {
        "ssh-tunnel.client-eku-missing", "cucm-tftp.client-eku-missing",
        "store.copy-of-server-only",
    },
    "issuing-ca-limited": {
        "ssh-tunnel.client-issuing-ca-eku", "cucm-tftp.client-issuing-ca-eku",
        "store.public-client-auth", "store.copy-of-server-only",
    },
    "only-edge": {"ssh-tunnel.client-eku-missing", "store.copy-of-server-only"},
    "public-everywhere-checking-off": {"cucm-tftp.client-eku-missing", "store.copy-of-server-only"},
    "tunnels-issuing-ca-not-trusted": {"store.copy-of-server-only"},
    "tunnels-timed-out": {"store.copy-of-server-only"},
    "tunnels-unknown-oid": {"store.copy-of-server-only"},
    "two-faults-eku-and-name": {
        "ssh-tunnel.client-name-mismatch", "cucm-tftp.client-eku-missing",
        "store.copy-of-server-only",
    },
    "two-faults-off-and-expiry": {"cucm-tftp.client-eku-missing", "store.copy-of-server-only"},
    "verify-name-mismatch": {
        "ssh-tunnel.client-name-mismatch", "certificate.names-missing",
        "store.copy-of-server-only",
    },
    "zone-not-reached": {"tunnel.unreached", "store.copy-of-server-only"},
}  # fmt: skip


@cache
def case(name: str) -> Case:
    """Return a sample case, judged at its own time."""
    return investigate(open_archive(FOLDER / f"{name}.tar.gz"))


def expected(name: str) -> dict[str, list[str]]:
    """Return what stands beside a sample case."""
    found: dict[str, list[str]] = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    return found


def test_there_are_cases() -> None:
    """At least the dozen that the kit promises are there."""
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gives_exactly_its_findings(name: str) -> None:
    """The codes are those of the file beside it and those listed here, and no other."""
    found = {finding.code for finding in case(name).findings}
    assert set(expected(name)["findings"]) | ALSO.get(name, set()) == found
    assert set(expected(name)["absent"]) & found == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_case_names_its_nodes(name: str) -> None:
    """The nodes are those whose archives are in it."""
    wanted = {node.partition(".")[0] for node in expected(name)["nodes"]}
    assert wanted == {node.host for node in case(name).nodes}


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_of_a_case_has_evidence_and_a_row(name: str) -> None:
    """Each rests on at least one thing that was read, and its words are filled in."""
    for finding in case(name).findings:
        assert finding.evidence
        assert set(CODES[finding.code].facts) <= set(finding.facts)
        assert "{" not in finding.found + finding.required + finding.todo


@pytest.mark.parametrize("name", NAMES)
def test_evidence_in_a_log_is_the_line_that_it_names(name: str) -> None:
    """The line of the record in the archive's table begins with the words shown."""
    log = case(name).archive.log
    for finding in case(name).findings:
        for evidence in finding.evidence:
            if evidence.kind.value == "log":
                here = log[(log["file"] == evidence.file) & (log["line"] == evidence.line)]
                assert any(body.startswith(evidence.text) for body in here["body"])


def test_a_healthy_case_has_nothing_broken_and_says_so() -> None:
    """Condition 3 with far ends that trust it is Active throughout."""
    healthy = case("healthy-internal-everywhere")
    assert [f for f in healthy.findings if f.severity is Severity.BROKEN] == []
    assert healthy.headline.startswith("Nothing is broken")
    assert {o.state.value for o in healthy.predicted if o.connection == "uc-zone"} == {"Active"}


def test_findings_rest_on_no_text_of_the_kits_own_log() -> None:
    """Lines of the process that only the writer has are evidence of nothing."""
    for name in NAMES:
        shown = [e.text for f in case(name).findings for e in f.evidence if e.kind.value == "log"]
        assert [text for text in shown if " ekukit: " in text] == []
