"""A lab run written as the files of a diagnostic archive: synthetic, in the documented grammar.

Certificates and captures are real, made in the lab. Log and dumps follow published lines.
"""

import gzip
import io
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ekukit.certificates import (
    CaCertificate,
    Certificate,
    certificate_pem,
    make_ca,
    make_credential,
)
from ekukit.certificates.credential import make_leaf
from ekukit.connections.handshake import Talk
from ekukit.errors import InputError
from ekukit.expressway import CertificateStore, Deployment, Expressway, Role, Store
from ekukit.lab.packets import pcap
from ekukit.lab.record import RecordedConversation, conversations
from ekukit.samples.written_log import host_name, log_lines
from ekukit.samples.written_settings import (
    as_xml,
    configuration_text,
    settings,
    status,
    status_text,
)

DEFAULT_KEY = "RSA-2048"
# The lab makes no such key, because it takes long: of this one only the public half was kept.
NO_HANDSHAKE_KEY = "RSA-8192"
_PUBLIC_8192 = Path(__file__).with_name("rsa8192_public.pem")


@dataclass(frozen=True, slots=True)
class Recording:
    """What of a run an archive holds, and how it came out damaged.

    - roles: the nodes whose files are in it
    - connections: ids of the catalog that were tried while logging ran, None all
    - blocked: of these, the ones that nobody answered
    - per_peer: an archive of its own for every peer inside the archive, else all files flat
    - missing, cut: beginnings of file names ("client_core", "eth0") that are left out, or that
      end after three fifths of their bytes
    - zone: the nodes' time zone, in which the log's time stamps are printed
    """

    roles: tuple[Role, ...] = tuple(Role)
    connections: tuple[str, ...] | None = None
    blocked: tuple[str, ...] = ()
    per_peer: bool = False
    missing: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    zone: tzinfo = UTC


WHOLE = Recording()


def write_archive(deployment: Deployment, recording: Recording = WHOLE) -> bytes:
    """Return a .tar.gz with the files of every peer, of handshakes made now.

    A conversation is in the capture and log of both nodes that took part, with the same bytes.
    Where it is not known what a far end does, nothing of it is recorded. Private keys are never
    in it. Besides keys, signatures and what handshakes make at random, equal arguments give equal
    bytes. Raises KeyError for a connection that the catalog does not have, InputError for a key
    that the lab does not make and for two nodes of one host name.
    """
    _refuse_equal_hosts(deployment)
    made = tuple(
        found
        for found in conversations(deployment, recording.connections, blocked=recording.blocked)
        if found.certain
    )
    packed_peers: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    for node in (*deployment.core, *deployment.edge):
        if node.role not in recording.roles:
            continue
        own = _damaged(node_files(deployment, node, made, recording), recording)
        files |= own
        name = _name("diagnostic_log", node, deployment.at, "tar.gz")
        packed_peers[name] = packed(own, deployment.at)
    return packed(packed_peers if recording.per_peer else files, deployment.at)


def _refuse_equal_hosts(deployment: Deployment) -> None:
    nodes = (*deployment.core, *deployment.edge)
    hosts = [host_name(node) for node in nodes]
    for node, host in zip(nodes, hosts, strict=True):
        if hosts.count(host) > 1:
            msg = (
                f"{node.fqdn}: another node has the host name {host!r}, too, and the files of an "
                "archive are told apart by it; give the nodes names of their own"
            )
            raise InputError(msg)


def packed(files: Mapping[str, bytes], at: datetime) -> bytes:
    """Return files as a .tar.gz; the same files give the same bytes."""
    stream, written = io.BytesIO(), int(at.timestamp())
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", filename="", mtime=written) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w") as archive,
    ):
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), written, 0o600
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def node_files(
    deployment: Deployment,
    node: Expressway,
    made: Iterable[RecordedConversation],
    recording: Recording = WHOLE,
) -> dict[str, bytes]:
    """Return the files of one peer by name, with those of the conversations that are its own."""
    own = tuple(found for found in made if _seen(found, node))
    configured = settings(deployment, node, recording.connections)
    lines = log_lines(deployment, node, own, zone=recording.zone)
    files = {
        ("xconf_dump", "txt"): configuration_text(configured),
        ("xconf_dump", "xml"): as_xml("Configuration", configured),
        ("xstat_dump", "txt"): status_text(status(node)),
        ("xstat_dump", "xml"): as_xml("Status", status(node)),
        ("ca", "pem"): _trusted_pem(deployment, node),
        ("loggingsnapshot", "txt"): "\n".join([*lines, ""]).encode(),
        ("eth0_diagnostic_logging_tcpdump00", "pcap"): pcap(
            packet for found in own for packet in found.packets(closes=not _stays_open(found))
        ),
    }
    kinds = tuple(Store) if node.release.has_client_store else (Store.SERVER,)
    for kind in kinds:
        if node.store(kind).certificate is not None:
            files[kind.value, "pem"] = _store_pem(node.store(kind))
    return {_name(kind, node, deployment.at, end): data for (kind, end), data in files.items()}


def _seen(found: RecordedConversation, node: Expressway) -> bool:
    """Return whether packets of a conversation come to a node; what was blocked comes nowhere."""
    if found.reached:
        return found.has(node.address)
    return found.handshake.client.address == node.address


def _stays_open(found: RecordedConversation) -> bool:
    return found.accepted and found.handshake.talk is not Talk.HTTP


def _name(kind: str, node: Expressway, at: datetime, extension: str) -> str:
    moment = at.astimezone(UTC)
    return f"{kind}_{host_name(node)}_{moment:%Y-%m-%d_%H_%M_%S}.{extension}"


def _damaged(files: dict[str, bytes], recording: Recording) -> dict[str, bytes]:
    return {
        name: data[: len(data) * 3 // 5] if name.startswith(recording.cut) else data
        for name, data in files.items()
        if not name.startswith(recording.missing)
    }


def _store_pem(store: CertificateStore) -> bytes:
    found = store.certificate
    if found is None:
        return b""
    if found.key == NO_HANDSHAKE_KEY:
        leaf, chain = certificate_pem(_leaf_8192(found)), _chain_pem(found)
    else:
        credential = make_credential(found)
        leaf, chain = credential.leaf_pem(), credential.chain_pem()
    return leaf + (chain if store.chain_uploaded else b"")


def _leaf_8192(found: Certificate) -> x509.Certificate:
    key = load_pem_public_key(_PUBLIC_8192.read_bytes())
    if not isinstance(key, rsa.RSAPublicKey):  # pragma: no cover - the kit's own file
        msg = f"{_PUBLIC_8192.name} holds no RSA key"
        raise TypeError(msg)
    return make_leaf(found, key, DEFAULT_KEY)


def _chain_pem(found: Certificate) -> bytes:
    return b"".join(certificate_pem(make_ca(ca)) for ca in found.chain if not ca.is_root)


def _trusted_pem(deployment: Deployment, node: Expressway) -> bytes:
    """Return the trusted CA list; a CA stands in it once for each kind of key below it.

    In the lab a CA has a key of the kind that its leaf has, so a deployment with several kinds
    lists a CA several times.
    """
    listed = sorted(node.trusted, key=lambda ca: (ca.subject, ca.issuer, ca.ekus or ()))
    pems = [certificate_pem(make_ca(ca, kind)) for ca in listed for kind in _keys(deployment, ca)]
    return b"".join(dict.fromkeys(pems))


def _keys(deployment: Deployment, ca: CaCertificate) -> list[str]:
    nodes = (*deployment.core, *deployment.edge)
    leaves = [store.certificate for node in nodes for store in (node.server, node.client)]
    leaves += [far.certificate for far in deployment.far_ends]
    kinds = {leaf.key for leaf in leaves if leaf is not None and ca in leaf.chain}
    kinds = {DEFAULT_KEY if kind == NO_HANDSHAKE_KEY else kind for kind in kinds}
    everywhere = {leaf.key for leaf in leaves if leaf is not None} - {NO_HANDSHAKE_KEY}
    return sorted(kinds or set(sorted(everywhere)[:1]) or {DEFAULT_KEY})
