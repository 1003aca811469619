"""A whole archive becomes typed tables with fixed columns, whatever is missing or broken."""

import io
import subprocess
import sys
import tarfile
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from ekukit import archive
from ekukit.archive import Archive, read_certificates
from ekukit.archive.certificate_table import COLUMNS as CERTIFICATES
from ekukit.certificates import certificate_pem, make_ca, make_credential
from ekukit.connections import handshakes
from ekukit.connections.catalog import connection
from ekukit.errors import InputError
from ekukit.expressway import build, condition
from ekukit.lab import capture

EC = "EC-secp256r1"
STAMP = "2026-03-29_06_58_01"
TABLES = ("certificates", "log", "configuration", "status", "handshakes", "members")
LOG = b'2026-03-29T06:58:01.231+00:00 edge1 tvcs: Event="x"\n Level="1"\nno\n'
XCONF = b'*c xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: "On"\n'
XML = b"<Configuration><SIP><A>1</A></SIP></Configuration>"
XSTAT = b'*s SystemUnit: /\n  Software Version: "X15.5"\n*s/end\n'
KEY = b"-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA0123456789abcdef\n-----END PRIVATE KEY-----\n"


@pytest.fixture(scope="module")
def pem() -> bytes:
    """Return a leaf and its issuing CA."""
    found = handshakes(build(condition("C1", key=EC)), connection("uc-zone"))[0].server.certificate
    assert found is not None
    credential = make_credential(found)
    return credential.leaf_pem() + credential.chain_pem()


@pytest.fixture(scope="module")
def files(pem: bytes) -> dict[str, bytes]:
    """Return the files of one node."""
    return {
        f"loggingsnapshot_edge1_{STAMP}.txt": LOG,
        f"xconf_dump_edge1_{STAMP}.txt": XCONF,
        f"xconf_dump_edge1_{STAMP}.xml": XML,
        f"xstat_dump_edge1_{STAMP}.txt": XSTAT,
        f"server_edge1_{STAMP}.pem": pem,
        f"client_edge1_{STAMP}.pem": pem,
        f"ca_edge1_{STAMP}.pem": pem,
        f"eth0_diagnostic_logging_tcpdump00_edge1_{STAMP}.pcap": capture(
            build(condition("C1", key=EC)), ["uc-zone"]
        ),
    }


def packed(path: Path, files: dict[str, bytes]) -> Path:
    """Write a .tar.gz of the files."""
    with tarfile.open(path, "w:gz") as out:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))
    return path


def dtypes(found: Archive) -> dict[str, dict[str, str]]:
    """Return the dtypes of all tables."""
    return {
        table: {name: str(kind) for name, kind in getattr(found, table).dtypes.items()}
        for table in TABLES
    }


def test_every_file_becomes_rows_of_its_table(files: dict[str, bytes], tmp_path: Path) -> None:
    """A whole archive of a node is read, every row with its host and file."""
    found = archive.open(packed(tmp_path / "a.tar.gz", files))
    assert (found.unread, found.keys) == ((), ())
    assert sorted(files) == sorted(
        name.removeprefix("a.tar.gz: ") for name in found.members["file"]
    )
    for table in TABLES:
        assert set(getattr(found, table)["host"]) == {"edge1"}
    assert sorted(set(found.certificates["store"])) == ["ca", "client", "server"]
    assert found.members["time"][0] == datetime(2026, 3, 29, 6, 58, 1, tzinfo=UTC)
    assert archive.setting(found.configuration, "Checking Mode") == "On"
    assert found.handshakes["server_serials"][0][0] == found.certificates["serial"][0]


def test_paths_of_any_kind_come_together(files: dict[str, bytes], tmp_path: Path) -> None:
    """Several nodes, as an archive, a folder and a loose file, as text or path, are one set."""
    first = packed(tmp_path / "a.tar.gz", files)
    folder = tmp_path / "core"
    folder.mkdir()
    (folder / f"loggingsnapshot_core1_{STAMP}.txt").write_bytes(LOG.replace(b"edge1", b"core1"))
    loose = tmp_path / "pasted.txt"
    loose.write_bytes(LOG)
    found = archive.open(str(first), folder, loose)
    assert found.log["file"].unique().tolist() == [
        f"a.tar.gz: loggingsnapshot_edge1_{STAMP}.txt",
        f"loggingsnapshot_core1_{STAMP}.txt",
        "pasted.txt",
    ]
    assert found.log["host"].unique().tolist() == ["edge1", "core1"]
    assert dtypes(found) == archive.COLUMNS


EACH = ("loggingsnapshot", "xconf_dump", "xstat_dump", "server", "eth0")


@pytest.mark.parametrize("kind", [*EACH, "nothing"])
def test_columns_and_dtypes_are_fixed_whatever_is_missing(
    kind: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    """One file alone, with an empty one of every kind, gives all tables with all columns."""
    given_files = {name: data for name, data in files.items() if name.startswith(kind)}
    given_files |= {f"{other}_b_{STAMP}.txt": b"" for other in EACH if other != "eth0"}
    found = archive.open(packed(tmp_path / "a.tar.gz", given_files))
    assert dtypes(found) == archive.COLUMNS


@pytest.mark.parametrize("name", TABLES)
def test_dtypes_survive_joining_with_an_empty_table(
    name: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    """Tables of two archives, one of them empty, can be joined without losing a dtype."""
    full = archive.open(packed(tmp_path / "a.tar.gz", files))
    empty = archive.open(packed(tmp_path / "b.tar.gz", {f"ca_b_{STAMP}.pem": b""}))
    tables = [getattr(empty, name), getattr(full, name)]
    joined = pd.concat(tables, ignore_index=True)
    assert {k: str(v) for k, v in joined.dtypes.items()} == archive.COLUMNS[name]


def test_needed_columns_are_there() -> None:
    """The columns that other tools rest on have their names."""
    log = (
        "line time host process pid module level event detail reason src_ip src_port dst_ip "
        "dst_port body"
    )
    shown = (
        "file first_packet client client_port server server_port version sni client_hello "
        "server_hello server_serials certificate_request client_serials alerts note"
    )
    assert set(log.split()) <= set(archive.COLUMNS["log"])
    assert set(shown.split()) <= set(archive.COLUMNS["handshakes"])


def test_private_keys_anywhere_are_named_and_never_kept(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    """A key beside a certificate, in a log, in a dump and in an unknown file is struck out."""
    given_files = {
        f"server_edge1_{STAMP}.pem": files[f"server_edge1_{STAMP}.pem"] + KEY,
        f"loggingsnapshot_edge1_{STAMP}.txt": LOG + KEY + LOG,
        f"xconf_dump_edge1_{STAMP}.txt": XCONF + KEY,
        "notes.doc": b"\0\1" + KEY,
    }
    found = archive.open(packed(tmp_path / "a.tar.gz", given_files))
    assert found.keys == tuple(f"a.tar.gz: {name}" for name in given_files)
    told = "".join(getattr(found, table).to_csv() for table in TABLES) + "".join(found.unread)
    assert "MIIEowIBAAKCAQEA" not in told
    assert found.log["line"].tolist() == [1, 7]


def test_what_is_not_known_is_listed(tmp_path: Path) -> None:
    """An unknown file, a broken capture and macOS's shadows are named; the rest is read."""
    given_files = {
        "photo.png": b"\x89PNG",
        f"eth0_diagnostic_logging_tcpdump00_edge1_{STAMP}.pcap": b"no",
        f"._server_edge1_{STAMP}.pem": b"\0\5\x16\7",
        f"xstat_dump_edge1_{STAMP}.txt": XSTAT,
    }
    found = archive.open(packed(tmp_path / "a.tar.gz", given_files))
    names = list(given_files)
    # What could matter is listed first.
    assert [f"a.tar.gz: {names[place]}" for place in (1, 0, 2)] == [
        line.partition(":")[0] + ":" + line.split(":")[1] for line in found.unread
    ]
    assert len(found.status) == 1


def test_truncated_archive_keeps_what_is_before(files: dict[str, bytes], tmp_path: Path) -> None:
    """Half an archive gives its first tables and says that it is cut."""
    path = packed(tmp_path / "a.tar.gz", files)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = archive.open(path)
    assert len(found.log) == 1
    assert any("cut short" in line for line in found.unread)


@pytest.mark.parametrize("data", [b"", b"nothing that is known"])
def test_unknown_file_alone_is_an_input_error(data: bytes, tmp_path: Path) -> None:
    """A single unknown file is no archive, so there is nothing to judge."""
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(InputError, match="x: not a file that the kit knows"):
        archive.open(path)


def test_nothing_at_all_is_an_input_error(tmp_path: Path) -> None:
    """An empty folder, and no path, cannot be read."""
    for paths in ((tmp_path,), ()):
        with pytest.raises(InputError, match="nothing could be read"):
            archive.open(*paths)


def test_progress_is_told_with_bytes_and_names(files: dict[str, bytes], tmp_path: Path) -> None:
    """A progress bar learns how far the reading is."""
    first, second = (packed(tmp_path / name, files) for name in ("a.tar.gz", "b.tar.gz"))
    calls: list[tuple[int, int, str]] = []
    archive.open(first, second, progress=lambda *told: calls.append(told))
    size = first.stat().st_size
    done = [call[0] for call in calls]
    assert {2 * size} == {call[1] for call in calls}
    assert done == sorted(done)
    assert 0 < done[0] <= size < done[-1] <= 2 * size
    assert len(calls) == 2 * len(files)


def test_memory_stays_at_one_file_and_its_table(tmp_path: Path) -> None:
    """Captures that were read are not kept: many of them take no more than one."""
    head = b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(8) + b"\xff\xff\x00\x00\x01\x00\x00\x00"
    body = head + (bytes(8) + b"\xe8\x03\0\0" * 2 + bytes(1000)) * 4000
    path = packed(tmp_path / "a.tar.gz", {f"eth0-{n}.pcap": body for n in range(12)})
    archive.open(path)
    tracemalloc.start()
    archive.open(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * len(body)


def test_import_alone_loads_no_pandas() -> None:
    """A command line that reads no archive does not wait for pandas."""
    code = "import sys, ekukit.archive; print({'pandas', 'numpy', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Certificates.


def test_certificates_glued_without_a_line_end_are_all_read(pem: bytes) -> None:
    """A file joined from files without a final line end loses nothing."""
    joined = pem.replace(b"-----END CERTIFICATE-----\n", b"-----END CERTIFICATE-----")
    assert read_certificates(pem)["serial"].tolist() == read_certificates(joined)["serial"].tolist()


def test_junk_between_blocks_is_passed_over(pem: bytes) -> None:
    """Subject lines, blank lines and Windows line ends do not matter."""
    leaf, ca = pem.split(b"-----BEGIN", 2)[1:]
    junk = b"Bag Attributes\r\n" + b"-----BEGIN" + leaf + b"\nsubject=x\n\n-----BEGIN" + ca
    assert len(read_certificates(junk.replace(b"\n", b"\r\n"))) == 2


def test_der_is_read_too(pem: bytes) -> None:
    """A certificate in DER gives the same serial."""
    der = x509.load_pem_x509_certificates(pem)[0].public_bytes(Encoding.DER)
    assert read_certificates(der)["serial"][0] == read_certificates(pem)["serial"][0]


def test_serials_are_lower_case_hex(pem: bytes) -> None:
    """A serial has no prefix and no leading zeros."""
    expected = [f"{found.serial_number:x}" for found in x509.load_pem_x509_certificates(pem)]
    assert read_certificates(pem)["serial"].tolist() == expected


def test_validity_without_end_can_be_held() -> None:
    """A certificate that ends in 9999 is read like any other."""
    from dataclasses import replace

    deployment = build(condition("C1", key=EC))
    ca = next(iter(deployment.core[0].trusted))
    endless = replace(ca, not_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    table = read_certificates(certificate_pem(make_ca(endless, EC)))
    assert table["not_after"][0].year == 9999


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=12), st.integers(0))
def test_any_certificate_file_gives_a_table(changes: list[tuple[int, int]], cut: int) -> None:
    """Whatever is changed in a PEM or DER file, there is a table with fixed columns."""
    for whole in SAMPLES:
        data = bytearray(whole)
        for place, value in changes:
            data[place % len(data)] = value
        table = read_certificates(bytes(data[: cut % (len(data) + 1)]), "a.pem")
        assert {name: str(kind) for name, kind in table.dtypes.items()} == CERTIFICATES


def _samples() -> tuple[bytes, bytes]:
    ca = make_ca(next(iter(build(condition("C1", key=EC)).core[0].trusted)), EC)
    return certificate_pem(ca), ca.public_bytes(Encoding.DER)


SAMPLES = _samples()
