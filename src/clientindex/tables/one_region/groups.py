"""Mean scores of the groups of a region beside those of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, GroupMeans
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.spec import TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import Bundle
    from clientindex.tables.spec import Column
    from clientindex.wording import Wording


def build_groups(bundle: Bundle, wording: Wording, region: str) -> TableSpec:
    """Build one row a group that has a score in the region, in the order of the methodology."""
    means = take(bundle, "group_means", GroupMeans)
    own, country = select_groups(means, region)
    return TableSpec(
        key="region_group_scores",
        caption=wording.text("table.region_group_scores.title", region=region),
        columns=(
            make_column("group", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("mean_of_region", wording, kind="number", digits=1),
            _head_interval("mean_of_region", means.level, wording),
            make_column("mean_of_country", wording, kind="number", digits=1),
            _head_interval("mean_of_country", means.level, wording),
        ),
        rows=collect_rows(
            [name_group(key, bundle.methodology, wording) for key in own["group"]],
            own["n_centres"],
            own["estimate"],
            pair_ends(own["ci_low"], own["ci_high"]),
            country["estimate"],
            pair_ends(country["ci_low"], country["ci_high"]),
        ),
        notes=(wording.text("table.region_group_scores.note"),),
    )


def select_groups(means: GroupMeans, region: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the groups that have a score in a region, and the same groups of the country."""
    frame = means.frame
    own = frame[(frame["region"] == region) & frame["estimate"].notna()]
    country = frame[frame["region"] == COUNTRY].set_index("group").loc[own["group"]]
    return own.reset_index(drop=True), country.reset_index()


def _head_interval(of: str, level: float, wording: Wording) -> Column:
    name = wording.text(f"column.{of}")
    return make_interval(f"{of}_ci", wording, level=level, of=name)
