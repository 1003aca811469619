"""Failures for which no certificate is the known reason: one table of what each is, and what to do.

Beside the causes of `ekukit.connections.Cause`, which are about a certificate's path. Words are
told apart by the tables of `ekukit.diagnosis.words`; every row gives the finding codes
"<connection>.<trouble>", and for tunnels "tunnel.<trouble>".
"""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What went wrong, where no check of a certificate is named.

    REFUSED alone is about a certificate: it was refused, and the words do not say why.
    """

    REFUSED = "refused"
    NOT_TLS = "not-tls"
    VERSION = "no-common-version"
    CIPHER = "no-common-cipher"
    HANDSHAKE = "handshake-failure"
    SERVER_NAME = "server-name-unknown"
    CLOSED = "closed"
    DAMAGED = "damaged"
    PROTOCOL = "protocol-error"
    OWN_CERTIFICATE = "own-certificate-unusable"
    INTERNAL = "internal-error"
    TIMED_OUT = "timed-out"
    PORT_CLOSED = "port-closed"
    NO_ROUTE = "no-route"
    NO_NAME = "name-not-resolved"
    SIP_AUTHENTICATION = "sip-not-authenticated"
    SIP_FORBIDDEN = "sip-forbidden"
    SIP_SILENT = "sip-not-answered"
    SIP_UNAVAILABLE = "sip-unavailable"
    SIP_REFUSED = "sip-refused"
    HOST_KEY = "host-key"
    HOST_KEY_TYPE = "host-key-type"
    ALGORITHM = "no-common-algorithm"
    NOT_SSH = "not-ssh"
    LOST = "lost"
    OWN_FILES = "own-files"
    FORWARDING = "forwarding"
    ACCOUNT = "account"
    TOO_MANY = "too-many-failures"


@dataclass(frozen=True, slots=True)
class Told:
    """A row: what it is in a few words, in a sentence, what is required, and what to do.

    Words in braces: {client} and {server} are the ends, {near} the node that tells of it, {far}
    the other one, {port} the port, {judge} and {which} as in `ekukit.diagnosis.retold`.
    """

    title: str
    said: str
    required: str
    todo: str
    facts: tuple[str, ...] = ("LAB-OTHER",)


_NOT_WHY = "no certificate is named as the reason"
_SIP = "; TLS is up, so the certificate is not why"
_BEFORE = "; this comes before any client certificate is shown, so it is no EKU refusal"
_SSH_FACTS = ("N2", "T11")
_REACH = "A TCP connection to the port, and a name that resolves."

TROUBLES: dict[Trouble, Told] = {
    Trouble.REFUSED: Told(
        "refused, and the words do not say why",
        "{judge} refused {which}; the words do not say why",
        "A certificate that the refusing side accepts.",
        "Check its path, names, dates and usages against what {judge} trusts, and look in the log "
        "of {judge}, which knows the reason.",
        ("L4",),
    ),
    Trouble.NOT_TLS: Told(
        "what was sent is not TLS",
        f"what {{far}} sent on port {{port}} is not TLS; {_NOT_WHY}",
        "TLS spoken by both ends on that port.",
        "See what listens or calls there: a port without TLS, plain SIP or HTTP, or a device "
        "between.",
    ),
    Trouble.VERSION: Told(
        "no TLS version in common",
        f"{{near}} and {{far}} have no TLS version in common; {_NOT_WHY}",
        "A TLS version that both ends allow.",
        "Compare the TLS versions that both ends allow (Maintenance > Security > Ciphers).",
    ),
    Trouble.CIPHER: Told(
        "no cipher in common",
        f"{{near}} and {{far}} have no cipher, key exchange or signature algorithm in common; "
        f"{_NOT_WHY}",
        "Ciphers and algorithms that both ends allow.",
        "Compare the ciphers of both ends (Maintenance > Security > Ciphers), and see that the "
        "answering node has a certificate with a key of that kind.",
    ),
    Trouble.HANDSHAKE: Told(
        "the far end ended the handshake without a reason",
        "{far} ended the handshake with {near} (alert handshake failure): no version, cipher or "
        "algorithm in common, or a certificate demanded and none sent",
        "A handshake that succeeds.",
        "Look in the log of {far}, which knows the reason; compare TLS versions and ciphers.",
        ("L4",),
    ),
    Trouble.SERVER_NAME: Told(
        "the name asked for is not known there",
        "{far} does not know the server name that {near} asked for (alert unrecognized name); "
        "this is about the name in the request, not about a certificate",
        "A name that the far end serves.",
        "Compare the address that {near} calls with the names that {far} serves.",
        ("L4",),
    ),
    Trouble.CLOSED: Told(
        "closed during the handshake, without an alert",
        "the connection of {client} to {server} was closed during the handshake by {far} or by "
        f"something between, without an alert; {_NOT_WHY}",
        "A handshake that runs to its end.",
        "Look in the log of {far} at that moment: it says why when it was {far}. If it says "
        "nothing, look at firewalls with inspection between the two.",
    ),
    Trouble.DAMAGED: Told(
        "a message came damaged",
        f"a message between {{client}} and {{server}} could not be decrypted or its check sum "
        f"was wrong; {_NOT_WHY}",
        "Messages that arrive as they were sent.",
        "Look for a device between that changes TLS, and for errors of a network card.",
    ),
    Trouble.PROTOCOL: Told(
        "an end did not keep to the protocol",
        "one of {client} and {server} sent a handshake message that the other does not allow; "
        f"{_NOT_WHY}",
        "Handshake messages as the protocol has them.",
        "Compare software and TLS versions of both ends; look at the capture of that moment.",
    ),
    Trouble.OWN_CERTIFICATE: Told(
        "its own certificate or key cannot be used",
        "{near} cannot use its own certificate or private key, so it has nothing to present",
        "A certificate and the private key that belongs to it.",
        "Upload certificate and key again together on {near}, and restart it.",
    ),
    Trouble.INTERNAL: Told(
        "an error inside one end",
        f"{{near}} or {{far}} ended it for an error of its own; {_NOT_WHY}",
        "A handshake that succeeds.",
        "Look at memory and alarms of both ends at that moment.",
    ),
    Trouble.TIMED_OUT: Told(
        "not reached: no answer",
        "{client} did not reach {server}, port {port}",
        _REACH,
        "Look at firewall, DNS and whether {server} is up; no certificate was shown.",
        ("L1",),
    ),
    Trouble.PORT_CLOSED: Told(
        "not reached: the port is closed",
        "{client} did not reach {server}, port {port}: nothing listens there, or a firewall says so",
        _REACH,
        "See whether the service runs on {server} and listens on that port; no certificate was "
        "shown.",
        ("L1",),
    ),
    Trouble.NO_ROUTE: Told(
        "not reached: no route",
        "{client} did not reach {server}, port {port}: there is no route to it",
        _REACH,
        "Look at the static routes and gateways of {client}, and whether {server} is up; no "
        "certificate was shown.",
        ("L1",),
    ),
    Trouble.NO_NAME: Told(
        "not reached: the name does not resolve",
        "{client} could not resolve the name of {server}",
        _REACH,
        "Look at the DNS servers of {client} and the record of that name; no certificate was "
        "shown.",
        ("L1",),
    ),
    Trouble.SIP_AUTHENTICATION: Told(
        "the SIP answer asks for other credentials",
        f"{{server}} did not accept the credentials of {{client}} (SIP 401 or 407){_SIP}",
        "SIP OPTIONS that are answered 200.",
        "Compare user name and password of the zone on both nodes (Configuration > Zones; "
        "Configuration > Authentication > Devices > Local database).",
        ("N1", "L1"),
    ),
    Trouble.SIP_FORBIDDEN: Told(
        "the SIP answer is 403 Forbidden",
        f"{{server}} answered {{client}} with SIP 403 Forbidden{_SIP}",
        "SIP OPTIONS that are answered 200.",
        "Look at the zone's authentication policy, domains and call policy on {server}.",
        ("L1",),
    ),
    Trouble.SIP_SILENT: Told(
        "SIP is not answered",
        f"{{server}} did not answer {{client}} in time (SIP 408){_SIP}",
        "SIP OPTIONS that are answered 200.",
        "See whether SIP on {server} is up and its answers come back (routes, inspection of SIP "
        "by a firewall).",
        ("L1",),
    ),
    Trouble.SIP_UNAVAILABLE: Told(
        "the SIP answer says unavailable",
        f"{{server}} answered {{client}} with a SIP 5xx, as 503 Service Unavailable{_SIP}",
        "SIP OPTIONS that are answered 200.",
        "See whether {server} is overloaded, in maintenance mode, or has no zone for {client}.",
        ("L1",),
    ),
    Trouble.SIP_REFUSED: Told(
        "the SIP answer is a refusal",
        f"{{server}} answered {{client}} with a SIP refusal{_SIP}",
        "SIP OPTIONS that are answered 200.",
        "Read the answer; compare the zone's settings on both nodes.",
        ("L1",),
    ),
    Trouble.HOST_KEY: Told(
        "the host key was not accepted",
        "{client} refused the host key of {server}, which over SSH is its server certificate; "
        "clientAuth is not why",
        "A host certificate of the far node that the calling node trusts.",
        "See that root and issuing CA of {server}'s server certificate are in {client}'s trusted "
        "CA list and that its names hold the peer address; then restart {client}.",
        _SSH_FACTS,
    ),
    Trouble.HOST_KEY_TYPE: Told(
        "no host key type in common",
        f"{{client}} and {{server}} have no type of host key in common{_BEFORE}",
        "A type of host key that both nodes allow.",
        "Compare releases and SSH settings of both nodes, and the kind of key (RSA, EC) of "
        "{server}'s server certificate.",
        _SSH_FACTS,
    ),
    Trouble.ALGORITHM: Told(
        "no SSH algorithm in common",
        f"{{client}} and {{server}} have no key exchange, cipher, MAC or signature algorithm in "
        f"common{_BEFORE}",
        "SSH algorithms that both nodes allow.",
        "Compare releases and SSH settings (Maintenance > Security > SSH configuration) of both.",
        _SSH_FACTS,
    ),
    Trouble.NOT_SSH: Told(
        "what answers is not SSH, or is changed on its way",
        f"what {{client}} and {{server}} exchanged on port {{port}} is not the SSH of one "
        f"version{_BEFORE}",
        "SSH, unchanged on its way.",
        "See what answers on that port of {server}, and which device between changes it.",
        _SSH_FACTS,
    ),
    Trouble.LOST: Told(
        "lost while it was up",
        "the tunnel of {client} to {server} broke while it was up; no certificate is checked then",
        "A connection that lasts.",
        "Look at idle time-outs of firewalls between the nodes, and whether {server} restarted.",
        _SSH_FACTS,
    ),
    Trouble.OWN_FILES: Told(
        "its own SSH files cannot be used",
        "{near} cannot use SSH files of its own (key, certificate, configuration)",
        "SSH files that the node can read.",
        "Upload certificate and key of {near} again, restart it, and ask support if it stays.",
        _SSH_FACTS,
    ),
    Trouble.FORWARDING: Told(
        "the tunnel stands, a forwarding does not",
        "{client} is connected to {server} over SSH, and a port forwarding was refused or its "
        "port is in use; certificates were accepted before",
        "Every forwarding of the tunnel.",
        "Restart the node that says so: a port is still in use, or forwarding is not allowed.",
        _SSH_FACTS,
    ),
    Trouble.ACCOUNT: Told(
        "the authentication account is missing",
        "{server} does not let in the account that {client} uses; that is no certificate fault",
        "The authentication account of the tunnels on both nodes.",
        "Look at the traversal zone's authentication account (Configuration > Authentication) on "
        "{server}.",
        ("N2", "T7"),
    ),
    Trouble.TOO_MANY: Told(
        "no key was accepted",
        "{server} accepted none of the keys and certificates that {client} offered",
        "A client certificate that Edge accepts over SSH.",
        "Check Core's client certificate (clientAuth, issuing CA trusted by Edge), then the "
        "account.",
        ("N2", "E13"),
    ),
}  # fmt: skip

# Not reached at all, which each connection tells in one code of its own.
UNREACHED = frozenset((Trouble.TIMED_OUT, Trouble.PORT_CLOSED, Trouble.NO_ROUTE, Trouble.NO_NAME))
# Those of SSH alone.
OF_TUNNELS = frozenset((
    Trouble.HOST_KEY, Trouble.HOST_KEY_TYPE, Trouble.ALGORITHM, Trouble.NOT_SSH, Trouble.LOST,
    Trouble.OWN_FILES, Trouble.FORWARDING, Trouble.ACCOUNT, Trouble.TOO_MANY,
))  # fmt: skip
# Those that a refusal for a certificate may look like from the other end.
VAGUE = frozenset((Trouble.CLOSED, Trouble.HANDSHAKE, Trouble.REFUSED))
# Those after TLS is up.
OF_SIP = frozenset(one for one in Trouble if one.value.startswith("sip-"))


def trouble_code(connection: str, trouble: Trouble, side: str = "") -> str:
    """Return the finding code of a trouble on a connection of the catalog ("" when not told).

    `side` is whose certificate was refused ("client", "server"), for REFUSED alone.
    """
    if connection == "ssh-tunnel":
        names = {Trouble.TIMED_OUT: "unreached", Trouble.REFUSED: f"{side or 'client'}-refused"}
        return f"tunnel.{names.get(trouble, trouble.value)}"
    start = connection or "log"
    if trouble in UNREACHED:
        return "zone.unreached" if connection == "uc-zone" else f"{start}.unreached"
    if trouble is Trouble.REFUSED:
        return f"{start}.{side}-refused" if connection and side else "log.refused"
    return f"{start}.{trouble.value}"
