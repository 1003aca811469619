"""Real X.509 certificates and keys, made in memory from views; TEST ONLY."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ekukit.certificates.certificate import CaCertificate, Certificate
from ekukit.certificates.constraints import SIGNS, Limits
from ekukit.certificates.eku import Ekus
from ekukit.certificates.reissue import Key, PublicKey, Signer, known_as, reissue
from ekukit.errors import InputError

# What browsers' CAs assert (organization validated); the stand-in for a public CA does, too (T9).
_PUBLIC_POLICY = x509.ObjectIdentifier("2.23.140.1.2.2")
_NO_SHIFT = timedelta(0)
SignedWith = hashes.SHA256 | hashes.SHA384 | hashes.SHA512
_STRONG: tuple[SignedWith, ...] = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
_DIGESTS = {one.name: one for one in _STRONG}
FAST_KEY = "EC-secp256r1"
# The library issues nothing from before 1950; RFC 5280 4.1.2.5 ends with the year 9999.
_FIRST, _LAST = datetime(1950, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_SMALLEST_RSA, _LARGEST_RSA = 2048, 4096


@dataclass(frozen=True, slots=True)
class Credential:
    """A leaf certificate, its private key, and the CA certificates above it, nearest first."""

    leaf: x509.Certificate
    key: Key
    chain: tuple[x509.Certificate, ...]

    def leaf_pem(self) -> bytes:
        """Return the leaf certificate as PEM."""
        return certificate_pem(self.leaf)

    def chain_pem(self) -> bytes:
        """Return the certificates above the leaf as PEM, nearest first, without the root."""
        return b"".join(certificate_pem(ca) for ca in self.chain if ca.subject != ca.issuer)

    def key_pem(self) -> bytes:
        """Return the unencrypted PKCS#8 PEM of the private key; callers guard where it goes."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """Return any certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def new_key(kind: str) -> Key:
    """Return a new private key of a kind such as "RSA-2048" or "EC-secp256r1".

    Raises InputError for a kind that the lab does not make (8192-bit keys are judged by rule).
    """
    family, _, size = kind.partition("-")
    if family == "RSA" and size.isdigit() and _SMALLEST_RSA <= int(size) <= _LARGEST_RSA:
        return rsa.generate_private_key(public_exponent=65537, key_size=int(size))
    if kind == FAST_KEY:
        return ec.generate_private_key(ec.SECP256R1())
    msg = f"key kind {kind!r} is not made by the lab; use RSA-2048 to RSA-4096 or {FAST_KEY}"
    raise InputError(msg)


def _check_kind(kind: str) -> None:
    """Raise InputError for a key whose weakness a stand-in would hide."""
    family, _, size = kind.partition("-")
    if family == "RSA" and size.isdigit() and int(size) < _SMALLEST_RSA:
        msg = f"a {kind} key is too small for the lab; the real path is verified instead"
        raise InputError(msg)


@lru_cache(maxsize=256)
def _ca_key(_subject: str, _which: str, kind: str) -> Key:
    return new_key(kind)


@lru_cache(maxsize=1024)
def _leaf_key(_subject: str, _serial: int | None, kind: str) -> Key:
    return new_key(kind)


def forget_keys() -> None:
    """Forget all keys and certificates made in this process, so that new ones are made."""
    for made in (_ca_key, _leaf_key, make_ca, make_credential):
        made.cache_clear()


def _extended(builder: x509.CertificateBuilder, ekus: Ekus) -> x509.CertificateBuilder:
    if ekus is None:
        return builder
    purposes = x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in ekus])
    return builder.add_extension(purposes, critical=False)


def _limited(builder: x509.CertificateBuilder, limits: Limits) -> x509.CertificateBuilder:
    """Return the builder with what the limits say; raises InputError for what it cannot say."""
    if limits.ca is not None:
        basic = x509.BasicConstraints(limits.ca, limits.path_length if limits.ca else None)
        builder = builder.add_extension(basic, critical=True)
    if limits.key_usage_extension is not None:
        builder = builder.add_extension(limits.key_usage_extension, critical=True)
    if limits.permitted or limits.excluded:
        names = ([x509.DNSName(n) for n in told] for told in (limits.permitted, limits.excluded))
        permitted, excluded = (found or None for found in names)
        builder = builder.add_extension(x509.NameConstraints(permitted, excluded), critical=True)
    for oid in limits.unknown_critical:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"\x05\x00")
        builder = builder.add_extension(unknown, critical=True)
    return builder


def _digest(limits: Limits) -> SignedWith:
    found = _DIGESTS.get(limits.digest or "sha256")
    if found is None:
        msg = f"a signature with {limits.digest} is not made by the lab; use sha256"
        raise InputError(msg)
    return found


@lru_cache(maxsize=256)
def make_ca(
    ca: CaCertificate, kind: str = "RSA-2048", shift: timedelta = _NO_SHIFT
) -> x509.Certificate:
    """Return the real certificate of an authority, signed by its issuer's key of the same kind.

    `shift` moves the validity, for judges that know only the clock on the wall. The same view
    gives the same key within a process. CAs of one name share it unless their views' keys differ.
    The bytes of a real certificate are kept but for keys and signature.
    """
    key = _ca_key(ca.subject, ca.key, kind)
    signer = _ca_key(ca.issuer, ca.issuer_key, kind)
    if ca.der:
        _check_kind(ca.kind)
        # Nobody looks at the digest of a root's signature on itself.
        digest = "" if ca.is_root else ca.limits.digest
        return reissue(ca.der, key.public_key(), Signer(signer), digest=digest, shift=shift)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(ca.subject))
        .issuer_name(x509.Name.from_rfc4514_string(ca.issuer))
        .public_key(key.public_key())
        .serial_number(_ca_serial(ca))
        .not_valid_before(_moved(ca.not_before, shift))
        .not_valid_after(_moved(ca.not_after, shift))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_identifier(signer), critical=False)
    )
    builder = _limited(builder, ca.limits)
    return _extended(builder, ca.ekus).sign(signer, _digest(ca.limits))


def _signer(certificate: Certificate, kind: str) -> Key:
    which = certificate.chain[0].key if certificate.chain else ""
    return _ca_key(certificate.issuer, which, kind)


def _identifier(signer: Key) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())


def key_kind(certificate: Certificate) -> str:
    """Return the kind of key that the lab gives a view: its own, or for real bytes a quick one.

    A real RSA certificate whose key usage lacks digitalSignature keeps its family, since ciphers
    depend on it. Raises InputError for a real key whose weakness a stand-in would hide.
    """
    if not certificate.der:
        return certificate.key
    _check_kind(certificate.key)
    usage = certificate.limits.key_usage
    kept = usage is not None and SIGNS not in usage and certificate.key.startswith("RSA")
    return f"RSA-{_SMALLEST_RSA}" if kept else FAST_KEY


@lru_cache(maxsize=1024)
def make_credential(certificate: Certificate, shift: timedelta = _NO_SHIFT) -> Credential:
    """Return a real stand-in for a view: same subject, names, EKUs, issuers, serial and validity.

    Keys live in memory, one for each subject, CA keys of the leaf's kind; real bytes are kept but
    for keys and signature. Raises InputError for a key or a signature that the lab does not make.
    """
    kind = key_kind(certificate)
    # As if renewed by its old request; a self-signed one with a trusted one's key passed for it.
    key = _leaf_key(certificate.subject, None if certificate.chain else certificate.serial, kind)
    signer = _signer(certificate, kind) if certificate.chain else key
    leaf = _leaf(certificate, key.public_key(), signer, shift)
    above = tuple(make_ca(ca, kind, shift) for ca in certificate.chain)
    return Credential(leaf, key, above)


def make_leaf(certificate: Certificate, key: PublicKey, kind: str = "RSA-2048") -> x509.Certificate:
    """Return a view's certificate for a public key whose private key is not here.

    `kind` is that of the issuing CA's key. No handshake can be made with it.
    """
    return _leaf(certificate, key, _signer(certificate, kind), _NO_SHIFT)


def _moved(moment: datetime, shift: timedelta) -> datetime:
    """Return a moment moved, kept within the years that certificates can be issued with."""
    try:
        return min(max(moment + shift, _FIRST), _LAST)
    except OverflowError:
        return _LAST if shift > _NO_SHIFT else _FIRST


def _leaf(
    certificate: Certificate, key: PublicKey, signer: Key, shift: timedelta
) -> x509.Certificate:
    if certificate.der:
        issuer = certificate.chain[0].der if certificate.chain else certificate.der
        by, digest = Signer(signer, known_as(issuer)), certificate.limits.digest
        return reissue(certificate.der, key, by, digest=digest, shift=shift)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(certificate.subject))
        .issuer_name(x509.Name.from_rfc4514_string(certificate.issuer))
        .public_key(key)
        .serial_number(certificate.serial)
        .not_valid_before(_moved(certificate.not_before, shift))
        .not_valid_after(_moved(certificate.not_after, shift))
        .add_extension(_identifier(signer), critical=False)
    )
    builder = _limited(builder, certificate.limits)
    if certificate.names:
        names = x509.SubjectAlternativeName([x509.DNSName(name) for name in certificate.names])
        builder = builder.add_extension(names, critical=False)
    if certificate.public:
        policies = x509.CertificatePolicies([x509.PolicyInformation(_PUBLIC_POLICY, None)])
        builder = builder.add_extension(policies, critical=False)
    made = _extended(builder, certificate.ekus)
    if certificate.limits.digest == "sha1":  # with which the library signs nothing any more
        der = made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        return reissue(der, key, Signer(signer), digest="sha1", shift=_NO_SHIFT)
    return made.sign(signer, _digest(certificate.limits))


def _ca_serial(ca: CaCertificate) -> int:
    said = repr((ca.subject, ca.issuer, ca.ekus, *filter(None, (ca.key,)))).encode()
    return int.from_bytes(sha256(said).digest()[:8], "big") | 1
