"""Keys numbered in the order in which they come, with no more loaded than that is worth."""

import sys

import numpy as np
from numpy.typing import NDArray

from ekukit.log.stamps import Offsets

# Up to here sorting takes less than loading pandas, which counts faster.
_MANY = 1 << 19


def numbered(keys: NDArray[np.integer]) -> tuple[Offsets, int]:
    """Return a number for each key, in the order in which they come, and how many there are."""
    if len(keys) > _MANY or "pandas" in sys.modules:
        import pandas as pd

        codes, known = pd.factorize(keys)
        return codes, len(known)
    _known, first, places = np.unique(keys, return_index=True, return_inverse=True)
    ranks = np.empty(len(first), np.int64)
    ranks[np.argsort(first)] = np.arange(len(first))
    return ranks[places], len(first)
