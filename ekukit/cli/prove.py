"""`ekukit prove`: engines and judges against each other: 1 for a difference, 3 without a judge."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from ekukit.cli.cause_text import shown
from ekukit.cli.outcomes_text import show_table
from ekukit.cli.parser import Commands, add_verb
from ekukit.facts.clock import now
from ekukit.whole_files import write_text

if TYPE_CHECKING:
    from ekukit.proof.limbo import LimboResult
    from ekukit.proof.proving import Proof

_MOST = 20
_NOT_WHOLE = 3

_USAGE = "ekukit prove [--json] [--limbo | --vectors | --ssh-vectors | --page FILE]"


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "prove", usage=_USAGE)
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--limbo", type=Path, metavar="FILE", help="judge x509-limbo's test cases")
    other.add_argument(
        "--vectors", type=Path, metavar="FILE", help="write test cases for others, with new keys"
    )
    other.add_argument(
        "--ssh-vectors", type=Path, metavar="FILE", help="write those that PKIX-SSH was asked"
    )
    other.add_argument("--page", type=Path, metavar="FILE", help="write what came of it, Markdown")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prove, or judge or write test cases.

    Return 1 when something differs without a reason, 3 when nothing does, but not every judge
    could be asked.
    """
    if options.vectors:
        from ekukit.proof.vectors import vectors_text

        write_text(options.vectors, vectors_text())
        return 0
    if options.ssh_vectors:
        from ekukit.proof.ssh_vectors import ssh_vectors_text

        write_text(options.ssh_vectors, ssh_vectors_text())
        return 0
    if options.limbo:
        from ekukit.proof.limbo import judge_limbo

        return _limbo(judge_limbo(options.limbo), as_json=options.json)
    from ekukit.proof.proving import prove

    found = prove(now().replace(microsecond=0))
    if options.page:
        from ekukit.proof.proof_page import write_page

        write_page(found, options.page)
    elif options.json:
        sys.stdout.write(json.dumps(_data(found), indent=2) + "\n")
    else:
        _show(found)
    return _NOT_WHOLE if found.holds and found.absent else int(not found.holds)


def _data(found: "Proof") -> dict[str, object]:
    return {
        "judges": [
            {"judge": name, "cases": asked, "explained": known, "unexplained": new}
            for name, asked, known, new in found.counts()
        ],
        "differences": [
            {
                "judge": one.judge,
                "case": str(one.case),
                "rules": str(one.rules),
                "said": str(one.said),
                "why": one.known.why if one.known else None,
                "facts": list(one.known.facts) if one.known else [],
            }
            for one in found.differences
        ],
        "rows_not_needed": [one.why for one in found.idle],
        "not_asked": found.absent,
        "holds": found.holds,
    }


def _show(found: "Proof") -> None:
    console = Console(highlight=False)
    rows = [[name, *map(str, counts)] for name, *counts in found.counts()]
    show_table(("Against the rules", "Cases", "Explained", "Unexplained"), rows)
    reasons = dict.fromkeys((one.judge, one.known) for one in found.differences if one.known)
    lines = [f"{name} {row.why} ({', '.join(row.facts)})." for name, row in reasons if row]
    lines += [
        f"✗ {one.judge}: {one.case}: {one.said}; the rules: {one.rules}"
        for one in found.unexplained[:_MOST]
    ]
    lines += [f"✗ {one.judge}: no longer needed: {one.why}" for one in found.idle]
    lines += [f"! not asked: {name}: {why}" for name, why in found.absent.items()]
    lines.append(_came_to(found))
    for line in lines:
        console.print(shown(line))


def _came_to(found: "Proof") -> str:
    if not found.holds:
        return "✗ Not proved."
    if found.absent:
        return "Proved in part: of the judges that were asked, every difference is explained."
    return "Every difference is explained."


def _limbo(results: "tuple[LimboResult, ...]", *, as_json: bool) -> int:
    skipped = [one for one in results if one.verdict is None]
    wrong = [one for one in results if not one.agrees]
    data = {
        "cases": len(results),
        "judged": len(results) - len(skipped),
        "skipped": {one.id: one.why for one in skipped},
        "differ": {one.id: one.verdict.cause.value for one in wrong if one.verdict},
    }
    if as_json:
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    else:
        console = Console(highlight=False)
        console.print(
            shown(f"{data['judged']} of {data['cases']} cases judged, {len(wrong)} differ")
        )
        for one in wrong[:_MOST]:
            said = one.verdict.cause.value if one.verdict else ""
            wanted = "accepted" if one.expected else "refused"
            console.print(shown(f"✗ {one.id}: expected {wanted}, the kit: {said}"))
    return 1 if wrong else 0
