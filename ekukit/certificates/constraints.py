"""What decides a path besides EKUs, names and dates: usages, CA flag, constraints, digest."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import ExtensionOID

from ekukit.certificates.extensions import extensions_of, unreadable, value_of

SIGNS, ENCIPHERS, AGREES, CERTIFIES, REVOKES = (
    "digitalSignature",
    "keyEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
)
UNKNOWN_DIGEST = "unknown"
SSL_CLIENT, SSL_SERVER = "SSL client", "SSL server"
# The first byte of Netscape's certificate type, from the highest bit on; the fourth from the right
# has no meaning.
_TYPES = {0x80: SSL_CLIENT, 0x40: SSL_SERVER, 0x20: "S/MIME", 0x10: "object signing",
          0x04: "SSL CA", 0x02: "S/MIME CA", 0x01: "object signing CA"}  # fmt: skip
_NETSCAPE = x509.ObjectIdentifier("2.16.840.1.113730.1.1")
# The order of RFC 5280 4.2.1.3, with the attributes of `cryptography`.
USAGES: dict[str, str] = {
    SIGNS: "digital_signature",
    "nonRepudiation": "content_commitment",
    ENCIPHERS: "key_encipherment",
    "dataEncipherment": "data_encipherment",
    AGREES: "key_agreement",
    CERTIFIES: "key_cert_sign",
    REVOKES: "crl_sign",
}
# Critical extensions that OpenSSL's path verification knows; any other is refused (error 34).
_KNOWN = frozenset({
    ExtensionOID.KEY_USAGE, ExtensionOID.SUBJECT_ALTERNATIVE_NAME, ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.CERTIFICATE_POLICIES, ExtensionOID.CRL_DISTRIBUTION_POINTS,
    ExtensionOID.EXTENDED_KEY_USAGE, ExtensionOID.POLICY_CONSTRAINTS,
    ExtensionOID.NAME_CONSTRAINTS, ExtensionOID.POLICY_MAPPINGS, ExtensionOID.INHIBIT_ANY_POLICY,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    _NETSCAPE, x509.ObjectIdentifier("1.3.6.1.5.5.7.1.14"),
    x509.ObjectIdentifier("1.3.6.1.5.5.7.1.7"), x509.ObjectIdentifier("1.3.6.1.5.5.7.1.8"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """What a certificate binds itself to, as far as path verification looks at it (E14).

    `key_usage` and `ca` are None where the extension is absent. `permitted` and `excluded` are DNS
    name constraints as written. `unknown_critical` are dotted OIDs. `digest` is the signature's
    ("sha256"), "" where the signature has none of its own, UNKNOWN_DIGEST where it is not known.
    `unreadable` are the dotted OIDs of extensions that are empty, damaged or there twice.
    `netscape` are the roles that a Netscape certificate type allows, None where there is none.
    """

    key_usage: tuple[str, ...] | None
    ca: bool | None
    path_length: int | None = None
    permitted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    unknown_critical: tuple[str, ...] = ()
    digest: str = "sha256"
    unreadable: tuple[str, ...] = ()
    netscape: tuple[str, ...] | None = None

    @property
    def key_usage_extension(self) -> x509.KeyUsage | None:
        """Return the key usage as an extension, None where it is absent."""
        if self.key_usage is None:
            return None
        bits = {attribute: name in self.key_usage for name, attribute in USAGES.items()}
        return x509.KeyUsage(**bits, encipher_only=False, decipher_only=False)


LEAF = Limits(key_usage=(SIGNS, ENCIPHERS), ca=False)
ISSUER = Limits(key_usage=(SIGNS, CERTIFIES, REVOKES), ca=True)


def read_limits(certificate: x509.Certificate) -> Limits:
    """Return what a real certificate binds itself to; raises ValueError where it is malformed."""
    usage = value_of(certificate, x509.KeyUsage)
    basic = value_of(certificate, x509.BasicConstraints)
    names = value_of(certificate, x509.NameConstraints)
    return Limits(
        key_usage=None
        if usage is None
        else tuple(name for name, told in USAGES.items() if getattr(usage, told)),
        ca=basic.ca if basic else None,
        path_length=basic.path_length if basic else None,
        permitted=_dns(names.permitted_subtrees if names else None),
        excluded=_dns(names.excluded_subtrees if names else None),
        unknown_critical=tuple(
            found.oid.dotted_string
            for found in extensions_of(certificate)
            if found.critical and found.oid not in _KNOWN
        ),
        digest=_digest(certificate),
        unreadable=unreadable(certificate),
        netscape=_netscape(certificate),
    )


def _netscape(certificate: x509.Certificate) -> tuple[str, ...] | None:
    value = next((e.value for e in extensions_of(certificate) if e.oid == _NETSCAPE), None)
    if not isinstance(value, x509.UnrecognizedExtension):
        return None
    # A bit string: tag, length, how many bits are not used, bits.
    bits = value.value[3] if value.value[:1] == b"\x03" and len(value.value) > 3 else 0  # noqa: PLR2004
    return tuple(word for bit, word in _TYPES.items() if bits & bit)


def usage_words(limits: Limits) -> str:
    """Return a key usage in words: "digitalSignature + keyEncipherment", or that it is absent."""
    if limits.key_usage is None:
        return "no key usage extension"
    return " + ".join(limits.key_usage) or "no usage"


def is_usual(limits: Limits) -> bool:
    """Return whether nothing in the limits can decide against an honest path."""
    usage = limits.key_usage
    needed = CERTIFIES if limits.ca else SIGNS
    names = limits.permitted or limits.excluded or limits.unknown_critical or limits.unreadable
    strong = limits.digest not in ("md5", "sha1", UNKNOWN_DIGEST)
    fits = (usage is None and not limits.ca) or (usage is not None and needed in usage)
    free = limits.path_length is None and limits.netscape is None
    return fits and strong and limits.ca is not None and not names and free


def limits_words(limits: Limits) -> str:
    """Return in one line what decides besides EKUs; what is as in any good certificate is left out.

    At most five names or OIDs are shown of each kind.
    """
    said = [f"key usage {usage_words(limits)}"]
    if limits.ca is not False:
        said.append("CA" if limits.ca else "no basic constraints")
    if limits.netscape is not None:
        said.append(f"Netscape certificate type {' + '.join(limits.netscape) or 'for nothing'}")
    if limits.path_length is not None:
        said.append(f"path length {limits.path_length}")
    for word, names in (("permitted", limits.permitted), ("excluded", limits.excluded)):
        if names:
            said.append(f"{word} names {', '.join(names[:5])}{_more(len(names) - 5)}")
    for word, oids in (("unknown critical", limits.unknown_critical),
                       ("not readable: extension", limits.unreadable)):  # fmt: skip
        if oids:
            said.append(f"{word} {', '.join(oids[:5])}{_more(len(oids) - 5)}")
    if limits.digest:
        said.append(f"signed with {limits.digest.upper()}")
    return "; ".join(said)


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _dns(trees: list[x509.GeneralName] | None) -> tuple[str, ...]:
    return tuple(tree.value for tree in trees or () if isinstance(tree, x509.DNSName))


def _digest(certificate: x509.Certificate) -> str:
    try:
        found = certificate.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return UNKNOWN_DIGEST
    return found.name if found else ""
