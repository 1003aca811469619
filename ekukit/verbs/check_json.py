"""Certificate files that were checked as plain values for JSON."""

import json
from collections.abc import Iterable, Sequence

from ekukit.causes import cause_cards
from ekukit.connections import Outcome
from ekukit.diagnosis.files import FileVerdict, GivenFiles
from ekukit.expressway import Deployment
from ekukit.printable import escaped
from ekukit.verbs.outcomes_json import cause_data, certificate_data, deployment_data, outcome_data


def check_json(
    given: GivenFiles,
    verdicts: Iterable[FileVerdict],
    judged: tuple[Deployment, tuple[Outcome, ...]],
    notes: Sequence[str],
) -> str:
    """Return certificates with what uploads would say, deployment, outcomes and notes as text."""
    deployment, outcomes = judged
    cards = cause_cards(deployment, outcomes)
    data = {
        "certificates": [_file_data(found) for found in verdicts],
        "deployment": deployment_data(deployment),
        "outcomes": [outcome_data(outcome, cards) for outcome in outcomes],
        "causes": [cause_data(card) for card in cards],
        "trust_assumed": given.assumed_trust,
        "notes": list(notes),
    }
    return escaped(json.dumps(data, indent=2, ensure_ascii=False))


def _file_data(found: FileVerdict) -> dict[str, object]:
    return {
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
