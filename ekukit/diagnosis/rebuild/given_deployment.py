"""A deployment rebuilt from real certificates: stand-ins for the keys, unknowns marked."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ekukit.certificates import CaCertificate, Certificate
from ekukit.connections import Engine, Handshake, Outcome, State, Verdict, connection
from ekukit.connections.predict import connection_outcomes
from ekukit.connections.rules import judge as judge_rules
from ekukit.connections.services import service_outcomes
from ekukit.diagnosis.rebuild.stand_ins import stand_ins
from ekukit.expressway import (
    CertificateStore,
    Deployment,
    Expressway,
    FarEnd,
    FarEndKind,
    Mode,
    Release,
    Role,
    Store,
)
from ekukit.expressway.build import ADDRESSES
from ekukit.expressway.farkinds import FAR_DEFAULTS, FAR_ROWS
from ekukit.facts import basis

Place = tuple[Role, Store]
STAND_IN = (
    "OpenSSL verified the certificates' own bytes. Private keys are not in these files, so the "
    "handshakes were made with stand-ins: the same bytes but for keys and signatures."
)


@dataclass(frozen=True, slots=True)
class KnownPair:
    """What is known of a pair of nodes; a missing store is unknown, not empty.

    `with_root` are the stores whose files hold a root beside the leaf.
    """

    certificates: Mapping[Place, Certificate]
    trusted: Mapping[Role, frozenset[CaCertificate]]
    at: datetime
    modes: Mapping[Role, Mode]
    release: Release = Release.X15_5
    verify_subject_name: str = ""
    domains: tuple[str, ...] = ("example.com",)
    with_root: frozenset[Place] = frozenset()


def rebuild(known: KnownPair) -> Deployment:
    """Return the deployment that is known, far ends with the kit's defaults.

    CUCM is assumed to trust what Core trusts, Webex and the MRA client the public CAs among it
    (F1). Nothing is checked here.
    """
    everything = frozenset().union(*known.trusted.values())
    public = frozenset(ca for ca in everything if ca.public)
    return Deployment(
        core=(_node(known, Role.CORE),),
        edge=(_node(known, Role.EDGE),),
        at=known.at,
        far_ends=far_ends(known.trusted.get(Role.CORE, everything), public),
        domains=known.domains,
    )


def _node(known: KnownPair, role: Role) -> Expressway:
    server = known.certificates.get((role, Store.SERVER))
    client = known.certificates.get((role, Store.CLIENT))
    # A wildcard is nobody's name, and no check finds it (T5).
    names = [name for found in (server, client) if found for name in found.answers_to
             if "*" not in name]  # fmt: skip
    has_client = known.release.has_client_store
    roots = {kind: (role, kind) in known.with_root for kind in Store}
    return Expressway(
        role=role,
        fqdn=names[0] if names else f"{role.value.lower()}.example.com",
        address=ADDRESSES[role][0],
        server=CertificateStore(Store.SERVER, server, root_uploaded=roots[Store.SERVER]),
        client=CertificateStore(
            Store.CLIENT, client if has_client else None, root_uploaded=roots[Store.CLIENT]
        ),
        trusted=known.trusted.get(role, frozenset()),
        eku_checking=known.modes.get(role, Mode.ON),
        release=known.release,
        verify_subject_name=known.verify_subject_name if role is Role.EDGE else "",
    )


def far_ends(
    cucm: frozenset[CaCertificate], public: frozenset[CaCertificate]
) -> tuple[FarEnd, ...]:
    """Return CUCM and the MRA client with the kit's defaults and these trusted CAs (F1)."""
    return tuple(
        FarEnd(kind, FAR_ROWS[kind].fqdn, FAR_ROWS[kind].address, None, trusts,
               FAR_DEFAULTS[kind].requests, FAR_DEFAULTS[kind].checks)
        for kind, trusts in ((FarEndKind.CUCM, cucm), (FarEndKind.MRA_CLIENT, public))
    )  # fmt: skip


def judge(deployment: Deployment, known: Iterable[Place]) -> tuple[Outcome, ...]:
    """Return zone, tunnel and what else both nodes decide, by OpenSSL's verdict on the real paths.

    A state that depends on a store of which nothing is known is Unknown. Where no stand-in's
    handshake shows the same, the path verification stands alone, and where OpenSSL cannot be
    asked the rules answer; the outcome's engine says so.
    """
    given = set(known)
    return judged(stand_ins(deployment), lambda outcome: _needs_missing(outcome, given))


def judge_held(deployment: Deployment) -> tuple[Outcome, ...]:
    """Return what `judge` does, where a store that holds no certificate is one not known."""
    nodes = (*deployment.core, *deployment.edge)
    return judge(deployment, {(node.role, kind) for node in nodes for kind in Store
                              if node.store(kind).certificate is not None})  # fmt: skip


def judged(deployment: Deployment, needs_missing: Callable[[Outcome], bool]) -> tuple[Outcome, ...]:
    """Return the outcomes of what both nodes decide, Unknown where something needed is missing."""
    rows = tuple(connection(name) for name in JUDGED)
    lab = connection_outcomes(deployment, decide_or_rules, Engine.LAB, rows)
    connections = [_unknown(found) if needs_missing(found) else found for found in lab]
    return (*connections, *service_outcomes(_with_provisioning(connections)))


def with_seen(outcomes: tuple[Outcome, ...], failed: Collection[str]) -> tuple[Outcome, ...]:
    """Return the outcomes with services that need what was seen to fail as Failed.

    `failed` are ids of connections; MRA provisioning is the one that services need and that the
    rebuilt deployment cannot show.
    """
    if "cucm-tftp" not in failed:
        return outcomes
    connections = [found for found in outcomes if found.initiator]
    *_rest, unknown = _with_provisioning(connections)
    seen = replace(
        unknown, state=State.FAILED, code="cucm-tftp.seen", reason="It was seen to fail.",
        check="what the archive shows", facts=("N6", "T8"), basis=basis(("N6", "T8")),
    )  # fmt: skip
    return (*connections, *service_outcomes((*connections, seen)))


JUDGED = ("uc-zone", "ssh-tunnel", "traversal-mtls", "mra-client")


def decide_or_rules(handshake: Handshake) -> Verdict:
    """Return the lab's verdict on a stranger's handshake, the rules' where it cannot be made."""
    from ekukit.lab import decide

    try:
        return decide(handshake)
    except Exception:  # noqa: BLE001 - a stranger's values break libraries in ways no list covers
        return replace(judge_rules(handshake), engine=Engine.RULES)


def _needs_missing(outcome: Outcome, given: set[Place]) -> bool:
    """Return whether the outcome rests on a store that nobody told of."""
    if outcome.connection == "mra-client":
        return (Role.EDGE, Store.SERVER) not in given
    return not {(Role.CORE, Store.CLIENT), (Role.EDGE, Store.SERVER)} <= given


def _unknown(outcome: Outcome) -> Outcome:
    return replace(
        outcome,
        state=State.UNKNOWN,
        code=f"{outcome.connection}.not-given",
        reason="A certificate on which this depends was not given.",
        check="not known",
        todo="Give Core's client certificate and Edge's server certificate.",
        facts=("S2", "F1"),
        basis=basis(("S2", "F1")),
        presented_by_client=None,
        presented_by_server=None,
        alert=None,
        error=None,
        depth=None,
        text="",
        hidden=(),
        notes=(),
    )


def _with_provisioning(connections: list[Outcome]) -> list[Outcome]:
    """Return the connections with provisioning as Unknown: CUCM is not among the files."""
    zone = next(outcome for outcome in connections if outcome.connection == "uc-zone")
    provisioning = replace(
        _unknown(zone), connection="cucm-tftp", title="MRA provisioning",
        reason="What CUCM trusts is not in these files.",
        todo="See that CUCM trusts the issuer of Core's client certificate (tomcat-trust, "
        "CallManager-trust; T8).",
        facts=("T8", "F1"),
    )  # fmt: skip
    return [*connections, provisioning]
