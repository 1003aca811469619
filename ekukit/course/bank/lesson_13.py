"""Questions of lesson 13: all four certificates from the company's own CA."""

from itertools import product

from ekukit.connections import State
from ekukit.course import mendings as changes
from ekukit.course.forms import (
    STATES,
    choose,
    deployed,
    mend,
    outcome,
    predict,
    state,
    tick,
    zone_and_tunnels,
)
from ekukit.course.places import CORE_CLIENT, CORE_SERVER, EDGE_CLIENT, STORES
from ekukit.course.question import Question
from ekukit.expressway import Deployment, FarEndKind, Knowledge, Role, Store
from ekukit.expressway.slot import PUBLIC_SERVER

_FAR = {
    "Webex call over mTLS": "webex",
    "B2B call to the partner": "b2b-out",
    "Cloud onboarding": "cloud-onboarding",
    "MRA provisioning from CUCM": "cucm-tftp",
    "Call to the neighbor": "neighbor-out",
}
_PROMPT = "a certificate prompt; after accepting, it works"
_NOTHING = "nothing unusual"
_ASKS = "Certificate prompt"
_REFUSED = "the client refuses, and there is nothing to accept"


def _user_sees() -> str:
    found = outcome("C3", "mra-client")
    if found.state is not State.ACTIVE:
        return _REFUSED
    prompted = any(note.startswith(_ASKS) for note in found.notes)
    return _PROMPT if prompted else _NOTHING


def _failing() -> frozenset[str]:
    return frozenset(words for words, name in _FAR.items() if state("C3", name) is State.FAILED)


def _ends_prompts() -> str:
    """Return the page on which a public certificate ends the prompts and breaks nothing."""
    fits = []
    for page, (role, kind) in zip(STORES, product(Role, Store), strict=True):
        found = changes.renewed(deployed("C3"), role, kind, PUBLIC_SERVER)
        asks = any(note.startswith(_ASKS) for note in outcome(found, "mra-client").notes)
        if not asks and zone_and_tunnels(found) == STATES[0]:
            fits.append(page)
    return "; ".join(fits)


def _nobody_told() -> Deployment:
    return changes.cucm_trusts_public(deployed("C3"))


QUESTIONS = (
    Question(
        "13.states",
        "All four certificates are from CA 1 with both EKUs; Edge's mode is On. Zone and tunnels?",
        predict("C3"),
        hint="What does Edge look for in Core's client certificate, and is it there?",
        why="Core's client certificate has clientAuth, and both nodes trust CA 1. No source shows "
        "the two states on a screen, so they are inferred (C3).",
        facts=("C3", "E3", "E7"),
        mistakes={
            "zone Active, tunnels Failed": "The tunnels demand clientAuth (E7), and Core's client "
            "certificate has it.",
            "zone Failed, tunnels Active": "Both connections read the same certificate.",
            "zone Failed, tunnels Failed": "Nothing forbids a private CA: both nodes trust CA 1, "
            "and the EKUs are there.",
        },
    ),
    Question(
        "13.user",
        "A Jabber user outside starts the client. The laptop's trust store has public CAs only. "
        "What does the user see?",
        choose((_NOTHING, _PROMPT, _REFUSED), _user_sees),
        hint="Edge answers the client with its server certificate. Who issued that one here?",
        why="Edge's server certificate is from CA 1, which the laptop does not know: the client "
        "shows a prompt (N12). It is no failure and no EKU question, and every user calls the "
        "help desk.",
        facts=("N12", "C3"),
        mistakes={
            _NOTHING: "That needs Edge's server certificate from a CA that the laptop trusts; here "
            "it is from CA 1.",
            _REFUSED: "The source says that a prompt comes up, and accepting it goes on (N12).",
        },
    ),
    Question(
        "13.far-ends",
        "Edge and Core now call the far ends, each with the trust it is set to in this lesson. "
        "Tick the connections that fail.",
        tick(tuple(_FAR), _failing),
        hint="Who opens them, with which certificate? Then ask for each far end whether it trusts "
        "CA 1: the picture with all far ends shows it.",
        why="Webex, the partner and the cloud trust public CAs only, and Edge now shows them a "
        "certificate of CA 1 (C3-far). CUCM and the neighbor trust CA 1.",
        facts=("C3-far", "T8"),
        mistakes={
            "Webex call over mTLS": "Edge presents its client certificate of CA 1, and Webex "
            "trusts CA 2 only (C3-far).",
            "B2B call to the partner": "the partner trusts public CAs only (C3-far).",
            "Cloud onboarding": "the cloud trusts public CAs only (C3-far).",
            "MRA provisioning from CUCM": "CUCM trusts both CAs here (T8).",
            "Call to the neighbor": "the neighbor trusts both CAs here.",
        },
    ),
    Question(
        "13.place",
        "The help desk gives up: the prompts must end, and nobody can touch the laptops. On which "
        "page does a public certificate with serverAuth only end them, with zone and tunnels as "
        "Active as before?",
        choose(STORES, _ends_prompts),
        hint="Which of the four certificates does a laptop get to see?",
        why="Laptops call Edge, and Edge answers with its server certificate (N12). It needs "
        "serverAuth alone, so a public one is enough there: that is condition 4 (R6).",
        facts=("N12", "S2", "R6"),
        mistakes={
            EDGE_CLIENT: "No laptop sees it: it is shown where Edge opens. The prompts stay.",
            CORE_SERVER: "A laptop's TLS ends at Edge. Nothing of Core's is shown to it.",
            CORE_CLIENT: "The prompts stay, and Edge refuses Core: no clientAuth (E3, E7).",
        },
    ),
    Question(
        "13.mend",
        "Mend it. All four certificates come from CA 1; nobody told CUCM and the partner. Make MRA "
        "login, the WebRTC proxy and calls to the partner work, with the fewest changes.",
        mend(
            _nobody_told,
            {
                "Edge: EKU checking mode Off": changes.edge_mode_off,
                "Core: EKU checking mode Off": changes.core_mode_off,
                "CUCM: root and issuing CA of CA 1 into its trust": changes.cucm_trusts_both,
                "Partner: root and issuing CA of CA 1 into its trust": changes.partner_trusts_both,
                "Partner: switch its clientAuth check off": lambda found: changes.far_checking(
                    found, FarEndKind.PARTNER, Knowledge.NO
                ),
                "Core: new client certificate from CA 1": changes.core_client_internal,
            },
            needs=("mra-login", "webrtc-proxy", "b2b-out"),
        ),
        hint="Nothing is wrong with an EKU here. Who sees a certificate of CA 1 and does not know "
        "CA 1?",
        why="Both failures are trust: CUCM sees Core's client certificate (T8), the partner sees "
        "Edge's (C3-far). No mode and no certificate had to change.",
        facts=("T8", "C3-far"),
        mistakes={
            "Edge: EKU checking mode Off": "Every certificate here has clientAuth, so no mode "
            "refuses one (E3).",
            "Core: EKU checking mode Off": "Core's mode checks who connects to Core (E2), and what "
            "fails here are connections that nodes open.",
            "Core: new client certificate from CA 1": "It has one of CA 1 already; another one has "
            "the same issuer, which CUCM does not know (T8).",
            "Partner: switch its clientAuth check off": "The certificate has clientAuth; the check "
            "is not what refuses it. The issuer is unknown there.",
            "CUCM: root and issuing CA of CA 1 into its trust": "MRA login is mended (T8). Calls "
            "to the partner still fail: who sees Edge's certificate there?",
        },
    ),
)
