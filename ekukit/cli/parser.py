"""The list of verbs, and the shell's parser, made from them and their options."""

import argparse
from collections.abc import Container, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ekukit.verbs.option import Option, options_of, whole

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Commands = Any


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its name, what it does, and whether `ekukit.NAME` does the same from Python."""

    name: str
    does: str
    in_python: bool = False


# `lab`, `facts` and `doctor` are rooms of the package, too, so that Python has no such verbs.
VERBS = {
    verb.name: verb
    for verb in (
        Verb("lab", "open the notebooks in JupyterLab"),
        Verb("present", "open the workshop for a room in the browser"),
        Verb("simulate", "make the handshakes of a condition", in_python=True),
        Verb("check", "judge certificate files before they are uploaded", in_python=True),
        Verb("pair", "judge any two systems with mutual TLS", in_python=True),
        Verb("inspect", "say what is wrong in a diagnostic archive", in_python=True),
        Verb("diff", "say what differs between before and after", in_python=True),
        Verb("calendar", "say when certificates lose clientAuth, and what breaks", in_python=True),
        Verb("fleet", "say which of thousands of archives break, when, and why", in_python=True),
        Verb("request", "say what to order for a slot, and write the request", in_python=True),
        Verb("plan", "say what to change, in which order", in_python=True),
        Verb("issue", "write a CA and certificates to a folder", in_python=True),
        Verb("handout", "write a lesson, the explorer or a partner's page as HTML"),
        Verb("bundle", "make a folder that installs without network"),
        Verb("prove", "hold engines and judges against each other"),
        Verb("facts", "list facts whose source was read long ago"),
        Verb("doctor", "say what is missing and how to mend it"),
    )
}


def add_verb(commands: Commands, name: str, usage: str | None = None) -> argparse.ArgumentParser:
    """Add a verb of the list to the command line, and return its parser."""
    shown = VERBS[name].does
    return commands.add_parser(name, help=shown, usage=usage, formatter_class=_WholeWords)


class _WholeWords(argparse.HelpFormatter):
    """Lines that break between words, never at a hyphen in one: values are copied from here."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(" ".join(text.split()), width, break_on_hyphens=False)


def add_options(
    parser: argparse.ArgumentParser,
    kind: type,
    groups: Mapping[str, str] | None = None,
    *,
    told: Container[str] = (),
    json: bool = False,
) -> None:
    """Add the options of a TypedDict; `groups` says what stands under a group's heading.

    What stands there lists the options of the groups in `told`, which are not listed again.
    With `json` there is also `--json`, which in Python is a result's method.
    """
    headings = groups or {}
    made: dict[str, argparse._ActionsContainer] = {}
    for name, option in options_of(kind).items():
        place: argparse._ActionsContainer = parser
        if option.group:
            if option.group not in made:
                text = headings.get(option.group)
                made[option.group] = parser.add_argument_group(option.group, text)
            place = made[option.group]
        _add(place, name, option, listed=option.group not in told)
    if json:
        made.get("output", parser).add_argument(
            "--json", action="store_true", help="print JSON and nothing else"
        )


def _add(place: "argparse._ActionsContainer", name: str, option: Option, *, listed: bool) -> None:
    words = [f"--{name.replace('_', '-')}", *option.also]
    if option.flag:
        place.add_argument(*words, dest=name, action="store_true", default=None, help=option.help)
        return
    text = option.help
    if option.default and "default" not in text:
        text = f"{text} (default {option.default})".strip()
    place.add_argument(
        *words,
        dest=name,
        action="append" if option.many else "store",
        type=int if option.read is whole else str,
        choices=option.values or None,
        metavar=option.shown or None,
        required=option.required,
        help=(text or None) if listed else argparse.SUPPRESS,
    )


def chosen(options: argparse.Namespace, kind: type) -> dict[str, object]:
    """Return the options of a TypedDict that were given, by name."""
    found = {name: getattr(options, name) for name in options_of(kind)}
    return {name: value for name, value in found.items() if value is not None}
