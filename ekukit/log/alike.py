"""Lines of a log that are alike but for what stands between their quotes, found in their bytes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ekukit.log.stamps import EightBytes, Mask, Offsets

# Fewer lines are not worth a comparison.
FEW = 32
# More quotes are in no line of the product's.
_MOST_QUOTES = 128
_MOST_TRIES = 16
_QUOTE = 34
_CHUNK = 256 << 10
_FAST = 1 << 12
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class AlikeLines:
    """Lines that say the same outside of quotes.

    `rows` are their places among those that were looked at, `outside` the texts outside of quotes.
    Value by value `starts` and `ends` are where it begins and ends in each of the lines.
    """

    rows: Offsets
    outside: tuple[str, ...]
    starts: Offsets
    ends: Offsets


def alike(data: bytes, begins: Offsets, ends: Offsets) -> Iterator[AlikeLines]:
    """Yield lines of ASCII, in order and of which each begins and ends somewhere, by likeness.

    Lines that are like few others are left out, also such with half a pair of quotes.
    """
    if not len(begins):
        return
    quotes = _quotes(data, int(begins[0]), int(ends[-1]))
    first = np.searchsorted(quotes, begins)
    counts = np.searchsorted(quotes, ends) - first
    words = EightBytes(data)
    for count in np.flatnonzero(np.bincount(counts) >= FEW).tolist():
        if count % 2 or count > _MOST_QUOTES:
            continue
        rows = np.flatnonzero(counts == count)
        within = quotes[first[rows] + np.arange(count)[:, None]]
        lines = _Lines(
            np.concatenate([begins[None, rows], within[1::2] + 1]),
            np.concatenate([within[0::2], ends[None, rows]]),
        )
        for own in lines.grouped():
            for same, outside in lines.told(own, data, words):
                starts, stops = within[0::2, same] + 1, within[1::2, same]
                yield AlikeLines(rows[same], outside, starts, stops)


def _quotes(data: bytes, place: int, end: int) -> Offsets:
    shown = np.frombuffer(data, np.uint8)
    found = [np.flatnonzero(shown[at : min(at + _CHUNK, end)] == _QUOTE) + at
             for at in range(place, end, _CHUNK)]  # fmt: skip
    return np.concatenate(found) if found else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Where in each line, text by text, those outside of quotes begin and end."""

    begins: Offsets
    ends: Offsets

    def grouped(self) -> Iterator[Offsets]:
        """Yield rows whose texts are of equal sizes, which most often are equal."""
        sizes = self.ends - self.begins
        chance = np.random.default_rng(1).integers(1 << 62, size=len(sizes))
        yield from equal_rows(chance @ sizes, FEW)

    def told(
        self, left: Offsets, data: bytes, words: EightBytes
    ) -> Iterator[tuple[Offsets, tuple[str, ...]]]:
        """Yield rows that are alike with their texts."""
        for _ in range(_MOST_TRIES):
            if len(left) < FEW:
                return
            spans = zip(
                self.begins[:, left[0]].tolist(), self.ends[:, left[0]].tolist(), strict=True
            )
            texts = [data[start:end] for start, end in spans]
            fits = self._are(left, texts, words)
            yield left[fits], tuple(text.decode() for text in texts)
            left = left[~fits]

    def _are(self, rows: Offsets, texts: list[bytes], words: EightBytes) -> Mask:
        fits = np.ones(len(rows), bool)
        for begins, ends, text in zip(self.begins, self.ends, texts, strict=True):
            fits &= ends[rows] - begins[rows] == len(text)
        sized = rows[fits]
        same = np.ones(len(sized), bool)
        for begins, text in zip(self.begins, texts, strict=True):
            same &= words.are(begins[sized], text)
        fits[fits] = same
        return fits


def equal_rows(keys: Offsets, few: int) -> Iterator[Offsets]:
    """Yield the rows of equal keys, in order, most rows first; of none are there less than few.

    Of many keys two may be taken for equal that are not.
    """
    if len(keys) < _FAST:
        codes = np.unique(keys, return_inverse=True)[1]
    else:  # short numbers are sorted much faster
        codes = ((keys.view(np.uint64) * _ODD) >> np.uint64(48)).astype(np.uint16)
    order = np.argsort(codes, kind="stable")
    counts = np.bincount(codes)
    stops, some = np.cumsum(counts), np.flatnonzero(counts >= few)
    for place in some[np.argsort(-counts[some], kind="stable")]:
        yield order[stops[place] - counts[place] : stops[place]]
