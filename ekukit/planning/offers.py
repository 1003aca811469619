"""What can be done in a deployment: every step that the table of remedies offers there."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ekukit.causes.causation import root_causes
from ekukit.causes.mending import everyone, mended
from ekukit.causes.part import CausePlace, Kind, Part
from ekukit.causes.root_cause import RootCause
from ekukit.connections.predict import predict
from ekukit.connections.reasons import ZONE_NAME_PAGE
from ekukit.expressway import Deployment, Expressway, Mode, Release, Role
from ekukit.expressway.commandline import CHECKING_MODE, MENU, execute
from ekukit.expressway.upgrade import upgrade
from ekukit.planning.certificate_offers import certificate_offers
from ekukit.planning.far_offers import far_offers
from ekukit.planning.plan_step import Aspect, PlanStep, Touch
from ekukit.planning.remedy_table import REMEDY_ROWS, Party
from ekukit.planning.trust_offers import trust_offers

_NEWEST = list(Release)[-1]
_NONE_YET = "The EKU checking mode came with X15.5 (E1)."
_UPGRADE_PAGE = "the upgrade page; no source that was read names its menu"
NEIGHBOR_ZONES = "Configuration > Zones > Zones, TLS verify mode"
_Change = Callable[[Expressway], Expressway]


def offers(deployment: Deployment, only_ca: str = "") -> tuple[PlanStep, ...]:
    """Return every step that can be part of a plan; each is done at most once.

    What a step writes is fixed by the deployment as it is now, so that the order of steps does
    not matter beyond what refuses a step, and beyond what an upgrade copies.
    """
    causes = root_causes(deployment, predict(deployment))
    certificates = certificate_offers(deployment, causes, only_ca)
    return (
        *certificates,
        *trust_offers(deployment, certificates),
        *far_offers(deployment, causes),
        *(step for role in Role for step in _of_nodes(deployment, role)),
        *_names(deployment, causes),
        *_network(deployment),
    )


def _of_nodes(deployment: Deployment, role: Role) -> Iterable[PlanStep]:
    peers = deployment.core if role is Role.CORE else deployment.edge
    old = [peer for peer in peers if not peer.release.has_client_store]
    if old:
        made = _on_nodes(
            "upgrade", peers, frozenset(Aspect), _upgraded,
            words={"release": _NEWEST.value}, where=_UPGRADE_PAGE,
        )  # fmt: skip
        yield replace(made, together=_other_upgrades(deployment, role))
    if old or any(peer.eku_checking is Mode.ON for peer in peers):
        command = f"{CHECKING_MODE}: {Mode.OFF}"
        yield replace(
            _on_nodes("mode-off", peers, {Aspect.CHECK},
                      lambda node: execute(node, command).node, where=MENU),
            refusal=lambda found: _without_mode(found, role),
            paste=command,
        )  # fmt: skip
    zones = any(peer.neighbor_verify is Mode.ON for peer in peers)
    if role is Role.CORE and zones and deployment.far_ends:
        yield _on_nodes(
            "verify-off", peers, {Aspect.CHECK},
            lambda node: replace(node, neighbor_verify=Mode.OFF), where=NEIGHBOR_ZONES,
        )  # fmt: skip


def _other_upgrades(deployment: Deployment, role: Role) -> frozenset[str]:
    """Return the upgrade of the other side, since both get the same release (R7)."""
    other = deployment.edge if role is Role.CORE else deployment.core
    old = not all(peer.release.has_client_store for peer in other)
    return frozenset({f"{other[0].role.value.lower()}.upgrade"} if old else ())


def _upgraded(node: Expressway) -> Expressway:
    return node if node.release.has_client_store else upgrade(node, _NEWEST).node


def _without_mode(deployment: Deployment, role: Role) -> str:
    peers = deployment.core if role is Role.CORE else deployment.edge
    return "" if all(peer.release.has_client_store for peer in peers) else _NONE_YET


def _on_nodes(  # noqa: PLR0913 - a step of nodes has these parts
    remedy: str,
    peers: tuple[Expressway, ...],
    aspects: Iterable[Aspect],
    change: _Change,
    *,
    where: str,
    words: dict[str, str] | None = None,
) -> PlanStep:
    role = peers[0].role
    addresses = tuple(peer.address for peer in peers)
    wanted = tuple(aspects)
    return PlanStep(
        id=f"{role.value.lower()}.{remedy}",
        row=REMEDY_ROWS[remedy],
        place=CausePlace.SETTING,
        side=role,
        peers=tuple(peer.fqdn for peer in peers),
        addresses=addresses,
        touches=frozenset((address, aspect) for address in addresses for aspect in wanted),
        change=lambda found: _each(found, addresses, change),
        refusal=lambda _found: "",
        words={"whom": role.value, **(words or {})},
        where=f"{role.value}: {where}",
        parties=(Party.EXPRESSWAY,),
    )


def _each(deployment: Deployment, addresses: tuple[str, ...], change: _Change) -> Deployment:
    def one(node: Expressway) -> Expressway:
        return change(node) if node.address in addresses else node

    return replace(
        deployment, core=tuple(map(one, deployment.core)), edge=tuple(map(one, deployment.edge))
    )


def _names(deployment: Deployment, causes: Iterable[RootCause]) -> Iterable[PlanStep]:
    parts = {part.address: part for cause in causes for part in cause.parts
             if part.kind is Kind.NAME}  # fmt: skip
    if not parts:
        return
    after = mended(deployment, parts.values())
    new = {node.address: node.verify_subject_name for node in after.edge}
    peers = tuple(node for node in deployment.edge if node.address in parts)
    names = ", ".join(dict.fromkeys(new[peer.address] for peer in peers))
    yield _on_nodes(
        "verify-name", peers, {Aspect.NAME},
        lambda node: replace(node, verify_subject_name=new[node.address]),
        words={"names": names}, where=ZONE_NAME_PAGE,
    )  # fmt: skip


def _network(deployment: Deployment) -> Iterable[PlanStep]:
    touches = frozenset({("", Aspect.NETWORK)})
    first = everyone(deployment)[0].address
    for port in sorted(deployment.network.dropped):
        part = Part(CausePlace.NETWORK, Kind.PORT, first, port=port)
        yield _between("port", f"network.port-{port}", part, touches, {"port": str(port)})
    if not deployment.network.resolves:
        part = Part(CausePlace.NETWORK, Kind.NAMES, first)
        yield _between("dns", "network.dns", part, touches, {})


def _between(
    remedy: str, name: str, part: Part, touches: frozenset[Touch], words: dict[str, str]
) -> PlanStep:
    return PlanStep(
        id=name,
        row=REMEDY_ROWS[remedy],
        place=CausePlace.NETWORK,
        side=None,
        peers=(),
        addresses=(),
        touches=touches,
        change=lambda found: mended(found, [part]),
        refusal=lambda _found: "",
        words={"whom": "the network", **words},
        where="firewalls" if remedy == "port" else "System > DNS, and the DNS servers",
        parties=(Party.NETWORK,),
    )
