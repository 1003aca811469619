"""Far ends as an option says them: `webex=trusts:public,checks:no`."""

from collections.abc import Iterable, Mapping

from ekukit.certificates import EkuProfile
from ekukit.errors import InputError
from ekukit.expressway import Choices, FarEndKind, Knowledge, Slot, Trust
from ekukit.expressway.farkinds import FAR_DEFAULTS
from ekukit.expressway.farrelease import far_releases
from ekukit.nearest import member, nearest
from ekukit.stacks import KNOWN

Settings = Mapping[str, str]
FarEnds = str | Mapping[str, str | Settings]
_SAYS_CHECKS = ("release", "stack", "checks")
_SLOTS = {"eku": "presents", "client-eku": "presents_client"}


def settings_of(kind: FarEndKind) -> dict[str, tuple[str, ...]]:
    """Return what can be set of a far end, each with its values."""
    found: dict[str, tuple[str, ...]] = {"trusts": tuple(Trust)}
    if FAR_DEFAULTS[kind].presents is None:
        return found
    found |= {"checks": tuple(Knowledge), "requests": tuple(Knowledge), "eku": tuple(EkuProfile)}
    found["stack"] = tuple(KNOWN)
    rows = far_releases(kind)
    if rows:
        found["release"] = tuple(row.name for row in rows)
    if any(row.has_client_store for row in rows):
        found["client-eku"] = tuple(EkuProfile)
    return found


def far_ends(given: Iterable[FarEnds]) -> dict[FarEndKind, dict[str, str]]:
    """Return the settings of each far end that is named.

    Each of `given` is "webex=trusts:public,checks:no", or a mapping from far ends to
    "trusts:public" or to {"trusts": "public"}. Raises InputError for anything else.
    """
    pairs: list[tuple[str, str | Settings]] = []
    for one in given:
        if isinstance(one, Mapping):
            pairs += one.items()
        else:
            name, _, told = _text(one).partition("=")
            pairs.append((name, told))
    found: dict[FarEndKind, dict[str, str]] = {}
    for name, settings in pairs:
        kind = member(FarEndKind, str(name).strip(), "far end")
        found.setdefault(kind, {}).update(_settings(kind, settings))
    return found


def _text(given: object) -> str:
    if isinstance(given, str):
        return given
    msg = f"far={given!r} cannot be read; write NAME=SETTING:VALUE,..."
    raise InputError(msg)


def _settings(kind: FarEndKind, given: str | Settings) -> dict[str, str]:
    if isinstance(given, Mapping):
        pairs = [(str(name), str(value)) for name, value in given.items()]
    else:
        parted = [one.partition(":") for one in _text(given).split(",")]
        pairs = [(name, value) for name, _, value in parted]
    return dict(_setting(kind, name, value) for name, value in pairs)


def _setting(kind: FarEndKind, name: str, value: str) -> tuple[str, str]:
    known = settings_of(kind)
    name, value = name.strip().lower().replace("_", "-"), value.strip().lower()
    if name not in known:
        msg = f"{kind.value} has no setting {name!r}; write SETTING:VALUE with: {', '.join(known)}"
        raise InputError(msg + nearest(name, known))
    if value not in known[name]:
        told = ", ".join(known[name])
        msg = f"{kind.value}: {name} {value!r} is unknown; use one of: {told}"
        raise InputError(msg + nearest(value, known[name]))
    return name, value


def with_far_ends(choices: Choices, far: Mapping[FarEndKind, Settings]) -> Choices:
    """Return choices with the settings applied; raises InputError for two that contradict."""
    for kind, settings in far.items():
        told = [f"--{kind.value}-{name}" for name in _SAYS_CHECKS if name in settings]
        if len(told) > 1:
            msg = f"{' and '.join(told)} say each whether it checks clientAuth; give one of them"
            raise InputError(msg)
        presents = choices.far_end(kind).presents
        changes: dict[str, object] = {}
        for name, value in settings.items():
            if name not in _SLOTS:
                changes[name] = value
            elif presents is not None:
                changes[_SLOTS[name]] = Slot(presents.issuer, EkuProfile(value))
        choices = choices.with_far_end(kind, **changes)
    return choices
