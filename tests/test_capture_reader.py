"""The capture reader sees what Wireshark sees, in any file format, and survives anything."""

import random
import ssl
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from capture_files import (
    HIDDEN,
    START,
    V12,
    V13,
    C,
    Flights,
    Frames,
    S,
    agree,
    big_ng,
    contexts_of,
    cooked,
    cooked2,
    doubled,
    frames_of,
    handshake_of,
    judged,
    live,
    needs_tshark,
    ng,
    only,
    overlapped,
    payload_places,
    pcap,
    read,
    refragmented,
    segmented,
    stripped,
    swapped,
    tagged,
    talk,
    v6,
)
from hypothesis import given
from hypothesis import strategies as st

from ekukit.capture import packet_index as capture_index
from ekukit.capture import packet_walk, reader
from ekukit.capture import tcp_streams as streams
from ekukit.capture.fields import serial_of
from ekukit.capture.handshake_rows import chain_view
from ekukit.capture.reader import read_capture
from ekukit.connections import Handshake
from ekukit.errors import InputError
from ekukit.lab.record import record

SHAPES: dict[str, Callable[[Frames], bytes]] = {
    "pcapng": ng,
    "pcapng, big endian, nanoseconds, offset": big_ng,
    "pcap, little endian": pcap,
    "pcap, big endian": lambda f: pcap(f, ">"),
    "pcap, little endian, nanoseconds": lambda f: pcap(f, nano=True),
    "pcap, big endian, nanoseconds": lambda f: pcap(f, ">", nano=True),
    "VLAN": lambda f: pcap(tagged(f, 0x8100)),
    "QinQ": lambda f: pcap(tagged(f, 0x88A8, 0x8100)),
    "Linux cooked v1": lambda f: pcap(cooked(f), link=113),
    "Linux cooked v2": lambda f: pcap(cooked2(f), link=276),
    "raw IP": lambda f: pcap(stripped(f), link=101),
    "IPv6": lambda f: pcap(v6(f)),
    "swapped segments": lambda f: pcap(swapped(f)),
    "retransmitted": lambda f: pcap(doubled(f)),
    "overlapping": lambda f: pcap(overlapped(f)),
    "last packet cut": lambda f: pcap(f)[:-7],
}


@needs_tshark
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [1448, 100])
def test_table_equals_tshark_in_every_format(
    shape: str, size: int, refused: Handshake, zone: Flights, tmp_path: Path
) -> None:
    """Every format and order of segments gives the fields that tshark gives."""
    path = tmp_path / "a.pcap"
    path.write_bytes(SHAPES[shape](segmented(zone, size, refused)))
    agree(path)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [1448, 3])
def test_index_over_all_packets_changes_no_row(
    shape: str, size: int, refused: Handshake, zone: Flights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the index of a large capture leaves out gives no row, in any format or order."""
    plain = [(C, b"OPTIONS sip:a SIP/2.0\r\n\r\n"), (S, b"SIP/2.0 200 OK\r\n\r\n")]
    frames = frames_of(plain, refused, 40_000) + segmented(plain + zone, size, refused)
    data = SHAPES[shape](frames)
    tables = []
    for fewest in (1 << 30, 0):
        monkeypatch.setattr(capture_index, "FEWEST", fewest)
        tables.append(read_capture(BytesIO(data)))
    assert len(tables[0]) == 1
    assert tables[0].equals(tables[1])


def test_index_leaves_out_what_is_of_no_use(refused: Handshake, zone: Flights) -> None:
    """Conversations in clear and datagrams are passed over, a mid-stream connection is not."""
    plain = [(C, b"OPTIONS sip:a SIP/2.0\r\n\r\n")] * 700
    calls = [(START, bytes(12) + b"\x08\x00\x45" + bytes(8) + b"\x11" + bytes(200))] * 700
    useful = frames_of(zone, refused)[3:]
    frames = frames_of(plain, refused, 40_000) + calls + useful
    data = pcap(frames)
    places, end = packet_walk.walk(data, "<", 1 << 18)
    assert len(frames) == len(places)
    kept = list(capture_index.useful(data, places, end, 1))
    assert list(range(len(frames) - len(useful), len(frames))) == kept


def record_of(second: int, size: int, order: str) -> bytes:
    """Return the header of a packet."""
    return struct.pack(order + "4I", second, 7, size, size)


@st.composite
def walked(draw: st.DrawFn) -> tuple[bytes, str]:
    """Return a pcap, perhaps cut or damaged, in whose packets headers stand that are none."""
    order, second = draw(st.sampled_from("<>")), 0x69CC8000 - draw(st.integers(-9, 9))
    false = st.builds(record_of, st.just(second), st.sampled_from([0, 5, 30, 1 << 30]),
                      st.just(order))  # fmt: skip
    inside = st.lists(false | st.binary(max_size=40), max_size=3).map(b"".join)
    data = bytes(24)
    for step, body in enumerate(draw(st.lists(inside, max_size=40))):
        data += record_of(second + step, len(body), order) + body
    data += draw(st.sampled_from([b"", b"x" * 9, record_of(second, 1 << 30, order), bytes(40)]))
    return data[: draw(st.integers(24, max(24, len(data))))], order


@given(walked(), st.integers(1, 200), st.integers(0, 4))
def test_a_walk_from_many_places_is_the_walk_from_one(
    given_file: tuple[bytes, str], apart: int, few: int
) -> None:
    """Where packets seem to begin changes nothing, whether one does or not."""
    data, order = given_file
    expected = packet_walk.walk(data, order, 1 << 18)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("LARGE", 64), ("APART", apart), ("FEW", max(1, few)), ("_LOOKED", 60)):
            patch.setattr(packet_walk, name, value)
        assert expected == packet_walk.walk(data, order, 1 << 18)


@given(st.binary(max_size=600), st.sampled_from([0, 1, 101, 113, 276]), st.booleans())
def test_any_packets_give_a_table(data: bytes, link: int, ng_file: bool) -> None:  # noqa: FBT001
    """Whatever the packets hold, nothing raises and the columns are fixed."""
    frames = [(START, b"\0" * 12 + b"\x08\x00" + data), (START, data)]
    table = read_capture(BytesIO(ng(frames) if ng_file else pcap(frames, link=link)))
    assert {name: str(kind) for name, kind in table.dtypes.items()} == {
        name: kind for kind, names in DTYPES.items() for name in names
    }


@needs_tshark
@pytest.mark.parametrize("size", [3, 7, 60, 300])
def test_messages_over_many_records_equal_tshark(
    size: int, refused: Handshake, zone: Flights, tmp_path: Path
) -> None:
    """Handshake messages cut over records, ClientHello too, are put together."""
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(frames_of(refragmented(zone, size), refused)))
    table = read_capture(path)
    plain = read_capture(BytesIO(pcap(frames_of(zone, refused))))
    assert plain["server_serials"].tolist() == table["server_serials"].tolist()
    agree(path)


@needs_tshark
@pytest.mark.parametrize("version", [V12, V13])
@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("shows", [True, False])
def test_live_handshakes_equal_tshark(
    version: ssl.TLSVersion, *, asks: bool, shows: bool, refused: Handshake, tmp_path: Path
) -> None:
    """Handshakes by the standard library give the fields that tshark gives."""
    frames = live(tmp_path, refused, version, asks=asks, shows=shows)
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(frames))
    agree(path)


def test_version_13_says_what_is_hidden(refused: Handshake, tmp_path: Path) -> None:
    """Without secrets the note says that certificates and alerts are hidden."""
    frames = live(tmp_path, refused, V13)
    row = read(ng(frames))
    assert row["note"].startswith(HIDDEN + "it carries none")
    assert (row["version"], row["server_serials"]) == ("TLS 1.3", None)


def test_version_13_says_that_secrets_do_not_fit(refused: Handshake, tmp_path: Path) -> None:
    """With wrong secrets of this connection in the file the note says that they open nothing."""
    frames = live(tmp_path, refused, V13)
    lines = (tmp_path / "keys").read_bytes().splitlines()
    row = read(ng(frames, tuple(line[:-4] + b"0000" for line in lines[1:])))
    assert row["note"].startswith(HIDDEN + "those that it carries do not open it")


def test_version_13_tells_a_record_like_an_alert(refused: Handshake, tmp_path: Path) -> None:
    """A client certificate refused in TLS 1.3 shows as a record of an alert's size."""
    frames = live(tmp_path, refused, V13, asks=True, shows=True)
    row = read(pcap(frames))
    assert "the server answered Finished with a record of the size of an alert" in row["note"]


def test_version_13_accepted_is_complete(refused: Handshake, tmp_path: Path) -> None:
    """A TLS 1.3 handshake that went through is complete, and no alert is suspected."""
    frames = live(tmp_path, refused, V13, asks=False)
    row = read(pcap(frames))
    assert row["complete"]
    assert "size of an alert" not in row["note"]


def test_hello_retry_is_no_server_hello(refused: Handshake, tmp_path: Path) -> None:
    """After a HelloRetryRequest the later ServerHello counts, and the note has the request."""
    frames = live(tmp_path, refused, V13, asks=False, curve="secp384r1")
    row = read(pcap(frames))
    assert "HelloRetryRequest in packet 6" in row["note"]
    assert (row["client_hello"], row["server_hello"]) == (4, 10)


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (V12, "resumed session: no certificates are sent"),
        (V13, "resumed session (pre-shared key): no certificates are sent"),
    ],
)
def test_resumed_session_says_so(
    version: ssl.TLSVersion, words: str, refused: Handshake, tmp_path: Path
) -> None:
    """A resumed session shows no certificates, and the note gives the reason."""
    contexts = contexts_of(tmp_path, refused, version)
    _, session = talk(contexts)
    flights, _ = talk(contexts, session)
    row = read(pcap(frames_of(flights, refused)))
    assert words in row["note"]
    assert (row["server_serials"], row["complete"]) == (None, True)


def test_empty_client_certificate_is_an_empty_list(refused: Handshake, tmp_path: Path) -> None:
    """A client that is asked and has none gives no serials, which is not the same as unseen."""
    frames = live(tmp_path, refused, V12, asks=True, shows=False)
    row = read(pcap(frames))
    assert row["client_serials"] == ()
    assert "the client sent an empty Certificate message" in row["note"]
    assert row["client_certificates_packet"] is not pd.NA


def test_server_that_does_not_ask_is_told(refused: Handshake, tmp_path: Path) -> None:
    """Without a CertificateRequest the client's certificates are unseen, and the note says why."""
    frames = live(tmp_path, refused, V12, asks=False)
    row = read(pcap(frames))
    assert row["client_serials"] is None
    assert row["note"] == "the server did not ask for a client certificate"


def test_refused_zone_shows_the_alert(refused: Handshake, zone: Flights) -> None:
    """A client certificate without clientAuth shows alert 43 of the server."""
    row = read(pcap(frames_of(zone, refused)))
    assert row["alerts"] == ((10, "server", 2, 43),)
    assert not row["complete"]


def test_accepted_zone_is_complete() -> None:
    """A zone that stands is complete, without alerts and with nothing to note."""
    handshake = handshake_of("C1", "uc-zone")
    row = read(pcap(frames_of(record(handshake).flights, handshake)))
    assert (row["complete"], row["alerts"], row["note"]) == (True, (), "")


def test_serials_are_those_of_the_certificates(refused: Handshake, zone: Flights) -> None:
    """The leaf's serial is the one that the certificate view has."""
    row = read(pcap(frames_of(zone, refused)))
    assert refused.client.certificate is not None
    assert refused.server.certificate is not None
    assert refused.client.certificate.serial_hex == row["client_serials"][0]
    assert refused.server.certificate.serial_hex == row["server_serials"][0]


def test_chain_view_gives_the_certificate(refused: Handshake, zone: Flights) -> None:
    """The chain of a row turns into the view of the certificate that was presented."""
    row = read(pcap(frames_of(zone, refused)))
    view = chain_view(row["client_chain"])
    assert view is not None
    assert refused.client.certificate is not None
    assert (refused.client.certificate.ekus, 1) == (view.ekus, len(view.chain))


@pytest.mark.parametrize("chain", [None, (), (b"no certificate",)])
def test_chain_view_of_nothing_is_none(chain: tuple[bytes, ...] | None) -> None:
    """Neither an unseen nor an empty nor a broken chain gives a view."""
    assert chain_view(chain) is None


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x82\xff\xff\x30", b"\x30\x02\x30\x00"])
def test_serial_of_broken_bytes_is_empty(der: bytes) -> None:
    """Bytes that are no certificate have no serial."""
    assert serial_of(der) == ""


@pytest.mark.parametrize(
    "before",
    [
        [(C, b"<stream:stream to='example.com'>"), (S, b"<features><starttls/></features>"),
         (C, b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), (S, b"<proceed/>")],
        [(S, b"220 mail.example.com ESMTP\r\n"), (C, b"EHLO a\r\n"), (S, b"250 STARTTLS\r\n"),
         (C, b"STARTTLS\r\n"), (S, b"220 go ahead\r\n")],
    ],
    ids=["XMPP", "SMTP"],
)  # fmt: skip
@pytest.mark.parametrize("size", [1448, 1])
def test_tls_is_known_after_plaintext(
    before: Flights, size: int, refused: Handshake, zone: Flights
) -> None:
    """TLS that begins in the middle of a connection in clear is found, however it is cut."""
    row = read(pcap(segmented(before + zone, size, refused)))
    alone = read(pcap(frames_of(zone, refused)))
    same = ["server_serials", "client_serials", "version", "sni", "note"]
    assert [alone[name] for name in same] == [row[name] for name in same]


def test_plaintext_alone_gives_no_row(refused: Handshake) -> None:
    """A connection in clear is not in the table."""
    flights = [(C, b"OPTIONS sip:a SIP/2.0\r\n\r\n"), (S, b"SIP/2.0 200 OK\r\n\r\n")]
    assert read_capture(BytesIO(pcap(frames_of(flights, refused)))).empty


@needs_tshark
def test_tunnel_equals_tshark(tunnel: tuple[Handshake, Flights], tmp_path: Path) -> None:
    """SSH version lines and the key exchange reply stand in the packets that tshark says."""
    handshake, flights = tunnel
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(frames_of(flights, handshake)))
    (frames,) = judged(path).values()
    lines = {f["tcp.srcport"]: f for f in frames if "SSH-" in f["ssh.protocol"]}
    (reply,) = [f for f in frames if f["ssh.host_key.type"]]
    row = only(read_capture(path))
    assert lines["2222"]["ssh.protocol"] == row["version"]
    assert [int(f["frame.number"]) for f in (lines["25011"], lines["2222"], reply)] == [
        row["client_hello"], row["server_hello"], row["server_certificates_packet"],
    ]  # fmt: skip
    assert f"host key algorithm: {reply['ssh.host_key.type']};" in row["note"]


def test_tunnel_shows_the_host_certificate(tunnel: tuple[Handshake, Flights]) -> None:
    """The X.509 host key of a tunnel gives the server's serial; the client's stays hidden."""
    handshake, flights = tunnel
    row = read(pcap(frames_of(flights, handshake)))
    assert handshake.server.certificate is not None
    assert (handshake.server.certificate.serial_hex,) == row["server_serials"]
    assert (row["protocol"], row["complete"], row["client_serials"]) == ("SSH", True, None)


def test_tunnel_is_known_in_single_bytes(tunnel: tuple[Handshake, Flights]) -> None:
    """SSH cut into segments of one byte gives the same row but for packet numbers."""
    handshake, flights = tunnel
    row, cut = (read(pcap(segmented(flights[:12], n, handshake))) for n in (1448, 1))
    assert (row["version"], row["note"]) == (cut["version"], cut["note"])


# What is missing.


def without(frames: Frames, place: int) -> Frames:
    """Return the frames without the data segment at a place among those with data."""
    gone = payload_places(frames)[place]
    return frames[:gone] + frames[gone + 1 :]


def test_missing_segment_is_told(refused: Handshake, zone: Flights) -> None:
    """A segment lost from the server's flight costs its messages, not the client's."""
    frames = without(segmented(zone, 300, refused), 3)
    row = read(pcap(frames))
    assert "300 bytes from the server are missing" in row["note"]
    assert refused.client.certificate is not None
    assert refused.client.certificate.serial_hex == row["client_serials"][0]
    assert row["alerts"][0][1:] == ("server", 2, 43)


def test_any_missing_segment_leaves_the_rest_right(refused: Handshake, zone: Flights) -> None:
    """Whatever segment is lost, what the row still says is what the whole capture says."""
    frames = segmented(zone, 100, refused)
    names = ["server_serials", "client_serials", "version", "sni"]
    whole = read(pcap(frames))
    for place in range(len(payload_places(frames))):
        row = read(pcap(without(frames, place)))
        said = [n for n in names if row[n] is not None and row[n] is not pd.NA]
        assert [whole[n] for n in said] == [row[n] for n in said]


def test_cut_head_still_shows_the_client(refused: Handshake, zone: Flights) -> None:
    """A capture that begins after the server's flight shows the client's certificate."""
    frames = frames_of(zone, refused)
    row = read(pcap(frames[7:]))
    assert refused.client.certificate is not None
    assert refused.client.certificate.serial_hex == row["client_serials"][0]
    assert (row["client_port"], row["server_port"], row["first_packet"]) == (25011, 7001, 1)
    assert row["note"].startswith("the capture begins in the middle of the connection")


def test_cut_head_never_contradicts(refused: Handshake, zone: Flights) -> None:
    """Wherever the capture begins, what the row says is what the whole capture says."""
    frames = segmented(zone, 100, refused)
    names = ["server_serials", "client_serials", "version", "sni", "client", "server"]
    whole = read(pcap(frames))
    for place in range(len(frames)):
        for row in read_capture(BytesIO(pcap(frames[place:]))).to_dict("records"):
            said = [n for n in names if row[n] is not None and row[n] is not pd.NA]
            assert [whole[n] for n in said] == [row[n] for n in said]


def test_capture_after_the_handshake_is_known() -> None:
    """Application data alone shows that there is TLS, complete, with nothing to read."""
    handshake = handshake_of("C1", "uc-zone")
    data = [(S, b"\x17\x03\x03\x00\x20" + bytes(32))] * 2
    frames = frames_of([*data, (C, data[0][1]), data[0]], handshake)[3:]
    row = read(pcap(frames))
    assert (row["complete"], row["version"], row["server_serials"]) == (True, pd.NA, None)


def test_snap_length_costs_no_other_packet(refused: Handshake, zone: Flights) -> None:
    """Packets cut by the snap length are counted and leave gaps that the note tells."""
    frames = [(at, data[:400]) for at, data in frames_of(zone, refused)]
    row = read(pcap(frames))
    assert "bytes from the server are missing" in row["note"]
    assert (row["server_hello"], row["alerts"]) == (6, ((10, "server", 2, 43),))


def test_same_ports_again_are_another_row(refused: Handshake, zone: Flights) -> None:
    """A new SYN with another number begins another connection of the same ends."""
    frames = frames_of(zone, refused)
    later = []
    for at, data in frames:
        number = int.from_bytes(data[38:42], "big") + 77_777_777
        later.append((at, data[:38] + struct.pack("!I", number) + data[42:]))
    table = read_capture(BytesIO(pcap(frames + later)))
    assert [1, len(frames) + 1] == table["first_packet"].tolist()
    assert table["server_serials"][0] == table["server_serials"][1]


def test_sequence_numbers_may_wrap(refused: Handshake, zone: Flights) -> None:
    """A connection whose sequence numbers pass 2**32 is read as any other, also out of order."""
    frames = []
    for at, data in swapped(segmented(zone, 100, refused)):
        start = 1_000_000 if data[34:36] == struct.pack("!H", 25011) else 5_000_000
        number = int.from_bytes(data[38:42], "big") - start - 250 & 0xFFFFFFFF
        frames.append((at, data[:38] + struct.pack("!I", number) + data[42:]))
    row = read(pcap(frames))
    assert read(pcap(frames_of(zone, refused)))["server_serials"] == row["server_serials"]


@pytest.mark.parametrize("seed", range(10))
def test_any_order_of_data_gives_the_same_row(seed: int, refused: Handshake, zone: Flights) -> None:
    """Data segments in any order of a direction give the same certificates."""
    frames = segmented(zone, 200, refused)
    head, data = frames[:3], frames[3:]
    random.Random(seed).shuffle(data)
    row = read(pcap(head + data))
    whole = read(pcap(frames))
    names = ["version", "sni", "server_chain", "client_chain", "note"]
    assert [whole[name] for name in names] == [row[name] for name in names]


# The file and the table.


@pytest.mark.parametrize(
    ("kind", "first"), [(9, 2), (0xBAD, 2), (0x40000BAD, 2), (4, 1), (5, 1), (0x77, 1)]
)
def test_blocks_are_numbered_as_wireshark_does(
    kind: int, first: int, refused: Handshake, zone: Flights
) -> None:
    """Journal entries and custom blocks of pcapng take a packet number, other blocks none."""
    data = ng(frames_of(zone, refused))
    block = struct.pack("<II12sI", kind, 24, b"\x39\x30", 24)
    assert read(data[:48] + block + data[48:])["first_packet"] == first


def test_time_keeps_nanoseconds(refused: Handshake, zone: Flights) -> None:
    """The time of the first packet is exact where the file has nanoseconds."""
    frames = [(at + 123_456_789, data) for at, data in frames_of(zone, refused)]
    for data in (pcap(frames, nano=True), big_ng(frames)):
        assert pd.Timestamp(frames[0][0], tz="UTC") == read(data)["time"]


DTYPES = {
    "string": {"file", "protocol", "client", "server", "version", "sni", "random", "note"},
    "Int64": {
        "first_packet", "client_port", "server_port", "client_hello", "server_hello",
        "certificate_request", "server_certificates_packet", "client_certificates_packet",
    },
    "object": {"server_serials", "client_serials", "server_chain", "client_chain", "alerts"},
    "datetime64[ns, UTC]": {"time"},
    "bool": {"complete", "decrypted"},
}  # fmt: skip


@pytest.mark.parametrize("kept", [0, None], ids=["empty", "one row"])
def test_dtypes_are_fixed(kept: int | None, refused: Handshake, zone: Flights) -> None:
    """A table has the same columns and dtypes, with rows or without."""
    table = read_capture(BytesIO(pcap(frames_of(zone, refused)[:kept])))
    expected = {name: dtype for dtype, names in DTYPES.items() for name in names}
    assert expected == {name: str(dtype) for name, dtype in table.dtypes.items()}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"2026-03-29T06:58:01 edge1 tvcs", "its first bytes are 32 30 32 36"),
        (b"\x1f\x8b\x08\x00", "it looks like a gzip file: unpack it first"),
    ],
)
def test_no_capture_is_an_input_error(data: bytes, words: str, tmp_path: Path) -> None:
    """A file that is no capture is refused with what was found."""
    path = tmp_path / "x.pcap"
    path.write_bytes(data)
    with pytest.raises(InputError, match=rf"^x\.pcap is no capture: {words}; expected pcap"):
        read_capture(path)


def test_missing_file_is_an_input_error(tmp_path: Path) -> None:
    """A path that cannot be opened is refused with the path."""
    with pytest.raises(InputError, match="nowhere cannot be read: No such file"):
        read_capture(tmp_path / "nowhere")


def test_cut_file_is_told_in_incomplete_rows(refused: Handshake, zone: Flights) -> None:
    """A file that ends in the middle of a packet says so in the table and in open rows."""
    data = pcap(frames_of(zone, refused))[:-7]
    table = read_capture(BytesIO(data))
    assert table.attrs["problems"] == ("the file is cut short after packet 13",)
    assert only(table)["note"] == "the file is cut short after packet 13"


def test_unread_link_type_is_told(refused: Handshake, zone: Flights) -> None:
    """Packets of a link type that is not read are counted in the problems."""
    table = read_capture(BytesIO(pcap(frames_of(zone, refused), link=105)))
    assert table.attrs["problems"] == (
        "14 packets of link type 105 were not read (first: packet 1)",
    )


@pytest.mark.parametrize("seed", range(40))
def test_damaged_captures_never_raise(
    seed: int, refused: Handshake, zone: Flights, tunnel: tuple[Handshake, Flights]
) -> None:
    """Bytes changed anywhere behind the magic number never raise."""
    chance = random.Random(seed)
    flights = zone if seed % 2 else tunnel[1]
    frames = segmented(flights, chance.choice([50, 1448]), refused)
    data = bytearray(chance.choice([pcap, ng, big_ng])(frames))
    for _ in range(60):
        data[chance.randrange(24, len(data))] = chance.randrange(256)
    read_capture(BytesIO(bytes(data)))


@pytest.mark.parametrize("seed", range(40))
def test_damaged_streams_never_raise(seed: int, refused: Handshake, zone: Flights) -> None:
    """Bytes changed, and cuts made, anywhere in what crossed never raise."""
    chance = random.Random(seed)
    changed = []
    for side, flight in zone:
        data = bytearray(flight)
        for _ in range(chance.choice([1, 5, 50])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        changed.append((side, bytes(data[: chance.randrange(1, len(data) + 1)])))
    frames = segmented(changed, chance.choice([50, 1448]), refused)
    for row in read_capture(BytesIO(pcap(frames))).to_dict("records"):
        chain_view(row["server_chain"])


def test_waiting_bytes_are_bounded() -> None:
    """What waits behind a gap never exceeds its limit, and is given in order all the same."""
    stream = streams.Stream()
    stream.begin(0)
    given = []
    for place in range(1, 600):
        given += stream.feed(place * 1000, bytes(1000), place)
        assert stream.held <= streams.MOST_WAITING
    assert given[0].missing == 1000
    assert sum(len(piece.data) for piece in given) == 599_000


def test_open_conversations_are_bounded(
    refused: Handshake, zone: Flights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit the oldest conversation is closed early, told, and its row is kept."""
    monkeypatch.setattr(reader, "MOST_CONVERSATIONS", 3)
    frames = frames_of(zone, refused)
    for port in range(20):
        frames += frames_of([], refused, 40_000 + port)
    table = read_capture(BytesIO(pcap(frames)))
    assert table.attrs["problems"] == ("18 conversations were closed early to bound memory",)
    assert len(table) == 1
