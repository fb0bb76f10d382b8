"""Sentences about the factor structure of the indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ExploratoryModel, Suitability
from clientindex.wording.absence import take
from clientindex.wording.names import name_factor, name_indicator
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_suitability(result: Suitability, *, methodology: Methodology, wording: Wording) -> str:
    """Say the KMO measure with its word and Bartlett's test."""
    level = methodology.thresholds.kmo.classify(result.kmo)
    ends = wording.interval(result.kmo_ci_low, result.kmo_ci_high, 2)
    least = min(list_rows(result.frame), key=lambda row: row["msa"])
    said = wording.text(
        "sentence.suitability.all",
        basis=wording.text(f"basis_by.{result.basis}"),
        indicator=name_indicator(least["indicator"], methodology, wording),
        least=wording.number(least["msa"], 2),
        kmo=wording.number(result.kmo, 2),
        interval=wording.text(
            "sentence.interval.some", level=wording.percent(result.level), interval=ends
        ),
        verdict=wording.text(f"level.kmo.{level}"),
        chi2=wording.number(result.bartlett_chi2, 1),
        df=wording.integer(result.bartlett_df),
        p=wording.text("uninformative.no_p")
        if result.uninformative
        else wording.p_value(result.bartlett_p),
        n=wording.counted(result.n, "respondent"),
    )
    return " ".join([said, *_say_groups(result, wording)])


def _say_groups(result: Suitability, wording: Wording) -> list[str]:
    """Say the range of the measure within groups; groups of one indicator have none."""
    values = result.groups["estimate"].dropna()
    if values.empty:
        return []
    span = wording.span(values.min(), values.max(), 2)
    return [wording.text("sentence.suitability.groups", span=span)]


def say_structure(model: ExploratoryModel, *, methodology: Methodology, wording: Wording) -> str:
    """Say how the model was fitted and how many indicators load where they belong."""
    return wording.text(
        "sentence.structure.all",
        basis=wording.text(f"basis_by.{model.basis}"),
        factors=wording.counted(model.n_factors, "factor"),
        method=wording.text(f"extraction.{model.method}"),
        rotation=wording.text(f"rotation.{model.rotation}"),
        large=wording.integer(int((model.eigenvalues > 1).sum())),
        home=wording.integer(count_at_home(model)),
        indicators=wording.counted(len(model.communalities), "indicator_of"),
        salient=wording.number(methodology.factors.salient_loading, 1),
        weak=wording.integer(_count_weak(model, methodology.factors.salient_loading)),
    )


def say_factor_correlations(model: ExploratoryModel, *, wording: Wording) -> str:
    """Say the range of the correlations of different factors."""
    frame = model.factor_correlations
    pairs = list_rows(frame.loc[frame["factor"] != frame["other"]])
    if not pairs:
        return wording.text("sentence.structure.one_factor")
    most = max(pairs, key=lambda row: row["estimate"])
    return wording.text(
        "sentence.structure.correlations",
        span=wording.span(min(row["estimate"] for row in pairs), most["estimate"], 2),
        one=name_factor(str(most["factor"]), wording),
        other=name_factor(str(most["other"]), wording),
        most=wording.number(most["estimate"], 2),
        interval=say_interval(most, model.level, wording=wording, digits=2),
    )


def count_at_home(model: ExploratoryModel) -> int:
    """Count the indicators whose largest loading is on the factor that matches their group."""
    frame = model.loadings
    largest = frame.loc[frame.groupby("indicator", sort=False)["estimate"].idxmax()]
    matched = model.variance.set_index("factor")["matched_group"]
    return int((largest["factor"].map(matched) == largest["group"]).sum())


def _count_weak(model: ExploratoryModel, salient: float) -> int:
    strongest = model.loadings.groupby("indicator")["estimate"].agg(lambda x: x.abs().max())
    return int((strongest < salient).sum())


def _suitability(bundle: Bundle, wording: Wording) -> str:
    result = take(bundle, "suitability", Suitability)
    return say_suitability(result, methodology=bundle.methodology, wording=wording)


def _structure(bundle: Bundle, wording: Wording) -> str:
    model = take(bundle, "exploratory", ExploratoryModel)
    return say_structure(model, methodology=bundle.methodology, wording=wording)


def _correlations(bundle: Bundle, wording: Wording) -> str:
    model = take(bundle, "exploratory", ExploratoryModel)
    return say_factor_correlations(model, wording=wording)


RECIPES = (
    ParagraphRecipe(name="suitability", needs=("suitability",), build=_suitability),
    ParagraphRecipe(name="structure", needs=("exploratory",), build=_structure),
    ParagraphRecipe(name="factor_correlations", needs=("exploratory",), build=_correlations),
)
