"""Host names that a source says break something."""

from pathlib import Path

from cases import case_of, codes, deployment, files_of, finding, log_only, replaced

from ekukit.diagnosis.findings.finding import Severity

STAMP = "2026-06-15T09:41:20.231+00:00"


def test_an_underscore_in_edges_host_name_is_told(tmp_path: Path) -> None:
    """It is weak: whether the tunnels fail for it, their state tells."""
    files = {name: data for name, data in files_of(deployment("C2.1")).items()
             if not name.startswith("eth0")}  # fmt: skip
    rename = replaced("xconf_dump_edge", r'DNS Hostname: "edge"', 'DNS Hostname: "edge_1"')
    found = finding(case_of(tmp_path / "odd", files, change=rename), "tunnel.host-name")
    assert found.severity is Severity.WEAK
    assert '"edge_1"' in found.found
    assert "tunnel.host-name" not in codes(case_of(tmp_path / "plain", files))


def test_an_underscore_in_cores_host_name_is_not_told(tmp_path: Path) -> None:
    """The source names Edge alone."""
    files = {name: data for name, data in files_of(deployment("C2.1")).items()
             if not name.startswith("eth0")}  # fmt: skip
    rename = replaced("xconf_dump_core", r'DNS Hostname: "core"', 'DNS Hostname: "core_1"')
    assert "tunnel.host-name" not in codes(case_of(tmp_path / "case", files, change=rename))


def test_a_program_of_the_tunnels_that_failed_of_itself_blames_no_certificate(
    tmp_path: Path,
) -> None:
    """The guide's sentence is known, and says where to look."""
    line = (
        f'{STAMP} edge1 platform: Event="Application Failed" Level="ERROR" Detail="An unexpected '
        'software error was detected in portforwarding.pyc"'
    )
    case = log_only(tmp_path, line)
    assert "underscore" in finding(case, "log.internal-error").found
    assert [code for code in codes(case) if "eku" in code] == []
