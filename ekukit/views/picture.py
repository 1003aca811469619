"""A picture: HTML that a notebook shows, and the deployment that it is made of."""

from dataclasses import dataclass

from ekukit.expressway import Choices, Deployment, build, condition

Shown = Choices | Deployment | str


def deployment_of(shown: Shown) -> Deployment:
    """Return the deployment of a condition's name, of choices, or the deployment itself."""
    if isinstance(shown, Deployment):
        return shown
    return build(condition(shown) if isinstance(shown, str) else shown)


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """HTML of the kit, made by its one escaping function."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return how much there is; a notebook shows the HTML itself."""
        return f"<{len(self.html)} characters of HTML>"
