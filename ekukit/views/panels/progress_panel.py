"""Progress as a panel: lessons, questions solved, and the choice to keep it on this machine."""

import ipywidgets as w
import pandas as pd

from ekukit.course import LESSONS, Progress, questions
from ekukit.frames import frame_of
from ekukit.views.html import page, paragraphs, table
from ekukit.views.panels.ask import progress
from ekukit.views.static_copy import OnPaper

COLUMNS = ("Lesson", "Question", "Minutes", "For everybody", "Solved", "Tried")


def progress_table(known: Progress) -> pd.DataFrame:
    """Return a row for each lesson: its minutes, and how many questions were solved and tried.

    Columns COLUMNS, dtype object.
    """
    rows = []
    for lesson in LESSONS:
        names = [name for name, found in questions().items() if found.lesson == lesson.number]
        solved = sum(known.of(name).solved for name in names)
        tried = sum(known.of(name).tries > 0 for name in names)
        done = " ✓" if names and solved == len(names) else ""
        path = "yes" if lesson.on_path else "if it concerns you"
        told = f"{solved} of {len(names)}{done}" if names else "no questions"
        rows.append((lesson.name, lesson.about, lesson.minutes, path, told, tried))
    return frame_of(rows, COLUMNS)


class ProgressPanel(OnPaper, w.VBox):  # type: ignore[misc]
    """The lessons with what was solved; kept in a file only when the box is ticked."""

    def __init__(self, known: Progress | None = None) -> None:
        """Show what is known."""
        self.known = known or progress()
        wide = w.Layout(width="auto")
        self.keep = w.Checkbox(
            value=self.known.is_kept, indent=False, layout=wide,
            description="Keep my progress on this computer (which questions were solved; no names)",
        )  # fmt: skip
        self.again = w.Button(description="Show again", layout=wide)
        self.reset = w.Button(description="Reset my progress", layout=wide)
        self.shown = w.HTML()
        self.shown.add_class("eku-progress")
        self.keep.observe(lambda change: self._keep(wanted=bool(change["new"])), names="value")
        self.again.on_click(lambda _button: self.draw())
        self.reset.on_click(lambda _button: self._reset())
        super().__init__([self.keep, self.shown, w.HBox([self.again, self.reset])])
        self.draw()

    def paper(self) -> str:
        """Return nothing of anybody's progress: a hand-out is for others."""
        return page(paragraphs(["In the notebook, your progress stands here."]))

    def draw(self) -> None:
        """Show the table as it is now, other notebooks' answers included if they are kept."""
        where = (
            f"Kept in {self.known.path}."
            if self.known.is_kept
            else "Not kept: it is forgotten when this notebook's kernel ends."
        )
        notes = [where, self.known.trouble] if self.known.trouble else [where]
        # What each lesson asks and how long it takes stands where the lessons are listed.
        told = progress_table(self.known)[["Lesson", "Solved", "Tried"]]
        found = table(told, "Your progress")
        self.shown.value = page(found, paragraphs(notes))

    def _keep(self, *, wanted: bool) -> None:
        if wanted != self.known.is_kept:
            self.known.keep() if wanted else self.known.forget()
        self.draw()

    def _reset(self) -> None:
        self.known.reset()
        self.draw()
