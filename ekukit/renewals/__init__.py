"""Renewals: when certificates lose clientAuth, and what goes down on that day."""
