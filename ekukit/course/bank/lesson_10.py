"""Questions of lesson 10: the upgrade to X15.5, and what breaks when."""

from collections.abc import Callable
from dataclasses import replace

from ekukit.certificates import EkuProfile, utc
from ekukit.connections import State
from ekukit.course import mendings as changes
from ekukit.course.forms import cause, choose, mend, predict, state, tick
from ekukit.course.places import CORE_CLIENT, EDGE_CLIENT, EDGE_SERVER, STORES, place
from ekukit.course.question import Question
from ekukit.expressway import Deployment, Expressway, Release, Slot, Store, condition
from ekukit.expressway.build import build, certificate_for
from ekukit.expressway.moments import after_upgrade
from ekukit.expressway.upgrade import upgrade
from ekukit.expressway.upload import upload

_SERVER_ONLY = Slot("public", EkuProfile.SERVER)
_INTERNAL_BOTH = Slot("internal", EkuProfile.BOTH)
_JUNE = utc("2026-06-15")
_NEW_NAME = "core-client.example.com"
_ONE_SERIAL = "one serial: the client certificate is a copy of the server certificate"
_TWO_SERIALS = "two serials: the upgrade issues a client certificate of its own"
_EMPTY = "one serial, and an empty client certificate page"


def _serials() -> str:
    stores = [(n.server.certificate, n.client.certificate) for n in after_upgrade().core]
    server, client = stores[0]
    if client is None:
        return _EMPTY
    return _ONE_SERIAL if server == client else _TWO_SERIALS


def _upgraded(before: Release, to: Release) -> Deployment:
    """Return condition 2 after the upgrade of both nodes from one release to another."""
    old = build(condition("C2", release=before))
    core = tuple(upgrade(node, to).node for node in old.core)
    return replace(old, core=core, edge=tuple(upgrade(node, to).node for node in old.edge))


def _renewed(node: Expressway, *, copy: bool) -> Expressway:
    certificate = certificate_for(node.fqdn, _SERVER_ONLY, key="RSA-2048")
    return upload(node, Store.SERVER, certificate, copy_to_client=copy).node


def _core_renewed(found: Deployment, *, copy: bool) -> Deployment:
    return replace(found, core=tuple(_renewed(node, copy=copy) for node in found.core))


def _edge_renewed(found: Deployment, *, copy: bool) -> Deployment:
    return replace(found, edge=tuple(_renewed(node, copy=copy) for node in found.edge))


_RENEWALS: dict[str, Callable[[Deployment], Deployment]] = {
    "Edge's server certificate, copy checkbox empty": lambda d: _edge_renewed(d, copy=False),
    "Edge's server certificate, copy checkbox ticked": lambda d: _edge_renewed(d, copy=True),
    "Core's server certificate, copy checkbox empty": lambda d: _core_renewed(d, copy=False),
    "Core's server certificate, copy checkbox ticked": lambda d: _core_renewed(d, copy=True),
}


def _breaking() -> frozenset[str]:
    start = after_upgrade(_JUNE)
    return frozenset(
        words for words, renew in _RENEWALS.items()
        if state(renew(start), "ssh-tunnel") is not State.ACTIVE
    )  # fmt: skip


def other_name() -> Deployment:
    """Return the upgraded deployment with a Core client certificate that lacks the old name."""
    return _named(after_upgrade(_JUNE))


def _named(found: Deployment, *names: str) -> Deployment:
    certificate = certificate_for(
        _NEW_NAME, _INTERNAL_BOTH, key="RSA-2048", kind=Store.CLIENT, names=names
    )
    core = tuple(upload(node, Store.CLIENT, certificate).node for node in found.core)
    return replace(found, core=core)


def _both_stores(found: Deployment) -> Deployment:
    certificate = certificate_for(_NEW_NAME, _INTERNAL_BOTH, key="RSA-2048")
    core = tuple(upload(node, Store.SERVER, certificate).node for node in found.core)
    return replace(found, core=core)


_REISSUE = "Core: re-issue the client certificate with core.example.com among its names"
_MODE = "Edge: set the EKU checking mode to Off"
_SERVER_TOO = "Core: put the new certificate into the server store as well"

_EXPIRED = "Edge's server certificate has reached its last day"
_SUNSET = "the public CA has withdrawn clientAuth from issued certificates"
_MODE_CHANGED = "the upgrade set the EKU checking mode to On"
_CA_GONE = "the public CA has been taken out of the trusted CA lists"

QUESTIONS = (
    Question(
        "10.after-upgrade",
        "All certificates are public ones of 14 Mar 2026 with both EKUs. Both nodes go from X15.4 "
        "to X15.5; the new EKU checking mode is On. Zone and tunnels on the day after?",
        predict(after_upgrade),
        hint="What does the upgrade put into the new client store? Has that clientAuth?",
        why="The upgrade copies the server certificate into the client store (S4), and this one "
        "has clientAuth, so On finds what it looks for. So nothing breaks at this upgrade (E9).",
        facts=("S4", "E9", "C1"),
        mistakes={
            "zone Active, tunnels Failed": "The tunnels want clientAuth in what Core shows (E7), "
            "and the copy has it.",
            "zone Failed, tunnels Active": "On refuses only what lacks clientAuth (E3); look at "
            "the EKUs of the copy.",
            "zone Failed, tunnels Failed": "That would be so if the new client store were empty. "
            "The upgrade fills it (S4).",
        },
    ),
    Question(
        "10.server-only",
        "Another customer: Core and Edge hold public certificates with serverAuth only already. "
        "With X15.4 the zone is Active, the tunnels are Failed. Both nodes go to X15.5. Zone and "
        "tunnels on the day after?",
        predict(lambda: _upgraded(Release.X15_4, Release.X15_5)),
        hint="The upgrade copies what is there, and sets a mode that X15.4 does not have.",
        why="The copy lacks clientAuth. X15.4 validates the zone one way (K3), X15.5 with the mode "
        "On refuses it: this upgrade itself takes the zone down (E15).",
        facts=("E15", "K3", "S4"),
        mistakes={
            "zone Active, tunnels Active": "No upgrade issues a certificate, so clientAuth comes "
            "from nowhere; the tunnels demand it (E7).",
            "zone Active, tunnels Failed": "So it was with X15.4. X15.5 brings a mode that is On, "
            "and On demands clientAuth on the zone (E1, E3).",
            "zone Failed, tunnels Active": "The tunnels demand clientAuth in every release (E7), "
            "and the copy has none.",
        },
    ),
    Question(
        "10.from-x14",
        "A third one, with the same serverAuth-only certificates, has X14.3, and zone and tunnels "
        "are Failed. Both nodes go to X15.4. Zone and tunnels on the day after?",
        predict(lambda: _upgraded(Release.X14_3, Release.X15_4)),
        hint="Each release looks at the zone in its own way. Which one looks least?",
        why="X15.4 validates the zone one way (K3), so this upgrade brings it up, with the same "
        "certificates (E15). The tunnels demand clientAuth as before (E7), and the next upgrade, "
        "to X15.5, takes the zone down again.",
        facts=("E15", "K3", "E7"),
        mistakes={
            "zone Active, tunnels Active": "The tunnels demand clientAuth in every release (E7).",
            "zone Failed, tunnels Active": "The other way round: what changes with X15.4 is how "
            "the zone is validated (K3).",
            "zone Failed, tunnels Failed": "So it was with X14.3. X15.4 does not look for "
            "clientAuth on the zone (K3): an upgrade can mend, too, for a while.",
        },
    ),
    Question(
        "10.serials",
        "After the upgrade you open Core's two certificate pages. What do you read?",
        choose((_TWO_SERIALS, _ONE_SERIAL, _EMPTY), _serials),
        hint="A serial belongs to one certificate. A copied file is the same certificate.",
        why="Both pages show one serial, since it is one certificate in two stores (S4). It is "
        "also how you tell a copy later on: compare the serials.",
        facts=("S4", "S5"),
        mistakes={
            _TWO_SERIALS: "Only a CA issues certificates; an upgrade can do no more than copy.",
            _EMPTY: "client.pem and clientprivkey.pem are new in the directory (S5); something is "
            "in them.",
        },
    ),
    Question(
        "10.which-renewal",
        "June 2026. One certificate is renewed at the public CA, which now gives serverAuth only; "
        "everything else stays. Tick each renewal that takes the tunnels down.",
        tick(tuple(_RENEWALS), _breaking),
        hint="The tunnels look at one store of one node. Which of the four renewals changes it?",
        why="Only what reaches Core's client store counts, and the checkbox carries it there (S7). "
        "The empty checkbox leaves the old copy with clientAuth, until that one expires (E9).",
        facts=("S7", "E7", "E9"),
        mistakes={
            "Edge's server certificate, copy checkbox empty": "Edge answers, and serverAuth is "
            "all that Core looks for in it.",
            "Edge's server certificate, copy checkbox ticked": "Edge's client store is read when "
            "Edge opens; the tunnels are opened by Core.",
            "Core's server certificate, copy checkbox empty": "Core shows its client "
            "certificate, and that is still the old copy with clientAuth.",
            "Core's server certificate, copy checkbox ticked": "the checkbox puts a certificate "
            "without clientAuth into the very store that Core shows (S7).",
        },
    ),
    Question(
        "10.mend",
        "Mend it: tick the smallest change after which MRA login and the WebRTC proxy work.",
        mend(
            other_name,
            {
                _MODE: changes.edge_mode_off,
                _SERVER_TOO: _both_stores,
                _REISSUE: lambda found: _named(found, "core.example.com"),
            },
        ),
        hint="Which of these changes touches a name in the certificate that Core shows?",
        why="The client certificate needs the names that the server certificate had, the cluster's "
        "name too (E8). Off bypasses the EKU check only; names are checked all the same (E4).",
        facts=("E8", "E4"),
        mistakes={
            _MODE: "Off bypasses the EKU check. Chain, validity and name are checked still (E4).",
            _SERVER_TOO: "The server store is read when Core answers. Here Core opens.",
        },
    ),
    Question(
        "10.case-2",
        "Diagnosis. Nobody touched anything since the upgrade of March 2026. On 17 Apr 2027 zone "
        "and tunnels are Failed at once. Why?",
        cause(
            lambda: after_upgrade(utc("2027-04-17")),
            "uc-zone",
            {
                "client-issuing-ca-eku": _SUNSET,
                "server-expired": _EXPIRED,
                "client-eku-missing": _MODE_CHANGED,
                "client-untrusted": _CA_GONE,
            },
        ),
        hint="Compare the date with the column Valid.",
        why="All four are one day past their end, Edge's is simply looked at first (RFC-TIME). Not "
        "every failure of these years is the sunset; but the renewal that mends this one brings it "
        "(E9).",
        facts=("RFC-TIME", "E9"),
        mistakes={
            _SUNSET: "Nobody can change an issued certificate: it keeps its EKUs to its end (E9).",
            _MODE_CHANGED: "On was there from the day of the upgrade, and the certificates have "
            "clientAuth.",
            _CA_GONE: "Root and issuing CAs of CA 2 are in both lists, in the table.",
        },
    ),
    Question(
        "10.place",
        "One who cannot wait for the upgrade: X15.4, serverAuth only everywhere, zone Active, "
        "tunnels Failed. A certificate with both EKUs is at hand. On which page does it go?",
        place(condition("C2", release=Release.X15_4), "ssh-tunnel", STORES, shown=False),
        hint="How many stores has this release (S1)?",
        why="X15.4 has one store for both roles (S1), so what Core shows when it opens comes from "
        "the server certificate page. With X15.5 it is the client page.",
        facts=("S1", "E7"),
        mistakes={
            CORE_CLIENT: "Right with X15.5. X15.4 has no such page: one store for both roles (S1).",
            EDGE_SERVER: "Edge answers Core, and serverAuth is all that it needs for that.",
            EDGE_CLIENT: "X15.4 has no such page (S1), and Edge opens no tunnel.",
        },
    ),
)
