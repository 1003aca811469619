"""What a capture shows of an SSH connection: version lines, algorithms, the host certificate."""

from contextlib import suppress
from dataclasses import dataclass, field

from ekukit.capture.fields import Fields, ShortError

MOST_PACKET = 256 << 10
MOST_LINE = 8192
# Stands behind a version line of which only the beginning was captured.
CUT = "[cut]"

_KEXINIT, _NEWKEYS = 20, 21
# ECDH and DH replies; the reply of the group exchange.
_REPLIES = {31, 33}
_OF_CLIENT = {30, 32, 34}
_COOKIE = 16
_X509 = b"x509v3-"


@dataclass(slots=True)
class SshSide:
    """What one end sent in clear; `stopped` once nothing more can be read."""

    rest: bytearray = field(default_factory=bytearray)
    banner: str | None = None
    banner_packet: int | None = None
    packet: int | None = None
    algorithms: tuple[str, ...] | None = None
    kinds: set[int] = field(default_factory=set)
    keyed: bool = False
    missing: int = 0
    stopped: bool = False


class Ssh:
    """Reads the two directions of one SSH connection until New Keys.

    Source: RFC 4253 clauses 4.2, 6 and 7.1 (version line, packet, key exchange), RFC 6187
    clause 2.1 (X.509 host keys). Not checked: signatures. After New Keys all is encrypted, user
    authentication and the client's certificate included.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.sides = (SshSide(), SshSide())
        self.chain: tuple[bytes, ...] | None = None
        self.chain_packet: int | None = None
        self.server: int | None = None

    @property
    def confirmed(self) -> bool:
        """Return whether this is SSH beyond doubt."""
        return any(side.banner for side in self.sides)

    @property
    def done(self) -> bool:
        """Return whether nothing more will come in clear."""
        return all(side.keyed or side.stopped for side in self.sides)

    @property
    def complete(self) -> bool:
        """Return whether both ends sent New Keys."""
        return all(side.keyed for side in self.sides)

    @property
    def held(self) -> int:
        """Return how many bytes wait for the rest of a line or packet."""
        return sum(len(side.rest) for side in self.sides)

    @property
    def client(self) -> int | None:
        """Return the direction of the client by who sent what, None when nothing tells."""
        return None if self.server is None else 1 - self.server

    @property
    def host_key(self) -> str | None:
        """Return the host key algorithm: the client's first that the server has too."""
        if self.client is None or self.server is None:
            return None
        asked, had = self.sides[self.client].algorithms, self.sides[self.server].algorithms
        return next((name for name in asked or () if name in (had or ())), None)

    def gap(self, way: int, missing: int) -> None:
        """Stop reading a direction: packet borders cannot be found again."""
        side = self.sides[way]
        if side.banner is None and side.rest.startswith(b"SSH-"):
            side.banner = side.rest.decode("ascii", "backslashreplace") + CUT
            side.banner_packet = side.packet
        side.missing += 0 if side.keyed else missing
        side.rest.clear()
        side.stopped = True

    def end(self) -> None:
        """Read what is there of version lines whose end did not come."""
        for way, side in enumerate(self.sides):
            if side.banner is None and side.rest:
                self.gap(way, 0)

    def feed(self, way: int, data: bytes, packet: int) -> bool:
        """Read the next bytes of a direction; return False where they cannot be SSH."""
        side = self.sides[way]
        if side.stopped or side.keyed:
            return True
        side.rest += data
        side.packet = packet
        if side.banner is None and not self._line(side, packet):
            return not side.stopped
        while len(side.rest) > 4 and not side.keyed:  # noqa: PLR2004 - the length and more
            size = int.from_bytes(side.rest[:4], "big")
            if size > MOST_PACKET:
                side.stopped = True
                side.rest.clear()
                return True
            if len(side.rest) < 4 + size:
                return True
            body = bytes(side.rest[5 : 4 + size])
            del side.rest[: 4 + size]
            with suppress(ShortError):
                self._message(way, body, packet)
        return True

    def _line(self, side: SshSide, packet: int) -> bool:
        """Take the version line, past lines that a server may send before it."""
        while (end := side.rest.find(b"\n")) >= 0:
            line = bytes(side.rest[:end]).rstrip(b"\r")
            del side.rest[: end + 1]
            if line.startswith(b"SSH-"):
                side.banner = line.decode("ascii", "backslashreplace")
                side.banner_packet = packet
                return True
        side.stopped = len(side.rest) > MOST_LINE
        return False

    def _message(self, way: int, body: bytes, packet: int) -> None:
        side, kind = self.sides[way], body[0] if body else 0
        side.kinds.add(kind)
        side.keyed = kind == _NEWKEYS
        if kind in _OF_CLIENT and self.server is None:
            self.server = 1 - way
        fields = Fields(body[1:])
        if kind == _KEXINIT and side.algorithms is None:
            fields.take(_COOKIE)
            fields.vector(4)  # key exchange methods
            names = fields.vector(4).decode("ascii", "backslashreplace")
            side.algorithms = tuple(names.split(","))
        elif kind in _REPLIES and self.client != way and self.chain is None:
            self.server = way
            chain = _host_certificates(Fields(fields.vector(4)))
            if chain:
                self.chain, self.chain_packet = chain, packet


def _host_certificates(key: Fields) -> tuple[bytes, ...]:
    if not key.vector(4).startswith(_X509):
        return ()
    return tuple(key.vector(4) for _ in range(min(key.number(4), 64)))
