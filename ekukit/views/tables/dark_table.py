"""The renewal calendar as tables for people: certificates worst first, and who says so."""

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from ekukit.frames import frame_of
from ekukit.planning.lead_times import LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates
from ekukit.renewals.dark_rows import DARK_COLUMNS, SOURCE_COLUMNS, dark_rows, source_rows
from ekukit.renewals.stops import Stop


def dark_table(rows: Iterable[CertificateDates], on: dt.date, leads: LeadTimes) -> pd.DataFrame:
    """Return one row for each certificate in the order given; columns DARK_COLUMNS, dtype object.

    Several lines in a cell are a tuple.
    """
    return frame_of(dark_rows(rows, on, leads), DARK_COLUMNS)


def source_table(stops: Iterable[Stop]) -> pd.DataFrame:
    """Return the sources of the last days; columns SOURCE_COLUMNS, dtype object."""
    return frame_of(source_rows(stops), SOURCE_COLUMNS)
