"""Where weights could come from: every source beside the current weights, and the experts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clientindex.results import INDEX, WeightSources
from clientindex.tables.columns import make_column
from clientindex.tables.long import bound, count, lay_out, measure, share, tell
from clientindex.tables.naming import say_truth
from clientindex.tables.rating.names import name_subject
from clientindex.tables.rating.wide import lay_wide
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import TOP, name_keys, name_part, name_source, say_gap
from clientindex.tables.spec import Column, TableSpec, collect_rows
from clientindex.wording.names import name_value
from clientindex.wording.transliteration import transliterate

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

CURRENT, TOGETHER = "current", "all"
RUSSIAN_EXPERT: Final = re.compile(r"\b[Ээ]ксперт\b")
"""The word by which sheets number experts."""


def build_comparison(
    result: WeightSources, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a source: how far its weights are, and ranks and stars that change."""
    frame = result.comparison
    columns = (
        tell("weight_source", "source", name_source),
        count("n_behind", "n_used"),
        share("weight_moved", "distance", digits=1),
        measure("tau", "kendall_tau", digits=3),
        measure("mean_rank_shift", "mean_abs_rank_shift", digits=1),
        count("n_stars_changed", "n_changed"),
        count("n_stars_up", "n_up"),
        count("n_stars_down", "n_down"),
        share("share_changed", digits=1, ends="exact"),
    )
    return lay_out(
        "weight_sources",
        frame[frame["source"] != CURRENT],
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text("table.weight_sources.note", n=wording.integer(int(frame["n"].max()))),
        ),
        explains_gaps=bool(frame.drop(columns="n_used").notna().all(axis=None)),
    )


def build_group_weights(
    result: WeightSources, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a source and one column a group: weights of groups in the index."""
    frame = result.weights[result.weights["kind"] == "group"]
    keys = list(dict.fromkeys(frame["key"]))
    wide = lay_wide(frame, "source", "key", ("effective",))
    shown = [
        Column(key=key, header=name_subject(key, methodology, wording), kind="percent", digits=1)
        for key in keys
    ]
    return TableSpec(
        key="source_groups",
        caption=wording.text("table.source_groups.title"),
        columns=(make_column("weight_source", wording), *shown),
        rows=collect_rows(
            [name_source(source, methodology, wording) for source in wide["source"]],
            *(wide[f"{key}_effective"] for key in keys),
        ),
        notes=(wording.text("table.source_groups.note"),),
    )


def build_regression(
    result: WeightSources, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group: its part in what explains overall satisfaction."""
    frame = result.importance[result.importance["kind"].isin(["index", "group"])]
    columns = (
        tell("explains", ("kind", "key"), name_explaining),
        share("explained_part", "estimate", digits=1),
        bound("ci", "explained_part", scale=100, digits=1),
        share("explained_share", "share", digits=1),
    )
    outcome = name_part(("indicator", result.outcome), methodology, wording)
    return lay_out(
        "satisfaction_parts",
        frame,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.satisfaction_parts.note",
                outcome=outcome or wording.text("sensitivity_source.no_outcome"),
                replicates=wording.integer(result.replicates),
            ),
        ),
    )


def build_consistency(
    result: WeightSources, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a matrix of judgements: all together, and those that contradict themselves."""
    frame = result.consistency
    told = frame[frame["inconsistent"] | (frame["expert"] == TOGETHER)]
    columns = (
        tell("asked_about", "parent", name_asked),
        tell("expert", "expert", name_expert),
        measure("consistency_ratio", "ratio", digits=3),
        tell("inconsistent", "inconsistent", say_truth),
    )
    return lay_out(
        "expert_consistency",
        told.head(TOP),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.expert_consistency.note",
                limit=wording.number(result.consistency_limit, 2),
                n=wording.integer(int((frame["expert"] != TOGETHER).sum())),
                most=wording.integer(TOP),
            ),
        ),
    )


def build_judgements(
    result: WeightSources, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the judgements of inconsistent experts that are to be looked at."""
    columns = (
        tell("asked_about", "parent", name_asked),
        tell("expert", "expert", name_expert),
        tell("judged_first", "first", name_judged),
        tell("judged_second", "second", name_judged),
        measure("judgement", digits=2),
        measure("judgement_implied", "implied", digits=2),
        measure("consistency_then", "ratio", digits=3),
    )
    return lay_out(
        "expert_judgements",
        result.judgements.head(TOP),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(wording.text("table.expert_judgements.note"),),
    )


def build_lacking(result: WeightSources, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a source that gives no weights or no stars, and why."""
    detailed = bool(result.left_out["detail"].fillna("").ne("").any())
    columns = (
        tell("weight_source", "source", name_source),
        tell("gap_reason", "reason", say_gap),
        *((tell("gap_detail", "detail", name_keys),) if detailed else ()),
    )
    return lay_out(
        "source_gaps",
        result.left_out,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(wording.text("table.source_gaps.note"),) if detailed else (),
        explains_gaps=True,
    )


def name_explaining(part: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name a group that explains satisfaction, or all indicators together."""
    kind, _ = part
    if kind == INDEX:
        return wording.text("asked.together")
    return name_part(part, methodology, wording)


def name_expert(expert: str, methodology: Methodology, wording: Wording) -> str:
    """Name an expert as the methodology or the sheet does, or all of them.

    Outside Russian documents names are written in Latin letters.
    """
    if expert == TOGETHER:
        return wording.text("sensitivity_source.experts")
    named = name_value("expert", expert, methodology, wording)
    if wording.language == "ru":
        return named
    return transliterate(RUSSIAN_EXPERT.sub(wording.text("asked.expert"), named))


def name_asked(parent: str, methodology: Methodology, wording: Wording) -> str:
    """Name what experts were asked about: the groups of the index, or a group's indicators."""
    if parent == INDEX:
        return wording.text("asked.index")
    return name_subject(parent, methodology, wording)


def name_judged(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a group or an indicator that experts compared."""
    kind = "indicator" if key in methodology.indicator_keys else "group"
    return name_part((kind, key), methodology, wording)


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("weight_sources", "weight_sources", WeightSources, build_comparison),
    make_recipe("source_groups", "weight_sources", WeightSources, build_group_weights),
    make_recipe("source_gaps", "weight_sources", WeightSources, build_lacking),
    make_recipe("expert_consistency", "weight_sources", WeightSources, build_consistency),
    make_recipe("expert_judgements", "weight_sources", WeightSources, build_judgements),
    make_recipe("satisfaction_parts", "weight_sources", WeightSources, build_regression),
)
