"""Sentences about the confirmatory models: fit, troubles, nested tests, parameters, misfit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ConfirmatoryModels
from clientindex.wording.fits import CORRELATED, Fit, choose_version, find_statuses, list_fits
from clientindex.wording.names import (
    name_detail,
    name_indicator,
    name_model,
    name_parameter,
    name_variable,
)
from clientindex.wording.sentences.recipe import Paragraph, make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_models(result: ConfirmatoryModels, methodology: Methodology, wording: Wording) -> str:
    """Say how the intended model fits and which admissible model fits best in which sense."""
    version = choose_version(result, result.main)
    said = [
        wording.text(
            "sentence.models.how",
            n=wording.counted(result.n, "respondent"),
            centres=wording.counted(result.n_centres, "centre"),
            estimator=wording.text(f"estimator_long.{result.main}"),
            version=wording.text(f"version_of_measures.{version.removeprefix('_') or 'naive'}"),
        ),
        _say_intended(result, version, methodology, wording),
        _say_best(result, version, methodology, wording),
    ]
    if result.uninformative:
        said.append(wording.text("uninformative.note"))
    return " ".join(text for text in said if text)


def say_problems(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> Paragraph:
    """List the models that have no sound solution, and say why; or say that all have one."""
    troubled = result.models.loc[result.models["status"] != "ok"]
    if troubled.empty:
        return wording.text("sentence.problems.none")
    return tuple(_say_problem(row, methodology, wording) for row in list_rows(troubled))


def list_nested(
    result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> Paragraph:
    """List the difference tests of the leading estimator."""
    frame = result.nested.loc[result.nested["estimator"] == result.main]
    if frame.empty:
        return wording.text("sentence.nested.none")
    return tuple(_say_nested(row, result, methodology, wording) for row in list_rows(frame))


def say_parameters(result: ConfirmatoryModels, methodology: Methodology, wording: Wording) -> str:
    """Say the range of loadings and factor correlations of the intended model."""
    frame = _select(result.parameters, result)
    loadings = list_rows(frame.loc[frame["op"] == "=~"])
    pairs = list_rows(
        frame.loc[
            (frame["op"] == "~~")
            & frame["lhs"].isin(methodology.group_keys)
            & frame["rhs"].isin(methodology.group_keys)
            & (frame["lhs"] != frame["rhs"])
        ]
    )
    if not loadings:
        return wording.text("sentence.parameters.none")
    said = [_say_loadings(loadings, methodology, wording)]
    if pairs:
        said.append(_say_pairs(pairs, methodology, wording))
    return " ".join(said)


def say_misfit(result: ConfirmatoryModels, methodology: Methodology, wording: Wording) -> str:
    """Say the largest residual and the largest modification index of the intended model."""
    residuals = list_rows(_select(result.residuals, result))
    indices = list_rows(_select(result.modifications, result))
    said = []
    if residuals:
        worst = max(residuals, key=lambda row: abs(row["residual"]))
        said.append(
            wording.text(
                "sentence.misfit.residual",
                one=name_indicator(worst["indicator"], methodology, wording),
                other=name_indicator(worst["other"], methodology, wording),
                residual=wording.number(worst["residual"], 2),
            )
        )
    if indices:
        first = indices[0]
        said.append(
            wording.text(
                "sentence.misfit.index",
                mi=wording.number(first["mi"]),
                parameter=_name(first, methodology, wording),
                epc=wording.number(first["epc_standardised"], 2),
            )
        )
    return " ".join(said) or wording.text("sentence.misfit.none")


def _say_intended(
    result: ConfirmatoryModels, version: str, methodology: Methodology, wording: Wording
) -> str:
    model = name_model(CORRELATED, methodology, wording)
    status = find_statuses(result).get(CORRELATED, "unidentified")
    fit = list_fits(result).get((CORRELATED, result.main))
    if fit is None:
        said = wording.text(f"status.{status}")
        return wording.text("sentence.models.no_intended", model=model, status=said)
    thresholds = methodology.thresholds
    rmsea, srmr, cfi = fit[f"rmsea{version}"], fit["srmr"], fit[f"cfi{version}"]
    return wording.text(
        "sentence.models.intended",
        model=model,
        cfi=wording.number(cfi, 3),
        cfi_word=wording.text(f"level.cfi.{thresholds.cfi.classify(cfi)}"),
        rmsea=wording.number(rmsea, 3),
        interval=wording.interval(fit[f"rmsea_ci_low{version}"], fit[f"rmsea_ci_high{version}"], 3),
        rmsea_word=wording.text(f"level.rmsea.{thresholds.rmsea.classify(rmsea)}"),
        srmr=wording.number(srmr, 3),
        srmr_word=wording.text(f"level.srmr.{thresholds.srmr.classify(srmr)}"),
    )


def _say_best(
    result: ConfirmatoryModels, version: str, methodology: Methodology, wording: Wording
) -> str:
    """Tell the best of the admissible models by every measure."""
    statuses = find_statuses(result)
    fits = {
        model: fit
        for (model, estimator), fit in list_fits(result).items()
        if estimator == result.main and statuses.get(model) == "ok"
    }
    if len(fits) < 2:
        return wording.text("sentence.models.not_compared")
    best = {
        "cfi": max(fits, key=lambda model: fits[model][f"cfi{version}"]),
        "rmsea": min(fits, key=lambda model: fits[model][f"rmsea{version}"]),
        "srmr": min(fits, key=lambda model: fits[model]["srmr"]),
    }
    named = {key: name_model(model, methodology, wording) for key, model in best.items()}
    sound = wording.integer(len(fits))
    if len(set(best.values())) == 1:
        said = wording.text("sentence.models.best_one", sound=sound, model=named["cfi"])
    else:
        said = wording.text("sentence.models.best_many", sound=sound, **named)
    said += " " + _say_general(fits, version, methodology, wording)
    if "bifactor" in best.values():
        said += " " + wording.text("sentence.models.bifactor")
    return said.strip()


def _say_general(
    fits: dict[str, Fit], version: str, methodology: Methodology, wording: Wording
) -> str:
    """Say how the model without groups fits, which asks whether groups are needed at all."""
    if "one_factor" not in fits:
        return ""
    cfi = fits["one_factor"][f"cfi{version}"]
    return wording.text(
        "sentence.models.one_factor",
        model=name_model("one_factor", methodology, wording),
        cfi=wording.number(cfi, 3),
        word=wording.text(f"level.cfi.{methodology.thresholds.cfi.classify(cfi)}"),
    )


def _say_problem(row: Row, methodology: Methodology, wording: Wording) -> str:
    status, detail = str(row["status"]), str(row["detail"])
    values = {
        "model": name_model(row["model"], methodology, wording),
        "estimator": wording.text(f"estimator.{row['estimator']}"),
    }
    if status == "heywood":
        named = name_detail(detail, methodology, wording) or wording.missing
        return wording.text("sentence.problems.heywood", detail=named, **values)
    if status == "too_few_centres":
        centres, parameters = detail.split("/")
        return wording.text(
            "sentence.problems.too_few_centres", centres=centres, parameters=parameters, **values
        )
    reason = f"sentence.problems.{status}_{detail}"
    return wording.text(
        reason if reason in wording.texts else f"sentence.problems.{status}", **values
    )


def _say_nested(
    row: Row, result: ConfirmatoryModels, methodology: Methodology, wording: Wording
) -> str:
    level = methodology.thresholds.cfi_drop.classify(-row["delta_cfi"])
    return wording.text(
        f"sentence.nested.{level}",
        model=name_model(row["model"], methodology, wording),
        other=name_model(row["other"], methodology, wording),
        chi2=wording.number(row["chi2"], 1),
        df=wording.integer(int(row["df"])),
        p=wording.text("uninformative.no_p") if result.uninformative else wording.p_value(row["p"]),
        delta=wording.number(row["delta_cfi"], 3),
    )


def _say_loadings(rows: list[Row], methodology: Methodology, wording: Wording) -> str:
    values = [row["standardised"] for row in rows]
    least = min(rows, key=lambda row: abs(row["standardised"]))
    return wording.text(
        "sentence.parameters.loadings",
        span=wording.span(min(values), max(values), 2),
        indicator=name_variable(least["rhs"], methodology, wording),
        least=wording.number(least["standardised"], 2),
    )


def _say_pairs(rows: list[Row], methodology: Methodology, wording: Wording) -> str:
    values = [row["standardised"] for row in rows]
    most = max(rows, key=lambda row: row["standardised"])
    return wording.text(
        "sentence.parameters.correlations",
        span=wording.span(min(values), max(values), 2),
        one=name_variable(most["lhs"], methodology, wording),
        other=name_variable(most["rhs"], methodology, wording),
        most=wording.number(most["standardised"], 2),
    )


def _name(row: Row, methodology: Methodology, wording: Wording) -> str:
    return name_parameter(row["lhs"], row["op"], row["rhs"], methodology, wording)


def _select(frame: pd.DataFrame, result: ConfirmatoryModels) -> pd.DataFrame:
    return frame.loc[(frame["model"] == CORRELATED) & (frame["estimator"] == result.main)]


RECIPES = (
    make_paragraph("models", "confirmatory", ConfirmatoryModels, say_models),
    make_paragraph("model_problems", "confirmatory", ConfirmatoryModels, say_problems),
    make_paragraph("nested_models", "confirmatory", ConfirmatoryModels, list_nested),
    make_paragraph("model_parameters", "confirmatory", ConfirmatoryModels, say_parameters),
    make_paragraph("misfit", "confirmatory", ConfirmatoryModels, say_misfit),
)
