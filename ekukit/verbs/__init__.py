"""Verbs: what the kit does, under one name and with one definition of each option everywhere."""
