"""Groups and indicators of the methodology with their weights, and the bands of the stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.tables.columns import make_column, make_star_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec, collect_rows
from clientindex.wording.numbers import to_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_indicators(methodology: Methodology, *, wording: Wording) -> TableSpec:
    """Build one row an indicator: group, question, direction, weights."""
    language = wording.language
    rows = [
        (
            group.name.in_language(language),
            group.weight,
            methodology.indicator(key).name.in_language(language),
            methodology.indicator(key).question.in_language(language),
            wording.text(f"direction.{methodology.indicator(key).direction}"),
            weight,
        )
        for group in methodology.groups
        for key, weight in group.indicators.items()
    ]
    return TableSpec(
        key="indicators",
        caption=wording.text("table.indicators.title"),
        columns=(
            make_column("group", wording),
            make_column("group_weight", wording, kind="number", digits=2),
            make_column("indicator", wording),
            make_column("question", wording),
            make_column("direction", wording),
            make_column("indicator_weight", wording, kind="number", digits=2),
        ),
        rows=tuple(rows),
        notes=(methodology.status.in_language(language),),
    )


def build_bands(methodology: Methodology, *, wording: Wording) -> TableSpec:
    """Build one row a number of stars: from where, included, and up to where, not included.

    Without rows where the rule finds cut points in the scores.
    """
    rule = methodology.stars
    bands = rule.bands if rule.is_stated else ()
    stars = pd.Series(rule.star_values[: len(bands)]).convert_dtypes()
    digits = count_digits(edge for band in bands for edge in (band.lower, band.upper))
    return TableSpec(
        key="bands",
        caption=wording.text("table.bands.title"),
        columns=(
            make_star_column("star", stars, wording),
            make_column("band_from", wording, kind="number", digits=digits),
            make_column("band_to", wording, kind="number", digits=digits),
        ),
        rows=collect_rows(stars, [band.lower for band in bands], [band.upper for band in bands]),
        notes=(wording.text("table.bands.note"),),
    )


def count_digits(values: Iterable[float]) -> int:
    """Return the decimals that show all values as they stand in the methodology; 0 without any."""
    decimals = (-int(to_decimal(x).normalize().as_tuple().exponent) for x in values)
    return max((0, *decimals))


def _build_indicators(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_indicators(bundle.methodology, wording=wording)


def _build_bands(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_bands(bundle.methodology, wording=wording)


INDICATORS = TableRecipe(name="indicators", needs=(), build=_build_indicators)
BANDS = TableRecipe(name="bands", needs=(), build=_build_bands)
