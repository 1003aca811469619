"""Failures for which no certificate is the known reason: what each is, and what to do.

Beside the causes of `ekukit.connections.Cause`, which are about a certificate's path. Words are
told apart by the table of `ekukit.log.words`; every row of troubles.toml gives the finding
codes "<connection>.<trouble>", and for tunnels "tunnel.<trouble>".
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class Trouble(StrEnum):
    """What went wrong, where no check of a certificate is named.

    REFUSED alone is about a certificate: it was refused, and the words do not say why.
    """

    REFUSED = "refused"
    NOT_TLS = "not-tls"
    VERSION = "no-common-version"
    CIPHER = "no-common-cipher"
    HANDSHAKE = "handshake-failure"
    SERVER_NAME = "server-name-unknown"
    CLOSED = "closed"
    DAMAGED = "damaged"
    PROTOCOL = "protocol-error"
    OWN_CERTIFICATE = "own-certificate-unusable"
    INTERNAL = "internal-error"
    TIMED_OUT = "timed-out"
    PORT_CLOSED = "port-closed"
    NO_ROUTE = "no-route"
    NO_NAME = "name-not-resolved"
    SIP_AUTHENTICATION = "sip-not-authenticated"
    SIP_FORBIDDEN = "sip-forbidden"
    SIP_SILENT = "sip-not-answered"
    SIP_UNAVAILABLE = "sip-unavailable"
    SIP_REFUSED = "sip-refused"
    HOST_KEY = "host-key"
    HOST_KEY_TYPE = "host-key-type"
    ALGORITHM = "no-common-algorithm"
    NOT_SSH = "not-ssh"
    LOST = "lost"
    OWN_FILES = "own-files"
    FORWARDING = "forwarding"
    ACCOUNT = "account"
    TOO_MANY = "too-many-failures"


@dataclass(frozen=True, slots=True)
class Told:
    """A row: what it is in a few words, in a sentence, what is required, and what to do.

    Words in braces: {client} and {server} are the ends, {near} the node that tells of it, {far}
    the other one, {port} the port, {judge} and {which} as in
    `ekukit.diagnosis.evidence.refusal_sentences`.
    """

    title: str
    said: str
    required: str
    todo: str
    facts: tuple[str, ...]


def _read() -> dict[Trouble, Told]:
    place = files("ekukit.log") / "troubles.toml"
    table = tomllib.loads(place.read_text(encoding="utf-8"))
    return {Trouble(name): Told(**{**row, "facts": tuple(row["facts"])})
            for name, row in table.items()}  # fmt: skip


TROUBLES: dict[Trouble, Told] = _read()

# Not reached at all, which each connection tells in one code of its own.
UNREACHED = frozenset((Trouble.TIMED_OUT, Trouble.PORT_CLOSED, Trouble.NO_ROUTE, Trouble.NO_NAME))
# Those of SSH alone.
OF_TUNNELS = frozenset((
    Trouble.HOST_KEY, Trouble.HOST_KEY_TYPE, Trouble.ALGORITHM, Trouble.NOT_SSH, Trouble.LOST,
    Trouble.OWN_FILES, Trouble.FORWARDING, Trouble.ACCOUNT, Trouble.TOO_MANY,
))  # fmt: skip
# Those after TLS is up.
OF_SIP = frozenset(one for one in Trouble if one.value.startswith("sip-"))


def trouble_code(connection: str, trouble: Trouble, side: str = "") -> str:
    """Return the finding code of a trouble on a connection of the catalog ("" when not told).

    `side` is whose certificate was refused ("client", "server"), for REFUSED alone.
    """
    if connection == "ssh-tunnel":
        names = {Trouble.TIMED_OUT: "unreached", Trouble.REFUSED: f"{side or 'client'}-refused"}
        return f"tunnel.{names.get(trouble, trouble.value)}"
    start = connection or "log"
    if trouble in UNREACHED:
        return "zone.unreached" if connection == "uc-zone" else f"{start}.unreached"
    if trouble is Trouble.REFUSED:
        return f"{start}.{side}-refused" if connection and side else "log.refused"
    return f"{start}.{trouble.value}"
