"""Planning: what to change, in which order, what is up and down after each step."""

from ekukit.planning.plan_answer import (
    ChangePlan,
    DisagreementError,
    PlanAnswer,
    PlanQuestion,
    ShownState,
    ShownStep,
    make_plan,
)
from ekukit.planning.plan_limits import CostPart, PlanLimit
from ekukit.planning.plan_step import PlanStep
from ekukit.planning.remedy_table import REMEDIES, Party, RemedyRow

__all__ = [
    "REMEDIES",
    "ChangePlan",
    "CostPart",
    "DisagreementError",
    "Party",
    "PlanAnswer",
    "PlanLimit",
    "PlanQuestion",
    "PlanStep",
    "RemedyRow",
    "ShownState",
    "ShownStep",
    "make_plan",
]
