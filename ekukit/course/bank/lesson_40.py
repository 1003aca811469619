"""Questions of lesson 40: where a customer's case is put right, from what its log says."""

from ekukit.course.places import (
    BETWEEN,
    CORE_CLIENT,
    CORE_SERVER,
    EDGE_CLIENT,
    EDGE_LIST,
    EDGE_SERVER,
    far,
    place_in_case,
)
from ekukit.course.question import Question
from ekukit.expressway import FarEndKind

_PARTNER, _NEIGHBOR = far(FarEndKind.PARTNER), far(FarEndKind.NEIGHBOR)

QUESTIONS = (
    Question(
        "40.who-refused",
        "Calls from Edge to a partner fail. Edge's log has: Outbound TLS Negotiation Error, "
        'Detail="sslv3 alert unsupported certificate". Where is this put right?',
        place_in_case(
            "far-end-refuses-edge", "b2b-out", (EDGE_SERVER, EDGE_CLIENT, CORE_CLIENT, _PARTNER)
        ),
        hint="Is the word alert in the line? Then it was received. Who opened the connection?",
        why="An alert was received: the partner refused what Edge presented. Outbound says that "
        "Edge opened, so that was its client certificate (S2).",
        facts=("L4", "S2", "C4-far"),
        mistakes={
            EDGE_SERVER: "Outbound: Edge opened this connection, and then it presents its client "
            "certificate (S2).",
            CORE_CLIENT: "Core takes no part in the handshake between Edge and the partner.",
            _PARTNER: "Then the line would be Edge's own refusal, “unsuitable certificate "
            "purpose”. An alert was received: it speaks of Edge's certificate (L4).",
        },
    ),
    Question(
        "40.timed-out",
        "The zone is Active, the tunnels are Failed. Core's log has: connect to host "
        "edge.example.com port 2222: Connection timed out. Where is this put right?",
        place_in_case(
            "tunnels-timed-out", "ssh-tunnel", (CORE_CLIENT, EDGE_SERVER, EDGE_LIST, BETWEEN)
        ),
        hint="How far did Core get before the line was written?",
        why="Nobody answered, so nothing was shown and nothing refused (K6). Look at firewall, "
        "routing and DNS between the two (T7).",
        facts=("K6", "T7"),
        mistakes={
            CORE_CLIENT: "A missing clientAuth is refused after connecting, as Permission denied "
            "(TC2). A time-out is no evidence of an EKU problem (K6).",
            EDGE_SERVER: "Core has not seen any certificate of Edge's: nobody answered.",
            EDGE_LIST: "A CA that Edge does not trust is refused after connecting, too; here "
            "nobody answered.",
        },
    ),
    Question(
        "40.who-complained",
        "A zone to a neighbor is down. Core's log has: Inbound TLS Negotiation Error, "
        'Detail="unsuitable certificate purpose". Where is this put right?',
        place_in_case(
            "neighbor-refused-by-core",
            "neighbor-in",
            (CORE_SERVER, CORE_CLIENT, EDGE_CLIENT, _NEIGHBOR),
        ),
        hint="No word of an alert, so it is Core's own verdict. On whose certificate?",
        why="Core wrote its own refusal (L4): the neighbor opened, and its certificate lacks "
        "clientAuth. The node that complains is not the one to be mended.",
        facts=("L4", "N4", "E3"),
        mistakes={
            CORE_SERVER: "Then the neighbor would have refused, and Core's line would speak of an "
            "alert (L4).",
            CORE_CLIENT: "Inbound: Core answers, so its client certificate was not shown (S2).",
            EDGE_CLIENT: "The neighbor calls Core; Edge takes no part.",
        },
    ),
)
