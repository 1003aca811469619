"""Questions of lesson 22: MRA provisioning needs a third connection, and CUCM's trust."""

from ekukit.certificates import EkuProfile
from ekukit.connections import State
from ekukit.course import mendings as changes
from ekukit.course.bank.lesson_20 import presented_by_client
from ekukit.course.forms import Given, cause, choose, deployed, mend, state, tick
from ekukit.course.places import CORE_CLIENT, CORE_LIST, EDGE_LIST, far, place
from ekukit.course.question import Question
from ekukit.expressway import (
    CertificateStore,
    Deployment,
    FarEndKind,
    Mode,
    Role,
    Slot,
    Store,
    Trust,
    build,
    condition,
)
from ekukit.expressway.build import BOTH_TRUSTED, CA1, TRUSTED, certificate_for
from ekukit.expressway.scenarios import scenario

_CLIENT, _SERVER = "Core's client certificate", "Core's server certificate"
_EDGES = "Edge's client certificate"
_NAMES = {
    "UC traversal zone": "uc-zone",
    "SSH tunnels": "ssh-tunnel",
    "MRA provisioning": "cucm-tftp",
    "MRA login": "mra-login",
    "WebRTC proxy": "webrtc-proxy",
}
_EDGE_LIST, _CUCM_TRUST = "Edge's trusted CA list", "CUCM's trust store"
_PHONE, _WEBEX = "the MRA client's operating system", "Webex"
_TO_CUCM = "Put CA 1's root and issuing CA into CUCM's trust store"
_TO_EDGE = "Put CA 1's issuing CA into Edge's trusted CA list"
_OFF = "Set Edge's EKU checking mode to Off"
_RENEW = "Renew Core's server certificate with both EKUs at CA 1"


def _forgotten() -> Deployment:
    """Return condition 2.1 with CUCM forgotten: it trusts public CAs only."""
    return build(condition("C2.1").with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC))


def _half_done() -> Deployment:
    """Return condition 2.1 with CUCM forgotten and CA 1's issuing CA missing on Edge."""
    return _forgotten().with_edge(trusted=BOTH_TRUSTED - {CA1.issuing})


def core_lacks_ca1() -> Deployment:
    """Return condition 1 with a Core that does not know the CA of CUCM's certificate."""
    return changes.distrusting(deployed("C1"), Role.CORE, *CA1.ca_certificates)


def _cucm_trusts(deployment: Deployment) -> Deployment:
    changed = deployed(condition("C2.1")).far_end(FarEndKind.CUCM)
    far = tuple(changed if f.kind is FarEndKind.CUCM else f for f in deployment.far_ends)
    return Deployment(deployment.core, deployment.edge, deployment.at, far, deployment.domains)


def _renewed(deployment: Deployment) -> Deployment:
    slot = Slot("internal", EkuProfile.BOTH)
    new = certificate_for(deployment.core[0].fqdn, slot, key="RSA-2048")
    return deployment.with_core(server=CertificateStore(Store.SERVER, new))


def _working(given: Given) -> frozenset[str]:
    return frozenset(words for words, name in _NAMES.items() if state(given, name) is State.ACTIVE)


def _where_needed() -> frozenset[str]:
    """Return the places that must know CA 1: without it there, MRA login does not work."""
    good = condition("C2.1")
    without: dict[str, Given] = {
        _EDGE_LIST: deployed(good).with_edge(trusted=TRUSTED[Trust.PUBLIC]),
        _CUCM_TRUST: good.with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC),
        _PHONE: good.with_far_end(FarEndKind.MRA_CLIENT, trusts=Trust.PUBLIC),
        _WEBEX: good.with_far_end(FarEndKind.WEBEX, trusts=Trust.PUBLIC),
    }
    return frozenset(
        place for place, d in without.items() if state(d, "mra-login") is not State.ACTIVE
    )


_CAUSES = {
    "client-untrusted": "CUCM does not trust the CA that issued Core's client certificate",
    "client-eku-missing": "Core's client certificate lacks clientAuth",
    "server-untrusted": "Core does not trust the CA that issued CUCM's certificate",
    "client-expired": "Core's client certificate has expired",
    "unreached": "port 6972 is blocked by a firewall",
}

QUESTIONS = (
    Question(
        "22.store",
        "An MRA client logs in. Core opens a connection to CUCM on port 6972. Which certificate "
        "does Core present?",
        choose(
            (_CLIENT, _SERVER, _EDGES, "none: CUCM is inside the network"),
            lambda: presented_by_client(scenario("X3"), "cucm-tftp"),
        ),
        hint="Core opens this one. Inside or outside makes no difference to the rule.",
        why="Core opens, so it is the TLS client and presents its client certificate (S2, X3).",
        facts=("S2", "X3"),
        mistakes={
            _SERVER: "That is for those who call Core. Here Core calls.",
            _EDGES: "Edge ends its connections at Core. Each hop has certificates of its own.",
            "none: CUCM is inside the network": "The published capture shows Core's client "
            "certificate on 6972 (X3).",
        },
    ),
    Question(
        "22.what-works",
        "Condition 2.1, and CUCM refuses Core on port 6972. What works? Tick all that do.",
        tick(tuple(_NAMES), lambda: _working(_forgotten())),
        hint="CUCM has a part in one connection only. Which of the services needs it (V1, V2)?",
        why="Zone and tunnels are Active, and so the WebRTC proxy works (V1). MRA login also needs "
        "provisioning (V2), which CUCM refuses (T8).",
        facts=("V1", "V2", "T8"),
        mistakes={
            "UC traversal zone": "CUCM has no part in it; Core's client certificate is good.",
            "SSH tunnels": "CUCM has no part in them; Edge trusts CA 1.",
            "MRA provisioning": "that is the connection on 6972, and CUCM refuses it.",
            "MRA login": "it needs provisioning besides zone and tunnels (V2).",
            "WebRTC proxy": "it needs zone and tunnels, and no provisioning (V1).",
        },
    ),
    Question(
        "22.case-1",
        "Diagnosis. Zone and tunnels are Active, and nobody can log in. The capture above is of "
        "port 6972. What is the cause?",
        cause(_forgotten, "cucm-tftp", _CAUSES),
        hint="Who sent the alert? Which certificate had it just read?",
        why="CUCM sent alert 48, unknown CA, after Core's client certificate: CA 1 is missing in "
        "CUCM's trust store (T8).",
        facts=("T8", "X3"),
        mistakes={
            _CAUSES["client-eku-missing"]: "It has both EKUs, and the alert would be 43.",
            _CAUSES["server-untrusted"]: "Then Core would have sent the alert. CUCM sent it.",
            _CAUSES["client-expired"]: "That is alert 45; look at the dates in the table, too.",
            _CAUSES["unreached"]: "CUCM answered: there is a Server Hello.",
        },
    ),
    Question(
        "22.where-ca1",
        "Core's client certificate moves from the public CA to CA 1, as in condition 2.1. Where "
        "must CA 1 be trusted, so that MRA login works? Tick all places.",
        tick((_EDGE_LIST, _CUCM_TRUST, _PHONE, _WEBEX), _where_needed),
        hint="To whom does Core present this certificate?",
        why="To everyone to whom Core presents it: Edge for zone and tunnels, CUCM for "
        "provisioning (T8, R1). Clients and Webex never see a certificate of Core's.",
        facts=("T8", "R1", "S2"),
        mistakes={
            _EDGE_LIST: "Core presents it to Edge, for zone and tunnels.",
            _CUCM_TRUST: "Core presents it to CUCM on 6972 (T8).",
            _PHONE: "the client sees Edge's server certificate, which is public here.",
            _WEBEX: "Webex sees Edge's client certificate, never Core's.",
        },
    ),
    Question(
        "22.mend",
        "Mend it. Core's client certificate was moved to CA 1. Edge trusts the root of CA 1, "
        "nobody told CUCM, and MRA login fails. Tick what is needed, and no more.",
        mend(
            _half_done,
            {
                _OFF: lambda d: d.with_edge(eku_checking=Mode.OFF),
                _RENEW: _renewed,
                _TO_EDGE: lambda d: d.with_edge(trusted=BOTH_TRUSTED),
                _TO_CUCM: _cucm_trusts,
            },
        ),
        hint="Two things are wrong, on two systems. Over SSH a node sends its leaf alone (E11).",
        why="The tunnels need CA 1's issuing CA in Edge's list, since SSH sends the leaf alone "
        "(E11). Provisioning needs CA 1 in CUCM (T8).",
        facts=("E11", "T8", "V2"),
        mistakes={
            _TO_CUCM: "Provisioning works now, and the tunnels are still down: what is missing in "
            "Edge's list?",
            _TO_EDGE: "Zone and tunnels are Active now, and login needs a third connection (V2).",
            _RENEW: "Core opens zone, tunnels and provisioning, so nobody is shown its server "
            "certificate there (S2).",
            _OFF: "Nothing here lacks clientAuth; the mode changes nothing.",
        },
    ),
    Question(
        "22.place",
        "Diagnosis. Public certificates with both EKUs still, CUCM's own is from CA 1. Zone and "
        "tunnels are Active, nobody can log in, and on 6972 it is Core that sends alert 48. Where "
        "is that put right?",
        place(
            core_lacks_ca1,
            "cucm-tftp",
            (CORE_LIST, EDGE_LIST, CORE_CLIENT, far(FarEndKind.CUCM)),
            shown=False,
        ),
        hint="The one who sends alert 48 does not know a CA. Whose certificate did it look at?",
        why="Core checks CUCM's certificate, and does not have its CA (T10). The other direction "
        "of T8: there CUCM lacks the CA of Core's.",
        facts=("T10", "X3"),
        mistakes={
            EDGE_LIST: "Edge takes no part in what Core and CUCM show each other.",
            CORE_CLIENT: "CUCM has not refused it: the alert came from Core.",
            far(FarEndKind.CUCM): "That was the case before, in which CUCM sent the alert. Here "
            "Core did.",
        },
    ),
)
