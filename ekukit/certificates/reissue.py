"""A real certificate issued again for a key of the lab's: byte for byte, but for what keys change.

Replaced are the public key, the key identifiers where they named the keys that are replaced, the
signature, and the validity where it is moved. Names, serial, extensions and their encodings stay.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ekukit.certificates.der import BITS, OCTETS, SEQUENCE, children, element, inside
from ekukit.certificates.extensions import value_of
from ekukit.errors import InputError

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

_KEY_ID = 0x80
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_SKI, _AKI = bytes.fromhex("551d0e"), bytes.fromhex("551d23")
# Signature algorithms by kind of key and digest, as DER (RFC 4055, RFC 5758).
_RSA = "300d06092a864886f70d0101{}0500"
_ALGORITHMS: dict[tuple[type, str], bytes] = {
    (rsa.RSAPrivateKey, "sha1"): bytes.fromhex(_RSA.format("05")),
    (rsa.RSAPrivateKey, "sha256"): bytes.fromhex(_RSA.format("0b")),
    (rsa.RSAPrivateKey, "sha384"): bytes.fromhex(_RSA.format("0c")),
    (rsa.RSAPrivateKey, "sha512"): bytes.fromhex(_RSA.format("0d")),
    (ec.EllipticCurvePrivateKey, "sha1"): bytes.fromhex("300906072a8648ce3d0401"),
    (ec.EllipticCurvePrivateKey, "sha256"): bytes.fromhex("300a06082a8648ce3d040302"),
    (ec.EllipticCurvePrivateKey, "sha384"): bytes.fromhex("300a06082a8648ce3d040303"),
    (ec.EllipticCurvePrivateKey, "sha512"): bytes.fromhex("300a06082a8648ce3d040304"),
}
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - a weak digest of the original is part of what is judged
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_YEAR_2050 = 2050


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the private key, and the key identifiers that the original's issuer went by.

    None where these are not known: then every identifier is taken to name the issuer.
    """

    key: Key
    known_as: frozenset[bytes] | None = None

    def was(self, identifier: bytes) -> bool:
        """Return whether an identifier named the original's issuer."""
        return self.known_as is None or identifier in self.known_as


def reissue(
    der: bytes, key: PublicKey, signer: Signer, *, digest: str, shift: timedelta
) -> x509.Certificate:
    """Return a certificate as the one given, for another key, signed by another signer.

    `digest` is the original's ("" is taken as sha256). A key identifier that did not name the
    issuer's key is kept as it is, so what was wrong stays wrong. Raises InputError for a digest
    that the lab does not sign with, or where the bytes are no plain DER.
    """
    family = rsa.RSAPrivateKey if isinstance(signer.key, rsa.RSAPrivateKey) else (
        ec.EllipticCurvePrivateKey)  # fmt: skip
    algorithm = _ALGORITHMS.get((family, digest or "sha256"))
    if algorithm is None:
        msg = f"a signature with {digest} is not made by the lab; the real path is verified instead"
        raise InputError(msg)
    parts = [whole for _, whole, _ in children(inside(inside(der)))]
    at = 1 if parts and parts[0][0] == _VERSION else 0
    parts[at + 1] = algorithm
    if shift:
        parts[at + 3] = _validity(x509.load_der_x509_certificate(der), shift)
    parts[at + 5] = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    parts[at + 6 :] = [
        _extensions(part, key, signer) if part[0] == _EXTENSIONS else part
        for part in parts[at + 6 :]
    ]
    body = element(SEQUENCE, b"".join(parts))
    signed = element(BITS, b"\0" + _sign(signer.key, body, _DIGESTS[digest or "sha256"]))
    return x509.load_der_x509_certificate(element(SEQUENCE, body + algorithm + signed))


def key_identifier(key: PublicKey) -> bytes:
    """Return the SHA-1 key identifier of RFC 5280 4.2.1.2."""
    return x509.SubjectKeyIdentifier.from_public_key(key).digest


def known_as(issuer: bytes) -> frozenset[bytes] | None:
    """Return the key identifiers by which a real issuer's key may be named: None for any."""
    if not issuer:
        return None
    certificate = x509.load_der_x509_certificate(issuer)
    found = value_of(certificate, x509.SubjectKeyIdentifier)
    # An issuer without an identifier contradicts none.
    return None if found is None else frozenset((found.digest,))


def _sign(key: Key, body: bytes, digest: hashes.HashAlgorithm) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(body, padding.PKCS1v15(), digest)
    return key.sign(body, ec.ECDSA(digest))


def _extensions(whole: bytes, key: PublicKey, signer: Signer) -> bytes:
    listed = inside(inside(whole))
    found = [_extension(one, key, signer) for _, one, _ in children(listed)]
    return element(_EXTENSIONS, element(SEQUENCE, b"".join(found)))


def _extension(whole: bytes, key: PublicKey, signer: Signer) -> bytes:
    parts = list(children(inside(whole)))
    oid, value = parts[0][2], parts[-1][2]
    if oid == _SKI:
        value = element(OCTETS, key_identifier(key))
    elif oid == _AKI:
        own = key_identifier(signer.key.public_key())
        value = element(SEQUENCE, b"".join(
            element(_KEY_ID, own) if tag == _KEY_ID and signer.was(body) else one
            for tag, one, body in children(inside(value))
        ))  # fmt: skip
    else:
        return whole
    head = b"".join(one for _, one, _ in parts[:-1])
    return element(SEQUENCE, head + element(OCTETS, value))


def _validity(certificate: x509.Certificate, shift: timedelta) -> bytes:
    ends = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    return element(SEQUENCE, b"".join(_time(end, shift) for end in ends))


def _time(moment: datetime, shift: timedelta) -> bytes:
    try:
        moved = moment + shift
    except OverflowError:
        moved = moment
    if moved.year >= _YEAR_2050 or moved.year < _YEAR_2050 - 100:
        return element(0x18, f"{moved.year:04d}{moved:%m%d%H%M%S}Z".encode())
    return element(0x17, f"{moved:%y%m%d%H%M%S}Z".encode())
