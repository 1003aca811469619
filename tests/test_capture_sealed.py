"""TLS 1.3 is opened with the secrets that the capture file carries, and agrees with tshark."""

import random
from pathlib import Path

import pytest
from capture_files import (
    V13,
    Flights,
    agree,
    contexts_of,
    frames_of,
    handshake_of,
    needs_tshark,
    ng,
    pcap,
    read,
    segmented,
    talk,
)
from OpenSSL import SSL

from ekukit.capture.reader import read_capture
from ekukit.connections import Handshake
from ekukit.lab import record_tls13, tls

SUITES = (
    b"TLS_AES_128_GCM_SHA256", b"TLS_AES_256_GCM_SHA384", b"TLS_CHACHA20_POLY1305_SHA256",
    b"TLS_AES_128_CCM_SHA256", b"TLS_AES_128_CCM_8_SHA256",
)  # fmt: skip


def keys_of(folder: Path) -> tuple[bytes, ...]:
    """Return the lines of the key log that `live` wrote."""
    return tuple(line for line in (folder / "keys").read_bytes().splitlines() if line[:1] != b"#")


@pytest.fixture(scope="module")
def sealed(refused: Handshake) -> tuple[Flights, tuple[bytes, ...]]:
    """Return a refused zone in TLS 1.3: what crossed, and its secrets."""
    found = record_tls13(refused)
    return found.flights, tuple(found.secrets)


@pytest.fixture(scope="module")
def clear(zone: Flights, refused: Handshake) -> dict[str, object]:
    """Return the row of the same zone in TLS 1.2."""
    return read(pcap(frames_of(zone, refused)))


def test_secrets_show_what_version_12_shows(
    sealed: tuple[Flights, tuple[bytes, ...]], clear: dict[str, object], refused: Handshake
) -> None:
    """With the file's secrets a row of TLS 1.3 says what that of TLS 1.2 says."""
    row = read(ng(frames_of(sealed[0], refused), sealed[1]))
    for name in ("server_serials", "client_serials", "server_chain", "client_chain", "sni"):
        assert clear[name] == row[name]
    assert (row["version"], row["decrypted"], row["complete"]) == ("TLS 1.3", True, False)
    assert [alert[1:] for alert in row["alerts"]][:1] == [("server", 2, 43)]  # type: ignore[attr-defined]
    assert row["certificate_request"] is not None
    assert row["note"] == "decrypted with the secrets in the file"


def test_secrets_may_stand_behind_the_packets(
    sealed: tuple[Flights, tuple[bytes, ...]], refused: Handshake
) -> None:
    """A block of secrets counts wherever in the file it stands."""
    frames = frames_of(sealed[0], refused)
    head, block = len(ng([])), len(ng([], sealed[1]))
    data = ng(frames, sealed[1])
    later = data[:head] + data[block:] + data[head:block]
    assert read(later)["server_serials"] == read(data)["server_serials"] is not None


def test_accepted_connection_is_complete(sealed: tuple[Flights, tuple[bytes, ...]]) -> None:
    """A connection in TLS 1.3 whose client certificate was accepted is complete."""
    handshake = handshake_of("C1", "uc-zone")
    found = record_tls13(handshake)
    row = read(ng(frames_of(found.flights, handshake), tuple(found.secrets)))
    assert (row["complete"], row["alerts"], row["decrypted"]) == (True, (), True)
    assert not read(ng(frames_of(sealed[0], handshake), sealed[1]))["complete"]


@needs_tshark
@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("shows", [True, False])
@pytest.mark.parametrize("size", [1448, 100])
def test_opened_records_equal_tshark(
    size: int, *, asks: bool, shows: bool, refused: Handshake, tmp_path: Path
) -> None:
    """Certificates, requests and alerts of TLS 1.3 are those that tshark decrypts."""
    flights, _ = talk(contexts_of(tmp_path, refused, V13, asks=asks, shows=shows))
    path = tmp_path / "a.pcapng"
    path.write_bytes(ng(segmented(flights, size, refused), keys_of(tmp_path)))
    agree(path)


@needs_tshark
@pytest.mark.parametrize("suite", SUITES)
def test_every_cipher_equals_tshark(
    suite: bytes, refused: Handshake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cipher of TLS 1.3 is opened as tshark opens it."""
    make = tls._context

    def with_cipher(*given: object) -> SSL.Context:
        context = make(*given)  # type: ignore[arg-type]
        context.set_cipher_list(b"ALL:@SECLEVEL=0")  # CCM with a short tag is weak
        context.set_tls13_ciphersuites(suite)
        return context

    monkeypatch.setattr(tls, "_context", with_cipher)
    found = record_tls13(refused)
    path = tmp_path / "a.pcapng"
    path.write_bytes(ng(frames_of(found.flights, refused), tuple(found.secrets)))
    assert agree(path)["decrypted"].tolist() == [True]


def test_simulated_capture_is_opened(refused: Handshake, tmp_path: Path) -> None:
    """What the kit writes with secrets in it, it reads, from a file as from memory."""
    found = record_tls13(refused)
    frames = frames_of(found.flights, refused)
    path = tmp_path / "a.pcapng"
    path.write_bytes(ng(frames, tuple(found.secrets)))
    assert read_capture(path)["decrypted"].tolist() == [True]


@pytest.mark.parametrize("place", range(40))
def test_missing_segments_cost_no_other_record(
    place: int, sealed: tuple[Flights, tuple[bytes, ...]], refused: Handshake
) -> None:
    """Whatever segment is lost, what is opened is what the whole capture shows."""
    frames = segmented(sealed[0], 200, refused)
    whole = read(ng(frames, sealed[1]))
    places = [at for at, (_, data) in enumerate(frames) if len(data) > 62]
    gone = places[place % len(places)]
    row = read(ng(frames[:gone] + frames[gone + 1 :], sealed[1]))
    for name in ("server_serials", "client_serials"):
        assert row[name] in (None, whole[name])
    kinds = [alert[1:] for alert in whole["alerts"]]  # type: ignore[attr-defined]
    assert all(alert[1:] in kinds for alert in row["alerts"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(30))
def test_wrong_secrets_open_nothing(
    seed: int, sealed: tuple[Flights, tuple[bytes, ...]], refused: Handshake
) -> None:
    """Damaged key logs never raise, and never show a certificate that was not sent."""
    chance = random.Random(seed)
    whole = read(ng(frames_of(sealed[0], refused), sealed[1]))
    lines = []
    for line in sealed[1]:
        data = bytearray(line)
        for _ in range(chance.choice([0, 1, 9])):
            data[chance.randrange(len(data))] = chance.randrange(32, 256)
        lines.append(bytes(data[: chance.choice([len(data), 90, 9])]))
    row = read(ng(frames_of(sealed[0], refused), tuple(lines)))
    for name in ("server_serials", "client_serials"):
        assert row[name] in (None, whole[name])
