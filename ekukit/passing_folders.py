"""Folders for what was written without a place of its own: they go when Python ends.

They can hold a customer's names (a report with `names=True`), so nothing of them may stay behind.
"""

import atexit
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

_PREFIX, _NEW, _HELD = "ekukit-passing-", ".new", ".in-use"
# Of each: the process that made it, the folder, and what keeps others from sweeping it.
_made: list[tuple[int, Path, int]] = []


def passing_folder() -> Path:
    """Return a new empty folder, mode 0700, that is deleted with all in it when Python ends.

    Those of this user that an earlier process could not delete, since it was killed, go first
    (where the system has locks of files; on Windows they stay). Raises OSError when none can be
    made. Not for work that ends before Python does: that is what a `with` is for.
    """
    for old in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ImportError):
            _sweep(old)
    folder = Path(mkdtemp(prefix=_PREFIX))
    if not _made:
        atexit.register(_leave)
    # In the list before it is locked: an interrupt may come in between.
    _made.append((os.getpid(), folder, -1))
    _made[-1] = (os.getpid(), folder, _lock(folder))
    inside = folder / "files"
    inside.mkdir()
    return inside


def _lock(folder: Path) -> int:
    """Return a handle that holds the folder until this process ends, -1 where there is no lock."""
    try:
        import fcntl
    except ImportError:
        return -1
    handle = os.open(folder / _NEW, os.O_RDWR | os.O_CREAT, 0o600)
    with suppress(OSError):  # some disks have no locks
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (folder / _NEW).rename(folder / _HELD)  # under this name it is never seen without its lock
    return handle


def _sweep(old: Path) -> None:
    """Delete a folder that this user's process left; raises OSError when one still holds it.

    Also for one without the file that is locked: it was just made, or is no folder of ours.
    """
    import fcntl

    found = old.lstat()
    if found.st_uid != os.getuid() or not old.is_dir() or old.is_symlink():
        return
    handle = os.open(old / _HELD, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(old)
    finally:
        os.close(handle)


def _leave() -> None:
    """Delete the folders of this process; a child that was forked from it leaves them alone."""
    for owner, folder, handle in _made:
        if owner == os.getpid():
            shutil.rmtree(folder, ignore_errors=True)
            if handle >= 0:
                os.close(handle)
