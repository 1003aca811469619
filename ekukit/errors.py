"""The one error family for input that cannot be used."""


class InputError(ValueError):
    """What was given cannot be used; the text says what, where, and what would do.

    A connection that fails is never an error: it is an `Outcome`.
    """
