"""Sentences about the sample and about missing answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, Coverage
from clientindex.wording.absence import take
from clientindex.wording.names import name_indicator, name_segment
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_coverage(coverage: Coverage, *, wording: Wording) -> str:
    """Say how many centres, regions, respondents and checklists there are."""
    n_regions = coverage.by_region["region"].nunique()
    said = [
        wording.text(
            "sentence.coverage.centres",
            register=wording.counted(coverage.n_centres_register, "centre"),
            regions=wording.counted(n_regions, "region_in"),
            surveyed=wording.counted(coverage.n_centres_surveyed, "centre_to"),
        )
    ]
    if coverage.n_respondents is None:
        said.append(wording.text("sentence.coverage.totals"))
    else:
        respondents = wording.counted(coverage.n_respondents, "respondent_of")
        said.append(wording.text("sentence.coverage.respondents", respondents=respondents))
    said.append(_say_checklists(coverage.n_centres_checklist, wording))
    return " ".join(said)


def _say_checklists(n: int, wording: Wording) -> str:
    if n == 0:
        return wording.text("sentence.coverage.no_checklists")
    return wording.text("sentence.coverage.checklists", n=wording.counted(n, "centre_to"))


def say_response(coverage: Coverage, *, wording: Wording) -> str:
    """Say what share of the visitors answered, in the country and between regions."""
    if coverage.response is None:
        return wording.text("sentence.response.unknown")
    rows = list_rows(coverage.response.dropna(subset="share"))
    country = [row for row in rows if row["region"] == COUNTRY]
    shares = [row["share"] for row in rows if row["region"] != COUNTRY]
    if not country:
        return wording.text("sentence.response.unknown")
    return wording.text(
        "sentence.response.known",
        n=wording.integer(country[0]["n"]),
        visitors=wording.integer(country[0]["visitors"]),
        share=wording.percent(country[0]["share"], 1),
        low=wording.percent(min(shares), 1),
        high=wording.percent(max(shares), 1),
        centres=wording.counted(int(country[0]["n_centres"]), "centre_of"),
        register=wording.integer(coverage.n_centres_register),
    )


def say_no_answer(coverage: Coverage, *, methodology: Methodology, wording: Wording) -> str:
    """Name the largest share of missing answers; say so when there is none."""
    known = coverage.no_answer.dropna(subset="share")
    rows = list_rows(known.loc[known["n"] > 0])
    if not rows:
        return wording.text("sentence.no_answer.none")
    worst = max(rows, key=lambda row: row["share"])
    return wording.text(
        "sentence.no_answer.largest",
        indicator=name_indicator(str(worst["indicator"]), methodology, wording),
        segment=name_segment(str(worst["segment"]), methodology, wording),
        share=wording.percent(worst["share"], 1),
        n=wording.integer(worst["n_asked"]),
    )


def say_warnings(coverage: Coverage, *, wording: Wording) -> str:
    """Say with how many remarks the data were accepted."""
    n = len(coverage.warnings)
    if n == 0:
        return wording.text("sentence.warnings.none")
    return wording.text("sentence.warnings.some", n=wording.integer(n))


def _coverage(bundle: Bundle, wording: Wording) -> str:
    return say_coverage(take(bundle, "coverage", Coverage), wording=wording)


def _no_answer(bundle: Bundle, wording: Wording) -> str:
    coverage = take(bundle, "coverage", Coverage)
    return say_no_answer(coverage, methodology=bundle.methodology, wording=wording)


def _response(bundle: Bundle, wording: Wording) -> str:
    return say_response(take(bundle, "coverage", Coverage), wording=wording)


def _warnings(bundle: Bundle, wording: Wording) -> str:
    return say_warnings(take(bundle, "coverage", Coverage), wording=wording)


RECIPES = (
    ParagraphRecipe(name="coverage", needs=("coverage",), build=_coverage),
    ParagraphRecipe(name="response", needs=("coverage",), build=_response),
    ParagraphRecipe(name="no_answer", needs=("coverage",), build=_no_answer),
    ParagraphRecipe(name="warnings", needs=("coverage",), build=_warnings),
)
