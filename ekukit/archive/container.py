"""What a customer sends: a folder, an archive or loose files, opened without trusting them."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ekukit.account import Ledger, PartFate, UnreadPart
from ekukit.archive.compression import ERRORS, HEADS, QUICK_HEADS, Before, Unpacked
from ekukit.archive.member import Member, is_foreign, is_log_by_name, matters_by_name, member
from ekukit.archive.paths import InMemory, clean, files_at
from ekukit.archive.size_limits import (
    MOST_BYTES,
    MOST_ENTRIES,
    MOST_RATIO,
    MOST_SEEN,
    SMALL,
    Budget,
    Readable,
    drained,
)
from ekukit.archive.tarball import BLOCK, MOST_BETWEEN, Entry, Tape, cut_at_header
from ekukit.archive.unpacking import archive_in, is_tar, is_zip, uncommon
from ekukit.archive.zipped import Counted, Zipped, files_of

# A zip of every peer's .tar.gz is three layers.
DEEPEST = 6
Found = Iterator[tuple[str, bytes]]


class Container:
    """The files at some paths, whatever they are packed in, one after the other.

    One file at a time, in memory or, a large log, in its place: nothing is written, no link is
    followed, no device is opened. After iteration `unread` has a sentence for each thing that was
    not read, and `ledger` counts what came in and what was not handed out.
    Limits: 2000 entries of names that the product gives and 2000 others, 512 MiB a file and 1 GiB a
    log, 2 GiB in all, six layers of packing, and 200 times the packed size where more than 32 MiB
    come out.
    `done` and `total` count bytes of the paths. `doubtful` says that `quick` reading met something
    that is not whole, and that all must be read again without.

    Raises InputError when a path does not exist, or is a link or no file and no folder.
    """

    def __init__(
        self, paths: Iterable[Path | InMemory], limit: int = MOST_BYTES, *, quick: bool = False
    ) -> None:
        """Look for the files at the paths, which are `files`; none is read yet."""
        self.ledger, self.doubtful = Ledger(), False
        self._quick, self._heads = quick, QUICK_HEADS if quick else HEADS
        self._done, self._budget = 0, Budget(limit, self.ledger, ERRORS)
        self._open: BinaryIO | None = None
        self._names: dict[str, int] = {}
        self._beyond: list[str] = []
        self.files = [found for path in paths for found in files_at(path, self.ledger)]
        self.total = sum(size for _, _, size in self.files)

    @property
    def done(self) -> int:
        """Return how many bytes of the paths were read."""
        return self._done + (self._open.tell() if self._open else 0)

    @property
    def unread(self) -> list[str]:
        """Return a sentence for each thing that was not read."""
        return [part.words for part in self.ledger.parts]

    def __iter__(self) -> Iterator[Member]:
        """Yield the files in order; a name that comes again gets a number."""
        for path, name, size in self.files:
            try:
                with path.open("rb") as stream:
                    self._open = stream
                    for shown, data in self._file(stream, name):
                        self._names[shown] = count = self._names.get(shown, 0) + 1
                        yield member(shown, data, count)
            except OSError as error:
                self.ledger.given(1, size)
                why = f"cannot be read ({error.strerror or error})"
                self.ledger.add(UnreadPart(name, PartFate.UNREADABLE, why, 0, size, 1))
            self._done, self._open = self._done + size, None
        if self._beyond:
            self.ledger.add(UnreadPart(
                self._beyond[0], PartFate.SKIPPED,
                f"more than {MOST_ENTRIES} entries of its kind in what was given; it and "
                f"{len(self._beyond) - 1} more files were not read: give fewer files at a time",
            ))  # fmt: skip

    def _file(self, stream: Readable, name: str) -> Found:
        if self._too_many(name):
            self._pass_over(stream)
        else:
            yield from self._stream(stream, name, 0)

    def _too_many(self, name: str) -> bool:
        if self._budget.entry(known=matters_by_name(name)):
            return False
        self._beyond.append(name)
        return True

    def _pass_over(self, stream: Readable) -> None:
        """Count a file that a limit keeps from being read."""
        size = drained(stream)
        self.ledger.given(1, size)
        self.ledger.pass_over(size)

    def _stream(self, stream: Readable, name: str, depth: int) -> Found:
        head = b""
        while len(head) < BLOCK and (more := stream.read(BLOCK - len(head))):
            head += more
        rest = Before(head, stream)
        start, make = next((h for h in self._heads if head.startswith(h[0])), (b"", None))
        if (make or is_tar(head) or is_zip(head)) and depth >= DEEPEST:
            self._skip(name, f"packed more than {DEEPEST} times over, not opened", drained(rest), 1)
        elif make:
            unpacked = Unpacked(rest, make, head=start)
            yield from self._stream(unpacked, _bare(name), depth + 1)
            self._end_of(unpacked, name)
        elif is_tar(head):
            yield from self._tar(rest, name, depth)
        else:
            log, known = is_log_by_name(name), matters_by_name(name)
            data = self._budget.mapped(stream) if log else None
            data = data or self._budget.whole(rest, name, known=known, log=log)
            if data is not None:
                yield from self._whole(data, name, depth)

    def _whole(self, data: bytes, name: str, depth: int) -> Found:
        """Yield a file, or the files of a zip or of an archive with something in front of it."""
        if is_zip(data):
            yield from self._zip(data, name, depth)
            return
        place = archive_in(data) if is_foreign(name, data) else None
        if place and depth < DEEPEST:
            self._lost(name, f"{place} bytes of something else stand before the archive", 0, place)
            yield from self._stream(BytesIO(data[place:]), name, depth + 1)
            return
        if told := uncommon(data):
            self._skip(name, f"packed as {told}, which is not opened here: unpack it first",
                       len(data), 1)  # fmt: skip
            return
        self.ledger.given(1, len(data))
        yield name, data

    def _tar(self, stream: Readable, name: str, depth: int) -> Found:
        tape = Tape(stream)
        for found in tape:
            if not isinstance(found, Entry):
                told = ("something else stands behind the end of the tar" if found.behind_the_end
                        else "damaged in the middle; some files may be lost")  # fmt: skip
                self._lost(name, told, found.place, found.size, matters=not found.behind_the_end)
                continue
            if found.is_folder:
                continue
            if self._budget.full:
                self._skip(name, f"more than {MOST_SEEN} entries; stopped there", drained(tape), 0)
                return
            shown = f"{name}: {clean(found.name)}"
            if self._too_many(shown):
                self._pass_over(found)
            elif found.is_plain:
                yield from self._entry(found, shown, depth)
            else:
                self._skip(shown, "a link, a device or no plain file, not read", drained(found), 1)
            if found.missing:
                told = f"{found.missing} bytes fewer than its header tells: wrong, or cut off"
                self._lost(shown, told, found.size - found.missing, 0)
        if tape.stopped:
            told = f"{MOST_BETWEEN >> 20} MiB without a file; stopped there"
            self._skip(name, told, drained(tape), 0)

    def _entry(self, found: Entry, shown: str, depth: int) -> Found:
        """Yield a file of a tar; one that swallows the headers of others ends before them."""
        for name, data in self._stream(found, shown, depth + 1):
            place = cut_at_header(data) if name == shown else len(data)
            if place < len(data):
                found.cut(data, place)
                self.ledger.given(0, place - len(data))
                told = f"its size is a lie; it was read to the next file, {place} bytes"
                self._lost(shown, told, place, 0)
            yield name, data[:place]

    def _zip(self, packed: bytes, name: str, depth: int) -> Found:
        given, most = 0, max(SMALL, len(packed) * MOST_RATIO)
        files, wrong = files_of(packed)
        if wrong and not files:
            self._lost(name, f"damaged or cut short, not opened: {wrong}", 0, len(packed), 1)
            return
        if wrong:
            self._lost(name, wrong, 0, 0, matters=not wrong.endswith("behind its end, not read"))
        for entry in files:
            shown = f"{name}: {clean(entry.name)}"
            if entry.is_folder:
                continue
            if self._too_many(shown) or given > most:
                self.ledger.given(1, entry.end - entry.start)
                self.ledger.pass_over(entry.end - entry.start)
                continue
            if entry.why_not:
                self._skip(shown, f"{entry.why_not}, not read", entry.end - entry.start, 1)
                continue
            counted, inside = Counted(entry.opened(packed), most - given), 0
            for found, data in self._stream(counted, shown, depth + 1):
                inside += len(data)
                yield found, data
            given += max(counted.given, inside)
            self._end_of_zipped(entry, counted, shown)
            if given > most:
                told = f"unpacks to more than {MOST_RATIO} times its size; stopped there"
                self._skip(name, told, 0, 0)

    def _end_of_zipped(self, entry: Zipped, counted: "Counted", shown: str) -> None:
        if isinstance(counted.stream, Unpacked):
            self._end_of(counted.stream, shown)
        if not counted.cut and (told := counted.wrong(entry)):
            self._lost(shown, told, counted.given, 0, matters=counted.sum != entry.crc)

    def _end_of(self, unpacked: Unpacked, name: str) -> None:
        """Tell what was wrong with a packed stream."""
        self.doubtful |= self._quick and bool(unpacked.problem or unpacked.doubt)
        if unpacked.problem:
            fate = PartFate.SKIPPED if unpacked.limited else PartFate.UNREADABLE
            matters = not unpacked.problem.startswith("something else stands behind")
            self.ledger.given(0, unpacked.left)
            self.ledger.add(UnreadPart(name, fate, unpacked.problem, unpacked.given, unpacked.left,
                                 matters=matters))  # fmt: skip
        elif unpacked.doubt:
            told = f"{unpacked.doubt}: what is in it was read, and may have been changed"
            self._lost(name, told, unpacked.given, 0)

    def _lost(  # noqa: PLR0913 - as a Part
        self, name: str, why: str, offset: int, size: int, members: int = 0, *, matters: bool = True
    ) -> None:
        self.ledger.given(members, size)
        self.ledger.add(UnreadPart(name, PartFate.UNREADABLE, why, offset, size, members, matters))

    def _skip(self, name: str, why: str, size: int, members: int) -> None:
        self.ledger.given(members, size)
        self.ledger.add(UnreadPart(name, PartFate.SKIPPED, why, 0, size, members))


def _bare(name: str) -> str:
    if name.endswith((".tar.gz", ".tar.bz2", ".tar.xz")):
        return name
    for ending in (".gz", ".bz2", ".xz"):
        name = name.removesuffix(ending)
    return name
