"""Whether standard errors are right: exact ones against resampled respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.error_check import ErrorCheck
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, is_known, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_error_check(result: ErrorCheck, methodology: Methodology, wording: Wording) -> str:
    """Say the ratio of resampled to exact standard errors, and what chance alone would move."""
    del methodology
    rows = {str(row["centres"]): row for row in list_rows(result.summary)}
    said = [
        wording.text(
            "sentence.error_check.how",
            replicates=wording.counted(result.replicates, "replicate"),
            seed=str(result.seed),
        )
    ]
    said += _say_ratio(rows.get("all"), "all", wording)
    said += _say_small(result, rows.get("small_n"), wording)
    lost = int((result.centres["lost"] > 0).sum())
    if lost:
        n = wording.counted(lost, "centre_of")
        said.append(wording.text("sentence.error_check.lost", n=n))
    return " ".join([*said, wording.text("sentence.error_check.caution")])


def _say_ratio(row: Row | None, key: str, wording: Wording) -> list[str]:
    if row is None or not is_known(row, "median_ratio"):
        return [wording.text("sentence.error_check.undefined")]
    return [
        wording.text(
            f"sentence.error_check.{key}",
            median=wording.number(row["median_ratio"], 2),
            span=wording.span(row["low_ratio"], row["high_ratio"], 2),
            n=wording.counted(int(row["n"]), "centre"),
            noise=wording.number(row["noise"], 2),
            gap=wording.number(row["largest_gap"], 2),
        )
    ]


def _say_small(result: ErrorCheck, row: Row | None, wording: Wording) -> list[str]:
    """Say the ratio of centres with few respondents, where there are any."""
    if row is None:
        return []
    limit = wording.counted(result.small_sample, "respondent_of")
    n = wording.counted(int(row["n"]), "centre")
    if not is_known(row, "median_ratio"):
        return [wording.text("sentence.error_check.no_small", limit=limit, n=n)]
    median = wording.number(row["median_ratio"], 2)
    return [wording.text("sentence.error_check.small", limit=limit, n=n, median=median)]


RECIPES = (make_paragraph("error_check", "error_check", ErrorCheck, say_error_check),)
