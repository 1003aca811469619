"""`ekukit facts`: facts and dates whose source was read too long ago, and what shows each."""

import argparse
import json
import sys

from ekukit.cli.parser import Commands, add_verb
from ekukit.errors import InputError
from ekukit.facts import ledger
from ekukit.facts.clock import now
from ekukit.facts.reading import HALF_A_YEAR, Reading, old_readings, readings
from ekukit.verbs.moment import moment

COLUMNS = ("Id", "Read on", "Days ago", "Claim, source, what shows it")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "facts")
    parser.add_argument("--older-than", type=int, default=HALF_A_YEAR, metavar="DAYS",
                        help=f"days since the source was read (default {HALF_A_YEAR}, half a "
                        "year; -1 lists all)")  # fmt: skip
    parser.add_argument("--at", metavar="DATE", help="counted back from this day (default: today)")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what was read longer ago than that, the oldest first; return 0.

    Raises InputError for a date that cannot be read and for fewer than -1 days.
    """
    if options.older_than < -1:
        msg = f"--older-than {options.older_than}: give a number of days, or -1 for all"
        raise InputError(msg)
    at = (moment(options.at) if options.at else now()).date()
    days = options.older_than if options.older_than >= 0 else -sys.maxsize
    found = [(row, (at - row.read).days) for row in old_readings(at, days)]
    if options.json:
        rows = [_data(row, age) for row, age in found]
        data = {"at": at.isoformat(), "older_than": options.older_than, "facts": rows}
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        return 0
    if found:
        from ekukit.cli.outcomes_text import show_table

        lines = [(r.id, r.read.isoformat(), str(age), _claim(r)) for r, age in found]
        show_table(COLUMNS, lines)
    told = f" were read more than {options.older_than} days before {at.isoformat()}"
    told = "" if options.older_than < 0 else told
    sys.stdout.write(f"{len(found)} of {len(readings())} facts and dates{told}.\n")
    return 0


def _claim(row: Reading) -> str:
    """Return the claim and its source, and of a fact what shows it."""
    fact = ledger().get(row.id)
    return "\n".join((row.claim, f"Source: {row.source}", *([fact.shown] if fact else [])))


def _data(row: Reading, age: int) -> dict[str, object]:
    fact = ledger().get(row.id)
    return {
        "id": row.id,
        "claim": row.claim,
        "source": row.source,
        "read": row.read.isoformat(),
        "days": age,
        "shown_by": list(fact.shown_by) if fact else [],
        "held_by": list(fact.held_by) if fact else [],
    }
