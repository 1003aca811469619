"""Rows of the capture table: what was found in a connection, in columns and in words."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from cryptography import x509

from ekukit.archive.capture_fields import Fields, ShortError
from ekukit.archive.capture_messages import (
    CERTIFICATE,
    CLIENT_HELLO,
    FINISHED,
    HELLO_DONE,
    NAMES,
    REQUEST,
    SERVER_HELLO,
)
from ekukit.archive.capture_sealed import Secrets, open_sealed
from ekukit.archive.capture_side import Side
from ekukit.archive.capture_ssh import CUT, Ssh
from ekukit.archive.capture_tls import FATAL, RETRY, SEALED_ALERT, SEALED_FINISHED, Tls
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
    "decrypted": "bool",
    "complete": "bool",
    "note": "string",
}
_LATEST = (1 << 63) - 1
_SEQUENCE, _VERSION, _INTEGER = 0x30, 0xA0, 0x02
_MOST_NAMES = 8
_UNFIT = "those that it carries do not open it"
_UNASKED = "the server did not ask for a client certificate"
_RESUMED_13 = "resumed session (pre-shared key): no certificates are sent"
_CUT_PACKETS = "the packets are cut before anything of it could be read"
_HIDDEN = "TLS 1.3 hides certificates and alerts unless the file carries secrets: "


def row(found: Found, file: str, secrets: Secrets) -> dict[str, Any]:
    """Return the values of one row; `secrets` are those of the file."""
    start = found.start
    client, server = start.ends[found.client], start.ends[1 - found.client]
    values: dict[str, Any] = dict.fromkeys(COLUMNS)
    values |= {
        "file": file,
        "first_packet": start.first,
        "time": start.time if start.time is not None and abs(start.time) < _LATEST else None,
        "client": str(ip_address(client[:-2])),
        "client_port": int.from_bytes(client[-2:], "big"),
        "server": str(ip_address(server[:-2])),
        "server_port": int.from_bytes(server[-2:], "big"),
        "alerts": (),
        "decrypted": False,
    }
    if isinstance(found.talk, Tls):
        open_sealed(found.talk, found.client, secrets)
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
    if start.within:
        notes.insert(0, f"inside {start.within}")
    if found.by_port:
        notes.insert(0, f"{values['protocol']} by its port alone: {_CUT_PACKETS}")
    values["note"] = "; ".join(notes)
    return values


@lru_cache(maxsize=1024)
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
        "decrypted": talk.opened > 0,
        "complete": _is_complete(talk, client),
    }


def _is_complete(talk: Tls, client: int) -> bool:
    if any(level == FATAL for side in talk.sides for _, level, _ in side.alerts):
        return False
    if talk.opened:
        ended = all(FINISHED in side.packets for side in talk.sides)
        asked = REQUEST in talk.sides[1 - client].packets
        return ended and (talk.answered or not asked)
    if talk.is_13:
        finished = any(r.way == client and r.size >= SEALED_FINISHED for r in talk.sealed)
        return finished and talk.sides[1 - client].data
    return all(side.encrypted for side in talk.sides) or any(side.data for side in talk.sides)


def _tls_notes(found: Found, talk: Tls, secrets: Secrets) -> list[str]:
    asks, answers = talk.sides[found.client], talk.sides[1 - found.client]
    notes = ["the capture begins in the middle of the connection"] * (not found.opened)
    if CLIENT_HELLO not in (*asks.packets, *asks.parts):
        notes.append("no ClientHello seen")
    if RETRY in answers.packets:
        notes.append(f"HelloRetryRequest in packet {answers.packets[RETRY]}")
    elif SERVER_HELLO not in (*answers.packets, *answers.parts):
        notes.append("no ServerHello seen")
    if talk.is_13:
        notes += _notes_13(talk, found.client, secrets)
    else:
        notes += _notes_12(answers)
    if asks.chain == ():
        notes.append("the client sent an empty Certificate message: no client certificate")
    for who, side in (("client", asks), ("server", answers)):
        notes += [f"{NAMES[kind]} of the {who} (packet {at}) is not all there"
                  for kind, at in side.parts.items() if kind not in side.packets]  # fmt: skip
        notes += [f"{who}, {fault}" for fault in side.faults]
        if side.leaf and side.chain is None:
            notes.append(f"the leaf of the {who} has serial {serial_of(side.leaf)}")
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
    return [_UNASKED] * unasked


def _notes_13(talk: Tls, client: int, secrets: Secrets) -> list[str]:
    if talk.opened:
        return _notes_opened(talk, talk.sides[1 - client])
    carried = talk.random.hex().encode() in secrets
    notes = [_HIDDEN + (_UNFIT if carried else "it carries none")]
    if talk.resumes:
        notes.append(_RESUMED_13)
    sizes = [record.size for record in talk.sealed if record.way == client]
    if sizes[:1] == [SEALED_ALERT]:
        notes.append("the client's first encrypted record has the size of an alert")
    finished = [
        place
        for place, record in enumerate(talk.sealed)
        if record.way == client and record.size >= SEALED_FINISHED
    ]
    after = talk.sealed[finished[0] :] if finished else []
    if [record.size for record in after if record.way != client][:1] == [SEALED_ALERT]:
        notes.append("the server answered Finished with a record of the size of an alert")
    return notes


def _notes_opened(talk: Tls, answers: Side) -> list[str]:
    notes = ["decrypted with the secrets in the file"]
    if talk.opened < len(talk.sealed):
        notes.append(f"they open {talk.opened} of {len(talk.sealed)} encrypted records")
    if talk.resumes:
        notes.append(_RESUMED_13)
    elif FINISHED in answers.packets and REQUEST not in answers.packets:
        notes.append(_UNASKED)
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
        if side.banner and side.banner.endswith(CUT):
            notes.append(f"the version line of the {who} is not all there")
        if side.missing:
            notes.append(f"{side.missing} bytes from the {who} are missing: not all could be read")
        if side.algorithms:
            more = len(side.algorithms) - _MOST_NAMES
            names = ", ".join(side.algorithms[:_MOST_NAMES]) + (f", {more} more" * (more > 0))
            notes.append(f"host keys the {who} offers: {names}")
    if talk.host_key:
        notes.append(f"host key algorithm: {talk.host_key}")
    notes.append("the client's certificate and the answer to it are encrypted in SSH")
    return notes
