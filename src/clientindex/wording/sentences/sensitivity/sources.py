"""Where weights could come from, and what they would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.weight_sources import WeightSources
from clientindex.wording.sensitivity_names import name_weight_source
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, find_row, is_known, list_rows, say_percents
from clientindex.wording.sentences.sensitivity.shares import name_row

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.weight_sources"
NOTHING = 1e-9
"""Less weight than this does not move."""


def say_sources(result: WeightSources, methodology: Methodology, wording: Wording) -> str:
    """Say which sources change fewest and most stars, and which gave nothing and why."""
    del methodology
    rows = [row for row in list_rows(result.comparison) if row["source"] != "current"]
    same = [row for row in rows if row["distance"] <= NOTHING]
    other = [row for row in rows if row["distance"] > NOTHING]
    said = [wording.text(f"{KEY}.compared", n=wording.integer(len(rows)))]
    if same:
        names = [_name(row, wording) for row in same]
        said.append(wording.text(f"{KEY}.same", names=wording.join(names)))
    if other:
        said += _say_ends(other, wording)
    return " ".join([*said, *_say_lacking(result, wording)])


def _name(row: Row, wording: Wording) -> str:
    return wording.text("sentence.weights.quoted", name=name_weight_source(row["source"], wording))


def _say_ends(rows: list[Row], wording: Wording) -> list[str]:
    ordered = sorted(rows, key=lambda row: (row["n_changed"], row["distance"]))
    said = [_say_one("fewest", ordered[0], wording)]
    if len(ordered) > 1:
        said.append(_say_one("most", ordered[-1], wording))
    return said


def _say_one(form: str, row: Row, wording: Wording) -> str:
    return wording.text(
        f"{KEY}.{form}",
        name=_name(row, wording),
        changed=wording.integer(int(row["n_changed"])),
        n=wording.counted(int(row["n"]), "centre_of"),
        up=wording.integer(int(row["n_up"])),
        down=wording.integer(int(row["n_down"])),
        moved=wording.percent(row["distance"]),
    )


def _say_lacking(result: WeightSources, wording: Wording) -> list[str]:
    """Say which sources gave no weights or no stars, and why; not which weights were kept."""
    rows = [row for row in list_rows(result.left_out) if row["reason"] != "parents"]
    if not rows:
        return []
    told = [
        wording.text(
            f"{KEY}.reason",
            name=name_weight_source(row["source"], wording),
            reason=_begin_small(wording.text(f"sensitivity_gap.{row['reason']}")),
        )
        for row in rows
    ]
    return [wording.text(f"{KEY}.lacking", reasons="; ".join(told))]


def _begin_small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


def say_experts(result: WeightSources, methodology: Methodology, wording: Wording) -> str:
    """Say how far experts agree, and how many contradict themselves."""
    del methodology
    if result.experts.empty:
        return wording.text(f"{KEY}.no_experts")
    said = [
        wording.text(
            f"{KEY}.agree_{'yes' if row['p'] < ALPHA else 'no'}",
            name=_name(row, wording),
            n=wording.integer(int(row["n"])),
            w=wording.number(row["w"], 2),
            p=wording.p_value(row["p"]),
        )
        for row in list_rows(result.concordance)
        if row["parent"] == "index" and is_known(row, "w") and is_known(row, "p")
    ]
    single = result.consistency[result.consistency["expert"] != "all"]
    if len(single):
        n = int(single["inconsistent"].sum())
        form = "consistent" if n == 0 else "inconsistent"
        values = {} if n == 0 else {"n": wording.integer(n)}
        said.append(
            wording.text(
                f"{KEY}.{form}",
                total=wording.integer(len(single)),
                limit=wording.number(result.consistency_limit, 2),
                **values,
            )
        )
    return " ".join(said) or wording.text(f"{KEY}.no_agreement")


ALPHA = 0.05
"""Agreement of experts is told to be beyond chance below this p."""


def say_satisfaction(result: WeightSources, methodology: Methodology, wording: Wording) -> str:
    """Say how much of overall satisfaction is explained, and by which group most."""
    whole = find_row(result.importance, kind="index")
    rows = [row for row in list_rows(result.importance) if row["kind"] == "group"]
    known = [row for row in rows if is_known(row)]
    if whole is None or not known:
        return wording.text(f"{KEY}.no_regression")
    most = max(known, key=lambda row: row["estimate"])
    outcome = name_row({"kind": "indicator", "key": result.outcome}, methodology, wording)
    return wording.text(
        f"{KEY}.regression",
        outcome=outcome,
        share=wording.percent(whole["estimate"]),
        interval=say_percents(whole, result.level, wording=wording),
        most=name_row(most, methodology, wording),
        part=wording.percent(most["estimate"]),
        part_interval=say_percents(most, result.level, wording=wording),
    )


RECIPES = (
    make_paragraph("weight_sources", "weight_sources", WeightSources, say_sources),
    make_paragraph("weight_experts", "weight_sources", WeightSources, say_experts),
    make_paragraph("satisfaction_parts", "weight_sources", WeightSources, say_satisfaction),
)
