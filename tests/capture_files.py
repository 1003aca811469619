"""Captures for tests: frames of handshakes, files of frames, and what tshark says of them."""

import shutil
import ssl
import struct
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from ekukit.capture.reader import read_capture
from ekukit.certificates import make_credential
from ekukit.connections import Handshake, Side, handshakes
from ekukit.connections.catalog import connection
from ekukit.expressway import build, condition
from ekukit.lab import packets as lab_packets
from ekukit.lab.packets import RecordedPacket, packets, pcapng

if TYPE_CHECKING:
    from collections.abc import Callable

Flights = list[tuple[Side, bytes]]
Frames = list[tuple[int, bytes]]

TSHARK = shutil.which("tshark")
needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed: no judge")
START = 1_774_767_480_000_000_000
EC = "EC-secp256r1"
C, S = Side.CLIENT, Side.SERVER


def handshake_of(name: str, row: str) -> Handshake:
    """Return the first handshake of a catalog row under a named condition."""
    return handshakes(build(condition(name, key=EC)), connection(row))[0]


def frames_of(flights: Flights, handshake: Handshake, port: int = 25011) -> Frames:
    """Return the flights as Ethernet frames with their times."""
    found = packets(handshake, flights, client_port=port)
    return [(START + place * 1_000_000, packet.frame) for place, packet in enumerate(found)]


# Writers of files.


def pcap(frames: Frames, order: str = "<", *, nano: bool = False, link: int = 1) -> bytes:
    """Return a classic pcap file."""
    unit, magic = (1, 0xA1B23C4D) if nano else (1000, 0xA1B2C3D4)
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    return head + b"".join(
        struct.pack(order + "IIII", at // 10**9, at % 10**9 // unit, len(data), len(data)) + data
        for at, data in frames
    )


def ng(frames: Frames, secrets: tuple[bytes, ...] = ()) -> bytes:
    """Return a pcapng file in little endian."""
    found = [RecordedPacket(datetime.fromtimestamp(at / 1e9, UTC), C, data) for at, data in frames]
    return pcapng(found, secrets)


def big_ng(frames: Frames) -> bytes:
    """Return a pcapng file in big endian with nanoseconds, an offset and a strange block."""

    def block(kind: int, body: bytes) -> bytes:
        body += b"\0" * (-len(body) % 4)
        size = struct.pack(">I", len(body) + 12)
        return struct.pack(">I", kind) + size + body + size

    options = struct.pack(">HHB3xHHqHH", 9, 1, 9, 14, 8, 100, 0, 0)
    out = block(0x0A0D0D0A, struct.pack(">IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack(">HHI", 1, 0, 0) + options) + block(5, b"\0" * 12)
    for at, data in frames:
        at -= 100 * 10**9  # noqa: PLW2901 - the interface's offset gives it back
        head = struct.pack(">IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(data), len(data))
        out += block(6, head + data)
    return out


# Changes of frames.


def tagged(frames: Frames, *tags: int) -> Frames:
    """Put VLAN tags into the frames."""
    middle = b"".join(struct.pack("!HH", tag, 7) for tag in tags)
    return [(at, data[:12] + middle + data[12:]) for at, data in frames]


def v6(frames: Frames) -> Frames:
    """Turn IPv4 into IPv6 with a hop-by-hop header before TCP."""
    out = []
    for at, data in frames:
        tcp = data[34:]
        head = struct.pack("!IHBB", 6 << 28, len(tcp) + 8, 0, 64)
        ends = b"".join(b"\x20\x01\x0d\xb8" + b"\0" * 8 + data[p : p + 4] for p in (26, 30))
        hop = bytes([6, 0, 1, 4, 0, 0, 0, 0])
        out.append((at, data[:12] + b"\x86\xdd" + head + ends + hop + tcp))
    return out


def payload_places(frames: Frames) -> list[int]:
    """Return the places of frames that carry data."""
    return [place for place, (_, data) in enumerate(frames) if len(data) > 54 + 8]


def swapped(frames: Frames) -> Frames:
    """Swap each two data segments that follow one another from one side."""
    out = list(frames)
    places = payload_places(frames)
    for one, two in zip(places[::2], places[1::2], strict=False):
        if two == one + 1 and out[one][1][26:38] == out[two][1][26:38]:
            out[one], out[two] = (out[one][0], out[two][1]), (out[two][0], out[one][1])
    return out


def doubled(frames: Frames) -> Frames:
    """Send every frame twice, the second time later."""
    return [(at + n, data) for at, data in frames for n in (0, 1000)]


def overlapped(frames: Frames) -> Frames:
    """Let each data segment repeat the end of the one before it."""
    out, before = [], {}
    for at, data in frames:
        ends, payload = data[26:38], data[54:]
        sequence = int.from_bytes(data[38:42], "big")
        last = before.get(ends, b"") if len(data) > 62 else b""
        if last:
            data = data[:38] + struct.pack("!I", sequence - len(last)) + data[42:54]  # noqa: PLW2901
            data += last + payload  # noqa: PLW2901
            data = data[:16] + struct.pack("!H", len(data) - 14) + data[18:]  # noqa: PLW2901
        if len(payload) > 8:
            before[ends] = payload[-20:]
        out.append((at, data))
    return out


def cooked(frames: Frames) -> Frames:
    """Turn Ethernet into Linux cooked frames v1."""
    return [(at, struct.pack("!HHH8s", 0, 1, 6, data[6:14]) + data[12:]) for at, data in frames]


def cooked2(frames: Frames) -> Frames:
    """Turn Ethernet into Linux cooked frames v2."""
    head = struct.pack("!HIHBB8s", 0, 2, 1, 0, 6, b"")
    return [(at, data[12:14] + head + data[14:]) for at, data in frames]


def stripped(frames: Frames) -> Frames:
    """Leave only the IP packets."""
    return [(at, data[14:]) for at, data in frames]


def segmented(flights: Flights, size: int, handshake: Handshake) -> Frames:
    """Return frames that carry at most `size` bytes each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab_packets, "SEGMENT", size)
        return frames_of(flights, handshake)


def refragmented(flights: Flights, size: int) -> Flights:
    """Cut clear handshake records into records of at most `size` bytes."""
    out = []
    for side, data in flights:
        place, whole, clear = 0, b"", True
        while place < len(data):
            end = place + 5 + int.from_bytes(data[place + 3 : place + 5], "big")
            head, body = data[place : place + 3], data[place + 5 : end]
            clear = clear and head[0] != 20
            step = size if clear and head[0] == 22 else 1 << 15
            for at in range(0, len(body), step):
                part = body[at : at + step]
                whole += head + struct.pack("!H", len(part)) + part
            place = end
        out.append((side, whole))
    return out


# The judge.

FIELDS = (
    "frame.number", "tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst",
    "tcp.dstport", "tls.handshake.type", "tls.handshake.version",
    "tls.handshake.extensions.supported_version", "tls.handshake.extensions_server_name",
    "x509af.serialNumber", "tls.alert_message.level", "tls.alert_message.desc", "ssh.protocol",
    "ssh.message_code", "ssh.host_key.type", "frame.time_epoch",
)  # fmt: skip
VERSIONS = {"0x0301": "TLS 1.0", "0x0302": "TLS 1.1", "0x0303": "TLS 1.2", "0x0304": "TLS 1.3"}


def judged(path: Path) -> dict[int, list[dict[str, str]]]:
    """Return tshark's fields of each frame, by conversation."""
    asked = [part for name in FIELDS for part in ("-e", name)]
    command = [
        str(TSHARK), "-r", str(path), "-n", "-T", "fields", *asked, "-d", "tcp.port==2222,ssh",
        "-o", "tcp.reassemble_out_of_order:TRUE",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[int, list[dict[str, str]]] = {}
    for line in done.stdout.splitlines():
        values = dict(zip(FIELDS, line.split("\t"), strict=True))
        found.setdefault(int(values["tcp.stream"] or -1), []).append(values)
    return found


def row_of(frames: list[dict[str, str]]) -> dict[str, object]:
    """Return what tshark says of a TLS conversation, in the columns of the reader."""
    client = next(f["tcp.srcport"] for f in frames if "1" in f["tls.handshake.type"].split(","))
    row: dict[str, object] = {"first_packet": int(frames[0]["frame.number"]), "alerts": []}
    serials: dict[str, tuple[str, ...]] = {}
    for frame in frames:
        number = int(frame["frame.number"])
        side = "client" if frame["tcp.srcport"] == client else "server"
        kinds = frame["tls.handshake.type"].split(",")
        if "1" in kinds:
            row.setdefault("client_hello", number)
            row.setdefault("sni", frame["tls.handshake.extensions_server_name"])
            # Inside tunnels the innermost addresses are the connection's.
            row["client"] = (frame["ip.src"] or frame["ipv6.src"]).split(",")[-1]
            row["server"] = (frame["ip.dst"] or frame["ipv6.dst"]).split(",")[-1]
            row["client_port"], row["server_port"] = int(client), int(frame["tcp.dstport"])
        if "2" in kinds:
            row.setdefault("server_hello", number)
            version = frame["tls.handshake.extensions.supported_version"]
            row["version"] = VERSIONS[version or frame["tls.handshake.version"]]
        if "11" in kinds:
            row[f"{side}_certificates_packet"] = number
            shown = frame["x509af.serialNumber"].replace(":", "").removeprefix("0x").split(",")
            serials[side] = tuple(s.removeprefix("0x").lstrip("0") for s in shown if s)
        if "13" in kinds:
            row["certificate_request"] = number
        if level := frame["tls.alert_message.level"]:
            row["alerts"] += [(number, side, int(level), int(frame["tls.alert_message.desc"]))]  # type: ignore[operator]
    row["server_serials"], row["client_serials"] = serials.get("server"), serials.get("client")
    return row


def agree(path: Path) -> pd.DataFrame:
    """Assert that tshark and the reader say the same of every TLS conversation."""
    table = read_capture(path)
    expected = [
        row_of(frames)
        for frames in judged(path).values()
        if any("1" in f["tls.handshake.type"].split(",") for f in frames)
    ]
    names = [
        "first_packet", "client", "client_port", "server", "server_port", "version", "sni",
        "client_hello", "server_hello", "server_certificates_packet", "certificate_request",
        "client_certificates_packet", "server_serials", "client_serials", "alerts",
    ]  # fmt: skip
    rows = table[table["protocol"] == "TLS"].to_dict("records")
    for row in rows:
        row["alerts"] = list(row["alerts"])
    found = [{n: None if row[n] is pd.NA else row[n] for n in names} for row in rows]
    assert [{name: row.get(name) for name in names} for row in expected] == found
    assert expected
    return table


# TLS by the standard library.


def contexts_of(  # noqa: PLR0913 - each option is one thing a handshake can have
    folder: Path,
    handshake: Handshake,
    version: ssl.TLSVersion,
    *,
    asks: bool = False,
    shows: bool = True,
    curve: str = "",
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return contexts of `ssl` for both ends of a handshake; nothing is trusted in them."""
    near, far = (
        ssl.SSLContext(purpose) for purpose in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER)
    )
    near.check_hostname = False
    for context, end in ((near, handshake.client), (far, handshake.server)):
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        context.keylog_filename = str(folder / "keys")
        assert end.certificate is not None
        if context is far or shows:
            credential = make_credential(end.certificate)
            shown = (credential.leaf, *credential.chain)
            pem = b"".join(each.public_bytes(Encoding.PEM) for each in shown)
            (folder / "pem").write_bytes(pem + credential.key_pem())
            context.load_cert_chain(folder / "pem")
    if asks:
        far.verify_mode = ssl.CERT_OPTIONAL
    if curve:
        far.set_ecdh_curve(curve)
    return near, far


def talk(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], session: ssl.SSLSession | None = None
) -> tuple[Flights, ssl.SSLSession | None]:
    """Return the flights of a handshake by `ssl` in memory, and the session that it gave."""
    taps = {C: ssl.MemoryBIO(), S: ssl.MemoryBIO()}
    near = contexts[0].wrap_bio(
        taps[S], taps[C], server_hostname="edge.example.com", session=session
    )
    far = contexts[1].wrap_bio(taps[C], taps[S], server_side=True)
    flights: Flights = []
    steps: list[tuple[Side, Callable[[], object]]] = [(C, near.do_handshake), (S, far.do_handshake)]
    steps *= 4
    steps += [(C, lambda: near.write(b"hello")), (S, lambda: far.read(5))]
    steps += [(S, lambda: far.write(b"hello")), (C, lambda: near.read(5))]
    for side, step in steps:
        unread = taps[side].pending
        with suppress(ssl.SSLError):
            step()
        whole = taps[side].read()
        taps[side].write(whole)
        if len(whole) > unread:
            flights.append((side, whole[unread:]))
    return flights, near.session


def live(
    folder: Path, handshake: Handshake, version: ssl.TLSVersion, **options: bool | str
) -> Frames:
    """Return the frames of a handshake by `ssl`."""
    contexts = contexts_of(folder, handshake, version, **options)  # type: ignore[arg-type]
    return frames_of(talk(contexts)[0], handshake)


V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
HIDDEN = "TLS 1.3 hides certificates and alerts unless the file carries secrets: "


def only(table: pd.DataFrame) -> dict[str, object]:
    """Return the only row of a table."""
    assert len(table) == 1
    return dict(table.iloc[0])


def read(data: bytes) -> dict[str, object]:
    """Return the only row of a capture in memory."""
    return only(read_capture(BytesIO(data), "a.pcap"))
