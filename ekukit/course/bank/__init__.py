"""The bank of questions: one module for each lesson."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ekukit.course.question import Question
from ekukit.errors import InputError
from ekukit.nearest import nearest


@cache
def questions() -> dict[str, Question]:
    """Return every question by its id, in the order of the lessons."""
    names = sorted(found.name for found in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return {found.id: found for module in modules for found in module.QUESTIONS}


def question(name: str) -> Question:
    """Return the question of that id; raises InputError for one that does not exist."""
    try:
        return questions()[name]
    except KeyError:
        near = [found for found in questions() if found.startswith(str(name).partition(".")[0])]
        msg = f"there is no question {name!r}; this lesson has: {', '.join(near) or 'none'}"
        raise InputError(msg + nearest(name, questions())) from None
