"""What a machine refuses, such as room on its disk, and what to do about it in words."""

import errno
from pathlib import Path

_MAKE_ROOM = "make room on that disk, or choose another folder"
_CHOOSE = "choose another folder, one that you may write to"
_ADVICE = {
    errno.ENOSPC: _MAKE_ROOM,
    getattr(errno, "EDQUOT", errno.ENOSPC): _MAKE_ROOM,
    errno.EFBIG: "raise the limit on the size of files (ulimit -f), or choose another disk",
    errno.EACCES: _CHOOSE,
    errno.EPERM: _CHOOSE,
    errno.EROFS: _CHOOSE,
    errno.EIO: "the disk or network drive fails; choose another one",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EMFILE: "raise the limit on open files (ulimit -n)",
    errno.ENFILE: "end other programs: this machine has no open files left",
    errno.ENOMEM: "end other programs, or raise the limit on memory (ulimit -v)",
}


def is_the_machines(error: OSError) -> bool:
    """Return whether an error is one of disk, rights, memory or limits, and none of the kit."""
    return error.errno in _ADVICE


def refused(path: Path, error: OSError, otherwise: str = "choose another folder") -> str:
    """Return in words that a file cannot be written, why, and what to do next."""
    todo = _ADVICE.get(error.errno or 0, otherwise)
    return f"{path}: cannot be written ({error.strerror or error}); {todo}"


def advice(error: OSError) -> str:
    """Return what to do about an error for which `is_the_machines` holds."""
    return _ADVICE[error.errno or 0]
