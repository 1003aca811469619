"""The verb `simulate`: a named condition, with changes, and the states that follow."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, TypedDict, Unpack

from ekukit.certificates import EkuProfile
from ekukit.connections import Engine, Outcome, predict
from ekukit.connections.predict import outcomes
from ekukit.errors import InputError
from ekukit.expressway import Choices, Deployment, Release, Slot, build, condition
from ekukit.expressway.network import Network
from ekukit.expressway.node import mode_of, release_of
from ekukit.expressway.slot import ISSUERS
from ekukit.verbs.far_ends import FarEnds, far_ends, with_far_ends
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken, whole
from ekukit.verbs.simulation import Simulation
from ekukit.whole_files import write_file

STORES = ("core_server", "core_client", "edge_server", "edge_client")
_CERTIFICATES, _MODES, _FAR, _NODES, _OUTPUT = (
    "certificates", "modes", "far ends", "nodes", "output",
)  # fmt: skip

_PORTS = 1 << 16
_Issuer = Annotated[str, Option(values=ISSUERS, shown="ISSUER", group=_CERTIFICATES)]
_Eku = Annotated[str, Option(values=tuple(EkuProfile), shown="EKU", group=_CERTIFICATES)]
_Mode = Annotated[str, Option(shown="on|off", group=_MODES, read=mode_of)]
_Peers = Annotated[int, Option(shown="1-6", group=_NODES, read=whole)]


def _domains(given: str | Iterable[str]) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given
    return tuple(name.strip() for name in names if name.strip())


def _blocked(given: str | int | Iterable[str | int]) -> Network:
    if isinstance(given, int):
        given = (given,)
    words = [str(word).strip() for word in (given.split(",") if isinstance(given, str) else given)]
    ports = [word for word in words if word.lower() != "dns"]
    if not all(port.isdecimal() and 0 < int(port) < _PORTS for port in ports):
        msg = f"{', '.join(words)}: give TCP ports (1 to 65535) or dns, such as 2222,7001"
        raise InputError(msg)
    return Network(frozenset(map(int, ports)), resolves=len(ports) == len(words))


class SimulateOptions(TypedDict, total=False):
    """What `simulate` takes; what is not given is as the condition has it."""

    core_server_issuer: _Issuer
    core_server_eku: _Eku
    core_client_issuer: _Issuer
    core_client_eku: _Eku
    edge_server_issuer: _Issuer
    edge_server_eku: _Eku
    edge_client_issuer: _Issuer
    edge_client_eku: _Eku
    core_checking: _Mode
    edge_checking: _Mode
    neighbor_verify: _Mode
    far: Annotated[FarEnds, Option(shown="NAME=SETTING:VALUE,...", group=_FAR, many=True)]
    core_peers: _Peers
    edge_peers: _Peers
    release: Annotated[
        str, Option("of both nodes", shown="|".join(Release), group=_NODES, read=release_of)
    ]
    domains: Annotated[
        str | Iterable[str],
        Option("SIP domains, one tunnel each and peer", shown="A,B", group=_NODES, read=_domains),
    ]
    blocked: Annotated[
        str | Iterable[str | int],
        Option("ports that something drops; dns: names fail", shown="PORT,dns,...", group=_NODES,
               read=_blocked),
    ]  # fmt: skip
    at: Annotated[
        str | date,
        Option("the moment at which validity is judged", shown="DATE", group=_NODES, read=moment),
    ]
    engine: Annotated[str, Option(values=tuple(Engine), default="lab", group=_OUTPUT, read=Engine)]
    capture: Annotated[
        str | PathLike[str],
        Option("write a pcapng of it all", shown="FILE", group=_OUTPUT, read=a_path),
    ]
    archive: Annotated[
        str | PathLike[str],
        Option("write a synthetic diagnostic archive (.tar.gz)", shown="FILE", group=_OUTPUT,
               read=a_path),
    ]  # fmt: skip


@signed(SimulateOptions)
def simulate(condition: str | Choices, **options: Unpack[SimulateOptions]) -> Simulation:
    """Return what becomes of every connection in a condition with changes, by real handshakes.

    `condition` is a name ("C1", "C2", "C2.1", "C3", "C4") or choices. Options are those of the
    shell: `simulate("C2", edge_checking="off", far={"webex": "checks:no"})`. With `capture` or
    `archive` such a file is written, too. Raises InputError for a name or value that is not known
    and for a file that cannot be written.
    """
    chosen = taken("simulate", SimulateOptions, dict(options))
    deployment = build(_choices(condition, chosen))
    found = Simulation(deployment, _outcomes(deployment, chosen["engine"]))
    if chosen["capture"]:
        write_capture(deployment, chosen["capture"])
    if chosen["archive"]:
        _write_archive(deployment, chosen["archive"])
    return found


def _choices(start: str | Choices, chosen: dict[str, Any]) -> Choices:
    if not isinstance(start, (Choices, str)):
        msg = (
            f"{type(start).__name__} cannot be simulated; give a condition's name or choices, "
            'such as condition("C2")'
        )
        raise InputError(msg)
    choices = start if isinstance(start, Choices) else condition(start)
    changes: dict[str, object] = {}
    for store in STORES:
        slot: Slot = getattr(choices, store)
        issuer, eku = chosen[f"{store}_issuer"], chosen[f"{store}_eku"]
        changes[store] = Slot(str(issuer or slot.issuer), EkuProfile(str(eku or slot.eku)))
    for name in ("core_checking", "edge_checking", "neighbor_verify", "core_peers", "edge_peers",
                 "release", "domains", "at"):  # fmt: skip
        if chosen[name] is not None:
            changes[name] = chosen[name]
    if chosen["blocked"] is not None:
        changes["network"] = chosen["blocked"]
    choices = replace(choices, **changes)  # type: ignore[arg-type]
    return with_far_ends(choices, far_ends(chosen["far"]))


def _outcomes(deployment: Deployment, engine: Engine) -> tuple[Outcome, ...]:
    """Return the outcomes from the engine asked for; the lab is imported only when it is."""
    if engine is Engine.RULES:
        return predict(deployment)
    from ekukit import lab

    if engine is Engine.PATH:
        return outcomes(deployment, lab.verify, engine)
    return lab.run(deployment)


def write_capture(deployment: Deployment, path: Path) -> None:
    """Write the handshakes of the deployment as pcapng, secrets embedded.

    Raises InputError when the file cannot be written.
    """
    from ekukit.lab import capture

    write_file(path, capture(deployment))


def _write_archive(deployment: Deployment, path: Path) -> None:
    from ekukit.samples.writer import write_archive

    write_file(path, write_archive(deployment))
