"""Real certificate paths with something odd in them, made with `cryptography` alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, utc
from ekukit.certificates.constraints import USAGES
from ekukit.certificates.pemfile import ca_views, view_of
from ekukit.certificates.reissue import Signer, reissue
from ekukit.connections import Handshake, Side, Verdict, connection, handshakes
from ekukit.expressway import build, condition

ANY, CODE = "2.5.29.37.0", "1.3.6.1.5.5.7.3.3"
AT = utc("2026-06-15")
BOTH = (SERVER_AUTH, CLIENT_AUTH)
NAME = "core.example.com"
CURVES = {"secp192r1": ec.SECP192R1(), "secp224r1": ec.SECP224R1()}
SERIALS = {"leaf": 7, "Issuing CA": 8, "Upper CA": 9, "Root": 10}


@dataclass(frozen=True)
class Made:
    """One certificate to be made; None leaves an extension out."""

    ekus: tuple[str, ...] | None = None
    usage: tuple[str, ...] | None = ("digitalSignature", "keyEncipherment")
    ca: bool | None = False
    path_length: int | None = None
    permitted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    critical: bool = False
    digest: str = "sha256"
    key: str = "ec"
    strange_issuer: bool = False
    names: tuple[str, ...] = ("core.example.com",)
    last: str = "2030-01-01"
    netscape: int | None = None


ISSUER = Made(usage=("keyCertSign", "cRLSign"), ca=True)
LEAF = Made(ekus=BOTH)


@dataclass(frozen=True)
class Shape:
    """A path: the leaf, the CAs above it from the issuing CA up, and the root at the end."""

    leaf: Made = LEAF
    issuing: Made = ISSUER
    upper: Made | None = None
    root: Made = ISSUER


@cache
def key(kind: str, _place: str) -> PrivateKeyTypes:
    """Return a key of a kind, the same one for the same place."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    if kind in CURVES:
        return ec.generate_private_key(CURVES[kind])
    return rsa.generate_private_key(65537, int(kind))


def name(common: str) -> x509.Name:
    """Return a name."""
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def make(shape: Shape) -> tuple[x509.Certificate, ...]:
    """Return the path's certificates: leaf, issuing CA, perhaps a CA above it, root."""
    wanted = [("leaf", shape.leaf), ("Issuing CA", shape.issuing)]
    wanted += [("Upper CA", shape.upper)] if shape.upper else []
    wanted += [("Root", shape.root)]
    above = [*wanted[1:], wanted[-1]]
    return tuple(
        _certificate(title, made, *signer)
        for (title, made), signer in zip(wanted, above, strict=True)
    )


def _certificate(title: str, made: Made, signed_by: str, signer: Made) -> x509.Certificate:
    own, by = key(made.key, title), key(signer.key, signed_by)
    common = NAME if title == "leaf" else title
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(name(signed_by))
        .public_key(own.public_key())
        .serial_number(SERIALS[title])
        .not_valid_before(utc("2020-01-01"))
        .not_valid_after(utc(made.last))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    by_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key())
    other = x509.AuthorityKeyIdentifier(b"no such key", None, None)
    builder = builder.add_extension(other if made.strange_issuer else by_key, critical=False)
    if made.ca is not None:
        basic = x509.BasicConstraints(made.ca, made.path_length)
        builder = builder.add_extension(basic, critical=True)
    if made.usage is not None:
        bits = {told: used in made.usage for used, told in USAGES.items()}
        usage = x509.KeyUsage(**bits, encipher_only=False, decipher_only=False)
        builder = builder.add_extension(usage, critical=True)
    if made.ekus is not None:
        oid = x509.ExtendedKeyUsage.oid
        ekus: x509.ExtensionType = x509.UnrecognizedExtension(oid, b"\x30\x00")
        if made.ekus:
            ekus = x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in made.ekus])
        builder = builder.add_extension(ekus, critical=False)
    if title == "leaf" and made.names:
        names = x509.SubjectAlternativeName([x509.DNSName(name) for name in made.names])
        builder = builder.add_extension(names, critical=False)
    if made.permitted or made.excluded:
        trees = [
            [x509.DNSName(t) for t in told] or None for told in (made.permitted, made.excluded)
        ]
        builder = builder.add_extension(x509.NameConstraints(*trees), critical=True)
    if made.critical:
        odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        builder = builder.add_extension(odd, critical=True)
    if made.netscape is not None:
        oid = x509.ObjectIdentifier("2.16.840.1.113730.1.1")
        types = x509.UnrecognizedExtension(oid, bytes((3, 2, 0, made.netscape)))
        builder = builder.add_extension(types, critical=False)
    signed = builder.sign(by, hashes.SHA256())
    if made.digest == "sha256":
        return signed
    # `cryptography` builds no certificates with weak digests.
    der, public = signed.public_bytes(Encoding.DER), own.public_key()
    return reissue(der, public, Signer(by), digest=made.digest, shift=timedelta(0))


Change = Callable[[Shape], Shape]


def _leaf(**changes: object) -> Change:
    return lambda shape: replace(shape, leaf=replace(shape.leaf, **changes))


def _issuing(**changes: object) -> Change:
    return lambda shape: replace(shape, issuing=replace(shape.issuing, **changes))


# What may be odd in a path; pairs of them are tried as well.
ODDITIES: dict[str, Change] = {
    "leaf without EKU": _leaf(ekus=None),
    "leaf empty EKU": _leaf(ekus=()),
    "leaf server": _leaf(ekus=(SERVER_AUTH,)),
    "leaf client": _leaf(ekus=(CLIENT_AUTH,)),
    "leaf any": _leaf(ekus=(ANY,)),
    "leaf any+server": _leaf(ekus=(ANY, SERVER_AUTH)),
    "leaf code signing": _leaf(ekus=(CODE,)),
    "leaf key encipherment only": _leaf(usage=("keyEncipherment",), key="2048"),
    "leaf key agreement only": _leaf(usage=("keyAgreement",), key="2048"),
    "leaf data encipherment only": _leaf(usage=("dataEncipherment",), key="2048"),
    "leaf without key usage": _leaf(usage=None),
    "leaf with CA flag": _leaf(ca=True),
    "leaf without basic constraints": _leaf(ca=None),
    "leaf critical extension": _leaf(critical=True),
    "leaf Netscape server": _leaf(netscape=0x40),
    "leaf SHA-1": _leaf(digest="sha1"),
    "leaf RSA-1024": _leaf(key="1024"),
    "leaf RSA-2048": _leaf(key="2048"),
    "leaf without SAN": _leaf(names=()),
    "leaf with another name": _leaf(names=("other.example.com",)),
    "leaf with a wildcard": _leaf(names=("*.example.com",)),
    "leaf expired": _leaf(last="2026-01-01"),
    "issuing empty EKU": _issuing(ekus=()),
    "issuing CA server": _issuing(ekus=(SERVER_AUTH,)),
    "issuing CA client": _issuing(ekus=(CLIENT_AUTH,)),
    "issuing CA both": _issuing(ekus=BOTH),
    "issuing CA any": _issuing(ekus=(ANY,)),
    "issuing CA without basic constraints": _issuing(ca=None, usage=None),
    "issuing CA basic constraints false": _issuing(ca=False),
    "issuing CA without certificate-sign": _issuing(usage=("cRLSign",)),
    "issuing CA without key usage": _issuing(usage=None),
    "issuing CA critical extension": _issuing(critical=True),
    "issuing CA permits others": _issuing(permitted=("other.example.org",)),
    "issuing CA permits these": _issuing(permitted=("example.com",)),
    "issuing CA excludes these": _issuing(excluded=("example.com",)),
    "issuing CA SHA-1": _issuing(digest="sha1"),
    "issuing CA RSA-1024": _issuing(key="1024"),
    "issuing CA expired": _issuing(last="2026-01-01"),
    "root path length 0, two CAs": lambda s: replace(
        s, upper=ISSUER, root=replace(s.root, path_length=0)
    ),
    "root path length 1, two CAs": lambda s: replace(
        s, upper=ISSUER, root=replace(s.root, path_length=1)
    ),
    "root RSA-1024": lambda s: replace(s, root=replace(s.root, key="1024")),
    "root SHA-1": lambda s: replace(s, root=replace(s.root, digest="sha1")),
}


def shape_of(names: tuple[str, ...]) -> Shape:
    """Return the path with these oddities."""
    shape = Shape()
    for name in names:
        shape = ODDITIES[name](shape)
    return shape


def handshake_of(
    names: tuple[str, ...], side: Side, protocol: str = "uc-zone", *, trusts: int = 1
) -> Handshake:
    """Return a handshake in which one end shows the path with these oddities."""
    return handshake_for(make(shape_of(names)), side, protocol, trusts=trusts)


def handshake_for(
    path: tuple[x509.Certificate, ...], side: Side, protocol: str = "uc-zone", *, trusts: int = 1
) -> Handshake:
    """Return a handshake in which one end shows the path; `trusts` is where the list begins."""
    views = ca_views(path[1:])
    leaf = view_of(path[0], path[1:])
    start = handshakes(build(condition("C3", key="EC-secp256r1")), connection(protocol))[0]
    shows, judges = start.client, start.server
    if side is Side.SERVER:
        shows, judges = judges, shows
    chain = tuple(views[ca] for ca in path[1:])
    trusted = frozenset(views[ca] for ca in path[trusts:]) | judges.trusted
    shows = replace(shows, certificate=replace(leaf, chain=chain))
    judges = replace(judges, trusted=trusted, expects_name=NAME)
    client, server = (shows, judges) if side is Side.CLIENT else (judges, shows)
    return replace(start, client=client, server=server, at=AT)


def told(verdict: Verdict) -> tuple[int | None, int | None] | None:
    """Return a verdict's error and depth, None when it is accepted."""
    return None if verdict.accepted else (verdict.error, verdict.depth)
