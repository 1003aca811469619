"""What alarms of Expressway mean that touch certificates, CRLs, TLS, zones and tunnels.

The rows are data (alarms.toml beside this module), by the words that the product's guide prints
for each number. What a program of the node says of itself stands among them.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_NUMBER = re.compile(r'\bI[dD]="(\d{5})"')
ALARM, ELSEWHERE = "alarm", "elsewhere"


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm: Cisco's number and title, its words in lower case, what it means, what to do.

    `severity` is that of the finding, ELSEWHERE for what is understood and tells nothing here;
    `code` is the finding's. `program` says so where it is no alarm; then `number` is 0.
    """

    number: int
    title: str
    texts: tuple[str, ...]
    severity: str
    means: str
    todo: str
    code: str
    program: str


@cache
def alarm_rows() -> tuple[AlarmRow, ...]:
    """Return every row of the table, read once."""
    table = tomllib.loads((files("ekukit.log") / "alarms.toml").read_text(encoding="utf-8"))
    return tuple(
        AlarmRow(
            row["number"], row["title"], tuple(row["texts"]), row["severity"],
            row.get("means", ""), row.get("todo", ""), row.get("code", f"alarm.{row['number']}"),
            row.get("program", ALARM),
        )
        for row in table["row"]
    )  # fmt: skip


def alarm_of(text: str, program: str = ALARM) -> AlarmRow | None:
    """Return the row of an alarm by its words, else by its number; None when no row fits."""
    own = [row for row in alarm_rows() if row.program == program]
    if not own:
        return None
    said = " ".join(text.lower().split())
    hits = [(len(words), row) for row in own for words in row.texts if words in said]
    if hits:
        return max(hits, key=lambda hit: hit[0])[1]
    number = _NUMBER.search(text)
    return next((row for row in own if number and row.number == int(number[1])), None)
