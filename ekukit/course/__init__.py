"""The course: questions that the engines answer, tries and progress; knows no widgets."""

from ekukit.course.bank import question, questions
from ekukit.course.lessons import LESSONS, Lesson, neighbors
from ekukit.course.progress import Progress, Tried
from ekukit.course.question import TRIES, Asked, Form, Mark, Question, Reply, words

__all__ = [
    "LESSONS",
    "TRIES",
    "Asked",
    "Form",
    "Lesson",
    "Mark",
    "Progress",
    "Question",
    "Reply",
    "Tried",
    "neighbors",
    "question",
    "questions",
    "words",
]
