"""Points of an order as a table."""

from collections.abc import Iterable

import pandas as pd

from ekukit.frames import frame_of
from ekukit.orders.order_texts import OrderPoint

POINT_COLUMNS = ("Point", "Rests on")
_WORDS = {"eku": "EKUs"}


def headed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of an order with columns in words: "left_out" is "Left out", "eku" "EKUs"."""
    return frame.rename(columns=lambda name: _WORDS.get(name, name.replace("_", " ").capitalize()))


def point_table(points: Iterable[OrderPoint]) -> pd.DataFrame:
    """Return a row for each point; columns POINT_COLUMNS, dtype object."""
    return frame_of(points, POINT_COLUMNS)
