"""From evidence to a deployment that can be toggled, with every assumption said."""
