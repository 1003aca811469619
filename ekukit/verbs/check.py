"""The verb `check`: certificate files judged before anybody uploads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from os import PathLike
from typing import TYPE_CHECKING, Annotated, TypedDict, Unpack, overload

from ekukit.certificates import describe
from ekukit.connections import HONESTY, Outcome
from ekukit.diagnosis.files import FileVerdict, GivenFiles, judge_files, read_given
from ekukit.diagnosis.rebuild.given_deployment import KnownPair, Place, judge, rebuild
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Role, Store
from ekukit.expressway.node import mode_of, release_of
from ekukit.facts.clock import now
from ekukit.orders.slot_needs import slot_of
from ekukit.verbs.check_json import check_json
from ekukit.verbs.check_notes import check_notes
from ekukit.verbs.check_slot import SlotChecked, check_slot
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.known_case import CaseOption, RedactOption
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken
from ekukit.verbs.simulation import counted, outcome_frame, outcome_html

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


PLACES: dict[str, Place] = {
    f"{role.value.lower()}_{store.value}": (role, store) for role in Role for store in Store
}
UPLOAD_COLUMNS = (
    "node", "store", "certificate", "why_public", "days_left", "upload", "accepted", "message",
    "reason", "facts",
)  # fmt: skip

_File = str | PathLike[str]
_Mode = Annotated[str, Option(shown="on|off", default="on", read=mode_of)]


def _meant_for(store: str) -> Option:
    return Option(f"meant for the {store} store", shown="FILE", read=a_path)


class CheckOptions(TypedDict, total=False):
    """What `check` takes: a file for each store, the trusted CAs, and what else decides."""

    core_server: Annotated[_File, _meant_for("core server")]
    core_client: Annotated[_File, _meant_for("core client")]
    edge_server: Annotated[_File, _meant_for("edge server")]
    edge_client: Annotated[_File, _meant_for("edge client")]
    ca: Annotated[
        _File | Iterable[_File],
        Option("trusted CAs of both nodes; repeatable", shown="FILE", read=a_path, many=True),
    ]
    core_checking: _Mode
    edge_checking: _Mode
    release: Annotated[str, Option(shown="X14.3|X15.4|X15.5", default="X15.5", read=release_of)]
    verify_name: Annotated[str, Option("Edge's TLS verify subject name", default="", read=str)]
    at: Annotated[
        str | date, Option("judge at this moment (default: now)", shown="DATE", read=moment)
    ]
    slot: Annotated[str, Option("judge a file for this slot of a case", shown="SLOT", read=slot_of)]
    case: CaseOption
    role: RoleOption
    redact: RedactOption


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Checked:
    """What certificate files are, what uploads of them would say, and the states that follow.

    A notebook shows it as tables; `json()` is what the shell prints.
    """

    given: GivenFiles
    verdicts: tuple[FileVerdict, ...]
    deployment: Deployment
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for each connection, as `Simulation.frame` has it."""
        return outcome_frame(self.outcomes)

    @property
    def uploads(self) -> "pd.DataFrame":
        """Return one row for each file and store that it could be uploaded to.

        Columns: node, store (that it is meant for), certificate (in words), why_public ("" for not
        known to be public), days_left (int), upload (the store's page), accepted (bool), message
        (the product's or ours), reason, facts (with commas).
        """
        import pandas as pd

        rows = [
            (found.role.value, found.store.value, describe(found.certificate), found.why_public,
             found.days_left, kind.value, answer.accepted, answer.message, answer.reason,
             ", ".join(answer.facts))
            for found in self.verdicts
            for kind, answer in found.answers.items()
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=list(UPLOAD_COLUMNS))
        kinds = dict.fromkeys(UPLOAD_COLUMNS, "string")
        return frame.astype(kinds | {"days_left": "int64", "accepted": "bool"})

    def json(self) -> str:
        """Return what `ekukit check --json` prints."""
        return check_json(self.given, self.verdicts, (self.deployment, self.outcomes), self.notes)

    def __repr__(self) -> str:
        """Return in one line how many files there are and how many outcomes have each state."""
        return f"<Checked: files {len(self.verdicts)}; {counted(self.outcomes)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page, paragraphs, table

        uploads = table(self.uploads, "What the files are, and what an upload would say")
        notes = paragraphs([*self.notes, HONESTY])
        return page(uploads, outcome_html(self.outcomes), notes)


@overload
def check(**options: Unpack[CheckOptions]) -> Checked: ...
@overload
def check(new: _File, **options: Unpack[CheckOptions]) -> SlotChecked: ...
@signed(CheckOptions)
def check(new: _File | None = None, **options: Unpack[CheckOptions]) -> Checked | SlotChecked:
    """Return what certificate files are and what would become of connections with them.

    Options are those of the shell: `check(core_client="new.pem", ca="cas.pem")`; `ca` takes a list,
    too. Without `at` they are judged now. What a CA sent is judged against its slot and the case by
    `check("new.pem", slot="core-client", case="case.tar.gz")`, with `redact` under pseudonyms.
    Raises InputError without a file, for one without a certificate, and for a value not known.
    """
    chosen = taken("check", CheckOptions, dict(options))
    if new is not None or chosen["slot"] or chosen["case"] or chosen["redact"]:
        return check_slot(new, chosen)
    files: dict[Place, Path] = {
        place: chosen[name] for name, place in PLACES.items() if chosen[name]
    }
    if not files:
        told = ", ".join(f"--{name.replace('_', '-')}" for name in PLACES)
        msg = f"no certificate given; name at least one of {told}"
        raise InputError(msg)
    at = chosen["at"] or now()
    given = read_given(files, chosen["ca"])
    known = KnownPair(
        certificates=given.certificates,
        trusted=dict.fromkeys(Role, given.trusted),
        at=at,
        modes={role: chosen[f"{role.value.lower()}_checking"] for role in Role},
        release=chosen["release"],
        verify_subject_name=chosen["verify_name"],
        with_root=given.with_root,
    )
    deployment = rebuild(known)
    nodes = {Role.CORE: deployment.core[0], Role.EDGE: deployment.edge[0]}
    verdicts = tuple(judge_files(given, nodes, at))
    return Checked(
        given=given,
        verdicts=verdicts,
        deployment=deployment,
        outcomes=judge(deployment, given.certificates),
        notes=check_notes(given, verdicts, deployment),
    )
