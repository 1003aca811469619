"""Reports: one file that loads nothing, runs nothing, and tells what was found and where."""

import html
import os
import re
import stat
from pathlib import Path

import pandas as pd
import pytest
from case_samples import EVIL, case_of
from conftest import ROOT
from markdown_it import MarkdownIt

from ekukit import archive
from ekukit.connections import HONESTY
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError
from ekukit.expressway import build, condition
from ekukit.renewals.case_dates import case_dates
from ekukit.views.figures.timeline import timeline_svg
from ekukit.views.html import Verbatim, safe, table
from ekukit.views.pages.calendar_page import calendar_section
from ekukit.views.pages.case_sections import PARTS, sections
from ekukit.views.pages.document import LONGEST, Card, Grid, Section, Words, part_html, section_html
from ekukit.views.pages.markdown import neutral, plain, sections_markdown
from ekukit.views.pages.report import make_report, report_html, report_markdown, write_report
from ekukit.views.tables import case_frames as case_tables

CASES = sorted((ROOT / "data" / "cases").glob("*.tar.gz"))


def sample(name: str = "public-everywhere-checking-on") -> Case:
    """Return a sample case of the kit."""
    return investigate(archive.open(ROOT / "data" / "cases" / f"{name}.tar.gz"))


def outside_of_text(page: str) -> str:
    """Return the tags of a page without what stands between them and without spoken labels."""
    tags = "".join(re.findall(r"<[^>]*>", page))
    return re.sub(r'aria-label="[^"]*"', "", tags)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.partition(".")[0])
def test_every_sample_has_both_reports_without_its_addresses(path: Path) -> None:
    """No IPv4 address but loopback and no host name of the sample is in a redacted report."""
    case = investigate(archive.open(path))
    hosts = {str(host) for host in case.archive.members["host"].dropna() if "." in str(host)}
    hosts |= {name for names in case.archive.certificates["names"] for name in names}
    addresses = set(case.archive.handshakes["client"]) | set(case.archive.handshakes["server"])
    for kind in ("html", "md"):
        shown = make_report(case, kind).text.replace("<wbr>", "").replace("\\", "")
        assert [name for name in (*hosts, *addresses) if str(name) in shown] == []
        assert re.findall(r"\b10\.106\.80\.\d+", shown) == []


def test_a_page_refers_to_nothing_outside() -> None:
    """No source, import or address stands in any tag or style; a policy forbids to load."""
    page = report_html(case_of(text=EVIL))
    assert "content=\"default-src 'none'" in page
    assert (
        re.findall(
            r"https?://|src=|@import|url\((?!#)|<script|<link|<iframe", outside_of_text(page)
        )
        == []
    )
    styles = "".join(re.findall(r"<style>.*?</style>", page, re.DOTALL))
    assert re.findall(r"https?:|@import|url\((?!#)", styles) == []


def test_hostile_text_is_shown_as_text_in_a_page() -> None:
    """Markup, control and bidi characters come through no section and no figure."""
    page = report_html(case_of(host=f"h{EVIL}", user=EVIL, text=EVIL))
    assert "<img" not in page
    assert "\x00" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x" in page


def test_hostile_text_is_shown_as_text_in_markdown() -> None:
    """No tag, no link, no heading and no code of a log gets into the Markdown."""
    text = report_markdown(case_of(host=f"h{EVIL}", user=EVIL, text=EVIL))
    assert re.findall(r"(?<!\\)<", text) == []
    assert "http://" not in text
    assert re.findall(r"(?<!\\)`|(?<!\\)\]\(", text) == []
    assert [line for line in text.splitlines() if line.startswith("# H")] == []


def test_rows_of_a_markdown_table_keep_their_number_of_cells() -> None:
    """A pipe or a line break in a value neither adds a cell nor ends a row."""
    frame = pd.DataFrame({"a": ["x|y", "1\n| 2 | 3 |"], "b": ["`c`", "d\\|e"]}, dtype=object)
    lines = sections_markdown([Section("s", "", (Grid(frame, "c"),))]).splitlines()
    rows = [re.sub(r"\\\\|\\\|", "", line) for line in lines if line.startswith("|")]
    assert [row.count("|") for row in rows] == [3, 3, 3, 3]


@pytest.mark.parametrize(
    "text", ["a_b *c* [d](e) #f $g", "x|y\\", "`a`", "a``b", "<b>&amp;", "E7 a_b_c.pem", "\\|~@"]
)
def test_what_is_copied_has_no_character_more(text: str) -> None:
    """A reader of CommonMark with tables gives it back, from a table and from a card."""
    frame = pd.DataFrame({"a": ["1"], "b": [Verbatim(text)]}, dtype=object)
    parts = (Grid(frame, "c"), Card("d", (("To paste", Verbatim(text)),)))
    page = MarkdownIt().enable("table").render(sections_markdown([Section("s", "", parts)]))
    assert re.findall("<code>(.*?)</code>", page) == [html.escape(text)] * 2
    assert f"<code>{html.escape(text)}</code>" in part_html(parts[0])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    """A quote stands before everything that a spreadsheet would run."""
    assert neutral(text) == f"'{text}"
    assert plain(text).lstrip("\\").startswith("'")


def test_numbers_and_words_are_no_formulas() -> None:
    """Only text that looks like one is changed."""
    assert (plain(-5), plain("serverAuth"), neutral("a=b")) == ("-5", "serverAuth", "a=b")


def test_a_report_holds_every_section_and_the_honesty_line() -> None:
    """Headings, evidence with file, line and packet, facts with status: all there."""
    case = sample()
    page = report_html(case)
    for section in sections(case):
        assert not section.title or f"<h2>{safe(section.title)}</h2>" in page
    assert safe(HONESTY) in page
    first = case.findings[0]
    for wanted in (first.found, first.required, first.todo, f"{first.facts[0]} (documented)"):
        assert safe(wanted) in page
    assert re.search(r"line \d+", page)
    assert re.search(r"packet \d+", page)


def test_sections_are_the_same_for_panel_and_report() -> None:
    """Names are stable."""
    assert tuple(section.name for section in sections(sample())) == PARTS


def seen(page: str) -> str:
    """Return what stands on a page while everything is folded."""
    return re.sub(r"<details[^>]*>.*</details>", "", page.partition("<main")[2], flags=re.DOTALL)


@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_redacted_report_has_its_causes_by_pseudonym(kind: str) -> None:
    """What, where, what to do and how sure; no host of the case is in them."""
    case = sample("two-faults-eku-and-name")
    text = make_report(case, kind).text
    assert len(case.causes) == 2
    for words in ("lacks clientAuth", "looks for the name", "Replace it by one with clientAuth"):
        assert words in text
    assert "core.example.com" not in text


@pytest.mark.parametrize("kind", ["html", "md"])
@pytest.mark.parametrize("redact", [True, False])
def test_a_report_says_in_one_line_what_breaks_when(kind: str, *, redact: bool) -> None:
    """Dark day, what goes down, last day to act; hidden or not it says the same."""
    text = make_report(sample("upgrade-both-stores-equal"), kind, redact=redact).text
    line = (
        "What breaks when: MRA login, WebRTC proxy and 3 more on 16 Apr 2027; last good day to "
        "act 01 Apr 2027"
    )
    assert f"<summary><h2>{line}</h2></summary>" in text or f"## {line}\n" in text
    told = "Last good day to act: 01 Apr 2027 (assumed: 14 days for ordering a certificate)."
    assert (text.count(told), "plan: Core client store: private CA" in text) == (1, True)
    assert ("core.example.com" in text) is not redact


def test_what_is_dark_already_and_what_is_not_told_stand_in_that_line() -> None:
    """A case with clientAuth missing, and one of which nothing but a line was pasted."""
    already = calendar_section(case_dates(sample("public-everywhere-checking-on")))
    assert already.title == "What breaks when: MRA login, WebRTC proxy and 3 more already"
    pasted = investigate(archive.empty_archive(), pasted="UC traversal zone: Failed")
    nothing = calendar_section(case_dates(pasted))
    assert nothing.title == "What breaks when: not told"
    sound = calendar_section(case_dates(sample("healthy-internal-everywhere")))
    assert sound.title.endswith("nothing for want of clientAuth, as far as is known")


def test_everything_but_headline_and_causes_is_folded() -> None:
    """Each section is behind its heading, each finding behind its title."""
    case = sample()
    page = report_html(case)
    assert page.count('<details class="eku-section">') == len(PARTS) - 1
    assert page.count('<details class="eku-fold">') == len(case.findings)
    assert case.causes[0].todo in seen(page).replace("&#x27;", "'")
    assert page.index("<h1>") < page.index('class="eku-cause"') < page.index('"eku-section"')


def test_title_and_heading_name_the_archive() -> None:
    """With all names; a redacted report has a pseudonym there."""
    case = sample()
    name = "public-everywhere-checking-on.tar.gz"
    assert f"<title>{name} · " in report_html(case)
    assert f"<h1>{name} · " in report_html(case)
    assert name not in make_report(case, "html").text


def test_a_setting_of_both_dumps_is_one_row() -> None:
    """Text and XML say the same; both places stand beside it."""
    table = case_tables.configuration_table(sample().configuration)
    assert not table.duplicated(["Node", "Setting", "Value"]).any()
    ends = {tuple(place.partition(",")[0][-3:] for place in places) for places in table["Where"]}
    assert ends == {("txt", "xml")}


def test_a_long_file_name_is_short_and_whole_on_hover() -> None:
    """Beginning and end are shown; a host name is left as it is."""
    name = "loggingsnapshot_core_2026-06-15_09_41_07.txt"
    host = "a-very-long-host-name-of-a-customer.example.com"
    shown = table(pd.DataFrame({"a": [f"{name}, line 5 {host}"]}, dtype=object), "c")
    assert (
        f'<span class="eku-file" title="{name}">loggingsna…<wbr>09_41_07.txt</span>, line 5'
        in shown
    )
    assert host in shown


@pytest.mark.parametrize("name", ["case.html", "case.md"])
def test_a_report_is_written_for_its_owner_alone(name: str, tmp_path: Path) -> None:
    """Mode 0600, redacted unless asked otherwise, no other file beside it."""
    path = write_report(case_of(), tmp_path / name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "edge1" not in path.read_text("utf-8")
    assert [found.name for found in tmp_path.iterdir()] == [name]
    write_report(case_of(), path, redact=False)
    assert "edge1" in path.read_text("utf-8")


def test_the_mapping_is_written_on_request(tmp_path: Path) -> None:
    """Pseudonyms of the report stand in it with their originals."""
    write_report(case_of(), tmp_path / "case.md", mapping=tmp_path / "names.json")
    assert '"[host1]": "edge1"' in (tmp_path / "names.json").read_text("utf-8")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    """A report is a page or Markdown."""
    with pytest.raises(InputError, match=r"ends in \.html or \.md"):
        write_report(case_of(), tmp_path / "case.docx")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """No traceback of the operating system reaches a user."""
    with pytest.raises(InputError, match="cannot be written"):
        write_report(case_of(), tmp_path / "nowhere" / "case.html")


def test_two_reports_of_a_case_are_equal() -> None:
    """Nothing random and no clock is in them."""
    case = sample()
    assert make_report(case, "html").text == make_report(case, "html").text


def test_the_figure_says_in_words_what_it_shows() -> None:
    """Events and nodes are labels; the spoken label names the span; nothing is an address."""
    frame = case_tables.timeline_table(sample().timeline)
    drawn = timeline_svg(frame)
    assert set(frame["Event"]) <= set(re.findall(r">([^<>]+)</text>", drawn))
    assert f"{len(frame)} events from 2026-06-15" in drawn
    assert "http" not in drawn


@pytest.mark.parametrize("label", ["$\\frac{", "_hidden", "$x$ & <b>", "\x00\ud800", "a" * 500, ""])
def test_any_label_can_be_drawn(label: str) -> None:
    """No text of a log is taken for a formula or breaks the figure."""
    moment = pd.Timestamp("2026-03-29T06:58:01", tz="UTC")
    frame = pd.DataFrame({"Time": [moment], "Node": [label], "Event": [label]}, dtype=object)
    drawn = timeline_svg(frame)
    assert drawn.startswith("<svg")
    assert "<b>" not in drawn


def test_no_events_are_no_figure() -> None:
    """A table that says so stands alone."""
    assert timeline_svg(case_tables.timeline_table(pd.DataFrame(case_of().timeline[:0]))) == ""


def test_a_case_of_nothing_has_a_report() -> None:
    """Pasted text alone gives sections that say what is not known."""
    case = investigate(archive.empty_archive(), pasted="hello")
    page = make_report(case, "html").text
    assert page.count("nothing to show") >= 4


def test_long_text_is_cut_after_it_was_redacted() -> None:
    """A name that would be cut in half is gone first."""
    text = "x" * (LONGEST - 8) + " edge1.acme.test"
    shown = section_html(Section("s", "", (Words((text,)), Card("c", (("n", text),)))))
    assert "characters more" in shown
    assert "edge1" not in shown


def test_a_serial_is_matched_to_its_store() -> None:
    """The packet's certificate is named by the store that holds it."""
    frame = case_tables.handshake_table(sample().handshakes)
    zone = next(row for row in frame.itertuples(index=False) if ":7001" in row.Server)
    told = " ".join(zone[frame.columns.get_loc("Client presented")])
    held = build(condition("C2")).core[0].client.certificate
    assert held is not None
    assert re.search(rf"packet \d+ the certificate of core.* serial {held.serial_hex}", told)


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither these modes nor such links")
def test_an_old_report_lends_the_new_one_neither_its_mode_nor_its_link(tmp_path: Path) -> None:
    """The file is the owner's alone, and what a link points to stays as it is."""
    old, other, link = tmp_path / "old.html", tmp_path / "other.html", tmp_path / "link.html"
    for path in (old, other):
        path.write_text("old")
        path.chmod(0o644)
    link.symlink_to(other)
    for path in (old, link):
        write_report(case_of(), path)
        assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert other.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 3
