"""The country's index with every centre counting once, and weighted by visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, INDEX
from clientindex.results.regional import RegionalProfile
from clientindex.wording.numbers import round_half_up
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_regional_means(result: RegionalProfile, methodology: Methodology, wording: Wording) -> str:
    """Say both means of the country, how many regions have both, and what intervals hold."""
    said = [_say_by(by, result, methodology, wording) for by in ("centres", "visitors")]
    said += _say_regions(result, wording)
    return " ".join([*said, wording.text(f"sentence.regional_means.{result.centres_are}")])


def _say_by(by: str, result: RegionalProfile, methodology: Methodology, wording: Wording) -> str:
    row = find_row(result.means, region=COUNTRY, key=INDEX, by=by)
    if row is None:
        reason = say_reasons(
            result.left_out,
            lambda row: (row["subject"], row["statistic"]) == (COUNTRY, f"{by}.{INDEX}"),
            methodology,
            wording,
        )
        return wording.text(f"sentence.regional_means.no_{by}", reason=reason)
    values = {
        "mean": wording.number(row["estimate"]),
        "interval": say_interval(row, result.level, wording=wording),
        "n": wording.counted(int(row["n_centres"]), "centre"),
    }
    if by == "visitors":
        values["effective"] = wording.counted(
            int(round_half_up(row["effective"], digits=0)), "centre_to"
        )
    return wording.text(f"sentence.regional_means.{by}", **values)


def _say_regions(result: RegionalProfile, wording: Wording) -> list[str]:
    """Say in how many regions the number of visitors is known for every centre."""
    means = result.means
    regions = means[(means["region"] != COUNTRY) & (means["key"] == INDEX)]
    both = regions[(regions["by"] == "visitors") & regions["estimate"].notna()]
    total = int((regions["by"] == "centres").sum())
    if len(both) == total:
        return []
    return [
        wording.text(
            "sentence.regional_means.regions",
            n=wording.counted(len(both), "region_in"),
            total=wording.integer(total),
        )
    ]


RECIPES = (make_paragraph("regional_means", "regional", RegionalProfile, say_regional_means),)
