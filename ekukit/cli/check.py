"""`ekukit check`: judge certificate files before anybody uploads them."""

import argparse
import sys
from typing import cast

from ekukit.certificates import describe
from ekukit.certificates.constraints import is_usual, limits_words
from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.cli.slot_text import show_slot
from ekukit.diagnosis.files import FileVerdict
from ekukit.verbs.check import Checked, CheckOptions, check
from ekukit.verbs.check_slot import SlotChecked
from ekukit.verbs.simulation import ShownOutcomes


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "check")
    parser.add_argument("new", nargs="?", metavar="FILE",
                        help="what a CA sent, for the slot of a case")  # fmt: skip
    add_options(parser, CheckOptions, json=True)
    add_options(parser, ShownOutcomes)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge the files, print what they are, what uploads would say, and the states; return 0."""
    given = cast("CheckOptions", chosen(options, CheckOptions))
    found = check(**given) if options.new is None else check(options.new, **given)
    if options.json:
        sys.stdout.write(found.json() + "\n")
    elif isinstance(found, SlotChecked):
        show_slot(found, details=bool(options.details))
    else:
        _show(found, details=bool(options.details))
    return 0


def _show(checked: Checked, *, details: bool) -> None:
    from ekukit.cli.outcomes_text import show_outcomes, show_table

    rows = []
    for found in checked.verdicts:
        public = f"public: {found.why_public}" if found.why_public else "not known to be public"
        left = f"{found.days_left} days left" if found.days_left >= 0 else "expired"
        leaf = found.certificate
        # What is odd in its limits stands in the description already.
        usual = f"; {limits_words(leaf.limits)}" if is_usual(leaf.limits) else ""
        decides = f"{leaf.key}{usual}"
        what = f"{describe(found.certificate)}\n{decides}\n{public} (T9); {left}"
        rows.append((f"{found.role.value} {found.store.value}", what, _uploads(found)))
    show_table(("Meant for", "What it is", "What an upload would say"), rows)
    show_outcomes(checked.deployment, checked.outcomes, checked.notes, details=details)


def _uploads(found: FileVerdict) -> str:
    lines = []
    for kind, answer in found.answers.items():
        verdict = "✓ taken" if answer.accepted else "✗ refused"
        lines.append(f"{kind.value} store: {verdict}. {answer.reason}.")
        if answer.quoted:
            lines.append(f'"{answer.message}"')
        lines.append(f"{answer.menu} ({', '.join(answer.facts)}; {answer.basis.value})")
        lines += [f"Take care: {warning}" for warning in answer.warnings]
    return "\n".join(lines)
