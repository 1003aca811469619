"""Questions of lesson 21: a neighbor calls Core, and Core's mode decides about its certificate."""

from ekukit.certificates import EkuProfile
from ekukit.connections import Protocol, State, connection, handshakes
from ekukit.course import mendings as changes
from ekukit.course.bank.lesson_20 import presented_by_server
from ekukit.course.forms import cause, choose, mend, state, tick
from ekukit.course.places import CORE_CLIENT, CORE_LIST, CORE_SERVER, far, place
from ekukit.course.question import Question
from ekukit.expressway import Deployment, FarEndKind, Mode, Slot, Trust, build, condition
from ekukit.expressway.build import certificate_for
from ekukit.expressway.scenarios import scenario
from ekukit.lab import record
from ekukit.lab.messages import messages

_ROW = "neighbor-in"
_SERVER, _CLIENT = "Core's server certificate", "Core's client certificate"
_CORES_MODE, _EDGES_MODE = "Core's EKU checking mode", "Edge's EKU checking mode"
_NOBODY = "no mode: the neighbor decides"
_ON, _OFF = "mode On, TLS verify On", "mode Off, TLS verify On"
_UNVERIFIED = "mode On, TLS verify Off"
_RENEW = "Renew the neighbor's certificate with both EKUs at CA 1"
_NEIGHBOR, _BOTH = "neighbor.example.com", Slot("internal", EkuProfile.BOTH)


def with_neighbor(deployment: Deployment, fqdn: str, slot: Slot) -> Deployment:
    """Return the deployment with another certificate at the neighbor."""
    new = certificate_for(fqdn, slot, key="RSA-2048")
    return changes.far_presenting(deployment, FarEndKind.NEIGHBOR, new)


def server_only() -> Deployment:
    """Return scenario 2 with a neighbor whose certificate is public and serverAuth only."""
    return with_neighbor(scenario("X2"), _NEIGHBOR, Slot("public", EkuProfile.SERVER))


def unknown_to_neighbor() -> Deployment:
    """Return a Core with certificates of CA 1 and a neighbor that trusts public CAs only."""
    return build(condition("C4").with_far_end(FarEndKind.NEIGHBOR, trusts=Trust.PUBLIC))


def _wrong_name() -> Deployment:
    return with_neighbor(scenario("X2"), "old-neighbor.example.com", _BOTH)


def _deciding_mode() -> str:
    """Return the mode that changes the state of a serverAuth-only neighbor."""
    before = state(server_only(), _ROW)
    if state(server_only().with_core(eku_checking=Mode.OFF), _ROW) is not before:
        return _CORES_MODE
    if state(server_only().with_edge(eku_checking=Mode.OFF), _ROW) is not before:
        return _EDGES_MODE
    return _NOBODY


def _working() -> frozenset[str]:
    tried = {
        _ON: server_only(),
        _OFF: server_only().with_core(eku_checking=Mode.OFF),
        _UNVERIFIED: server_only().with_core(neighbor_verify=Mode.OFF),
    }
    return frozenset(words for words, d in tried.items() if state(d, _ROW) is State.ACTIVE)


def _missing() -> str:
    """Return the first kind of message that TLS verify Off takes away."""
    names = []
    for deployment in (scenario("X2"), scenario("X2").with_core(neighbor_verify=Mode.OFF)):
        shake = handshakes(deployment, connection(_ROW))[0]
        names.append([m.name for m in messages(record(shake), Protocol.TLS)])
    return next(name for name in names[0] if name not in names[1])


_CAUSES = {
    "client-eku-missing": "the neighbor's certificate lacks clientAuth",
    "client-name-mismatch": "the neighbor's certificate does not hold its host name",
    "client-untrusted": "Core does not trust the CA that issued the neighbor's certificate",
    "server-eku-missing": "Core's server certificate lacks serverAuth",
    "server-untrusted": "the neighbor does not trust the CA that issued Core's certificate",
}
_CORE_SENT = "Then the neighbor would have sent the alert. Core sent it."
_THEIR_LIST = "That would be the neighbor's refusal, alert 48 towards Core. Here Core refuses."

QUESTIONS = (
    Question(
        "21.store",
        "The neighbor at 10.106.80.15 opens a connection to Core on port 5061. Which certificate "
        "does Core present?",
        choose(
            (_SERVER, _CLIENT, "none: Core asks for the neighbor's only"),
            lambda: presented_by_server(scenario("X2"), _ROW),
        ),
        hint="In lessons 11 and 12 Core opened the connections. Who opens this one?",
        why="The neighbor opens, so Core is the TLS server and presents its server certificate "
        "(S2). The published capture shows its serial (X2).",
        facts=("S2", "X2"),
        mistakes={
            _CLIENT: "That is for connections that Core opens. Here it answers.",
            "none: Core asks for the neighbor's only": "A TLS server always presents one; asking "
            "for the other end's comes on top.",
        },
    ),
    Question(
        "21.whose-mode",
        "The neighbor's certificate is serverAuth only. Which setting decides whether it gets in?",
        choose((_CORES_MODE, _EDGES_MODE, _NOBODY), _deciding_mode),
        hint="The mode checks those who connect to the node on which it is set.",
        why="The connection arrives at Core, so Core's mode counts (E2, N4). It is the one case of "
        "this course in which Core's own mode matters.",
        facts=("E2", "N4"),
        mistakes={
            _EDGES_MODE: "Edge has no part in this connection.",
            _NOBODY: "The neighbor presents; Core is the one who checks.",
        },
    ),
    Question(
        "21.what-passes",
        "The same serverAuth-only neighbor. With which of Core's settings does its zone come up? "
        "Off as this kit reads it (E4), TLS verify too (E10). Tick all that do.",
        tick((_ON, _OFF, _UNVERIFIED), _working),
        hint="One of them passes over clientAuth, another does not even ask for a certificate.",
        why="Off passes over the missing clientAuth (E4, our reading); with TLS verify Off nobody "
        "is asked for a certificate, so there is nothing to check (E10).",
        facts=("E3", "E4", "E10"),
        mistakes={
            _ON: "mode On demands clientAuth in what the neighbor presents (E3).",
            _OFF: "Off passes over the missing clientAuth, as it does on Edge (E4).",
            _UNVERIFIED: "with TLS verify Off no certificate is asked for (E10).",
        },
    ),
    Question(
        "21.unasked",
        "TLS verify is set to Off on the zone. Which message of the capture is then missing?",
        choose(
            ("Client Hello", "Server Hello", "Server Key Exchange", "Certificate Request"), _missing
        ),
        hint="Packet 742 of the source holds four messages. One is there for the neighbor's "
        "certificate alone.",
        why="Without Certificate Request the neighbor presents none, and nothing is verified: "
        "that is why R8 is called weaker.",
        facts=("E10", "R8"),
        mistakes={
            "Client Hello": "Without it there is no handshake at all.",
            "Server Hello": "It answers the Client Hello in every handshake.",
            "Server Key Exchange": "It belongs to the key agreement, and that stays.",
        },
    ),
    Question(
        "21.case-1",
        "Diagnosis. The neighbor was renewed at its usual public CA, and its zone is down. The "
        "capture above shows Core's alert. What is the cause?",
        cause(server_only, _ROW, _CAUSES),
        hint="Who judges whom, when Core sends the alert? What does 43 mean?",
        why="Core sent alert 43, unsupported certificate: the neighbor's new certificate is "
        "serverAuth only, and Core looks for clientAuth (E3).",
        facts=("E2", "E3", "N4"),
        mistakes={
            _CAUSES["client-name-mismatch"]: "That is alert 42.",
            _CAUSES["client-untrusted"]: "That is alert 48; Core's list has root and issuing CA.",
            _CAUSES["server-eku-missing"]: _CORE_SENT,
            _CAUSES["server-untrusted"]: _THEIR_LIST,
        },
    ),
    Question(
        "21.case-2",
        "Diagnosis. The neighbor was replaced by a new machine and got the old one's certificate, "
        "with both EKUs. What does Core object to?",
        cause(_wrong_name, _ROW, _CAUSES),
        hint="Alert 42 is neither a usage nor an issuer.",
        why="With TLS verify On Core also compares names: the certificate holds the old host name. "
        "Mode Off would not help, for the name is checked in both modes.",
        facts=("N4", "E4"),
        mistakes={
            _CAUSES["client-eku-missing"]: "That is alert 43, and this one has both EKUs.",
            _CAUSES["client-untrusted"]: "That is alert 48; Core's list has root and issuing CA.",
            _CAUSES["server-eku-missing"]: _CORE_SENT,
            _CAUSES["server-untrusted"]: _THEIR_LIST,
        },
    ),
    Question(
        "21.mend",
        "Mend it. The neighbor's certificate is serverAuth only; TLS verify must stay On. Tick "
        "one change that is enough.",
        mend(
            server_only,
            {
                _RENEW: lambda d: with_neighbor(d, _NEIGHBOR, _BOTH),
                "Set Edge's EKU checking mode to Off": lambda d: d.with_edge(eku_checking=Mode.OFF),
                "Set Core's EKU checking mode to Off": lambda d: d.with_core(eku_checking=Mode.OFF),
            },
            needs=(_ROW,),
        ),
        hint="There are two single changes that do it. One keeps the check.",
        why="Renewing keeps the check. Off on Core works as well, but weakens it for everyone who "
        "calls Core over SIP TLS (E2).",
        facts=("E2", "E3", "N4"),
        mistakes={
            "Set Edge's EKU checking mode to Off": "Edge has no part in this connection.",
        },
    ),
    Question(
        "21.place",
        "Diagnosis. Another site, another neighbor. It is the neighbor who sends alert 48, and "
        "Core's certificates are to stay from CA 1. Where is that put right?",
        place(
            unknown_to_neighbor,
            _ROW,
            (CORE_SERVER, CORE_CLIENT, CORE_LIST, far(FarEndKind.NEIGHBOR)),
            shown=False,
        ),
        hint="Who refused, what had it been shown, and what is missing in its own list?",
        why="The neighbor does not know CA 1, which issued what Core answers with. Trust is put "
        "right at the one who judges; nobody's EKU is in question.",
        facts=("S2", "N4"),
        mistakes={
            CORE_SERVER: "It is valid and has serverAuth; one more of CA 1 would be refused alike.",
            CORE_CLIENT: "Core answers here: its client certificate is not shown (S2).",
            CORE_LIST: "Core's list decides whom Core trusts. It was the neighbor who refused.",
        },
    ),
)
