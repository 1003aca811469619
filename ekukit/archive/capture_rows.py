"""Rows of the capture table: what was found in a connection, in columns and in words."""

from collections.abc import Container
from ipaddress import ip_address
from typing import Any

from cryptography import x509

from ekukit.archive.capture_fields import Fields, ShortError
from ekukit.archive.capture_ssh import Ssh
from ekukit.archive.capture_tls import (
    CERTIFICATE,
    CLIENT_HELLO,
    FATAL,
    HELLO_DONE,
    REQUEST,
    RETRY,
    SEALED_ALERT,
    SEALED_FINISHED,
    SERVER_HELLO,
    Side,
    Tls,
)
from ekukit.archive.conversations import Found
from ekukit.certificates import Certificate, read_x509

# `time` becomes a timestamp once the table is made.
COLUMNS = {
    "file": "string",
    "first_packet": "Int64",
    "time": "Int64",
    "protocol": "string",
    "client": "string",
    "client_port": "Int64",
    "server": "string",
    "server_port": "Int64",
    "version": "string",
    "sni": "string",
    "client_hello": "Int64",
    "server_hello": "Int64",
    "server_certificates_packet": "Int64",
    "server_serials": "object",
    "server_chain": "object",
    "certificate_request": "Int64",
    "client_certificates_packet": "Int64",
    "client_serials": "object",
    "client_chain": "object",
    "alerts": "object",
    "complete": "bool",
    "note": "string",
}
_LATEST = (1 << 63) - 1
_SEQUENCE, _VERSION, _INTEGER = 0x30, 0xA0, 0x02
_MOST_NAMES = 8
_HIDDEN = "TLS 1.3 hides certificates and alerts unless the file carries secrets: "


def row(found: Found, file: str, secrets: Container[bytes]) -> dict[str, Any]:
    """Return the values of one row; `secrets` has the client randoms that the file has keys for."""
    client, server = found.ends[found.client], found.ends[1 - found.client]
    values: dict[str, Any] = dict.fromkeys(COLUMNS)
    values |= {
        "file": file,
        "first_packet": found.first,
        "time": found.time if found.time is not None and abs(found.time) < _LATEST else None,
        "client": str(ip_address(client[:-2])),
        "client_port": int.from_bytes(client[-2:], "big"),
        "server": str(ip_address(server[:-2])),
        "server_port": int.from_bytes(server[-2:], "big"),
        "alerts": (),
    }
    if isinstance(found.talk, Tls):
        values |= _tls(found.talk, found.client)
        notes = _tls_notes(found, found.talk, secrets)
    else:
        values |= _ssh(found.talk, found.client)
        notes = _ssh_notes(found.talk, found.client)
    for who in ("server", "client"):
        chain = values[f"{who}_chain"]
        serials = None if chain is None else tuple(serial_of(der) for der in chain)
        values[f"{who}_serials"] = serials
        if "" in (serials or ()):
            notes.append(f"a certificate of the {who} cannot be read")
    values["note"] = "; ".join(notes)
    return values


def chain_view(chain: tuple[bytes, ...] | None) -> Certificate | None:
    """Return what a chain of DER certificates claims, leaf first; None when it cannot be read.

    `chain` is a value of the columns server_chain and client_chain. None also for an empty or
    missing chain. Certificates above the leaf that cannot be read end the view's chain. Nothing
    is verified. Source: RFC 5280 clause 4.1.
    """
    read: list[x509.Certificate] = []
    view: Certificate | None = None
    for der in chain or ():
        try:
            read.append(x509.load_der_x509_certificate(der))
            view = read_x509(read[0], tuple(read[1:]))
        except Exception:  # noqa: BLE001 - hostile bytes fail in many ways, none of which matters
            break
    return view


def serial_of(der: bytes) -> str:
    """Return a certificate's serial as lower-case hex, "" when the bytes are no certificate."""
    try:
        _, certificate = _element(Fields(der))
        kind, body = _element(Fields(certificate))
        fields = Fields(body if kind == _SEQUENCE else b"")
        kind, value = _element(fields)
        if kind == _VERSION:
            kind, value = _element(fields)
    except ShortError:
        return ""
    return f"{int.from_bytes(value, 'big', signed=True):x}" if kind == _INTEGER and value else ""


def _element(fields: Fields) -> tuple[int, bytes]:
    kind, size = fields.number(1), fields.number(1)
    return kind, fields.take(fields.number(size & 0x7F) if size & 0x80 else size)


def _tls(talk: Tls, client: int) -> dict[str, Any]:
    asks, answers = talk.sides[client], talk.sides[1 - client]
    alerts = [(at, "client", *alert) for at, *alert in asks.alerts]
    alerts += [(at, "server", *alert) for at, *alert in answers.alerts]
    return {
        "protocol": "TLS",
        "version": talk.version,
        "sni": talk.sni,
        "client_hello": asks.packets.get(CLIENT_HELLO),
        "server_hello": answers.packets.get(SERVER_HELLO),
        "server_certificates_packet": answers.packets.get(CERTIFICATE),
        "server_chain": answers.chain,
        "certificate_request": answers.packets.get(REQUEST),
        "client_certificates_packet": asks.packets.get(CERTIFICATE),
        "client_chain": asks.chain,
        "alerts": tuple(sorted(alerts)),
        "complete": _is_complete(talk, client),
    }


def _is_complete(talk: Tls, client: int) -> bool:
    if any(level == FATAL for side in talk.sides for _, level, _ in side.alerts):
        return False
    if talk.is_13:
        finished = any(way == client and size >= SEALED_FINISHED for way, size in talk.sealed)
        return finished and talk.sides[1 - client].data
    return all(side.encrypted for side in talk.sides) or any(side.data for side in talk.sides)


def _tls_notes(found: Found, talk: Tls, secrets: Container[bytes]) -> list[str]:
    asks, answers = talk.sides[found.client], talk.sides[1 - found.client]
    notes = ["the capture begins in the middle of the connection"] * (not found.opened)
    if CLIENT_HELLO not in asks.packets:
        notes.append("no ClientHello seen")
    if RETRY in answers.packets:
        notes.append(f"HelloRetryRequest in packet {answers.packets[RETRY]}")
    elif SERVER_HELLO not in answers.packets:
        notes.append("no ServerHello seen")
    if talk.is_13:
        notes += _notes_13(talk, found.client, secrets)
    else:
        notes += _notes_12(answers)
    if asks.chain == ():
        notes.append("the client sent an empty Certificate message: no client certificate")
    for who, side in (("client", asks), ("server", answers)):
        if side.missing:
            notes.append(f"{side.missing} bytes from the {who} are missing: not all could be read")
    return notes


def _notes_12(answers: Side) -> list[str]:
    if SERVER_HELLO not in answers.packets or answers.missing:
        return []
    if HELLO_DONE not in answers.packets:
        resumed = answers.encrypted and answers.chain is None
        return ["resumed session: no certificates are sent"] * resumed
    unasked = REQUEST not in answers.packets
    return ["the server did not ask for a client certificate"] * unasked


def _notes_13(talk: Tls, client: int, secrets: Container[bytes]) -> list[str]:
    carried = talk.random.hex().encode() in secrets
    words = "open it in Wireshark, it carries them" if carried else "it carries none"
    notes = [_HIDDEN + words]
    if talk.resumes:
        notes.append("resumed session (pre-shared key): no certificates are sent")
    sizes = [size for way, size in talk.sealed if way == client]
    if sizes[:1] == [SEALED_ALERT]:
        notes.append("the client's first encrypted record has the size of an alert")
    finished = [n for n, (w, s) in enumerate(talk.sealed) if w == client and s >= SEALED_FINISHED]
    after = talk.sealed[finished[0] :] if finished else []
    if [size for way, size in after if way != client][:1] == [SEALED_ALERT]:
        notes.append("the server answered Finished with a record of the size of an alert")
    return notes


def _ssh(talk: Ssh, client: int) -> dict[str, Any]:
    asks, answers = talk.sides[client], talk.sides[1 - client]
    return {
        "protocol": "SSH",
        "version": answers.banner or asks.banner,
        "client_hello": asks.banner_packet,
        "server_hello": answers.banner_packet,
        "server_certificates_packet": talk.chain_packet,
        "server_chain": talk.chain,
        "complete": talk.complete,
    }


def _ssh_notes(talk: Ssh, client: int) -> list[str]:
    notes = []
    for who, side in (("client", talk.sides[client]), ("server", talk.sides[1 - client])):
        notes.append(f"{who} {side.banner}" if side.banner else f"no version line of the {who}")
        if side.algorithms:
            more = len(side.algorithms) - _MOST_NAMES
            names = ", ".join(side.algorithms[:_MOST_NAMES]) + (f", {more} more" * (more > 0))
            notes.append(f"host keys the {who} offers: {names}")
    if talk.host_key:
        notes.append(f"host key algorithm: {talk.host_key}")
    notes.append("the client's certificate and the answer to it are encrypted in SSH")
    return notes
