"""A lab run written as the files of a diagnostic archive: synthetic, in the documented grammar.

Certificates and captures are real. Log lines follow published lines; the text of a refusal is
OpenSSL's own, since what X15.5 logs for a refused EKU is not published. Zone and tunnel states
stay out of the status dump: its elements for them are not published either.
"""

import io
import tarfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ekukit.archive.loglines import log_lines
from ekukit.certificates import Certificate, certificate_pem, make_ca, make_credential
from ekukit.connections import CATALOG
from ekukit.expressway import CertificateStore, Deployment, Expressway, Role
from ekukit.lab import capture, run
from ekukit.lab.record import Conversation, conversations

SYNTHETIC = "synthetic"


def write_archive(deployment: Deployment, *, drop: Iterable[str] = ()) -> bytes:
    """Return a .tar.gz with the files of every peer of both nodes, of a run made now.

    File names, the text dumps, PEM files, pcapng captures and logs are those that the readers
    expect; `drop` leaves out kinds of files ("client", "loggingsnapshot", …). Private keys are
    never in it.
    """
    left_out = tuple(drop)
    files = {
        name: data
        for node in (*deployment.core, *deployment.edge)
        for name, data in node_files(deployment, node).items()
        if not name.startswith(left_out or ("\0",))
    }
    return packed(files, deployment.at)


def packed(files: dict[str, bytes], at: datetime) -> bytes:
    """Return files as a .tar.gz; the same files give the same bytes."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), int(at.timestamp()), 0o600
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def node_files(deployment: Deployment, node: Expressway) -> dict[str, bytes]:
    """Return the files of one peer by name."""
    host = node.fqdn.partition(".")[0]
    stamp = f"{deployment.at:%Y-%m-%d_%H_%M_%S}"

    def name(kind: str, extension: str) -> str:
        return f"{kind}_{host}_{stamp}.{extension}"

    made = conversations(deployment, _address_filter(node))
    files = {
        name("xconf_dump", "txt"): "\n".join(configuration_lines(deployment, node)).encode(),
        name("xstat_dump", "txt"): "\n".join(_status_lines(node)).encode(),
        name("ca", "pem"): _trusted_pem(deployment, node),
        name("loggingsnapshot", "txt"): "\n".join(log_lines(deployment, node, made)).encode(),
        name("eth0_diagnostic_logging_tcpdump00", "pcap"): capture(deployment, made=made),
    }
    stores = [("server", node.server)]
    stores += [("client", node.client)] if node.release.has_client_store else []
    for kind, store in stores:
        if store.certificate is not None:
            files[name(kind, "pem")] = _store_pem(store)
    return files


def _address_filter(node: Expressway) -> str:
    return node.address


def _store_pem(store: CertificateStore) -> bytes:
    if store.certificate is None:
        return b""
    credential = make_credential(store.certificate)
    return credential.leaf_pem() + (credential.chain_pem() if store.chain_uploaded else b"")


def _trusted_pem(deployment: Deployment, node: Expressway) -> bytes:
    """Return the trusted CA list; every CA once for each kind of key that the lab uses."""
    kinds = sorted({found.key for found in _certificates(deployment)}) or ["RSA-2048"]
    listed = sorted(node.trusted, key=lambda ca: (ca.subject, ca.issuer))
    return b"".join(certificate_pem(make_ca(ca, kind)) for ca in listed for kind in kinds)


def _certificates(deployment: Deployment) -> list[Certificate]:
    stores = [
        store
        for node in (*deployment.core, *deployment.edge)
        for store in (node.server, node.client)
    ]
    found = [store.certificate for store in stores if store.certificate]
    return found + [far.certificate for far in deployment.far_ends if far.certificate]


def configuration_lines(deployment: Deployment, node: Expressway) -> list[str]:
    """Return the text dump of the settings that matter here."""
    zone = "xConfiguration Zones Zone 1"
    core = node.role is Role.CORE
    kind = "TraversalClient" if core else "TraversalServer"
    lines = [f'*c xConfiguration SystemUnit Name: "{node.fqdn.partition(".")[0]}"']
    if node.release.has_client_store:
        mode = node.eku_checking.value
        lines.append(
            f'*c xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: "{mode}"'
        )
    lines += [
        f'*c {zone} Name: "uczone.MRA"',
        f'*c {zone} Type: "{kind}"',
        f'*c {zone} {kind} Collaboration Edge: "On"',
        f'*c {zone} {kind} SIP Port: "7001"',
        f'*c {zone} {kind} SIP TLS Verify Mode: "On"',
    ]
    if core:
        lines += [
            f'*c {zone} {kind} Peer {place} Address: "{peer.fqdn}"'
            for place, peer in enumerate(deployment.edge, 1)
        ]
    elif node.verify_subject_name:
        lines.append(f'*c {zone} {kind} SIP TLS Verify Subject Name: "{node.verify_subject_name}"')
    lines += [
        f'*c xConfiguration SIP Domains Domain {place} Name: "{domain}"'
        for place, domain in enumerate(deployment.domains, 1)
    ]
    return [*lines, "OK", ""]


def _status_lines(node: Expressway) -> list[str]:
    return [
        "*s SystemUnit: /",
        '  Product: "Cisco Expressway"',
        f'  Software Version: "{node.release.value}"',
        f'  SerialNumber: "{SYNTHETIC}"',
        "*s/end",
        "",
    ]


def connected(deployment: Deployment) -> Deployment:
    """Return the deployment without far ends, as an archive of the two nodes shows it."""
    return replace(deployment, far_ends=())


__all__ = ["Conversation", "configuration_lines", "node_files", "packed", "write_archive"]
_UNUSED = (CATALOG, run, timedelta)
