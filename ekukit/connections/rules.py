"""The rule engine: what a handshake must come to, judged from values alone, in microseconds.

The order of the checks is OpenSSL's: the path is built first, then purposes from the leaf up,
then the name, then validity from the root down. The other engine makes the handshake; a test
holds the two together.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, CaCertificate, Certificate, Ekus
from ekukit.connections.handshake import (
    Cause,
    EkuCheck,
    End,
    Engine,
    Handshake,
    Protocol,
    Side,
    Verdict,
)
from ekukit.connections.pathrules import Link, limit_errors, name_errors, usage_fits, weak_leaf

# OpenSSL's verify errors and the TLS alert that its verifier sends for each (measured).
PURPOSE, NO_LOCAL_ISSUER, NO_ISSUER, SELF_SIGNED, SELF_SIGNED_ROOT = 26, 20, 2, 18, 19
NAME, EXPIRED, NOT_YET_VALID = 62, 10, 9
ALERTS = {
    PURPOSE: 43,
    NO_LOCAL_ISSUER: 48,
    NO_ISSUER: 48,
    SELF_SIGNED: 48,
    SELF_SIGNED_ROOT: 48,
    NAME: 42,
    EXPIRED: 45,
    NOT_YET_VALID: 42,
    25: 48,
    34: 46,
    47: 46,
    48: 46,
    66: 42,
    67: 42,
    68: 42,
    79: 48,
}
CAUSES = {
    NO_LOCAL_ISSUER: Cause.UNTRUSTED,
    NO_ISSUER: Cause.UNTRUSTED,
    SELF_SIGNED: Cause.UNTRUSTED,
    SELF_SIGNED_ROOT: Cause.UNTRUSTED,
    NAME: Cause.NAME,
    EXPIRED: Cause.EXPIRED,
    NOT_YET_VALID: Cause.NOT_YET_VALID,
    25: Cause.PATH_LENGTH,
    34: Cause.CRITICAL_EXTENSION,
    47: Cause.NAME_CONSTRAINTS,
    48: Cause.NAME_CONSTRAINTS,
    66: Cause.WEAK_KEY,
    67: Cause.WEAK_KEY,
    68: Cause.WEAK_DIGEST,
    79: Cause.NOT_A_CA,
}
NO_CERTIFICATE_ALERT = 40


def judge(handshake: Handshake) -> Verdict:
    """Return the verdict on a handshake by rules: the client judges first, then the server."""
    if handshake.unreached is not None:
        return Verdict(handshake.unreached, engine=Engine.RULES)
    found = verdicts(handshake)
    first = next((verdict for verdict in found if not prompts(handshake, verdict)), None)
    if first is not None:
        return first
    asked = any(prompts(handshake, verdict) for verdict in verdicts(handshake))
    return Verdict(Cause.ACCEPTED, prompted=asked)


def prompts(handshake: Handshake, verdict: Verdict) -> bool:
    """Return whether a person is asked about this refusal instead of being refused (N12)."""
    return (
        handshake.client.prompts
        and verdict.judged is Side.SERVER
        and verdict.cause is Cause.UNTRUSTED
    )


def verdicts(handshake: Handshake) -> Iterator[Verdict]:
    """Yield every refusal in the order in which it would be found; nothing when all is well.

    The first decides the state; the others stand hidden behind it.
    """
    for judged, presents, accepts in (
        (Side.SERVER, handshake.server, handshake.client),
        (Side.CLIENT, handshake.client, handshake.server),
    ):
        if judged is Side.CLIENT and handshake.eku_check is EkuCheck.NOT_ASKED:
            return
        if presents.certificate is None:
            yield Verdict(Cause.NO_CERTIFICATE, judged, alert=_alert(handshake, None))
        check = handshake.eku_check if judged is Side.CLIENT else handshake.server_check
        purpose = CLIENT_AUTH if judged is Side.CLIENT else SERVER_AUTH
        for error, depth, ekus in _errors(handshake, presents, accepts, purpose, check):
            cause = _cause_of(error, depth, allowed=ekus is None or purpose in ekus)
            leaf = presents.certificate
            if cause is Cause.KEY_USAGE and leaf and usage_fits(leaf.limits, purpose):
                cause = Cause.NETSCAPE_TYPE
            yield Verdict(cause, judged, error, depth, _alert(handshake, error))


def _cause_of(error: int, depth: int, *, allowed: bool) -> Cause:
    """Return the cause behind a verify error; where the EKUs allow it, a usage is what lacks."""
    if error != PURPOSE:
        return CAUSES[error]
    if allowed:
        return Cause.NOT_A_CA if depth else Cause.KEY_USAGE
    return Cause.CA_EKU if depth else Cause.EKU


def _waived(check: EkuCheck, ekus: Ekus) -> bool:
    """Return whether a purpose error at this certificate is passed over (Off: E4, our reading)."""
    if check is EkuCheck.BYPASSED:
        return ekus is None or SERVER_AUTH in ekus or CLIENT_AUTH in ekus
    return check in (EkuCheck.IGNORED, EkuCheck.BY_STACK)


def _alert(handshake: Handshake, error: int | None) -> int | None:
    if handshake.protocol is Protocol.SSH:
        return None
    return NO_CERTIFICATE_ALERT if error is None else ALERTS.get(error)


def _errors(
    handshake: Handshake, presents: End, accepts: End, purpose: str, check: EkuCheck
) -> Iterator[tuple[int, int, Ekus]]:
    """Yield errors with their depth and the EKUs of the certificate at which each stands."""
    leaf = presents.certificate
    if leaf is None:
        return
    if weak_leaf(leaf):
        yield 66, 0, leaf.ekus
    at = handshake.at.replace(microsecond=0)  # as OpenSSL counts
    path, broken = _path(leaf, _sent(handshake.protocol, presents, leaf), accepts, at)
    if broken:
        yield *broken, None
    links = (Link.of_leaf(leaf), *map(Link.of_ca, path))
    for error, depth in limit_errors(links, purpose):
        if error != PURPOSE or not _waived(check, links[depth].ekus):
            yield error, depth, links[depth].ekus
    if accepts.expects_name and not _matches(leaf, accepts.expects_name):
        yield NAME, 0, leaf.ekus
    for error, depth in (*_dates(at, (leaf, *path)), *name_errors(leaf, path)):
        yield error, depth, links[depth].ekus


def _dates(
    at: datetime, path: tuple[Certificate | CaCertificate, ...]
) -> Iterator[tuple[int, int]]:
    for depth, certificate in reversed(list(enumerate(path))):
        if at < certificate.not_before:
            yield NOT_YET_VALID, depth
        if at > certificate.not_after:
            yield EXPIRED, depth


def _sent(protocol: Protocol, presents: End, leaf: Certificate) -> tuple[CaCertificate, ...]:
    """Return the issuing CAs that reach the other end beside the leaf.

    Over SSH none (E11). Over TLS those that were uploaded with the leaf; if none was, OpenSSL sends
    what it finds in the sender's own trusted CA list, the root as well.
    """
    if protocol is Protocol.SSH:
        return ()
    if presents.sends_chain:
        return tuple(ca for ca in leaf.chain if presents.sends_root or not ca.is_root)
    own = {ca.identity for ca in presents.trusted}
    return tuple(takewhile(lambda ca: ca.identity in own, leaf.chain))


def _path(
    leaf: Certificate, sent: tuple[CaCertificate, ...], accepts: End, at: datetime
) -> tuple[tuple[CaCertificate, ...], tuple[int, int] | None]:
    """Return the CA certificates above the leaf that can be found, and how the path breaks.

    OpenSSL finds a trusted issuer by name and key, so a renewed certificate is as good. Once the
    path has reached the trusted list it looks nowhere else: what was sent does not count any more.
    """
    if not leaf.chain:
        return (), (SELF_SIGNED, 0)
    # Of a CA's certificates OpenSSL takes one that is valid, else the one that was listed first.
    ordered = sorted(
        accepts.trusted, key=lambda ca: (ca.not_before <= at <= ca.not_after, -ca.place)
    )
    listed = {ca.identity: ca for ca in ordered}
    known = {ca.identity for ca in sent}
    found: list[CaCertificate] = []
    inside = False
    for above in leaf.chain:
        trusted = listed.get(above.identity)
        if trusted is None and inside:
            return tuple(found), (NO_ISSUER, len(found))
        if trusted is None and (above.is_root or above.identity not in known):
            if above.identity in known:
                return tuple(found), (SELF_SIGNED_ROOT, len(found) + 1)
            return tuple(found), (NO_LOCAL_ISSUER, len(found))
        inside = trusted is not None
        found.append(trusted or above)
        if trusted is not None and trusted.is_root:
            return tuple(found), None
    return tuple(found), (NO_LOCAL_ISSUER, len(found))


def _matches(leaf: Certificate, name: str) -> bool:
    wanted = name.lower().rstrip(".")
    return any(offered.lower().rstrip(".") == wanted for offered in leaf.answers_to)
