"""What can be shown, and what showing gives: HTML that a notebook displays."""

from dataclasses import dataclass

from ekukit.errors import InputError
from ekukit.expressway import Choices, Deployment, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.expressway.scenarios import SCENARIOS, scenario
from ekukit.nearest import nearest

Shown = Choices | Deployment | str


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """HTML of the kit, made by its one escaping function."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return how much there is; a notebook shows the HTML itself."""
        return f"<{len(self.html)} characters of HTML>"


def deployment_of(shown: Shown) -> Deployment:
    """Return the deployment of a condition's or scenario's name, of choices, or itself.

    Raises InputError for a name that is neither.
    """
    if isinstance(shown, Deployment):
        return shown
    if isinstance(shown, Choices):
        return build(shown)
    name = str(shown).upper()
    if name in SCENARIOS:
        return scenario(name)
    if name in CONDITIONS:
        return build(condition(name))
    msg = (
        f"{shown!r} is neither a condition ({', '.join(CONDITIONS)}) "
        f"nor a scenario ({', '.join(SCENARIOS)})"
    )
    raise InputError(msg + nearest(shown, (*CONDITIONS, *SCENARIOS)))
