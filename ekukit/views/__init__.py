"""What a person sees: tables, pictures, panels, questions, reports."""

from ekukit.views import show
from ekukit.views.pages.report import write_report
from ekukit.views.panels.ask import QuestionBox, ask
from ekukit.views.panels.case_panel import CasePanel
from ekukit.views.panels.explorer import Explorer
from ekukit.views.panels.presentation import Presentation
from ekukit.views.panels.progress_panel import ProgressPanel
from ekukit.views.panels.workshop import Workshop

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
