"""Questions of lesson 30: deployments that no document shows."""

from dataclasses import replace

from ekukit.certificates import EkuProfile
from ekukit.connections import State
from ekukit.course import mendings as changes
from ekukit.course.forms import cause, choose, deployed, mend, outcome, predict, state, tick
from ekukit.course.places import CORE_CLIENT, CORE_LIST, EDGE_LIST, far, place
from ekukit.course.question import Question
from ekukit.expressway import (
    Choices,
    Deployment,
    FarEndKind,
    Mode,
    Release,
    Role,
    Slot,
    Store,
    Trust,
    condition,
)
from ekukit.expressway.commandline import SERVER_EKU_UPLOAD, execute
from ekukit.expressway.network import Network
from ekukit.lab import run

_NEIGHBOR_SERVER_ONLY = condition("C3").with_far_end(
    FarEndKind.NEIGHBOR, presents=Slot("internal", EkuProfile.SERVER)
)
_CONNECTIONS = {
    "UC traversal zone": "uc-zone",
    "SSH tunnels": "ssh-tunnel",
    "Neighbor zone, inbound": "neighbor-in",
    "Neighbor zone, outbound": "neighbor-out",
    "MRA provisioning": "cucm-tftp",
}
_EKU = "clientAuth is missing in Core's client certificate"
_CA_EKU = "the CA that issued it is limited to serverAuth"
_NAME = "the name that Edge expects is missing in it"
_TRUST = "Edge does not trust its issuer"
_EXPIRED = "it has expired"
_FAULTS = {
    "clientAuth is missing": _EKU,
    "limited to other usages": _CA_EKU,
    "does not hold the name": _NAME,
    "cannot build a path": _TRUST,
    "has expired": _EXPIRED,
}


def _changed_by_core_mode() -> frozenset[str]:
    off: Choices = replace(_NEIGHBOR_SERVER_ONLY, core_checking=Mode.OFF)
    return frozenset(
        words
        for words, name in _CONNECTIONS.items()
        if state(_NEIGHBOR_SERVER_ONLY, name) is not state(off, name)
    )


def _failing_peer() -> str:
    found = changes.peer_forgotten()
    tunnels = [o for o in run(found) if o.connection == "ssh-tunnel"]
    failing = {o.initiator for o in tunnels if o.state is State.FAILED}
    return next(node.fqdn for node in found.core if node.address in failing)


def _two_faults() -> Deployment:
    return changes.named(deployed("C2"), Role.CORE, Store.CLIENT, ("core-client.example.com",))


def _all_faults() -> frozenset[str]:
    found = outcome(_two_faults(), "uc-zone")
    said = (found.reason, *found.hidden)
    return frozenset(text for part, text in _FAULTS.items() if any(part in one for one in said))


def _runs_on() -> frozenset[str]:
    """Return the roles on which the command runs, by the answers of both nodes."""
    line, found = f"{SERVER_EKU_UPLOAD}: On", deployed(condition("C2", release=Release.X15_4))
    nodes = (*found.core, *found.edge)
    return frozenset(node.role.value for node in nodes if execute(node, line).accepted)


QUESTIONS = (
    Question(
        "30.release",
        "Condition 2.1 repaired everything on X15.5: one private certificate with both EKUs, in "
        "Core's client store. Yours run X15.4 with the public certificate alone. Zone and tunnels?",
        predict(condition("C2.1", release=Release.X15_4)),
        hint="How many stores has X15.4 (S1)? And who validates whom on its UC zone (K3)?",
        why="X15.4 has one store, so Core presents its public serverAuth-only certificate (S1). "
        "On the UC zone Edge asks for none (K3); the tunnels demand clientAuth in every release.",
        facts=("S1", "K3", "E7"),
        mistakes={
            "zone Active, tunnels Active": "There is no client store to hold the private "
            "certificate (S1): the tunnels see the public one, which has no clientAuth (E7).",
            "zone Failed, tunnels Active": "The other way round: it is the tunnels that look for "
            "clientAuth on X15.4 (E7).",
            "zone Failed, tunnels Failed": "That is condition 2 on X15.5 with mode On. X15.4 has "
            "no mode, and validates the UC zone one way (K3).",
        },
    ),
    Question(
        "30.core-mode",
        "Condition 3, and the neighbor shows a serverAuth-only certificate. Core's mode goes from "
        "On to Off. Tick what changes its state.",
        tick(tuple(_CONNECTIONS), _changed_by_core_mode),
        hint="The mode of a node checks those who connect to it (E2). Who connects to Core?",
        why="Of these only the neighbor connects to Core, so only that connection is checked by "
        "Core's mode (E2, N4).",
        facts=("E2", "N4"),
        mistakes={
            "UC traversal zone": "Core opens it; Edge's mode counts, not Core's (E2).",
            "SSH tunnels": "no mode reaches them (E7).",
            "Neighbor zone, inbound": "here the neighbor connects to Core, and Core's mode checks "
            "its certificate (E2).",
            "Neighbor zone, outbound": "here Core connects, and the neighbor decides (N4).",
            "MRA provisioning": "Core opens it, and CUCM decides (N6).",
        },
    ),
    Question(
        "30.case-1",
        "Diagnosis. Last night Core's client certificate was renewed, and the name servers of both "
        "nodes were changed. This morning zone and tunnels are Failed. What is wrong?",
        cause(
            condition("C2.1", network=Network(resolves=False)),
            "uc-zone",
            {
                "name-not-resolved": "No name resolves on the nodes",
                "client-eku-missing": "The renewed certificate lacks clientAuth",
                "client-untrusted": "Edge does not trust the CA that issued it",
                "client-name-mismatch": "It lacks the name that Edge expects",
            },
        ),
        hint="Read the certificates as Edge would, then ask whether Edge was reached at all.",
        why="Every certificate here is right, and none was shown: Core does not find Edge's "
        "address. Two things changed in one night; the certificate is not to blame.",
        facts=("S2",),
        mistakes={
            "The renewed certificate lacks clientAuth": "The table says serverAuth + clientAuth, "
            "and nobody was shown it: open the log.",
            "Edge does not trust the CA that issued it": "Root and issuing CA of CA 1 are in "
            "Edge's list.",
            "It lacks the name that Edge expects": "Compare the two names: they are one.",
        },
    ),
    Question(
        "30.upload-command",
        "Both nodes run X15.4, and the renewed certificates are serverAuth only. A colleague "
        "wants EnableServerEkuUpload to be On on both nodes, so that either takes its "
        "certificate. Tick where the command runs.",
        tick(tuple(Role), _runs_on),
        hint="For whom is a certificate with serverAuth alone enough: for who opens, or for who "
        "only answers?",
        why="It runs on Expressway-E of X15.4 alone (S8). And on Core such a certificate would "
        "be of no use: Core opens zone and tunnels, and the tunnels demand clientAuth (E7).",
        facts=("S8", "E7"),
        mistakes={
            "Core": "type it there: “The command does not run on Expressway-C” (S8).",
            "Edge": "Edge takes it on X15.4; with X15.5 it is deprecated (S8).",
        },
    ),
    Question(
        "30.peer",
        "Diagnosis. A Core cluster of two. One pair of peers has its zone Active, the other "
        "Failed. Which peer's client certificate was forgotten?",
        choose(
            ("core.example.com", "core2.example.com"), _failing_peer, given=changes.peer_forgotten
        ),
        hint="Every peer has certificates of its own. Read the client rows of the store table.",
        why="Every peer has two stores of its own, and each must be renewed.",
        facts=("S1", "E3", "E7"),
        mistakes={
            "core.example.com": "Its client store holds CA 1 with both EKUs.",
            "core2.example.com": "Its client store holds CA 1 with both EKUs.",
        },
    ),
    Question(
        "30.case-3",
        "Diagnosis. The zone is Failed. OpenSSL stops at the first fault; find everything that is "
        "wrong with Core's client certificate, so that one maintenance window is enough. Names, "
        "dates and lists stand in the tables, the issuing CA's own EKU in lesson 01.",
        tick(tuple(_FAULTS.values()), _all_faults, given=_two_faults),
        hint="OpenSSL stops at the first. Compare leaf, issuing CA, name and validity one by one.",
        why="Three faults at once: no clientAuth, an issuing CA limited to serverAuth, and a name "
        "that Edge does not expect. Mending the first alone means another window.",
        facts=("E3", "E6", "E8"),
        mistakes={
            _EKU: "the leaf's EKUs are serverAuth only.",
            _CA_EKU: "the public issuing CA after the cut-off carries serverAuth only (E6).",
            _NAME: "compare the name that Edge expects with the names in the certificate (E8).",
            _TRUST: "root and issuing CA of CA 2 are in Edge's list.",
            _EXPIRED: "read the Valid column.",
        },
    ),
    Question(
        "30.mend",
        "Mend it: two Core peers, one still with its old certificate, and CUCM that knows CA 2 "
        "only. Both Core peers must work, with the fewest changes.",
        mend(
            lambda: changes.cucm_trusts_public(changes.peer_forgotten()),
            {
                "Edge: EKU checking mode Off": changes.edge_mode_off,
                "Core peer 1: new client certificate from CA 1": lambda found: (
                    changes.core_peer_internal(found, 0)
                ),
                "Core peer 2: new client certificate from CA 1": lambda found: (
                    changes.core_peer_internal(found, 1)
                ),
                "Both Core peers: server certificates from CA 1": changes.core_server_internal,
                "CUCM: root and issuing CA of CA 1 into its trust": changes.cucm_trusts_both,
                "Edge: client certificate from CA 1 with both EKUs": changes.edge_client_internal,
            },
            needs=("uc-zone", "ssh-tunnel", "cucm-tftp", "mra-login"),
        ),
        hint="Look for every Failed connection: of each peer, and to CUCM.",
        why="The peer that was forgotten, and CUCM's trust in the issuer of both. Every peer has "
        "stores of its own.",
        facts=("R1", "T8"),
        mistakes={
            "Both Core peers: server certificates from CA 1": "Core opens: its server "
            "certificates are not shown (S2, K1).",
            "Core peer 1: new client certificate from CA 1": "Peer 1 has one; look at peer 2.",
            "Edge: client certificate from CA 1 with both EKUs": "Edge opens nothing here (S2).",
            "Edge: EKU checking mode Off": "The second peer's zone comes back, its tunnels do not "
            "(E7), and CUCM is still in the way.",
        },
    ),
    Question(
        "30.place",
        "Diagnosis. Since the cure of condition 2.1 people can log in again, and Core's own calls "
        "to the neighbor fail. Where is that put right?",
        place(
            condition("C2.1").with_far_end(FarEndKind.NEIGHBOR, trusts=Trust.PUBLIC),
            "neighbor-out",
            (CORE_CLIENT, CORE_LIST, EDGE_LIST, far(FarEndKind.NEIGHBOR)),
        ),
        hint="To whom does Core show the new certificate, besides Edge and CUCM?",
        why="Core opens calls to the neighbor with the same client certificate (S2), and the "
        "neighbor knows public CAs only. Everybody to whom Core opens has to learn CA 1.",
        facts=("S2", "N4"),
        mistakes={
            CORE_CLIENT: "It is what brought the logins back. A public one would take them down "
            "again.",
            CORE_LIST: "Core's list decides whom Core trusts. Here the neighbor does not trust "
            "Core.",
            EDGE_LIST: "Edge has CA 1 in its list: zone and tunnels are Active.",
        },
    ),
)
