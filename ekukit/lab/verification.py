"""OpenSSL's path verification over real bytes: no private key is needed for a verdict.

A handshake is begun and ends with the Certificate message, which holds the real certificates: then
OpenSSL verifies the path, as in any handshake, with purpose, time, name and its default security
level, and says what it would refuse.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import takewhile

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL, crypto

from ekukit.certificates import FAST_KEY, CaCertificate, Certificate, make_ca, make_credential
from ekukit.certificates.pemfile import UNSEEN
from ekukit.connections import Cause, EkuCheck, Engine, Handshake, Protocol, Side, Verdict
from ekukit.connections.handshake import End
from ekukit.lab.expected_name import expect_name
from ekukit.lab.halfway import bring, certificate_message, judge_certificate
from ekukit.lab.oversize import oversize_faults
from ekukit.lab.standins import in_order
from ekukit.lab.tls import ALERT_MASK, cause_at, waived
from ekukit.lab.verify_errors import PURPOSE


@dataclass(frozen=True, slots=True)
class Path:
    """All that a verification depends on: who presents what to whom, as bytes."""

    leaf: bytes
    sent: tuple[bytes, ...]
    trusted: tuple[bytes, ...]


def verify(handshake: Handshake) -> Verdict:
    """Return the verdict of OpenSSL's path verification on both ends, the client's look first.

    ACCEPTED means that neither path is refused; that the handshake works beyond that, keys,
    ciphers and what is said afterwards, is not checked, nor is revocation. Raises InputError when
    a certificate without bytes cannot be made.
    """
    found = refusals(handshake)
    kept = [verdict for verdict in found if not _prompts(handshake, verdict)]
    if not kept:
        return Verdict(Cause.ACCEPTED, prompted=bool(found), engine=Engine.PATH, behind=())
    return replace(kept[0], behind=tuple(kept[1:]))


@lru_cache(maxsize=4096)
def refusals(handshake: Handshake) -> tuple[Verdict, ...]:
    """Return every refusal in OpenSSL's order; the first decides, the others stand behind it."""
    return tuple(_refusals(handshake))


def _prompts(handshake: Handshake, verdict: Verdict) -> bool:
    asked = handshake.client.prompts and verdict.judged is Side.SERVER
    return asked and verdict.cause is Cause.UNTRUSTED


def _refusals(handshake: Handshake) -> Iterator[Verdict]:
    for judged, presents, accepts in (
        (Side.SERVER, handshake.server, handshake.client),
        (Side.CLIENT, handshake.client, handshake.server),
    ):
        if judged is Side.CLIENT and handshake.eku_check is EkuCheck.NOT_ASKED:
            return
        if presents.certificate is None:
            yield Verdict(Cause.NO_CERTIFICATE, judged, engine=Engine.PATH)
            continue
        yield from _of_path(handshake, judged, presents, accepts)


def _of_path(handshake: Handshake, judged: Side, presents: End, accepts: End) -> Iterator[Verdict]:
    leaf = presents.certificate
    assert leaf is not None  # noqa: S101 - the caller has answered that case
    # A leaf that the lab makes is signed by a CA that the lab makes, real or not.
    kind = FAST_KEY if leaf.der else leaf.key
    ders = {
        ca: (leaf.der and ca.der) or make_ca(ca, kind).public_bytes(Encoding.DER)
        for ca in (*leaf.chain, *in_order(accepts.trusted))
        if ca.key != UNSEEN
    }
    path = Path(
        leaf.der or make_credential(leaf).leaf.public_bytes(Encoding.DER),
        tuple(ders[ca] for ca in _sent(handshake.protocol, presents, leaf.chain)),
        tuple(ders[ca] for ca in in_order(accepts.trusted) if ca in ders),
    )
    views = {der: ca for ca, der in ders.items()}
    for verdict, certificate in path_refusals(handshake, judged, path):
        above = views.get(certificate)
        yield replace(verdict, link=above.name if above is not None and verdict.depth else "")


def path_refusals(
    handshake: Handshake, judged: Side, path: Path
) -> Iterator[tuple[Verdict, bytes]]:
    """Yield OpenSSL's refusals of a path in a handshake, each with the certificate it stands at."""
    judged_end, accepts = handshake.client, handshake.server
    if judged is Side.SERVER:
        judged_end, accepts = accepts, judged_end
    leaf = judged_end.certificate
    assert leaf is not None  # noqa: S101 - there is a path, so there is a leaf
    check = handshake.eku_check if judged is Side.CLIENT else handshake.server_check
    asked = PathQuestion(handshake.at, judged, accepts.expects_name, check)
    judge = Side.SERVER if judged is Side.CLIENT else Side.CLIENT
    for fault in _faults(path, asked, leaf):
        seen = crypto.load_certificate(crypto.FILETYPE_ASN1, fault.certificate)
        cause = cause_at(fault.error, fault.depth, seen, judge)
        yield (
            Verdict(
                cause,
                None if cause is Cause.OTHER else judged,
                fault.error,
                fault.depth,
                alert=fault.alert if handshake.protocol is Protocol.TLS else None,
                text=fault.text,
                engine=Engine.PATH,
            ),
            fault.certificate,
        )


def _sent(
    protocol: Protocol, presents: End, above: tuple[CaCertificate, ...]
) -> tuple[CaCertificate, ...]:
    """Return the CA certificates that cross beside the leaf: over SSH none (E11)."""
    if protocol is Protocol.SSH:
        return ()
    chain = [ca for ca in above if ca.key != UNSEEN]
    if presents.sends_chain:
        return tuple(ca for ca in chain if presents.sends_root or not ca.is_root)
    own = {ca.identity for ca in presents.trusted}
    return tuple(takewhile(lambda ca: ca.identity in own, chain))


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """What a verification is asked: when, whose path, which name, and what of its EKUs."""

    at: datetime
    judged: Side
    name: str
    check: EkuCheck


@dataclass(slots=True)
class _Fault:
    """What OpenSSL found, at which certificate; for the first one, the alert and its words."""

    error: int
    depth: int
    certificate: bytes
    alert: int | None = None
    text: str = ""


def _faults(path: Path, asked: PathQuestion, leaf: Certificate) -> list[_Fault]:
    message = certificate_message((path.leaf, *path.sent))
    first = _looked(path, asked, message, leaf, stops=True)
    if first is None:
        return [_Fault(*found) for found in oversize_faults(path, asked, leaf)]
    further = (_looked(path, asked, message, leaf, stops=False) or ()) if first else ()
    return [*first, *further[1:]]


def _looked(
    path: Path, asked: PathQuestion, message: bytes, leaf: Certificate, *, stops: bool
) -> list[_Fault] | None:
    """Return what OpenSSL finds in a Certificate message, the first fault alone if it stops.

    None where OpenSSL gives up before it comes to the path, as with a message over 100 KB.
    """
    found: list[_Fault] = []
    alerts: list[int] = []
    reached: list[int] = []

    def look(_c: SSL.Connection, seen: crypto.X509, error: int, depth: int, good: int) -> bool:
        reached.append(depth)
        if good or (error == PURPOSE and waived(asked.check, seen)):
            return True
        der = crypto.dump_certificate(crypto.FILETYPE_ASN1, seen)
        found.append(_Fault(error, depth, der))
        return not stops

    def watch(_connection: SSL.Connection, where: int, returned: int) -> None:
        # Nobody answers, so that every alert is one that was sent.
        if where & SSL.SSL_CB_ALERT:
            alerts.append(returned & ALERT_MASK)

    context = _judge(asked, path.trusted)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, look)
    context.set_info_callback(watch)
    connection = SSL.Connection(context, None)
    expect_name(connection, asked.name, leaf)
    text = bring(connection, message, client=asked.judged is Side.CLIENT)
    if not reached:
        return None
    if found:
        found[0].text = text
        found[0].alert = alerts[0] if alerts else None
    return found


def _judge(asked: PathQuestion, trusted: Iterable[bytes]) -> SSL.Context:
    """Return the end that judges: a server for a client's path, at the asked time."""
    client = asked.judged is Side.CLIENT
    context = SSL.Context(SSL.TLS_SERVER_METHOD if client else SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    if client:
        own = make_credential(judge_certificate())
        context.use_certificate(own.leaf)
        context.use_privatekey(own.key)
    store = context.get_cert_store()
    assert store is not None  # noqa: S101 - OpenSSL always has one
    for der in trusted:
        store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, der))
    store.set_time(asked.at.replace(tzinfo=None))
    return context
