"""Questions of lesson 11: public certificates with serverAuth only, and a port that is blocked."""

from ekukit.connections import connection
from ekukit.course import mendings as changes
from ekukit.course.forms import cause, command, mend, predict
from ekukit.course.question import Question
from ekukit.expressway import Choices, Mode, Role, build, condition
from ekukit.expressway.commandline import CHECKING_MODE
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


def _core_off() -> Choices:
    return condition("C2", core_checking=Mode.OFF)


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
        "11.mode-off",
        "Now Edge's mode is set to Off; no certificate is touched. What becomes of the zone and of "
        "the tunnels?",
        predict(_OFF),
        hint="The mode governs inbound SIP over TLS. Which of the two is SIP over TLS?",
        why="The mode governs SIP over TLS (E2), so the zone comes back. The tunnels are SSH and "
        "always demand clientAuth (E7). Cisco's test case 2 shows exactly this (TC2).",
        facts=("E2", "E7", "TC2"),
        mistakes={
            "zone Active, tunnels Active": "The tunnels are SSH, not SIP over TLS: the mode does "
            "not reach them (E7).",
            "zone Failed, tunnels Active": "The other way round: the mode covers the zone and not "
            "the tunnels.",
            "zone Failed, tunnels Failed": "With Off the missing clientAuth is passed over for "
            "inbound SIP over TLS, and the zone is that (E2).",
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
        "11.core-mode",
        "A colleague sets the mode to Off on Core instead, and leaves Edge On. Zone and tunnels?",
        predict(_core_off()),
        hint="The mode checks those who connect to the node on which it is set (E2). Does anyone "
        "connect to Core here?",
        why="Core opens both connections. Its own mode would check who connects to Core, and "
        "nobody does (E2). The change is for nothing.",
        facts=("E2",),
        mistakes={
            "zone Active, tunnels Active": "Nothing on Edge has changed, and Edge is the one that "
            "refuses.",
            "zone Active, tunnels Failed": "That needs Off on Edge: the mode works where the "
            "connection arrives (E2).",
            "zone Failed, tunnels Active": "The tunnels do not look at any mode (E7).",
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
