"""Questions of lesson 40: where a customer's case is put right, from what its log says."""

from ekukit.course.places import (
    BETWEEN,
    CORE_CLIENT,
    CORE_LIST,
    CORE_SERVER,
    EDGE_CLIENT,
    EDGE_LIST,
    EDGE_SERVER,
    place_in_case,
)
from ekukit.course.question import Question

_PARTNER = "the partner: by whoever runs it"

QUESTIONS = (
    Question(
        "40.who-refused",
        "Calls from Edge to a partner fail. Edge's log has: Outbound TLS Negotiation Error, Detail="
        "“sslv3 alert unsupported certificate”. Where is this put right?",
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
        "40.look-alike",
        "Another case, the same two states. Nothing timed out, Core's client certificate is from "
        "CA 1 with both EKUs, and Edge's list has the root of CA 1. Where is this put right?",
        place_in_case(
            "tunnels-issuing-ca-not-trusted",
            "ssh-tunnel",
            (CORE_CLIENT, CORE_SERVER, EDGE_LIST, CORE_LIST, EDGE_CLIENT),
        ),
        hint="Over TLS the chain is sent along; over SSH the leaf comes alone (E11). Who has to "
        "know the issuing CA, then?",
        why="Over SSH a node presents its leaf alone, so Edge needs the issuing CA in its own list "
        "(E11, T1). The zone is Active, because over TLS Core sends it along.",
        facts=("E11", "T1"),
        mistakes={
            CORE_CLIENT: "It has both EKUs, and the zone takes it.",
            CORE_SERVER: "Core opens the tunnels: its server certificate is not shown (S2).",
            CORE_LIST: "Core trusts Edge as before. It is Edge that has to trust what Core shows.",
            EDGE_CLIENT: "Edge answers here; its client store is not read (S2).",
        },
    ),
)
