"""The map of the house is true: every path exists, every room is on it, in the order of imports."""

import re
import runpy
import tomllib

from conftest import ROOT

MAP = (ROOT / "docs" / "map.md").read_text("utf-8")


def test_every_answer_of_the_map_is_a_file() -> None:
    """At least twenty questions, each with one path that exists."""
    paths = re.findall(r"\| `(ekukit/[^`]+)` \|", MAP)
    assert len(paths) >= 20
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_every_room_is_on_the_map_in_the_order_of_imports() -> None:
    """The table follows the layers that the import check holds."""
    listed = re.findall(r"^\| `(\w+)` \|", MAP, re.MULTILINE)
    rooms = {path.parent.name for path in (ROOT / "ekukit").glob("*/__init__.py")}
    assert set(listed) == rooms
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    order = [name for layer in reversed(layers) for name in re.findall(r"ekukit\.(\w+)", layer)]
    ranks = {name: rank for rank, name in enumerate(order)}
    beside = {"log", "capture"}
    told = [ranks[name] for name in listed if name not in beside]
    assert told == sorted(told)


def test_the_picture_of_the_rooms_is_drawn_from_the_imports_as_they_are() -> None:
    """`python docs/rooms.py` draws it anew; the map shows it."""
    drawn = runpy.run_path(str(ROOT / "docs" / "rooms.py"))["picture"]()
    assert drawn == (ROOT / "docs" / "rooms.svg").read_text("utf-8")
    assert "(rooms.svg)" in MAP


def test_every_file_that_the_security_page_names_exists() -> None:
    """A promise points at what holds it."""
    told = (ROOT / "SECURITY.md").read_text("utf-8")
    named = set(re.findall(r"`((?:tests|docs|fuzz|requirements)[^` ]*)`", told))
    assert len(named) >= 10
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
