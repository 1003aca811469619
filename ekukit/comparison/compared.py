"""Two deployments compared: states, causes, nodes, certificates, trusted lists, settings."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ekukit.causes import CauseCard
from ekukit.causes.system_words import listed, title_of
from ekukit.certificates import CaCertificate
from ekukit.comparison.certificate_words import both_words, ca_identity, identity
from ekukit.comparison.difference import (
    Area,
    Difference,
    Effect,
    Tallied,
    differing,
    effect_of,
)
from ekukit.connections import Outcome, State
from ekukit.connections.catalog import ROWS
from ekukit.connections.outcome import worst_states
from ekukit.connections.services import SERVICES
from ekukit.expressway import Deployment, Expressway, FarEnd, Role, Store

LIST, RELEASE, MODE, DOMAINS = "trusted CA list", "release", "EKU checking mode", "SIP domains"
Assumed = tuple[Role | None, str]
_Lists = dict[str, dict[tuple[str, ...], str]]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A deployment as it stands: outcomes, causes, what was seen, settings of its files.

    `seen` are states in words by connection, `configuration` values by host and setting; both are
    empty for a condition of the lab. `knows_far_ends` is false where far ends are assumed, and
    `assumed` are what of a side's nodes is (LIST, RELEASE, MODE), None for what all share.
    """

    deployment: Deployment
    outcomes: tuple[Outcome, ...]
    causes: tuple[CauseCard, ...]
    seen: Mapping[str, str] = field(default_factory=dict)
    configuration: Mapping[tuple[str, str], str] = field(default_factory=dict)
    knows_far_ends: bool = True
    assumed: frozenset[Assumed] = frozenset()

    @property
    def far_ends(self) -> tuple[FarEnd, ...]:
        """Return the far ends of which something is known."""
        return self.deployment.far_ends if self.knows_far_ends else ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences by area, how many things of each area are the same, what was not compared.

    `apart` are what one side or both had to assume, in words.
    """

    differences: tuple[Difference, ...]
    same: Mapping[Area, int]
    apart: tuple[str, ...] = ()

    @property
    def not_told(self) -> tuple[str, ...]:
        """Return the connections and services whose state is Unknown on one side, by title."""
        states = (one for one in self.differences if one.area is Area.STATE)
        return tuple(one.where for one in states if State.UNKNOWN.value in (one.before, one.after))

    def of(self, effect: Effect, area: Area = Area.STATE) -> tuple[str, ...]:
        """Return what has an effect in an area, by where; the services ahead."""
        services = {service.title for service in SERVICES}
        told = [
            found.where
            for found in self.differences
            if found.effect is effect and found.area is area
        ]
        return tuple(sorted(told, key=lambda title: title not in services))


def compared(before: Standing, after: Standing) -> Comparison:
    """Return what differs between two deployments, and what of it works now or no more.

    Nodes are the same when side and host name are. Not compared: what neither tells, what one of
    them had to assume, and the order of lists.
    """
    assumed = before.assumed | after.assumed
    found = Tallied()
    then, now = worst_states(before.outcomes), worst_states(after.outcomes)
    found.take(Area.STATE, _states(then, now), len({*then, *now}))
    seen = {*before.seen, *after.seen}
    found.take(Area.SEEN, _plain(Area.SEEN, before.seen, after.seen), len(seen))
    causes = {card.id for card in (*before.causes, *after.causes)}
    found.take(Area.CAUSE, _causes(before, after), len(causes))
    _take_nodes(found, _nodes(before.deployment), _nodes(after.deployment))
    _take_lists(found, _lists(before, assumed), _lists(after, assumed))
    old, new = _settings(before, assumed), _settings(after, assumed)
    found.take(Area.SETTING, _plain(Area.SETTING, old, new), len({*old, *new}))
    whole = before.knows_far_ends and after.knows_far_ends
    return Comparison(
        tuple(one if whole else _as_shown(one) for one in found.differences),
        found.same,
        tuple(
            f"the {what}{f' of {role}' if role else ''}" for role, what in sorted(assumed, key=str)
        ),
    )


# Of two lists that are both there what one lacks is lacking; of anything else files may be missing.
_SHOWN = {Effect.ADDED: Effect.ONLY_AFTER, Effect.REMOVED: Effect.ONLY_BEFORE}


def _as_shown(found: Difference) -> Difference:
    effect = _SHOWN.get(found.effect, found.effect)
    exact = found.area in {Area.TRUST, Area.CAUSE}
    return found if exact else replace(found, effect=effect)


_TURNS: dict[tuple[State | None, State | None], Effect] = {
    (State.FAILED, State.ACTIVE): Effect.MENDED,
    (State.ACTIVE, State.FAILED): Effect.BROKEN,
}


def _states(then: Mapping[str, State], now: Mapping[str, State]) -> Iterator[Difference]:
    for title, old, new in differing(then, now):
        # What is Unknown on one side was neither mended nor broken, as far as anybody knows.
        effect = _TURNS.get((old, new)) or effect_of(old, new)
        yield Difference(Area.STATE, title, old.value if old else "", new.value if new else "",
                         effect)  # fmt: skip


def _causes(old: Standing, new: Standing) -> Iterator[Difference]:
    was, now = ({card.id: card for card in side.causes} for side in (old, new))
    for _name, before, after in differing(was, now):
        if before is None and after is not None:
            effect = Effect.ADDED if _is_told(after, new, old) else Effect.ONLY_AFTER
            yield Difference(Area.CAUSE, after.what, "", "", effect)
        elif before is not None and after is None:
            effect = Effect.MENDED if _is_told(before, old, new) else Effect.ONLY_BEFORE
            yield Difference(Area.CAUSE, before.what, "", "", effect)
        elif before and after and before.what != after.what:
            yield Difference(Area.CAUSE, "in the same place", before.what, after.what)


def _is_told(cause: CauseCard, there: Standing, other: Standing) -> bool:
    """Return whether the other side tells that it has no such cause: its connections are known.

    Without a known connection, as of a far end that was only seen, nothing tells.
    """
    here, apart = worst_states(there.outcomes), worst_states(other.outcomes)
    titles = [title_of(name) for name in cause.effects if name in ROWS]
    known = [title for title in titles if here.get(title, State.UNKNOWN) is not State.UNKNOWN]
    states = [apart.get(title, State.UNKNOWN) for title in known]
    return bool(states) and State.UNKNOWN not in states


def _plain(area: Area, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for where, before, after in differing(old, new):
        yield Difference(area, where, before or "", after or "", effect_of(before, after))


def _take_nodes(
    found: Tallied, then: Mapping[str, Expressway], now: Mapping[str, Expressway]
) -> None:
    names = [{name: name for name in side} for side in (then, now)]
    found.take(Area.NODE, _plain(Area.NODE, *names), len({*then, *now}))
    slots = [
        (name, kind)
        for name in then
        if name in now
        for kind in Store
        if kind is Store.SERVER or any(side[name].release.has_client_store for side in (then, now))
    ]
    found.take(Area.CERTIFICATE, _certificates(then, now, slots), len(slots))


def _take_lists(found: Tallied, old: _Lists, new: _Lists) -> None:
    shared = [name for name in old if name in new]
    changed = {name: [*differing(old[name], new[name])] for name in shared}
    found.take(Area.TRUST, _trust(old, new, shared), 0)
    found.same[Area.TRUST] = sum(
        len({*old[name], *new[name]}) - len(changed[name]) for name in shared
    )


def _nodes(deployment: Deployment) -> dict[str, Expressway]:
    nodes = (*deployment.core, *deployment.edge)
    return {f"{node.role.value} {node.fqdn}": node for node in nodes}


def _certificates(
    then: Mapping[str, Expressway],
    now: Mapping[str, Expressway],
    slots: Iterable[tuple[str, Store]],
) -> Iterator[Difference]:
    for name, kind in slots:
        old = (then[name].client if kind is Store.CLIENT else then[name].server).certificate
        new = (now[name].client if kind is Store.CLIENT else now[name].server).certificate
        if identity(old) == identity(new):
            continue
        effect = effect_of(old, new)
        yield Difference(Area.CERTIFICATE, f"{name}, {kind.value} store", *both_words(old, new),
                         effect)  # fmt: skip


def _lists(standing: Standing, assumed: Collection[Assumed]) -> _Lists:
    nodes = _nodes(standing.deployment)
    found = {name: _named(node.trusted) for name, node in nodes.items()
             if (node.role, LIST) not in assumed}  # fmt: skip
    return found | {end.title: _named(end.trusts) for end in standing.far_ends}


def _named(trusted: Iterable[CaCertificate]) -> dict[tuple[str, ...], str]:
    return {ca_identity(ca): ca.name for ca in sorted(trusted, key=ca_identity)}


def _trust(old: _Lists, new: _Lists, shared: Iterable[str]) -> Iterator[Difference]:
    for name in shared:
        gone = [ca for key, ca in old[name].items() if key not in new[name]]
        come = [ca for key, ca in new[name].items() if key not in old[name]]
        if gone:
            yield Difference(Area.TRUST, name, listed(gone), "", Effect.REMOVED)
        if come:
            yield Difference(Area.TRUST, name, "", listed(come), Effect.ADDED)


def _settings(standing: Standing, assumed: Collection[Assumed]) -> dict[str, str]:
    deployment = standing.deployment
    found = {} if (None, DOMAINS) in assumed else {DOMAINS: ", ".join(deployment.domains)}
    ports = ", ".join(map(str, sorted(deployment.network.dropped))) or "none"
    found["Blocked ports"] = ports
    found["Host names resolve"] = "yes" if deployment.network.resolves else "no"
    for name, node in _nodes(deployment).items():
        found |= {f"{name}: {what}": value for what, value in _node_settings(node)
                  if (node.role, what) not in assumed}  # fmt: skip
    for end in standing.far_ends:
        found[f"{end.title}: asks for a certificate"] = end.requests_certificate.value
        found[f"{end.title}: checks clientAuth"] = end.checks_client_eku.value
    told = {f"{host}: {setting}": value
            for (host, setting), value in standing.configuration.items()}  # fmt: skip
    return found | told


def _node_settings(node: Expressway) -> Iterator[tuple[str, str]]:
    yield RELEASE, node.release.value
    if node.release.has_client_store:
        yield MODE, node.eku_checking.value
    yield "TLS verify subject name", node.verify_subject_name or "none"
    yield "TLS verify of neighbor zones", node.neighbor_verify.value
