"""The verb `pair`: two systems with mutual TLS, whatever they are, judged by their certificates."""

from collections.abc import Iterable
from datetime import date, datetime
from os import PathLike
from typing import Annotated, Any, TypedDict, Unpack

from cryptography import x509

from ekukit.connections import Side
from ekukit.diagnosis.files import GivenFiles, joined
from ekukit.diagnosis.rebuild.given_deployment import Place
from ekukit.diagnosis.store_files import leaf_and_rest
from ekukit.errors import InputError
from ekukit.expressway import Role, Store
from ekukit.facts.clock import now
from ekukit.stacks import KNOWN
from ekukit.verbs.captured_ends import presented_in
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken, whole
from ekukit.verbs.paired import Paired
from ekukit.verbs.two_systems import TwoSystems

_File = str | PathLike[str]
_Stack = Annotated[
    str, Option(values=tuple(KNOWN), shown="STACK", help=f"one of {', '.join(KNOWN)}")
]
# Certificates are read as those of two stores; which two makes no difference.
_PLACES: dict[Side, Place] = {
    Side.CLIENT: (Role.CORE, Store.CLIENT),
    Side.SERVER: (Role.EDGE, Store.SERVER),
}
_OPENSSL_S = "Error, depth and alert are OpenSSL's; a stack's own words are those of its trial."
_NOT_SAID = (
    "No {side} stack given: OpenSSL's check, the strictest of those that were tried, counts."
)


class PairOptions(TypedDict, total=False):
    """What `pair` takes: what each system presents, the trusted CAs, and the stacks if known."""

    client: Annotated[_File, Option("the TLS client's certificate", shown="FILE", read=a_path)]
    server: Annotated[_File, Option("the TLS server's certificate", shown="FILE", read=a_path)]
    ca: Annotated[
        _File | Iterable[_File],
        Option("CAs that both trust; repeatable", shown="FILE", read=a_path, many=True),
    ]
    capture: Annotated[
        _File,
        Option("a capture that shows what is not given as a file", shown="FILE", read=a_path),
    ]
    client_packet: Annotated[
        int, Option("whose client counts: its handshake's first packet", shown="N", read=whole)
    ]
    server_packet: Annotated[
        int, Option("whose server counts: its handshake's first packet", shown="N", read=whole)
    ]
    client_stack: _Stack
    server_stack: _Stack
    name: Annotated[str, Option("how the client calls the server", default="", read=str)]
    at: Annotated[
        str | date, Option("judge at this moment (default: now)", shown="DATE", read=moment)
    ]


@signed(PairOptions)
def pair(**options: Unpack[PairOptions]) -> Paired:
    """Return whether two systems with mutual TLS come together, and what to order if not.

    What a system presents is a file, or what `capture` shows of it: rows of `handshakes` by their
    column first_packet. Both are judged by OpenSSL over the real bytes; where a stack is said, what
    it did with such EKUs counts. That stack's other checks (names, key usage, dates) are not known
    here. Raises InputError for a file without a certificate, a capture that does not show one, and
    a stack that was not tried.
    """
    chosen = taken("pair", PairOptions, dict(options))
    at = chosen["at"] or now()
    given, notes = _given(chosen, at)
    systems = TwoSystems(
        client=given.certificates[_PLACES[Side.CLIENT]],
        server=given.certificates[_PLACES[Side.SERVER]],
        trusted=given.trusted,
        at=at,
        name=chosen["name"],
        client_stack=KNOWN.get(chosen["client_stack"]),
        server_stack=KNOWN.get(chosen["server_stack"]),
    )
    notes = [*given.problems, *notes]
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


def _given(chosen: dict[str, Any], at: datetime) -> tuple[GivenFiles, list[str]]:
    """Return what both present, from files and capture, and what is to be known of the capture."""
    problems: list[str] = []
    found: dict[Place, list[x509.Certificate]] = {}
    seen: dict[Side, int | None] = {}
    for side, place in _PLACES.items():
        path, packet = chosen[side.value], chosen[f"{side.value}_packet"]
        if path and packet is not None:
            msg = f"--{side.value} and --{side.value}-packet say each what it presents; give one"
            raise InputError(msg)
        if path:
            found[place] = leaf_and_rest(path, problems)
        elif chosen["capture"] is None:
            msg = f"{side.value} is missing; give its certificate (FILE), or --capture FILE"
            raise InputError(msg)
        else:
            seen[side] = packet
    notes = _from_capture(chosen, seen, found, at) if seen else []
    return joined(found, chosen["ca"], problems), notes


def _from_capture(
    chosen: dict[str, Any],
    seen: dict[Side, int | None],
    found: dict[Place, list[x509.Certificate]],
    at: datetime,
) -> list[str]:
    if not chosen["ca"]:
        msg = "ca is missing; a handshake does not show which CAs are trusted: give --ca FILE"
        raise InputError(msg)
    chains, begins = presented_in(chosen["capture"], seen)
    found |= {_PLACES[side]: chain for side, chain in chains.items()}
    if begins is None:
        return []
    return [f"The capture is of {begins:%Y-%m-%d}, the judgment of {at:%Y-%m-%d}; --at moves it."]
