"""Questions of lesson 11: public certificates with serverAuth only, in both modes."""

from ekukit.connections import State
from ekukit.course.forms import cause, command, predict, state, tick
from ekukit.course.question import Question
from ekukit.expressway import Choices, Mode, Role, build, condition
from ekukit.expressway.commandline import CHECKING_MODE

_ON = condition("C2")
_OFF = condition("C2", edge_checking=Mode.OFF)
_DENIED = "Core connected to port 2222 and was refused"
_TIMED_OUT = "Core never reached port 2222"


def _core_off() -> Choices:
    return condition("C2", core_checking=Mode.OFF)


def _working(choices: Choices) -> frozenset[str]:
    names = {
        "UC traversal zone": "uc-zone",
        "SSH tunnels": "ssh-tunnel",
        "MRA login": "mra-login",
        "WebRTC proxy": "webrtc-proxy",
    }
    return frozenset(words for words, name in names.items() if state(choices, name) is State.ACTIVE)


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
            "Look at the EKUs of Core's client store in the table above.",
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
        "11.what-works",
        "Mode Off on Edge, as in test case 2. What works? Tick all that do.",
        tick(
            ("UC traversal zone", "SSH tunnels", "MRA login", "WebRTC proxy"),
            lambda: _working(_OFF),
        ),
        hint="MRA login and the WebRTC proxy need the zone and the tunnels (V1).",
        why="The zone alone. Both services need the tunnels as well (V1), so for users nothing has "
        "changed.",
        facts=("E2", "E7", "V1"),
        mistakes={
            "UC traversal zone": "mode Off passes over the missing clientAuth here (E2).",
            "SSH tunnels": "they demand clientAuth in every mode (E7).",
            "MRA login": "it needs the tunnels as well as the zone (V1).",
            "WebRTC proxy": "a guest's browser takes the same two ways: zone and tunnels (V1).",
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
        "A colleague sets the mode to Off on *Core* instead, and leaves Edge On. Zone and tunnels?",
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
        "Diagnosis. The customer's tunnel page says Failed, Permission denied; the zone is Active. "
        "These are the certificates. Why are the tunnels down?",
        cause(
            _OFF,
            "ssh-tunnel",
            {
                "client-eku-missing": "Core's client certificate lacks clientAuth",
                "server-eku-missing": "Edge's server certificate lacks serverAuth",
                "client-untrusted": "Edge does not trust the CA that issued Core's client "
                "certificate",
                "client-expired": "Core's client certificate has expired",
                "unreached": "port 2222 is blocked by a firewall",
            },
        ),
        hint="Permission denied comes after connecting. Who presents which certificate on 2222, "
        "and what does Edge demand of it?",
        why="Core presents its client certificate, a copy of the server certificate with "
        "serverAuth only; the tunnels demand clientAuth in every mode (E7).",
        facts=("E7", "K1", "TC2"),
        mistakes={
            "Edge's server certificate lacks serverAuth": "It has serverAuth; look at its EKUs in "
            "the table.",
            "Edge does not trust the CA that issued Core's client certificate": "It gives the same "
            "picture (E11), so it must be checked; here Edge's list has root and issuing CA.",
            "Core's client certificate has expired": "Then the zone would be down as well.",
            "port 2222 is blocked by a firewall": "A blocked port shows as a time-out; Permission "
            "denied is an answer from Edge (K6).",
        },
    ),
)
