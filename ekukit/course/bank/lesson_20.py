"""Questions of lesson 20: Edge calls Webex, presents its client certificate, and waits."""

from dataclasses import replace

from ekukit.certificates import EkuProfile
from ekukit.connections import Protocol, connection, handshakes
from ekukit.course import mendings as changes
from ekukit.course.forms import cause, choose, mend, outcome, state
from ekukit.course.places import CORE_LIST, EDGE_CLIENT, EDGE_LIST, far, place
from ekukit.course.question import Question
from ekukit.expressway import (
    CertificateStore,
    Deployment,
    FarEndKind,
    Knowledge,
    Mode,
    Role,
    Slot,
    Store,
    build,
    condition,
)
from ekukit.expressway.build import CA2, certificate_for
from ekukit.expressway.scenarios import scenario
from ekukit.lab import record
from ekukit.lab.messages import messages

_CLIENT, _SERVER = "Edge's client certificate", "Edge's server certificate"
_CORES = "Core's client certificate"
_NO, _YES = "no: Webex judges only after it", "yes: Webex would not have answered otherwise"
_WEBEX, _INBOUND = "the call to Webex", "a call from a partner to Edge"
_XMPP = "XMPP federation, opened by Edge"
_PLACES = {_WEBEX: "webex", _INBOUND: "b2b-in", _XMPP: "xmpp-federation"}
_SHOWN = ("Client Hello", "Server Hello", "Certificate", "Certificate Request")


def _refused_by_trust() -> Deployment:
    """Return condition 3 with a Webex to which nobody gave the internal CA."""
    return build(condition("C3").with_far_end(FarEndKind.WEBEX, checks=Knowledge.YES))


def _refused_by_eku() -> Deployment:
    return build(condition("C4").with_far_end(FarEndKind.WEBEX, checks=Knowledge.YES))


def presented_by_client(found: Deployment, name: str) -> str:
    """Return whose certificate the initiator presents, in words, by a real handshake."""
    shown = outcome(found, name).presented_by_client
    return f"{shown.node}'s {shown.store} certificate" if shown else "none"


def presented_by_server(found: Deployment, name: str) -> str:
    """Return whose certificate the responder presents, in words, by a real handshake."""
    shown = outcome(found, name).presented_by_server
    return f"{shown.node}'s {shown.store} certificate" if shown else "none"


def _five_packets() -> str:
    """Return whether the published steps tell success from failure, by making both."""
    accepted, refused = scenario("X1"), _refused_by_trust()
    steps = [_steps(found) for found in (accepted, refused)]
    states = [state(found, "webex") for found in (accepted, refused)]
    return _NO if steps[0] == steps[1] and states[0] is not states[1] else _YES


def _steps(deployment: Deployment) -> list[tuple[str, str]]:
    shake = handshakes(deployment, connection("webex"))[0]
    found = messages(record(shake), Protocol.TLS)
    return [(m.side.value, m.name) for m in found if m.name in _SHOWN]


def _whose_serial() -> str:
    """Return the connection on which Edge presents its server store's serial."""
    found = scenario("X1")
    held = found.edge[0].server.certificate
    serial = held.serial_hex if held else ""
    for words, name in _PLACES.items():
        shown = outcome(found, name)
        presented = (shown.presented_by_client, shown.presented_by_server)
        if any(one and one.node == "Edge" and one.serial == serial for one in presented):
            return words
    return ""


def _client(deployment: Deployment, issuer: str, profile: EkuProfile) -> Deployment:
    node = deployment.edge[0]
    new = certificate_for(node.fqdn, Slot(issuer, profile), key="RSA-2048", kind=Store.CLIENT)
    return deployment.with_edge(client=CertificateStore(Store.CLIENT, new))


def _copied(deployment: Deployment) -> Deployment:
    node = deployment.edge[0]
    return deployment.with_edge(client=replace(node.server, kind=Store.CLIENT))


def _public_server(deployment: Deployment) -> Deployment:
    slot = Slot("public", EkuProfile.SERVER)
    new = certificate_for(deployment.edge[0].fqdn, slot, key="RSA-2048")
    return deployment.with_edge(server=CertificateStore(Store.SERVER, new))


def webex_unknown() -> Deployment:
    """Return scenario 1 with an Edge whose list has lost the public CA."""
    return changes.distrusting(scenario("X1"), Role.EDGE, *CA2.ca_certificates)


_CAUSES = {
    "client-untrusted": "Webex does not trust the CA that issued Edge's client certificate",
    "client-eku-missing": "Edge's client certificate lacks clientAuth, and Webex checks it",
    "server-untrusted": "Edge does not trust the CA that issued Webex's certificate",
    "client-expired": "Edge's client certificate has expired",
    "unreached": "Webex cannot be reached on port 5061",
}

QUESTIONS = (
    Question(
        "20.store",
        "Edge opens the call to Webex on port 5061, and Webex asks for a certificate. Which one "
        "does Edge present?",
        choose(
            (_CLIENT, _SERVER, _CORES, "none"), lambda: presented_by_client(scenario("X1"), "webex")
        ),
        hint="Who speaks first on this hop, and which store belongs to that role?",
        why="Edge opens the connection, so it is the TLS client and presents its client "
        "certificate (S2). The published capture shows its serial (X1).",
        facts=("S2", "X1"),
        mistakes={
            _SERVER: "That one is presented to those who call Edge. Here Edge calls.",
            _CORES: "Core ends its own connection at Edge. Each hop has certificates of its own.",
            "none": "Webex asks for one in packet 13715, and Edge has one.",
        },
    ),
    Question(
        "20.five-packets",
        "The source's list ends with packet 13718, Edge's certificate. Do these five packets show "
        "that Webex accepted it?",
        choose((_NO, _YES), _five_packets),
        hint="Make the same handshake with a Webex that does not know CA 1 and compare the first "
        "five messages.",
        why="The same five messages cross when Webex refuses: its verdict comes after Edge's "
        "certificate, as Finished or as an alert.",
        facts=("X1", "F1"),
        mistakes={
            _YES: "A server's certificate and its request come before it has seen anything of the "
            "client. Look at the refused handshake: the first five are the same.",
        },
    ),
    Question(
        "20.serial",
        "Diagnosis. A colleague sends a capture from Edge and says it is the call to Webex. "
        "In it Edge presents the serial of its server store below. What did he capture?",
        choose(tuple(_PLACES), _whose_serial, given=lambda: scenario("X1")),
        hint="Which role reads the server store?",
        why="Edge presents its server certificate only where it answers (S2). A call to Webex "
        "would show the other serial.",
        facts=("S2", "X1"),
        mistakes={
            _WEBEX: "There Edge opens, so the serial of its client store would be there.",
            _XMPP: "There Edge opens as well, so it presents its client store.",
        },
    ),
    Question(
        "20.case-1",
        "Diagnosis. The capture under the question before is of this deployment. Why does the "
        "call to Webex fail?",
        cause(_refused_by_trust, "webex", _CAUSES),
        hint="Who sent the alert, after which message, and what does its number mean?",
        why="Webex sent alert 48, unknown CA, after Edge's certificate: it does not know the "
        "internal CA that issued it (C3-far).",
        facts=("C3-far", "X1"),
        mistakes={
            _CAUSES["client-eku-missing"]: "That is alert 43, and this certificate has clientAuth.",
            _CAUSES["server-untrusted"]: "Then Edge would have sent the alert. Webex sent it.",
            _CAUSES["client-expired"]: "That is alert 45; look at the dates in the table, too.",
            _CAUSES["unreached"]: "Webex answered: there is a Server Hello.",
        },
    ),
    Question(
        "20.case-2",
        "Diagnosis. Another customer, another capture. Why does the call to Webex fail here?",
        cause(_refused_by_eku, "webex", _CAUSES),
        hint="Compare the alert with the one before, and read Edge's client store.",
        why="Webex sent alert 43, unsupported certificate. Edge presented a serverAuth-only copy, "
        "and this Webex is set to check clientAuth (C4-far).",
        facts=("C4-far", "S7"),
        mistakes={
            _CAUSES["client-untrusted"]: "That is alert 48. This Webex trusts the public CA.",
            _CAUSES["server-untrusted"]: "Then Edge would have sent the alert. Webex sent it.",
            _CAUSES["client-expired"]: "That is alert 45; look at the dates in the table, too.",
            _CAUSES["unreached"]: "Webex answered: there is a Server Hello.",
        },
    ),
    Question(
        "20.mend",
        "Mend it. Condition 3, and a partner on 5061 who trusts public CAs only and checks "
        "clientAuth. Edge's outbound call to the partner must work. Tick what is needed.",
        mend(
            condition("C3"),
            {
                "Set Edge's EKU checking mode to Off": lambda d: d.with_edge(eku_checking=Mode.OFF),
                "Replace Edge's server certificate with a public one": _public_server,
                "Copy Edge's server certificate into its client store": _copied,
                "Give Edge a public client certificate with both EKUs, of a root that allows it": (
                    lambda d: _client(d, "public", EkuProfile.BOTH)
                ),
            },
            needs=("b2b-out",),
        ),
        hint="Edge calls. Which store counts, and what does the partner demand of it?",
        why="Edge calls, so its client store counts. The partner wants a public issuer and "
        "clientAuth: an alternative root (R4), or a certificate issued before the cut-off (R5).",
        facts=("S2", "C3-far", "R4", "R5"),
        mistakes={
            "Set Edge's EKU checking mode to Off": "Edge's mode checks those who call Edge (E2). "
            "Here Edge calls.",
            "Replace Edge's server certificate with a public one": "That one is presented to those "
            "who call Edge. The partner sees the client certificate.",
            "Copy Edge's server certificate into its client store": "Both are of CA 1, and the "
            "partner trusts public CAs only (C3-far).",
            "Replace Edge's server certificate with a public one; Copy Edge's server certificate "
            "into its client store": "Now the issuer is public, but the copy is serverAuth only, "
            "and the partner checks (C4-far).",
        },
    ),
    Question(
        "20.place",
        "Diagnosis. A third customer: Webex shows its certificate, Edge sends alert 48, and the "
        "call is over. Where is that put right?",
        place(
            webex_unknown,
            "webex",
            (EDGE_CLIENT, EDGE_LIST, CORE_LIST, far(FarEndKind.WEBEX)),
            shown=False,
        ),
        hint="Whoever sends the alert has refused something. What has Edge just been shown?",
        why="Edge refused Webex's certificate: the public CA is not in Edge's own list (S3). An "
        "alert that is sent and one that is received have opposite cures (L4).",
        facts=("S3", "L4"),
        mistakes={
            EDGE_CLIENT: "Webex never came to judge it: Edge broke off first.",
            CORE_LIST: "Core takes no part in this hop, and its list is not asked.",
            far(FarEndKind.WEBEX): "Then Webex would have sent the alert, as in the two captures "
            "above.",
        },
    ),
)
