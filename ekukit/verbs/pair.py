"""The verb `pair`: two systems with mutual TLS, whatever they are, judged by their certificates."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from os import PathLike
from typing import Annotated, TypedDict, Unpack

from ekukit.connections import State, Verdict
from ekukit.diagnosis.files import read_given
from ekukit.expressway import Role, Store
from ekukit.facts import basis
from ekukit.printable import escaped
from ekukit.stacks import KNOWN, KnownStack, StackRow, published
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken
from ekukit.verbs.outcomes_json import certificate_data
from ekukit.verbs.two_systems import TwoSystems

_File = str | PathLike[str]
_Stack = Annotated[
    str, Option(values=tuple(KNOWN), shown="STACK", help=f"one of {', '.join(KNOWN)}")
]
# Files are read as those of two stores; which two makes no difference.
_CLIENT, _SERVER = (Role.CORE, Store.CLIENT), (Role.EDGE, Store.SERVER)
_OPENSSL_S = "Error, depth and alert are OpenSSL's; a stack's own words are those of its trial."
_NOT_SAID = (
    "No {side} stack given: OpenSSL's check, the strictest of those that were tried, counts."
)


class PairOptions(TypedDict, total=False):
    """What `pair` takes: a file for each system, the trusted CAs, and the stacks if known."""

    client: Annotated[
        _File, Option("the TLS client's certificate", shown="FILE", read=a_path, required=True)
    ]
    server: Annotated[
        _File, Option("the TLS server's certificate", shown="FILE", read=a_path, required=True)
    ]
    ca: Annotated[
        _File | Iterable[_File],
        Option("CAs that both trust; repeatable", shown="FILE", read=a_path, many=True),
    ]
    client_stack: _Stack
    server_stack: _Stack
    name: Annotated[str, Option("how the client calls the server", default="", read=str)]
    at: Annotated[
        str | date, Option("judge at this moment (default: now)", shown="DATE", read=moment)
    ]


@dataclass(frozen=True, slots=True)
class Paired:
    """Two systems and what came of them; `json()` is what the shell prints."""

    systems: TwoSystems
    verdict: Verdict
    state: State
    notes: tuple[str, ...]

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
            "by_server_stack": {name: state.value for name, state in one.by_stack().items()},
            "engine": verdict.engine.value if verdict.engine else None,
            "basis": basis(facts).value,
            "facts": list(facts),
            "notes": list(self.notes),
        }  # fmt: skip
        return escaped(json.dumps(data, indent=2, ensure_ascii=False))


def _end_data(stack: KnownStack | None) -> dict[str, object]:
    version = published(stack.name).version if stack else None
    return {"stack": stack.name if stack else None, "tried_version": version}


@signed(PairOptions)
def pair(**options: Unpack[PairOptions]) -> Paired:
    """Return whether two systems with mutual TLS come together, and what to order if not.

    Both are judged by OpenSSL over the real bytes; where a stack is said, what it did with
    such EKUs counts. That stack's other checks (names, key usage, dates) are not known here.
    Raises InputError for a file without a certificate and for a stack that was not tried.
    """
    chosen = taken("pair", PairOptions, dict(options))
    given = read_given({_CLIENT: chosen["client"], _SERVER: chosen["server"]}, chosen["ca"])
    systems = TwoSystems(
        client=given.certificates[_CLIENT],
        server=given.certificates[_SERVER],
        trusted=given.trusted,
        at=chosen["at"] or datetime.now(UTC),
        name=chosen["name"],
        client_stack=KNOWN.get(chosen["client_stack"]),
        server_stack=KNOWN.get(chosen["server_stack"]),
    )
    notes = [*given.problems]
    if given.assumed_trust:
        notes.append("No --ca given: the CAs inside the files count as trusted by both.")
    if not systems.name:
        notes.append("No --name given: the server's name was not checked.")
    sides = {"client": systems.client_stack, "server": systems.server_stack}
    notes += [_NOT_SAID.format(side=side) for side, stack in sides.items() if stack is None]
    if systems.client_stack is None and not systems.client.has_client_auth:
        notes.append("Without clientAuth some clients send nothing at all: NSS (L7), .NET (F2).")
    verdict = systems.verdict()
    if not verdict.accepted and any(sides.values()):
        notes.append(_OPENSSL_S)
    return Paired(systems, verdict, systems.state(), tuple(notes))
