"""A TLS handshake by OpenSSL between two ends in memory, then a request over it."""

from collections.abc import Callable
from dataclasses import dataclass

from OpenSSL import SSL, crypto

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, make_credential
from ekukit.certificates.certificate import read_ca
from ekukit.certificates.constraints import AGREES, ENCIPHERS, SIGNS
from ekukit.certificates.credential import Credential, key_kind
from ekukit.connections import Cause, EkuCheck, Handshake, Side, Verdict
from ekukit.connections.handshake import End
from ekukit.lab import talk
from ekukit.lab.expected_name import expect_name
from ekukit.lab.standins import made_list
from ekukit.lab.tape import Transcript
from ekukit.lab.verify_errors import PURPOSE, cause_of

Verify = Callable[[SSL.Connection, crypto.X509, int, int, int], bool]
TLS_1_2, TLS_1_3 = SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION
_FLIGHT = 1 << 16
_MOST_TURNS = 40
_FATAL, ALERT_MASK = 2, 0xFF
_NEEDED = {Side.SERVER: CLIENT_AUTH, Side.CLIENT: SERVER_AUTH}
# One of these is enough in the key usage of the other end's leaf.
_USAGES = {Side.SERVER: {SIGNS, AGREES}, Side.CLIENT: {SIGNS, AGREES, ENCIPHERS}}


@dataclass(slots=True)
class _Watch:
    """What one end noticed while it verified the other, and which alert it sent."""

    error: int | None = None
    depth: int | None = None
    cause: Cause = Cause.OTHER
    alert: int | None = None
    prompted: bool = False


def run_tls(
    handshake: Handshake, transcript: Transcript | None = None, *, version: int = TLS_1_2
) -> Verdict:
    """Return what OpenSSL made of the handshake; accepted only when a request got its answer.

    Where nothing is said over a connection it is accepted once both ends completed it. Uses TLS
    1.2, where certificates and alerts can be read in a capture, unless `version` is TLS_1_3.
    Revocation is not checked. Nothing touches the network.
    """
    watches = {Side.CLIENT: _Watch(), Side.SERVER: _Watch()}
    tape = Transcript() if transcript is None else transcript
    ends = _ends(handshake, watches, tape, version)
    failure = _talk(ends, tape)
    if failure is None:
        if not talk.answered(ends[Side.CLIENT], ends[Side.SERVER], handshake, tape.flights):
            return Verdict(Cause.OTHER, text="no answer over the established connection")
        return Verdict(Cause.ACCEPTED, prompted=watches[Side.CLIENT].prompted)
    for judge, judged in ((Side.CLIENT, Side.SERVER), (Side.SERVER, Side.CLIENT)):
        watch = watches[judge]
        if watch.error is not None and watch.depth is not None:
            return Verdict(watch.cause, judged, watch.error, watch.depth, watch.alert, failure)
    sent = watches[Side.SERVER].alert
    if handshake.server.certificate is None:
        return Verdict(Cause.NO_CERTIFICATE, Side.SERVER, alert=sent, text=failure)
    if handshake.client.certificate is None:
        return Verdict(Cause.NO_CERTIFICATE, Side.CLIENT, alert=sent, text=failure)
    return Verdict(Cause.OTHER, alert=sent, text=failure)


def _ends(
    handshake: Handshake, watches: dict[Side, _Watch], tape: Transcript, version: int
) -> dict[Side, SSL.Connection]:
    ends = {}
    both = handshake.client, handshake.server
    for side, end, other in ((Side.CLIENT, *both), (Side.SERVER, *both[::-1])):
        context = _context(handshake, side, end, watches[side])
        context.set_min_proto_version(version)
        context.set_max_proto_version(version)
        context.set_keylog_callback(lambda _connection, line: tape.secrets.append(line))
        connection = SSL.Connection(context, None)
        expect_name(connection, end.expects_name, other.certificate)
        if side is Side.CLIENT:
            connection.set_tlsext_host_name(handshake.client.expects_name.encode() or b"server")
            connection.set_connect_state()
        else:
            connection.set_accept_state()
        ends[side] = connection
    return ends


def _context(handshake: Handshake, side: Side, end: End, watch: _Watch) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD if side is Side.CLIENT else SSL.TLS_SERVER_METHOD)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    if end.certificate is not None:
        _load(context, make_credential(end.certificate), end)
    store = context.get_cert_store()
    if store is None:  # pragma: no cover - OpenSSL always has one
        msg = "OpenSSL gave a context without a certificate store"
        raise RuntimeError(msg)
    _trust(store, end, handshake)
    if side is Side.SERVER and handshake.eku_check is EkuCheck.NOT_ASKED:
        context.set_verify(SSL.VERIFY_NONE)
    else:
        check = handshake.eku_check if side is Side.SERVER else handshake.server_check
        context.set_verify(
            SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
            _verifier(watch, side, check, prompts=end.prompts),
        )
    context.set_info_callback(_alert_watcher(watch))
    return context


def _key_kinds(handshake: Handshake) -> frozenset[str]:
    ends = (handshake.client.certificate, handshake.server.certificate)
    return frozenset(key_kind(found) for found in ends if found is not None)


def _trust(store: crypto.X509Store, end: End, handshake: Handshake) -> None:
    shown = (handshake.client.certificate, handshake.server.certificate)
    used = [ca for found in shown if found is not None for ca in found.chain]
    for kind in _key_kinds(handshake):
        for ca in made_list(end.trusted, kind, used):
            store.add_cert(crypto.X509.from_cryptography(ca))
    # OpenSSL takes the time as seconds of UTC; pyOpenSSL reads a naive value as UTC.
    store.set_time(handshake.at.replace(tzinfo=None))


def _load(context: SSL.Context, credential: Credential, end: End) -> None:
    context.use_certificate(credential.leaf)
    context.use_privatekey(credential.key)
    if end.sends_chain:
        for ca in credential.chain:
            if end.sends_root or ca.subject != ca.issuer:
                context.add_extra_chain_cert(ca)


def _verifier(watch: _Watch, judge: Side, check: EkuCheck, *, prompts: bool) -> Verify:
    def verify(
        _connection: SSL.Connection, found: crypto.X509, error: int, depth: int, good: int
    ) -> bool:
        if good:
            return True
        if error == PURPOSE and waived(check, found):
            return True
        cause = cause_at(error, depth, found, judge)
        if prompts and cause is Cause.UNTRUSTED:
            watch.prompted = True
            return True
        if watch.error is None:
            watch.error, watch.depth, watch.cause = error, depth, cause
        return False

    return verify


def cause_at(error: int, depth: int, found: crypto.X509, judge: Side) -> Cause:
    """Return the cause behind a verify error that a judging side finds at a certificate."""
    seen = read_ca(found.to_cryptography())
    usage = seen.limits.key_usage
    return cause_of(
        error,
        depth,
        has_eku=seen.ekus is None or _NEEDED[judge] in seen.ekus,
        signs=usage is None or not _USAGES[judge].isdisjoint(usage),
    )


def waived(check: EkuCheck, found: crypto.X509) -> bool:
    """Return whether a purpose error at this certificate is passed over, in Off as E4 reads it."""
    if check is not EkuCheck.BYPASSED:
        return check in (EkuCheck.IGNORED, EkuCheck.BY_STACK)
    ekus = read_ca(found.to_cryptography()).ekus
    return ekus is None or not {SERVER_AUTH, CLIENT_AUTH}.isdisjoint(ekus)


def _alert_watcher(watch: _Watch) -> Callable[[SSL.Connection, int, int], None]:
    def watcher(_connection: SSL.Connection, where: int, returned: int) -> None:
        if where & SSL.SSL_CB_ALERT and where & SSL.SSL_CB_WRITE and returned >> 8 == _FATAL:
            watch.alert = returned & ALERT_MASK

    return watcher


def _talk(ends: dict[Side, SSL.Connection], tape: Transcript) -> str | None:
    """Carry flights to and fro until both ends are done; return the failure's text, or None."""
    done: set[Side] = set()
    failure: str | None = None
    for _turn in range(_MOST_TURNS):
        for side in (Side.CLIENT, Side.SERVER):
            try:
                ends[side].do_handshake()
                done.add(side)
            except SSL.WantReadError:
                pass
            except SSL.Error as error:
                failure = words(error)
            other = Side.SERVER if side is Side.CLIENT else Side.CLIENT
            carry(ends[side], ends[other], side, tape.flights)
        if failure is not None:
            try:
                ends[Side.CLIENT].do_handshake()
            except SSL.WantReadError:
                pass
            except SSL.Error as error:
                failure = words(error) or failure
            return failure
        if len(done) == len(ends):
            return None
    return "the handshake did not end"


def carry(
    sender: SSL.Connection,
    receiver: SSL.Connection,
    side: Side,
    flights: list[tuple[Side, bytes]],
) -> None:
    """Carry what one end has to say to the other, and note it down."""
    try:
        flight = sender.bio_read(_FLIGHT)
    except SSL.WantReadError:
        return
    flights.append((side, flight))
    receiver.bio_write(flight)


def words(error: SSL.Error) -> str:
    """Return the library's own words for an error."""
    parts = error.args[0] if error.args else ()
    return "; ".join(str(part[-1]) for part in parts) if isinstance(parts, list) else str(error)
