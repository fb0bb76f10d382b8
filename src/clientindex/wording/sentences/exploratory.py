"""Sentences about the exploratory model: verdicts, congruence, rotations, general factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import ExploratoryModel
from clientindex.wording.names import GENERAL, name_group, name_indicator
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows, say_interval

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

N_NAMED: Final = 6
"""Indicators that a sentence names; the rest stand in the table."""


def say_verdicts(result: ExploratoryModel, methodology: Methodology, wording: Wording) -> str:
    """Say how many indicators load where they should, which do not, and how sure that is."""
    rows = list_rows(result.verdicts)
    if not rows:
        return wording.text("sentence.verdicts.none")
    counts = {
        verdict: wording.integer(sum(row["verdict"] == verdict for row in rows))
        for verdict in ("own", "cross", "other", "none")
    }
    said = [
        wording.text(
            "sentence.verdicts.all",
            salient=wording.number(methodology.factors.salient_loading, 1),
            indicators=wording.counted(len(rows), "indicator_of"),
            **counts,
        )
    ]
    astray = [row for row in rows if row["verdict"] != "own"]
    if astray:
        said.append(_name_astray(astray, methodology, wording))
    steady = [row for row in rows if row["share"] == row["share"]]
    if steady:
        said.append(_say_least_steady(steady, methodology, wording))
    return " ".join(said)


def say_congruence(result: ExploratoryModel, methodology: Methodology, wording: Wording) -> str:
    """Say how alike every factor is to the group that it matches."""
    rows = _match(result)
    classify = methodology.thresholds.congruence.classify
    levels = [classify(row["estimate"]) for row in rows]
    least = min(rows, key=lambda row: row["estimate"])
    return wording.text(
        "sentence.factor_congruence.all",
        total=wording.integer(len(rows)),
        equal=wording.integer(levels.count("equal")),
        fair=wording.integer(levels.count("fair")),
        different=wording.integer(levels.count("different")),
        factor=str(least["factor"]),
        group=name_group(str(least["group"]), methodology, wording),
        least=wording.number(least["estimate"], 2),
        interval=say_interval(least, result.level, wording=wording, digits=2),
    )


def say_rotations(result: ExploratoryModel, methodology: Methodology, wording: Wording) -> str:
    """Say whether the number of indicators in their places depends on the rotation."""
    del methodology
    known = result.rotations.dropna(subset="n_own")
    rows = list_rows(known)
    if len(rows) < 2:
        return wording.text("sentence.rotations.one")
    fewest = min(rows, key=lambda row: row["n_own"])
    most = max(rows, key=lambda row: row["n_own"])
    congruence = known["congruence_mean"]
    values = {
        "rotations": wording.integer(len(rows)),
        "congruence": wording.span(congruence.min(), congruence.max(), 2),
        "most": wording.integer(int(most["n_own"])),
    }
    if fewest["n_own"] == most["n_own"]:
        return wording.text("sentence.rotations.same", **values)
    return wording.text(
        "sentence.rotations.differ",
        fewest=wording.integer(int(fewest["n_own"])),
        worst=wording.text(f"rotation.{fewest['rotation']}"),
        best=wording.text(f"rotation.{most['rotation']}"),
        **values,
    )


def say_schmid_leiman(result: ExploratoryModel, methodology: Methodology, wording: Wording) -> str:
    """Say how strong the general factor is beside those of the groups."""
    del methodology
    frame = result.schmid_leiman
    if frame.empty:
        return wording.text("sentence.schmid_leiman.none")
    general = frame.loc[frame["factor"] == GENERAL].set_index("indicator")["estimate"]
    groups = frame.loc[frame["factor"] != GENERAL]
    largest = groups.groupby("indicator")["estimate"].max()
    stronger = int((general > largest.reindex(general.index)).sum())
    return wording.text(
        "sentence.schmid_leiman.all",
        general=wording.span(general.min(), general.max(), 2),
        groups=wording.span(largest.min(), largest.max(), 2),
        stronger=wording.integer(stronger),
        indicators=wording.counted(len(general), "indicator_of"),
    )


def say_fit(result: ExploratoryModel, methodology: Methodology, wording: Wording) -> str:
    """Say how well the model reproduces the correlations."""
    rows: dict[str, Row] = {str(row["statistic"]): row for row in list_rows(result.fit)}
    rmsea = rows["rmsea"]
    if rmsea["estimate"] != rmsea["estimate"]:
        return wording.text("sentence.exploratory_fit.none")
    level = methodology.thresholds.rmsea.classify(rmsea["estimate"])
    return wording.text(
        "sentence.exploratory_fit.all",
        rmsea=wording.number(rmsea["estimate"], 3),
        word=wording.text(f"level.rmsea.{level}"),
        rmsr=wording.number(rows["rmsr"]["estimate"], 3),
    )


def _name_astray(rows: list[Row], methodology: Methodology, wording: Wording) -> str:
    named = [
        wording.text(
            "sentence.verdicts.one",
            indicator=name_indicator(row["indicator"], methodology, wording),
            verdict=wording.text(f"verdict.{row['verdict']}"),
        )
        for row in rows[:N_NAMED]
    ]
    key = "astray" if len(rows) <= N_NAMED else "astray_first"
    return wording.text(f"sentence.verdicts.{key}", names="; ".join(named))


def _say_least_steady(rows: list[Row], methodology: Methodology, wording: Wording) -> str:
    least = min(rows, key=lambda row: row["share"])
    return wording.text(
        "sentence.verdicts.least_steady",
        indicator=name_indicator(least["indicator"], methodology, wording),
        share=wording.percent(least["share"]),
    )


def _match(result: ExploratoryModel) -> list[Row]:
    """Return the congruence of every factor with the group that it matches."""
    matched: pd.Series[str] = result.variance.set_index("factor")["matched_group"]
    frame = result.congruence
    return list_rows(frame.loc[frame["group"] == frame["factor"].map(matched)])


RECIPES = (
    make_paragraph("verdicts", "exploratory", ExploratoryModel, say_verdicts),
    make_paragraph("exploratory_fit", "exploratory", ExploratoryModel, say_fit),
    make_paragraph("factor_congruence", "exploratory", ExploratoryModel, say_congruence),
    make_paragraph("rotations", "exploratory", ExploratoryModel, say_rotations),
    make_paragraph("schmid_leiman", "exploratory", ExploratoryModel, say_schmid_leiman),
)
