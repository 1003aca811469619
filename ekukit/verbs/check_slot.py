"""`check` for a slot of a case: what the CA sent, judged before anybody uploads it."""

import json
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

from ekukit.causes import CauseCard, cause_cards
from ekukit.certificates import Certificate, describe
from ekukit.connections import HONESTY, Outcome, State
from ekukit.connections.outcome import worst_states
from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.facts.clock import now
from ekukit.frames import Rows, text_rows
from ekukit.orders.received import (
    ReceivedPoint,
    Weight,
    judged_points,
    nodes_for,
    placed,
    with_lists,
)
from ekukit.orders.received_file import SHIFTED, read_received
from ekukit.orders.slot_needs import SLOTS
from ekukit.printable import escaped
from ekukit.verbs.known_case import KnownCase, known_case
from ekukit.verbs.option import a_path
from ekukit.verbs.outcomes_json import cause_data, certificate_data

if TYPE_CHECKING:
    import pandas as pd

POINT_COLUMNS = ("weight", "text", "where", "basis", "facts")
STATE_COLUMNS = ("connection", "before", "after", "with_lists")
_KEY = "Whether the private key on the node belongs to it is not seen here."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SlotChecked:
    """What came back for a slot: points to keep, and the states before and after its upload.

    `after` are the outcomes with the certificate in its slot and its CAs in that node's own list,
    `filled` those with its CAs in the other lists, too. A notebook shows it as tables.
    """

    slot: str
    certificate: Certificate
    deployments: tuple[Deployment, Deployment, Deployment]
    points: tuple[ReceivedPoint, ...]
    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]
    filled: tuple[Outcome, ...]
    notes: tuple[str, ...]

    @property
    def headline(self) -> str:
        """Return in a sentence whether to upload it, and what comes first."""
        stops = [point for point in self.points if point.weight is Weight.STOP]
        first = [point for point in self.points if point.weight is Weight.FIRST]
        if stops:
            return f"Do not upload it: {stops[0].text}."
        if first:
            return f"Upload it after {len(first)} step{'s' * (len(first) > 1)}: {first[0].text}."
        return "It fits its slot."

    @property
    def causes(self) -> tuple[CauseCard, ...]:
        """Return the causes of what is down with it, its CAs in the lists."""
        return cause_cards(self.deployments[2], self.filled)

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for each point; columns POINT_COLUMNS, dtype string, facts by commas."""
        return self._points.frame

    @property
    def _points(self) -> Rows:
        rows = (
            (p.weight.value, p.text, p.where, p.basis.value if p.basis else "", ", ".join(p.facts))
            for p in self.points
        )
        return text_rows(rows, POINT_COLUMNS)

    @property
    def states(self) -> "pd.DataFrame":
        """Return one row for each connection and service, the worst pair's; STATE_COLUMNS."""
        return self._states.frame

    @property
    def _states(self) -> Rows:
        then, now, filled = map(worst_states, (self.before, self.after, self.filled))
        rows = ((title, then[title], now[title], filled[title]) for title in then)
        return text_rows(rows, STATE_COLUMNS)

    def json(self) -> str:
        """Return what `ekukit check --slot --json` prints."""
        data = {
            "slot": self.slot,
            "nodes": [node.fqdn for node in _nodes(self)],
            "headline": self.headline,
            "certificate": certificate_data(self.certificate),
            "points": self._points.rows,
            "states": self._states.rows,
            "causes": [cause_data(card) for card in self.causes],
            "notes": list(self.notes),
        }
        return escaped(json.dumps(data, indent=2, ensure_ascii=False))

    def __repr__(self) -> str:
        """Return the headline in one line."""
        from ekukit.printable import visible

        return f"<SlotChecked: {visible(self.headline)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page, paragraphs, table
        from ekukit.views.tables.order_table import headed

        return page(
            paragraphs([self.headline, describe(self.certificate)], strong=True),
            table(headed(self.frame), f"What came back for {self.slot}"),
            table(headed(_stated(self.states)), "States before, with it, with its CAs in lists"),
            paragraphs([*self.notes, HONESTY]),
        )


def _stated(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame whose states are states, which a page shows by sign and color."""
    told = frame.astype(object)
    told[list(STATE_COLUMNS[1:])] = told[list(STATE_COLUMNS[1:])].map(State)
    return told


def _nodes(found: SlotChecked) -> tuple[Any, ...]:
    return nodes_for(found.deployments[0], found.slot, found.certificate)


def check_slot(given: str | PathLike[str] | None, chosen: dict[str, Any]) -> SlotChecked:
    """Return what a file is for a slot of a case, and what follows from its upload.

    `chosen` are the options of `check`; with `redact` a case has pseudonyms. Raises InputError
    without file, slot or case, for a slot that the release does not have, and for a file that
    cannot be read.
    """
    if chosen["redact"] and not chosen["case"]:
        msg = "--redact hides the names of a case, and there is none; give its archive"
        raise InputError(msg)
    if given is None:
        msg = "no file to judge for the slot; name the certificate that the CA sent"
        raise InputError(msg)
    new = a_path(given)
    if not chosen["slot"] or not chosen["case"]:
        missing = "slot" if not chosen["slot"] else "case"
        msg = f"{new} alone cannot be judged; give --{missing}, too (slots: {', '.join(SLOTS)})"
        raise InputError(msg)
    slot = chosen["slot"]
    known = _known(chosen)
    certificate, problems = read_received(new, chosen["ca"], known.deployment, is_lab=known.is_lab)
    if chosen["redact"]:
        known = known.under_pseudonyms()
    if known.hidden is not None:
        certificate = known.hidden.certificate(certificate, known.deployment.at)
        problems = tuple(map(known.hidden.redaction, problems))
    return _told(slot, known, certificate, problems)


def _told(
    slot: str, known: KnownCase, certificate: Certificate, problems: tuple[str, ...]
) -> SlotChecked:
    start = known.deployment
    for node in nodes_for(start, slot, certificate):
        if slot.endswith("client") and not node.release.has_client_store:
            msg = f"{node.fqdn} has {node.release}, which has no client store (S1)"
            raise InputError(msg)
    after = placed(start, slot, certificate)
    filled = with_lists(after, certificate.chain)
    points = judged_points(start, slot, certificate)
    notes = [SHIFTED] if known.is_lab else []
    if any(point.weight is Weight.STOP for point in points):
        notes.append("The states with it are those if it stood in the slot all the same.")
    found = SlotChecked(
        slot=slot,
        certificate=certificate,
        deployments=(start, after, filled),
        points=points,
        before=known.run(start),
        after=known.run(after),
        filled=known.run(filled),
        notes=(*problems, _KEY, *notes, *known.notes),
    )
    known.refuse(found.json(), "what is told of the certificate")
    return found


def _known(chosen: dict[str, Any]) -> KnownCase:
    """Return the case: a customer's is judged now, unless a moment is given."""
    known = known_case(chosen["case"], chosen["role"], chosen["at"])
    if known.is_lab or chosen["at"]:
        return known
    from dataclasses import replace

    later = max(now(), known.deployment.at)
    return replace(known, deployment=replace(known.deployment, at=later))
