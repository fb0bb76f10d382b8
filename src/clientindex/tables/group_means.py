"""Mean scores of the groups: for the country, by region for pages, with intervals for files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import COUNTRY, GroupMeans
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, clean_value, collect_rows, pair_ends
from clientindex.wording.absence import take
from clientindex.wording.names import name_group, name_region

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

MOST_NAMED: Final = 6
"""Columns with names that a page has room for; more groups are numbered and named below."""


def build_group_means(
    means: GroupMeans, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group, in the order of the methodology, over all regions."""
    frame = means.frame.loc[means.frame["region"] == COUNTRY]
    return TableSpec(
        key="group_means",
        caption=wording.text("table.group_means.title"),
        columns=(
            make_column("group", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("mean_score", wording, kind="number", digits=1),
            make_interval("mean_score_ci", wording, level=means.level),
        ),
        rows=collect_rows(
            [name_group(key, methodology, wording) for key in frame["group"]],
            frame["n_centres"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
        notes=(wording.text("table.group_means.note"),),
    )


def build_region_groups(
    means: GroupMeans, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a region, by name, and one column a group; the country comes last.

    The number of centres is the smallest behind a mean of the row, 0 where there is no mean.
    """
    frame = means.frame
    n_centres = frame.dropna(subset="estimate").groupby("region")["n_centres"].min().to_dict()
    estimates = frame.set_index(["region", "group"])["estimate"].to_dict()
    groups = list(dict.fromkeys(frame["group"]))
    names = [name_group(key, methodology, wording) for key in groups]
    headers, key_note = _head_groups(names, wording)
    columns = [
        Column(key=group, header=header, kind="number", digits=1)
        for group, header in zip(groups, headers, strict=True)
    ]
    rows = [
        (
            name_region(region, wording),
            int(n_centres.get(region, 0)),
            *(clean_value(estimates[region, group]) for group in groups),
        )
        for region in dict.fromkeys(frame["region"])
    ]
    return TableSpec(
        key="region_groups",
        caption=wording.text("table.region_groups.title"),
        columns=(
            make_column("region", wording),
            make_column("n_centres", wording, kind="integer"),
            *columns,
        ),
        rows=tuple(rows),
        notes=(*key_note, wording.text("table.region_groups.note")),
    )


def build_region_group_intervals(
    means: GroupMeans, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a region and group with the interval of the mean."""
    frame = means.frame
    return TableSpec(
        key="region_group_intervals",
        caption=wording.text("table.region_group_intervals.title"),
        columns=(
            make_column("region", wording),
            make_column("group", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("mean_score", wording, kind="number", digits=1),
            make_interval("mean_score_ci", wording, level=means.level),
        ),
        rows=collect_rows(
            [name_region(region, wording) for region in frame["region"]],
            [name_group(key, methodology, wording) for key in frame["group"]],
            frame["n_centres"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
        notes=(wording.text("table.group_means.note"),),
    )


def _head_groups(names: list[str], wording: Wording) -> tuple[list[str], tuple[str, ...]]:
    """Return the headings of groups, and what explains them where they are numbers."""
    if len(names) <= MOST_NAMED:
        return names, ()
    numbers = [wording.integer(number) for number in range(1, len(names) + 1)]
    told = "; ".join(f"{number} — {name}" for number, name in zip(numbers, names, strict=True))
    return numbers, (wording.text("table.region_groups.numbers", groups=told),)


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    means = take(bundle, "group_means", GroupMeans)
    return build_group_means(means, methodology=bundle.methodology, wording=wording)


def _build_regions(bundle: Bundle, wording: Wording) -> TableSpec:
    means = take(bundle, "group_means", GroupMeans)
    return build_region_groups(means, methodology=bundle.methodology, wording=wording)


def _build_intervals(bundle: Bundle, wording: Wording) -> TableSpec:
    means = take(bundle, "group_means", GroupMeans)
    return build_region_group_intervals(means, methodology=bundle.methodology, wording=wording)


RECIPE = TableRecipe(name="group_means", needs=("group_means",), build=_build)
REGIONS = TableRecipe(name="region_groups", needs=("group_means",), build=_build_regions)
INTERVALS = TableRecipe(
    name="region_group_intervals", needs=("group_means",), build=_build_intervals
)
