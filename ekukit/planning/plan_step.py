"""A step of a plan: one remedy at one place, with what it reads and what it changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from ekukit.causes.part import CausePlace
from ekukit.certificates import CaCertificate
from ekukit.expressway import Deployment, Role
from ekukit.planning.plan_limits import ONLY_CA
from ekukit.planning.remedy_table import REMEDY_ROWS, Party, RemedyRow


class Aspect(StrEnum):
    """What of a system a handshake depends on."""

    SERVER = "server certificate"
    CLIENT = "client certificate"
    TRUST = "trusted CAs"
    CHECK = "what it checks"
    NAME = "name that it looks for"
    RELEASE = "release"
    NETWORK = "network"


# An aspect of the system with that address; the network has none.
Touch = tuple[str, Aspect]


@dataclass(frozen=True, slots=True, eq=False)
class PlanStep:
    """One remedy at one place.

    `id` says side, place and remedy; `side` is a role, None for a far end or the network.
    `peers` are host names, `addresses` those of the systems that it changes, `touches` what a
    handshake may notice. `change` gives the deployment after it; `refusal` says why it cannot be
    done yet in a deployment, "" when it can. `shows` are the CAs that a new certificate has above
    it, `trusts` those that a list gets. `words` fill the row's sentences, `where` is a menu path, a
    command, or whom to ask; `paste` the command itself. `parties` must act. `is_foreign` says that
    the CA is not the only one that is wanted. `together` are steps without which it must not be.
    """

    id: str
    row: RemedyRow
    place: CausePlace
    side: Role | None
    peers: tuple[str, ...]
    addresses: tuple[str, ...]
    touches: frozenset[Touch]
    change: Callable[[Deployment], Deployment]
    refusal: Callable[[Deployment], str]
    words: dict[str, str]
    where: str
    parties: tuple[Party, ...]
    shows: tuple[CaCertificate, ...] = ()
    trusts: tuple[CaCertificate, ...] = ()
    paste: str = ""
    facts: tuple[str, ...] = ()
    is_foreign: bool = False
    together: frozenset[str] = frozenset()
    limits: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Note what forbids it: limits of its remedy, its own id, and another CA than wanted."""
        edge = self.row.on_edge if self.side is Role.EDGE else ()
        only = (ONLY_CA,) if self.is_foreign else ()
        found = frozenset((*self.row.limits, *edge, *only, self.id))
        object.__setattr__(self, "limits", found)

    @property
    def do(self) -> str:
        """Return what is to be done, in one sentence."""
        return self.row.do.format(**self.words)

    @property
    def price_words(self) -> str:
        """Return what it costs in security, in words."""
        return self.row.price_words.format(**self.words)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Return the ids of facts that it rests on."""
        return tuple(dict.fromkeys((*self.row.facts, *self.facts)))

    @property
    def node(self) -> str:
        """Return where it is done, in words."""
        return self.words["whom"]

    def collides(self, other: "PlanStep") -> bool:
        """Return whether both fill one store."""
        stores = {touch for touch in self.touches if touch[1] in (Aspect.SERVER, Aspect.CLIENT)}
        return self.row.id in _FILLING and other.row.id in _FILLING and bool(stores & other.touches)


_FILLING = frozenset(name for name, row in REMEDY_ROWS.items() if row.orders)
