"""Tables of a case for people, with fixed columns, also when empty; all dtypes are object."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ekukit.connections import Outcome, connection
from ekukit.connections.services import essential
from ekukit.diagnosis.case import Case, Observed
from ekukit.diagnosis.evidence.presented import alert_words
from ekukit.frames import frame_of

STATE_COLUMNS = ("Connection", "Observed", "Where", "Predicted", "Why", "Agree")
INVENTORY_COLUMNS = (
    "Node and store", "Serial", "Subject and names", "Issuer and chain", "EKUs", "Valid until",
    "Key and usage", "Where",
)  # fmt: skip
TRUST_COLUMNS = ("Node", "Subject", "Issuer", "EKUs", "Valid until", "Serial", "Where")
TIMELINE_COLUMNS = ("Time", "Node", "Event", "From", "To", "Detail", "Where")
HANDSHAKE_COLUMNS = (
    "Where", "Client", "Server", "Version", "Server presented", "Client presented", "Alerts",
    "Note",
)  # fmt: skip
CONFIGURATION_COLUMNS = ("Node", "Setting", "Value", "Why it matters", "Where")
# Tables for people end here; the whole is in the case's own tables.
MOST_ROWS, MOST_NAMES = 250, 20


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.astype(object).itertuples(index=False)


def _where(row: Any, *parts: str) -> str:  # noqa: ANN401 - a row of a table
    words = [_text(row.file)]
    words += [f"{name} {_text(value)}" for name in parts if (value := _text(getattr(row, name)))]
    return ", ".join(filter(None, words))


def states_table(case: Case) -> pd.DataFrame:
    """Return observed against predicted states; columns STATE_COLUMNS, states are `State`.

    A connection that the files do not show has the sentence "not in the files" instead.
    """
    predicted: dict[str, Outcome] = {}
    for outcome in case.predicted:
        predicted.setdefault(outcome.connection, outcome)
    shown = {outcome.connection for outcome in essential(case.predicted)}
    seen: dict[str, list[Observed]] = {}
    for observed in case.observed:
        seen.setdefault(observed.connection, []).append(observed)
    rows: list[tuple[object, ...]] = []
    for name in dict.fromkeys((*predicted, *seen)):
        if name in shown or name in seen:
            rows += _state_rows(name, seen.get(name, []), predicted.get(name))
    return frame_of(rows, STATE_COLUMNS)


def _state_rows(
    name: str, seen: list[Observed], outcome: Outcome | None
) -> Iterable[tuple[object, ...]]:
    title = outcome.title if outcome else connection(name).title
    state: object = outcome.state if outcome else "not predicted"
    why = (outcome.reason, *outcome.notes) if outcome else ""
    if not seen:
        yield title, "not in the files", "", state, why, ""
    for found in seen:
        agree = ("yes" if found.state is state else "no") if outcome else ""
        where = (found.by.where, found.detail or found.by.text)
        yield title, found.state, where, state, why, agree


def inventory_table(certificates: pd.DataFrame) -> pd.DataFrame:
    """Return certificates for people; columns INVENTORY_COLUMNS."""
    rows = []
    for row in _rows(certificates):
        store = f"{_text(row.store)} store" if row.store != "ca" else "trusted CA list"
        chain = tuple(map(str, row.chain or ()))
        public = _text(row.public)
        why = _text(row.why_public)
        rows.append(
            (
                (_text(row.host), store),
                _text(row.serial),
                (_text(row.subject), *_first(row.names or ())),
                (_text(row.issuer), f"{public}: {why}" if why else public)
                + ((f"chain: {' > '.join(chain)}",) if chain else ()),
                _text(row.eku),
                (f"{row.not_after:%d %b %Y}", _left(row.days_left, row.counted_from)),
                (_text(row.key), *filter(None, _text(getattr(row, "decides", "")).split("; "))),
                _where(row, "line"),
            )
        )
    return frame_of(rows, INVENTORY_COLUMNS)


def _first(names: Sequence[object]) -> tuple[str, ...]:
    more = len(names) - MOST_NAMES
    return (*map(str, names[:MOST_NAMES]), *((f"and {more} more",) if more > 0 else ()))


def _left(days: Any, start: Any) -> str:  # noqa: ANN401 - a number and a moment, or NA
    if not _text(days):
        return ""
    day = f"{start:%d %b %Y}"
    return f"{int(days)} days from {day}" if days >= 0 else f"✗ {-int(days)} days before {day}"


def trust_table(certificates: pd.DataFrame) -> pd.DataFrame:
    """Return the first CAs of the trusted CA lists; columns TRUST_COLUMNS."""
    rows = (
        (
            _text(row.host),
            _text(row.subject),
            "itself (a root)" if row.subject == row.issuer else _text(row.issuer),
            _text(row.eku),
            f"{row.not_after:%d %b %Y}",
            _text(row.serial),
            _where(row, "line"),
        )
        for row in _rows(certificates[certificates["store"] == "ca"].head(MOST_ROWS))
    )
    return frame_of(rows, TRUST_COLUMNS)


def timeline_table(timeline: pd.DataFrame) -> pd.DataFrame:
    """Return the first events for people; columns TIMELINE_COLUMNS, "Time" is a Timestamp."""
    rows = (
        (
            row.time,
            _text(row.host),
            _text(row.event),
            _text(row.source),
            _text(row.destination),
            _text(row.detail),
            _where(row, "line", "packet"),
        )
        for row in _rows(timeline.head(MOST_ROWS))
    )
    return frame_of(rows, TIMELINE_COLUMNS)


def handshake_table(handshakes: pd.DataFrame) -> pd.DataFrame:
    """Return the first handshakes for people; columns HANDSHAKE_COLUMNS."""
    rows = (
        (
            (_text(row.file), f"packet {_text(row.first_packet)}"),
            (f"{_text(row.client)}:{_text(row.client_port)}", _named("SNI", row.sni)),
            f"{_text(row.server)}:{_text(row.server_port)}",
            _text(row.version) or _text(row.protocol),
            _presented(row.server_serials, row.server_certificates_packet,
                       row.certificate_of_server),
            _presented(row.client_serials, row.client_certificates_packet,
                       row.certificate_of_client),
            tuple(map(_alert, row.alerts or ())),
            _text(row.note),
        )
        for row in _rows(handshakes.head(MOST_ROWS))
    )  # fmt: skip
    return frame_of(rows, HANDSHAKE_COLUMNS)


def _named(name: str, value: Any) -> str:  # noqa: ANN401 - a text or NA
    return f"{name} {text}" if (text := _text(value)) else ""


def _alert(value: tuple[int, str, int, int]) -> str:
    """Return an alert in words, from its packet, sender, level and number."""
    packet, sender, level, number = value
    return f"packet {packet}: {alert_words(sender, level, number)}"


def _presented(serials: Any, packet: Any, words: Any) -> tuple[str, ...]:  # noqa: ANN401 - cells
    """Return which certificate an end presented: the packet, whose it is, the leaf's serial."""
    if serials is None:
        return ("no certificate seen",)
    if not len(serials):
        return tuple(filter(None, (_named("packet", packet), "an empty answer: no certificate")))
    lines = [_named("packet", packet), _text(words), f"serial {serials[0]}"]
    more = len(serials) - 1
    lines.append(f"and {more} above it" if more else "the leaf alone")
    return tuple(filter(None, lines))


def configuration_table(configuration: pd.DataFrame) -> pd.DataFrame:
    """Return the settings that matter, one row for what both dumps say; CONFIGURATION_COLUMNS."""
    places: dict[tuple[str, ...], list[str]] = {}
    for row in _rows(configuration.head(MOST_ROWS)):
        told = tuple(map(_text, (row.host, row.setting, row.value, row.matters)))
        places.setdefault(told, []).append(_where(row, "line"))
    rows = [(*told, tuple(where)) for told, where in places.items()]
    return frame_of(rows, CONFIGURATION_COLUMNS)
