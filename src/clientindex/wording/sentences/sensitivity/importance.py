"""Which weights matter to the index, and how far groups make up for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.weight_importance import WeightImportance
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import (
    Row,
    is_above,
    is_below,
    is_known,
    list_rows,
    say_percents,
)
from clientindex.wording.sentences.sensitivity.shares import (
    list_shares,
    name_all,
    name_row,
    say_points,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.weight_importance"
SMALL_GAP = 0.005
"""Share by which sampling error hardly changes importance."""


def say_importance(result: WeightImportance, methodology: Methodology, wording: Wording) -> str:
    """Say what matters most and least, and where importance is not what the weight says."""
    groups = list_shares(result, "group")
    if not groups:
        return wording.text(f"{KEY}.none")
    said = [
        wording.text(f"{KEY}.meaning"),
        _say_extremes("groups", groups, result, methodology, wording),
        *_say_apart(groups, methodology, wording),
        *_say_indicators(result, methodology, wording),
        *_say_net(result, methodology, wording),
    ]
    return " ".join(said)


def _say_extremes(
    form: str,
    rows: list[Row],
    result: WeightImportance,
    methodology: Methodology,
    wording: Wording,
) -> str:
    values: dict[str, str] = {}
    for end, row in (("most", rows[0]), ("least", rows[-1])):
        values |= {
            end: name_row(row, methodology, wording),
            f"{end}_share": wording.percent(row["estimate"], 1),
            f"{end}_weight": wording.percent(row["weight"], 1),
            f"{end}_interval": say_percents(row, result.level, wording=wording, digits=1),
        }
    return wording.text(f"{KEY}.{form}", **values)


def _say_apart(rows: list[Row], methodology: Methodology, wording: Wording) -> list[str]:
    """Say which groups matter more or less than they weigh, beyond their intervals."""
    above = [row for row in rows if is_above(row, row["weight"])]
    below = [row for row in rows if is_below(row, row["weight"])]
    if not above and not below:
        return [wording.text(f"{KEY}.alike")]
    return [
        wording.text(f"{KEY}.{side}", names=name_all(found, methodology, wording))
        for side, found in (("above", above), ("below", below))
        if found
    ]


def _say_indicators(
    result: WeightImportance, methodology: Methodology, wording: Wording
) -> list[str]:
    rows = list_shares(result, "indicator")
    if len(rows) < 2:
        return []
    return [
        _say_extremes("indicators", rows, result, methodology, wording),
        wording.text(
            f"{KEY}.counts",
            above=wording.integer(sum(is_above(row, row["weight"]) for row in rows)),
            below=wording.integer(sum(is_below(row, row["weight"]) for row in rows)),
            n=wording.integer(len(rows)),
        ),
    ]


def _say_net(result: WeightImportance, methodology: Methodology, wording: Wording) -> list[str]:
    """Say whose share sampling error hides most."""
    if result.sampling == "none":
        return [wording.text(f"{KEY}.no_net")]
    net = {row["key"]: row for row in list_shares(result, "group", "net_share")}
    rows = [row for row in list_shares(result, "group") if row["key"] in net]
    if not rows:
        return [wording.text(f"{KEY}.no_net")]
    row = max(rows, key=lambda row: abs(net[row["key"]]["estimate"] - row["estimate"]))
    gap = abs(net[row["key"]]["estimate"] - row["estimate"])
    if gap < SMALL_GAP:
        return [wording.text(f"{KEY}.net_small", gap=say_points(gap, wording))]
    return [
        wording.text(
            f"{KEY}.net",
            name=name_row(row, methodology, wording),
            before=wording.percent(row["estimate"], 1),
            after=wording.percent(net[row["key"]]["estimate"], 1),
        )
    ]


def say_compensation(result: WeightImportance, methodology: Methodology, wording: Wording) -> str:
    """Say which weakness is made up most and least, and where it stays hidden."""
    whole = result.compensation[result.compensation["by"] == "all"]
    rows = sorted(filter(is_known, list_rows(whole)), key=lambda row: -row["estimate"])
    if not rows:
        return wording.text(f"{KEY}.no_compensation")
    most, least = rows[0], rows[-1]
    said = [
        wording.text(
            f"{KEY}.made_up",
            most=name_row(most, methodology, wording),
            most_share=wording.percent(most["estimate"]),
            most_interval=say_percents(most, result.level, wording=wording),
            least=name_row(least, methodology, wording),
            least_share=wording.percent(least["estimate"]),
            least_interval=say_percents(least, result.level, wording=wording),
        )
    ]
    weak = [row for row in list_rows(result.weak) if is_known(row)]
    if weak:
        row = max(weak, key=lambda row: row["estimate"])
        said.append(
            wording.text(
                f"{KEY}.hidden",
                name=name_row(row, methodology, wording),
                share=wording.percent(row["estimate"]),
                interval=say_percents(row, result.level, wording=wording),
                n=wording.integer(int(row["n_weak"])),
                quantile=wording.percent(result.weak_quantile),
            )
        )
    return " ".join(said)


def say_bend(result: WeightImportance, methodology: Methodology, wording: Wording) -> str:
    """Say where smooth curves tell more than straight lines."""
    frame = result.importance
    bends = list_rows(frame[(frame["kind"] == "group") & (frame["statistic"] == "bend")])
    known = [row for row in bends if is_known(row)]
    if not known:
        return wording.text(f"{KEY}.no_bend")
    row = max(known, key=lambda row: row["estimate"])
    return wording.text(
        f"{KEY}.bend",
        name=name_row(row, methodology, wording),
        points=say_points(row["estimate"], wording),
        interval=say_percents(row, result.level, wording=wording, digits=1),
    )


RECIPES = (
    make_paragraph("weight_importance", "weight_importance", WeightImportance, say_importance),
    make_paragraph("weight_bend", "weight_importance", WeightImportance, say_bend),
    make_paragraph("weight_compensation", "weight_importance", WeightImportance, say_compensation),
)
