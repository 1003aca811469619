"""Names and places of a deployment's systems in sentences."""

from collections.abc import Iterable

from ekukit.causes.mending import system_at
from ekukit.causes.part import Part
from ekukit.connections.attempts import System
from ekukit.connections.catalog import ROWS
from ekukit.connections.reasons import LISTS, far_list
from ekukit.connections.services import SERVICES
from ekukit.expressway import Deployment, FarEnd, Role


def title_of(name: str) -> str:
    """Return the title of a connection or service."""
    services = {service.id: service.title for service in SERVICES}
    return services.get(name) or ROWS[name].title


def title(system: System) -> str:
    """Return a node's role or a far end's name for people."""
    return system.title if isinstance(system, FarEnd) else system.role.value


def node_words(deployment: Deployment, parts: Iterable[Part], most: int = 0) -> str:
    """Return the node of parts, of a cluster's peers those that are meant, or the far ends.

    With `most` no more than so many far ends are named, the others counted.
    """
    systems = [system_at(deployment, part.address) for part in parts]
    first = systems[0]
    if isinstance(first, FarEnd):
        return listed(dict.fromkeys(title(found) for found in systems), most)
    peers = deployment.core if first.role is Role.CORE else deployment.edge
    if len(peers) == len(systems):
        return first.role.value
    return " and ".join(found.fqdn for found in systems)


def list_words(system: System) -> str:
    """Return the list in which a system has the CAs that it trusts."""
    if isinstance(system, FarEnd):
        return far_list(system.kind, system.title)
    return LISTS[True].format(judge=system.role.value).partition(" (")[0]


def listed(words: Iterable[str], most: int = 0) -> str:
    """Return words as a list in a sentence, with `most` no more than so many of them."""
    told = [_closed(word) for word in words]
    if most and len(told) > most + 1:
        told = [*told[:most], f"{len(told) - most} more"]
    *first, last = told or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _closed(word: str) -> str:
    """Return a title without a comma, which would look like two in a list."""
    name, comma, more = word.partition(", ")
    return f"{name} ({more})" if comma else word
