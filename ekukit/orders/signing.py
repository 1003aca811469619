"""A key and a signing request (PKCS 10) for what a slot needs."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ekukit.certificates.constraints import LEAF, SIGNS, Limits
from ekukit.certificates.credential import FAST_KEY, new_key
from ekukit.errors import InputError
from ekukit.orders.slot_needs import SlotNeeds

KEYS = {"rsa3072": "RSA-3072", "ec-p256": FAST_KEY}
_OIDS = {
    "C": NameOID.COUNTRY_NAME, "ST": NameOID.STATE_OR_PROVINCE_NAME, "L": NameOID.LOCALITY_NAME,
    "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "CN": NameOID.COMMON_NAME,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A signing request and its private key, both PEM; the key is not encrypted."""

    csr: bytes
    key: bytes


def usages_of(key: str) -> Limits:
    """Return the usages that a key of a kind needs; keyEncipherment is for RSA alone (E14)."""
    return LEAF if KEYS[key].startswith("RSA") else Limits(key_usage=(SIGNS,), ca=False)


def sign_request(needs: SlotNeeds, key: str) -> SignedRequest:
    """Return a new key of a kind (of KEYS) and the request that it signs, with EKUs and names.

    Raises InputError for a subject that no certificate can have. A CA need not follow the request.
    """
    made = new_key(KEYS[key])
    usage = usages_of(key).key_usage_extension
    assert usage is not None  # noqa: S101 - both rows say one
    try:
        name = x509.Name([x509.NameAttribute(_OIDS[part], value) for part, value in needs.subject])
        builder = (
            x509.CertificateSigningRequestBuilder()
            .subject_name(name)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in needs.ekus]),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name) for name in needs.names]),
                critical=False,
            )
        )
    except ValueError as error:
        msg = f"{needs.host}: no request can be made ({error}); give the names by --names"
        raise InputError(msg) from None
    request = builder.sign(made, hashes.SHA256())
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # A key file without a final newline breaks MRA (T6).
    return SignedRequest(request.public_bytes(Encoding.PEM), pem.rstrip() + b"\n")
