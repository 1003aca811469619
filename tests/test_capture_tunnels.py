"""Connections inside tunnels, in fragments and in cut packets are read, or counted and told."""

import random
import struct
from collections.abc import Callable, Iterable
from functools import reduce
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from capture_files import C, Flights, Frames, S, agree, frames_of, needs_tshark, ng, pcap, read
from capture_tunnels import (
    MACS,
    NOT_JUDGED,
    TUNNELS,
    VXLAN,
    framed,
    inside,
    ipv4,
    ipv6,
    pieces,
    pieces6,
    udp,
)

from ekukit.capture import fragments as capture_fragments
from ekukit.capture import packet_index as capture_index
from ekukit.capture.reader import read_capture
from ekukit.capture.tally import Tally
from ekukit.connections import Handshake

FILLER = [framed(0x0800, ipv4(17, udp(40_000, bytes(100)))), framed(0x0806, bytes(46))]


@pytest.fixture(scope="module")
def whole(refused: Handshake, zone: Flights) -> Frames:
    """Return the frames of the refused zone."""
    return frames_of(zone, refused)


def same(table: pd.DataFrame, plain: pd.DataFrame) -> None:
    """Assert that two tables say the same, apart from their notes."""
    pd.testing.assert_frame_equal(table.drop(columns="note"), plain.drop(columns="note"))


@pytest.mark.parametrize("name", TUNNELS)
@pytest.mark.parametrize("fewest", [0, 1 << 30], ids=["index", "no index"])
def test_tunnel_changes_no_row(
    name: str, fewest: int, refused: Handshake, zone: Flights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection inside a tunnel has the row that it has outside, with or without the index."""
    monkeypatch.setattr(capture_index, "FEWEST", fewest)
    frames = frames_of(zone, refused)
    table = read_capture(BytesIO(pcap(inside(frames, name))), "a.pcap")
    same(table, read_capture(BytesIO(pcap(frames)), "a.pcap"))
    assert table.attrs["problems"] == ()


@needs_tshark
@pytest.mark.parametrize("name", [name for name in TUNNELS if name not in NOT_JUDGED])
def test_tunnel_equals_tshark(name: str, refused: Handshake, zone: Flights, tmp_path: Path) -> None:
    """What is read inside a tunnel is what tshark reads there."""
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(inside(frames_of(zone, refused), name)))
    agree(path)


@pytest.mark.parametrize("seed", range(30))
def test_tunnels_in_tunnels_change_no_row(seed: int, refused: Handshake, zone: Flights) -> None:
    """Tunnels in one another in any order change no row, and the note names them."""
    chance = random.Random(seed)
    whole = [name for name in TUNNELS if name != "300 VLAN tags"]
    names = chance.choices(whole, k=chance.randrange(2, 5))
    for place, name in enumerate(names[1:], 1):
        # What takes an IP packet out of an Ethernet frame must find one in it.
        before = TUNNELS[names[place - 1]](framed(0x0800, ipv4(6, b"")))
        if before[12:14] != b"\x08\0" and name not in ("VXLAN", "NVGRE", "EtherIP"):
            names[place] = "VXLAN"
    frames = frames_of(zone, refused)
    table = read_capture(BytesIO(ng(inside(frames, *names))), "a.pcap")
    same(table, read_capture(BytesIO(ng(frames)), "a.pcap"))


def test_note_names_the_tunnels(refused: Handshake, zone: Flights) -> None:
    """The note of a row says inside which tunnels the connection was seen."""
    row = read(pcap(inside(frames_of(zone, refused), "GTP-U", "VXLAN")))
    assert row["note"] == "inside GTP-U in VXLAN"


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (framed(0x0800, ipv4(50, bytes(64))), "ESP (IPsec), which is encrypted"),
        (framed(0x86DD, ipv6(50, bytes(64))), "ESP (IPsec), which is encrypted"),
        (framed(0x0800, ipv4(17, udp(4500, b"\x01" * 64))), "ESP (IPsec), which is encrypted"),
        (framed(0x88E5, bytes(64)), "MACsec, which is encrypted"),
        (framed(0x0800, ipv4(115, bytes(64))), "L2TP over IP"),
        (framed(0x0800, ipv4(47, b"\0\0\x12\x34" + bytes(64))), "an unknown kind inside a tunnel"),
        (framed(0x0800, ipv4(17, udp(4789, VXLAN + MACS))), "cut before the end of their headers"),
        (framed(0x0800, ipv4(6, bytes(40)))[:44], "cut before the end of their headers"),
        (framed(0x0800, reduce(lambda p, _: ipv4(4, p), range(70), b"")), "more than 64 headers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("fewest", [0, 1 << 30], ids=["index", "no index"])
def test_what_cannot_be_unwrapped_is_counted(
    frame: bytes, words: str, fewest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may hide a connection is told with its number and its first packet, once for a kind."""
    monkeypatch.setattr(capture_index, "FEWEST", fewest)
    frames = [(1_000, data) for data in (*FILLER, frame, *FILLER, frame)]
    (problem,) = read_capture(BytesIO(pcap(frames))).attrs["problems"]
    assert problem.startswith("2 ")
    assert words in problem
    assert problem.endswith("(first: packet 3)")


Cut = Callable[[bytes, int, int], list[bytes]]
SAID = ["sni", "version", "server_serials", "client_serials", "complete", "note"]


def fragmented(frames: Frames, cut: Cut, size: int = 256) -> list[list[bytes]]:
    """Return the fragments of each packet."""
    return [cut(data, size, place) for place, (_, data) in enumerate(frames)]


def table_of(packets: Iterable[bytes]) -> pd.DataFrame:
    """Return the table of packets, one each millisecond."""
    frames = [(place * 1_000_000, data) for place, data in enumerate(packets)]
    return read_capture(BytesIO(pcap(frames)))


@pytest.mark.parametrize("cut", [pieces, pieces6])
@pytest.mark.parametrize("order", ["as sent", "reversed", "twice"])
@pytest.mark.parametrize("fewest", [0, 1 << 30], ids=["index", "no index"])
def test_fragments_are_put_together(
    cut: Cut, order: str, fewest: int, whole: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fragments in any order, also captured twice, give the row of the whole packets."""
    monkeypatch.setattr(capture_index, "FEWEST", fewest)
    orders = {"as sent": lambda p: p, "reversed": lambda p: p[::-1], "twice": lambda p: p * 2}
    found = [part for parts in fragmented(whole, cut) for part in orders[order](parts)]
    table, plain = table_of(found), read_capture(BytesIO(pcap(whole)))
    assert plain[SAID].to_dict("records") == table[SAID].to_dict("records")
    assert table.attrs["problems"] == ()


@needs_tshark
@pytest.mark.parametrize("cut", [pieces, pieces6])
def test_fragments_equal_tshark(cut: Cut, whole: Frames, tmp_path: Path) -> None:
    """A message's packet is that of the last fragment, as in tshark."""
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap([(1000, part) for parts in fragmented(whole, cut) for part in parts]))
    agree(path)


@pytest.mark.parametrize("cut", [pieces, pieces6])
def test_missing_fragments_are_told(cut: Cut, whole: Frames) -> None:
    """A packet of which a fragment is missing is told, and what stands before it is read."""
    found = fragmented(whole, cut)
    longest = max(range(len(found)), key=lambda place: len(found[place]))
    first = sum(len(parts) for parts in found[:longest]) + 1
    del found[longest][2]
    table = table_of(part for parts in found for part in parts)
    assert table.attrs["problems"] == (
        f"1 IP packets came in pieces of which some are missing (first: packet {first})",
    )
    assert (len(table), table["version"][0]) == (1, "TLS 1.2")
    assert "are missing" in table["note"][0]


def test_fragments_of_tunnels_are_put_together(whole: Frames) -> None:
    """A tunnel's packets in fragments are read, too; those of calls are not told."""
    call = pieces(framed(0x0800, ipv4(17, udp(40_000, bytes(2000)))), 512, 999)[:2]
    found = [part for parts in fragmented(inside(whole, "VXLAN"), pieces) for part in parts]
    table, plain = table_of(call + found), read_capture(BytesIO(pcap(whole)))
    assert plain["server_serials"].tolist() == table["server_serials"].tolist()
    assert table.attrs["problems"] == ()


def test_overlapping_fragments_are_told(whole: Frames) -> None:
    """Fragments that overlap with other bytes are told; the bytes that came first count."""
    found = fragmented(whole, pieces)
    longest = max(range(len(found)), key=lambda place: len(found[place]))
    last = found[longest][1]
    found[longest].insert(2, last[:34] + b"\xff" * (len(last) - 34))
    table = table_of(part for parts in found for part in parts)
    plain = read_capture(BytesIO(pcap(whole)))
    assert plain[SAID].to_dict("records") == table[SAID].to_dict("records")
    assert "pieces that overlap and differ" in table.attrs["problems"][0]


@pytest.mark.parametrize("where", [0x2000, 0x3FFF, 0x1FFF, 0x2001])
def test_floods_of_fragments_are_bounded(where: int) -> None:
    """However many first, last or middle fragments come, memory stays within its limits."""
    fragments = capture_fragments.Fragments(Tally())
    piece = capture_fragments.Fragment((where & 0x1FFF) * 8, bool(where & 0x2000), 7, bytes(7))
    for own in range(20_000):
        fragments.take((bytes(4), bytes(4), 6, own), piece, own, None)
        assert fragments.held <= capture_fragments.MOST_HELD
        list(fragments.left())


def test_old_fragments_do_not_join_new_ones(whole: Frames) -> None:
    """A fragment more than a minute old belongs to another packet with the same number."""
    parts = fragmented(whole, pieces)
    longest = max(parts, key=len)
    late = [(0, longest[0])] + [(10**11 + at, part) for at, part in enumerate(longest[1:])]
    problems = read_capture(BytesIO(pcap(late))).attrs["problems"]
    assert problems[0].startswith("2 IP packets came in pieces of which some are missing")


# Cut packets.


@pytest.mark.parametrize("snap", [60, 62, 68, 96, 128, 200])
@pytest.mark.parametrize("fewest", [0, 1 << 30], ids=["index", "no index"])
def test_cut_packets_keep_the_connection(
    snap: int, fewest: int, whole: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However short the packets were cut, the connection has a row that says what is missing."""
    monkeypatch.setattr(capture_index, "FEWEST", fewest)
    row = read(pcap([(at, data[:snap]) for at, data in whole]))
    assert (row["protocol"], row["client_port"], row["server_port"]) == ("TLS", 25011, 7001)
    assert "ClientHello of the client (packet 4) is not all there" in row["note"]
    assert "bytes from the server are missing" in row["note"]


def test_cut_alert_says_that_it_is_fatal(whole: Frames) -> None:
    """An alert of which only the level was captured is told as such."""
    row = read(pcap([(at, data[:60]) for at, data in whole]))
    assert "server, packet 10: a fatal alert, whose number is cut off" in row["note"]


def test_leaf_of_a_cut_message_is_named(refused: Handshake, whole: Frames) -> None:
    """Where the leaf is all there and the message is not, its serial stands in the note."""
    row = read(pcap([(at, data[:1000]) for at, data in whole]))
    assert refused.client.certificate is not None
    assert f"the leaf of the client has serial {refused.client.certificate.serial_hex}" in str(row)
    assert row["client_serials"] is None


@pytest.mark.parametrize(("port", "protocol"), [(7001, "TLS"), (2222, "SSH")])
def test_packets_without_a_byte_of_data_are_known_by_port(
    port: int, protocol: str, whole: Frames
) -> None:
    """Where no byte of data was captured, the port tells what it was, and the note says so."""
    cut = [(at, data[:54].replace(b"\x1b\x59", struct.pack("!H", port))) for at, data in whole]
    row = read(pcap(cut))
    assert (row["protocol"], row["server_port"], row["complete"]) == (protocol, port, False)
    assert str(row["note"]).startswith(f"{protocol} by its port alone")


def test_cut_packets_of_other_ports_are_counted(whole: Frames) -> None:
    """On a port that tells nothing, connections without a byte of data are counted."""
    cut = [(at, data[:54].replace(b"\x1b\x59", b"\x1f\x90")) for at, data in whole]
    table = read_capture(BytesIO(pcap(cut)))
    assert len(table) == 0
    assert table.attrs["problems"] == (
        "1 connections are cut before anything tells whether they are TLS or SSH (first: packet 1)",
    )


def test_cut_conversations_in_clear_give_no_row(refused: Handshake) -> None:
    """A conversation in clear whose packets are cut is neither a row nor counted."""
    plain = frames_of(
        [(C, b"OPTIONS sip:a SIP/2.0\r\n" * 9), (S, b"SIP/2.0 200 OK\r\n" * 9)], refused
    )
    table = read_capture(BytesIO(pcap([(at, data[:70]) for at, data in plain])))
    assert (len(table), table.attrs["problems"]) == (0, ())


def test_cut_version_lines_keep_the_tunnel(tunnel: tuple[Handshake, Flights]) -> None:
    """An SSH connection is known by the beginning of its version lines."""
    frames = frames_of(tunnel[1], tunnel[0])
    row = read(pcap([(at, data[:60]) for at, data in frames]))
    assert (row["protocol"], row["version"]) == ("SSH", "SSH-2.[cut]")
    assert "the version line of the client is not all there" in str(row["note"])


# Options, and lengths that lie.


def test_options_of_ip_and_tcp_change_no_row(whole: Frames) -> None:
    """Options in the headers of IP and TCP are passed over."""
    found = []
    for at, data in whole:
        size = (data[46] >> 4) * 4
        tcp = data[34:46] + bytes([data[46] + 0x30]) + data[47 : 34 + size] + b"\1" * 12
        tcp += data[34 + size :]
        head = b"\x48\0" + struct.pack("!H", 32 + len(tcp)) + data[18:34] + b"\1" * 12
        found.append((at, data[:14] + head + tcp))
    same(read_capture(BytesIO(pcap(found))), read_capture(BytesIO(pcap(whole))))


def lying(zone: Flights, place: int, size: int, *, message: bool = False) -> Flights:
    """Return the flights, the length of the first record or message of one of them replaced."""
    side, data = zone[place]
    head = 6 if message else 3
    width = 3 if message else 2
    return [*zone[:place], (side, data[:head] + size.to_bytes(width, "big") + data[head + width :]),
            *zone[place + 1 :]]  # fmt: skip


@pytest.mark.parametrize("flight", [0, 1, 2])
@pytest.mark.parametrize("size", [0, 1, 3, 4, 40, 0x4000, 0x4800, 0x4801, 0xFFFF])
def test_lying_record_lengths_keep_the_connection(
    flight: int, size: int, refused: Handshake, zone: Flights
) -> None:
    """A record whose length is wrong leaves a row that says so, and what can be read is read."""
    row = read(pcap(frames_of(lying(zone, flight, size), refused)))
    assert (row["protocol"], row["client_port"], row["server_port"]) == ("TLS", 25011, 7001)
    assert row["note"]
    if flight < 2:
        assert (row["client_hello"], row["server_hello"]) == (4, 6)


@pytest.mark.parametrize("flight", [0, 1, 2])
@pytest.mark.parametrize("size", [0, 1, 30, 5_000, 200_000, 0xFFFFFF])
def test_lying_message_lengths_keep_the_connection(
    flight: int, size: int, refused: Handshake, zone: Flights
) -> None:
    """A handshake message whose length is wrong leaves a row that says so."""
    row = read(pcap(frames_of(lying(zone, flight, size, message=True), refused)))
    assert (row["protocol"], row["server_port"]) == ("TLS", 7001)
    assert row["note"]
    assert row["alerts"][-1][1:] == ("server", 2, 43)


@pytest.mark.parametrize("size", [6, 11, 100])
def test_half_a_hello_is_a_row(size: int, refused: Handshake, zone: Flights) -> None:
    """A connection that ends, or whose capture ends, within the ClientHello has a row."""
    row = read(pcap(frames_of([(C, zone[0][1][:size])], refused)))
    assert (row["protocol"], row["server_port"]) == ("TLS", 7001)
    assert "ClientHello of the client (packet 4) is not all there" in row["note"]
