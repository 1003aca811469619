"""What the two stores of each node show together: copies, renewals to come, names that differ."""

from collections.abc import Iterator, Mapping

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.evidence.inventory import Held
from ekukit.diagnosis.findings.certificate_rules import Looked
from ekukit.diagnosis.findings.finding import Confidence, Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.predictions import place_name
from ekukit.diagnosis.rebuild.case_nodes import Place, Reconstruction
from ekukit.expressway import Mode, Role, Store

_ASK_ISSUER = "Ask who runs the issuing CA whether it is public and still issues clientAuth"
# Which far ends a client certificate meets, and what is known of their check (N4-N8, X1).
FAR_ENDS: Mapping[Role | None, str] = {
    Role.EDGE: "Webex (asks for it; whether it checks is not published); B2B partners, XMPP "
    "federation and cloud onboarding unless their clientAuth check is disabled",
    Role.CORE: "Edge, by its mode; CUCM and neighbors if they check clientAuth",
    None: "far ends unless their clientAuth check is disabled",
}
_FAR_FACTS = {Role.EDGE: ("N5", "N7", "N8"), Role.CORE: ("N4", "N6"), None: ()}


def add_store_findings(gathered: Gathered, looked: Mapping[tuple[str, Store], Looked]) -> None:
    """Add what each node's two stores show, or its only one."""
    for client in looked.values():
        if client.is_only and client.held.certificate.has_client_auth and client.held.why_public:
            _add_renewal(gathered, client, [client.held.evidence], is_copy=False)
        if client.is_only or not client.is_client:
            continue
        server = looked.get((client.held.host, Store.SERVER))
        _add_copy(gathered, client, server.held if server else None)


def _add_copy(gathered: Gathered, client: Looked, server: Held | None) -> None:
    ours = client.held.certificate
    words = {"who": client.who, "store": "client"}
    shown = [client.held.evidence, *([server.evidence] if server else [])]
    is_copy = server is not None and _same(client.held, server)
    if ours.is_server_only and is_copy:
        far = FAR_ENDS[client.role]
        found = (
            f"The client store of {client.who} holds a copy of its serverAuth-only server "
            f"certificate (serial {ours.serial_hex}). Who may refuse it: {far}."
        )
        facts = _FAR_FACTS[client.role]
        gathered.add(Draft("store.copy-of-server-only", found, shown, words=words, facts=facts))
    elif ours.lacks_client_auth and server is not None:
        found = (
            f"The client store of {client.who} holds a certificate without clientAuth that is no "
            "copy of the server store: the web pages do not let that in."
        )
        if server.certificate.has_client_auth:
            serial = server.certificate.serial_hex
            found += (
                f" That of its server store has clientAuth (serial {serial}): see whether the two "
                "are the wrong way round."
            )
        gathered.add(Draft("store.not-through-pages", found, shown, words=words))
    elif ours.has_client_auth and (is_copy or client.held.why_public):
        _add_renewal(gathered, client, shown if is_copy else shown[:1], is_copy=is_copy)


def _add_renewal(
    gathered: Gathered, client: Looked, shown: list[Evidence], *, is_copy: bool
) -> None:
    ours, public = client.held.certificate, client.held.why_public
    start = (
        f"Both stores of {client.who} hold one certificate, as after an upgrade; its"
        if is_copy
        else f"The {client.held.store.value} certificate of {client.who} comes from a public CA;"
        " its"
    )
    told = f"public: {public}" if public else "whether its CA is public is not known"
    gathered.add(
        Draft(
            "store.equal-after-upgrade" if is_copy else "store.public-client-auth",
            f"{start} clientAuth lasts until {ours.not_after:%d %b %Y} ({told}). A public CA gives "
            "no clientAuth at the renewal.",
            shown,
            confidence=Confidence.LIKELY if public else Confidence.POSSIBLE,
            words={"who": client.who, "store": client.held.store.value},
            decide="" if public else _ASK_ISSUER,
        )
    )


def _same(one: Held, other: Held) -> bool:
    return one.parsed == other.parsed


def add_mode_findings(gathered: Gathered, case: Reconstruction) -> None:
    """Add where only mode Off lets a client certificate without clientAuth pass."""
    for core, edge in _hidden_by_off(case):
        held = core.held[Store.CLIENT]
        setting = edge.settings.mode_setting if edge.settings else None
        evidence = [held.evidence, *([setting.evidence] if setting else [])]
        found = (
            f"Mode Off on {place_name(edge)} lets the zone pass although the client certificate "
            f"of {place_name(core)} (serial {held.certificate.serial_hex}) has no clientAuth; the "
            "SSH tunnels fail all the same."
        )
        words = {"who": place_name(core), "store": "client"}
        plain = held.certificate.ekus == (SERVER_AUTH,)
        gathered.add(
            Draft(
                "mode.off-hides-missing-client-auth",
                found,
                evidence,
                # Test case 2 shows it for serverAuth alone; the rest is our reading of Off (E4).
                confidence=Confidence.CERTAIN if plain else Confidence.LIKELY,
                words=words,
                facts=() if plain else ("E4",),
            )
        )


def _hidden_by_off(case: Reconstruction) -> Iterator[tuple[Place, Place]]:
    """Yield Core and Edge peers between which only mode Off lets a certificate pass."""
    for edge in (place for place in case.places.values() if place.node.eku_checking is Mode.OFF):
        if not (edge.mode_known and edge.node.release.has_client_store):
            continue
        for core in (place for place in case.places.values() if place.role is not edge.role):
            client = core.held.get(Store.CLIENT)
            ekus = client.certificate.ekus if client is not None else None
            if ekus is not None and CLIENT_AUTH not in ekus:
                yield core, edge


def add_name_findings(gathered: Gathered, case: Reconstruction) -> None:
    """Add names that Core's server certificate has and its client certificate lacks (E8).

    Silent where every Edge's TLS verify subject name is known and the client certificate has it.
    """
    wanted = [edge.node.verify_subject_name.lower().rstrip(".") for edge in case.of(Role.EDGE)]
    for core in case.of(Role.CORE):
        client, server = core.held.get(Store.CLIENT), core.held.get(Store.SERVER)
        if client is None or server is None or not core.node.release.has_client_store:
            continue
        names = {name.lower() for name in client.certificate.answers_to}
        lacking = [name for name in server.certificate.answers_to if name.lower() not in names]
        if not lacking or (wanted and names.issuperset(wanted)):
            continue
        found = (
            f"The client certificate of {place_name(core)} lacks {', '.join(lacking[:10])}, which "
            "its server certificate has; if Edge's TLS verify subject name is one of them, the "
            "zone fails."
        )
        gathered.add(
            Draft(
                "certificate.names-missing",
                found,
                [client.evidence, server.evidence],
                decide="On Edge: Configuration > Zones, TLS verify subject name of the UC zone",
            )
        )
