"""What a person sees: tables, pictures, panels, reports."""

from ekukit.views import show
from ekukit.views.explorer import Explorer

__all__ = ["Explorer", "show"]
