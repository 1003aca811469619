"""The named conditions as choices that controls can reach."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from ekukit.certificates import utc
from ekukit.errors import InputError
from ekukit.expressway.changes import named
from ekukit.expressway.farkinds import FAR_DEFAULTS, FarChoice, FarEndKind
from ekukit.expressway.node import Mode, Release, Role, Store
from ekukit.expressway.slot import INTERNAL_BOTH, PUBLIC_BOTH, PUBLIC_SERVER, Slot
from ekukit.nearest import member, nearest

# Between the cut-off of the public stand-in (1 May 2026) and the expiry of what it issued since.
AS_OF = utc("2026-06-15")


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the controls can set.

    `copied` says that client stores equal to their server slot hold the same certificate, as
    after an upgrade (S4). A serverAuth-only client slot equal to its server slot counts as
    a copy; that it can be an older one, with another serial (S11), no control says. `far` holds
    only far ends whose settings differ from FAR_DEFAULTS.
    """

    core_server: Slot
    core_client: Slot
    edge_server: Slot
    edge_client: Slot
    core_checking: Mode = Mode.ON
    edge_checking: Mode = Mode.ON
    copied: bool = False
    key: str = "RSA-2048"
    at: datetime = AS_OF
    release: Release = Release.X15_5
    core_peers: int = 1
    edge_peers: int = 1
    domains: tuple[str, ...] = ("example.com", "example.org")
    neighbor_verify: Mode = Mode.ON
    far: tuple[tuple[FarEndKind, FarChoice], ...] = field(default=())

    def slot(self, role: Role, kind: Store) -> Slot:
        """Return the slot of a node's store."""
        slots = {
            (Role.CORE, Store.SERVER): self.core_server,
            (Role.CORE, Store.CLIENT): self.core_client,
            (Role.EDGE, Store.SERVER): self.edge_server,
            (Role.EDGE, Store.CLIENT): self.edge_client,
        }
        return slots[role, kind]

    def far_end(self, kind: FarEndKind) -> FarChoice:
        """Return the settings of a far end."""
        return dict(self.far).get(kind, FAR_DEFAULTS[kind])

    def with_far_end(self, kind: FarEndKind | str, **changes: object) -> "Choices":
        """Return choices in which a far end has other settings; words name kind and values.

        Raises InputError for a word that names none.
        """
        kind = member(FarEndKind, kind, "far end")
        changed = replace(self.far_end(kind), **named(FarChoice, changes))
        others = {name: value for name, value in self.far if name is not kind}
        if changed != FAR_DEFAULTS[kind]:
            others[kind] = changed
        return replace(self, far=tuple(sorted(others.items())))


CONDITIONS: dict[str, Choices] = {
    "C1": Choices(PUBLIC_BOTH, PUBLIC_BOTH, PUBLIC_BOTH, PUBLIC_BOTH, copied=True),
    "C2": Choices(PUBLIC_SERVER, PUBLIC_SERVER, PUBLIC_SERVER, PUBLIC_SERVER),
    "C2.1": Choices(PUBLIC_SERVER, INTERNAL_BOTH, PUBLIC_SERVER, PUBLIC_SERVER),
    "C3": Choices(INTERNAL_BOTH, INTERNAL_BOTH, INTERNAL_BOTH, INTERNAL_BOTH),
    "C4": Choices(INTERNAL_BOTH, INTERNAL_BOTH, PUBLIC_SERVER, PUBLIC_SERVER),
}
CONDITION_TITLES = {
    "C1": "Upgrade to X15.5: public certificates with both EKUs in both stores",
    "C2": "Public CA everywhere, serverAuth only (test cases 1 and 2)",
    "C2.1": "Core client certificate from an internal CA, the rest public",
    "C3": "Internal CA everywhere",
    "C4": "Core internal, Edge public with serverAuth only",
}


def condition(name: str, **changes: object) -> Choices:
    """Return a named condition ("C1", "C2", "C2.1", "C3", "C4") with changes of `Choices`.

    Words name values: `condition("C2", edge_checking="off")`. Raises InputError for an unknown
    name or value.
    """
    try:
        found = CONDITIONS[str(name).upper()]
    except KeyError:
        msg = f"condition {name!r} is unknown; use one of {', '.join(CONDITIONS)}"
        raise InputError(msg + nearest(name, CONDITIONS)) from None
    return replace(found, **named(Choices, changes))
