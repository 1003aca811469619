"""Questions of lesson 11: public certificates with serverAuth only, and a port that is blocked."""

from collections.abc import Callable
from datetime import timedelta

from ekukit.certificates import Certificate, EkuProfile
from ekukit.connections import State, connection
from ekukit.course import mendings as changes
from ekukit.course.forms import cause, choose, command, deployed, mend, predict, state, tick
from ekukit.course.question import Question
from ekukit.expressway import FarEndKind, Mode, Role, Slot, build, condition
from ekukit.expressway.build import CA1, certificate_for
from ekukit.expressway.commandline import CHECKING_MODE
from ekukit.expressway.farkinds import FAR_ROWS
from ekukit.expressway.network import Network

_ON = condition("C2")
_OFF = condition("C2", edge_checking=Mode.OFF)
_ZONE_PORT, _TUNNEL_PORT = connection("uc-zone").port, connection("ssh-tunnel").port
_NO_TUNNELS = Network(frozenset({_TUNNEL_PORT}))
_BLOCKED = condition("C2.1", network=_NO_TUNNELS)
_LACKS_EKU = "Core's client certificate lacks clientAuth"
_UNTRUSTED = "Edge does not trust the CA that issued Core's client certificate"
_DROPPED = "port 2222 is blocked between Core and Edge"
_MODE = "Edge: EKU checking mode Off"
_SERVER = "Core: server certificate from CA 1 with both EKUs"
_CLIENT = "Core: client certificate from CA 1 with both EKUs"
_OPEN_7001 = "Firewall: let Core reach Edge on port 7001"
_OPEN_2222 = "Firewall: let Core reach Edge on port 2222"


_MODES = {True: Mode.OFF, False: Mode.ON}
_WHERE = {
    (False, True): "on Edge alone",
    (True, False): "on Core alone",
    (True, True): "on both: one is not enough",
    (False, False): "nowhere: no mode brings the zone back",
}


def _where_off() -> str:
    """Return the fewest nodes whose mode brings the zone back, by trying them."""
    for (core, edge), words in _WHERE.items():
        modes = {"core_checking": _MODES[core], "edge_checking": _MODES[edge]}
        if state(condition("C2", **modes), "uc-zone") is State.ACTIVE:
            return words
    return _WHERE[False, False]


_SERVER_AUTH, _ANY = "it lists serverAuth only", "it lists any extended key usage and no other"
_UNKNOWN_CA, _TOO_OLD = "its CA is not in Edge's list", "it has expired"
_PARTNER = FAR_ROWS[FarEndKind.PARTNER].fqdn


def _caller(issuer: str, profile: EkuProfile) -> Certificate:
    return certificate_for(_PARTNER, Slot(issuer, profile), key="RSA-2048")


def _too_old() -> Certificate:
    found = _caller("public", EkuProfile.BOTH)
    return found.moved(not_after=found.not_before + timedelta(days=1))


_CALLERS: dict[str, Callable[[], Certificate]] = {
    _SERVER_AUTH: lambda: _caller("public", EkuProfile.SERVER),
    _ANY: lambda: _caller("public", EkuProfile.ANY),
    _UNKNOWN_CA: lambda: _caller("internal", EkuProfile.BOTH),
    _TOO_OLD: _too_old,
}


def _let_in() -> frozenset[str]:
    """Return the callers that Edge refuses with On and takes with Off, in real handshakes."""

    def is_active(mode: Mode, caller: Callable[[], Certificate]) -> bool:
        found = deployed(condition("C2", edge_checking=mode))
        found = changes.distrusting(found, Role.EDGE, *CA1.ca_certificates)
        called = changes.far_presenting(found, FarEndKind.PARTNER, caller())
        return state(called, "b2b-in") is State.ACTIVE

    return frozenset(
        words
        for words, caller in _CALLERS.items()
        if is_active(Mode.OFF, caller) and not is_active(Mode.ON, caller)
    )


QUESTIONS = (
    Question(
        "11.mode-on",
        "All four certificates are public and serverAuth only. Edge's EKU checking mode is On. "
        "What becomes of the zone and of the tunnels?",
        predict(_ON),
        hint="Core opens both. Which of its two certificates does a node present when it opens?",
        why="Core opens both and presents its client certificate (S2). Edge demands clientAuth in "
        "it, for the zone by its mode (E3), for the tunnels always (E7), and finds serverAuth.",
        facts=("S2", "E3", "E7", "TC1"),
        mistakes={
            "zone Active, tunnels Active": "Edge looks for clientAuth in what Core presents. "
            "Core's client store holds a copy with serverAuth only.",
            "zone Active, tunnels Failed": "That is what mode Off gives. Here the mode is On, and "
            "it covers the zone.",
            "zone Failed, tunnels Active": "The tunnels demand clientAuth, too; they never ask "
            "about the mode (E7).",
        },
    ),
    Question(
        "11.price",
        "Until now Edge's check refused four callers at a partner, each with one thing wrong in "
        "its certificate. Tick those that get in with the mode Off, as this kit reads it (E4).",
        tick(tuple(_CALLERS), _let_in),
        hint="What does Off pass over: the whole verification, or one part of it?",
        why="Off passes over the missing clientAuth and nothing else: chain, dates and names are "
        "checked as before (E4, our reading). It does so for everybody who opens SIP over TLS to "
        "this node, not for Core alone (E2).",
        facts=("E2", "E4"),
        mistakes={
            _SERVER_AUTH: "the mode is not for Core alone: whoever opens SIP over TLS to Edge and "
            "has serverAuth gets in (E2).",
            _ANY: "neither serverAuth nor clientAuth is in the list, and that is still refused "
            "(E4, assumed).",
            _UNKNOWN_CA: "the chain is verified in both modes (E4).",
            _TOO_OLD: "dates are verified in both modes (E4).",
        },
    ),
    Question(
        "11.command",
        "Test case 2 is over, and Edge still has its mode Off. Type the command that turns the "
        "EKU check on Edge on again.",
        command(
            lambda: build(_OFF).edge[0],
            f"{CHECKING_MODE}: On",
            lambda found: found.node.eku_checking is Mode.ON and found.node.role is Role.EDGE,
        ),
        hint="You have seen the command that turned it off, a few cells above.",
        why="Checking Mode is published as two words (K5); written as one, a node answers with an "
        "error. This panel reads both.",
        facts=("E1", "K5"),
        mistakes={
            f"{CHECKING_MODE}: Off": "That is the command that was typed before; Off is "
            "what the node has now.",
            "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: On": "That is the "
            "command of X15.4 for uploads; it is deprecated in X15.5 and checks no handshake (S8).",
        },
    ),
    Question(
        "11.where-off",
        "No new certificate is at hand today, and the zone alone must come back. Core and Edge "
        "have an EKU checking mode each. Where must it be Off?",
        choose(tuple(_WHERE.values()), _where_off),
        hint="The mode checks those who connect to the node on which it is set (E2). Who connects "
        "to whom?",
        why="Core opens the zone, so it arrives at Edge, and Edge's mode checks it (E2). Core's "
        "own mode checks who connects to Core, which zone and tunnels never do.",
        facts=("E2",),
        mistakes={
            _WHERE[True, False]: "Core's mode checks who connects to Core (E2), and the zone does "
            "not: Edge, which refuses, would go on refusing.",
            _WHERE[True, True]: "Edge's alone does it. Core's checks who connects to Core (E2), "
            "and the zone does not.",
            _WHERE[False, False]: "The zone is SIP over TLS, and that is what the mode governs "
            "(E2).",
        },
    ),
    Question(
        "11.case-1",
        "Diagnosis. Core's client certificate is from CA 1 with both EKUs. The zone is Active, the "
        "tunnels are Failed, and Core's event log says Connection timed out, port 2222. A "
        "colleague says: an EKU problem. What is it?",
        cause(
            _BLOCKED,
            "ssh-tunnel",
            {
                "client-eku-missing": _LACKS_EKU,
                "server-eku-missing": "Edge's server certificate lacks serverAuth",
                "client-untrusted": _UNTRUSTED,
                "client-expired": "Core's client certificate has expired",
                "unreached": _DROPPED,
            },
        ),
        hint="An EKU is read in a certificate. Who showed one to whom before the time-out?",
        why="Nothing answered on 2222, so no certificate was shown and none was refused. Every "
        "certificate here is right. A refusal is an answer, Permission denied (TC2); a time-out "
        "is none (K6): look at firewall and routing.",
        facts=("K6", "TC2", "N2"),
        mistakes={
            _LACKS_EKU: "The table says serverAuth + clientAuth. And a missing EKU shows as "
            "Permission denied: Core connects, and Edge answers (TC2, K6).",
            "Edge's server certificate lacks serverAuth": "It has serverAuth, and Core would have "
            "had to reach Edge to see it.",
            _UNTRUSTED: "Edge's list has root and issuing CA of CA 1; a refusal for want of trust "
            "would be an answer, no time-out.",
            "Core's client certificate has expired": "Then the zone would be down as well.",
        },
    ),
    Question(
        "11.mend",
        "Mend it: condition 2, and a firewall between Core and Edge drops port 2222. Tick the "
        "smallest change after which zone and tunnels are Active.",
        mend(
            condition("C2", network=_NO_TUNNELS),
            {
                _MODE: changes.edge_mode_off,
                _SERVER: changes.core_server_internal,
                _CLIENT: changes.core_client_internal,
                _OPEN_7001: lambda found: changes.port_opened(found, _ZONE_PORT),
                _OPEN_2222: lambda found: changes.port_opened(found, _TUNNEL_PORT),
            },
            needs=("uc-zone", "ssh-tunnel"),
        ),
        hint="Two connections, two faults: one is refused, the other never comes about.",
        why="Two faults, one behind the other: the port, which hides what Edge would say on 2222, "
        "and the client certificate that Edge refuses on the zone, and would refuse there.",
        facts=("K6", "E3", "E7"),
        mistakes={
            _SERVER: "Core opens both connections and shows its client certificate (S2). Its "
            "server certificate is not looked at (K1).",
            _MODE: "The zone alone comes back (E2); the tunnels do not ask for the mode (E7), and "
            "they are not even reached.",
            _OPEN_7001: "The zone's port is open: Edge refuses there, and a refusal is an answer.",
            _CLIENT: "The zone is Active with it. The tunnels still time out: on a connection that "
            "never comes about, no certificate is shown.",
            _OPEN_2222: "Now Core reaches Edge on 2222, and Edge says Permission denied: the "
            "time-out hid a second fault.",
        },
    ),
)
