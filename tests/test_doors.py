"""A prediction is a door: what a question asks about is hidden until somebody has answered."""

from pathlib import Path

import ipywidgets as w
import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT
from reading import shown

from ekukit.course import Progress, questions
from ekukit.errors import InputError
from ekukit.expressway import Mode, condition
from ekukit.views import Explorer, show
from ekukit.views.panels import ask as asking
from ekukit.views.panels.ask import QuestionBox, ask
from ekukit.views.panels.controls import CORE_NOTE
from ekukit.views.panels.door import SHOW_ME

STATES = ("✓ Active", "✗ Failed", "eku-topology")
# Lessons whose predictions stand before everything that shows what they ask about.
DOORS = ("00", "01", "02", "03", "10", "11", "12", "13", "14", "20", "21", "22", "23")


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QuestionBox:
    """Ask about test case 1, with its picture behind, and nothing answered before."""
    own = Progress(tmp_path / "progress.json")
    monkeypatch.setattr(asking, "progress", lambda: own)
    return ask("11.mode-on", show.picture("C2"))


def texts(box: w.Box) -> str:
    """Return all HTML on the page of a widget."""
    found = [texts(child) for child in box.children if isinstance(child, w.Box)]
    return "".join([*found, *(c.value for c in box.children if isinstance(c, w.HTML))])


def test_the_outcome_is_not_on_the_page_before_an_answer(box: QuestionBox) -> None:
    """Neither a hint nor Check without an answer opens the door."""
    box.hint()
    box.check()
    assert not box.door.is_open
    assert "eku-topology" not in texts(box)


@pytest.mark.parametrize("answer", questions()["11.mode-on"].offered())
def test_any_answer_opens_the_door(box: QuestionBox, answer: str) -> None:
    """A wrong prediction is one, too."""
    box.answer = answer
    box.check()
    assert box.door.is_open
    assert "eku-topology" in texts(box)


def test_show_me_opens_the_door_and_counts_no_try(box: QuestionBox) -> None:
    """The button goes, the outcome stays, and the question is still unanswered."""
    box.door.button.click()
    assert "eku-topology" in texts(box)
    assert box.door.button not in box.door.children
    assert box.asked.tries == 0


def test_what_was_answered_before_is_open_at_once(box: QuestionBox) -> None:
    """Running all cells again hides nothing that somebody knows."""
    box.answer = "zone Failed, tunnels Failed"
    box.check()
    assert ask("11.mode-on", show.picture("C2")).door.is_open


def test_without_anything_behind_it_there_is_no_button(box: QuestionBox) -> None:
    """A plain question looks as ever."""
    assert box.door.children == (box.door.button,)
    assert ask("11.command").door.children == ()


def test_on_paper_the_outcome_is_folded(box: QuestionBox) -> None:
    """The copy for readers without a kernel has it inside a fold, after the options."""
    before, _fold, after = box.paper().partition(f"<details><summary>{SHOW_ME}</summary>")
    assert "☐" in before
    assert "eku-topology" not in before
    assert "eku-topology" in after


def test_what_cannot_be_shown_cannot_be_hidden() -> None:
    """A bare text is refused with what can be given."""
    with pytest.raises(InputError, match="what show… or a verb returns, or a panel"):
        ask("11.mode-on", "C2")  # type: ignore[arg-type]


def test_the_note_on_core_s_mode_waits_until_it_is_off() -> None:
    """Lesson 11 asks what it says; it is told to who has set Core's mode."""
    explorer = Explorer("C2")
    explorer.tabs.selected_index = 5
    said = "Core starts both, and the mode checks only who connects"
    assert said in CORE_NOTE
    assert said not in explorer.parts["sources"].value
    explorer.controls.core_checking.value = Mode.OFF
    assert condition("C2", core_checking="off") == explorer.controls.choices
    assert said in explorer.parts["sources"].value


@pytest.mark.parametrize("name", [p.stem for p in NOTEBOOKS if p.stem[:2] in DOORS])
def test_no_outcome_stands_open_after_running_all(
    name: str, executed: dict[str, nbformat.NotebookNode]
) -> None:
    """Beside the cases, which begin with states, no state of a prediction is on the page."""
    found = [html for html in shown(executed[name]) if any(text in html for text in STATES)]
    assert [html[:200] for html in found if "eku-asked" not in html] == []


def test_a_case_s_headline_waits_behind_a_door_without_names_unless_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lesson 40 shows what the investigation says after an answer; hand-outs are passed on."""
    monkeypatch.setattr(asking, "progress", lambda: Progress(tmp_path / "progress.json"))
    path = ROOT / "data" / "cases" / "tunnels-timed-out.tar.gz"
    hidden, named = show.case(path), show.case(path, names=True)
    assert ["edge.example.com" in found.html for found in (hidden, named)] == [False, True]
    assert "between Core and Edge" in hidden.html
    assert "no EKU refusal" not in texts(ask("40.timed-out", named))
