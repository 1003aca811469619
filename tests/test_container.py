"""What a stranger sent is opened without being trusted: limits, damage, lies, absurd names."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from ekukit import mapped as mapped_module
from ekukit import private_keys as keys_module
from ekukit.archive import deflate as deflate_module
from ekukit.archive import open_archive, read_log
from ekukit.archive import size_limits as limits
from ekukit.archive.compression import Unpacked
from ekukit.archive.container import Container, clean
from ekukit.archive.deflate import Gzip
from ekukit.errors import InputError
from ekukit.log import keyless_text
from ekukit.log.changed_lines import as_written
from ekukit.log.snapshot import Snapshot
from ekukit.plaintext import plain_text
from ekukit.private_keys import struck_out

LOG = "loggingsnapshot_edge1_2026-03-29_06_58_01.txt"
LINE = b"2026-03-29T06:58:01.231+00:00 edge1 tvcs: x\n"
Files = list[tuple[str, bytes]]


def tar(files: Files, mode: str = "w") -> bytes:
    """Return a tar of the files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of the files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def opened(folder: Path, data: bytes, name: str = "a.tar.gz") -> tuple[Files, list[str]]:
    """Return the files in an archive, and what was not read."""
    path = folder / name
    path.write_bytes(data)
    container = Container([path])
    return [(member.file, member.data) for member in container], container.unread


PACKINGS = {
    "a.tar": tar,
    "a.tar.gz": lambda files: tar(files, "w:gz"),
    "a.tar.bz2": lambda files: tar(files, "w:bz2"),
    "a.tar.xz": lambda files: tar(files, "w:xz"),
    "a.zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
}


@pytest.mark.parametrize("name", PACKINGS)
def test_files_come_out_whatever_packs_them(name: str, tmp_path: Path) -> None:
    """Every usual packing gives the files, and nothing is written."""
    files = [(LOG, LINE), ("sub/server.pem", b"")]
    found, unread = opened(tmp_path, PACKINGS[name](files), name)
    assert [(f"{name}: {inside}", data) for inside, data in files] == found
    assert (unread, [path.name for path in tmp_path.iterdir()]) == ([], [name])


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_single_packed_file_comes_out(pack: object, tmp_path: Path) -> None:
    """A log that was packed alone loses the ending of its name."""
    ending = {gzip.compress: ".gz", bz2.compress: ".bz2", lzma.compress: ".xz"}[pack]  # type: ignore[index]
    found, unread = opened(tmp_path, pack(LINE), LOG + ending)  # type: ignore[operator]
    assert (found, unread) == ([(LOG, LINE)], [])


def test_archives_of_every_peer_inside_one_are_opened(tmp_path: Path) -> None:
    """A zip with a .tar.gz for each peer gives the files of all."""
    peers = [(f"peer{n}.tar.gz", tar([(LOG, LINE)], "w:gz")) for n in (1, 2)]
    found, unread = opened(tmp_path, zipped(peers), "a.zip")
    assert [f"a.zip: peer{n}.tar.gz: {LOG}" for n in (1, 2)] == [name for name, _ in found]
    assert unread == []


def test_folder_is_walked_in_order(tmp_path: Path) -> None:
    """A folder gives its files by name, those in folders and in archives too."""
    (tmp_path / "edge").mkdir()
    (tmp_path / "edge" / LOG).write_bytes(LINE)
    (tmp_path / "b.tar.gz").write_bytes(tar([("x", b"1")], "w:gz"))
    assert ["b.tar.gz: x", f"edge/{LOG}"] == [member.file for member in Container([tmp_path])]


def test_names_that_come_again_get_a_number(tmp_path: Path) -> None:
    """Two files of one name, in one archive or in two, are both read and told apart."""
    data = tar([(LOG, b"1"), (LOG, b"2")], "w:gz")
    found, _ = opened(tmp_path, data)
    assert [(f"a.tar.gz: {LOG}", b"1"), (f"a.tar.gz: {LOG} (2)", b"2")] == found


@pytest.mark.parametrize("name", ["nowhere", "a\0b"])
def test_missing_path_is_an_input_error(name: str, tmp_path: Path) -> None:
    """A path that is not there is named."""
    with pytest.raises(InputError, match="does not exist; name an archive"):
        Container([tmp_path / name])


def test_device_is_an_input_error() -> None:
    """A device would never end, so it is not opened."""
    with pytest.raises(InputError, match="neither a file nor a folder"):
        Container([Path(os.devnull)])


# Names and kinds of entries.


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\..\\x.pem", "C:/x.pem"),
        ("a\x1b[31m\nb", "a?[31m?b"),
        ("\u202egpj.exe", "?gpj.exe"),
        ("\udcff", "?"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("x" * 5000, "x" * 300),
    ],
)
def test_absurd_names_are_made_harmless(name: str, shown: str) -> None:
    """A name never leads anywhere and moves no cursor."""
    assert shown == clean(name)


@pytest.mark.parametrize("pack", ["a.tar.gz", "a.zip"])
def test_path_traversal_writes_nothing(pack: str, tmp_path: Path) -> None:
    """Names that lead out of the folder are read under a clean name."""
    inside = tmp_path / "in"
    inside.mkdir()
    found, _ = opened(inside, PACKINGS[pack]([("../../evil.txt", b"x")]), pack)
    assert [(f"{pack}: evil.txt", b"x")] == found
    assert [inside] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE,
     tarfile.GNUTYPE_SPARSE],
)  # fmt: skip
def test_links_and_devices_in_a_tar_are_listed(kind: bytes, tmp_path: Path) -> None:
    """Whatever is no plain file is listed, and the rest is read."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        entry = tarfile.TarInfo("evil")
        entry.type, entry.linkname = kind, "/etc/passwd"
        archive.addfile(entry)
        after = tarfile.TarInfo(LOG)
        after.size = 1
        archive.addfile(after, io.BytesIO(b"1"))
    found, unread = opened(tmp_path, out.getvalue(), "a.tar")
    assert [(f"a.tar: {LOG}", b"1")] == found
    assert unread == ["a.tar: evil: a link, a device or no plain file, not read"]


def test_link_in_a_zip_is_listed(tmp_path: Path) -> None:
    """A symbolic link in a zip is not read as a file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("evil")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert opened(tmp_path, out.getvalue(), "a.zip") == (
        [], ["a.zip: evil: a link, a device or no plain file, not read"],
    )  # fmt: skip


def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    """Links to files, to folders and in circles, and pipes, are listed."""
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "file").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    container = Container([folder])
    assert list(container) == []
    assert sorted(container.unread) == [
        f"{name}: a link or device, not followed" for name in ("file", "loop", "pipe")
    ]


def test_encrypted_file_in_a_zip_is_listed(tmp_path: Path) -> None:
    """A file that asks for a password is named, the others are read."""
    data = bytearray(zipped([("secret", b"x"), (LOG, LINE)]))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found, unread = opened(tmp_path, bytes(data), "a.zip")
    assert [(f"a.zip: {LOG}", LINE)] == found
    assert unread == ["a.zip: secret: encrypted, not read"]


# Damage.


def noise(size: int) -> bytes:
    """Return bytes that do not shrink."""
    return os.urandom(size)


def test_truncated_archive_gives_what_is_before_the_damage(tmp_path: Path) -> None:
    """Files before the damage are whole, the one in it is there as far as it goes."""
    body = noise(200_000)
    data = tar([(LOG, LINE), ("b", body), ("c", b"1")], "w:gz")
    found, unread = opened(tmp_path, data[:100_000])
    assert (f"a.tar.gz: {LOG}", LINE) == found[0]
    name, part = found[1]
    assert name == "a.tar.gz: b"
    assert len(part) > 50_000
    assert body.startswith(part)
    assert "a.tar.gz: b: " in unread[0]
    assert "bytes fewer than its header tells" in unread[0]
    assert any("cut short; what follows is missing" in line for line in unread)


def test_broken_compression_gives_what_is_before_it(tmp_path: Path) -> None:
    """A wrong byte in the middle is told with its place."""
    data = bytearray(tar([(LOG, LINE), ("b", noise(200_000))], "w:gz"))
    data[100_000:100_100] = bytes(100)
    found, unread = opened(tmp_path, bytes(data))
    assert [(f"a.tar.gz: {LOG}", LINE)] == found[:1]
    assert any("the gzip check sum is wrong" in line for line in unread)


def test_broken_header_in_the_middle_loses_one_file(tmp_path: Path) -> None:
    """Behind a header that is overwritten the next one is found."""
    data = bytearray(tar([("a", b"1"), ("b", b"2"), ("c", b"3")]))
    data[1024 + 10 : 1024 + 200] = bytes(190)
    found, unread = opened(tmp_path, bytes(data), "a.tar")
    assert [name for name, _ in found] == ["a.tar: a", "a.tar: c"]
    assert unread == ["a.tar: damaged in the middle; some files may be lost"]


def test_truncated_zip_is_read_by_the_headers_before_its_files(tmp_path: Path) -> None:
    """A zip without its directory gives its files all the same, and that is told."""
    found, unread = opened(tmp_path, zipped([(LOG, LINE)])[:-30], "a.zip")
    assert [(f"a.zip: {LOG}", LINE)] == found
    assert unread[0].startswith("a.zip: its directory cannot be read")


@pytest.mark.parametrize("size", [1, 0xFFFFFFF0])
def test_zip_that_lies_about_a_size_is_harmless(size: int, tmp_path: Path) -> None:
    """A wrong size is told and fills no memory; both files are read."""
    data = bytearray(zipped([("liar", b"x" * 1000), (LOG, LINE)]))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = size.to_bytes(4, "little")
    found, unread = opened(tmp_path, bytes(data), "a.zip")
    assert (f"a.zip: {LOG}", LINE) == found[-1]
    assert found[0] == ("a.zip: liar", b"x" * 1000)
    assert ["a.zip: liar" in line for line in unread] == [True]


# Bombs.


def test_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    """What unpacks to hundreds of times its size is stopped and told."""
    bomb = gzip.compress(bytes(limits.SMALL + (8 << 20)))
    found, unread = opened(tmp_path, bomb, "bomb.gz")
    assert len(found[0][1]) <= limits.SMALL + (1 << 20)
    assert "bomb.gz: unpacks to more than 200 times its size; stopped there" in unread[0]


def test_one_file_that_is_a_bomb_is_stopped_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single file of a zip is not unpacked to its end first."""
    from ekukit.archive import container

    monkeypatch.setattr(container, "SMALL", 1 << 20)
    found, unread = opened(tmp_path, zipped([(LOG, bytes(32 << 20))]), "a.zip")
    assert len(found[0][1]) < 9 << 20
    assert unread == ["a.zip: unpacks to more than 200 times its size; stopped there"]


def test_bomb_in_a_zip_is_stopped_by_its_ratio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many files that are small when packed are stopped together."""
    from ekukit.archive import container

    monkeypatch.setattr(container, "SMALL", 1 << 20)
    data = zipped([(str(n), bytes(1 << 20)) for n in range(20)])
    found, unread = opened(tmp_path, data, "a.zip")
    assert len(found) < 10
    assert unread == ["a.zip: unpacks to more than 200 times its size; stopped there"]


def test_file_beyond_the_limit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is too large is not read, the others are."""
    monkeypatch.setattr(limits, "MOST_BYTES_EACH", 1 << 20)
    found, unread = opened(tmp_path, tar([("big", bytes(2 << 20)), (LOG, LINE)], "w:gz"))
    assert [f"a.tar.gz: {LOG}"] == [name for name, _ in found]
    (told,) = unread
    assert told.startswith("a.tar.gz: big: larger than 1 MiB, the most a file may have here, so")


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "in its place"])
def test_a_log_may_be_larger_than_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, packed: bool
) -> None:
    """A log that is plain is read up to its own limit; one that must be put right is told."""
    monkeypatch.setattr(limits, "MOST_BYTES_EACH", 1 << 20)
    monkeypatch.setattr(limits, "MOST_BYTES_OF_A_LOG", 4 << 20)
    monkeypatch.setattr(keyless_text, "MOST_PUT_RIGHT", 1 << 20)
    monkeypatch.setattr("ekukit.mapped._WORTH", 1 << 20)
    plain, other = LOG, LOG.replace("edge", "core")
    lines = {plain: LINE * ((2 << 20) // len(LINE)), other: LINE.replace(b"\n", b"\r\n") * 40_000}
    path = tmp_path / "a"
    if packed:
        path = tmp_path / "a.tar.gz"
        path.write_bytes(tar(list(lines.items()), "w:gz"))
    else:
        path.mkdir()
        for name, data in lines.items():
            (path / name).write_bytes(data)
    found = open_archive(path)
    assert [len(one.snapshot.data) for one in found.logs.files] == [len(lines[plain])]
    (told,) = [part for part in found.account.doubts if other in part.file]
    assert "give it in pieces" in told.words


def test_all_files_together_have_a_limit(tmp_path: Path) -> None:
    """Beyond the limit in all, files are named and not read."""
    path = tmp_path / "a.tar"
    names = [LOG.replace("edge1", f"edge{n}") for n in range(5)]
    path.write_bytes(tar([(name, noise(400_000)) for name in names]))
    container = Container([path], limit=1 << 20)
    assert len(list(container)) == 2
    assert f"{names[2]}: more than 1 MiB in all with this file" in container.unread[0]


@pytest.mark.parametrize("pack", ["a.tar", "a.zip"])
def test_too_many_entries_are_told_once(pack: str, tmp_path: Path) -> None:
    """After 2000 entries nothing more is read, and one sentence says so."""
    files = [(str(n), b"") for n in range(limits.MOST_ENTRIES + 50)]
    found, unread = opened(tmp_path, PACKINGS[pack](files), pack)
    assert len(found) == limits.MOST_ENTRIES
    assert ["more than 2000 entries" in line for line in unread] == [True]


def test_archives_in_archives_have_a_depth(tmp_path: Path) -> None:
    """What is packed again and again is not opened to the end."""
    data = LINE
    for n in range(10):
        data = zipped([(f"{n}.zip", data)])
    found, unread = opened(tmp_path, data, "a.zip")
    assert found == []
    assert unread[0].endswith("packed more than 6 times over, not opened")


def test_endless_zeros_behind_a_tar_are_stopped(tmp_path: Path) -> None:
    """A tar that goes on with nothing is read to its last file and left there."""
    data = tar([(LOG, LINE)]) + bytes(16 << 20)
    found, unread = opened(tmp_path, gzip.compress(data))
    assert [(f"a.tar.gz: {LOG}", LINE)] == found
    assert unread == ["a.tar.gz: 4 MiB without a file; stopped there"]


def test_header_of_many_megabytes_is_stopped(tmp_path: Path) -> None:
    """A header that claims to be endless is not read into memory."""
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = tarfile.XHDTYPE, 1 << 40
    data = entry.tobuf(tarfile.GNU_FORMAT) + bytes(8 << 20)
    found, unread = opened(tmp_path, gzip.compress(data))
    assert found == []
    assert "a.tar.gz: 4 MiB without a file; stopped there" in unread


WHOLE = {name: pack([(LOG, LINE), ("b/c.pem", b"x" * 600)]) for name, pack in PACKINGS.items()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 20_000),
)
def test_damaged_archives_never_raise(
    name: str, changes: list[tuple[int, int]], cut: int, tmp_path: Path
) -> None:
    """Whatever bytes are changed or cut off, there is a list of files and of what was not read."""
    data = bytearray(WHOLE[name])
    for place, value in changes:
        data[place % len(data)] = value
    found, unread = opened(tmp_path, bytes(data[:cut]), name)
    assert all(isinstance(inside, str) for inside, _ in found)
    assert all(name in line for line in unread)


# Private keys.

SECRET = b"MIIEowIBAAKCAQEA0123456789abcdefMIIEowIBAAKCAQEA0123456789abcdef"


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN PRIVATE KEY-----\n" + SECRET + b"\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + SECRET,
        b"x -----BEGIN OPENSSH PRIVATE KEY-----\\n" + SECRET
        + b"\\n-----END OPENSSH PRIVATE KEY-----",
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\r\n" + SECRET + b"\r\nAb=\r\n",
        b"PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n" + SECRET + b"\nPrivate-MAC: 1",
        b"\x30\x82\x04\xa3\x02\x01\x00\x02\x82\x01\x01\x00" + SECRET,
        b"\x30\x82\x09\x51\x02\x01\x03\x30\x82\x09\x17\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
        + SECRET,
    ],
    ids=["PKCS 8", "cut, with headers", "OpenSSH on one line", "cut", "PuTTY", "DER", "PKCS 12"],
)  # fmt: skip
def test_private_key_is_struck_out_in_place(data: bytes) -> None:
    """The secret is gone; length and line ends are as before."""
    text, found = struck_out(data)
    assert found
    assert SECRET not in text
    assert len(data) == len(text)
    assert [n for n, byte in enumerate(data) if byte == 10 and data[0] != 0x30] == [
        n for n, byte in enumerate(text) if byte == 10
    ]


def test_certificates_are_no_private_keys() -> None:
    """A certificate, and a word about keys, stay as they are."""
    data = b"-----BEGIN CERTIFICATE-----\n" + SECRET + b"\n-----END CERTIFICATE-----\nPRIVATE KEY"
    assert (data, False) == struck_out(data)


def test_text_behind_a_cut_key_stays() -> None:
    """Where a key breaks off, the log behind it is not struck out."""
    data = b"-----BEGIN PRIVATE KEY-----\n" + SECRET + b"\n" + LINE
    assert struck_out(data)[0].endswith(LINE)


MARKS = st.sampled_from(
    [b"-----BEGIN RSA PRIVATE KEY-----", b"-----BEGIN PRIVATE KEY", b"-----END PRIVATE KEY-----",
     b"Private-Lines: 1\n", SECRET, b"\n", b"-----", b"private", b"x", b"y" * 170]
)  # fmt: skip


@given(st.lists(MARKS, max_size=30).map(b"".join), st.sampled_from([4, 60, 64, 256]))
def test_private_keys_of_a_large_file_are_those_of_a_small_one(data: bytes, piece: int) -> None:
    """Wherever pieces begin of which most are not searched, the same is struck out."""
    expected = struck_out(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys_module, "_LARGE", 0)
        patch.setattr(keys_module, "_PIECE", piece)
        assert expected == struck_out(data)


@pytest.mark.parametrize("size", [1, 511, 512, 70_000])
def test_unpacked_bytes_come_in_the_size_that_is_asked_for(size: int) -> None:
    """A header across two pieces of unpacked data is read whole; only the end is short."""
    data = b"".join(number.to_bytes(4, "big") for number in range(100_000))
    stream = Unpacked(io.BytesIO(gzip.compress(data)), Gzip)
    found = list(iter(lambda: stream.read(size), b""))
    assert {len(piece) for piece in found[:-1]} == {size}
    assert b"".join(found) == data


def test_padding_between_files_may_lie_anywhere(tmp_path: Path) -> None:
    """Small files with odd sizes come out whole, wherever pieces of the unpacked tar end."""
    names = [f"file{at}.txt" for at in range(1500)]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for at, name in enumerate(names):
            info = tarfile.TarInfo(name)
            info.size = at % 700
            made.addfile(info, io.BytesIO(b"x" * info.size))
    path = tmp_path / "many.tar.gz"
    path.write_bytes(out.getvalue())
    found = Container([path])
    assert [at % 700 for at in range(1500)] == [len(one.data) for one in found]
    assert found.unread == []


def test_a_large_log_in_a_folder_is_mapped_and_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that is mapped, with NULs in it, gives what its bytes give, findings and table."""
    data = LINE * 3 + LINE.replace(b"edge1", b"ed\0ge1") + b" more\0\n" + LINE
    path = tmp_path / LOG
    path.write_bytes(data)
    read = open_archive(path).log
    monkeypatch.setattr(mapped_module, "_WORTH", 1)
    (found,) = Container([tmp_path])
    assert not isinstance(found.data, bytes)
    assert_frame_equal(read, open_archive(tmp_path).log)
    assert_frame_equal(read_log(data), read_log(path))


def test_a_log_that_was_cut_while_mapped_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking behind the end of a file that got shorter would end the process."""
    monkeypatch.setattr(mapped_module, "_WORTH", 1)
    path = tmp_path / LOG
    path.write_bytes(LINE * 1000)
    archive = open_archive(path)
    path.write_bytes(LINE)
    with pytest.raises(InputError, match="44,000 bytes long when it was opened and has 44 now"):
        len(archive.log)


@given(st.lists(st.sampled_from([b"\0", b"\r", b"\n", b"x", b"-----BEGIN ", b"PRIVATE KEY-----",
                                 b"-----END ", b"A" * 20, b"\xef", b"\xbb\xbf", b"Private-Lines:",
                                 b" 3\n", b"\xc2\x85", LINE])).map(b"".join))  # fmt: skip
def test_text_that_is_left_as_it_is_lacks_nothing_but_nuls(data: bytes) -> None:
    """Bytes of which no copy is made are the text put right without keys, NULs aside."""
    plain, private = struck_out(plain_text(data))
    written = as_written(plain)
    expected, more = struck_out(written) if written != plain else (plain, False)
    snapshot = Snapshot(data)
    found = snapshot.data.replace(b"\0", b""), snapshot.has_private_key
    assert (expected, private or more) == found


def told_of(path: Path) -> tuple[object, ...]:
    """Return what is read of an archive, and what is said of the rest."""
    try:
        archive = open_archive(path)
    except InputError as error:
        return (str(error),)
    return archive.unread, archive.account, archive.members.to_csv(), archive.log.to_csv()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 1999), st.integers(0, 255)), max_size=3),
       st.none() | st.integers(0, 1999), st.sampled_from([b"", b"\0" * 9, b"junk"]))  # fmt: skip
def test_damaged_gzip_is_read_the_same_with_and_without_isal(
    tmp_path: Path, wrong: list[tuple[int, int]], cut: int | None, behind: bytes
) -> None:
    """However an archive is damaged, the quick library changes nothing of what is read."""
    noise = b"".join(LINE.replace(b"x", str(at * at).encode()) for at in range(150))
    packed = bytearray(gzip.compress(tar([(LOG, noise), ("x.txt", b"x" * 300)]), mtime=0))
    for place, byte in wrong:
        packed[place % len(packed)] = byte
    path = tmp_path / "a.tar.gz"
    path.write_bytes(bytes(packed[: None if cut is None else cut % len(packed)]) + behind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deflate_module, "isal_zlib", None)
        expected = told_of(path)
    assert expected == told_of(path)
