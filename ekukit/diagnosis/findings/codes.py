"""The one table of finding codes, shared by lab, rules, findings and sample cases."""

from ekukit.connections import connection
from ekukit.connections.reasons import TRUST_PAGE
from ekukit.diagnosis.findings.connection_codes import (
    CONNECTION_CODES,
    connection_code,
    trouble_codes,
)
from ekukit.diagnosis.findings.finding import Code, Severity
from ekukit.diagnosis.findings.outside_codes import OUTSIDE_CODES
from ekukit.log.alarms import ELSEWHERE, alarm_rows

_TUNNEL = connection("ssh-tunnel").port
_BROKEN, _WILL_BREAK = Severity.BROKEN, Severity.WILL_BREAK
_WEAK, _NOTE = Severity.WEAK, Severity.NOTE
_RULES = (
    Code(
        "certificate.unknown-oid", "Numeric OIDs in the subject or issuer", _BROKEN,
        "No OIDs in subject or issuer that the SSH side does not know.",
        "Re-issue the certificate without them.", ("T2",),
    ),
    Code(
        "certificate.key-8192", "A key of 8192 bits", _WEAK,
        "An RSA key of 2048 to 4096 bits.", "Re-issue the certificate with such a key.", ("T3",),
    ),
    Code(
        "certificate.no-common-name", "The common name is missing", _BROKEN,
        "A common name in the subject.", "Re-issue the certificate with one.", ("T4",),
    ),
    Code(
        "certificate.wildcard", "A wildcard name", _WEAK,
        "Full host names; wildcards are not supported.",
        "Re-issue the certificate with the node's host names.", ("T5",),
    ),
    Code(
        "certificate.no-eku", "A client certificate without an EKU extension", _NOTE,
        "clientAuth, or an acceptor that takes a certificate without EKUs.",
        "If it is refused, re-issue it with clientAuth.", ("E5", "E13"),
    ),
    Code(
        "certificate.names-missing", "Names of the server certificate are missing", _WEAK,
        "The names of Core's server certificate in its client certificate too.",
        "Re-issue the client certificate with these names.", ("E8",),
    ),
    Code(
        "certificate.expired", "A certificate has expired", _BROKEN,
        "A certificate inside its validity.", "Renew it ({page}).", ("RFC-TIME",),
    ),
    Code(
        "certificate.expired-since", "Expired since the archive was made", _WILL_BREAK,
        "A certificate inside its validity.", "See whether it was renewed since ({page}).",
        ("RFC-TIME",),
    ),
    Code(
        "certificate.expires-soon", "A certificate expires soon", _WILL_BREAK,
        "Time to renew before it expires.",
        "Renew it ({page}).{alternative}", ("RFC-TIME",),
    ),
    Code(
        "certificate.not-yet-valid", "A certificate is not valid yet", _BROKEN,
        "A certificate inside its validity.", "Check the node's clock and the first day.",
        ("RFC-TIME",),
    ),
    Code(
        "certificate.not-in-archive", "A certificate is not in the archive", _NOTE,
        "The certificate files of both stores of both nodes.",
        "Ask for a diagnostic log of that node, taken on X15.5.", ("S1",),
    ),
    Code(
        "trust.duplicate-common-name", "Two CAs with one common name in the trusted CA list", _WEAK,
        "One certificate for each common name.",
        f"Remove the one that is not used ({TRUST_PAGE}).",
        ("T6",),
    ),
    Code(
        "trust.ca-expired", "A CA in the trusted CA list has expired", _WEAK,
        "CAs inside their validity.",
        "Replace it, if a certificate is issued below it.", ("RFC-TIME",),
    ),
    Code(
        "store.equal-after-upgrade", "Both stores hold one certificate", _WILL_BREAK,
        "A client certificate of its own that keeps clientAuth at the next renewal.",
        "Before the next renewal, give {who} a client certificate from a CA that still issues "
        "clientAuth.", ("S4", "E9", "R1"),
    ),
    Code(
        "store.public-client-auth", "clientAuth from a public CA", _WILL_BREAK,
        "A CA that still issues clientAuth at the next renewal.",
        "Before the next renewal, find a CA that still issues clientAuth.", ("S9", "E9", "R1"),
    ),
    Code(
        "store.copy-of-server-only", "The client store is a serverAuth-only copy", _WEAK,
        "Far ends that do not check clientAuth, or a client certificate with clientAuth.",
        "Ask who runs each far end whether clientAuth is checked there; else give {who} a client "
        "certificate with clientAuth.", ("S7", "C4-far", "R3"),
    ),
    Code(
        "store.not-through-pages", "A client certificate that the web pages refuse", _NOTE,
        "A client certificate with clientAuth, or a copy of the server certificate.",
        "Find out how it came there; it can be an older copy of the server certificate.",
        ("S6", "S7", "S11"),
    ),
    Code(
        "mode.off-hides-missing-client-auth", "Mode Off hides a missing clientAuth", _WEAK,
        "clientAuth in {who}'s client certificate.",
        "Give {who} a client certificate with clientAuth; then set the mode to On.",
        ("E2", "R2"),
    ),
    Code(
        "issuer.limited-to-server-auth", "The issuing CA does not allow clientAuth", _WEAK,
        "An issuing CA without an EKU limit, or with clientAuth.",
        "Re-issue {who}'s client certificate below another CA.", ("E6", "E12"),
    ),
    Code(
        "tunnel.unreached", f"Port {_TUNNEL} was not reached", _BROKEN,
        f"A TCP connection from Core to Edge on port {_TUNNEL}.",
        "Look at firewall, DNS and whether the far node is up; this is no EKU refusal.",
        ("K6", "T7"),
    ),
    Code(
        "zone.unreached", "Edge's zone port was not reached", _BROKEN,
        "A TCP connection from Core to Edge on the zone's port.",
        "Look at firewall, DNS and whether the far node is up.", ("N1", "L1"),
    ),
    Code(
        "zone.verify-off", "TLS verify mode of a UC traversal zone is Off", _WEAK,
        "TLS verify mode On, as Unified Communications need it.",
        "Set it to On (Configuration > Zones > Zones); the product raises alarm 40040 for it.",
        ("A2", "E10"),
    ),
    Code(
        "tunnel.untrusted-issuing-ca", "The issuing CA is not trusted by the acceptor", _BROKEN,
        "Every issuing CA of {who}'s client certificate in {list}.",
        "Put the issuing CA into {list}.", ("T1", "E11"),
    ),
    Code(
        "tunnel.unexplained", "Tunnels failed, and nothing in the archive explains it", _BROKEN,
        "A cause that can be seen.",
        f"Check port {_TUNNEL}, DNS forward and reverse, NTP, and the authentication account.",
        ("T7",),
    ),
    Code(
        "prediction.differs", "Observed is not what the certificates predict", _NOTE,
        "Observation and prediction that agree.",
        "Look at what the archive does not show.", ("L1",),
    ),
    Code(
        "prediction.stand-in-differs", "A stand-in's handshake is not what the real path says",
        _NOTE, "A handshake with stand-ins that ends as the real path does.",
        "Trust the real path; look at keys and signatures, which stand-ins do not share.",
        ("E14",),
    ),
    Code(
        "log.refused", "A TLS handshake was refused", _WEAK,
        "A certificate that the refusing side accepts.",
        "Look at the certificate that was presented.", ("LAB-OTHER",),
    ),
    Code(
        "log.unknown-reason", "A failure whose reason is not known", _NOTE,
        "A reason that the kit knows.", "Read the line; look at the capture.", ("LAB-OTHER",),
    ),
    Code(
        "certificate.unreadable", "A certificate is there and cannot be read", _WEAK,
        "A file that a certificate tool can read.",
        "Ask for the file again, or export the certificate anew as PEM.", ("A1",),
    ),
    Code(
        "certificate.ca-first", "A CA stands where the leaf belongs", _WEAK,
        "The node's own certificate first in its file, its issuing CAs after it.",
        "Look which file was uploaded; put the leaf first, or upload the node's own certificate.",
        ("A1",),
    ),
    Code(
        "archive.private-key", "A private key is in the archive", _WEAK,
        "No private key outside its node.",
        "Delete the file, and replace key and certificate.", ("A1",),
    ),
    Code(
        "archive.unread", "A file could not be read", _NOTE,
        "Files as the node wrote them.", "Ask for it again if it matters.", ("A1",),
    ),
    Code(
        "archive.loose-certificates", "Certificates of which no store is known", _NOTE,
        "Files named as a node names them.",
        "Give ekukit check each as what it is meant for, or one as new for a slot of a case.",
        ("A1",),
    ),
    Code(
        "archive.one-side", "Only one side of the traversal is in the archive", _NOTE,
        "The archives of Core and of Edge.", "Ask for a diagnostic log of the other node.",
        ("S2",),
    ),
    Code(
        "archive.several-systems", "Nodes that do not call each other", _NOTE,
        "The nodes of one system.", "Look at each system alone, if they are of two.", ("N1",),
    ),
    Code(
        "archive.peer-missing", "A peer of a cluster is not in the archive", _NOTE,
        "The archives of all peers of a cluster.", "Ask for a diagnostic log of each peer.",
        ("S2",),
    ),
    Code(
        "archive.zones-not-judged", "Zones on which nobody was seen", _NOTE,
        "A handshake with a peer of each zone that uses TLS.",
        "Ask who runs each peer whether clientAuth is checked there, or take a capture while the "
        "zone connects.", ("S2", "N4", "F1"),
    ),
    Code(
        "archive.role-unknown", "Whether a node is Core or Edge is not known", _NOTE,
        "A Unified Communications traversal zone in the configuration.",
        "Name the role (--role HOST=core or HOST=edge).", ("N1",),
    ),
)  # fmt: skip

_ALARMS = (
    Code(row.code, f"Alarm: {row.title}", Severity(row.severity),
         "No such alarm.", row.todo, ("A2",))
    for row in alarm_rows() if row.severity != ELSEWHERE and row.number
)  # fmt: skip
CODES: dict[str, Code] = {
    **trouble_codes(),
    **{row.code: row for row in _ALARMS},
    **{row.code: row for row in (*CONNECTION_CODES, *_RULES, *OUTSIDE_CODES)},
}

__all__ = ["CODES", "Code", "connection_code"]
