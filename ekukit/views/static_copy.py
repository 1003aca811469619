"""Static copies of widgets, for hand-outs and for readers without a kernel."""

from typing import Any


class OnPaper:
    """A widget that brings an HTML copy of itself, which shows where no widget can.

    JupyterLab and Voilà prefer the live widget; nbconvert takes the copy.
    """

    def paper(self) -> str:
        """Return the copy: the states as tables; raises NotImplementedError where none is made."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any] | None:  # noqa: ANN401 - as IPython calls it
        bundle: dict[str, Any] | None = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        if bundle is not None:
            bundle["text/html"] = self.paper()
        return bundle
