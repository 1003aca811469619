"""What a person sees: tables, pictures, panels, questions, reports."""

from ekukit.views import show
from ekukit.views.ask import QuestionBox, ask
from ekukit.views.case import CasePanel
from ekukit.views.explorer import Explorer
from ekukit.views.presentation import Presentation
from ekukit.views.progress_panel import ProgressPanel
from ekukit.views.report import write_report
from ekukit.views.workshop import Workshop

__all__ = [
    "CasePanel",
    "Explorer",
    "Presentation",
    "ProgressPanel",
    "QuestionBox",
    "Workshop",
    "ask",
    "show",
    "write_report",
]
