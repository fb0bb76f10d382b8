"""Sentences about omegas, indicators and changes of the set of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, Consistency, IndicatorSets, ItemAnalysis, OmegaTable
from clientindex.wording.absence import name_reason, take
from clientindex.wording.consistency import pick
from clientindex.wording.names import name_indicator
from clientindex.wording.sentences.recipe import ParagraphRecipe, make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows, say_interval

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

DIGITS = 2


def say_omegas(
    consistency: Consistency, omegas: OmegaTable, methodology: Methodology, wording: Wording
) -> str:
    """Say which omega is which, and what the general factor and those of the groups explain."""
    spans = {
        key: _span(_of_groups(pick(consistency, statistic)), wording)
        for key, statistic in (
            ("omega", "omega_total"),
            ("categorical", "green_yang"),
            ("ordinal", "ordinal_alpha"),
        )
    }
    said = [wording.text("sentence.omegas.groups", **spans)]
    frame = omegas.frame
    chosen = (frame["kind"] == "all") & (frame["solution"] == "schmid_leiman")
    frame = frame[chosen & (frame["statistic"] == "omega_hierarchical")]
    whole = list_rows(frame[frame["group"] == INDEX])
    if not whole:
        return " ".join([*said, _say_no_general(omegas, methodology, wording)])
    said.append(
        wording.text(
            "sentence.omegas.general",
            general=wording.percent(whole[0]["estimate"]),
            interval=_say_percents(whole[0], omegas.level, wording),
            own=_percent_span(frame[frame["group"] != INDEX], wording),
        )
    )
    return " ".join(said)


def _say_no_general(omegas: OmegaTable, methodology: Methodology, wording: Wording) -> str:
    frame = omegas.left_out
    frame = frame[(frame["kind"] == "all") & (frame["solution"] == "schmid_leiman")]
    reasons = [
        name_reason(f"reliability.{key}", "", methodology, wording=wording)
        for key in frame["reason"]
    ]
    return wording.text("sentence.omegas.no_general", reason=" ".join(reasons))


def _of_groups(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["kind"] == "all") & (frame["group"] != INDEX)]


def _span(frame: pd.DataFrame, wording: Wording, digits: int = DIGITS) -> str:
    values = frame["estimate"].dropna()
    if values.empty:
        return wording.missing
    return wording.span(values.min(), values.max(), digits)


def _percent_span(frame: pd.DataFrame, wording: Wording) -> str:
    values = frame["estimate"].dropna()
    if values.empty:
        return wording.missing
    low, high = (wording.percent(end) for end in (values.min(), values.max()))
    return low if low == high else wording.text("list.span", low=low, high=high)


def _say_percents(row: Row, level: float, wording: Wording, digits: int = 0) -> str:
    shares = {name: 100 * row[name] for name in ("ci_low", "ci_high")}
    text = say_interval(shares, level, wording=wording, digits=digits)
    return text


def say_items(result: ItemAnalysis, methodology: Methodology, wording: Wording) -> str:
    """Say where answers pile up, the weakest relation, and which indicators weaken alpha."""
    said = []
    frame = result.items
    best = frame[(frame["kind"] == "all") & (frame["statistic"] == "ceiling")]
    if len(best):
        most = max(list_rows(best), key=lambda row: row["estimate"])
        said.append(
            wording.text(
                "sentence.items.ceiling",
                span=_percent_span(best, wording),
                indicator=name_indicator(most["indicator"], methodology, wording),
                most=wording.percent(most["estimate"]),
                interval=_say_percents(most, result.level, wording),
            )
        )
    said += _say_relations(result, methodology, wording)
    against = dict.fromkeys(
        result.against_key.loc[result.against_key["kind"] == "all", "indicator"]
    )
    if against:
        names = [name_indicator(key, methodology, wording) for key in against]
        said.append(wording.text("sentence.items.against", indicators="; ".join(names)))
    return " ".join(said)


def _say_relations(result: ItemAnalysis, methodology: Methodology, wording: Wording) -> list[str]:
    frame = result.relations
    frame = frame[(frame["kind"] == "all") & (frame["group"] != INDEX)]
    rest = frame[frame["statistic"] == "item_rest"]
    if rest.empty:
        return []
    least = min(list_rows(rest), key=lambda row: row["estimate"])
    said = [
        wording.text(
            "sentence.items.rest",
            span=_span(rest, wording),
            indicator=name_indicator(least["indicator"], methodology, wording),
            interval=say_interval(least, result.level, wording=wording, digits=DIGITS),
        )
    ]
    if result.raising:
        names = [name_indicator(key, methodology, wording) for key in result.raising]
        return [*said, wording.text("sentence.items.rises", indicators="; ".join(names))]
    return [*said, wording.text("sentence.items.no_rise")]


def say_sets(result: IndicatorSets, methodology: Methodology, wording: Wording) -> str:
    """Say what leaving out an indicator does to its own group."""
    frame = result.changes
    frame = frame[(frame["kind"] == "all") & (frame["change"] == "drop")]
    own = [
        methodology.group_of(key) == group
        for key, group in zip(frame["indicator"], frame["group"], strict=True)
    ]
    frame = frame[own]
    alpha = frame[frame["statistic"] == "alpha"]
    if alpha.empty:
        return wording.text("sentence.indicator_sets.undefined")
    most = min(list_rows(alpha), key=lambda row: row["estimate"])
    said = wording.text(
        "sentence.indicator_sets.loss",
        alpha=_span(alpha, wording),
        reliability=_span(frame[frame["statistic"] == "centre_reliability"], wording),
        indicator=name_indicator(most["indicator"], methodology, wording),
        most=wording.number(most["estimate"], DIGITS),
        interval=say_interval(most, result.level, wording=wording, digits=DIGITS),
    )
    gains = [
        name_indicator(key, methodology, wording)
        for key in alpha.loc[alpha["ci_low"] > 0, "indicator"]
    ]
    if gains:
        text = wording.text("sentence.indicator_sets.gain", indicators="; ".join(gains))
    else:
        text = wording.text("sentence.indicator_sets.no_gain")
    return f"{said} {text}"


def _build_omegas(bundle: Bundle, wording: Wording) -> str:
    return say_omegas(
        take(bundle, "consistency", Consistency),
        take(bundle, "omegas", OmegaTable),
        bundle.methodology,
        wording,
    )


RECIPES = (
    ParagraphRecipe(name="omegas", needs=("consistency", "omegas"), build=_build_omegas),
    make_paragraph("items", "item_analysis", ItemAnalysis, say_items),
    make_paragraph("indicator_sets", "indicator_sets", IndicatorSets, say_sets),
)
