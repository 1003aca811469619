"""Changes of a deployment's parts by name: words count wherever an enumeration is meant."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, get_type_hints

from ekukit.errors import InputError
from ekukit.nearest import member, nearest


def named(kind: type, changes: Mapping[str, object]) -> dict[str, Any]:
    """Return changes of a dataclass's fields, words turned into the members that they name.

    Raises InputError for a field that it does not have and for a word that is no member. Other
    values are not looked at.
    """
    hints = _hints(kind)
    for name in changes:
        if name not in hints:
            msg = f"{name!r} cannot be changed here; use one of: {', '.join(hints)}"
            raise InputError(msg + nearest(name, hints))
    return {name: _value(hints[name], name, value) for name, value in changes.items()}


def _value(hint: object, name: str, value: object) -> object:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return member(hint, value, name.replace("_", " "))
    return value


@cache
def _hints(kind: type) -> dict[str, object]:
    return get_type_hints(kind)
