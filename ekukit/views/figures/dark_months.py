"""Services that go dark by month, as a figure for a manager: one bar for each month."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from ekukit.causes.system_words import title_of
from ekukit.connections.services import SERVICES
from ekukit.fleets.fleet_tables import NOW
from ekukit.views.figures.drawn import SETTINGS, svg_of

if TYPE_CHECKING:
    import pandas as pd

# Told apart by hatch and place, too, so that color is never the only cue.
_LOOKS = (("#8a1010", ""), ("#f2b134", "//"), ("#22384f", ".."), ("#2f6f4f", "xx"))
_INK = "#1f2328"
_MOST_MONTHS = 24
# Between what is down and the months to come, so that their labels do not run into each other.
_GAP = 0.8


def months_svg(months: "pd.DataFrame", on: dt.date) -> str:
    """Return how many cases lose each service in each month as SVG with a spoken label.

    `months` is the table of `FleetTables.months`. What is down in the archives stands first, apart
    from the months; a line marks `on`. Of more than two years the rest is one bar.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    counts = {
        (row["month"], row["service"]): int(row["cases"]) for row in months.to_dict("records")
    }
    places = _places([month for month, _service in counts])
    with rc_context(SETTINGS):
        figure = Figure(figsize=(12, 4.4), layout="constrained")
        axes: Any = figure.add_subplot()
        for number, service in enumerate(SERVICES):
            _bars(axes, number, service.id, counts, places)
        _frame(axes, places, on)
        figure.suptitle("Cases that lose a service, by month", x=0.01, ha="left", fontsize=20,
                        fontweight="bold", color=_INK)  # fmt: skip
        return svg_of(figure, _spoken(counts, places))


def _places(found: list[str]) -> list[str]:
    """Return the months in order without a gap, what is down now before them."""
    told = sorted({month for month in found if month != NOW})
    if not told:
        return [NOW]
    (year, month), last = map(int, told[0].split("-")), told[-1]
    months = [told[0]]
    while months[-1] < last and len(months) < _MOST_MONTHS:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months
        months.append(f"{year:04}-{month:02}")
    return [NOW, *months, *(["later"] if months[-1] < last else [])]


def _count(counts: dict[tuple[str, str], int], place: str, service: str, last: str) -> int:
    if place != "later":
        return counts.get((place, service), 0)
    return sum(n for (month, name), n in counts.items() if name == service and month > last)


def _bars(
    axes: Any,  # noqa: ANN401 - matplotlib has no types here
    number: int, service: str, counts: dict[tuple[str, str], int], places: list[str],
) -> None:  # fmt: skip
    color, hatch = _LOOKS[number % len(_LOOKS)]
    wide = 0.8 / len(SERVICES)
    last = max((p for p in places if p not in (NOW, "later")), default="")
    high = [_count(counts, place, service, last) for place in places]
    left = [x + (number - (len(SERVICES) - 1) / 2) * wide for x in _at(places)]
    drawn = axes.bar(left, high, wide, color=color, hatch=hatch, edgecolor="white",
                     label=title_of(service))  # fmt: skip
    axes.bar_label(drawn, [str(count) if count else "" for count in high], fontsize=11, padding=1)


def _at(places: list[str]) -> list[float]:
    """Return where each place stands on the axis."""
    return [0.0, *(number + _GAP for number in range(1, len(places)))]


def _frame(axes: Any, places: list[str], on: dt.date) -> None:  # noqa: ANN401 - as above
    from matplotlib.ticker import MaxNLocator

    stands = _at(places)
    axes.set_xticks(stands, [_label(place, places) for place in places], fontsize=12)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.set_ylabel("cases", fontsize=13)
    axes.margins(y=0.15)
    if len(places) > 1:
        axes.axvline((1 + _GAP) / 2, color=_INK, lw=1, ls=":")
    this = f"{on:%Y-%m}"
    if this in places:
        today = stands[places.index(this)] - 0.5 + on.day / 31
        axes.axvline(today, color="#57606a", lw=1.5, ls="--", zorder=0, label=f"{on:%d %b %Y}")
        for text, side, off in (("passed", "right", -0.1), ("to come", "left", 0.1)):
            axes.text(today + off, 0.99, text, ha=side, va="top", fontsize=13, color=_INK,
                      transform=axes.get_xaxis_transform())  # fmt: skip
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(frameon=False, fontsize=13, loc="upper right")


def _label(place: str, places: list[str]) -> str:
    if place == NOW:
        return "down in\nthe archive"
    if place == "later":
        return "later"
    day = dt.date.fromisoformat(f"{place}-01")
    year = f"\n{day:%Y}" if day.month == 1 or place == places[1] else ""
    return f"{day:%b}{year}"


def _spoken(counts: dict[tuple[str, str], int], places: list[str]) -> str:
    last = max((p for p in places if p not in (NOW, "later")), default="")
    told = []
    for place in places:
        each = [(title_of(s.id), _count(counts, place, s.id, last)) for s in SERVICES]
        if any(count for _title, count in each):
            name = "down in the archive" if place == NOW else place
            told.append(f"{name}: {', '.join(f'{title} {count}' for title, count in each)}")
    return f"Cases that lose a service, by month. {'; '.join(told) or 'None is known.'}"
