"""Files that are written whole or not at all: beside their place first, then renamed into it."""

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path

from ekukit.errors import InputError
from ekukit.machine_faults import refused

_OWNER, _EVERYBODY = 0o600, 0o666  # what the umask leaves of the second
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole, in the place of an older one; a link is replaced as well.

    `private` makes it readable by its owner alone (mode 0600). A device or a pipe is written to as
    it is. Raises InputError when it cannot be written: an older file is then as it was.
    """
    try:
        if _is_no_file(path):
            path.write_bytes(data)
            return
        with _drafts() as drafts:
            _draft(drafts, path, data, _OWNER if private else _mode(path))
            drafts[path].replace(path)
    except OSError as error:
        raise InputError(refused(path, error)) from None


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a text in UTF-8 with line feeds as `write_file` does; lone surrogates become `?`."""
    write_file(path, text.encode("utf-8", "replace"), private=private)


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files, mode 0600, all or none, into a folder that is made if it is not there.

    Raises InputError when one of them exists already, which stays, and for what cannot be written.
    """
    at = folder
    try:
        with _made(folder), _drafts() as drafts:
            for name, data in files.items():
                at = folder / name
                if os.path.lexists(at):
                    raise InputError(_exists(at))
                _draft(drafts, at, data, _OWNER)
            _place(drafts, _name)
    except OSError as error:
        raise InputError(refused(at, error)) from None


def write_together(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write texts that belong together, in the place of older ones; return their paths.

    The folder is made if it is not there. Raises InputError when one cannot be written: then none
    is there that was not before, and older ones are as they were.
    """
    at = folder
    try:
        with _made(folder), _drafts() as drafts:
            for name, text in files.items():
                at = folder / name
                _draft(drafts, at, text.encode("utf-8", "replace"), _mode(at))
            _place(drafts, Path.replace)
    except OSError as error:
        raise InputError(refused(at, error)) from None
    return [folder / name for name in files]


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder with those above it; of these go again in which nothing is at the end."""
    above = (folder, *folder.parents)
    new = list(takewhile(lambda one: not one.is_dir(), above))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for one in new:
            with suppress(OSError):
                one.rmdir()


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill, which gets its name when the block ends well, else is deleted.

    Raises InputError when the folder cannot be made, or when it is there and not empty.
    """
    draft = path.parent / f".ekukit-{secrets.token_hex(8)}.part"
    try:
        with _made(path.parent):
            draft.mkdir()
            try:
                yield draft
                if path.is_dir():
                    path.rmdir()
                draft.rename(path)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise InputError(refused(path, error, "name a new folder")) from None


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes that ask for the same out of a folder, until the block ends.

    Where the system has no such lock (Windows), or no such folder is there, nobody is kept out.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def sole_writer(path: Path) -> Iterator[None]:
    """Keep a file, made if it is not there, to this process until the block ends.

    Raises InputError when another process keeps it, or when it cannot be written. Where the system
    or the disk has no such lock (Windows, some network drives), nobody is kept out.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, _OWNER)
    except OSError as error:
        raise InputError(refused(path, error)) from None
    try:
        with suppress(OSError):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                msg = f"{path}: another run writes it just now; let it end, or choose another --out"
                raise InputError(msg) from None
        yield
    finally:
        os.close(handle)


def _exists(path: Path) -> str:
    return f"{path} exists already and stays as it is; name another one, or an empty folder"


def _place(drafts: dict[Path, Path], name: Callable[[Path, Path], object]) -> None:
    """Give each draft its name; take new names back when that breaks off."""
    new: dict[Path, Path] = {}
    try:
        for path, draft in drafts.items():
            if not os.path.lexists(path):
                new[path] = draft
            name(draft, path)
    except BaseException:
        for path, draft in new.items():
            with suppress(OSError):  # another program may have written there meanwhile
                if not draft.exists() or draft.samefile(path):
                    path.unlink()
        raise


def _name(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # unlike a rename it never replaces what another program wrote
    except FileExistsError:
        raise InputError(_exists(path)) from None
    except OSError:  # a file system without links, such as a USB stick's
        draft.rename(path)


def _draft(drafts: dict[Path, Path], path: Path, data: bytes, mode: int) -> None:
    """Write a draft beside a path, noted before it is there: a signal may come at any moment."""
    drafts[path] = path.parent / f".ekukit-{secrets.token_hex(8)}.part"
    with os.fdopen(os.open(drafts[path], _NEW, mode), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())  # some disks tell only now that they are full


@contextmanager
def _drafts() -> Iterator[dict[Path, Path]]:
    """Give a place for drafts by the names that they get; those left over are deleted."""
    drafts: dict[Path, Path] = {}
    try:
        try:
            yield drafts
        finally:
            _delete(drafts.values())
    except BaseException:
        _delete(drafts.values())  # a signal may have broken off the deleting, too
        raise


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _is_no_file(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode) and not path.is_dir()
    except OSError:
        return False


def _mode(path: Path) -> int:
    """Return the mode of the file that is replaced, or the usual one."""
    try:
        return stat.S_IMODE(path.stat().st_mode) or _EVERYBODY
    except OSError:
        return _EVERYBODY
