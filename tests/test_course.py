"""The course: questions are graded by the engines, mistakes get answers, progress is one's own."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NOTEBOOKS, ROOT

from ekukit.connections import State
from ekukit.course import (
    LESSONS,
    TRIES,
    Asked,
    Form,
    Mark,
    Progress,
    Question,
    Tried,
    question,
    questions,
    words,
)
from ekukit.course.bank import lesson_20, lesson_21, lesson_22
from ekukit.course.forms import STATES, failing, outcome, predict, zone_and_tunnels
from ekukit.course.mendings import distrusting
from ekukit.course.places import BETWEEN, EDGE_LIST, STORES, place, place_in_case
from ekukit.course.question import Answer, mark
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Mode, Role, build, condition
from ekukit.expressway.build import CA1
from ekukit.facts import ledger
from ekukit.views.pages.starting_point import EVIDENCE
from ekukit.views.panels.ask import QuestionBox, ask
from ekukit.views.panels.progress_panel import ProgressPanel, progress_table

ALL = tuple(questions().values())
OF_FORM = {form: [found for found in ALL if found.task.form is form] for form in Form}
GENERIC = "That is not it. Try again."


def ids(found: Question) -> str:
    """Return a question's id for test names."""
    return found.id


@pytest.fixture
def own(tmp_path: Path) -> Progress:
    """Return progress with a file of its own that does not exist yet."""
    return Progress(tmp_path / "mine" / "progress.json")


def test_there_are_enough_questions_and_tasks_of_diagnosis() -> None:
    """At least 40 questions, of which 12 ask for a cause or a remedy."""
    print(f"{len(ALL)} questions, {sum(found.task.diagnosis for found in ALL)} of them diagnosis")
    assert len(ALL) >= 40
    assert sum(found.task.diagnosis for found in ALL) >= 12


@pytest.mark.parametrize("found", ALL, ids=ids)
def test_the_engine_s_own_answer_is_correct(found: Question) -> None:
    """What the solution tells is offered, and passes the check."""
    right = found.task.right()
    offered = found.offered()
    assert right
    assert {right} if isinstance(right, str) else right <= set(offered) or not offered
    assert mark(found, right).mark is Mark.CORRECT


@pytest.mark.parametrize("found", ALL, ids=ids)
def test_a_question_cites_facts_and_helps_without_telling(found: Question) -> None:
    """Its facts exist, its hint is not the answer, and reason and text are sentences."""
    right = found.task.right()
    assert found.facts
    assert [name for name in found.facts if name not in ledger()] == []
    assert words(right) not in found.hint
    assert found.text[-1] in ".?"
    assert found.why[-1] == "."


@pytest.mark.parametrize("found", OF_FORM[Form.ONE], ids=ids)
def test_each_wrong_option_gets_its_own_message(found: Question) -> None:
    """Nobody reads the same words for two mistakes, nor words that fit any question."""
    right = found.task.right()
    wrong = [option for option in found.offered() if option != right]
    said = [mark(found, option) for option in wrong]
    assert {reply.mark for reply in said} == {Mark.INCORRECT}
    assert len({reply.message for reply in said} - {GENERIC}) == len(wrong)


@pytest.mark.parametrize("found", OF_FORM[Form.SEVERAL], ids=ids)
def test_each_option_wrongly_ticked_or_left_out_is_named(found: Question) -> None:
    """The reply to one wrong tick names that option and says why."""
    right = found.task.right()
    assert isinstance(right, frozenset)
    for option in found.offered():
        answer = right ^ {option}
        if answer:
            reply = mark(found, answer)
            assert reply.mark is Mark.INCORRECT
            assert option in reply.message
            assert found.mistakes[option] in reply.message
    assert len(set(found.mistakes.values())) == len(found.offered())


@pytest.mark.parametrize("found", OF_FORM[Form.MEND], ids=ids)
def test_the_lab_grades_the_mending(found: Question) -> None:
    """It is broken before, whole after the fewest changes, and not whole with one fewer."""
    right = found.task.right()
    assert isinstance(right, frozenset)
    assert failing(found.task, frozenset()) != []
    assert failing(found.task, right) == []
    for text in right:
        reply = mark(found, right - {text})
        assert reply.mark is (Mark.NOT_ATTEMPTED if right == {text} else Mark.INCORRECT)


@pytest.mark.parametrize("found", OF_FORM[Form.MEND], ids=ids)
def test_known_wrong_remedies_get_their_own_message(found: Question) -> None:
    """Each is answered in its own words; a needless change is called needless."""
    right = found.task.right()
    assert isinstance(right, frozenset)
    assert found.mistakes
    for mistake, said in found.mistakes.items():
        reply = mark(found, frozenset(mistake.split("; ")))
        assert (reply.mark, reply.message) == (Mark.INCORRECT, said)
    everything = frozenset(found.offered())
    if not failing(found.task, everything):
        assert "one change too many" in mark(found, everything).message


@pytest.mark.parametrize("found", OF_FORM[Form.MEND], ids=ids)
def test_each_wrong_tick_gets_its_own_message_beside_others_as_well(found: Question) -> None:
    """A change that mends nothing has a message of its own, also when the right ones are ticked."""
    right = found.task.right()
    assert isinstance(right, frozenset)
    wrong = [
        text
        for text in found.offered()
        if text not in right and failing(found.task, frozenset([text]))
    ]
    assert [text for text in wrong if text not in found.mistakes] == []
    assert len({found.mistakes[text] for text in wrong}) == len(wrong)
    for text in wrong:
        assert found.mistakes[text] in mark(found, right | {text}).message


@pytest.mark.parametrize("found", OF_FORM[Form.TYPED], ids=ids)
def test_typed_lines_are_answered_by_the_node(found: Question) -> None:
    """Each known mistake gets its own words; nonsense is not answered with the right line."""
    for mistake, said in found.mistakes.items():
        assert (mark(found, mistake).mark, mark(found, mistake).message) == (Mark.INCORRECT, said)
    assert mark(found, "please turn it off").message == "Not a command that is known here."


PLACES = re.compile(r"Maintenance > Security|by whoever runs it|^on (Core|Edge) alone")


@pytest.mark.parametrize("lesson", [lesson.number for lesson in LESSONS])
def test_every_lesson_asks_where_something_is_put_right(lesson: str) -> None:
    """Node, page, store or list: each is an option, and each wrong one has its own message."""
    own = [found for found in OF_FORM[Form.ONE] if found.lesson == lesson]
    asked = [found for found in own if all(PLACES.search(text) for text in found.offered()[:1])]
    assert asked != []
    for found in asked:
        assert set(found.mistakes) == {*found.offered()} - {found.task.right()}


def test_the_place_follows_from_the_cause_and_not_from_the_text() -> None:
    """The same question about another deployment has another answer; a right one is offered."""
    places = (*STORES, EDGE_LIST)
    lacks = distrusting(build(condition("C2.1")), Role.EDGE, CA1.issuing)
    asked = [place(given, "ssh-tunnel", places).right() for given in ("C2", lacks)]
    assert asked == [STORES[1], EDGE_LIST]
    assert place_in_case("tunnels-timed-out", "ssh-tunnel", ()).right() == BETWEEN


@pytest.mark.parametrize(
    ("given", "name"),
    [(lesson_20.webex_unknown, "webex"), (lesson_21.unknown_to_neighbor, "neighbor-in"),
     (lesson_22.core_lacks_ca1, "cucm-tftp")],
)  # fmt: skip
def test_a_place_that_is_told_by_alert_48_is_of_a_handshake_that_ends_so(
    given: Callable[[], Deployment], name: str
) -> None:
    """What the question tells instead of showing the deployment is what the lab did."""
    assert outcome(given, name).alert == 48


def test_a_case_s_logs_and_messages_can_be_opened_before_answering() -> None:
    """The refusal is there, folded, in the log of the node that wrote it and as an alert."""
    _shown, _fold, behind = ask("20.case-2").given.value.partition(f"<summary>{EVIDENCE}</summary>")
    assert "sslv3 alert unsupported certificate" in behind
    assert "Alert" in behind


def test_answers_follow_the_deployment_and_not_the_text() -> None:
    """The same question about another deployment has another answer."""
    asked = [
        predict(given).right() for given in ("C2", condition("C2", edge_checking=Mode.OFF), "C2.1")
    ]
    assert asked == [STATES[3], STATES[1], STATES[0]]
    assert zone_and_tunnels("C2") == f"zone {State.FAILED}, tunnels {State.FAILED}"


def test_no_answer_is_no_attempt(own: Progress) -> None:
    """Check without an answer counts no try and reveals nothing."""
    asked = Asked(ALL[0], own)
    assert asked.check().mark is Mark.NOT_ATTEMPTED
    assert asked.tries == 0
    assert not asked.may_see_solution


def test_an_option_that_is_not_offered_is_refused_with_the_options() -> None:
    """The error lists what could have been answered."""
    with pytest.raises(InputError, match="zone Active, tunnels Failed"):
        mark(question("11.mode-on"), "everything is fine")
    with pytest.raises(InputError, match=r"11\.mode-on"):
        question("11.nothing")


def test_the_solution_comes_after_three_tries(own: Progress) -> None:
    """Before, it says how many tries are left; a hint costs nothing."""
    asked = Asked(question("11.mode-on"), own)
    asked.answer = STATES[0]
    for left in ("3 tries", "2 tries", "one try"):
        assert left in asked.solution().message
        assert asked.hint().message == asked.question.hint
        asked.check()
    assert asked.tries == TRIES
    assert str(asked.question.task.right()) in asked.solution().message


def test_the_solution_comes_after_success(own: Progress) -> None:
    """One right answer is enough, and the mark stays."""
    asked = Asked(question("11.mode-on"), own)
    asked.answer = asked.question.task.right()
    assert asked.check().mark is Mark.CORRECT
    assert asked.solution().mark is Mark.CORRECT
    assert str(asked.question.task.right()) in asked.solution().message


def test_progress_is_kept_only_when_asked_for(own: Progress) -> None:
    """No file before `keep`; afterwards another notebook knows what was solved."""
    own.record("11.mode-on", solved=True)
    assert not own.path.exists()
    assert own.keep()
    own.record("11.price", solved=False)
    again = Progress(own.path)
    assert again.of("11.mode-on") == Tried(1, solved=True)
    assert again.of("11.price") == Tried(1, solved=False)
    assert again.of("12.mend") == Tried()


def test_two_notebooks_side_by_side_lose_nothing(own: Progress) -> None:
    """What either records is known to both."""
    own.keep()
    other = Progress(own.path)
    own.record("11.mode-on", solved=True)
    other.record("12.mend", solved=True)
    assert own.of("12.mend").solved
    assert other.of("11.mode-on").solved


def test_progress_holds_questions_and_nothing_about_the_person(own: Progress) -> None:
    """The file has ids, tries and solved, no names and no times."""
    own.record("11.mode-on", solved=True)
    own.keep()
    kept = json.loads(own.path.read_text("utf-8"))
    assert kept == {"version": 1, "questions": {"11.mode-on": {"tries": 1, "solved": True}}}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"questions": 3}', '{"questions": {"a": 1}}'])
def test_a_damaged_file_is_set_aside(own: Progress, text: str) -> None:
    """It is moved, said so, and everything works from the beginning."""
    own.path.parent.mkdir()
    own.path.write_text(text, "utf-8")
    again = Progress(own.path)
    assert "set aside" in again.trouble
    assert own.path.with_suffix(".damaged").read_text("utf-8") == text
    assert again.record("11.mode-on", solved=True) == Tried(1, solved=True)


def test_where_nothing_can_be_written_it_works_and_says_so(tmp_path: Path) -> None:
    """A file stands where the folder should be: no exception, a sentence instead."""
    (tmp_path / "mine").write_text("in the way", "utf-8")
    found = Progress(tmp_path / "mine" / "progress.json")
    assert not found.keep()
    assert "cannot be written" in found.trouble
    assert found.record("11.mode-on", solved=True).solved


def test_reset_forgets_the_tries_and_forget_deletes_the_file(own: Progress) -> None:
    """After a reset nothing is solved; after `forget` there is no file."""
    own.keep()
    own.record("11.mode-on", solved=True)
    own.reset()
    assert Progress(own.path).of("11.mode-on") == Tried()
    assert own.forget()
    assert not own.path.exists()


def wrong_answers(box: QuestionBox) -> list[Answer]:
    """Return every single option, or a line that is no command."""
    offered = box.asked.question.offered()
    if box.asked.question.task.form is Form.ONE:
        return list(offered)
    return [frozenset([text]) for text in offered] or ["not a command", ""]


@pytest.mark.parametrize("found", ALL, ids=ids)
def test_the_widget_takes_every_answer_and_replies_in_words(found: Question) -> None:
    """Each option is chosen and checked; the reply stands in the widget with sign and word."""
    box = ask(found.id)
    assert box.answer is None
    for answer in wrong_answers(box):
        box.answer = answer
        box.check_button.click()
        assert re.search("✓ correct|✗ incorrect|– not attempted", box.reply.value)
        assert "Traceback" not in box.reply.value + box.states.value
    box.hint_button.click()
    assert 'role="status"' in box.reply.value


@pytest.mark.parametrize(
    ("name", "answer"), [("11.mode-on", "no such thing"), ("12.mend", ["no such thing"])]
)
def test_the_widget_refuses_options_that_it_does_not_offer(name: str, answer: Answer) -> None:
    """Setting one from code tells what can be chosen."""
    with pytest.raises(InputError, match="is no option"):
        ask(name).answer = answer


def test_the_widget_shows_the_states_after_the_ticked_changes() -> None:
    """A task of mending draws what the lab made of the changes."""
    box = ask("12.mend")
    box.answer = ["Edge: EKU checking mode Off"]
    box.check()
    assert "✓ Active" in box.states.value
    assert "✗ Failed" in box.states.value


def test_the_progress_panel_keeps_resets_and_says_where(own: Progress) -> None:
    """Ticking the box makes the file, the table counts, Reset counts back."""
    panel = ProgressPanel(own)
    assert "Not kept" in panel.shown.value
    panel.keep.value = True
    assert str(own.path) in panel.shown.value
    for name in ("00.surprise", "00.place"):
        own.record(name, solved=True)
    panel.again.click()
    assert "2 of 2 ✓" in panel.shown.value
    panel.reset.click()
    assert "2 of 2 ✓" not in panel.shown.value
    panel.keep.value = False
    assert not own.path.exists()


def test_the_progress_table_has_a_row_for_each_lesson(own: Progress) -> None:
    """The path for everybody adds up to about an hour and a half."""
    frame = progress_table(own)
    assert list(frame["Lesson"]) == [lesson.name for lesson in LESSONS]
    assert 80 <= sum(lesson.minutes for lesson in LESSONS if lesson.on_path) <= 100


def test_every_question_is_asked_in_its_own_lesson_once() -> None:
    """No question is left out, and none that a notebook asks is missing."""
    asked = []
    for path in NOTEBOOKS:
        names = re.findall(r'\bask\(\\?"([^"\\]+)\\?"[,)]', path.read_text("utf-8"))
        assert {name.partition(".")[0] for name in names} <= {path.stem[:2]}
        asked += names
    assert sorted(asked) == sorted(questions())


def test_no_notebook_checks_or_answers_by_itself() -> None:
    """The released notebooks leave every question to the reader."""
    texts = {path.name: path.read_text("utf-8") for path in NOTEBOOKS}
    wrong = re.compile(r"\.(check|solution|record)\(|\.answer\s*=")
    assert [name for name, text in texts.items() if wrong.search(text)] == []


def test_the_trainer_s_answers_are_the_engines_answers() -> None:
    """docs/trainer.md has a row for each question, with the answer as it is computed now."""
    text = (ROOT / "docs" / "trainer.md").read_text("utf-8")
    rows = [f"| `{found.id}` | {words(found.task.right())} |" for found in ALL]
    assert [row for row in rows if row not in text] == []
