"""Over-dispersion: do indices vary more than sampling errors would make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.regional import RegionalProfile
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_dispersion(result: RegionalProfile, methodology: Methodology, wording: Wording) -> str:
    """Say the over-dispersion of centres and of regions, and what it does to the limits."""
    rows = {str(row["unit"]): row for row in list_rows(result.dispersion)}
    said = []
    for unit in ("centre", "region"):
        if unit in rows:
            said += _say_unit(unit, rows[unit], result, wording)
        else:
            said.append(say_no_funnel(unit, result, methodology, wording))
    return " ".join(said)


def _say_unit(unit: str, row: Row, result: RegionalProfile, wording: Wording) -> list[str]:
    said = [
        wording.text(
            f"sentence.dispersion.{unit}",
            target=wording.number(row["target"]),
            target_kind=wording.text(f"sentence.target.{result.target_kind}"),
            n=wording.counted(int(row["n"]), unit),
            q=wording.number(row["q"]),
            p=wording.p_value(row["p_value"]),
        ),
        _say_phi(row, result, wording),
    ]
    values = {"tau": wording.number(row["tau"]), "scale": wording.number(row["scale"], 2)}
    if row["phi"] <= 1 and row["tau"] == 0:
        said.append(wording.text("sentence.dispersion.none"))
    else:
        said.append(wording.text("sentence.dispersion.models", **values))
    return said


def _say_phi(row: Row, result: RegionalProfile, wording: Wording) -> str:
    phi = wording.number(row["phi"], 2)
    if row["drawn_in"] == 0:
        return wording.text("sentence.dispersion.phi_plain", phi=phi)
    return wording.text(
        "sentence.dispersion.phi",
        share=wording.percent(result.winsorised),
        drawn_in=wording.integer(int(row["drawn_in"])),
        raw=wording.number(row["phi_winsorised"], 2),
        factor=wording.number(row["factor"], 2),
        phi=phi,
    )


def say_no_funnel(
    unit: str, result: RegionalProfile, methodology: Methodology, wording: Wording
) -> str:
    """Say why the centres or the regions have no funnel."""
    reason = say_reasons(
        result.left_out,
        lambda row: row["subject"] == unit and row["statistic"] == "funnel",
        methodology,
        wording,
    )
    return wording.text(f"sentence.dispersion.no_{unit}", reason=reason)


RECIPES = (make_paragraph("dispersion", "regional", RegionalProfile, say_dispersion),)
