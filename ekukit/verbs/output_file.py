"""Files that a verb writes: one that may be replaced, and new ones that only their owner reads."""

import os
from collections.abc import Mapping
from pathlib import Path

from ekukit.errors import InputError

_MODE = 0o600


def write_file(path: Path, data: bytes) -> None:
    """Write a file, in the place of an older one; raises InputError when it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(_refused(path, error)) from None


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files, mode 0600, into a folder that is made if it is not there.

    Raises InputError when one of them exists already, which stays, and for what cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = [name for name in files if (folder / name).exists()]
        if present:
            msg = f"{folder / present[0]} exists already; name an empty folder"
            raise InputError(msg)
        for name, data in files.items():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(folder / name, flags, _MODE), "wb") as stream:
                stream.write(data)
    except OSError as error:
        raise InputError(_refused(folder, error)) from None


def _refused(path: Path, error: OSError) -> str:
    return f"{path}: cannot be written ({error.strerror}); choose another folder"
