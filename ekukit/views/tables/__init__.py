"""Tables with fixed columns, also when empty."""
