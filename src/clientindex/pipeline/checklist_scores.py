"""The checklists' own scores as the blend of the rating takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.checklist import score_checklists
from clientindex.pipeline.pairing import list_survey_periods
from clientindex.results import INDEX

if TYPE_CHECKING:
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology


def tabulate_checklists(tables: IntakeTables, methodology: Methodology) -> pd.DataFrame | None:
    """Score the checklists of all centres of the register.

    Returns
    -------
    DataFrame or None
        ``centre``, ``key``, ``estimate`` (NaN where nothing applies), ``variance`` (0: every item
        was answered, and no error of the staff's answers is known from them alone). None without
        checklists or without a survey.
    """
    survey = methodology.of_answers
    if survey is None:
        return None
    centres = tuple(tables.register["centre"])
    found = score_checklists(
        tables.checklist_items,
        tables.checklist_scores,
        survey,
        centres=centres,
        periods=list_survey_periods(tables),
    )
    if found is None:
        return None
    keys = (INDEX, *survey.group_keys, *survey.indicator_keys)
    return pd.DataFrame(
        {
            "centre": np.repeat(np.array(centres, dtype=object), len(keys)),
            "key": np.tile(np.array(keys, dtype=object), len(centres)),
            "estimate": found.scores.ravel(),
            "variance": 0.0,
        }
    )
