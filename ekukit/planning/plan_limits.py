"""What a plan must not do, by name, and in which order plans are compared."""

from enum import StrEnum


class PlanLimit(StrEnum):
    """What can be excluded; beside these the id of any step can."""

    PRIVATE_CA_ON_EDGE = "private-ca-on-edge"
    PRIVATE_CA = "private-ca"
    NEW_PUBLIC_ISSUER = "new-public-issuer"
    MODE_OFF = "mode-off"
    FAR_END_CHANGE = "far-end-change"
    FAR_END_TRUST = "far-end-trust"
    UPGRADE = "upgrade"
    TLS_VERIFY_OFF = "tls-verify-off"
    OFFICE_HOURS = "restart-in-office-hours"


# How a limit is told in "you excluded …"; that of office hours excludes nothing.
LIMIT_WORDS: dict[str, str] = {
    PlanLimit.PRIVATE_CA_ON_EDGE: "private CAs on Edge",
    PlanLimit.PRIVATE_CA: "private CAs",
    PlanLimit.NEW_PUBLIC_ISSUER: "another public issuer",
    PlanLimit.MODE_OFF: "EKU checking mode Off",
    PlanLimit.FAR_END_CHANGE: "changes at far ends",
    PlanLimit.FAR_END_TRUST: "further CAs in the trust lists of far ends",
    PlanLimit.UPGRADE: "upgrades",
    PlanLimit.TLS_VERIFY_OFF: "TLS verify Off",
}
# Stands for `only_ca` among limits.
ONLY_CA = "only-ca"


def limit_words(name: str) -> str:
    """Return a limit in words; the id of a step stands for itself."""
    if name == ONLY_CA:
        return "every CA but one"
    return LIMIT_WORDS.get(name, f"the step {name}")


class CostPart(StrEnum):
    """What plans are compared by, in this order unless another is preferred.

    LOSSES: connections and services that worked and are down after a step, counted after each step.
    PARTIES: who must act. RESTARTS: steps that restart, or of which no source says that they do
    not. PRICE: the dearest security prices first. STEPS: how many there are.
    """

    LOSSES = "losses"
    PARTIES = "parties"
    RESTARTS = "restarts"
    PRICE = "price"
    STEPS = "steps"


def order_of(preferred: tuple[CostPart, ...]) -> tuple[CostPart, ...]:
    """Return all parts in the order in which plans are compared.

    What is preferred comes first, but after losses unless losses are named too.
    """
    first = () if CostPart.LOSSES in preferred else (CostPart.LOSSES,)
    return tuple(dict.fromkeys((*first, *preferred, *CostPart)))
