"""Centres and regions that stand out of the funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.regional import RegionalProfile
from clientindex.wording.sentences.rating.dispersion import say_no_funnel
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_unusual(result: RegionalProfile, methodology: Methodology, wording: Wording) -> str:
    """Say how many centres and regions are unusually high or low at the false discovery rate."""
    rows = {str(row["unit"]): row for row in list_rows(result.dispersion)}
    said = [wording.text("sentence.unusual.meaning")]
    said.append(wording.text(f"sentence.unusual.target_{result.target_kind}"))
    for unit in ("centre", "region"):
        if unit in rows:
            said.append(_say_flagged(unit, rows[unit], result, wording))
            said += _say_beyond(unit, result, wording)
        else:
            said.append(say_no_funnel(unit, result, methodology, wording))
    if any(int(row[f"{end}_additive"]) for row in rows.values() for end in ("high", "low")):
        said.append(wording.text("sentence.unusual.caution"))
    return " ".join(said)


def _say_flagged(unit: str, row: Row, result: RegionalProfile, wording: Wording) -> str:
    counts = {name: int(row[f"{name}_additive"]) for name in ("high", "low")}
    values = {
        "rate": wording.percent(result.fdr),
        "target": wording.number(row["target"]),
        "n": wording.counted(int(row["n"]), f"{unit}_of"),
    }
    if not any(counts.values()):
        return wording.text(f"sentence.unusual.no_{unit}", **values)
    found = {name: wording.integer(n) for name, n in counts.items()}
    return wording.text(f"sentence.unusual.{unit}", **found, **values)


def _say_beyond(unit: str, result: RegionalProfile, wording: Wording) -> list[str]:
    """Say how many lie beyond the outer limits of the funnel and are not flagged all the same."""
    frame = result.centres if unit == "centre" else result.regions
    level = float(result.funnel["level"].max())
    beyond = (frame["p_additive"] < 1 - level) & (frame["flagged_additive"] == "")
    if not beyond.any():
        return []
    said = wording.text(
        f"sentence.unusual.beyond_{unit}",
        level=wording.percent(level, 1),
        n=wording.counted(int(beyond.sum()), unit),
        total=wording.counted(len(frame), f"{unit}_of"),
        q=wording.percent(float(frame.loc[beyond, "q_additive"].min())),
    )
    return [said]


RECIPES = (make_paragraph("unusual", "regional", RegionalProfile, say_unusual),)
