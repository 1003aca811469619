"""What is investigated: listed with its origin, replaced and taken out, never mixed in silence."""

from pathlib import Path

import pytest
from conftest import ROOT
from test_case_panel import ON, upload

from ekukit.errors import InputError
from ekukit.views.panels import case_given, case_panel
from ekukit.views.panels.case_given import MOST_UPLOADED, GivenCase, is_sample
from ekukit.views.panels.case_panel import CasePanel

HEALTHY = ROOT / "data" / "cases" / "healthy-internal-everywhere.tar.gz"


def listed(panel: CasePanel) -> list[str]:
    """Return what the list says of each file."""
    return [row.children[0].value.partition("<p>")[2] for row in panel.given.children]


def test_each_file_stands_above_the_headline_with_node_size_and_origin() -> None:
    """A sample is called one; the headline names the archive."""
    panel = CasePanel(ON)
    (row,) = listed(panel)
    for words in (ON.name, "Core core", "Edge edge", " KB", "sample of the kit"):
        assert words in row
    assert ON.name in panel.parts["headline"].value
    order = list(panel.children)
    assert order.index(panel.given) + 1 == order.index(panel.parts["headline"])


def test_an_upload_replaces_the_sample_and_says_so() -> None:
    """A healthy upload beside a broken sample is a healthy case."""
    panel = CasePanel(ON)
    panel.upload.value = upload(HEALTHY.name, HEALTHY.read_bytes())
    assert panel.case is not None
    assert panel.case.headline == "Nothing is broken in what this archive shows."
    (row,) = listed(panel)
    assert "upload" in row
    assert f"The sample {ON.name} was taken out" in panel.said.value
    assert panel.paths.value == ""


def test_uploads_one_after_the_other_are_one_case(tmp_path: Path) -> None:
    """Core's archive, then Edge's; a path of one's own stays, and all of it is listed."""
    own = tmp_path / "own.tar.gz"
    own.write_bytes(ON.read_bytes())
    panel = CasePanel(own)
    panel.upload.value = upload("a.tar.gz", HEALTHY.read_bytes())
    panel.upload.value = upload("b.tar.gz", HEALTHY.read_bytes())
    assert [name in row for name, row in zip(("own", "a.tar", "b.tar"), listed(panel), strict=True)]
    assert len(listed(panel)) == 3


def test_a_file_is_taken_out_by_its_button(tmp_path: Path) -> None:
    """What is left is investigated anew; with nothing left the panel asks for files."""
    own = tmp_path / "own.tar.gz"
    own.write_bytes(ON.read_bytes())
    panel = CasePanel(own)
    panel.upload.value = upload(HEALTHY.name, HEALTHY.read_bytes())
    panel.given.children[0].children[1].click()
    assert panel.case is not None
    assert panel.case.headline == "Nothing is broken in what this archive shows."
    panel.given.children[0].children[1].click()
    assert (panel.case, panel.paths.value) == (None, "")
    assert "Nothing was given" in panel.said.value


def test_pasted_text_is_listed_and_taken_out() -> None:
    """It is part of the case like a file."""
    panel = CasePanel(HEALTHY)
    panel.pasted.value = "a line"
    panel.start.click()
    assert "pasted text" in listed(panel)[1]
    panel.given.children[1].children[1].click()
    assert panel.pasted.value == ""
    assert len(listed(panel)) == 1


def test_a_cell_that_runs_again_keeps_its_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """The upload of the last run is there again, and the panel says so; another cell has none."""
    monkeypatch.setattr(case_panel, "this_cell", lambda *paths: ("cell-1", *paths))
    monkeypatch.setattr(case_given, "_KEPT", {})
    CasePanel(ON).upload.value = upload(HEALTHY.name, HEALTHY.read_bytes())
    again = CasePanel(ON)
    assert HEALTHY.name in listed(again)[0]
    assert "Kept from the last run of this cell" in again.said.value
    monkeypatch.setattr(case_panel, "this_cell", lambda *paths: ("cell-2", *paths))
    assert ON.name in listed(CasePanel(ON))[0]


def test_uploads_together_end_at_the_limit() -> None:
    """What was uploaded before counts, too, and is kept."""
    given = GivenCase(uploads={"a": b"x" * 10})
    with pytest.raises(InputError, match="at most 50 MB"):
        given.upload(({"name": "b", "size": MOST_UPLOADED - 9, "content": b""},))
    assert list(given.uploads) == ["a"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [(str(ON), True), ("/nowhere/x.tar.gz", False), ("\0", False), ("x" * 9999, False)],
)
def test_only_a_case_of_the_kit_is_a_sample(path: str, expected: bool) -> None:  # noqa: FBT001
    """Whatever is typed as a path."""
    assert is_sample(path) is expected
