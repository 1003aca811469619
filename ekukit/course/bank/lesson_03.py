"""Questions of lesson 03: which of the two stores is presented, and how it is filled."""

from dataclasses import replace

from ekukit.certificates import EkuProfile
from ekukit.connections import connection, handshakes
from ekukit.course import mendings as changes
from ekukit.course.forms import cause, choose, mend, tick
from ekukit.course.places import CORE_CLIENT, EDGE_CLIENT, EDGE_SERVER, STORES, place
from ekukit.course.question import Question
from ekukit.expressway import Deployment, Expressway, Release, Slot, Store, build, condition
from ekukit.expressway.administration import Door
from ekukit.expressway.build import certificate_for
from ekukit.expressway.node import ClientStoreOrigin, client_store_origin
from ekukit.expressway.upgrade import upgrade
from ekukit.expressway.upload import upload

_SERVER_ONLY = Slot("public", EkuProfile.SERVER)
_INTERNAL_BOTH = Slot("internal", EkuProfile.BOTH)
_ANSWERS_WRONGLY = condition("C3", core_server=Slot("internal", EkuProfile.CLIENT))
_STORES = (
    "Edge's client store",
    "Edge's server store",
    "Core's client store",
    "Core's server store",
)


def _presents(name: str, *, opener: bool) -> str:
    shake = handshakes(build(condition("C4")), connection(name))[0]
    end = shake.client if opener else shake.server
    return f"{end.node}'s {end.store} store"


def _core() -> Expressway:
    return build(condition("C2.1")).core[0]


_REFUSED = "it refuses it: no client usage attribute"
_WARNS = "it takes it and warns that mutual TLS may not work"
_TAKES = "it takes it without a word"
_ABSENT = "there is no such page in X15.5"


def _client_page_says() -> str:
    node = _core()
    certificate = certificate_for(node.fqdn, _SERVER_ONLY, key="RSA-2048", kind=Store.CLIENT)
    found = upload(node, Store.CLIENT, certificate)
    if not found.accepted:
        return _REFUSED if found.quoted else _ABSENT
    return _WARNS if found.warnings else _TAKES


_BY_PAGE = "upload it on the client certificate page"
_BY_COPY = "upload it on the server certificate page, with the copy checkbox ticked"
_BY_UPGRADE = "have it in the one store of X15.4, and upgrade to X15.5"
_BY_SCP = "place it by SCP in the certificate folder of X15.5"
_BY_PLAIN = "upload it on the server certificate page, with the copy checkbox empty"


def _ways_in() -> frozenset[str]:
    start = _core()
    certificate = certificate_for(start.fqdn, _SERVER_ONLY, key="RSA-2048", kind=Store.CLIENT)
    old = build(condition("C2", release=Release.X15_4)).core[0]
    after = {
        _BY_PAGE: upload(start, Store.CLIENT, certificate).node,
        _BY_COPY: upload(start, Store.SERVER, certificate, copy_to_client=True).node,
        _BY_UPGRADE: upgrade(old).node,
        _BY_SCP: upload(start, Store.CLIENT, certificate, via=Door.SCP).node,
        _BY_PLAIN: upload(start, Store.SERVER, certificate).node,
    }
    copied = ClientStoreOrigin.COPY
    return frozenset(
        way
        for way, node in after.items()
        if client_store_origin(node) is copied and _is_server_only(node)
    )


def _is_server_only(node: Expressway) -> bool:
    found = node.client.certificate
    return found is not None and found.is_server_only


def wrong_store() -> Deployment:
    """Return condition 2 after Core's server certificate alone was replaced by one with both."""
    found = build(condition("C2"))
    return replace(found, core=tuple(_replaced(node, copy=False) for node in found.core))


def _replaced(node: Expressway, *, copy: bool) -> Expressway:
    certificate = certificate_for(node.fqdn, _INTERNAL_BOTH, key="RSA-2048")
    return upload(node, Store.SERVER, certificate, copy_to_client=copy).node


def _copied(found: Deployment) -> Deployment:
    return replace(found, core=tuple(_replaced(node, copy=True) for node in found.core))


def _edge_replaced(found: Deployment) -> Deployment:
    return replace(found, edge=tuple(_replaced(node, copy=True) for node in found.edge))


_STILL_OLD = "Core's client store still holds the serverAuth-only certificate"
_EDGE_LACKS = "Edge's certificates lack clientAuth"
_UNTRUSTED = "Edge does not trust the internal CA"
_NAME = "the new certificate does not have the name that Edge expects"

QUESTIONS = (
    Question(
        "03.webex",
        "Edge calls Webex over mutual TLS. Which store's certificate does Edge show?",
        choose(_STORES, lambda: _presents("webex", opener=True)),
        hint="Who opens this connection? Store names follow the role in TLS, not the place.",
        why="Edge opens, so Edge is the TLS client and reads its client store (S2). The published "
        "capture shows it (X1).",
        facts=("S2", "X1"),
        mistakes={
            "Edge's server store": "That one is for connections that Edge answers.",
            "Core's client store": "Core takes no part in this connection; TLS ends on Edge.",
            "Core's server store": "Core takes no part, and a server store is for answering.",
        },
    ),
    Question(
        "03.mra-client",
        "A laptop outside connects to Edge on port 8443 for MRA. Which store's certificate does "
        "it get to see?",
        choose(_STORES, lambda: _presents("mra-client", opener=False)),
        hint="Here Edge does not open; it answers.",
        why="Edge answers, so it shows its server store (S2), and asks the laptop for nothing "
        "(N12). This is why Edge's server certificate is the one that browsers must trust.",
        facts=("S2", "N12"),
        mistakes={
            "Edge's client store": "“Client” is Edge's role when it opens. Here the laptop opens.",
            "Core's client store": "The laptop never has a TLS session with Core; Edge is between.",
            "Core's server store": "Right store, wrong node: the laptop's TLS ends at Edge.",
        },
    ),
    Question(
        "03.client-page",
        "X15.5. You upload a serverAuth-only certificate on Core's client certificate page. What "
        "does the page do?",
        choose((_TAKES, _WARNS, _REFUSED, _ABSENT), _client_page_says),
        hint="Try it: the upload panel appears below this question once you have answered.",
        why="The page refuses it: “The file provided does not have a client usage attribute” (S6). "
        "Its second sentence, on mutual TLS, sounds like a warning; it is a refusal all the same.",
        facts=("S6",),
        mistakes={
            _TAKES: "It looks at the EKUs. The server page of X15.5 takes it without a word.",
            _WARNS: "The message speaks of mutual TLS like a warning, but nothing is stored.",
            _ABSENT: "It is new in X15.5: Maintenance > Security > Client certificate.",
        },
    ),
    Question(
        "03.ways-in",
        "And yet you meet nodes whose client store holds a serverAuth-only certificate. By which "
        "of these ways can it have come there? Tick all.",
        tick((_BY_PAGE, _BY_COPY, _BY_UPGRADE, _BY_SCP, _BY_PLAIN), _ways_in),
        hint="Which doors bypass the check of the client page? Two are documented.",
        why="The upgrade copies whatever was there (S4), and the checkbox copies unchecked (S7). "
        "So a serverAuth-only client certificate has the serial of a server certificate, of "
        "today's or of an older one that was renewed since with the box empty (S11).",
        facts=("S4", "S6", "S7", "S10", "S11"),
        mistakes={
            _BY_PAGE: "this page is the one door that checks for clientAuth (S6).",
            _BY_COPY: "the checkbox copies without that check (S7).",
            _BY_UPGRADE: "the upgrade copies the server certificate as it is (S4).",
            _BY_SCP: "SCP is described for releases before X15.4; for X15.5 nothing is said (S10).",
            _BY_PLAIN: "without the checkbox the client store is left alone (S7).",
        },
    ),
    Question(
        "03.k1",
        "Diagnosis. The zone was Failed with serverAuth-only certificates everywhere. The customer "
        "read in the note that Core's server certificate must have clientAuth, and replaced it "
        "by an internal one with both EKUs, copy checkbox empty. The zone is Failed still. Why?",
        cause(
            wrong_store,
            "uc-zone",
            {
                "server-eku-missing": _EDGE_LACKS,
                "client-untrusted": _UNTRUSTED,
                "client-eku-missing": _STILL_OLD,
                "client-name-mismatch": _NAME,
            },
        ),
        hint="Core opens the zone. Read the row of the store that it reads.",
        why="Core opens and reads its client store (S2), where the old copy still is. The note "
        "contradicts itself here; its own condition 2.1 works with clientAuth in the client store "
        "alone (K1).",
        facts=("S2", "K1", "S7"),
        mistakes={
            _EDGE_LACKS: "Edge answers, so Core looks for serverAuth in Edge's certificate, and "
            "that is there.",
            _UNTRUSTED: "Root and issuing CA of CA 1 are in Edge's trusted CA list, in the table.",
            _NAME: "The new certificate is not even shown: it lies in the store that answers.",
        },
    ),
    Question(
        "03.mend",
        "Mend it: the same customer, the same nodes. Tick the smallest change after which MRA "
        "login and the WebRTC proxy work; the lab grades it.",
        mend(
            wrong_store,
            {
                "Core: upload the new certificate again, copy checkbox ticked": _copied,
                "Edge: replace both certificates by internal ones with both EKUs": _edge_replaced,
                "Core: set the EKU checking mode to Off": changes.core_mode_off,
            },
        ),
        hint="Which store has to change, and which of these changes touches it?",
        why="The checkbox brings the certificate with both EKUs into Core's client store, the only "
        "one of the four that is asked for clientAuth here (S7, C2.1).",
        facts=("S7", "C2.1"),
        mistakes={
            "Core: set the EKU checking mode to Off": "The mode checks who connects to Core; for "
            "zone and tunnels nobody does (E2).",
            "Edge: replace both certificates by internal ones with both EKUs": "Edge's "
            "certificates were never asked for clientAuth. Now browsers do not trust Edge, and the "
            "zone is Failed still.",
        },
    ),
    Question(
        "03.place",
        "Diagnosis. Zone and tunnels are Active, and a neighbor that calls Core gets no answer "
        "that it takes. On which page is that put right?",
        place(_ANSWERS_WRONGLY, "neighbor-in", STORES),
        hint="Who opens this one, and which store does the one who answers read?",
        why="Here Core answers, so it shows its server certificate (S2), which says clientAuth "
        "only. Zone and tunnels never read that store of Core's.",
        facts=("S2", "N4"),
        mistakes={
            CORE_CLIENT: "That one Core shows when it opens, and it is in order: zone and tunnels "
            "are Active with it.",
            EDGE_SERVER: "The neighbor calls Core; Edge takes no part.",
            EDGE_CLIENT: "Edge takes no part in a call from the neighbor to Core.",
        },
    ),
)
