"""Text that an engineer pastes: the page of SSH tunnels, as a browser copies it."""

import re
from typing import TYPE_CHECKING

from ekukit.errors import InputError
from ekukit.frames import typed_frame
from ekukit.log.changed_lines import QUOTED

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "target": "string", "domain": "string", "status": "string", "created": "string",
    "reason": "string", "peer": "string", "line": "int64",
}  # fmt: skip
_HEADINGS = {
    "target": "target", "domain": "domain", "status": "status", "tunnelcreated": "created",
    "created": "created", "reason": "reason", "peer": "peer",
}  # fmt: skip
_ORDER = ("target", "domain", "status", "created", "reason", "peer")
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d|\d\d?[:/.]\d\d[:/.]\d\d|\w{3} \d\d?\b|[nN]/[aA]$|[nN]ever$|[-–]$"
)
_PEER = re.compile(r"[\w-]+([.:][\w-]*)+$")
_MOST_BYTES = 1 << 20
_FEWEST = 3


def read_tunnel_page(text: str) -> "pd.DataFrame":
    """Return one row for each tunnel of a pasted page "Unified Communications SSH tunnels status".

    Columns and dtypes are COLUMNS, also of an empty table: the page's cells as they are, NA where
    a cell is missing or empty; `created` is text, since whether it is UTC is not documented;
    `line` is the line of the pasted text, from 1. Cells are parted by tabs, or by two blanks and
    more; then what a missing cell was is told by what the others look like. Without a header line
    the page's order counts: Target, Domain, Status, Tunnel Created, Reason, Peer.
    `attrs["problems"]` lists lines that are no tunnel.

    Raises InputError for more than 1 MiB. Not checked: whether a state is one that exists.
    """
    if len(text) > _MOST_BYTES:
        msg = f"{len(text)} characters; a tunnel page has a few lines: paste the table alone"
        raise InputError(msg)
    rows: list[dict[str, object]] = []
    problems: list[str] = []
    order: tuple[str, ...] = _ORDER
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        cells = _cells(QUOTED.sub("", line))
        if not any(cells):
            continue
        header = [_HEADINGS.get("".join(cell.split()).lower(), "") for cell in cells]
        if {"target", "status"} <= set(header):
            order = tuple(header)
        elif len(cells) < _FEWEST:
            problems.append(f"line {number}: no tunnel, {len(line)} characters")
        else:
            exact = "\t" in line.strip()
            rows.append({**_row(cells, order, exact=exact), "line": number})
    frame = typed_frame(rows, COLUMNS)
    frame.attrs["problems"] = tuple(problems)
    return frame


def _cells(line: str) -> list[str]:
    parts = (
        line.split("\t") if "\t" in line.strip() else re.split(r" {2,}|\u00a0{2,}", line.strip())
    )
    return [part.strip() for part in parts]


def _row(cells: list[str], order: tuple[str, ...], *, exact: bool) -> dict[str, str | None]:
    """Return the cells by column; they are in order where tabs part them or none is missing."""
    whole = exact or len(cells) >= len(order)
    row = dict(zip(order, cells, strict=False)) if whole else _guessed(cells, order)
    return {name: cell or None for name, cell in row.items()}


def _guessed(cells: list[str], order: tuple[str, ...]) -> dict[str, str]:
    """Return the cells by column where blanks part them, so that an empty cell is not seen.

    What looks like a time is the time of creation, what looks like an address or a name with dots
    is the peer, and what is neither is the reason.
    """
    row = dict(zip(order, cells[:_FEWEST], strict=False))
    for cell in cells[_FEWEST:]:
        kind = "created" if _TIME.match(cell) else "peer" if _PEER.match(cell) else "reason"
        row.setdefault(kind if kind not in row else "peer", cell)
    return row
