"""Points of an order as a table."""

from collections.abc import Iterable

import pandas as pd

from ekukit.frames import frame_of
from ekukit.orders.order_texts import OrderPoint

POINT_COLUMNS = ("Point", "Rests on")


def point_table(points: Iterable[OrderPoint]) -> pd.DataFrame:
    """Return a row for each point; columns POINT_COLUMNS, dtype object."""
    return frame_of(points, POINT_COLUMNS)
