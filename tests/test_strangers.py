"""Files of strangers, one class of damage after another: nothing is lost in silence."""

import base64
import gzip
import io
import json
import os
import socket
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from archives import unpacked
from conftest import ROOT
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs7,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from ekukit.account import PartFate
from ekukit.archive import InMemory, open_archive, read_configuration, read_log
from ekukit.certificates import eku_words, read_pem
from ekukit.cli import main
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError
from ekukit.printable import escaped, is_hidden, visible

SAMPLES = sorted((ROOT / "data" / "cases").glob("*.tar.gz"))
SAMPLE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
HEALTHY = ROOT / "data" / "cases" / "healthy-internal-everywhere.tar.gz"
FILES = unpacked(SAMPLE.read_bytes())
STAMP = "2026-06-15_09_41_07"
KEY = ec.generate_private_key(ec.SECP256R1())


def tar(files: dict[str, bytes]) -> bytes:
    """Return files as a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def case(data: bytes, name: str = "a.tar.gz") -> Case:
    """Return the case of an archive's bytes, whose account must add up."""
    found = open_archive(InMemory(name, data))
    assert found.account.adds_up
    return investigate(found)


def codes(found: Case) -> set[str]:
    """Return a case's codes without those that tell of what was not read."""
    return {one.code for one in found.findings} - {"archive.unread"}


SOUND = codes(case(SAMPLE.read_bytes()))


def changed(kind: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the sample as a tar with the files of a kind changed."""
    return tar({n: change(d) if n.startswith(kind) else d for n, d in FILES.items()})


# Containers.


def cut_directory(data: bytes) -> bytes:
    """Return a zip without its directory."""
    return data[: data.index(b"PK\x01\x02")]


def wrong_offset(data: bytes) -> bytes:
    """Return a zip whose directory names a place where no file is."""
    found, place = bytearray(data), data.index(b"PK\x01\x02")
    found[place + 42 : place + 46] = (7).to_bytes(4, "little")
    return bytes(found)


def lying_size(data: bytes) -> bytes:
    """Return a tar with one entry more in front, which claims to have a terabyte."""
    entry = tarfile.TarInfo("huge.txt")
    entry.size = 1 << 40
    return entry.tobuf(tarfile.GNU_FORMAT) + data


def without_mark(data: bytes) -> bytes:
    """Return a tar as before POSIX: without the mark, its check sums made anew."""
    found = bytearray(data)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for entry in archive:
            head = slice(entry.offset, entry.offset + 512)
            block = found[head]
            block[257:265], block[148:156] = bytes(8), b" " * 8
            block[148:156] = b"%06o\0 " % sum(block)
            found[head] = block
    return bytes(found)


TAR = tar(FILES)
GZ = gzip.compress(TAR)
ZIP = zipped(FILES)
WHOLE = {
    "a wrong check sum": GZ[:-8] + bytes([GZ[-8] ^ 1]) + GZ[-7:],
    "a cut check sum": GZ[:-5],
    "junk before gzip": b"From: somebody\r\n\r\n" + GZ,
    "junk behind gzip": GZ + b"junk" * 300,
    "junk before a tar": b"x" * 77 + TAR,
    "a block of junk before a tar": b"x" * 1024 + TAR,
    "junk behind a tar": TAR + b"junk" * 700,
    "a lying size": lying_size(TAR),
    "junk before a zip": b"x" * 99 + ZIP,
    "70 KB behind a zip": ZIP + b"x" * 70_000,
    "a zip without directory": cut_directory(ZIP),
    "a zip with a wrong offset": wrong_offset(ZIP),
    "a tar without its mark": without_mark(TAR),
}


@pytest.mark.parametrize("name", WHOLE)
def test_all_files_are_read_and_the_damage_is_told(name: str) -> None:
    """Damage around the files costs none of them."""
    found = case(WHOLE[name], "a.bin")
    assert codes(found) >= SOUND
    assert found.archive.account.members[PartFate.READ] >= len(FILES)
    assert found.unread or name == "a tar without its mark"


def test_files_before_a_cut_are_read_as_far_as_gzip_gives_them() -> None:
    """What was decompressed before the end of a cut file is kept to the last byte."""
    half = GZ[: len(GZ) // 2]
    given = zlib.decompressobj(wbits=31).decompress(half)
    account = open_archive(InMemory("a.tar.gz", half)).account
    with tarfile.open(fileobj=io.BytesIO(given + bytes(1 << 16))) as archive:
        files = len(archive.getnames())
    assert account.given_members == files
    assert account.adds_up


def test_what_stands_before_a_broken_place_of_gzip_is_not_lost() -> None:
    """An error in the middle gives every byte before it."""
    line = b"2026-06-15T09:41:07+00:00 h tvcs: x\n"
    files = {f"loggingsnapshot_h{n}_{STAMP}.txt": line + os.urandom(4000) for n in range(50)}
    packed = bytearray(gzip.compress(tar(files), mtime=0))
    packed[100_000:100_400] = b"\xff" * 400
    account = open_archive(InMemory("a.tar.gz", bytes(packed) + gzip.compress(TAR))).account
    assert account.given_members >= 22
    assert account.adds_up


def test_files_with_names_of_the_product_come_first() -> None:
    """Five thousand others before them do not push them out, and the limit says what it cut."""
    others = {f"e{n:05}.txt": b"x" for n in range(5000)}
    found = case(tar({**others, **FILES}))
    assert codes(found) >= SOUND
    (told,) = [one for one in found.unread if "more than 2000 entries" in one]
    assert "2999 more files were not read" in told
    assert found.archive.account.given_members == len(others) + len(FILES)


def test_empty_files_are_listed_each() -> None:
    """A file with nothing in it is told with its name."""
    found = case(tar(dict.fromkeys(FILES, b"")))
    assert {one.partition(": ")[2] for one in found.unread} == {
        f"{name}: empty: 0 bytes" for name in FILES
    }
    assert "Nothing is broken" not in found.headline


@pytest.mark.parametrize("kind", ["pipe", "socket", "link", "loop", "holes"])
def test_what_is_no_plain_file_is_refused_before_it_is_opened(kind: str, tmp_path: Path) -> None:
    """Also where it is named on the command line."""
    path = tmp_path / "server.pem"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(str(path))
    elif kind == "holes":
        with path.open("wb") as file:
            file.truncate(10 << 30)
    else:
        path.symlink_to(SAMPLE if kind == "link" else path)
    with pytest.raises(InputError, match=r"server\.pem: "):
        open_archive(path)
    with pytest.raises(InputError, match=r"server\.pem: "):
        read_pem(path)


# Certificates.


def made(name: str, *, ca: bool = False, extension: x509.ExtensionType | None = None) -> bytes:
    """Return a self-signed certificate as PEM."""
    names = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder(names, names, KEY.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
    )
    if extension is not None:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


PEM = made("leaf") + made("CA", ca=True)
LINES = PEM.decode().splitlines()
PARSED = x509.load_pem_x509_certificates(PEM)
DER = PARSED[0].public_bytes(Encoding.DER)
BODY = base64.b64encode(DER).decode()
AUX = base64.encodebytes(DER + b"\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01").decode()
SPELLINGS: dict[str, bytes] = {
    "text before BEGIN": b"certificate: " + PEM,
    "a mark": b"\xef\xbb\xbf" + PEM,
    "a mark before each": b"\xef\xbb\xbf" + PEM.replace(b"\n-----B", b"\n\xef\xbb\xbf-----B"),
    "NULs": PEM.replace(b"\n", b"\0\n\0"),
    "lone CR": PEM.replace(b"\n", b"\r"),
    "CR CR LF": PEM.replace(b"\n", b"\r\r\n"),
    "UTF-16": PEM.decode().encode("utf-16"),
    "UTF-16 big end first": PEM.decode().encode("utf-16-be"),
    "UTF-16 little end first": PEM.decode().encode("utf-16-le"),
    "UTF-32": PEM.decode().encode("utf-32"),
    "indented": "\n".join(f"\t   {line}" for line in LINES).encode(),
    "quoted": "\n".join(f"> > {line}" for line in LINES).encode(),
    "one line each": PEM.replace(b"\n", b"").replace(b"----------", b"-----\n-----"),
    "written line ends": PEM.replace(b"\n", b"\\n"),
    "blank lines": PEM.replace(b"\n", b"\n\n"),
    "HTML": b"<pre>" + PEM.replace(b"\n", b"<br>\n") + b"</pre>",
    "PKCS 7": pkcs7.serialize_certificates(PARSED, Encoding.PEM),
    "PKCS 7 in DER": pkcs7.serialize_certificates(PARSED, Encoding.DER),
    "PKCS 12": pkcs12.serialize_key_and_certificates(
        b"n", KEY, PARSED[0], PARSED[1:], NoEncryption()
    ),
    "trusted": f"-----BEGIN TRUSTED CERTIFICATE-----\n{AUX}-----END TRUSTED CERTIFICATE-----\n"
    .encode() + made("CA", ca=True),
    "lines of 10": ("-----BEGIN CERTIFICATE-----\n" + "\n".join(
        BODY[at : at + 10] for at in range(0, len(BODY), 10)
    ) + "\n-----END CERTIFICATE-----\n").encode() + made("CA", ca=True),
}  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_certificates_are_found_however_they_are_written(name: str) -> None:
    """Both are found, and nothing is said to be wrong."""
    found = read_pem(SPELLINGS[name], "server.pem")
    names = sorted(str(one.certificate.subject.rfc4514_string()) for one in found.certificates)
    assert (names, found.problems) == (["CN=CA", "CN=leaf"], ())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (PEM[:200], "cut short"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
        (b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", "list of revoked"),
        (b"-----BEGIN CERTIFICATE REQUEST-----\nAA\n-----END CERTIFICATE REQUEST-----\n",
         "a certificate request"),
        (DER[:-20], "cut short"),
        (b"hello", "neither PEM nor"),
        (pkcs12.serialize_key_and_certificates(
            b"n", KEY, PARSED[0], None, BestAvailableEncryption(b"x")), "needs a password"),
    ],
    ids=["PEM cut", "no certificate", "CRL", "request", "DER cut", "text", "locked"],
)  # fmt: skip
def test_what_is_there_and_cannot_be_read_is_told(data: bytes, told: str) -> None:
    """It has a reason, and in a case it is not called missing."""
    (problem,) = read_pem(data, "server.pem").problems
    assert told in problem
    found = case(changed("client_core", lambda _: data))
    assert "certificate.unreadable" in codes(found)
    assert "certificate.not-in-archive" not in codes(found)


@pytest.mark.parametrize("change", [b"\xef\xbb\xbf".__add__, lambda d: d.decode().encode("utf-16")])
def test_a_mark_does_not_make_the_ca_a_server_certificate(
    change: Callable[[bytes], bytes],
) -> None:
    """The leaf counts, as without the mark."""
    found = case(changed("server_core", change))
    assert codes(found) == SOUND


def test_a_broken_leaf_is_not_replaced_by_its_ca() -> None:
    """Where only the CA can be read, no certificate of the node is judged."""
    end = b"-----END CERTIFICATE-----\n"
    found = case(changed("server_core", lambda d: d.replace(d[40:60], b"!" * 20, 1)))
    assert end in FILES[f"server_core_{STAMP}.pem"]
    assert "certificate.unreadable" in codes(found)
    assert ["core", "server"] not in found.certificates[["host", "store"]].values.tolist()


def test_check_judges_the_leaf_behind_a_ca(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The order is told to be wrong."""
    path = tmp_path / "core.pem"
    path.write_bytes(made("CA", ca=True) + made("leaf"))
    assert main(["check", "--core-client", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["certificates"][0]["certificate"]["subject"] == "CN=leaf"
    assert any("a CA stands before the leaf" in note for note in told["notes"])


# Logs and dumps.

LOG = FILES[f"loggingsnapshot_core_{STAMP}.txt"]
PLAIN = read_log(LOG)


@pytest.mark.parametrize(
    "data",
    [
        LOG.replace(b"\n", b"\r"),
        LOG.replace(b"\n", b"\r\n"),
        LOG.decode().encode("utf-16"),
        LOG.decode().encode("utf-16-be"),
        b"\xef\xbb\xbf" + LOG,
        LOG.replace(b"\n", b"\n\0\0"),
        LOG.rstrip(b"\n").replace(b"\n", "\u0085".encode()),
    ],
    ids=["CR", "CR LF", "UTF-16", "UTF-16 without mark", "mark", "NULs", "NEL"],
)
def test_a_log_is_the_same_however_it_was_saved(data: bytes) -> None:
    """Line ends and encodings change no record."""
    assert read_log(data).equals(PLAIN)


@pytest.mark.parametrize("digits", range(1, 14))
def test_any_number_of_digits_is_a_fraction_of_a_second(digits: int) -> None:
    """What is beyond nanoseconds is left out."""
    fraction = "123456789012345"[:digits]
    table = read_log(f"2026-06-15T09:41:07.{fraction}+00:00 core tvcs: x\n".encode())
    assert table["time"][0].nanosecond + table["time"][0].microsecond * 1000 == int(
        fraction[:9].ljust(9, "0")
    )


@pytest.mark.parametrize(
    "stamp",
    ["2026-06-30T23:59:60.000+00:00", "2026-02-30T09:41:07+00:00", "2026-06-15T25:61:07+00:00",
     "2026-06-15T09:41:07.000+99:99", "2026-06-15T09:41:07.000", "2026-06-15T09:41:07.000EST",
     "9999-12-31T23:59:59+00:00", "0000-00-00T00:00:00+00:00"],
)  # fmt: skip
def test_an_impossible_time_keeps_its_record(stamp: str) -> None:
    """The record is there, its time is not, and that is counted."""
    table = read_log(f"{stamp} core tvcs: x\n2026-06-15T09:41:07+00:00 core tvcs: y\n".encode())
    assert table["detail"].tolist() == ["x", "y"]
    assert table["time"].isna().tolist() == [True, False]
    assert table.attrs["counts"]["times_not_readable"] == 1


def test_a_line_of_many_megabytes_is_cut_and_told() -> None:
    """The records around it are read."""
    line = b"2026-06-15T09:41:07.000+00:00 core tvcs: " + b"x" * (9 << 20)
    found = case(changed("loggingsnapshot_core", lambda d: line + b"\n" + d))
    assert len(found.archive.log) == len(open_archive(SAMPLE).log) + 1
    assert any("line 1 has" in told for told in found.unread)


def test_a_configuration_line_of_many_megabytes_is_cut_and_told() -> None:
    """The other settings count."""
    line = b'*c xConfiguration SystemUnit Notes: "' + b"a b " * (1 << 20) + b'"\n'
    found = case(changed("xconf_dump_core", lambda d: line + d if b"<" not in d[:9] else d))
    assert codes(found) == SOUND
    assert any("the first 65536 were read" in told for told in found.unread)


def test_xml_of_many_elements_is_read_up_to_a_limit() -> None:
    """What comes before the limit is there, and the rest is told."""
    data = b"<Configuration><A>1</A>" + b"<a/>" * 300_000 + b"</Configuration>"
    table = read_configuration(data)
    assert table["value"][0] == "1"
    assert "the rest was not read" in table.attrs["problems"][0]


def test_broken_xml_is_read_up_to_the_damage() -> None:
    """Values before it are kept; the place is told."""
    table = read_configuration(b"<Configuration><A>1</A><B>2</B><C>3</Q></Configuration>")
    assert table["path"].tolist()[:2] == ["A", "B"]
    assert table.attrs["parts"][0].offset > 20


def test_a_line_that_was_not_understood_is_never_quoted() -> None:
    """It may hold a secret; place and length say enough."""
    table = read_configuration(b"*c xConfiguration SNMP V3 hunter2secret\n*c xConfiguration A: 1\n")
    assert table["value"].tolist() == ["1"]
    assert "hunter2" not in str(table.attrs)


# Dates.


@pytest.mark.parametrize("year", ["9999", "0001", "1899"])
def test_a_year_in_file_names_that_no_clock_shows_is_left_out(
    year: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The case is judged at another time, and the name is told."""
    found = case(tar({n.replace("2026", year, 1): d for n, d in FILES.items()}))
    assert 1970 < found.at.year < 2200
    assert any(f"the time in its name, {year}" in told for told in found.unread)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("at", ["9999-12-31", "0001-01-01", "1969-12-31"])
def test_a_moment_that_no_clock_shows_is_refused_in_words(
    at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is judged then."""
    assert main(["inspect", str(SAMPLE), "--at", at]) == 2
    assert "cannot be judged at; write one from 1970-01-01" in capsys.readouterr().err


# The door to the terminal.

NASTY = "\x1b[31m\u009b2J\u202e\u2066\u200b\ufeff\u00ad\u2028"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_name_from_a_certificate_steers_no_terminal(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither as text nor as JSON, and not in its error."""
    path = tmp_path / f"x{NASTY}.pem"
    path.write_bytes(made(f"core{NASTY}"))
    assert main(["check", "--core-client", str(path), *options]) == 0
    assert main(["check", "--core-client", f"{path}no", *options]) == 2
    with pytest.raises(SystemExit):
        main(["check", f"--{NASTY}"])
    told = capsys.readouterr()
    assert not {char for char in told.out + told.err if is_hidden(char) and char != "\n"}
    assert not options or "\\u009b" in told.out


def test_text_is_made_visible_and_json_stays_what_it_says() -> None:
    """Letters of any script stay; what hides is spelled out."""
    assert visible(f"Zürich 東京 {NASTY[0]}") == "Zürich 東京 [U+001B]"
    text = json.dumps({"a": f"東京{NASTY}"}, ensure_ascii=False)
    assert json.loads(escaped(text)) == json.loads(text)


# The account.


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_account_of_a_sample_is_what_tar_gives(path: Path) -> None:
    """Files and bytes are those of the archive, and each has a fate."""
    account = open_archive(path).account
    sizes = [len(data) for data in unpacked(path.read_bytes()).values()]
    assert (account.given_members, account.given_bytes) == (len(sizes), sum(sizes))
    assert account.adds_up
    assert account.log["records"]


def test_nothing_is_called_sound_that_was_not_read() -> None:
    """A healthy archive with a damaged part is not said to have nothing broken."""
    files = unpacked(HEALTHY.read_bytes())
    assert case(tar(files)).headline.startswith("Nothing is broken")
    name = next(name for name in files if name.startswith("eth0"))
    found = case(tar({**files, name: files[name][:200]}))
    assert found.headline.startswith(
        "Nothing broken was found, but part of the archive could not be read: "
    )
    readme = case(tar({**files, "notes.odt": b"PK"}))
    assert readme.headline.startswith("Nothing is broken")


def test_the_account_stands_in_json_and_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With file, offset and reason of what was not read."""
    path = tmp_path / "a.tar"
    path.write_bytes(changed("xconf_dump_core", lambda d: d + b"what is this\n"))
    assert main(["inspect", str(path), "--json"]) == 0
    account = json.loads(capsys.readouterr().out)["account"]
    assert account["members"]["given"] == len(FILES)
    assert {"file", "offset", "bytes", "fate", "reason", "matters"} == set(account["not_read"][0])
    assert main(["inspect", str(path)]) == 0
    assert f"{len(FILES)} files given" in capsys.readouterr().out


# Floods.


def test_a_flood_of_ekus_and_names_is_judged_whole_and_shown_in_part(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The use clientAuth behind tens of thousands of others counts."""
    many = tuple(f"1.3.6.1.4.1.{n}" for n in range(5000))
    assert eku_words((*many, "1.3.6.1.5.5.7.3.2")).startswith("clientAuth + ")
    assert eku_words(many).endswith(" + 4,980 more")
    names = x509.SubjectAlternativeName([x509.DNSName(f"n{n}.test") for n in range(5000)])
    path = tmp_path / "a.tar"
    path.write_bytes(changed("server_core", lambda d: made("core", extension=names) + d))
    assert main(["inspect", str(path)]) == 0
    assert len(capsys.readouterr().out) < 100_000


def test_a_flood_of_files_is_listed_in_part(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """How many more there are is said."""
    path = tmp_path / "a.tar"
    path.write_bytes(tar({**FILES, **{f"e{n}": b"x" for n in range(500)}}))
    assert main(["inspect", str(path)]) == 0
    assert "and 460 more" in capsys.readouterr().out
