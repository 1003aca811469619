"""What a person sees: tables, pictures, panels, questions, reports."""

from ekukit.views import show
from ekukit.views.ask import QuestionBox, ask
from ekukit.views.explorer import Explorer
from ekukit.views.progress import ProgressPanel

__all__ = ["Explorer", "ProgressPanel", "QuestionBox", "ask", "show"]
