"""What a person sees: tables, pictures, panels, reports."""

from ekukit.views import show
from ekukit.views.explorer import Explorer
from ekukit.views.workshop import Workshop

__all__ = ["Explorer", "Workshop", "show"]
