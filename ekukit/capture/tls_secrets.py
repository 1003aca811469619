"""Encrypted records of TLS 1.3, opened with the secrets that a capture file carries."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from ekukit.capture.sender import Sealed
from ekukit.capture.spoken import DATA, HANDSHAKE
from ekukit.capture.tls_messages import FINISHED
from ekukit.capture.tls_stream import Tls

# Labels of a key log and their secrets, by the client's random as lower-case hex.
Secrets = Mapping[bytes, Mapping[bytes, bytes]]

_LABELS = (
    (b"CLIENT_HANDSHAKE_TRAFFIC_SECRET", b"CLIENT_TRAFFIC_SECRET_0"),
    (b"SERVER_HANDSHAKE_TRAFFIC_SECRET", b"SERVER_TRAFFIC_SECRET_0"),
)
_NONCE, _HEAD = 12, 5
# How many records may be missing from a capture, or be early data, before the next is not found.
_MOST_MISSED = 8


class _Cipher(Protocol):
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class _Suite(NamedTuple):
    cipher: Callable[[bytes], _Cipher]
    digest: type[HashAlgorithm]
    key: int


# RFC 8446 appendix B.4.
_SUITES: dict[int, _Suite] = {
    0x1301: _Suite(AESGCM, SHA256, 16),
    0x1302: _Suite(AESGCM, SHA384, 32),
    0x1303: _Suite(ChaCha20Poly1305, SHA256, 32),
    0x1304: _Suite(AESCCM, SHA256, 16),
    0x1305: _Suite(partial(AESCCM, tag_length=8), SHA256, 16),
}


def open_sealed(talk: Tls, client: int, secrets: Secrets) -> None:
    """Read the encrypted records of a connection as far as `secrets` opens them.

    `client` is the client's direction. Nothing happens without secrets for the connection, or for
    a cipher that RFC 8446 does not name. Every opened record was authenticated. Source: RFC 8446
    clauses 5.2, 5.3, 7.1 and 7.3; the key log format of NSS. Not read: early data.
    """
    known, suite = secrets.get(talk.random.hex().encode(), {}), _SUITES.get(talk.cipher)
    if not talk.is_13 or suite is None or not known:
        return
    ways = {
        way: _Way(suite, [known.get(label, b"") for label in _LABELS[way != client]])
        for way in (0, 1)
    }
    for record in talk.sealed:
        found = ways[record.way].opened(record)
        if found is None:
            talk.take_opened(record.way, 0, b"", record.packet)
            continue
        kind, body = found
        talk.take_opened(record.way, kind, body, record.packet)
        finished = FINISHED in talk.sides[client].packets
        if record.way != client and finished and kind in (DATA, HANDSHAKE):
            talk.answered = True


class _Key:
    """The cipher of one secret, the number of the record that comes next, and the secret after."""

    def __init__(self, suite: _Suite, secret: bytes) -> None:
        self._suite, self._secret, self.number = suite, secret, 0
        self._cipher = suite.cipher(self._expanded(b"key", suite.key))
        self._nonce = int.from_bytes(self._expanded(b"iv", _NONCE), "big")

    def opened(self, record: bytes) -> bytes | None:
        for number in range(self.number, self.number + _MOST_MISSED):
            nonce = (self._nonce ^ number).to_bytes(_NONCE, "big")
            try:
                plain = self._cipher.decrypt(nonce, record[_HEAD:], record[:_HEAD])
            except (InvalidTag, ValueError):
                continue
            self.number = number + 1
            return plain
        return None

    def following(self) -> "_Key":
        """Return the key after an update of keys."""
        size = self._suite.digest().digest_size
        return _Key(self._suite, self._expanded(b"traffic upd", size))

    def _expanded(self, label: bytes, size: int) -> bytes:
        label = b"tls13 " + label
        info = size.to_bytes(2, "big") + bytes([len(label)]) + label + b"\0"
        return HKDFExpand(self._suite.digest(), size, info).derive(self._secret)


class _Way:
    """One direction: its keys in the order in which they come into use."""

    def __init__(self, suite: _Suite, secrets: list[bytes]) -> None:
        right = suite.digest().digest_size
        self._keys = [_Key(suite, secret) for secret in secrets if len(secret) == right]

    def opened(self, record: Sealed) -> tuple[int, bytes] | None:
        """Return kind and content of a record, None where no key opens it."""
        for key in self._candidates() if record.record else ():
            plain = key.opened(record.record)
            if plain is not None:
                if key in self._keys:
                    del self._keys[: self._keys.index(key)]
                else:
                    self._keys = [key]
                content = plain.rstrip(b"\0")
                return (content[-1], content[:-1]) if len(content) > 1 else None
        return None

    def _candidates(self) -> Iterator[_Key]:
        yield from self._keys
        if len(self._keys) == 1:
            yield self._keys[0].following()
