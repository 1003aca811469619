"""The cheapest plan for a room: its steps in large type, each with what it brings up."""

from ekukit.connections import State
from ekukit.connections.services import SERVICES, essential
from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.planning import PlanQuestion, make_plan
from ekukit.planning.plan_answer import ShownStep
from ekukit.planning.plan_words import impossible_words, plan_line
from ekukit.views.html import paragraphs, safe, state_html
from ekukit.views.pages.room_cards import ROOM_STYLE

# What the conditions of the source speak of.
_WISHES = ("uc-zone", "ssh-tunnel", *(service.id for service in SERVICES))


def room_plan(deployment: Deployment) -> str:
    """Return what to do so that zone, tunnels and services work, states after each step.

    Every state was confirmed by handshakes; where there is no plan it is said why. Not in it:
    dearer plans, prices, who is to be asked, which `ekukit plan` tells.
    """
    try:
        answer = make_plan(deployment, PlanQuestion(want=_WISHES))
    except InputError as error:
        return paragraphs([str(error)], strong=True)
    plan = answer.plans[0] if answer.plans else answer.best
    why_not = impossible_words(answer)
    if plan is None or not plan.steps or why_not:
        told = why_not or ([plan_line(plan)] if plan else [])
        return paragraphs(told, strong=True)
    steps = "".join(f"<li>{_step(shown)}</li>" for shown in plan.steps)
    return (
        f'{ROOM_STYLE}<div class="eku-large"><p class="eku-what">{safe(plan_line(plan))}</p>'
        f"<ol>{steps}</ol></div>"
    )


def _step(shown: ShownStep) -> str:
    """Return what is done where, and what comes up or goes down by it."""
    where = f" <small>{safe(shown.step.where)}</small>"
    changed = [
        (outcome.title, outcome.state)
        for outcome in essential(shown.after.outcomes)
        if outcome.state is not shown.before.states.get(outcome.connection, State.UNKNOWN)
    ]
    told = "".join(f"<span>{safe(title)} {state_html(state)}</span> " for title, state in changed)
    return f"{safe(shown.step.do)}{where}<br>{told or 'no state changes yet'}"
