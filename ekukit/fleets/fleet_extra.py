"""What `ekukit fleet` needs beside the kit, and the command that installs it."""

from importlib.util import find_spec

from ekukit.errors import InputError

NEEDED = ("distributed", "fsspec", "pyarrow")
INSTALL = 'python -m pip install -e ".[fleet]"'


def refuse_without_extra() -> None:
    """Raise InputError, with the command that installs it, where the extra `fleet` is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        msg = (
            f"{', '.join(missing)} is not installed, and many archives are read with it; in the "
            f"kit's folder: {INSTALL}  (with uv: uv sync --extra fleet)"
        )
        raise InputError(msg)
