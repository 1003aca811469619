"""What is to be told of a run beside its tables."""


class NamelessNote(str):
    """A note that names nobody: it stays where names are hidden."""

    __slots__ = ()


def left_out(why: str, count: int) -> NamelessNote:
    """Return that files were left out, why, and how many."""
    return NamelessNote(f"Files left out, {why}: {count:,}.")


def more_cases(count: int) -> str:
    """Return how many cases are not shown, "" for none."""
    return f"and {count:,} more {'case' if count == 1 else 'cases'}" if count > 0 else ""
