"""What an edition shows, in short: for the abstract, the introduction and the conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.methodology.model import SCORE_MAX
from clientindex.results import (
    COUNTRY,
    INDEX,
    Agreement,
    Coverage,
    Regions,
    Stars,
    WeightStability,
)
from clientindex.results.change import EditionChange
from clientindex.results.star_doubt import StarDoubt
from clientindex.wording.absence import explain_absence, take
from clientindex.wording.sentences.agreement.differences import COMMON, pick_leading
from clientindex.wording.sentences.coverage import say_coverage
from clientindex.wording.sentences.rating.counting import say_about
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import find_row, is_above, is_below, is_known, say_interval
from clientindex.wording.sentences.stars import find_country, say_given, say_sure

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.edition import EditionCard
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_edition_data(edition: EditionCard, methodology: Methodology, *, wording: Wording) -> str:
    """Say of which year the edition is, up to when data were collected and by which rules."""
    return wording.text(
        "sentence.edition_data.all",
        year=str(edition.year),
        date=wording.date(edition.cut_off),
        methodology=methodology.title.in_language(wording.language),
        id=methodology.id,
    )


def say_abstract(
    coverage: Coverage,
    regions: Regions,
    stars: Stars,
    *,
    wording: Wording,
    doubt: StarDoubt | None = None,
) -> str:
    """Say whom the rating covers, the mean index, how many centres have stars, and sure ones."""
    return " ".join(
        [
            say_coverage(coverage, wording=wording),
            _say_mean("sentence.abstract", regions, wording),
            say_given(stars, wording=wording),
            *say_sure(doubt, wording=wording),
        ]
    )


def _say_mean(key: str, regions: Regions, wording: Wording) -> str:
    row = find_country(regions)
    if not is_known(row):
        return wording.text(f"{key}.no_mean")
    told = {
        "mean": wording.number(row["estimate"]),
        "maximum": wording.integer(int(SCORE_MAX)),
        "interval": say_interval(row, regions.level, wording=wording),
    }
    if key == "sentence.conclusion":
        told["centres"] = wording.counted(int(row["n_centres"]), "centre")
    return wording.text(f"{key}.mean", **told)


def say_sure_stars(doubt: StarDoubt, methodology: Methodology, wording: Wording) -> str:
    """Say how many stars are expected to be right, and how many are sure."""
    del methodology
    names = ("expected_accuracy", "expected_wrong", "certain")
    rows = [find_row(doubt.summary, route=doubt.leading, statistic=name) for name in names]
    right, wrong, sure = rows
    if right is None or wrong is None or sure is None:
        return wording.text("sentence.conclusion.no_doubt")
    return wording.text(
        "sentence.conclusion.doubt",
        right=wording.percent(right["estimate"]),
        wrong=say_about(wrong["estimate"], wording),
        total=wording.integer(int(wrong["n"])),
        n=wording.counted(int(sure["estimate"]), "centre_of"),
        level=wording.percent(doubt.level),
    )


def say_compared_regions(regions: Regions, methodology: Methodology, wording: Wording) -> str:
    """Say how many regions differ from the mean of all."""
    del methodology
    mean = find_country(regions)["estimate"]
    frame = regions.frame.loc[regions.frame["region"] != COUNTRY]
    compared = frame.dropna(subset=["estimate", "ci_low", "ci_high"])
    if compared.empty:
        return wording.text("sentence.conclusion.no_regions")
    return wording.text(
        "sentence.conclusion.regions",
        compared=wording.counted(len(compared), "region_of"),
        above=wording.integer(int((compared["ci_low"] > mean).sum())),
        below=wording.integer(int((compared["ci_high"] < mean).sum())),
        level=wording.percent(regions.level),
    )


def say_whole_change(change: EditionChange, methodology: Methodology, wording: Wording) -> str:
    """Say the change of scores under one methodology, and whether it is established."""
    del methodology
    row = find_row(change.summary, statistic="mean_change_service")
    if row is None:
        return wording.text("sentence.conclusion.no_change")
    shown = "change_shown" if is_above(row) or is_below(row) else "change_not_shown"
    return wording.text(
        "sentence.conclusion.change",
        change=wording.number(row["estimate"]),
        interval=say_interval(row, change.level, wording=wording),
        n=wording.counted(int(row["n"]), "centre"),
        verdict=wording.text(f"sentence.conclusion.{shown}"),
    )


def say_kept_stars(stability: WeightStability, methodology: Methodology, wording: Wording) -> str:
    """Say how often a centre keeps its stars under other weights."""
    level = methodology.thresholds.star_stability.classify(stability.mean_share_same_star)
    return wording.text(
        "sentence.conclusion.weights",
        share=wording.percent(stability.mean_share_same_star, 1),
        error=wording.number(100 * stability.mean_share_same_star_se, 2),
        verdict=wording.text(f"level.star_stability.{level}"),
    )


def say_gap(result: Agreement, methodology: Methodology, wording: Wording) -> str:
    """Say whether staff rate centres otherwise than visitors, by the index."""
    del methodology
    row = find_row(pick_leading(result, COMMON), subject=INDEX, statistic="bias")
    if row is None:
        return wording.text("sentence.conclusion.no_gap")
    side = "above" if is_above(row) else "below" if is_below(row) else "none"
    return wording.text(
        f"sentence.conclusion.gap_{side}",
        bias=wording.number(row["estimate"]),
        interval=say_interval(row, result.level, wording=wording),
        centres=wording.counted(int(row["n"]), "centre"),
    )


_Finding = tuple[str, type[Any], "Callable[[Any, Methodology, Wording], str]"]

_DOUBT: tuple[_Finding, ...] = (("star_doubt", StarDoubt, say_sure_stars),)
_OTHERS: tuple[_Finding, ...] = (
    ("regions", Regions, say_compared_regions),
    ("change", EditionChange, say_whole_change),
    ("weight_stability", WeightStability, say_kept_stars),
    ("agreement", Agreement, say_gap),
)


def _list(findings: tuple[_Finding, ...], bundle: Bundle, wording: Wording) -> tuple[str, ...]:
    """List what was found; for what is missing, why."""
    items = []
    for name, kind, say in findings:
        reason = explain_absence(bundle, [name], wording=wording)
        items.append(reason or say(take(bundle, name, kind), bundle.methodology, wording))
    return tuple(items)


def list_findings(bundle: Bundle, wording: Wording) -> tuple[str, ...]:
    """List what the edition shows and how sure it is; for what is missing, why."""
    mean = _say_mean("sentence.conclusion", take(bundle, "regions", Regions), wording)
    return (mean, *_list(_DOUBT + _OTHERS, bundle, wording))


def list_other_findings(bundle: Bundle, wording: Wording) -> tuple[str, ...]:
    """List what the edition shows beside the mean index and the stars."""
    return _list(_OTHERS, bundle, wording)


def _edition_data(bundle: Bundle, wording: Wording) -> str:
    return say_edition_data(bundle.edition, bundle.methodology, wording=wording)


def _abstract(bundle: Bundle, wording: Wording) -> str:
    doubt = bundle.results.get("star_doubt")
    return say_abstract(
        take(bundle, "coverage", Coverage),
        take(bundle, "regions", Regions),
        take(bundle, "stars", Stars),
        wording=wording,
        doubt=doubt if isinstance(doubt, StarDoubt) else None,
    )


RECIPES = (
    ParagraphRecipe(name="edition_data", needs=(), build=_edition_data),
    ParagraphRecipe(name="abstract", needs=("coverage", "regions", "stars"), build=_abstract),
    ParagraphRecipe(name="summary_findings", needs=("regions",), build=list_other_findings),
    ParagraphRecipe(name="conclusion", needs=("regions",), build=list_findings),
)
