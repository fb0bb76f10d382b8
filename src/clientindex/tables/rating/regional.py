"""Means of regions, what lies between regions, and who stands out of the funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, RegionalProfile, Stars
from clientindex.tables.long import bound, chance, count, lay_out, measure, tell
from clientindex.tables.naming import keep, say
from clientindex.tables.rating.names import name_place, name_subject, say_reason
from clientindex.tables.rating.wide import lay_wide
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

ADDITIVE, MULTIPLICATIVE = "additive", "multiplicative"
WAYS = ("centres", "visitors")
"""How regions are averaged."""
COMPONENTS = ("share", "between_regions", "between_centres", "sampling")
"""Statistics of the variance of a score; there are none where there is one region only."""


def build_means(result: RegionalProfile, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a region: mean index over centres and over visitors, the country last."""
    parts = {way: _take_means(result.means, way) for way in WAYS}
    frame = parts["centres"].join(parts["visitors"].add_suffix("_visitors")).reset_index()
    columns = (
        tell("region", "region", name_place),
        measure("mean_by_centres", "estimate", digits=1),
        bound("ci", "mean_by_centres", digits=1),
        measure("mean_by_visitors", "estimate_visitors", digits=1),
        bound("ci_visitors", "mean_by_visitors", digits=1),
        count("n_centres"),
        count("n_register"),
        count("n"),
    )
    frame = frame.rename(
        columns={f"ci_{end}_visitors": f"ci_visitors_{end}" for end in ("low", "high")}
    )
    kind = wording.text(f"centres_are.{result.centres_are}")
    return lay_out(
        "regional_means",
        frame,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text("table.regional_means.note", kind=kind),
            *_explain_means(result.left_out, methodology, wording),
        ),
    )


def _take_means(means: pd.DataFrame, way: str) -> pd.DataFrame:
    return means[(means["key"] == INDEX) & (means["by"] == way)].set_index("region")


def _explain_means(
    left_out: pd.DataFrame, methodology: Methodology, wording: Wording
) -> Iterator[str]:
    """Say why means or intervals of the index are missing, with the number of regions."""
    for way in WAYS:
        reasons = left_out.loc[left_out["statistic"] == f"{way}.{INDEX}", "reason"]
        for reason, n in reasons.value_counts(sort=False).items():
            yield wording.text(
                "table.regional_means.left_out",
                mean=wording.text(f"column.mean_by_{way}"),
                reason=str(say_reason(str(reason), methodology, wording)),
                n=wording.integer(int(n)),
            )


def build_components(
    result: RegionalProfile, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a score: share of variance between regions, and the variances."""
    values = ("estimate", "ci_low", "ci_high", "n", "n_regions")
    wide = lay_wide(result.components, "key", "statistic", values, known=COMPONENTS)
    wide = wide.rename(columns={f"share_ci_{end}": f"share_{end}" for end in ("low", "high")})
    columns = (
        tell("compared", "key", name_subject),
        measure("region_share", "share_estimate", digits=2),
        bound("share", "region_share", digits=2),
        measure("between_regions", "between_regions_estimate", digits=1),
        measure("between_centres", "between_centres_estimate", digits=1),
        measure("mean_sampling", "sampling_estimate", digits=1),
        count("n_centres", "share_n"),
        count("n_regions", "share_n_regions"),
    )
    return lay_out(
        "region_components",
        wide,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text("table.region_components.note"),
            *_explain_components(result.left_out, methodology, wording),
        ),
    )


def _explain_components(
    left_out: pd.DataFrame, methodology: Methodology, wording: Wording
) -> Iterator[str]:
    for row in left_out[left_out["statistic"] == "components"].itertuples():
        yield wording.text(
            "table.region_components.left_out",
            subject=name_subject(str(row.subject), methodology, wording),
            reason=str(say_reason(str(row.reason), methodology, wording)),
        )


def build_dispersion(
    result: RegionalProfile, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a funnel: target, over-dispersion by both models, units flagged."""
    columns = (
        tell("funnel_unit", "unit", say("funnel_unit")),
        measure("funnel_target", "target", digits=1),
        count("n_units", "n"),
        measure("funnel_phi", "phi", digits=2),
        measure("funnel_scale", "scale", digits=2),
        measure("funnel_tau", "tau", digits=1),
        measure("funnel_q", "q", digits=1),
        chance("p_value"),
        count("funnel_high_count", "high_additive"),
        count("funnel_low_count", "low_additive"),
    )
    return lay_out(
        "funnel_dispersion",
        result.dispersion,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.funnel_dispersion.note",
                share=wording.percent(result.winsorised),
                rate=wording.percent(result.fdr),
                source=result.source,
            ),
        ),
    )


def build_unusual_centres(
    result: RegionalProfile, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the centres that stand out by the additive model, farthest first on either side."""
    frame = result.centres[result.centres[f"flagged_{ADDITIVE}"] != ""]
    ends = given.frame[["centre", "ci_low", "ci_high"]]
    columns = (
        tell("centre", "name", keep),
        tell("region", "region", keep),
        tell("unusual_side", f"flagged_{ADDITIVE}", say("unusual_side")),
        measure("index", "estimate", digits=1),
        bound(digits=1),
        count("n"),
        measure("unusual_z", f"z_{ADDITIVE}", digits=2),
        chance("q_value", f"q_{ADDITIVE}"),
        tell("also_multiplicative", f"flagged_{MULTIPLICATIVE}", say("unusual_side")),
    )
    return lay_out(
        "unusual_centres",
        frame.merge(ends, on="centre", how="left"),
        columns,
        level=given.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.unusual_centres.note",
                rate=wording.percent(result.fdr),
                target=wording.text(f"target_kind.{result.target_kind}"),
                n=wording.integer(len(result.centres)),
            ),
        ),
    )


def build_unusual_regions(
    result: RegionalProfile, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the regions that stand out by the additive model."""
    frame = result.regions[result.regions[f"flagged_{ADDITIVE}"] != ""]
    columns = (
        tell("region", "region", keep),
        tell("unusual_side", f"flagged_{ADDITIVE}", say("unusual_side")),
        measure("mean_index", "estimate", digits=1),
        measure("std_error", "error", digits=2),
        count("n_starred", "n_centres"),
        measure("unusual_z", f"z_{ADDITIVE}", digits=2),
        chance("q_value", f"q_{ADDITIVE}"),
    )
    return lay_out(
        "unusual_regions",
        frame,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.unusual_regions.note",
                rate=wording.percent(result.fdr),
                n=wording.integer(len(result.regions)),
            ),
        ),
    )


def _build_unusual_centres(bundle: Bundle, wording: Wording) -> TableSpec:
    result, given = take(bundle, "regional", RegionalProfile), take(bundle, "stars", Stars)
    return build_unusual_centres(result, given, bundle.methodology, wording)


RECIPES = (
    make_recipe("regional_means", "regional", RegionalProfile, build_means),
    make_recipe("region_components", "regional", RegionalProfile, build_components),
    make_recipe("funnel_dispersion", "regional", RegionalProfile, build_dispersion),
    TableRecipe(name="unusual_centres", needs=("regional", "stars"), build=_build_unusual_centres),
    make_recipe("unusual_regions", "regional", RegionalProfile, build_unusual_regions),
)
