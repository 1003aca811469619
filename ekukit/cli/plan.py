"""`ekukit plan`: what to change, in which order, so that what is wished works."""

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.verbs.plan import PlanOptions, PlanOutput, plan

if TYPE_CHECKING:
    from rich.console import Console

    from ekukit.planning.plan_answer import ChangePlan
    from ekukit.planning.plan_check import PlanCheck
    from ekukit.verbs.planned import Planned


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    usage = "ekukit plan [CONDITION | PATH ... | certificate files] [options]"
    parser = add_verb(commands, "plan", usage)
    parser.add_argument("paths", nargs="*", metavar="START",
                        help="a condition or scenario, or archives of one case")  # fmt: skip
    add_options(parser, PlanOptions)
    add_options(parser, PlanOutput, json=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search, print the plans, write the change request if asked; return 0."""
    found = plan(*options.paths, **cast("PlanOptions", chosen(options, PlanOptions)))
    if options.report:
        found.report(options.report)
    if options.json:
        sys.stdout.write(found.json() + "\n")
    else:
        _show(found, details=bool(options.details))
    return 0


def _show(found: "Planned", *, details: bool) -> None:
    from rich.console import Console

    from ekukit.cli.cause_text import shown
    from ekukit.planning.plan_words import impossible_words, plan_line, search_words

    console = Console(highlight=False)

    def say(lines: Iterable[str]) -> None:
        for line in lines:
            console.print(shown(line))

    say(found.start.cautions)
    say(impossible_words(found.answer))
    plans = found.plans or tuple(filter(None, (found.answer.best,)))
    for number, one in enumerate(plans, 1):
        named = f"Plan {number} of {len(plans)}" if found.plans else "The best that can be had"
        console.print()
        line = plan_line(one, found.answer.unmet, unmended=found.start.has_unmended)
        _show_plan(console, one, f"{named}: ", line, details=details)
    if found.check is not None:
        console.print()
        say(_check_lines(found.check))
    console.print()
    say(search_words(found.answer))
    say(found.start.notes)
    more = "Every state was confirmed by real handshakes."
    say([more if details else f"{more} Price, restart, lead time, undoing, sources: --details."])


def _check_lines(check: "PlanCheck") -> Iterable[str]:
    from ekukit.causes.system_words import title_of
    from ekukit.planning.plan_check import FATE_SIGNS

    yield f"Held against the first plan: {check.line}"
    for number, found in enumerate(check.steps, 1):
        yield f"{number}. {FATE_SIGNS[found.fate]} {found.fate.value}: {found.words}"
    for name, promised, now in check.states:
        yield f"{title_of(name)} is {now.value}; the plan promised {promised.value}."


def _show_plan(
    console: "Console", one: "ChangePlan", named: str, line: str, *, details: bool
) -> None:
    from rich.text import Text

    from ekukit.cli.cause_text import show_lines, shown
    from ekukit.planning.plan_words import step_lines, still_down, titles

    head = Text(named, "bold")
    head.append_text(shown(line))
    console.print(head)
    for number, step in enumerate(one.steps, 1):
        console.print(shown(f"{number}. {step.step.do}"))
        known = step_lines(step)
        lines = [f"Where: {step.step.where}", *(f"{name}: {said}" for name, said in known)]
        show_lines(console, lines if details else lines[: 3 if step.step.paste else 2])
    down = still_down(one.end)
    if down:
        console.print(shown(f"Not up at the end: {titles(down)}."))
