"""Rows of centres: with names where they are few, with ranks where they are hundreds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.ticker import FixedLocator, FuncFormatter

from clientindex.figures.labels import name_rows, use_ranks
from clientindex.figures.style import MAX_HEIGHT_IN
from clientindex.results import Stars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from clientindex.results import Bundle
    from clientindex.wording import Wording

MOST_NAMED: Final = 24
"""Centres that are named where there are no more."""
NAME_WIDTH: Final = 40
ROW_IN: Final = 0.27
ALL_ROWS_IN: Final = 5.2
"""Height of the rows of centres without names, inches."""


def name_centres(bundle: Bundle) -> Mapping[str, str]:
    """Return the names of centres by key, where the bundle has them."""
    stars = bundle.results.get("stars")
    if not isinstance(stars, Stars):
        return {}
    return dict(zip(stars.frame["centre"], stars.frame["name"].astype(str), strict=True))


def list_names(centres: Sequence[str], names: Mapping[str, str]) -> list[str] | None:
    """Return the names of the rows; None where there are too many centres for names."""
    if len(centres) > MOST_NAMED:
        return None
    return [names.get(centre, centre) for centre in centres]


def fit_rows(n_centres: int, *, room_in: float) -> tuple[float, float]:
    """Return the height of a figure of so many rows, and that of a row, inches."""
    rows_in = ROW_IN * n_centres if n_centres <= MOST_NAMED else ALL_ROWS_IN
    rows_in = min(rows_in, MAX_HEIGHT_IN - room_in)
    return room_in + rows_in, rows_in / max(n_centres, 1)


def tell_rows(
    ax: Axes, names: Sequence[str] | None, *, n: int, wording: Wording, row_in: float
) -> None:
    """Name the rows 0, 1, ... from top to bottom, or write places beside them: row 0 is first."""
    if names is not None:
        name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
        for label in ax.get_yticklabels():
            label.set_parse_math(False)
        return
    ax.set_ylim(n, 1)
    use_ranks(ax.yaxis, wording, last=n)
    ax.yaxis.set_major_locator(FixedLocator([tick - 1 for tick in ax.get_yticks()]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: wording.integer(round(y) + 1)))
    ax.set_ylim(n - 0.5, -0.5)
    ax.set_ylabel(wording.text("figures.sensitivity.centres", n=wording.integer(n)))
