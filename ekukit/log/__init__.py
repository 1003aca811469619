"""The log: its grammar, its records, and the one table of what its words mean."""
