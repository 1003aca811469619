"""The rules of uploads as tables: the ways to a store, what pages refuse and take, warnings."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from ekukit.certificates.certificate import common_name
from ekukit.expressway.administration import UNKNOWN_MESSAGE, Door, Request
from ekukit.expressway.node import Release, Role, Store

NO_CLIENT_USAGE = (
    "Invalid certificate: The file provided does not have a client usage attribute. "
    "Services requiring mutual TLS may not work."
)
COPY_CHECKBOX = "Upload server certificate file as client certificate"
_LONGEST_KEY = "RSA-8192"


Test = Callable[[Request], bool]


@dataclass(frozen=True, slots=True)
class UploadRule:
    """A row: when it applies, what it rests on, why, and the answer if it decides."""

    applies: Test
    facts: tuple[str, ...]
    reason: str
    accepted: bool = False
    message: str = UNKNOWN_MESSAGE


_SILENT = "Cisco does not say what the page does with it"

# Whether there is a way at all: the first row that applies is the answer.
WAYS = (
    UploadRule(
        lambda r: r.kind is Store.CLIENT and not r.node.release.has_client_store,
        ("S1",),
        "Before X15.5 a node has one store; there is no client certificate page",
    ),
    UploadRule(
        lambda r: r.copy and not (r.on_server_page and r.on_server_page.has_client_store),
        ("S1", "S7"),
        f'The checkbox "{COPY_CHECKBOX}" stands on the server certificate page of X15.5 only',
    ),
    UploadRule(
        lambda r: r.via is Door.SCP and r.node.release is Release.X14_3,
        ("S10",),
        "Before X15.4 a certificate that the page refuses can be placed by SCP; no page checks it",
        accepted=True,
    ),
    UploadRule(
        lambda r: r.via is Door.SCP,
        ("S10",),
        "SCP is described for releases before X15.4; for later ones nothing is said, "
        "so it does not count as a way",
    ),
)

# What the pages refuse: every row that applies is told.
CHECKS = (
    UploadRule(
        lambda r: r.kind is Store.CLIENT and r.certificate.is_server_only,
        ("S6",),
        "The client store takes only certificates with clientAuth",
        message=NO_CLIENT_USAGE,
    ),
    UploadRule(
        lambda r: r.kind is Store.CLIENT and r.lists_neither,
        ("S6", "E5"),
        "The client store takes only certificates with clientAuth. Cisco does not say how it "
        "reads anyExtendedKeyUsage or other usages; for OpenSSL they are no clientAuth",
        message=NO_CLIENT_USAGE,
    ),
    UploadRule(
        lambda r: r.on_server_page is Release.X14_3 and r.lacks_client_auth,
        ("S8",),
        "Before X15.4 the page refuses certificates without clientAuth",
    ),
    UploadRule(
        lambda r: (
            r.on_server_page is Release.X15_4 and r.lacks_client_auth and not r.setting_counts
        ),
        ("S8",),
        "X15.4 takes a certificate without clientAuth only on Expressway-E, and only after "
        "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: On",
    ),
    UploadRule(
        lambda r: r.on_server_page is Release.X15_4 and r.lists_neither and r.setting_counts,
        ("S8", "E5"),
        f"EnableServerEkuUpload is for serverAuth-only certificates; for other usages {_SILENT}",
    ),
    UploadRule(
        lambda r: bool(r.untrusted),
        ("T6",),
        "An upload is refused until the issuing chain is in the trusted CA list; "
        "missing: {untrusted}",
    ),
)

# Why an upload is taken: the first row that applies.
TAKEN = (
    UploadRule(
        lambda r: r.kind is Store.CLIENT and r.certificate.ekus is None,
        ("S6", "E5"),
        f"Without an EKU extension no use is excluded, as OpenSSL reads it; {_SILENT}",
    ),
    UploadRule(lambda r: r.kind is Store.CLIENT, ("S6",), "The certificate lists clientAuth"),
    UploadRule(
        lambda r: r.certificate.ekus is None or r.lists_neither,
        ("S8", "E5"),
        f"No documented check refuses it; {_SILENT}",
    ),
    UploadRule(lambda r: r.copy, ("S7",), "The checkbox copies it into the client store unchecked"),
    UploadRule(
        lambda r: r.on_server_page is Release.X15_4 and r.lacks_client_auth,
        ("S8",),
        "EnableServerEkuUpload is On, so Expressway-E takes serverAuth-only certificates",
    ),
    UploadRule(
        lambda r: r.lacks_client_auth,
        ("S7", "S8"),
        "The server certificate page of X15.5 takes serverAuth-only certificates",
    ),
    UploadRule(lambda _: True, ("T6",), "No documented check of the page refuses it"),
)

# What is worth saying besides the verdict; the second part is the fact.
# Attributes that have a name, among them the three that T2 lists: 1.3.6.1.4.1.311.60.2.1.1 to .3.
NAMED_OIDS = frozenset(
    oid.dotted_string for oid in vars(NameOID).values() if isinstance(oid, x509.ObjectIdentifier)
)
# RFC 4514 writes as dotted numbers what it has no short name for, serialNumber as well.
_DOTTED = re.compile(r"(?:^|[,+])(\d+(?:\.\d+)+)=")


def _has_unknown_oid(request: Request) -> bool:
    leaf = request.certificate
    return not NAMED_OIDS.issuperset(_DOTTED.findall(f"{leaf.subject},{leaf.issuer}"))


WARNINGS: tuple[tuple[Test, str, str], ...] = (
    (lambda r: r.certificate.key == _LONGEST_KEY, "With a key of 8192 bits zones may fail", "T3"),
    (
        lambda r: not common_name(r.certificate.subject),
        "Without a common name MRA and the WebRTC proxy fail",
        "T4",
    ),
    (
        _has_unknown_oid,
        "An OID in subject or issuer that the SSH side does not know makes tunnels fail",
        "T2",
    ),
    (
        lambda r: any(name.startswith("*.") for name in (r.certificate.name, *r.certificate.names)),
        "Wildcard names are not supported",
        "T5",
    ),
    (
        lambda r: not r.certificate.chain and r.via is Door.PAGE,
        "No issuing chain is known here, so it was not compared with the trusted CA list",
        "T6",
    ),
    (
        lambda r: r.kind is Store.SERVER and r.lacks_server_auth,
        "A server's certificate needs serverAuth, and this one does not list it",
        "RFC-EKU",
    ),
    (
        lambda r: r.copy and r.lacks_client_auth,
        "Responders that check EKUs refuse a TLS client without clientAuth",
        "E3",
    ),
    (
        lambda r: r.copy and r.lacks_client_auth and r.node.role is Role.CORE,
        "The SSH tunnels demand clientAuth of Core, whatever the mode",
        "E7",
    ),
    (
        lambda r: r.fills_client_store and not r.lacks_client_auth and r.issuer_is_limited,
        "A CA above it does not allow clientAuth: OpenSSL refuses every client under it",
        "E6",
    ),
)
