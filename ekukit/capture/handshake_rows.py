"""Rows of the capture table: what was found in a connection, in columns and in words."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from cryptography import x509

from ekukit.capture.conversation import Found
from ekukit.capture.fields import serial_of
from ekukit.capture.row_notes import ssh_notes, tls_notes
from ekukit.capture.ssh_stream import Ssh
from ekukit.capture.tls_messages import (
    CERTIFICATE,
    CLIENT_HELLO,
    FINISHED,
    REQUEST,
    SERVER_HELLO,
)
from ekukit.capture.tls_secrets import Secrets, open_sealed
from ekukit.capture.tls_stream import FATAL, SEALED_FINISHED, Tls
from ekukit.certificates import Certificate, read_x509

COLUMNS = {
    "file": "string",
    "first_packet": "Int64",
    "time": "datetime64[ns, UTC]",
    "protocol": "string",
    "client": "string",
    "client_port": "Int64",
    "server": "string",
    "server_port": "Int64",
    "version": "string",
    "sni": "string",
    "random": "string",
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
_CUT_PACKETS = "the packets are cut before anything of it could be read"


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
        notes = tls_notes(found, found.talk, secrets)
    else:
        values |= _ssh(found.talk, found.client)
        notes = ssh_notes(found.talk, found.client)
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


def _tls(talk: Tls, client: int) -> dict[str, Any]:
    asks, answers = talk.sides[client], talk.sides[1 - client]
    alerts = [(at, "client", *alert) for at, *alert in asks.alerts]
    alerts += [(at, "server", *alert) for at, *alert in answers.alerts]
    return {
        "protocol": "TLS",
        "version": talk.version,
        "sni": talk.sni,
        "random": talk.random.hex() or None,
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
