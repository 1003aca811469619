"""Codes, rules, contradictions and the headline: what is wrong, and how sure that is."""
