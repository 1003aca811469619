"""The sample cases are what their rows say, and can be made anew."""

import tomllib
from pathlib import Path

import pytest
from archives import unpacked
from conftest import ROOT

from ekukit.archive.contents import Archive, open_archive
from ekukit.connections import CATALOG, connection, handshakes
from ekukit.connections.rules import judge, verdicts
from ekukit.errors import InputError
from ekukit.samples.sample import README, Sample, write_samples
from ekukit.samples.sample_cases import SAMPLES, sample

CASES = ROOT / "data" / "cases"
NAMES = [found.name for found in SAMPLES]
IDS = {row.id for row in CATALOG}


def meaning(archive: Archive) -> dict[str, object]:
    """Return what an archive says, without keys, random bytes, and what hangs on their sizes."""
    log = archive.log[["host", "process", "module", "level", "event", "detail", "reason",
                       "src_ip", "src_port", "dst_ip", "dst_port"]]  # fmt: skip
    shown = archive.handshakes[["host", "protocol", "client", "client_port", "server",
                                "server_port", "sni", "server_serials", "client_serials",
                                "complete", "time"]]  # fmt: skip
    alerts = [[alert[1:] for alert in found] for found in archive.handshakes["alerts"]]
    stores = archive.certificates.drop(columns=["file", "line", "pem"])
    members = [name.partition(": ")[2] for name in archive.members["file"]]
    settings = archive.configuration.drop(columns=["file"])
    tables = [log, shown, stores, settings, archive.status.drop(columns="file")]
    return {
        "members": members,
        "alerts": alerts,
        "tables": [table.astype(str).to_dict("list") for table in tables],
    }


def codes(found: Sample, *, hidden: bool) -> set[str]:
    """Return the codes of the recorded connections, with what stands behind the first error."""
    deployment = found.made()
    return {
        f"{name}.{verdict.judged}-{verdict.cause}"
        for name in found.recording.connections or ()
        if name not in found.recording.blocked
        for handshake in handshakes(deployment, connection(name))
        for verdict in (verdicts(handshake) if hidden else (judge(handshake),))
    }


@pytest.mark.parametrize("name", NAMES)
def test_expectations_follow_from_the_rules(name: str) -> None:
    """Codes of connections that must be found happen, and those that must not do not."""
    found = sample(name)
    wanted = {code for code in found.findings if code.partition(".")[0] in IDS}
    unwanted = {code for code in found.absent if code.partition(".")[0] in IDS}
    assert wanted - codes(found, hidden=True) == set()
    assert unwanted & codes(found, hidden=False) == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_case_made_anew_says_the_same(name: str, tmp_path: Path) -> None:
    """Only keys and random values differ from the stored archive."""
    path = tmp_path / f"{name}.tar.gz"
    path.write_bytes(sample(name).archive())
    assert meaning(open_archive(path)) == meaning(open_archive(CASES / path.name))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_expected_stands_beside_the_archive(name: str) -> None:
    """The file is the row, in TOML."""
    text = (CASES / f"{name}.toml").read_text("utf-8")
    found, stored = sample(name), tomllib.loads(text)
    assert text == found.expected()
    assert stored["story"] == found.story
    assert stored["findings"] == list(found.findings)
    assert stored["absent"] == list(found.absent)


def test_no_code_is_both_wanted_and_unwanted() -> None:
    """A case cannot be met otherwise."""
    assert [s.name for s in SAMPLES if set(s.findings) & set(s.absent)] == []


def test_the_folder_holds_the_cases_and_the_readme_alone() -> None:
    """Every archive has a row, every row an archive, and the README lists them as synthetic."""
    ends = (".tar.gz", ".toml")
    assert {p.name for p in CASES.iterdir()} == {
        *(f"{name}{end}" for name in NAMES for end in ends), "README.md",
    }  # fmt: skip
    text = (CASES / "README.md").read_text("utf-8")
    assert text.startswith(README)
    assert "ynthetic" in README
    assert [name for name in NAMES if f"| `{name}` |" not in text] == []


def test_the_data_is_small_and_holds_no_private_key() -> None:
    """Less than 3 MB, and public parts only."""
    archives = [path.read_bytes() for path in CASES.glob("*.tar.gz")]
    assert sum(map(len, archives)) < 3_000_000
    files = [data for archive in archives for data in unpacked(archive).values()]
    assert [data[:80] for data in files if b"PRIVATE" in data] == []


def test_there_are_healthy_damaged_and_doubly_broken_cases() -> None:
    """The table covers what the diagnosis must tell apart."""
    assert len(SAMPLES) >= 14
    assert [s.name for s in SAMPLES if not s.findings] != []
    assert [s.name for s in SAMPLES if s.recording.cut and s.recording.missing] != []
    assert len([s.name for s in SAMPLES if s.name.startswith("two-faults")]) >= 2


def test_an_unknown_sample_is_refused_with_the_names_there_are() -> None:
    """The message lists what can be asked for."""
    with pytest.raises(InputError, match="only-edge"):
        sample("nothing")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="choose another folder"):
        write_samples((), tmp_path / "taken")
