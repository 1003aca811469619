"""Archives that the kit wrote, taken apart without its readers."""

import io
import re
import struct
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

NAME = re.compile(
    r"(loggingsnapshot|xconf_dump|xstat_dump|ca|server|client|eth0_diagnostic_logging_tcpdump00)"
    r"_([a-z0-9]+)_\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d\.(txt|xml|pem|pcap)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name, those of archives in it too."""
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for entry in archive:
            stream = archive.extractfile(entry)
            assert stream is not None
            content = stream.read()
            files |= unpacked(content) if entry.name.endswith(".tar.gz") else {entry.name: content}
    return files


def file_of(files: dict[str, bytes], kind: str, host: str, end: str) -> bytes:
    """Return the one file of a kind, host and extension."""
    found = [
        data
        for name, data in files.items()
        if name.startswith(f"{kind}_{host}_") and name.endswith(end)
    ]
    assert len(found) == 1
    return found[0]


def frames(pcap: bytes) -> Iterator[tuple[datetime, bytes]]:
    """Yield time and bytes of each packet of a little-endian classic pcap file."""
    place = 24
    while place < len(pcap):
        seconds, micros, kept, size = struct.unpack_from("<IIII", pcap, place)
        assert kept == size
        moment = _EPOCH + timedelta(seconds=seconds, microseconds=micros)
        yield moment, pcap[place + 16 : place + 16 + kept]
        place += 16 + kept


def addresses(frame: bytes) -> set[str]:
    """Return both IPv4 addresses of a frame."""
    return {".".join(map(str, frame[i : i + 4])) for i in (26, 30)}
