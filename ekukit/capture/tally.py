"""What of a capture was not read, counted by reason, with the first packet of each."""


class Tally:
    """Counts by reason; memory grows with the reasons, never with the packets."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._counts: dict[str, list[int]] = {}

    def add(self, reason: str, packet: int) -> None:
        """Count one more; `reason` follows a number in a sentence."""
        count = self._counts.setdefault(reason, [0, packet])
        count[0] += 1
        count[1] = min(count[1], packet)

    @property
    def total(self) -> int:
        """Return how many were counted in all."""
        return sum(count for count, _ in self._counts.values())

    def sentences(self) -> list[str]:
        """Return a sentence for each reason, in the order in which they first came."""
        return [
            f"{count} {reason} (first: packet {first})"
            for reason, (count, first) in self._counts.items()
        ]
