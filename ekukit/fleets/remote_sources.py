"""Files elsewhere, by fsspec: only what the user names, read into memory and nowhere else."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from ekukit.errors import InputError
from ekukit.fleets.source_file import SourceFile
from ekukit.printable import visible

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*::)*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LOGIN = re.compile(r"(?<=://)[^/@]*@")
_MAGIC = re.compile(r"[*?\[]")
# They keep copies of a customer's files outside of what was named.
_KEEPING = ("simplecache", "filecache", "blockcache", "cached")
MOST_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class RemoteFiles:
    """The files at an address, and the address as it may be shown."""

    shown: str
    files: tuple[SourceFile, ...]


def is_remote(source: str) -> bool:
    """Return whether a source is an address with a scheme."""
    return _SCHEME.match(source) is not None


def remote_files(address: str) -> RemoteFiles:
    """Return the files at an address: one file, those below a folder, or those of a pattern.

    Raises InputError for a scheme that is not known or whose library is missing, an address that
    keeps copies, and one that gives nothing or refuses.
    """
    shown = visible(_LOGIN.sub("", address))
    system, path = _opened(address, shown)
    try:
        if _MAGIC.search(path):
            found = system.glob(path, detail=True)
        elif (told := system.info(path)).get("type") == "file":
            found = {path: told}
        else:
            found = system.find(path, detail=True)
    except Exception as error:
        # What a stranger's server does has no list; its text can hold an address with a password.
        msg = f"{shown}: cannot be listed ({type(error).__name__}); see address and credentials"
        raise InputError(msg) from error
    # As folders here: what a pattern's fixed part or the folder itself is called is no part of it.
    fixed = path[: m.start()] if (m := _MAGIC.search(path)) else path
    root = fixed if len(found) != 1 or path not in found else str(PurePosixPath(path).parent)
    root = root if not m else str(PurePosixPath(fixed + "x").parent)
    files = [_file(system, name, told, root, shown) for name, told in sorted(found.items())]
    return RemoteFiles(shown, tuple(file for file in files if file is not None))


def _opened(address: str, shown: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    if "::" in address or address.lower().startswith(tuple(f"{one}:" for one in _KEEPING)):
        msg = f"{shown}: this address keeps copies elsewhere; name the files themselves"
        raise InputError(msg)
    try:
        system, path = url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        msg = f"{shown}: the library for such addresses is missing ({error})"
        raise InputError(msg) from None
    except Exception as error:
        msg = f"{shown}: no address that can be read ({type(error).__name__})"
        raise InputError(msg) from error
    return system, path


def _file(
    system: Any,  # noqa: ANN401 - fsspec has no types
    path: str, told: Mapping[str, Any], root: str, shown: str,
) -> SourceFile | None:  # fmt: skip
    if told.get("type") != "file":
        return None
    name = path.removeprefix(root).strip("/") or PurePosixPath(path).name
    changed = None
    with suppress(Exception):
        changed = told.get("LastModified") or told.get("mtime") or system.modified(path)
    if isinstance(changed, (int, float)):
        changed = datetime.fromtimestamp(changed, UTC)
    if isinstance(changed, datetime) and changed.tzinfo is None:
        changed = changed.replace(tzinfo=UTC)
    top = PurePosixPath(shown).name
    return SourceFile(system.unstrip_protocol(path), name, int(told.get("size") or 0),
                      changed if isinstance(changed, datetime) else None, top)  # fmt: skip


def remote_bytes(address: str, size: int) -> bytes:
    """Return a file at an address, whole; raises InputError for one that is too large or refuses.

    What it cannot be read for is told without the address, which can hold a password.
    """
    from fsspec.core import url_to_fs

    if size > MOST_BYTES:
        msg = f"more than {MOST_BYTES >> 30} GiB; copy it here and name the file"
        raise InputError(msg)
    try:
        system, path = url_to_fs(address, use_listings_cache=False)
        with system.open(path, "rb", cache_type="readahead") as stream:
            data: bytes = stream.read(MOST_BYTES + 1)
    except Exception as error:
        msg = f"cannot be read from its source ({type(error).__name__})"
        raise InputError(msg) from error
    if len(data) > MOST_BYTES:
        msg = f"more than {MOST_BYTES >> 30} GiB; copy it here and name the file"
        raise InputError(msg)
    return data
