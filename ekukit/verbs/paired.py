"""Two systems that show themselves: as a table, a frame, JSON, or in one line."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekukit.certificates import Certificate, describe, eku_words
from ekukit.connections import Side, State, Verdict
from ekukit.facts import basis
from ekukit.printable import escaped
from ekukit.stacks import KNOWN, KnownStack, StackRow, published
from ekukit.verbs.outcomes_json import certificate_data
from ekukit.verbs.two_systems import TwoSystems

if TYPE_CHECKING:
    import pandas as pd

_TEXT = "string"
PAIR_COLUMNS = {
    "system": _TEXT, "stack": _TEXT, "tried_version": _TEXT, "certificate": _TEXT, "ekus": _TEXT,
    "issuer": _TEXT, "issuing_ekus": _TEXT, "serial": _TEXT, "expires": "datetime64[s]",
    "is_sent": "boolean", "refused": _TEXT,
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Paired:
    """Two systems and what came of them, which a notebook shows as tables.

    `frame` is the same as data, `json()` what the shell prints.
    """

    systems: TwoSystems
    verdict: Verdict
    state: State
    notes: tuple[str, ...]

    @property
    def ends(self) -> tuple[tuple[str, KnownStack | None, Certificate], ...]:
        """Return client and server, each with its stack if that is said."""
        one = self.systems
        return (
            ("client", one.client_stack, one.client),
            ("server", one.server_stack, one.server),
        )

    @property
    def by_server_stack(self) -> dict[str, State]:
        """Return the state for each stack that the server may run."""
        return dict(self.systems.by_stack())

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for client and server; columns and dtypes PAIR_COLUMNS.

        `is_sent` is missing for the server, `refused` (the cause) for who is not refused; `expires`
        is UTC.
        """
        from ekukit.frames import typed_frame

        return typed_frame((self._row(*end) for end in self.ends), PAIR_COLUMNS)

    def _row(self, side: str, stack: KnownStack | None, shown: Certificate) -> dict[str, object]:
        refused = self.verdict.judged is not None and self.verdict.judged.value == side
        return {
            "system": side,
            "stack": stack.name if stack else None,
            "tried_version": published(stack.name).version if stack else None,
            "certificate": shown.name,
            "ekus": eku_words(shown.ekus),
            "issuer": shown.issuer_name,
            "issuing_ekus": eku_words(shown.chain[0].ekus) if shown.chain else None,
            "serial": shown.serial_hex,
            "expires": shown.not_after.replace(tzinfo=None),
            "is_sent": self.systems.is_sent if side == Side.CLIENT.value else None,
            "refused": self.verdict.cause.value if refused else None,
        }

    def looks(self) -> dict[str, StackRow]:
        """Return what each stack that is said did with certificates of these EKUs."""
        found, one = {}, self.systems
        if one.client_stack:
            tried = published(one.client_stack.name)
            found["client sends its own"] = tried.sends(one.client)
            found["client takes the server's"] = tried.takes_server(one.server)
        if one.server_stack:
            tried = published(one.server_stack.name)
            found["server takes the client's"] = tried.takes_client(one.client)
        return found

    def rows(self) -> list[tuple[str, str, str]]:
        """Return for people who presents what: system, stack, certificate in words."""
        return [(side, stack.title if stack else "not said", describe(shown))
                for side, stack, shown in self.ends]  # fmt: skip

    def sentences(self) -> list[str]:
        """Return why it ends so, what to do and to order, and what the stacks did, in words."""
        reason, todo = self.systems.reason(self.verdict)
        said = [f"Why: {reason}"]
        if self.state is not State.ACTIVE:
            said += [f"To do: {todo}", *filter(None, [self.systems.orders(self.verdict)])]
        for what, row in self.looks().items():
            said.append(f"When tried: {what}: {'yes' if row.good else f'no ({row.text})'}.")
        return said

    def sources(self) -> list[str]:
        """Return which versions were tried, what the answer rests on, and what is to be known."""
        stacks = [stack for _side, stack, _shown in self.ends if stack]
        versions = [f"{stack.title}: {published(stack.name).version}" for stack in stacks]
        facts = ", ".join(self.systems.facts(self.verdict))
        return [*versions, f"Rests on {basis(self.systems.facts(self.verdict)).value}: {facts}.",
                *self.notes]  # fmt: skip

    def json(self) -> str:
        """Return what `ekukit pair --json` prints."""
        one, verdict = self.systems, self.verdict
        reason, todo = one.reason(verdict)
        facts = one.facts(verdict)
        data = {
            "state": self.state.value,
            "cause": verdict.cause.value,
            "judged": verdict.judged.value if verdict.judged else None,
            "error": verdict.error,
            "depth": verdict.depth,
            "alert": verdict.alert,
            "reason": reason,
            "todo": todo,
            "order": one.orders(verdict) or None,
            "client": _end_data(one.client_stack) | {"certificate": certificate_data(one.client),
                                                     "is_sent": one.is_sent},
            "server": _end_data(one.server_stack) | {"certificate": certificate_data(one.server)},
            "stacks": {
                what: {"did": row.good, "leaf": row.leaf, "issuing_ca": row.issuing,
                       "text": row.text}
                for what, row in self.looks().items()
            },
            "by_server_stack": {name: state.value for name, state in self.by_server_stack.items()},
            "engine": verdict.engine.value if verdict.engine else None,
            "basis": basis(facts).value,
            "facts": list(facts),
            "notes": list(self.notes),
        }  # fmt: skip
        return escaped(json.dumps(data, indent=2, ensure_ascii=False))

    def __repr__(self) -> str:
        """Return state and reason in one line."""
        from ekukit.printable import visible

        reason, _todo = self.systems.reason(self.verdict)
        return f"<Paired: {self.state.value}. {visible(reason)}>"

    def _repr_html_(self) -> str:
        from ekukit.frames import frame_of
        from ekukit.views.html import page, paragraphs, state_html, table

        parts = [f"<p>{state_html(self.state)}</p>", paragraphs(self.sentences()[:1], strong=True),
                 table(frame_of(self.rows(), ("System", "Stack", "Presents")), "Two systems"),
                 paragraphs(self.sentences()[1:])]  # fmt: skip
        if self.systems.server_stack is None:
            found = self.by_server_stack
            one = frame_of([list(found.values())], [KNOWN[name].title for name in found])
            parts.append(table(one, "By the server's stack"))
        return page(*parts, paragraphs(self.sources()))


def _end_data(stack: KnownStack | None) -> dict[str, object]:
    version = published(stack.name).version if stack else None
    return {"stack": stack.name if stack else None, "tried_version": version}
