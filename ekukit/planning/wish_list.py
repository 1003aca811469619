"""Wishes and limits as they are asked for, made into ids of connections, services and steps."""

from collections.abc import Iterable

from ekukit.connections.catalog import ROWS, Connection
from ekukit.errors import InputError
from ekukit.expressway import Deployment, FarEndKind
from ekukit.nearest import nearest
from ekukit.planning.plan_limits import ONLY_CA, PlanLimit
from ekukit.planning.plan_step import PlanStep


def wished(given: Iterable[str], told: Iterable[str]) -> tuple[str, ...]:
    """Return the connections and services that are meant; all that are told without a wish.

    A word is the id of a connection or of a service, or a far end, which means all connections
    with it. Raises InputError for a word that means nothing in this deployment.
    """
    known = tuple(told)
    words = [word.strip() for one in given for word in str(one).split(",") if word.strip()]
    if not words:
        return known
    return tuple(dict.fromkeys(name for word in words for name in _meant(word.lower(), known)))


def _meant(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if word in known:
        return (word,)
    rows = [ROWS[name] for name in known if name in ROWS]
    found = tuple(row.id for row in rows if _is_with(row, word))
    if found:
        return found
    far = sorted({row.far_end.value for row in rows if row.far_end})
    what = (
        "is not in this deployment, or nothing was seen of it"
        if word in ROWS or word in [*FarEndKind]
        else "is unknown"
    )
    msg = f"the wish {word!r} {what}; wish for: {', '.join(dict.fromkeys((*known, *far)))}"
    raise InputError(msg + nearest(word, (*known, *far)))


def _is_with(row: Connection, word: str) -> bool:
    return row.far_end is not None and row.far_end.value == word


def limited(given: Iterable[str], steps: Iterable[str], *, only_ca: bool = False) -> frozenset[str]:
    """Return limits and ids of steps that are excluded; raises InputError for another word."""
    words = [word.strip() for one in given for word in str(one).split(",") if word.strip()]
    known = (*PlanLimit, *steps)
    for word in words:
        if word not in known:
            msg = f"the limit {word!r} is unknown; use one of: {', '.join(PlanLimit)}, or the id of"
            msg += " a step as --json shows it"
            raise InputError(msg + nearest(word, known))
    return frozenset((*words, *((ONLY_CA,) if only_ca else ())))


def known_ca(name: str, deployment: Deployment, steps: Iterable[PlanStep]) -> None:
    """Raise InputError for a CA that neither issues nor is trusted anywhere here."""
    nodes = (*deployment.core, *deployment.edge)
    listed = {ca.name for node in nodes for ca in node.trusted}
    names = sorted(listed | {ca.name for step in steps for ca in step.shows})
    if not any(name.lower() in known.lower() for known in names):
        msg = f"the CA {name!r} is not known here; known are: {', '.join(names)}"
        raise InputError(msg + nearest(name, names))
