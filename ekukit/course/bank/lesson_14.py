"""Questions of lesson 14: Core internal, Edge public with serverAuth only."""

from ekukit.connections import State
from ekukit.course import mendings as changes
from ekukit.course.forms import choose, mend, outcome, predict, state
from ekukit.course.places import EDGE_CLIENT, EDGE_LIST, EDGE_SERVER, far, place
from ekukit.course.question import Question
from ekukit.expressway import Deployment, FarEndKind, Knowledge, condition
from ekukit.expressway.slot import PUBLIC_SERVER

_ACCEPTS = "the call works"
_REFUSES = "the partner refuses Edge's client certificate"
_WE_REFUSE = "Edge refuses the partner's certificate"
_ACTIVE, _FAILED, _UNKNOWN = "Active", "Failed", "Unknown, until somebody asks Webex"


def _who_refuses() -> str:
    code = outcome("C4", "b2b-out").code.partition(".")[2]
    if code == "active":
        return _ACCEPTS
    return _REFUSES if code.startswith("client-") else _WE_REFUSE


def _webex() -> str:
    words = {State.ACTIVE: _ACTIVE, State.FAILED: _FAILED, State.UNKNOWN: _UNKNOWN}
    return words[state("C4", "webex")]


_PARTNER_RENEWED = condition("C4").with_far_end(FarEndKind.PARTNER, presents=PUBLIC_SERVER)


def _partner_lenient(found: Deployment) -> Deployment:
    return changes.far_checking(found, FarEndKind.PARTNER, Knowledge.NO)


QUESTIONS = (
    Question(
        "14.states",
        "Core's two certificates are from CA 1 with both EKUs; Edge's two are public and "
        "serverAuth only. Edge's mode is On. Zone and tunnels?",
        predict("C4"),
        hint="Core opens both. What is in Core's client store?",
        why="Core's client certificate has clientAuth; Edge answers and needs serverAuth. Edge's "
        "client store is not read at all on these two.",
        facts=("C4", "S2", "E3", "E7"),
        mistakes={
            "zone Active, tunnels Failed": "The tunnels demand clientAuth of Core, which has it.",
            "zone Failed, tunnels Active": "Both read the same certificate of Core.",
            "zone Failed, tunnels Failed": "Edge's missing clientAuth does not matter here: Edge "
            "opens neither of them (S2).",
        },
    ),
    Question(
        "14.partner",
        "Edge calls a B2B partner over mTLS. The partner checks clientAuth. What happens?",
        choose((_ACCEPTS, _REFUSES, _WE_REFUSE), _who_refuses),
        hint="Now Edge opens. Which store is read, and what does the partner look for in it?",
        why="Edge presents its client certificate, a serverAuth-only copy, and the partner demands "
        "clientAuth (C4-far).",
        facts=("C4-far", "S2"),
        mistakes={
            _ACCEPTS: "That needs a partner who does not check EKUs (R3), or clientAuth in Edge's "
            "client store.",
            _WE_REFUSE: "Edge is satisfied with a server that has serverAuth, and the partner has "
            "it.",
        },
    ),
    Question(
        "14.webex",
        "The same certificate towards Webex. What state does the kit give, and what should you say "
        "to the customer?",
        choose((_ACTIVE, _FAILED, _UNKNOWN), _webex),
        hint="Does any source say whether Webex demands clientAuth?",
        why="No source says whether Webex checks. The kit tries both possibilities, they differ, "
        "and so the answer is Unknown (F1). Saying so is better than a guess.",
        facts=("F1", "C4-far"),
        mistakes={
            _ACTIVE: "If Webex does not check, yes. Nobody has said so.",
            _FAILED: "If Webex checks, yes. Nobody has said so.",
        },
    ),
    Question(
        "14.place",
        "Diagnosis. The partner renewed its certificate, and now its calls to Edge fail; calls "
        "between Core and Edge do not. Edge's check is to stay On. Where is that put right?",
        place(
            _PARTNER_RENEWED,
            "b2b-in",
            (EDGE_SERVER, EDGE_CLIENT, EDGE_LIST, far(FarEndKind.PARTNER)),
        ),
        hint="Who opens this call, and what does Edge look for in the opener's certificate?",
        why="The partner opens, so its certificate needs clientAuth (E3), and it is serverAuth "
        "only now. The sunset hits those who call you as it hits you (N5).",
        facts=("E2", "E3", "N5"),
        mistakes={
            EDGE_SERVER: "Edge answers with it, and it has serverAuth: the partner takes it.",
            EDGE_CLIENT: "It is shown where Edge opens. Here the partner does.",
            EDGE_LIST: "The partner's CA is in the list. Trust is not what is missing.",
        },
    ),
    Question(
        "14.mend",
        "Mend it. Calls to the partner must work as well as MRA login and the WebRTC proxy. Edge "
        "must keep its public server certificate. Fewest changes; the lab grades.",
        mend(
            "C4",
            {
                "Edge: EKU checking mode Off": changes.edge_mode_off,
                "Edge: client certificate from CA 1 with both EKUs": changes.edge_client_internal,
                "Core: client certificate from CA 1 with both EKUs": changes.core_client_internal,
                "Partner: switch its clientAuth check off": _partner_lenient,
                "Partner: root and issuing CA of CA 1 into its trust": changes.partner_trusts_both,
            },
            needs=("mra-login", "webrtc-proxy", "b2b-out"),
        ),
        hint="The partner refuses. Edge's own mode is about those who call Edge.",
        why="One change, at the partner (R3). Where the partner will not, the other way takes two: "
        "a client certificate of CA 1 on Edge, and CA 1 in the partner's trust (C3-far); "
        "or a public certificate with clientAuth from another root, which the partner must trust "
        "as well (R4, lesson 02).",
        facts=("R3", "C4-far"),
        mistakes={
            "Edge: EKU checking mode Off": "Edge's mode checks who connects to Edge. Here Edge "
            "connects to the partner.",
            "Core: client certificate from CA 1 with both EKUs": "Core has one, and takes no part "
            "in the call to the partner: Edge shows its own.",
            "Partner: root and issuing CA of CA 1 into its trust": "Edge shows a certificate of "
            "CA 2, which the partner trusts; it lacks clientAuth (C4-far).",
            "Edge: client certificate from CA 1 with both EKUs": "The EKU is right now, and the "
            "partner does not know CA 1 (C3-far).",
        },
    ),
)
