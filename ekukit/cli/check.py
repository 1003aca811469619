"""`ekukit check`: judge certificate files before anybody uploads them."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from ekukit.certificates import describe, limits_words
from ekukit.certificates.limits import is_usual
from ekukit.cli.outcomes_json import certificate_data, deployment_data, outcome_data
from ekukit.cli.simulate import moment
from ekukit.connections import Outcome
from ekukit.diagnosis.files import FileVerdict, Given, judge_files, missing_names, read_given
from ekukit.diagnosis.rebuild import STAND_IN, Known, Place, judge, rebuild
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Role, Store, mode_of, release_of
from ekukit.printable import escaped

PLACES: dict[str, Place] = {
    f"{role.value.lower()}_{store.value}": (role, store) for role in Role for store in Store
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("check", help="judge certificate files before they are uploaded")
    for name in PLACES:
        text = f"meant for the {name.replace('_', ' ')} store"
        parser.add_argument(f"--{name.replace('_', '-')}", type=Path, metavar="FILE", help=text)
    parser.add_argument("--ca", type=Path, action="append", default=[], metavar="FILE",
                        help="trusted CAs of both nodes; repeatable")  # fmt: skip
    for role in Role:
        parser.add_argument(f"--{role.value.lower()}-checking", metavar="on|off", default="on")
    parser.add_argument("--release", default="X15.5", metavar="X14.3|X15.4|X15.5")
    parser.add_argument("--verify-name", default="", help="Edge's TLS verify subject name")
    parser.add_argument("--at", metavar="DATE", help="judge at this moment (default: now)")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge the files, print what they are, what uploads would say, and the states; return 0.

    Raises InputError when no file is given or one holds no certificate.
    """
    files = {place: getattr(options, name) for name, place in PLACES.items()
             if getattr(options, name)}  # fmt: skip
    if not files:
        told = ", ".join(f"--{name.replace('_', '-')}" for name in PLACES)
        msg = f"no certificate given; name at least one of {told}"
        raise InputError(msg)
    at = moment(options.at) if options.at else datetime.now(UTC)
    given = read_given(files, tuple(options.ca))
    known = Known(
        certificates=given.certificates,
        trusted=dict.fromkeys(Role, given.trusted),
        at=at,
        modes={role: mode_of(getattr(options, f"{role.value.lower()}_checking")) for role in Role},
        release=release_of(options.release),
        verify_subject_name=options.verify_name,
    )
    deployment = rebuild(known)
    outcomes = judge(deployment, given.certificates)
    nodes = {Role.CORE: deployment.core[0], Role.EDGE: deployment.edge[0]}
    verdicts = judge_files(given, nodes, at)
    if options.json:
        sys.stdout.write(_json(given, verdicts, deployment, outcomes) + "\n")
    else:
        _show(given, verdicts, deployment, outcomes)
    return 0


def _notes(given: Given, deployment: Deployment) -> list[str]:
    notes = [*given.problems, STAND_IN]
    if given.assumed_trust:
        notes.append("No --ca given: the CAs inside the files count as trusted by both nodes.")
    if not deployment.edge[0].verify_subject_name:
        notes.append("No --verify-name given: the zone's TLS verify subject name was not checked.")
    lacking = missing_names(given)
    if lacking:
        notes.append(
            f"Core's client certificate lacks {', '.join(lacking)}, which its server certificate "
            "has: if Edge's TLS verify subject name is one of them, the zone fails (E8)."
        )
    return notes


def _json(
    given: Given,
    verdicts: list[FileVerdict],
    deployment: Deployment,
    outcomes: tuple[Outcome, ...],
) -> str:
    certificates = [
        {
            "node": found.role.value,
            "store": found.store.value,
            "certificate": certificate_data(found.certificate),
            "why_public": found.why_public or None,
            "days_left": found.days_left,
            "uploads": [
                {
                    "store": kind.value,
                    "accepted": answer.accepted,
                    "message": answer.message,
                    "message_is_the_products": answer.quoted,
                    "reason": answer.reason,
                    "menu": answer.menu,
                    "warnings": list(answer.warnings),
                    "basis": answer.basis.value,
                    "facts": list(answer.facts),
                }
                for kind, answer in found.answers.items()
            ],
        }
        for found in verdicts
    ]
    data = {
        "certificates": certificates,
        "deployment": deployment_data(deployment),
        "outcomes": [outcome_data(outcome) for outcome in outcomes],
        "trust_assumed": given.assumed_trust,
        "notes": _notes(given, deployment),
    }
    return escaped(json.dumps(data, indent=2, ensure_ascii=False))


def _show(
    given: Given,
    verdicts: list[FileVerdict],
    deployment: Deployment,
    outcomes: tuple[Outcome, ...],
) -> None:
    from ekukit.cli.outcomes_text import show_outcomes, show_table

    rows = []
    for found in verdicts:
        public = f"public: {found.why_public}" if found.why_public else "not known to be public"
        left = f"{found.days_left} days left" if found.days_left >= 0 else "expired"
        leaf = found.certificate
        # What is odd in its limits stands in the description already.
        usual = f"; {limits_words(leaf.limits)}" if is_usual(leaf.limits) else ""
        decides = f"{leaf.key}{usual}"
        what = f"{describe(found.certificate)}\n{decides}\n{public} (T9); {left}"
        rows.append((f"{found.role.value} {found.store.value}", what, _uploads(found)))
    show_table(("Meant for", "What it is", "What an upload would say"), rows)
    show_outcomes(deployment, outcomes, _notes(given, deployment))


def _uploads(found: FileVerdict) -> str:
    lines = []
    for kind, answer in found.answers.items():
        verdict = "✓ taken" if answer.accepted else "✗ refused"
        lines.append(f"{kind.value} store: {verdict}. {answer.reason}.")
        if answer.quoted:
            lines.append(f'"{answer.message}"')
        lines.append(f"{answer.menu} ({', '.join(answer.facts)}; {answer.basis.value})")
        lines += [f"Take care: {warning}" for warning in answer.warnings]
    return "\n".join(lines)
