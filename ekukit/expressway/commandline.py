"""The two xConfiguration commands of the EKU change, as a node answers them; nothing else runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from ekukit.errors import InputError
from ekukit.expressway.administration import DEFAULTS, UNKNOWN_MESSAGE, Answer, Settings
from ekukit.expressway.node import Expressway, Mode, Release, Role, mode_of

MENU = "command line"
CHECKING_MODE = "xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode"
SERVER_EKU_UPLOAD = "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload"
_QUOTES = "\"'“”"
_State = tuple[Expressway, Settings]


@dataclass(frozen=True, slots=True)
class CommandReply:
    """What a command prints when it runs, and the facts and the reason behind that.

    `message` and `reason` may hold {mode}. `quoted` as in Answer.
    """

    message: str
    quoted: bool
    facts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what it is for, how it is recognized, where it is absent, what it does.

    `absent` holds tests with facts and reasons; the first that applies is the answer.
    """

    name: str
    purpose: str
    pattern: re.Pattern[str]
    absent: tuple[tuple[Callable[[Expressway], bool], tuple[str, ...], str], ...]
    state: Callable[[Expressway, Settings], Mode]
    change: Callable[[Expressway, Settings, Mode], _State]
    printed: CommandReply
    done: CommandReply


def _pattern(*words: str) -> re.Pattern[str]:
    # Blanks and tabs only: a text of two lines is no command.
    name = r"[ \t]+".join(words)
    value = r"(?:(?:[ \t]*:|[ \t])[ \t]*(?P<value>.*?))?[ \t]*:?"
    return re.compile(name + value, re.IGNORECASE)


COMMANDS = (
    Command(
        name=CHECKING_MODE,
        purpose="whether this node demands clientAuth of those that open SIP TLS to it; X15.5",
        # Published as two words, twice with a colon at the end; other blanks are read too (K5).
        pattern=_pattern(
            "xConfiguration",
            "SIP",
            "TLS",
            "Certificate",
            r"ExtendedKeyUsage[ \t]*Checking[ \t]*Mode",
        ),
        absent=(
            (
                lambda node: not node.release.has_client_store,
                ("E1",),
                "The command does not exist here: the EKU checking mode came with X15.5",
            ),
        ),
        state=lambda node, _: node.eku_checking,
        change=lambda node, settings, mode: (replace(node, eku_checking=mode), settings),
        printed=CommandReply(
            message=f'*c {CHECKING_MODE}: "{{mode}}"\nOK',
            quoted=False,
            facts=("E1", "K5"),
            reason="The mode is {mode}. Written as configuration is dumped; the published screen "
            "has the line without *c",
        ),
        done=CommandReply(
            message="OK",
            quoted=True,
            facts=("E1", "E2"),
            reason="The mode is {mode} for every inbound SIP TLS connection of this node",
        ),
    ),
    Command(
        name=SERVER_EKU_UPLOAD,
        purpose="whether Expressway-E takes serverAuth-only certificates; X15.4 only",
        pattern=_pattern(
            "xConfiguration", "XCP", "TLS", "Certificate", "CVS", "EnableServerEkuUpload"
        ),
        absent=(
            (
                lambda node: node.release.has_client_store,
                ("S8",),
                "The command is deprecated in X15.5; whether it still runs is not said",
            ),
            (
                lambda node: node.release is not Release.X15_4,
                ("S8",),
                "The command does not exist here: it belongs to X15.4 only",
            ),
            (
                lambda node: node.role is Role.CORE,
                ("S8",),
                "The command does not run on Expressway-C",
            ),
        ),
        state=lambda _, settings: Mode.ON if settings.server_eku_upload else Mode.OFF,
        change=lambda node, _, mode: (node, Settings(server_eku_upload=mode is Mode.ON)),
        printed=CommandReply(UNKNOWN_MESSAGE, quoted=False, facts=("S8",), reason="It is {mode}"),
        done=CommandReply(
            UNKNOWN_MESSAGE,
            quoted=False,
            facts=("S8",),
            reason="It is {mode}. Cisco prints the command with On; Off takes that back",
        ),
    ),
)


def execute(node: Expressway, text: str, *, settings: Settings = DEFAULTS) -> Answer:
    """Return the node's answer to one command, and node and settings afterwards.

    Raises nothing: what cannot run is an answer that lists what can. Case, blanks, the colon and
    quotes around the value are free, and so are the blanks in Checking Mode (K5); without a value
    the command prints its state. Rests on E1 and S8. Not checked: the rights of the user, and
    the abbreviations that the product takes. Nothing is run on any real node.
    """
    for command in COMMANDS:
        found = command.pattern.fullmatch(text.strip())
        if found:
            return _run(command, node, settings, (found["value"] or "").strip(_QUOTES + " \t"))
    known = "; ".join(f"{command.name}: On or Off ({command.purpose})" for command in COMMANDS)
    return _refused(
        node, settings, ("E1", "S8"), f"Not a command that is known here. Known: {known}"
    )


def _run(command: Command, node: Expressway, settings: Settings, value: str) -> Answer:
    for test, facts, reason in command.absent:
        if test(node):
            return _refused(node, settings, facts, reason)
    if not value:
        return _replied(command.printed, command, (node, settings))
    try:
        mode = mode_of(value)
    except InputError:
        return _refused(node, settings, command.done.facts, f"{command.name} takes On or Off")
    return _replied(command.done, command, command.change(node, settings, mode))


def _replied(reply: CommandReply, command: Command, state: _State) -> Answer:
    node, settings = state
    mode = command.state(node, settings)
    return Answer(
        accepted=True,
        message=reply.message.format(mode=mode),
        quoted=reply.quoted,
        node=node,
        facts=reply.facts,
        menu=MENU,
        reason=reply.reason.format(mode=mode),
        settings=settings,
    )


def _refused(node: Expressway, settings: Settings, facts: tuple[str, ...], reason: str) -> Answer:
    return Answer(
        accepted=False,
        message=UNKNOWN_MESSAGE,
        quoted=False,
        node=node,
        facts=facts,
        menu=MENU,
        reason=reason,
        settings=settings,
    )
