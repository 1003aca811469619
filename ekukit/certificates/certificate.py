"""What a certificate says, as plain values: the view that rules read and the lab makes real."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ekukit.certificates.constraints import (
    ISSUER,
    LEAF,
    Limits,
    is_usual,
    limits_words,
    read_limits,
)
from ekukit.certificates.eku import CLIENT_AUTH, SERVER_AUTH, Ekus, eku_words
from ekukit.certificates.extensions import extensions_of, value_of

_MOST_ODD = 4
_EKU = x509.ExtendedKeyUsage.oid


@dataclass(frozen=True, slots=True)
class CaCertificate:
    """A certificate of an authority, root or issuing, as it stands in a trusted CA list.

    `subject` and `issuer` are RFC 4514 strings; equal ones mean a root. `public` says whether
    browsers trust the hierarchy, None when that is not known (T9). `key` and `issuer_key` tell CAs
    of one name apart, as after a change of keys; they are empty where the name is enough. `kind` is
    the key's type and size, "" where it is the leaf's. `der` holds the bytes of a real certificate,
    which then decide (E14); it is empty for one that the lab is to make. `place` is where it was
    read: of two certificates of one CA OpenSSL may take the one that was listed first.
    """

    subject: str
    issuer: str
    ekus: Ekus
    not_before: datetime
    not_after: datetime
    public: bool | None = None
    key: str = ""
    issuer_key: str = ""
    limits: Limits = field(default=ISSUER, repr=False)
    kind: str = field(default="", repr=False)
    der: bytes = field(default=b"", repr=False)
    place: int = field(default=0, repr=False, compare=False)

    @property
    def identity(self) -> tuple[str, str]:
        """Return what makes two certificates those of one CA: name and key."""
        return self.subject, self.key

    @property
    def is_root(self) -> bool:
        """Return whether the certificate is self-issued."""
        return self.subject == self.issuer

    @property
    def name(self) -> str:
        """Return the common name, or the whole subject when it has none."""
        return common_name(self.subject) or self.subject


@dataclass(frozen=True, slots=True)
class Certificate:
    """An end-entity (leaf) certificate with the authorities above it, issuing CA first.

    `serial` is what a capture shows. `names` are the DNS names of the SAN extension. `key` is the
    key type as "RSA-2048" or "EC-secp256r1". An empty `chain` means self-signed, or that the
    issuer is not known. `der` holds the bytes of a real certificate, which then decide; it is empty
    for one that the lab is to make. Nothing here is verified: this is what the certificate claims.
    """

    subject: str
    names: tuple[str, ...]
    ekus: Ekus
    serial: int
    not_before: datetime
    not_after: datetime
    chain: tuple[CaCertificate, ...]
    key: str = "RSA-2048"
    public: bool | None = None
    limits: Limits = field(default=LEAF, repr=False)
    der: bytes = field(default=b"", repr=False)

    @property
    def serial_hex(self) -> str:
        """Return the serial as lower-case hex without prefix."""
        return f"{self.serial:x}"

    @property
    def name(self) -> str:
        """Return the common name, or the whole subject when it has none."""
        return common_name(self.subject) or self.subject

    @property
    def answers_to(self) -> tuple[str, ...]:
        """Return the names that a check finds: those of the SAN, or without one the common name.

        As OpenSSL looks for a name; RFC 9525 wants the SAN alone, Cisco speaks of both.
        """
        found = common_name(self.subject)
        return self.names or ((found,) if "." in found and " " not in found else ())

    @property
    def issuer(self) -> str:
        """Return the issuer's distinguished name (the subject itself when self-signed)."""
        return self.chain[0].subject if self.chain else self.subject

    @property
    def issuer_name(self) -> str:
        """Return the issuer's common name, or its whole name when it has none."""
        return common_name(self.issuer) or self.issuer

    @property
    def has_client_auth(self) -> bool:
        """Return whether clientAuth is listed; absence of the extension is not a listing."""
        return self.ekus is not None and CLIENT_AUTH in self.ekus

    @property
    def lacks_client_auth(self) -> bool:
        """Return whether there are EKUs and clientAuth is not among them."""
        return self.ekus is not None and not self.has_client_auth

    @property
    def is_server_only(self) -> bool:
        """Return whether serverAuth is listed and clientAuth is not."""
        return self.lacks_client_auth and SERVER_AUTH in (self.ekus or ())

    def moved(self, **changes: object) -> "Certificate":
        """Return a copy with other values and a serial of its own, as a re-issue has.

        What was read from real bytes stays in the values; the bytes themselves no longer fit.
        """
        changed = replace(self, **{**changes, "der": b""})  # type: ignore[arg-type]
        return replace(changed, serial=serial_for(changed))

    def __str__(self) -> str:
        """Return the one-line description."""
        return describe(self)


@lru_cache(maxsize=1024)
def common_name(distinguished_name: str) -> str:
    """Return the common name in an RFC 4514 string, "" when there is none or it is no such string.

    Names in certificates of strangers need not be names at all.
    """
    try:
        name = x509.Name.from_rfc4514_string(distinguished_name)
    except ValueError:
        return ""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def serial_for(certificate: Certificate) -> int:
    """Return a 64-bit serial that depends on what the certificate says and on nothing else."""
    said = repr(replace(certificate, serial=0)).encode()
    return int.from_bytes(sha256(said).digest()[:8], "big") | 1 << 62


def describe(certificate: Certificate | None) -> str:
    """Return one line: name, EKUs, issuer and its kind, validity, serial, then what is odd."""
    if certificate is None:
        return "no certificate"
    kind = {True: "public CA", False: "internal CA", None: "not known to be public"}
    until = f"{certificate.not_before:%d %b %Y} - {certificate.not_after:%d %b %Y}"
    return (
        f"{certificate.name}: {eku_words(certificate.ekus)}; issued by {certificate.issuer_name} "
        f"({kind[certificate.public]}); {until}; "
        f"serial {certificate.serial_hex}{odd_words(certificate)}"
    )


def odd_words(certificate: Certificate) -> str:
    """Return what decides the path besides EKUs where it is not as usual, from "; " on; else ""."""
    links = ((certificate.limits, ""), *((ca.limits, f"{ca.name}: ") for ca in certificate.chain))
    told = [f"; {whose}{limits_words(found)}" for found, whose in links if not is_usual(found)]
    return "".join(told[:_MOST_ODD])


def read_x509(leaf: x509.Certificate, above: tuple[x509.Certificate, ...] = ()) -> Certificate:
    """Return the view of a real certificate; `above` holds its issuers, nearest first.

    Whether it is public is not decided here (`public` is None). Signatures are not checked.
    """
    return Certificate(
        subject=leaf.subject.rfc4514_string(),
        names=_dns_names(leaf),
        ekus=_ekus(leaf),
        serial=leaf.serial_number,
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        chain=tuple(read_ca(ca) for ca in above),
        key=_key_words(leaf),
        limits=read_limits(leaf),
        der=leaf.public_bytes(Encoding.DER),
    )


def read_ca(ca: x509.Certificate) -> CaCertificate:
    """Return the view of a real CA certificate."""
    return CaCertificate(
        subject=ca.subject.rfc4514_string(),
        issuer=ca.issuer.rfc4514_string(),
        ekus=_ekus(ca),
        not_before=ca.not_valid_before_utc,
        not_after=ca.not_valid_after_utc,
        limits=read_limits(ca),
        kind=_key_words(ca),
        der=ca.public_bytes(Encoding.DER),
    )


def _key_words(certificate: x509.Certificate) -> str:
    """Return the public key's type and size: "RSA-2048", "EC-secp256r1", or the class name."""
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return "a key of an unknown kind"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC-{key.curve.name}"
    return type(key).__name__


def _ekus(certificate: x509.Certificate) -> Ekus:
    """Return the EKUs; an extension that is empty or cannot be read allows none."""
    found = next((e.value for e in extensions_of(certificate) if e.oid == _EKU), None)
    usable = found if isinstance(found, x509.ExtendedKeyUsage) else ()
    return None if found is None else tuple(oid.dotted_string for oid in usable)


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    found = value_of(certificate, x509.SubjectAlternativeName)
    return () if found is None else tuple(found.get_values_for_type(x509.DNSName))


def utc(text: str) -> datetime:
    """Return midnight UTC of an ISO date, or the moment of an ISO date and time."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
