"""Suspicious answers by rule, centres that stand out, and what they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, AnswerQuality
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec, collect_rows, pair_ends

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

MOST_DIGITS = 4


def build_rules(result: AnswerQuality, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a rule: its limit and the share of respondents that it flags."""
    frame = result.shares[result.shares["kind"] == "all"]
    limits = dict(zip(result.rules["rule"], result.rules["limit"], strict=True))
    active = methodology.reliability.quality.list_active()
    cited = (active[rule].source for rule in result.rules["rule"] if rule in active)
    sources = dict.fromkeys(source.in_language(wording.language) for source in cited)
    note = wording.text(
        "table.answer_quality.note",
        unit=wording.text(f"table.answer_quality.{'day' if result.by_day else 'period'}"),
        sources="; ".join(sources),
        replicates=wording.integer(result.replicates),
    )
    return TableSpec(
        key="answer_quality",
        caption=wording.text("table.answer_quality.title"),
        columns=(
            make_column("quality_rule", wording),
            make_column("limit", wording),
            make_column("n_checked", wording, kind="integer"),
            make_column("n_flagged", wording, kind="integer"),
            make_column("share_flagged", wording, kind="percent", digits=2),
            make_interval("share_flagged_ci_percent", wording, level=result.level, digits=2),
        ),
        rows=collect_rows(
            [wording.text(f"quality_rule.{rule}") for rule in frame["rule"]],
            [_write_limit(limits.get(rule), wording) for rule in frame["rule"]],
            frame["n"],
            frame["n_flagged"],
            frame["estimate"],
            pair_ends(100 * frame["ci_low"], 100 * frame["ci_high"]),
        ),
        notes=(note,),
    )


def _write_limit(limit: float | None, wording: Wording) -> str | None:
    """Write a limit with as many decimals as it has; limits of the rules are of different kinds."""
    if limit is None:
        return None
    digits = next((n for n in range(MOST_DIGITS) if round(limit, n) == limit), MOST_DIGITS)
    return wording.number(limit, digits)


def build_effects(result: AnswerQuality, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a rule: change of alpha of all indicators and of the mean index."""
    del methodology
    frame = result.effects
    frame = frame[(frame["kind"] == "all") & (frame["group"] == INDEX)]
    removed = dict(zip(frame["rule"], frame["n_removed"], strict=True))
    pairs = collect_pairs(frame, ["rule"], list(removed), ["alpha", "index"])
    return TableSpec(
        key="quality_effects",
        caption=wording.text("table.quality_effects.title"),
        columns=(
            make_column("quality_rule", wording),
            make_column("n_removed", wording, kind="integer"),
            *make_pair("alpha_change", wording, level=result.level, digits=3),
            *make_pair("index_change", wording, level=result.level, digits=2),
        ),
        rows=tuple(
            (wording.text(f"quality_rule_name.{rule}"), int(removed[rule]), *row)
            for rule, row in pairs.items()
        ),
        notes=(wording.text("table.quality_effects.note"),),
    )


def build_flagged(result: AnswerQuality, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a rule and centre that stands out."""
    del methodology
    frame = result.centres[result.centres["flagged"]]
    return TableSpec(
        key="quality_flagged",
        caption=wording.text("table.quality_flagged.title"),
        columns=(
            make_column("quality_rule", wording),
            make_column("region", wording),
            make_column("centre_id", wording),
            make_column("n_checked", wording, kind="integer"),
            make_column("n_flagged", wording, kind="integer"),
            make_column("share_flagged", wording, kind="percent", digits=1),
            make_interval("share_flagged_ci_percent", wording, level=result.level, digits=1),
            make_column("q_value", wording, kind="p_value"),
        ),
        rows=collect_rows(
            [wording.text(f"quality_rule_name.{rule}") for rule in frame["rule"]],
            frame["region"],
            frame["centre"],
            frame["n"],
            frame["n_flagged"],
            frame["estimate"],
            pair_ends(100 * frame["ci_low"], 100 * frame["ci_high"]),
            frame["q_value"],
        ),
        notes=(
            wording.text(
                "table.quality_flagged.note", rate=wording.percent(result.false_discovery_rate)
            ),
        ),
    )


RECIPES = (
    make_recipe("answer_quality", "answer_quality", AnswerQuality, build_rules),
    make_recipe("quality_effects", "answer_quality", AnswerQuality, build_effects),
    make_recipe("quality_flagged", "answer_quality", AnswerQuality, build_flagged),
)
