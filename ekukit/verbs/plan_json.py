"""Plans as plain values for JSON, in the shape that is documented for the command line."""

from ekukit.connections.outcome import State
from ekukit.planning.lead_times import LEAD_ROWS
from ekukit.planning.plan_answer import ChangePlan, PlanAnswer, ShownState, ShownStep
from ekukit.planning.plan_check import PlanCheck
from ekukit.planning.plan_limits import limit_words
from ekukit.verbs.outcomes_json import MOST_SHOWN


def plan_data(answer: PlanAnswer) -> dict[str, object]:
    """Return plans, best first, and what is impossible; what is not told is null."""
    impossible = None
    if answer.conflicts is not None:
        impossible = {
            "conflicts": [sorted(conflict) for conflict in answer.conflicts],
            "best": None if answer.best is None else change_data(answer.best),
            "unmet": list(answer.unmet),
        }
    return {
        "wishes": list(answer.wishes),
        "limits": {name: limit_words(name) for name in sorted(answer.limits)},
        "only_ca": answer.only_ca or None,
        "order": [part.value for part in answer.order],
        "start": _states(answer.start),
        "plans": [change_data(found) for found in answer.plans],
        "impossible": impossible,
        "cut": answer.is_cut,
    }


def change_data(plan: ChangePlan) -> dict[str, object]:
    """Return one plan as plain values."""
    return {
        "steps": [_step(shown) for shown in plan.steps],
        "end": _states(plan.end),
        "loses": list(plan.loses),
        "down_on_the_way": list(plan.on_the_way),
        "parties": [party.value for party in plan.parties],
    }


def check_data(check: PlanCheck) -> dict[str, object]:
    """Return what of a plan is done, and the states that are not the promised ones."""
    return {
        "steps": [
            {"id": found.step.id, "state": found.fate.value, "words": found.words}
            for found in check.steps
        ],
        "states": {
            name: {"promised": promised.value, "found": now.value}
            for name, promised, now in check.states
        },
    }


def _step(shown: ShownStep) -> dict[str, object]:
    step, row = shown.step, shown.step.row
    return {
        "id": step.id,
        "remedy": row.id,
        "node": step.node,
        "peers": list(step.peers[:MOST_SHOWN]),
        "place": step.place.value,
        "do": step.do,
        "where": step.where,
        "paste": step.paste or None,
        "before": _states(shown.before),
        "after": _states(shown.after),
        "up": list(shown.gains),
        "down": list(shown.loses),
        "verify": row.verify,
        "undo": row.undo,
        "price": {"level": row.price.name.lower(), "words": step.price_words},
        "lead": LEAD_ROWS[row.lead].words,
        "effort": row.effort,
        "restart": row.restart,
        "parties": [party.value for party in step.parties],
        "limits": sorted(step.limits),
        "facts": list(step.rests_on),
    }


def _states(shown: ShownState) -> dict[str, str]:
    return {name: State(state).value for name, state in shown.states.items()}
