"""Questions of lesson 12: one private certificate in Core's client store."""

from ekukit.certificates import CLIENT_AUTH
from ekukit.course import mendings as changes
from ekukit.course.forms import (
    STATES,
    cause,
    choose,
    deployed,
    mend,
    predict,
    zone_and_tunnels,
)
from ekukit.course.places import CORE_CLIENT, CORE_SERVER, EDGE_LIST, ZONE_NAME, place
from ekukit.course.question import Question
from ekukit.expressway import Deployment, Role
from ekukit.expressway.build import CA1
from ekukit.expressway.moments import renewed_in_2027

_STOPPED = "serverAuth only, as from every CA: zone and tunnels are Failed"
_DISTRUSTED = "both EKUs, and Edge refuses them from 2027 on: zone and tunnels are Failed"
_SAME = "both EKUs, as before: zone and tunnels are Active"
_ZONE_ONLY = "both EKUs, and only the zone takes them: the tunnels are Failed"
_COMES = {
    (False, STATES[3]): _STOPPED,
    (True, STATES[3]): _DISTRUSTED,
    (True, STATES[0]): _SAME,
    (True, STATES[1]): _ZONE_ONLY,
}


def _renewed() -> str:
    """Return what CA 1 issued in 2027, and what zone and tunnels make of it."""
    found = renewed_in_2027()
    ekus = changes.core_client_of(found).ekus or ()
    return _COMES[CLIENT_AUTH in ekus, zone_and_tunnels(found)]


def _issuing_missing() -> Deployment:
    return changes.distrusting(deployed("C2.1"), Role.EDGE, CA1.issuing)


def _before_the_change() -> Deployment:
    found = changes.distrusting(deployed("C2"), Role.EDGE, CA1.issuing)
    return changes.cucm_trusts_public(found)


QUESTIONS = (
    Question(
        "12.private-client",
        "Core's client store holds a certificate of CA 1 with both EKUs. The other three stores "
        "are public and serverAuth only, and Edge's mode is On. Zone and tunnels?",
        predict("C2.1"),
        hint="Which of the four certificates is presented to somebody who demands clientAuth?",
        why="Core presents its client certificate on the zone and on the tunnels, and that one has "
        "clientAuth. Cisco documents this case as working (C2.1).",
        facts=("S2", "E3", "E7", "C2.1"),
        mistakes={
            "zone Active, tunnels Failed": "Mode Off on a serverAuth-only client certificate gives "
            "that. Look at what Core's client store holds here.",
            "zone Failed, tunnels Active": "Zone and tunnels are opened by the same node with the "
            "same certificate; what passes the stricter tunnels passes the zone.",
            "zone Failed, tunnels Failed": "You may be counting Core's server certificate. It is "
            "not presented when Core opens a connection (S2, K1).",
        },
    ),
    Question(
        "12.renewed-2027",
        "It is April 2027. The last of the browsers' steps has passed, and no public CA issues "
        "clientAuth. Core's client certificate of CA 1, the company's own, was renewed yesterday "
        "by the same order as ever. What came, and what becomes of zone and tunnels?",
        choose((_STOPPED, _DISTRUSTED, _SAME, _ZONE_ONLY), _renewed),
        hint="Whose rule is it that ends clientAuth, and who has to follow it?",
        why="Only public CAs are bound by the browsers' policy; a private PKI is not (S9). It "
        "issues both EKUs as before, and Edge looks for what it looked for before (E3).",
        facts=("S9", "K4", "E3"),
        mistakes={
            _STOPPED: "That is what a public CA sends. CA 1 is the company's own: no browser's "
            "policy binds it (S9).",
            _DISTRUSTED: "Edge looks for clientAuth and a CA in its list (E3). Neither asks "
            "whether the CA is public, and no date is looked at but the certificate's own.",
            _ZONE_ONLY: "Zone and tunnels read the same certificate, and its issuer and EKUs are "
            "those of before.",
        },
    ),
    Question(
        "12.mend",
        "Mend it. Condition 2, before the change: Edge trusts the root of CA 1 and not its "
        "issuing CA, and CUCM knows CA 2 only. Make MRA login and the WebRTC proxy work with the "
        "fewest changes. Tick them; the lab makes the handshakes.",
        mend(
            _before_the_change,
            {
                "Edge: EKU checking mode Off": changes.edge_mode_off,
                "Core: server certificate from CA 1 with both EKUs": changes.core_server_internal,
                "Core: client certificate from CA 1 with both EKUs": changes.core_client_internal,
                "Edge: client certificate from CA 1 with both EKUs": changes.edge_client_internal,
                "Edge: issuing CA of CA 1 into the trusted CA list": changes.edge_trusts_issuing,
                "CUCM: root and issuing CA of CA 1 into its trust": changes.cucm_trusts_both,
            },
        ),
        hint="One certificate, and everyone who is shown that certificate must trust its issuer. "
        "Who is shown it?",
        why="One certificate in Core's client store, and its issuing CA trusted by the two who see "
        "it: Edge (E11) and CUCM (T8). The mode can stay On.",
        facts=("R1", "E11", "T8"),
        mistakes={
            "Edge: EKU checking mode Off": "The zone comes back and nothing else: the tunnels "
            "demand clientAuth in every mode (E7), and both services need them.",
            "Core: server certificate from CA 1 with both EKUs": "Core opens zone and tunnels, so "
            "they are not shown its server certificate, whatever the note says (S2, K1).",
            "Edge: client certificate from CA 1 with both EKUs": "Edge answers Core with its "
            "server certificate. Its client store is not read here (S2).",
            "Core: client certificate from CA 1 with both EKUs": "The right certificate. Two "
            "who see it do not know its issuing CA yet: Edge's tunnels are shown the leaf alone "
            "(E11), CUCM knows CA 2 only (T8).",
        },
    ),
    Question(
        "12.case-1",
        "Diagnosis. The change is made: Core's client certificate is from CA 1 with both EKUs. The "
        "zone is Active, the tunnels are Failed, and their status page says Permission denied. "
        "What is wrong?",
        cause(
            _issuing_missing,
            "ssh-tunnel",
            {
                "client-untrusted": "Edge's trusted CA list lacks the issuing CA of CA 1",
                "client-eku-missing": "Core's client certificate lacks clientAuth",
                "client-name-mismatch": "Core's client certificate lacks the name that Edge "
                "expects",
                "client-expired": "Core's client certificate has expired",
            },
        ),
        hint="Over TLS the issuing CA is sent along; over SSH the leaf comes alone (E11). Compare "
        "Edge's list with Core's.",
        why="Edge has the root and not the issuing CA. In TLS Core sends it along, in SSH it does "
        "not (E11): the picture that looks like an EKU problem and is none (T1).",
        facts=("E11", "T1"),
        mistakes={
            "Core's client certificate lacks clientAuth": "The table says serverAuth + clientAuth. "
            "Zone Active with tunnels Failed is no proof of an EKU problem.",
            "Core's client certificate lacks the name that Edge expects": "Then the zone would be "
            "down as well; it compares the same name (E8).",
            "Core's client certificate has expired": "Then the zone would be down as well.",
        },
    ),
    Question(
        "12.place",
        "Diagnosis. Another site made the same change. Both EKUs are there, the whole chain is "
        "trusted, the certificate has Core's name, and zone and tunnels are Failed. Where is that "
        "put right?",
        place(
            lambda: deployed("C2.1").with_edge(verify_subject_name="core-old.example.com"),
            "uc-zone",
            (CORE_SERVER, CORE_CLIENT, EDGE_LIST, ZONE_NAME),
        ),
        hint="Compare the name that Edge looks for with the names that any Core has.",
        why="Somebody typed the name of a host that is gone. It is matched against Core's client "
        "certificate (E8), and the name that is looked for is set at the zone, on Edge.",
        facts=("E8",),
        mistakes={
            CORE_SERVER: "Core opens: its server certificate is shown to nobody here (S2).",
            CORE_CLIENT: "It has both EKUs and Core's own name. A certificate for a host that does "
            "not exist any more is no mending.",
            EDGE_LIST: "Root and issuing CA of CA 1 are in Edge's list.",
        },
    ),
)
