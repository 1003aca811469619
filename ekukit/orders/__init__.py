"""Orders: what a slot's certificate must have, how it is asked for, and what came back."""
