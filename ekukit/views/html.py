"""The one way from values to HTML: everything is escaped here, nothing is trusted."""

import html
import re
from collections.abc import Iterable, Sequence

import pandas as pd

from ekukit.connections import State
from ekukit.connections.outcome import SYMBOLS
from ekukit.facts import ledger
from ekukit.printable import visible

# Text colors of at least 4.5:1 on the backgrounds beside them, in both JupyterLab themes.
_STATE_CLASSES = {state: f"eku-{state.value.lower()}" for state in State}

_ONE = r"[A-Z][A-Z0-9]*(?:\.\d)?(?:-[A-Za-z0-9]+)?"
_IDS = rf"{_ONE}(?:, {_ONE})*(?![\w.-]*\w)"
_ID = re.compile(rf"\b{_ONE}")
_CITED = re.compile(rf"(?:documented|inferred|assumed): {_IDS}|\({_IDS}\)|^{_IDS}$")
_LONG_NAME = re.compile(r"[\w.-]{24,}")
# A file's name is told by how it begins and how it ends; the whole is shown on hover.
_FILE_NAME = re.compile(
    r"(?<![\w.-])(\w[\w.-]{9})[\w.-]{10,}?"
    r"([\w-]{8}\.(?:txt|xml|pem|pcap|log|tgz|zip|tar|gz|tar\.gz))(?![\w.-])"
)

_DAY = r"(?:\d{4}-\d\d-\d\d|\d\d? [A-Z][a-z]{2} \d{4})"
_DAYS = re.compile(rf"{_DAY}(?: - {_DAY})?")

STYLE = """<style>
.eku, .eku table.eku-t { font-family: system-ui, "Segoe UI", "Noto Sans", sans-serif; }
.eku { color: var(--jp-ui-font-color1, #111); line-height: 1.4; font-size: 15px; }
.eku table.eku-t { border-collapse: collapse; margin: 0.3em 0 0.9em; width: 100%;
  table-layout: auto; font-size: 14px; }
.eku .eku-scroll { overflow-x: auto; }
.eku table.eku-t caption { text-align: left; font-weight: 700; padding: 0.2em 0; font-size: 16px;
  color: var(--jp-ui-font-color1, #111); caption-side: top; }
.eku table.eku-t th, .eku table.eku-t td { text-align: left; vertical-align: top;
  padding: 0.35em 0.6em; border: 1px solid #8a8f98; white-space: normal; max-width: none;
  color: inherit; overflow-wrap: break-word; }
.eku table.eku-t thead th { background: #22384f; color: #fff; }
.eku .eku-state { font-weight: 700; padding: 0.05em 0.45em; border-radius: 0.3em;
  border: 2px solid; white-space: nowrap; display: inline-block; }
.eku .eku-active { color: #0b4f1f; background: #dff3e4; border-color: #0b4f1f; }
.eku .eku-failed { color: #8a1010; background: #fde3e1; border-color: #8a1010; }
.eku .eku-unknown { color: #5a4300; background: #fdf1cf; border-color: #5a4300; }
.eku table.eku-card tbody th { width: 9.5em; white-space: nowrap; }
.eku p.eku-strong { font-weight: 700; margin: 0.5em 0 0; }
.eku p.eku-summary { font-size: 18px; margin: 0.5em 0; padding: 0.4em 0.6em;
  border-left: 6px solid #6b7f99; background: var(--jp-layout-color2, #eef1f4); }
.eku p.eku-summary .eku-item { display: inline-block; margin: 0.15em 1.4em 0.15em 0; }
.eku p.eku-asked { font-size: 17px; font-weight: 600; margin: 0.3em 0 0.5em; max-width: 60em; }
.eku-question { border-left: 5px solid #4a6a8a; padding-left: 14px; margin: 6px 0 22px; }
.eku-question label, .eku-question input[type=text], .eku-question .widget-label {
  font-size: 15px; }
.eku .eku-pair > div { min-width: 0; }
.eku-question .eku table.eku-t { font-size: 13px; margin-bottom: 0.5em; }
.eku-question .eku table.eku-t :is(th, td) { padding: 0.2em 0.5em; }
.eku-question .eku table.eku-t caption { font-size: 14px; }
.eku-question .widget-radio-box label { line-height: 1.6; height: auto; white-space: normal; }
.eku .eku-pair { display: grid; gap: 0 1em;
  grid-template-columns: repeat(auto-fit, minmax(min(var(--eku-half, 30em), 100%), 1fr)); }
.jp-Notebook { --eku-half: 36em; }
.eku .eku-counts { --eku-half: 22em; }
.eku-fleet .eku > svg { width: min(100%, 150vh); height: auto; }
.jp-Notebook .eku-question { --eku-half: 30em; }
.eku h4 { margin: 0.6em 0 0.2em; font-size: 17px; }
.eku p { margin: 0.25em 0; }
.eku .eku-fact { border-bottom: 1px dotted currentColor; cursor: help; position: relative; }
.eku .eku-fact:hover::after, .eku .eku-fact:focus::after { content: attr(aria-label);
  position: fixed; z-index: 1000; width: 20em; margin: 1.5em 0 0 -10em; padding: 0.4em 0.6em;
  white-space: normal; font-size: 13px; font-weight: 400; line-height: 1.35; text-align: left;
  background: #22384f; color: #fff; border-radius: 4px; pointer-events: none; }
.eku .eku-changed { font-weight: 700; }
.eku .eku-cause { border: 1px solid #8a8f98; border-left: 6px solid #b3261e; border-radius: 4px;
  padding: 0.4em 0.7em; margin: 0 0 0.6em; }
.eku .eku-cause p.eku-what { font-weight: 700; font-size: 1.1em; margin: 0 0 0.3em; }
.eku .eku-cause .eku-number { display: inline-block; min-width: 1.5em; text-align: center;
  border-radius: 0.8em; background: #22384f; color: #fff; margin-right: 0.2em; }
.eku .eku-cause dl { display: grid; grid-template-columns: auto 1fr; gap: 0.15em 0.7em;
  margin: 0; }
.eku .eku-cause dl dt { font-weight: 600; float: none; width: auto; white-space: nowrap; }
.eku .eku-cause dl dd { margin: 0; padding: 0; float: none; width: auto; overflow-wrap: anywhere; }
.eku .eku-effect { display: inline-block; margin-right: 0.7em; }
.eku details { margin: 0.25em 0; }
.eku details > summary { cursor: pointer; }
.eku details > summary > h2, .eku details > summary > h4 { display: inline; border: 0; margin: 0; }
.eku details.eku-fold caption { position: absolute; width: 1px; height: 1px; padding: 0 !important;
  overflow: hidden; clip-path: inset(50%); }
.eku details.eku-section { border-top: 1px solid #8a8f98; margin: 0; padding: 0.3em 0; }
.eku-case .widget-html, .eku-case .widget-html-content { min-width: 0; max-width: 100%; }
.eku details > svg { max-width: 100%; height: auto; }
.eku-tried { border: 4px dashed #b26a00; padding: 0.5em; }
.eku-beside .eku-tried::before { content: "TRIED, not the customer's"; font-weight: 700; }
.eku-tried table.eku-t caption::before { content: "TRIED · "; }
.jupyter-widgets-disconnected:is(.eku-question, :has(.eku)):not(
  .jupyter-widgets-disconnected *)::before {
  content: "No kernel answers: what stands here is what it said last, and no button works. Run all \
cells again."; display: block; position: static; width: auto; height: auto; margin: 0.4em 0;
  padding: 0.4em 0.6em; font: 700 16px system-ui, sans-serif; color: #8a1010; background: #fde3e1;
  border: 2px solid #8a1010; }
.jupyter-widgets-disconnected:is(.eku-question, :has(.eku)) .jupyter-widgets-disconnected::before {
  display: none; }
.eku .eku-file { border-bottom: 1px dotted; white-space: nowrap; }
.eku .eku-whole { white-space: nowrap; }
.eku .eku-cause ul { margin: 0.2em 0 0.4em; padding-left: 1.3em; }
@media print {
  .eku details::details-content { content-visibility: visible; height: auto; }
  .eku table.eku-t thead th { background: #fff; color: #000; border-bottom: 3px solid #000; }
  .eku table.eku-t tr, .eku svg { break-inside: avoid; }
  .eku .eku-state { background: #fff; color: #000; border-color: #000; }
  .eku .eku-failed { border-style: dashed; }
  .eku .eku-unknown { border-style: dotted; }
}
</style>"""


class Verbatim(str):
    """A text that is copied as it is, such as a command: nothing is cut, marked or linked in it."""

    __slots__ = ()


def safe(value: object) -> str:
    """Return text that is safe in HTML: markup escaped, control and bidi characters made visible.

    Tabs and line breaks stay.
    """
    return html.escape(visible(str(value), keep="\t\n"), quote=True)


def state_html(state: State) -> str:
    """Return a state as symbol, word and color, so that color is never the only cue."""
    return f'<span class="eku-state {_STATE_CLASSES[state]}">{SYMBOLS[state]} {state.value}</span>'


def _cell(value: object) -> str:
    if isinstance(value, State):
        return state_html(value)
    if isinstance(value, (list, tuple)):
        return "<br>".join(_cell(item) for item in value)
    if isinstance(value, Verbatim):
        return f"<code>{safe(value)}</code>"
    if _DAYS.fullmatch(str(value)):
        return f'<span class="eku-whole">{safe(value)}</span>'
    return with_claims(short_names(safe(value)))


def short_names(escaped: str) -> str:
    """Return escaped text whose long file names are cut in the middle, whole in their titles.

    What else is long may break after each underscore, so that it widens no table.
    """
    pieces = _FILE_NAME.split(escaped)
    whole = [found[0] for found in _FILE_NAME.finditer(escaped)]
    texts = [_LONG_NAME.sub(lambda f: f[0].replace("_", "_<wbr>"), text) for text in pieces[::3]]
    short = [
        f'<span class="eku-file" title="{name}">{begin}…<wbr>{end}</span>'
        for name, begin, end in zip(whole, pieces[1::3], pieces[2::3], strict=True)
    ]
    return "".join(part for pair in zip(texts, [*short, ""], strict=True) for part in pair)


def with_claims(escaped: str) -> str:
    """Return escaped text in which ids of facts open their claim on hover and on focus.

    An id counts after "documented:", "inferred:" or "assumed:", in parentheses, and where nothing
    but ids is said: a host or a condition can have the same letters.
    """
    return _CITED.sub(lambda found: _ID.sub(lambda one: _claim(one[0]), found[0]), escaped)


def _claim(name: str) -> str:
    found = ledger().get(name)
    if found is None:
        return name
    said = f"{name}: {found.claim} ({found.source}, {found.status.value})"
    return (
        f'<span class="eku-fact" tabindex="0" role="note" aria-label="{safe(said)}">{name}</span>'
    )


def table(frame: pd.DataFrame, caption: str) -> str:
    """Return a DataFrame as an accessible HTML table; every cell and label is escaped.

    `State` values become words with symbols; tuples become lines. The first column heads its row.
    An empty frame gives a table that says so.
    """
    heads = "".join(f'<th scope="col">{safe(name)}</th>' for name in frame.columns)
    rows = "".join(_row(values) for values in frame.itertuples(index=False))
    if not rows:
        rows = f'<tr><td colspan="{max(len(frame.columns), 1)}">nothing to show</td></tr>'
    return (
        # Wide tables scroll sideways, with the keyboard, too.
        f'<div class="eku-scroll" tabindex="0" role="group" aria-label="{safe(caption)}">'
        f'<table class="eku-t"><caption>{safe(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(values: Sequence[object]) -> str:
    cells = [_cell(value) for value in values]
    rest = "".join(f"<td>{cell}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{cells[0]}</th>{rest}</tr>'


def paragraphs(lines: Iterable[str], *, strong: bool = False) -> str:
    """Return escaped paragraphs."""
    style = ' class="eku-strong"' if strong else ""
    return "".join(f"<p{style}>{with_claims(safe(line))}</p>" for line in lines)


def card(pairs: Iterable[tuple[str, object]], title: str = "") -> str:
    """Return names and values, under a title if given, without a head row; tuples become lines."""
    rows = "".join(_row(pair) for pair in pairs)
    caption = f"<caption>{safe(title)}</caption>" if title else ""
    return (
        f'<div class="eku-scroll"><table class="eku-t eku-card">{caption}'
        f"<tbody>{rows}</tbody></table></div>"
    )


def page(*parts: str) -> str:
    """Return parts in the kit's frame, with its style."""
    return f'{STYLE}<div class="eku">{"".join(parts)}</div>'


def fold(summary: str, body: str, css: str = "eku-fold") -> str:
    """Return HTML behind a line of HTML that opens it, with mouse and keyboard."""
    return f'<details class="{css}"><summary>{summary}</summary>{body}</details>'
