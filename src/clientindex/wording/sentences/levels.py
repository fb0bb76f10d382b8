"""Sentences about the structure within and between centres."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.results import Levels
from clientindex.wording.fits import CORRELATED, find_version, list_level_fits
from clientindex.wording.names import name_indicator, name_model, name_variable
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_icc(result: Levels, methodology: Methodology, wording: Wording) -> str:
    """Say what part of the variance lies between centres."""
    frame = result.variances.dropna(subset="estimate")
    if frame.empty:
        return wording.text("sentence.levels.no_icc")
    most = max(list_rows(frame), key=lambda row: row["estimate"])
    return wording.text(
        "sentence.levels.icc",
        span=wording.span(frame["estimate"].min(), frame["estimate"].max(), 2),
        indicator=name_indicator(most["indicator"], methodology, wording),
        most=wording.number(most["estimate"], 2),
        interval=say_interval(most, result.confidence, wording=wording, digits=2),
        centres=wording.counted(result.n_centres, "centre"),
        n=wording.counted(result.n, "respondent"),
    )


def say_levels(result: Levels, methodology: Methodology, wording: Wording) -> str:
    """Say how alike the factors are at the two levels, how the models fit, and what follows."""
    said = [_say_congruence(result, methodology, wording)]
    said += [_say_fit(result, level, methodology, wording) for level in ("within", "between")]
    if result.smoothed:
        smallest = wording.number(result.smallest_eigenvalue, 3)
        said.append(wording.text("sentence.levels.smoothed", smallest=smallest))
    centres = wording.counted(result.n_centres, "centre_on")
    said.append(wording.text("sentence.levels.caution", centres=centres))
    return " ".join(text for text in said if text)


def _say_congruence(result: Levels, methodology: Methodology, wording: Wording) -> str:
    frame = result.congruence.dropna(subset="estimate")
    if frame.empty:
        return wording.text("sentence.levels.no_congruence")
    classify = methodology.thresholds.congruence.classify
    levels = [classify(x) for x in frame["estimate"]]
    least = min(list_rows(frame), key=lambda row: row["estimate"])
    return wording.text(
        "sentence.levels.congruence",
        total=wording.integer(len(frame)),
        equal=wording.integer(levels.count("equal")),
        fair=wording.integer(levels.count("fair")),
        different=wording.integer(levels.count("different")),
        factor=name_variable(least["factor"], methodology, wording),
        least=wording.number(least["estimate"], 2),
        interval=say_interval(least, result.confidence, wording=wording, digits=2),
    )


def _say_fit(result: Levels, level: str, methodology: Methodology, wording: Wording) -> str:
    """Say the fit of the intended model at a level; nothing where it has none."""
    fits = list_level_fits(result)
    version = find_version(fits.values())
    fit = fits.get((level, CORRELATED))
    where = wording.text(f"data_level.{level}")
    model = name_model(CORRELATED, methodology, wording)
    if fit is None or math.isnan(fit.get(f"cfi{version}", math.nan)):
        return wording.text("sentence.levels.no_fit", where=where, model=model)
    cfi = fit[f"cfi{version}"]
    return wording.text(
        "sentence.levels.fit",
        where=where,
        model=model,
        cfi=wording.number(cfi, 3),
        word=wording.text(f"level.cfi.{methodology.thresholds.cfi.classify(cfi)}"),
        rmsea=wording.number(fit[f"rmsea{version}"], 3),
        srmr=wording.number(fit["srmr"], 3),
    )


RECIPES = (
    make_paragraph("icc", "levels", Levels, say_icc),
    make_paragraph("levels", "levels", Levels, say_levels),
)
