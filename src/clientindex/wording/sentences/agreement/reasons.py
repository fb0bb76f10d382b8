"""Why a number of the comparison is not defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.wording.absence import name_reason

if TYPE_CHECKING:
    from collections.abc import Container

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_reasons(
    left_out: pd.DataFrame,
    statistics: Container[str],
    methodology: Methodology,
    wording: Wording,
    *,
    subjects: Container[str] | None = None,
) -> str:
    """Say the reasons of what was left out, each once.

    Parameters
    ----------
    left_out : DataFrame
        ``statistic``, ``reason``, ``detail`` and, where subjects are asked for, ``subject``. An
        empty statistic stands for all of them.
    statistics : container of str
    methodology : Methodology
    wording : Wording
    subjects : container of str, optional
    """
    rows = left_out.to_dict("records")
    found = [
        (str(row["reason"]), str(row["detail"]))
        for row in rows
        if row["statistic"] in statistics or row["statistic"] == ""
        if subjects is None or row["subject"] in subjects
    ]
    if not found:
        return wording.text("sentence.comparability.no_reason")
    reasons = {
        reason: name_reason(f"agreement.{reason}", detail, methodology, wording=wording)
        for reason, detail in found
    }
    return " ".join(reasons.values())
