"""Try every stack with every cell and publish what it did: python tools/stacks/remake.py [NAME]...

As server, the stack judges the kit's client certificate; as client, it is asked for its own. Over
TLS 1.2 and 1.3, and both must come to the same. Needs what stack_table.py names; what is not here
is left as it was published. Everything is on 127.0.0.1. docs/stacks.md is written anew, too.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cells import CELLS, PLAIN, Cell, write_folder
from documented import documented
from other_end import Seen, meet
from page import page
from stack_table import HERE, STACKS, Stack

TO = HERE.parents[1] / "data" / "stacks"
PAGE = HERE.parents[1] / "docs" / "stacks.md"
Row = dict[str, object]


class Differs(Exception):  # noqa: N818 - a sentence: the stack differs by version of TLS
    """A stack did something else over TLS 1.3, or did not come as far as certificates."""


class Trial:
    """A stack's driver, built, with a folder for each certificate that it is given."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        """Build the driver into the folder."""
        self.stack, self.folder = stack, folder
        (folder / "driver").mkdir()
        self._start = stack.build(folder / "driver")

    def met(self, stack_is: str, own: Cell, shown: Cell) -> list[Seen]:
        """Return what came of it over each version of TLS; `own` is what the stack has."""
        place = self.folder / f"{own.leaf}-{own.issuing}"
        if not place.exists():
            place.mkdir(0o700)
            write_folder(own, place)
            self.stack.prepare(place)
        command = (*self._start, str(place))
        return [meet(command, stack_is, shown, version) for version in self.stack.versions]

    def server_row(self, cell: Cell) -> Row:
        """Return how the stack as server takes the kit's client certificate."""
        seen = self.met("server", PLAIN, cell)
        return _row("server", cell, sent=None, accepted=_one(seen, "answered"), seen=seen)

    def client_row(self, cell: Cell) -> Row:
        """Return whether the stack as client sends its certificate; the kit refuses none."""
        seen = self.met("client", cell, PLAIN)
        if not _one(seen, "answered"):
            raise Differs(seen[0].text)
        sent = _one(seen, "sent")
        row = _row("client", cell, sent=sent, accepted=None, seen=seen)
        return row | {"text": "" if sent else "sends an empty Certificate message"}

    def checking_row(self, cell: Cell) -> Row:
        """Return how the stack as client takes the kit's server certificate."""
        seen = self.met("client", PLAIN, cell)
        row = _row("client", cell, sent=None, accepted=_one(seen, "answered"), seen=seen)
        return {name: row[name] for name in ("leaf", "issuing_ca", "accepted", "text")}


def _one(seen: Sequence[Seen], what: str) -> bool:
    found = {bool(getattr(one, what)) for one in seen}
    if len(found) > 1:
        raise Differs("; ".join(f"{what}: {getattr(one, what)} {one.text}" for one in seen))
    if any(not one.answered and not one.said and not one.alerts for one in seen):
        raise Differs("; ".join(one.failure for one in seen))
    return found.pop()


def _row(role: str, cell: Cell, *, sent: bool | None, accepted: bool | None,
         seen: Sequence[Seen]) -> Row:  # fmt: skip
    text = " / TLS 1.3: ".join(dict.fromkeys(one.text for one in seen))
    return {
        "role": role, "leaf": cell.leaf.value, "issuing_ca": cell.issuing.value,
        "sent": sent, "accepted": accepted, "text": text,
    }  # fmt: skip


def tried(stack: Stack, cells: Sequence[Cell] = CELLS) -> dict[str, object]:
    """Return what is published of a stack, from handshakes made now."""
    with tempfile.TemporaryDirectory(prefix="ekukit-stacks-") as folder:
        trial = Trial(stack, Path(folder))
        return {
            "stack": stack.name,
            "how": stack.how,
            "version": stack.version(),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "rows": [
                *(trial.server_row(cell) for cell in cells),
                *(trial.client_row(cell) for cell in cells),
            ],
            "server_certificates": [trial.checking_row(cell) for cell in cells],
        }


def written(data: dict[str, object]) -> str:
    """Return the file's text: a line for each row, so that a difference shows."""
    lines = []
    for name, value in data.items():
        told = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list):
            rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in value)
            told = f"[\n    {rows}\n  ]"
        lines.append(f"  {json.dumps(name)}: {told}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _chosen(names: Sequence[str]) -> Iterator[Stack]:
    known = {stack.name: stack for stack in STACKS}
    for name in names or known:
        if name not in known:
            sys.exit(f"stack {name!r} is unknown; known are: {', '.join(known)}")
        yield known[name]


def main() -> int:
    """Publish the stacks that are named, or all; return 1 when one could not be run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="stacks, all without one")
    parser.add_argument("--to", type=Path, default=TO, help="folder (default: data/stacks)")
    options = parser.parse_args()
    failed = 0
    for stack in _chosen(options.names):
        if stack.lacks:
            print(f"{stack.name}: not run, lacks {', '.join(stack.lacks)}")
            failed = 1
            continue
        data = tried(stack)
        (options.to / f"{stack.name}.json").write_text(written(data))
        print(f"{stack.name}: {data['version']}, {len(data['rows'])} rows", flush=True)
    for name, data in documented().items():
        (options.to / f"{name}.json").write_text(written(data))
    if options.to == TO:
        PAGE.write_text(page())
    return failed


if __name__ == "__main__":
    sys.exit(main())
