"""The version of the kit to which a row belongs: its number and what its files hold."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_READ = (".py", ".toml")


@cache
def kit_version() -> str:
    """Return the number and a digest of the code and tables, which differs after any change.

    A row that another rule made is not taken for done because nobody raised the number.
    """
    found = sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in _READ:
            found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
            found.update(path.read_bytes())
    return f"{version('ekukit')}+{found.hexdigest()[:12]}"
