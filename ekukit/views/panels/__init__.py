"""Panels of widgets: explorer, case, questions, workshop."""
