"""Several small cases as one task of Dask, so that handing out is no work of its own."""

from collections.abc import Iterator, Sequence

from ekukit.fleets.case_reading import ReadCase, ReadingOptions, read_case
from ekukit.fleets.together import CaseFiles

Batch = tuple[CaseFiles, ...]
MOST_CASES, MOST_BYTES = 16, 1 << 20
# Of what is left each worker gets this many batches, so that all end at about the same time.
_SHARES = 4


def batches(works: Sequence[CaseFiles], workers: int) -> Iterator[Batch]:
    """Yield the cases in their order, several small ones together.

    A batch has at most MOST_CASES cases and MOST_BYTES bytes as they lie at the source, and fewer
    cases the fewer are left for the workers; a larger case, and one of unknown size, is alone.
    """
    batch: list[CaseFiles] = []
    size, most = 0, _most(len(works), workers)
    for place, work in enumerate(works):
        if batch and (len(batch) >= most or size + _weight(work) > MOST_BYTES):
            yield tuple(batch)
            batch, size, most = [], 0, _most(len(works) - place, workers)
        batch.append(work)
        size += _weight(work)
    if batch:
        yield tuple(batch)


def _most(left: int, workers: int) -> int:
    return min(MOST_CASES, max(1, left // (max(1, workers) * _SHARES)))


def _weight(work: CaseFiles) -> int:
    """Return the bytes of a case; a source that tells no size may hide a large one."""
    return work.size if all(file.size for file in work.files) else MOST_BYTES


def read_batch(works: Batch, options: ReadingOptions, expected: Sequence[str]) -> list[ReadCase]:
    """Return what `read_case` makes of each case, in order; `expected` are their digests."""
    return [read_case(work, options, digest) for work, digest in zip(works, expected, strict=True)]
