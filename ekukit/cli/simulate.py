"""`ekukit simulate`: a named condition, with changes, and the states that follow."""

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ekukit.believed import EARLIEST, LATEST, is_believed
from ekukit.certificates import EkuProfile
from ekukit.cli.outcomes_json import as_json
from ekukit.connections import Engine, Outcome, outcomes, predict
from ekukit.errors import InputError
from ekukit.expressway import (
    CONDITION_TITLES,
    FAR_DEFAULTS,
    FAR_END_TITLES,
    Choices,
    Deployment,
    FarEndKind,
    Knowledge,
    Release,
    Slot,
    Trust,
    build,
    condition,
    far_releases,
    mode_of,
    release_of,
)

STORES = ("core_server", "core_client", "edge_server", "edge_client")
_MODES = ("core_checking", "edge_checking", "neighbor_verify")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("simulate", help="make the handshakes of a condition")
    titles = "; ".join(f"{name}: {title}" for name, title in CONDITION_TITLES.items())
    parser.add_argument("condition", help=titles)
    add_choices(parser)
    parser.add_argument("--engine", choices=[e.value for e in Engine], default="lab")
    parser.add_argument("--capture", type=Path, metavar="FILE", help="write a pcapng of it all")
    parser.add_argument(
        "--archive",
        type=Path,
        metavar="FILE",
        help="write a synthetic diagnostic archive (.tar.gz)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.set_defaults(run=run)


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the options that change a deployment; None leaves the condition's own value."""
    for name in _MODES:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="on|off", type=str)
    for store in STORES:
        option = f"--{store.replace('_', '-')}"
        parser.add_argument(f"{option}-issuer", choices=("internal", "public"))
        parser.add_argument(f"{option}-eku", choices=[profile.value for profile in EkuProfile])
    for kind in FarEndKind:
        title = FAR_END_TITLES[kind]
        parser.add_argument(f"--{kind.value}-trusts", choices=[t.value for t in Trust])
        if FAR_DEFAULTS[kind].presents is None:
            continue
        known = [k.value for k in Knowledge]
        parser.add_argument(
            f"--{kind.value}-checks", choices=known, help=f"whether {title} demands clientAuth"
        )
        parser.add_argument(
            f"--{kind.value}-requests", choices=known, help=f"whether {title} asks for one at all"
        )
        parser.add_argument(
            f"--{kind.value}-eku",
            choices=[profile.value for profile in EkuProfile],
            help=f"what the certificate of {title} has",
        )
        _add_release(parser, kind)
    parser.add_argument("--core-peers", type=int, metavar="1-6")
    parser.add_argument("--edge-peers", type=int, metavar="1-6")
    parser.add_argument("--release", metavar="|".join(Release), help="of both nodes")
    parser.add_argument("--domains", metavar="A,B", help="SIP domains, one tunnel each and peer")
    parser.add_argument("--at", metavar="DATE", help="the moment at which validity is judged")


def _add_release(parser: argparse.ArgumentParser, kind: FarEndKind) -> None:
    rows = far_releases(kind)
    if not rows:
        return
    told = "; ".join(f"{row.name}: {row.title} ({', '.join(row.facts)})" for row in rows)
    parser.add_argument(
        f"--{kind.value}-release", choices=[row.name for row in rows],
        help=f"from which follows whether it checks clientAuth. {told}",
    )  # fmt: skip
    if any(row.has_client_store for row in rows):
        parser.add_argument(
            f"--{kind.value}-client-eku", choices=[profile.value for profile in EkuProfile],
            help="what its certificate as TLS client has; for a release with a client store (F4)",
        )  # fmt: skip


def choices_from(options: argparse.Namespace) -> Choices:
    """Return the condition's choices with the options applied; raises InputError for bad ones."""
    choices = condition(options.condition)
    changes: dict[str, object] = {}
    for store in STORES:
        slot: Slot = getattr(choices, store)
        issuer = getattr(options, f"{store}_issuer") or slot.issuer
        changes[store] = Slot(issuer, EkuProfile(getattr(options, f"{store}_eku") or slot.eku))
    for name in _MODES:
        given = getattr(options, name)
        if given is not None:
            changes[name] = mode_of(given)
    for name in ("core_peers", "edge_peers"):
        if getattr(options, name) is not None:
            changes[name] = getattr(options, name)
    if options.release:
        changes["release"] = release_of(options.release)
    if options.domains is not None:
        given = (name.strip() for name in options.domains.split(","))
        changes["domains"] = tuple(name for name in given if name)
    if options.at:
        changes["at"] = moment(options.at)
    return _far_ends(replace(choices, **changes), options)  # type: ignore[arg-type]


def _far_ends(choices: Choices, options: argparse.Namespace) -> Choices:
    for kind in FarEndKind:
        changes: dict[str, object] = {}
        name = kind.value.replace("-", "_")
        presents = choices.far_end(kind).presents
        for knob, meaning in (("trusts", Trust), ("checks", Knowledge), ("requests", Knowledge)):
            given = getattr(options, f"{name}_{knob}", None)
            if given is not None:
                changes[knob] = meaning(given)
        for option, slot in (("eku", "presents"), ("client_eku", "presents_client")):
            eku = getattr(options, f"{name}_{option}", None)
            if eku is not None and presents is not None:
                changes[slot] = Slot(presents.issuer, EkuProfile(eku))
        changes |= _release(options, name, kind)
        choices = choices.with_far_end(kind, **changes)
    return choices


def _release(options: argparse.Namespace, name: str, kind: FarEndKind) -> dict[str, object]:
    release = getattr(options, f"{name}_release", None)
    if release is None:
        return {}
    if getattr(options, f"{name}_checks", None) is not None:
        msg = (
            f"--{kind.value}-release and --{kind.value}-checks both say whether it checks "
            "clientAuth; give one of them"
        )
        raise InputError(msg)
    return {"release": release}


def moment(text: str) -> datetime:
    """Return the moment that an ISO date or date and time names, UTC unless it says otherwise.

    Raises InputError for another text, and outside the years that `is_believed` takes.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        msg = f"date {text!r} cannot be read; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS"
        raise InputError(msg) from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not is_believed(found):
        msg = (
            f"date {text!r} cannot be judged at; write one from {EARLIEST:%Y-%m-%d} to before "
            f"{LATEST:%Y-%m-%d}"
        )
        raise InputError(msg)
    return found


def simulate(deployment: Deployment, engine: Engine) -> tuple[Outcome, ...]:
    """Return the outcomes from the engine asked for; the lab is imported only when it is."""
    if engine is Engine.RULES:
        return predict(deployment)
    from ekukit import lab

    if engine is Engine.PATH:
        return outcomes(deployment, lab.verify, engine)
    return lab.run(deployment)


def run(options: argparse.Namespace) -> int:
    """Make the handshakes, write what was asked for, print the result; return 0."""
    deployment = build(choices_from(options))
    outcomes = simulate(deployment, Engine(options.engine))
    if options.capture:
        write_capture(deployment, options.capture)
    if options.archive:
        _write_archive(deployment, options.archive)
    if options.json:
        sys.stdout.write(as_json(deployment, outcomes) + "\n")
    else:
        from ekukit.cli.outcomes_text import show

        show(deployment, outcomes)
    return 0


def write_capture(deployment: Deployment, path: Path) -> None:
    """Write the handshakes of the deployment as pcapng, secrets embedded.

    Raises InputError when the file cannot be written.
    """
    from ekukit.lab import capture

    _write(path, capture(deployment))


def _write_archive(deployment: Deployment, path: Path) -> None:
    from ekukit.archive.writer import write_archive

    _write(path, write_archive(deployment))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); choose another folder"
        raise InputError(msg) from None
