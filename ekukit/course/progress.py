"""Progress: which questions were solved, kept in the user's own data folder, if they want it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from ekukit.errors import InputError
from ekukit.machine_faults import refused
from ekukit.whole_files import alone_in, write_text

VARIABLE = "EKUKIT_PROGRESS"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Tried:
    """What happened with a question: how many answers were checked, and whether one was right."""

    tries: int = 0
    solved: bool = False


class Progress:
    """Tries and solved questions, without names; kept in a file only after `keep()`.

    The file is `path`: the variable EKUKIT_PROGRESS, else `ekukit/progress.json` in the user's
    data folder. Where nothing can be written, everything works and is forgotten at the end;
    `trouble` says so. A file that cannot be read is set aside as `.damaged`.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read the file when there is one, which is what keeping means."""
        given = os.environ.get(VARIABLE)
        default = user_data_path("ekukit", appauthor=False) / "progress.json"
        self.path = path or (Path(given) if given else default)
        self.trouble = ""
        self._tried: dict[str, Tried] = {}
        self._tried = self._read()

    @property
    def is_kept(self) -> bool:
        """Return whether a file keeps the progress."""
        return self.path.is_file()

    def of(self, question: str) -> Tried:
        """Return what happened with a question, in this notebook or another."""
        self._merge()
        return self._tried.get(question, Tried())

    def record(self, question: str, *, solved: bool) -> Tried:
        """Count an answer that was checked, and return what is known now."""
        # Else two notebooks that write at once lose what one of them counted.
        with alone_in(self.path.parent):
            before = self.of(question)
            now = Tried(before.tries + 1, before.solved or solved)
            self._tried[question] = now
            if self.is_kept:
                self._write()
        return now

    def keep(self) -> bool:
        """Keep the progress in the file from now on; return whether that worked."""
        self._merge()
        return self._write()

    def forget(self) -> bool:
        """Delete the file and keep no longer; what was solved stays known in this notebook."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            self.trouble = f"{self.path}: cannot be deleted ({error.strerror}); delete it by hand."
            return False
        return True

    def reset(self) -> None:
        """Forget all tries; a file stays, and is empty."""
        self._tried = {}
        if self.is_kept:
            self._write()

    def _merge(self) -> None:
        # Several notebooks run side by side, each in a process of its own.
        if not self.is_kept:
            return
        for question, found in self._read().items():
            mine = self._tried.get(question, Tried())
            merged = Tried(max(mine.tries, found.tries), mine.solved or found.solved)
            self._tried[question] = merged

    def _read(self) -> dict[str, Tried]:
        try:
            text = self.path.read_text("utf-8")
        except OSError:
            return {}
        try:
            rows = json.loads(text)["questions"]
            return {str(q): Tried(int(r["tries"]), bool(r["solved"])) for q, r in rows.items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            aside = self.path.with_suffix(".damaged")
            self.trouble = f"{self.path} could not be read; it is set aside as {aside.name}."
            try:
                self.path.replace(aside)
            except OSError:
                self.trouble = f"{self.path} could not be read and not be moved; delete it."
            return {}

    def _write(self) -> bool:
        rows = {q: {"tries": t.tries, "solved": t.solved} for q, t in sorted(self._tried.items())}
        text = json.dumps({"version": _VERSION, "questions": rows}, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_text(self.path, text)
        except (OSError, InputError) as error:
            told = error if isinstance(error, InputError) else refused(self.path, error)
            self.trouble = f"{told}; until then nothing is kept."
            return False
        return True
