"""The reader of whole archives. Usage: python fuzz/container.py [seconds]."""

import io
import tarfile
import tempfile
import zipfile
from pathlib import Path

from fuzzing import main

from ekukit import archive

FILES = {
    "loggingsnapshot_edge1_2026-03-29_06_58_01.txt": b"2026-03-29T06:58:01.231+00:00 edge1 tvcs: x",
    "xconf_dump_edge1_2026-03-29_06_58_01.txt": b'*c xConfiguration SIP A: "x"\n',
    "sub/key.pem": b"-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END PRIVATE KEY-----\n",
}


def tar(mode: str) -> bytes:
    """Return the files in a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as packed:  # type: ignore[call-overload]
        for name, data in FILES.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def zipped(files: dict[str, bytes], method: int) -> bytes:
    """Return files in a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


SAMPLES = (
    tar("w"),
    tar("w:gz"),
    zipped(FILES, zipfile.ZIP_DEFLATED),
    zipped({"peer1.tar": tar("w"), "peer2.tar.gz": tar("w:gz")}, zipfile.ZIP_STORED),
)


def target(data: bytes) -> None:
    """Open bytes as an archive: no key gets out, and tables are as documented."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(data)
        found = archive.open(path)
        left = [each.name for each in Path(folder).iterdir()]
    columns = {name: list(getattr(found, name).columns) for name in archive.COLUMNS}
    if left != ["a"] or columns != {name: list(kinds) for name, kinds in archive.COLUMNS.items()}:
        raise AssertionError(left, columns)


if __name__ == "__main__":
    main(target, SAMPLES)
