"""Means of regions and the country, and how much of the differences lies between regions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import name_key, write_estimate, write_number
from clientindex.cli.rating_reasons import say_why, tell_absent, tell_left_out
from clientindex.cli.reliability_names import key_rows
from clientindex.results import COUNTRY, INDEX, RegionalProfile, Unavailable

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.footnotes import Footnotes
    from clientindex.cli.rated import Rated

from clientindex.cli.rating_names import make_notes

BY = {"centres": "every centre once", "visitors": "weighted by visitors"}
COMPONENTS = {
    "between_regions": ("between regions", "z.1f"),
    "between_centres": ("between centres", "z.1f"),
    "share": ("share between regions", ".0%"),
    "sampling": ("sampling", "z.1f"),
}
CENTRES_ARE = {
    "drawn": "centres of a region are taken as drawn from all that there could be",
    "finite": "the register is taken as all centres there are",
}
LEGEND = (
    "Mean index with {level:.0%} intervals (Student's t over centres): {are}. Sampling error: the "
    "part of the standard error that comes from who answered, by centres."
)
LEGEND_OF_COMPONENTS = (
    "Variances of true scores in squared points, between regions and between centres of a region "
    "(REML, {level:.0%} profile-likelihood intervals); sampling: mean of the centres."
)
LIMITS = (
    "Shows means of the centres that were surveyed. Cannot show that regions of few centres "
    "differ: see unusual."
)


def tell_regions(rated: Rated) -> bool:
    """Print means of regions and the country; return whether there are any."""
    result = rated.take("regional", RegionalProfile)
    if isinstance(result, Unavailable):
        tell_absent("Regions", result, rated.methodology)
        return False
    own = result.means[result.means["kind"] == INDEX]
    print_words(f"Regions and the country ({own['region'].nunique() - 1} regions)")
    tell_means(own, result, rated)
    _tell_components(result, rated)
    print_words(LIMITS)
    return bool(own["estimate"].notna().any())


def tell_means(own: pd.DataFrame, result: RegionalProfile, rated: Rated) -> None:
    """Print means of the index, a row a region."""
    notes = make_notes(rated.methodology)
    reasons = key_rows(result.left_out, "subject", "statistic")
    found = key_rows(own, "region", "by")
    rows = [
        _write_region(region, found, reasons, notes, rated)
        for region in dict.fromkeys(own["region"])
    ]
    titles = ["region", "centres", "of", "n", *BY.values(), "sampling error"]
    print_table(titles, rows, keys=1)
    notes.tell()
    print_words(LEGEND.format(level=result.level, are=CENTRES_ARE[result.centres_are]))


def _write_region(
    region: str, found: dict[Any, Any], reasons: dict[Any, Any], notes: Footnotes, rated: Rated
) -> list[str]:
    rows = {by: found[region, by] for by in BY}
    first = rows["centres"]
    cells = []
    for by, row in rows.items():
        reason = reasons.get((region, f"{by}.{INDEX}"))
        mark = (
            ""
            if reason is None
            else f" {notes.mark(say_why(reason.reason, reason.detail, rated.methodology))}"
        )
        cells.append(f"{write_estimate(row)}{mark}")
    return [
        "country" if region == COUNTRY else region,
        f"{first.n_centres:.0f}",
        f"{first.n_register:.0f}",
        write_number(first.n, ".0f"),
        *cells,
        write_number(first.sampling_error, "z.2f"),
    ]


def _tell_components(result: RegionalProfile, rated: Rated) -> None:
    """Print variances between regions and between centres of the index and the groups."""
    found = key_rows(result.components, "key", "statistic")
    keys = list(dict.fromkeys(result.components["key"]))
    if keys:
        rows = [
            [name_key(key, rated.methodology), *(_write(found, key, name) for name in COMPONENTS)]
            for key in keys
        ]
        print_table(["subject", *(title for title, _ in COMPONENTS.values())], rows, keys=1)
        print_words(LEGEND_OF_COMPONENTS.format(level=result.level))
    absent = result.left_out[result.left_out["statistic"] == "components"]
    tell_left_out(absent, rated.methodology, "subject", "statistic")


def _write(found: dict[Any, Any], key: str, name: str) -> str:
    row = found.get((key, name))
    if row is None or math.isnan(row.estimate):
        return "-"
    return write_estimate(row, COMPONENTS[name][1])


def take_region(result: RegionalProfile, region: str) -> pd.DataFrame:
    """Return the means of the index of one region and of the country."""
    means = result.means[result.means["kind"] == INDEX]
    return means[means["region"].isin([region, COUNTRY])]


def find_funnel_row(result: RegionalProfile, region: str) -> Any:
    """Return the place of a region in the funnel of regions, or None."""
    return next(list_rows(result.regions[result.regions["region"] == region]), None)
