"""The explorer as one HTML file: every toggle looked up in a table that real handshakes filled."""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from OpenSSL import SSL

from ekukit.connections import HONESTY
from ekukit.expressway import Choices, Mode
from ekukit.room.toggled_states import slot_word, toggled_states
from ekukit.views.html import STYLE, paragraphs, safe
from ekukit.views.pages.explained_picture import SCENE_STYLE
from ekukit.views.panels.controls import EKUS, ISSUERS
from ekukit.views.tables.change import STORES
from ekukit.views.tables.scenes import SCENES, scene_title
from ekukit.whole_files import write_together

EXPLORER = "explorer"
_START = "C2 case 1"
_HONESTY = HONESTY.replace("this machine", "the machine that made this file")
_TITLE = "Which certificate counts where: an explorer"
# What it says of itself; the page asks for nothing, whatever stands in it.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)
_STYLE = """<style>
body { margin: 0.8em auto; max-width: 84em; padding: 0 1em; background: #fff; color: #111;
  font: 15px/1.4 system-ui, sans-serif; }
h1 { font-size: 1.25em; margin: 0 0 0.4em; }
.line { display: flex; flex-wrap: wrap; gap: 0.3em 1.6em; margin-bottom: 0.4em; }
fieldset { border: 0; margin: 0; padding: 0; }
legend { font-weight: 700; padding: 0; }
fieldset label { margin-right: 0.7em; white-space: nowrap; }
fieldset.store label { display: flex; gap: 0.4em; margin: 1px 0; justify-content: space-between; }
select { font: inherit; width: 13.5em; }
#headline { font-size: 1.15em; font-weight: 700; margin: 0.5em 0 0; }
#changed { font-weight: 700; min-height: 1.4em; }
:focus-visible { outline: 3px solid #b3540a; outline-offset: 2px; }
</style>"""


def write_explorer(
    folder: Path, told: Callable[[int, int], None] = lambda _done, _all: None
) -> Path:
    """Make every handshake now, write `explorer.html`, and return its path.

    The file asks for nothing and needs no Python; `told` hears how many of how many states are
    there. Raises InputError when the file cannot be written. Not in it: far ends, releases,
    clusters and the network.
    """
    return write_together(folder, {f"{EXPLORER}.html": explorer_html(told)})[0]


def explorer_html(told: Callable[[int, int], None]) -> str:
    """Return the page; see `write_explorer`."""
    found = toggled_states(told)
    data = asdict(found) | {
        "scenes": {name: _words(choices) for name, choices in SCENES.items()},
        "titles": {name: scene_title(name) for name in SCENES},
        "own": scene_title(None),
        "start": _START,
    }
    packed = gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0)
    openssl = SSL.SSLeay_version(SSL.SSLEAY_VERSION).decode()
    made = (
        f"Made on {datetime.now(UTC):%d %b %Y} by ekukit {version('ekukit')} from "
        f"{found.handshakes:,} handshakes with {openssl} and AsyncSSH {version('asyncssh')}."
    )
    script = files("ekukit.room").joinpath("static_explorer.js").read_text("utf-8")
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_TITLE}</title>{STYLE}{SCENE_STYLE}{_STYLE}</head><body>"
        f"<main><h1>{_TITLE}</h1>{_controls()}"
        '<p id="headline"></p><div class="eku" id="summary"></div>'
        '<p id="changed" role="status"></p><p id="waiting">The table of states is opened …</p>'
        f'<div class="eku" id="picture"></div></main><footer class="eku">'
        f"{paragraphs([made, _HONESTY])}</footer>"
        f'<script type="application/octet-stream" id="table">{b64encode(packed).decode()}</script>'
        f"<script>{script}</script></body></html>\n"
    )


def _words(choices: Choices) -> str:
    """Return what the controls say, as the page writes it."""
    stores = ("core_client", "edge_server", "core_server", "edge_client")
    slots = [slot_word(getattr(choices, name)) for name in stores]
    modes = (choices.edge_checking.value, choices.core_checking.value)
    return json.dumps((*slots, *modes), separators=(",", ":"))


def _controls() -> str:
    modes = {mode.value: mode.value for mode in Mode}
    scenes = _radios("condition", "Condition", {name: name for name in SCENES})
    edge = _radios("edge", "Edge: EKU checking mode", modes)
    core = _radios("core", "Core: EKU checking mode", modes)
    stores = "".join(_store(name, title) for name, title in STORES.items())
    return (
        f'<div id="controls"><div class="line">{scenes}{edge}{core}</div>'
        f'<div class="line">{stores}</div></div>'
    )


def _radios(name: str, title: str, options: Mapping[str, str]) -> str:
    shown = "".join(
        f'<label><input type="radio" name="{name}" value="{safe(value)}"> {safe(words)}</label>'
        for words, value in options.items()
    )
    return f"<fieldset><legend>{safe(title)}</legend>{shown}</fieldset>"


def _store(name: str, title: str) -> str:
    issuers = dict(ISSUERS)
    ekus = {words: profile.value for words, profile in EKUS}
    selects = "".join(
        f'<label>{label} <select id="{name}-{kind}" aria-label="{safe(title)}: {label}">'
        + "".join(
            f'<option value="{safe(v)}">{safe(words)}</option>' for words, v in options.items()
        )
        + "</select></label>"
        for kind, label, options in (("issuer", "Issuer", issuers), ("eku", "EKUs", ekus))
    )
    return f'<fieldset class="store"><legend>{safe(title)}</legend>{selects}</fieldset>'
