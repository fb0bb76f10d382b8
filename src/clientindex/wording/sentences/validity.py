"""Sentences about the validity of the groups and the strength of the general factor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from clientindex.results import ConfirmatoryModels, Validity
from clientindex.wording.absence import take
from clientindex.wording.fits import find_statuses
from clientindex.wording.names import name_group
from clientindex.wording.sentences.recipe import ParagraphRecipe, make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows, say_interval

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

WITH_ESTIMATES: Final = ("heywood", "inadmissible")
"""Statuses of a model that has estimates which must not be interpreted."""


def say_convergent(result: Validity, methodology: Methodology, wording: Wording) -> str:
    """Say in how many groups the indicators hold together, and where least."""
    ave = _list(result.groups, "ave")
    reliability = _list(result.groups, "composite_reliability")
    if not ave or not reliability:
        return wording.text("sentence.validity.undefined")
    classify = methodology.thresholds.ave.classify
    least = min(ave, key=lambda row: row["estimate"])
    values = [row["estimate"] for row in reliability]
    verdicts = result.verdicts
    return wording.text(
        "sentence.validity.convergent",
        good=wording.counted(
            sum(classify(row["estimate"]) == "sufficient" for row in ave), "group_of"
        ),
        groups=wording.integer(len(ave)),
        group=name_group(least["group"], methodology, wording),
        least=wording.number(least["estimate"], 2),
        interval=say_interval(least, result.level, wording=wording, digits=2),
        reliability=wording.span(min(values), max(values), 2),
        fornell=wording.counted(int(verdicts["fornell_larcker"].sum()), "group_of"),
        all=wording.integer(int(verdicts["fornell_larcker"].count())),
    )


def say_discriminant(result: Validity, methodology: Methodology, wording: Wording) -> str:
    """Say how many pairs of groups can be told apart by HTMT, and which least."""
    pairs = _list(result.pairs, "htmt")
    if not pairs:
        return wording.text("sentence.validity.no_pairs")
    classify = methodology.thresholds.htmt.classify
    levels = [classify(row["estimate"]) for row in pairs]
    most = max(pairs, key=lambda row: row["estimate"])
    return wording.text(
        "sentence.validity.discriminant",
        pairs=wording.integer(len(pairs)),
        distinct=wording.integer(levels.count("distinct")),
        borderline=wording.integer(levels.count("borderline")),
        same=wording.integer(levels.count("same")),
        one=name_group(most["group"], methodology, wording),
        other=name_group(most["other"], methodology, wording),
        most=wording.number(most["estimate"], 2),
        interval=say_interval(most, result.level, wording=wording, digits=2),
    )


def say_general_factor(result: Validity, *, methodology: Methodology, wording: Wording) -> str:
    """Say how much the general factor explains."""
    found = {str(row["statistic"]): row for row in list_rows(result.overall)}
    rows = [found[key] for key in ("ecv", "omega_hierarchical", "puc") if key in found]
    if len(rows) < 3 or any(math.isnan(row["estimate"]) for row in rows):
        return wording.text("sentence.validity.no_general")
    return _say_general(rows, result, methodology, wording)


def say_conclusion(result: Validity, methodology: Methodology, wording: Wording) -> str:
    """Say whether the scores of groups, the index or both may be reported, and on what ground."""
    if result.conclusion == "undefined":
        return wording.text("sentence.separate_scores.undefined")
    omegas = _list(result.overall, "omega_hierarchical")
    key = (
        "separate_unknown" if result.conclusion == "separate" and not omegas else result.conclusion
    )
    said = [wording.text(f"sentence.separate_scores.{key}")]
    if result.conclusion == "general":
        said.append(_say_total(result, methodology, wording))
    verdicts = result.verdicts
    distinct = verdicts["htmt_distinct"] & verdicts["htmt_below"]
    said.append(
        wording.text(
            "sentence.separate_scores.ground",
            distinct=wording.counted(int(distinct.sum()), "group_of"),
            groups=wording.integer(int(distinct.count())),
            n=wording.counted(result.n, "respondent"),
        )
    )
    for name, chosen in (("failing", distinct.eq(other=False)), ("unjudged", distinct.isna())):
        keys = verdicts.loc[chosen.fillna(value=False), "group"]
        quoted = [
            wording.text("sentence.quoted", name=name_group(group, methodology, wording))
            for group in keys
        ]
        if quoted:
            groups = wording.join(quoted)
            said.append(wording.text(f"sentence.separate_scores.{name}", groups=groups))
    return " ".join(said)


def _build_general_factor(bundle: Bundle, wording: Wording) -> str:
    """Say the strength of the general factor, with a caution where its solution is poor."""
    result = take(bundle, "validity", Validity)
    said = say_general_factor(result, methodology=bundle.methodology, wording=wording)
    models = bundle.results.get("confirmatory")
    if not isinstance(models, ConfirmatoryModels):
        return said
    status = find_statuses(models).get("bifactor", "ok")
    if status not in WITH_ESTIMATES:
        return said
    caution = wording.text(
        "sentence.validity.inadmissible", status=wording.text(f"status.{status}")
    )
    return f"{said} {caution}"


def _say_total(result: Validity, methodology: Methodology, wording: Wording) -> str:
    """Say whether the total score is sound where the groups are not."""
    omegas = _list(result.overall, "omega_hierarchical")
    if not omegas:
        return wording.text("sentence.separate_scores.total_unknown")
    omega = omegas[0]["estimate"]
    level = methodology.thresholds.omega_hierarchical.classify(omega)
    return wording.text(f"sentence.separate_scores.total_{level}", omega=wording.number(omega, 2))


def _say_general(
    rows: list[Row], result: Validity, methodology: Methodology, wording: Wording
) -> str:
    ecv, omega, puc = rows
    thresholds = methodology.thresholds
    return wording.text(
        "sentence.validity.general",
        ecv=wording.number(ecv["estimate"], 2),
        ecv_interval=say_interval(ecv, result.level, wording=wording, digits=2),
        ecv_word=wording.text(f"level.ecv.{thresholds.ecv.classify(ecv['estimate'])}"),
        omega=wording.number(omega["estimate"], 2),
        omega_interval=say_interval(omega, result.level, wording=wording, digits=2),
        omega_word=wording.text(
            f"level.omega_hierarchical.{thresholds.omega_hierarchical.classify(omega['estimate'])}"
        ),
        puc=wording.number(puc["estimate"], 2),
    )


def _list(frame: pd.DataFrame, statistic: str) -> list[Row]:
    chosen = frame.loc[frame["statistic"] == statistic].dropna(subset="estimate")
    return list_rows(chosen)


RECIPES = (
    make_paragraph("convergent_validity", "validity", Validity, say_convergent),
    make_paragraph("discriminant_validity", "validity", Validity, say_discriminant),
    ParagraphRecipe(name="general_factor", needs=("validity",), build=_build_general_factor),
    make_paragraph("separate_scores", "validity", Validity, say_conclusion),
)
