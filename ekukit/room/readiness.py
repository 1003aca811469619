"""What a show needs the evening before: the page itself, its port, a browser, every notebook."""

import re
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from ekukit.doctor import Check, Health
from ekukit.errors import InputError
from ekukit.room.bundle import NOTE, PLATFORMS, WHEELS, missing
from ekukit.room.server import WORKSHOP, free_port, is_free, serve

OK = 200
ADVICE = (
    "Set the projector to 1280 x 720 or more; in the browser zoom 100 % and full screen (F11).",
    "Switch off screen saver, sleep and notifications; bring the charger.",
    "Open the page once in that room: ekukit present (in a dark hall: ekukit present --dark).",
    "Have hand-outs on a stick, in case all else fails: ekukit handout all --folder handouts",
)


def examine_room(kit: Path, port: int) -> tuple[Check, ...]:
    """Return the checks of a show from the kit's folder; starts the page once on a free port."""
    return tuple(_checks(kit, port))


def _checks(kit: Path, port: int) -> Iterator[Check]:
    yield _port(port)
    yield _browser()
    yield _notebooks(kit / "notebooks")
    yield _page(kit / "notebooks" / WORKSHOP)
    yield _wheels(kit)


def _port(port: int) -> Check:
    name = "Port of the page"
    if is_free(port):
        return Check(name, Health.GOOD, f"{port} on 127.0.0.1 is free")
    todo = f"End what uses it, or start with another: ekukit present --port {free_port()}"
    return Check(name, Health.BAD, f"{port} on 127.0.0.1 is taken", todo)


def _browser() -> Check:
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        todo = "Install Firefox, Chrome, Edge or Chromium, or copy the printed address into one."
        return Check("Browser", Health.BAD, "none that Python can open", todo)
    return Check("Browser", Health.GOOD, str(getattr(found, "name", type(found).__name__)))


def _notebooks(folder: Path) -> Check:
    linked = {WORKSHOP}
    there = {path.name for path in folder.glob("*.ipynb")}
    for name in there:
        linked |= set(re.findall(r"\]\(([\w-]+\.ipynb)", (folder / name).read_text("utf-8")))
    lost = sorted(linked - there)
    if not lost:
        return Check("Every notebook", Health.GOOD, f"{len(there)}, and every link leads to one")
    todo = "Copy the kit's folder again, or in it: git checkout notebooks"
    return Check("Every notebook", Health.BAD, f"missing: {', '.join(lost)}", todo)


def _page(notebook: Path) -> Check:
    name = "The page, with its token"
    todo = "Run: python kit.py test, and read the first failure."
    try:
        with serve(notebook, free_port()) as server:
            status, text = server.get("/", token=True)
    except (InputError, OSError) as error:
        return Check(name, Health.BAD, str(error), todo)
    if status != OK or "application/vnd.jupyter.widget-view+json" not in text:
        return Check(name, Health.BAD, f"status {status}, and no workshop on it", todo)
    return Check(name, Health.GOOD, "answers with the token, refuses without")


def _wheels(kit: Path) -> Check:
    name, wheels = "Install without network", kit / WHEELS
    if not wheels.is_dir():
        found = f"no folder {WHEELS}; ekukit bundle makes one on a connected machine"
        return Check(name, Health.OPTIONAL, found)
    python = ".".join(map(str, sys.version_info[:2]))
    here = {platform.markers["sys_platform"]: platform for platform in PLATFORMS.values()}
    platform = here.get(sys.platform)
    todo = f"On a connected machine: ekukit bundle FOLDER --python {python} --platform ..."
    note = wheels / NOTE
    made_for = note.read_text("utf-8").strip() if note.is_file() else "nothing that it names"
    if platform is None or made_for != f"{platform.title}, Python {python}":
        return Check(name, Health.BAD, f"{WHEELS} is for {made_for}, this is Python {python}", todo)
    lacking = missing((kit / "requirements.txt").read_text("utf-8"), platform, python, wheels)
    if lacking:
        return Check(name, Health.BAD, f"{WHEELS} lacks {', '.join(lacking)}", todo)
    return Check(name, Health.GOOD, f"{WHEELS} holds every wheel for {made_for}")
