"""An option of a verb: defined once, for the shell's parser and for Python's signature.

The options of a verb are a TypedDict whose fields are `Annotated` with an `Option`, so that type
checkers know them, too.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast, get_args, get_type_hints

from ekukit.errors import InputError
from ekukit.nearest import nearest

_Function = TypeVar("_Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Option:
    """What an option means: help, values, default, and how a given value is read.

    `values` are all that count, empty where `read` decides; `shown` stands for the value in the
    shell's help; `group` is the heading under which the shell lists it. With `many` it can be
    given more than once, in Python as a list; a value of the kinds `alone` counts as one. `flag`
    takes no value in the shell, and `also` are further spellings there.
    """

    help: str = ""
    values: tuple[str, ...] = ()
    shown: str = ""
    default: object = None
    group: str = ""
    read: Callable[[Any], object] | None = None
    many: bool = False
    flag: bool = False
    required: bool = False
    also: tuple[str, ...] = ()
    alone: tuple[type, ...] = (str, PathLike, Mapping)

    def taken(self, name: str, given: object) -> object:
        """Return the value that counts, the default for None; raises InputError for a bad one."""
        if given is None:
            given = self.default
        if given is None and self.required:
            msg = f"{name} is missing; give {self.shown or 'it'}: {self.help}"
            raise InputError(msg)
        if not self.many:
            return None if given is None else self._read(name, given)
        alone = given is None or isinstance(given, self.alone)
        several = (() if given is None else (given,)) if alone else tuple(_all(name, given))
        return tuple(self._read(name, one) for one in several)

    def _read(self, name: str, given: object) -> object:
        if self.values:
            found = {value.lower(): value for value in self.values}.get(str(given).lower())
            if found is None:
                known = ", ".join(self.values)
                msg = f"{name}={str(given)!r} is unknown; use one of: {known}"
                raise InputError(msg + nearest(given, self.values))
            given = found
        if self.read is None:
            return given
        try:
            return self.read(given)
        except InputError:
            raise
        except (AttributeError, TypeError, ValueError):
            msg = f"{name}={given!r} cannot be used; give {self.shown or self.help}"
            raise InputError(msg) from None


def _all(name: str, given: object) -> Iterable[object]:
    if not isinstance(given, Iterable):
        msg = f"{name}={given!r} cannot be used; give one value or a list of them"
        raise InputError(msg)
    return given


@cache
def options_of(kind: type) -> Mapping[str, Option]:
    """Return the options of a TypedDict by name, in its order."""
    hints = get_type_hints(kind, include_extras=True)
    return MappingProxyType(
        {
            name: next(found for found in get_args(hint) if isinstance(found, Option))
            for name, hint in hints.items()
        }
    )


def taken(verb: str, kind: type, given: Mapping[str, object]) -> dict[str, Any]:
    """Return every option of a verb with the value that counts.

    Raises InputError for a name that it does not have and for a value that cannot be used, with
    the nearest right one.
    """
    known = options_of(kind)
    for name in given:
        if name not in known:
            msg = f"{verb} has no option {name!r}; it has: {', '.join(known)}"
            raise InputError(msg + nearest(name, known))
    return {name: option.taken(name, given.get(name)) for name, option in known.items()}


def signed(kind: type) -> Callable[[_Function], _Function]:
    """Give a function with `**options` the signature that its options make, for help and Tab."""

    def sign(function: _Function) -> _Function:
        plain = inspect.signature(function)
        first = [
            found for found in plain.parameters.values() if found.kind is not found.VAR_KEYWORD
        ]
        hints = get_type_hints(kind)
        options = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=option.default, annotation=hints[name]
            )
            for name, option in options_of(kind).items()
        ]
        told = plain.replace(parameters=[*first, *options])
        cast("Any", function).__signature__ = told
        return function

    return sign


def whole(given: object) -> int:
    """Return a whole number; raises ValueError for what is none."""
    return int(str(given))


def a_path(given: str | PathLike[str]) -> Path:
    """Return a path; raises InputError for what is none."""
    try:
        return Path(given)
    except TypeError:
        msg = f"{given!r} is no path; name a file or a folder"
        raise InputError(msg) from None
