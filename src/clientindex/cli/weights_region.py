"""``clientindex weights --region``: the stars of one region and what they depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_centre_beside import find_centre
from clientindex.cli.rating_names import shorten, write_between, write_chance, write_star
from clientindex.cli.weights_bounds import count_certain, write_changes
from clientindex.cli.weights_names import (
    name_input,
    tell_missing,
    write_band,
    write_counted,
    write_stars,
)
from clientindex.cli.weights_sobol import write_indices
from clientindex.results import (
    JointDoubt,
    LeaveOneOut,
    Multiverse,
    SobolIndices,
    Unavailable,
    WeightBounds,
    WeightStability,
)

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

SHARES: dict[str, tuple[type[Any], str, str]] = {
    "weight_stability": (WeightStability, "frame", "share_same_star"),
    "multiverse": (Multiverse, "centres", "share_same_star"),
    "joint_doubt": (JointDoubt, "centres", "p_star"),
}
"""Result -> its type, its frame of centres and the column of the share of the same star."""
TITLES = ["same star: weights", "same star: variants", "P(star), all"]
MISSED = {
    "weight_bounds": "exact bounds",
    "weight_stability": "random weights",
    "multiverse": "variants of the method",
    "joint_doubt": "everything together",
    "sobol_indices": "mean index of the region",
    "leave_out": "leave one out",
}
"""What each result tells of a region."""
LEGEND = (
    "Index and stars: now, and all that weights within {band} give. Loses, wins: the smallest band "
    "in which a lower, a higher star becomes possible. Same star: under random weights, over "
    "variants of the method, and the probability when sampling, weights and method move at once."
)
LIMITS = (
    "Shows which stars of the region rest on weights or method. Cannot show which weights are "
    "right."
)


def tell_region(rated: Rated, region: str) -> bool:
    """Print the centres of a region; return whether any has a star."""
    frame = rated.stars.frame
    own = frame[(frame["region"] == region) & (frame["withheld"] == "")]
    own = own.sort_values(["rank", "centre"], kind="stable")
    print_words(f"Region: {region} ({len(own)} centres with a star)")
    bounds = rated.take("weight_bounds", WeightBounds)
    if not isinstance(bounds, Unavailable):
        of_region = bounds.frame[bounds.frame["centre"].isin(own["centre"])]
        certain, known = count_certain(of_region)
        band = write_band(bounds.band_pct)
        print_words(f"{certain} of {known} stars stand under every weighting within {band}.")
    if len(own):
        _tell_centres(own, rated, bounds)
    _tell_mean(rated, region)
    _tell_leaving(rated, region)
    tell_missing(rated, MISSED)
    print_words(LIMITS)
    return len(own) > 0


def _tell_centres(own: pd.DataFrame, rated: Rated, bounds: WeightBounds | Unavailable) -> None:
    shares = {name: _take_shares(rated, name) for name in SHARES}
    rows = [
        [
            row.centre,
            shorten(row.name),
            *_write_bounds(row, bounds),
            *(_write_share(name, found.get(row.centre)) for name, found in shares.items()),
        ]
        for row in list_rows(own)
    ]
    titles = ["index", "star", "within the band", "loses", "wins"]
    print_table(["centre", "name", *titles, *TITLES], rows, keys=2)
    if not isinstance(bounds, Unavailable):
        print_words(LEGEND.format(band=write_band(bounds.band_pct)))


def _write_bounds(row: Any, bounds: WeightBounds | Unavailable) -> list[str]:
    found = None if isinstance(bounds, Unavailable) else find_centre(bounds.frame, row.centre)
    if found is None or isinstance(bounds, Unavailable):
        told = write_between(row.estimate, None, None)
        return [told, write_star(row.star), ABSENT, ABSENT, ABSENT]
    return [
        write_between(found.estimate, found.lower, found.upper),
        write_star(row.star),
        write_stars(found.star_low, found.star_high),
        *write_changes(found, bounds),
    ]


def _write_share(name: str, share: float | None) -> str:
    return write_chance(share) if name == "joint_doubt" else write_counted(share)


def _take_shares(rated: Rated, name: str) -> dict[str, float]:
    kind, frame, column = SHARES[name]
    result: Any = rated.take(name, kind)
    if isinstance(result, Unavailable):
        return {}
    own: pd.DataFrame = getattr(result, frame)
    return dict(zip(own["centre"], own[column].astype(float), strict=True))


def _tell_mean(rated: Rated, region: str) -> None:
    """Print what the spread of the region's mean index is due to."""
    result = rated.take("sobol_indices", SobolIndices)
    if isinstance(result, Unavailable):
        return
    outputs = result.outputs
    found = outputs[(outputs["output"] == "region_mean") & (outputs["key"] == region)]
    if found.empty:
        print_words("Mean index of the region: it does not move, or no centre of it has a star.")
        return
    row = found.iloc[0]
    print_words(
        f"Mean index of the region: {row['published']:.2f}; when weights, method and sampling "
        f"error move at once, {row['mean']:.2f} with a standard deviation of {row['std_dev']:.2f}"
    )
    own = result.indices
    own = own[(own["output"] == "region_mean") & (own["key"] == region)]
    sources = own[own["input_kind"] == "source"]
    rows = [
        [name_input("source", one.input, rated.methodology), *write_indices(one)]
        for one in list_rows(sources.sort_values("total", ascending=False, kind="stable"))
    ]
    print_table(["due to", "first", "total"], rows, keys=1)


def _tell_leaving(rated: Rated, region: str) -> None:
    """Print what others lose without the region."""
    result = rated.take("leave_out", LeaveOneOut)
    if isinstance(result, Unavailable):
        return
    parts = result.parts
    for row in list_rows(parts[(parts["kind"] == "region") & (parts["key"] == region)]):
        changed = row.n_star_up + row.n_star_down + row.n_no_star
        print_words(
            f"Without the region, {changed} of {row.n_centres} stars of the other centres change."
        )
