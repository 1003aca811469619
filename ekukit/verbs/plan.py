"""The verb `plan`: what to change, in which order, so that what is wished works."""

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, Unpack

from ekukit.errors import InputError
from ekukit.expressway import Choices, Deployment, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.expressway.scenarios import SCENARIOS, scenario
from ekukit.nearest import nearest
from ekukit.planning.plan_answer import PlanQuestion, by_handshakes, make_plan, shown_state
from ekukit.planning.plan_limits import CostPart, PlanLimit
from ekukit.verbs.check import PLACES, CheckOptions
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.option import Option, a_path, options_of, signed, taken
from ekukit.verbs.planned import Planned

if TYPE_CHECKING:
    from ekukit.archive import InMemory
    from ekukit.diagnosis.planned_case import PlanStart
    from ekukit.planning.plan_answer import ChangePlan
    from ekukit.planning.plan_check import PlanCheck

_File = str | PathLike[str]
_ONE = ("core_checking", "edge_checking", "release")


class PlanOptions(CheckOptions, total=False):
    """What `plan` takes beside what it starts from; certificate files are those of `check`."""

    want: Annotated[
        str | Iterable[str],
        Option("a connection, service or far end that is to work; without it all that there are",
               shown="NAME,...", many=True, read=str),
    ]  # fmt: skip
    never: Annotated[
        str | Iterable[str],
        Option(f"what must not be done: {', '.join(PlanLimit)}, or the id of a step",
               shown="LIMIT,...", many=True, read=str),
    ]  # fmt: skip
    only_ca: Annotated[
        str, Option("the one CA that new certificates may come from", shown="NAME", read=str)
    ]
    prefer: Annotated[
        str | Iterable[str],
        Option("what counts first when plans are compared, after losses", many=True,
               values=tuple(CostPart), read=CostPart),
    ]  # fmt: skip
    role: RoleOption
    verify: Annotated[
        _File | Iterable[_File],
        Option("archives taken afterwards: is this what the first plan promised? repeatable",
               shown="FILE", read=a_path, many=True),
    ]  # fmt: skip


class PlanOutput(TypedDict, total=False):
    """What becomes of a plan: in the shell options, in Python its methods."""

    report: Annotated[
        _File,
        Option("write the change request, .html or .md, steps by party", shown="FILE", read=a_path),
    ]
    details: Annotated[
        bool, Option("each step's price, restart, lead time, undoing, sources", flag=True)
    ]


@signed(PlanOptions)
def plan(
    *start: "_File | Choices | Deployment | InMemory",
    **options: Unpack[PlanOptions],
) -> Planned:
    """Return the cheapest plans for what is wished, every state confirmed by real handshakes.

    `start` is a condition or scenario by name, choices, a deployment, or the archives, folders or
    files of one case; without one, certificate files as `check` takes them. Options are those of
    the shell: `plan("C2", want="mra-login", never=["private-ca-on-edge"])`. With `redact` a case is
    planned for under pseudonyms. Raises InputError for a start, wish, limit, CA or value that is
    not known, and where rules and handshakes disagree.
    """
    chosen = taken("plan", PlanOptions, dict(options))
    begun, by_name = _begun(start, chosen)
    question = PlanQuestion(
        want=chosen["want"],
        never=chosen["never"],
        only_ca=chosen["only_ca"] or "",
        prefer=chosen["prefer"],
        rows=begun.rows,
    )
    from ekukit.diagnosis.planned_case import confirmed

    answer = make_plan(begun.deployment, question, by_handshakes if by_name else confirmed)
    plans = answer.plans or tuple(filter(None, (answer.best,)))
    after = _check(chosen, plans[0], begun) if chosen["verify"] and plans else None
    return Planned(answer, begun, _named(start), after)


def _check(chosen: dict[str, Any], first: "ChangePlan", begun: "PlanStart") -> "PlanCheck":
    """Return what of a plan is done by archives that were taken afterwards."""
    from ekukit.diagnosis.planned_case import confirmed
    from ekukit.planning.plan_check import checked

    if chosen["redact"]:
        msg = "--verify compares names and serials, which --redact hides; give one of them"
        raise InputError(msg)
    known = {row.id for row in begun.rows}
    after = _of_case(chosen["verify"], chosen | {"role": ()})
    rows = tuple(row for row in after.rows if row.id in known)
    return checked(first, shown_state(after.deployment, rows, confirmed))


def _begun(start: tuple[Any, ...], chosen: dict[str, Any]) -> "tuple[PlanStart, bool]":
    """Return where the plan begins, and whether all of it is the kit's own."""
    from ekukit.diagnosis.planned_case import PlanStart

    files = [name for name in PLACES if chosen[name]]
    if len(start) == 1 and not files:
        known = _known(start[0], chosen)
        if known is not None:
            return PlanStart(known), True
    if files and start:
        told = ", ".join(f"--{name.replace('_', '-')}" for name in files)
        msg = f"{told} beside {start[0]}: plan for one of them, certificate files or a start"
        raise InputError(msg)
    found = _of_files(chosen) if files else _of_case(start, chosen)
    if chosen["at"] is not None:
        found = replace(found, deployment=replace(found.deployment, at=chosen["at"]))
    return found, False


def _known(start: object, chosen: dict[str, Any]) -> Deployment | None:
    """Return the deployment that a name, choices or itself stand for, None for a path."""
    if isinstance(start, Deployment):
        return start
    if isinstance(start, str) and start.upper() in SCENARIOS:
        return scenario(start)
    if not isinstance(start, Choices) and str(start).upper() not in CONDITIONS:
        return None
    at = {} if chosen["at"] is None else {"at": chosen["at"]}
    if isinstance(start, Choices):
        return build(replace(start, **at))
    return build(condition(str(start), **{name: chosen[name] for name in _ONE}, **at))


def _of_files(chosen: dict[str, Any]) -> "PlanStart":
    from ekukit.diagnosis.planned_case import start_of_nodes
    from ekukit.verbs.check import check

    known = {name: chosen[name] for name in options_of(CheckOptions)}
    checked = check(**known)
    return start_of_nodes(checked.deployment, checked.notes)


def _of_case(start: tuple[Any, ...], chosen: dict[str, Any]) -> "PlanStart":
    from ekukit.diagnosis.planned_case import start_of_case
    from ekukit.verbs.inspect import inspect

    if not start:
        msg = (
            f"nothing to plan for; name a condition ({', '.join(CONDITIONS)}), an archive, or "
            "certificate files, such as --core-client new.pem"
        )
        raise InputError(msg)
    _refuse_no_path(start)
    case = inspect(*start, role=chosen["role"])
    if chosen["redact"]:
        from ekukit.privacy.passed_on import redacted

        return start_of_case(redacted(case).case)
    return start_of_case(case)


def _refuse_no_path(start: tuple[Any, ...]) -> None:
    """Raise InputError for a word that is neither a condition nor a file, such as C21."""
    known = (*CONDITIONS, *SCENARIOS)
    if len(start) == 1 and isinstance(start[0], str) and not Path(start[0]).suffix:
        near = nearest(start[0].upper(), known)
        if near and not Path(start[0]).exists():
            msg = f"{start[0]!r} is neither a file nor one of {', '.join(known)}{near}"
            raise InputError(msg)


def _named(start: tuple[Any, ...]) -> str:
    if len(start) == 1 and isinstance(start[0], str) and start[0].upper() in CONDITIONS:
        return start[0].upper()
    return ""
