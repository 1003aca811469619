"""Questions of lesson 01: what a certificate says it may be used for, and who looks."""

from io import BytesIO

from ekukit.capture.reader import read_capture
from ekukit.certificates import EkuProfile, eku_words, utc
from ekukit.connections import State, connection, handshakes
from ekukit.course.forms import cause, choose, predict, state, tick
from ekukit.course.places import CORE_CLIENT, CORE_SERVER, EDGE_CLIENT, STORES, place
from ekukit.course.question import Question
from ekukit.expressway import (
    CertificateStore,
    Choices,
    Deployment,
    FarEndKind,
    Knowledge,
    Slot,
    Store,
    build,
    condition,
)
from ekukit.expressway.build import CA2
from ekukit.lab import capture_tls13

_WORDS = {eku_words(profile.ekus): profile for profile in EkuProfile}
_SERVER, _CLIENT = eku_words(EkuProfile.SERVER.ekus), eku_words(EkuProfile.CLIENT.ekus)
_BOTH, _NONE, _ANY = (
    eku_words(profile.ekus) for profile in (EkuProfile.BOTH, EkuProfile.NONE, EkuProfile.ANY)
)


def _as_client(profile: EkuProfile) -> Choices:
    slot = Slot("internal", profile)
    return condition("C3", core_server=slot, core_client=slot)


def _passing() -> frozenset[str]:
    return frozenset(
        words
        for words, profile in _WORDS.items()
        if state(_as_client(profile), "uc-zone") is State.ACTIVE
    )


def _looked_for() -> str:
    alone = (EkuProfile.SERVER, EkuProfile.CLIENT, EkuProfile.ANY)
    return next(eku_words(p.ekus) for p in alone if eku_words(p.ekus) in _passing())


def limited_issuer() -> Deployment:
    """Return condition 3 with a Core client leaf of both EKUs under a serverAuth-only CA."""
    leaf = CA2.issue("core.example.com", eku=EkuProfile.SERVER, issued=utc("2026-06-01"))
    both = leaf.moved(ekus=EkuProfile.BOTH.ekus)
    return build(condition("C3")).with_core(client=CertificateStore(Store.CLIENT, both))


_WRONG_USE = condition("C4", edge_server=Slot("public", EkuProfile.CLIENT))
_NO_SERVER_AUTH = condition("C4", core_server=Slot("internal", EkuProfile.CLIENT))
_PROVES_NOTHING = "nothing about Expressway: vendor Y may not look at EKUs at all"
_BROKEN = "that Expressway's check is broken"
_HAS_IT = "that the certificate has clientAuth after all"
_BOTH_WAYS = "that serverAuth is good for both directions in TLS"


def _proof() -> str:
    def partner(checks: Knowledge) -> State:
        serverauth_only = condition("C4").with_far_end(FarEndKind.PARTNER, checks=checks)
        return state(serverauth_only, "b2b-out")

    passes_unchecked = partner(Knowledge.NO) is State.ACTIVE
    return _PROVES_NOTHING if passes_unchecked and partner(Knowledge.YES) is State.FAILED else ""


_BOTH_SENT = "both certificates, Edge's and Core's"
_ONE_SENT = "Edge's alone: in TLS 1.3 a client is not asked for one"
_NONE_SENT = "none: what is not in a capture was not sent"


def _sent_in_tls13() -> str:
    """Return what was sent, read from the capture of the handshake with its own secrets."""
    shake = handshakes(build(condition("C3")), connection("uc-zone"))[0]
    row = read_capture(BytesIO(capture_tls13(shake, secrets=True)), "made here").iloc[0]
    sent = [bool(row[name]) for name in ("server_serials", "client_serials")]
    return (_NONE_SENT, _ONE_SENT, _BOTH_SENT)[sum(sent)]


QUESTIONS = (
    Question(
        "01.looks-for",
        "Core opens a TLS connection to Edge and shows a certificate. Which EKU does Edge look "
        "for in it, with the check On?",
        choose((_SERVER, _CLIENT, f"{_SERVER} and {_CLIENT}, both", _ANY), _looked_for),
        hint="The EKU names the role that the holder of the certificate plays. Which role does "
        "Core play here?",
        why="The one who opens is the TLS client, so its certificate must allow clientAuth (E3). "
        "Where you work, in a data center or in a phone, does not matter; who opens does.",
        facts=("E3", "S2"),
        mistakes={
            _SERVER: "That is what the opener looks for in the answerer's certificate.",
            f"{_SERVER} and {_CLIENT}, both": "One direction, one EKU: serverAuth in the opener's "
            "certificate is not looked at.",
            _ANY: "OpenSSL does not take it for clientAuth (E5), however much the name promises.",
        },
    ),
    Question(
        "01.passes-on",
        "Five certificates, equal but for their EKUs, are presented by Core, the TLS client. "
        "Edge's check is On. Tick those that pass, as OpenSSL reads EKUs.",
        tick(tuple(_WORDS), _passing),
        hint="Two surprises: what does it mean when no list of uses is there at all, and what "
        "does OpenSSL make of “any”?",
        why="clientAuth passes, alone or with serverAuth. No EKU extension passes as well: no "
        "list means no limit. anyExtendedKeyUsage does not count as clientAuth. The last two are "
        "OpenSSL's reading; Cisco does not say what Expressway does (E5).",
        facts=("E3", "E5"),
        mistakes={
            _SERVER: "it allows the role of a server only, and Core is the client (E3).",
            _CLIENT: "it names exactly the use that is asked for (E3).",
            _BOTH: "clientAuth is in the list; a further use does no harm (E3).",
            _NONE: "without the extension no use is excluded, so OpenSSL lets it pass (E5).",
            _ANY: "OpenSSL wants to see clientAuth itself, not “any” (E5).",
        },
    ),
    Question(
        "01.issuing-ca",
        "Diagnosis. Core's client certificate has serverAuth and clientAuth, is valid, and Edge "
        "has its root and issuing CA. The zone is Failed all the same; the handshake ends with "
        "OpenSSL error 26, unsuitable purpose, at depth 1. Why?",
        cause(
            limited_issuer,
            "uc-zone",
            {
                "client-eku-missing": "Core's client certificate lacks clientAuth",
                "client-issuing-ca-eku": "the CA that issued Core's client certificate is limited "
                "to serverAuth",
                "client-untrusted": "Edge does not trust the CA that issued Core's client "
                "certificate",
                "server-eku-missing": "Edge's server certificate lacks serverAuth",
            },
        ),
        hint="Depth 0 is the leaf. What stands at depth 1?",
        why="A limit in a CA's own certificate binds everything below it. Public TLS hierarchies "
        "must have that limit, so a leaf with both EKUs under such a CA is refused (E6), over SSH "
        "as well (E12). Look at the whole path, not at the leaf alone.",
        facts=("E6", "E12"),
        mistakes={
            "Core's client certificate lacks clientAuth": "It is in the table: serverAuth + "
            "clientAuth. That error would stand at depth 0.",
            "Edge does not trust the CA that issued Core's client certificate": "The CA is in "
            "Edge's list, and the error would be 20, not 26.",
            "Edge's server certificate lacks serverAuth": "It has it; and then Core would refuse "
            "Edge, at depth 0 of Edge's path.",
        },
    ),
    Question(
        "01.vendor",
        "A colleague tests the serverAuth-only certificate as a client against vendor Y's server. "
        "It is asked for, shown and accepted. What does that prove?",
        choose((_BROKEN, _HAS_IT, _PROVES_NOTHING, _BOTH_WAYS), _proof),
        hint="Who decides whether an EKU is looked at: the certificate, or the one who reads it?",
        why="Whether an EKU is checked is up to the one who answers. The test server of GnuTLS, "
        "when it was measured, took all five profiles and refused only an untrusted CA (L2). “It "
        "works with vendor Y” says what vendor Y checks, no more.",
        facts=("L2", "C4-far"),
        mistakes={
            _BROKEN: "Expressway does what is documented (E3). The other server checks less.",
            _HAS_IT: "An acceptance adds no EKU to a certificate. Read it: "
            "openssl x509 -noout -ext extendedKeyUsage.",
            _BOTH_WAYS: "RFC 5280 says the opposite: only the listed uses are allowed (RFC-EKU).",
        },
    ),
    Question(
        "01.tls13",
        "A capture of the zone, in TLS 1.3 and without the session's secrets, shows no certificate "
        "at all. The zone is Active, Edge's check is On. A colleague says: none was sent. Which "
        "certificates crossed?",
        choose((_NONE_SENT, _ONE_SENT, _BOTH_SENT), _sent_in_tls13),
        hint="The zone is Active, and Edge's check is On. What must Edge have seen, then?",
        why="In TLS 1.3 everything after Server Hello is encrypted (RFC-TLS13). The session's own "
        "secrets open it: both crossed. What a capture does not show, it does not deny.",
        facts=("RFC-TLS13", "E3"),
        mistakes={
            _NONE_SENT: "Not readable is not absent. With the check On, Edge accepts nobody who "
            "shows no certificate (E3), and this zone is Active.",
            _ONE_SENT: "TLS 1.3 can ask a client as TLS 1.2 can: Certificate Request is encrypted, "
            "too. And Edge's check is On (E3).",
        },
    ),
    Question(
        "01.core-server",
        "Core's server certificate is replaced by one with clientAuth only: it loses "
        "serverAuth. Nothing else changes. What becomes of the zone and of the tunnels?",
        predict(_NO_SERVER_AUTH),
        hint="Who opens zone and tunnels? When is a server certificate shown at all?",
        why="Nothing. A server certificate is shown by whoever answers (S2), and Core opens both "
        "(N1, N2). For them Core's server certificate decides nothing, whatever it says; who calls "
        "Core, as CUCM does, is shown it.",
        facts=("S2", "N1", "N2"),
        mistakes={
            "zone Active, tunnels Failed": "Core opens the tunnels, too; Edge is shown Core's "
            "client certificate, and that is untouched.",
            "zone Failed, tunnels Active": "Edge never sees Core's server certificate on the zone: "
            "Core opens it, and shows its client certificate (S2).",
            "zone Failed, tunnels Failed": "That would take somebody who connects to Core. Here "
            "Core does the connecting, with its client certificate (S2).",
        },
    ),
    Question(
        "01.place",
        "Diagnosis. One certificate of this deployment was ordered for the wrong use, and zone and "
        "tunnels are Failed. On which page is that put right?",
        place(_WRONG_USE, "uc-zone", STORES),
        hint="Read each EKU as the one who is shown it: who opens, who answers?",
        why="Edge answers, so Core looks for serverAuth in Edge's server certificate (RFC-EKU), "
        "and it says clientAuth only.",
        facts=("RFC-EKU", "S2"),
        mistakes={
            CORE_SERVER: "It is in order, and it is not even shown here: Core opens (S2).",
            CORE_CLIENT: "It has clientAuth, and that is what Edge looks for in it (E3).",
            EDGE_CLIENT: "serverAuth only is little for a client, but Edge opens neither zone nor "
            "tunnels (S2).",
        },
    ),
)
