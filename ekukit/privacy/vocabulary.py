"""Which words say nothing of a customer: those of the product, of its libraries, of the kit."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from functools import cache
from importlib.resources import files
from itertools import chain
from pkgutil import iter_modules
from types import CodeType
from typing import Any

from ekukit.connections.alert_names import ALERT_NAMES
from ekukit.diagnosis.findings.codes import CODES
from ekukit.facts import calendar, ledger
from ekukit.lab.verify_errors import error_text
from ekukit.log.alarms import alarm_rows
from ekukit.log.troubles import TROUBLES
from ekukit.log.words import rows
from ekukit.log.words import vocabulary as texts_of_failures

_SIGNS = re.compile(r"[-.@_\d]")
_WORD = re.compile(r"[A-Za-z]+")
_LETTERS = frozenset("ast")
# Stands for anybody's company, though facts speak of the protocol of that name.
_NO_WORDS = frozenset(["acme"])
# OpenSSL's verify errors end below (x509_vfy.h of 3.x).
_HIGHEST_ERROR = 150
# Rooms, and how the names of their modules begin: those of which whatever they look for in a log
# may be shown; and those whose sentences stand in a case.
_LOGGED = (("samples", "refusal_texts"), ("connections", "rules"), ("connections", "alert_names"))
_SPEAKING = (
    *((room, "") for room in ("archive", "capture", "log", "certificates", "connections",
                              "expressway")),
    *(("diagnosis" + floor, "") for floor in ("", "/evidence", "/rebuild", "/findings")),
    ("lab", "tls"),
    ("views/figures", "timeline"), ("views/tables", "case"), ("views/panels", "case"),
    ("views/pages", "case"), ("views/pages", "report"), ("comparison", ""), ("causes", ""),
)  # fmt: skip
# Examples of names stand in these.
_NAMING = ("sample", "build")


@cache
def tables() -> dict[str, Any]:
    """Return the lists of `allowed_words.toml` as they stand there."""
    return tomllib.loads((files("ekukit.privacy") / "allowed_words.toml").read_text("utf-8"))


@cache
def whole_words() -> frozenset[str]:
    """Return what is one word though it holds dots or hyphens: codes, modules, algorithms, files.

    In lower case.
    """
    found = tables()
    listed = " ".join((*found["log"].values(), found["ssh"]["algorithms"])).split()
    return frozenset(word.lower() for word in (*listed, *CODES, *ledger()) if _SIGNS.search(word))


@cache
def log_words() -> frozenset[str]:
    """Return the words of the product and its libraries that lines and dumps hold, in lower case.

    From the lists, the texts of OpenSSL's verify errors as the installed library tells them, the
    names of alerts (RFC 8446 clause 6.2), and the tables by which the kit reads failures.
    """
    found = tables()
    listed = (*found["log"].values(), *found["configuration"].values(),
              *(" ".join(names) for names in found["keys"].values()))  # fmt: skip
    alarms = (text for row in alarm_rows() for text in row.texts)
    texts = (*listed, *_verify_texts(), *ALERT_NAMES.values(), *texts_of_failures(), *alarms,
             *_constants(_LOGGED))  # fmt: skip
    return frozenset((*_words(texts), *" ".join(listed).lower().split())) - _NO_WORDS


@cache
def own_words() -> frozenset[str]:
    """Return the words of the kit's own sentences and facts, and `log_words`, in lower case."""
    facts = (fact.claim for fact in ledger().values())
    days = (row.subject for row in calendar())
    told = [*map(astuple, TROUBLES.values()), *map(astuple, rows()), *map(astuple, alarm_rows())]
    texts = (*_constants(_SPEAKING), *facts, *days, *map(str, chain.from_iterable(told)))
    return log_words() | (frozenset(_words(texts)) - _NO_WORDS)


def _verify_texts() -> Iterator[str]:
    return filter(None, map(error_text, range(_HIGHEST_ERROR)))


def _constants(rooms: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the texts in the code of modules, docstrings apart; no module is run for it."""
    for room, beginning in rooms:
        for found in iter_modules([str(files("ekukit") / room)]):
            if not found.name.startswith(beginning) or found.name.startswith(_NAMING):
                continue
            spec = found.module_finder.find_spec(found.name, None)
            get_code = getattr(spec.loader, "get_code", None) if spec else None
            if get_code is not None:
                yield from _texts(get_code(found.name))


def _texts(code: CodeType) -> Iterator[str]:
    waiting = list(code.co_consts)
    if waiting and str(waiting[0]).endswith("."):
        del waiting[0]  # a docstring is said to nobody
    while waiting:
        constant = waiting.pop()
        if isinstance(constant, CodeType):
            yield from _texts(constant)
        elif isinstance(constant, (tuple, frozenset)):
            waiting += constant
        elif isinstance(constant, str):
            yield constant


def _words(texts: Iterable[str]) -> Iterator[str]:
    """Yield the words of texts in lower case; single letters tell nothing but whose initials."""
    for text in texts:
        for word in _WORD.findall(text):
            if len(word) > 1 or word in _LETTERS:
                yield word.lower()
