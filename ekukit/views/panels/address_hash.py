"""The page's address as a panel's memory: what stands behind "#" is read at start and written.

A panel puts one `AddressHash` among its children and observes its `value`:

    self.address = AddressHash("C2")
    self.address.observe(lambda change: self._open(change["new"]), names="value")
    ...
    self.address.value = "C2,edge=off"        # the address ends in #C2,edge=off from now on

The page of `ekukit present` finds the field by its class, `eku-hash`. Once, when the field appears,
it fills in what the address has (a link to a scene, a reload); without a hash the address takes the
field's value. After that each follows the other: a value that the panel sets replaces the hash and
adds nothing to the browser's history; a hash that somebody types or clicks becomes the value.
Commas, equals signs, colons and slashes stay readable in the address, everything else is percent
encoded. There is one field for a page; in JupyterLab nothing fills or follows it.

A panel that does not know the address yet draws its start. Where the address has the word "hidden"
the page shows none of that: it waits until the panel calls `opened`, half a minute at most.
"""

import ipywidgets as w

HASH_CLASS = "eku-hash"
_OPENED = "eku-opened"


class AddressHash(w.Text):  # type: ignore[misc]
    """A field that nobody sees and that holds what stands behind "#" in the page's address.

    The value is whatever somebody typed into an address: compare it with what is known, and never
    put it on the page. A value that is not understood is best set back to one that is. Nothing of
    a customer belongs in it, for addresses are passed on.
    """

    def __init__(self, value: str = "") -> None:
        """Start with the value that the address gets if it has none."""
        super().__init__(
            value=value, description="Scene in the address", layout=w.Layout(display="none")
        )
        self.add_class(HASH_CLASS)

    def opened(self) -> None:
        """Say that what the address names is drawn: until then the page hides what is hidden."""
        self.add_class(_OPENED)
