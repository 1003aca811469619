"""Who watches how far the reading of an archive has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Progress = Callable[[int, int, str], None]
_WATCHING: ContextVar[Progress | None] = ContextVar("watching", default=None)


@contextmanager
def watched(progress: Progress) -> Iterator[None]:
    """Call `progress` for every archive that is opened inside, as `open_archive` does.

    It gets bytes done, bytes in all (as they lie at the paths) and the name of the next file.
    """
    token = _WATCHING.set(progress)
    try:
        yield
    finally:
        _WATCHING.reset(token)


def watching() -> Progress | None:
    """Return who watches, None when nobody does."""
    return _WATCHING.get()
