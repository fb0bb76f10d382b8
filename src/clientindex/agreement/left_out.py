"""What is not defined, as rows with a reason that has words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clientindex.agreement.coefficients.estimate import UNDEFINED_CONSTANT, UNDEFINED_FEW

STAGE = "agreement"

CONSTANT = "constant_source"
TOO_FEW_CENTRES = "too_few_centres"
NO_SAMPLING_ERROR = "no_sampling_error"
NO_VARIANCE_LEFT = "no_variance_left"
UNSTABLE = "unstable_resampling"

COLUMNS = ["subject", "statistic", "reason", "detail"]


def leave_out(subject: str, statistic: str, reason: str, detail: str = "") -> dict[str, str]:
    """Return the row of what is not defined; an empty statistic stands for all of a subject."""
    return {"subject": subject, "statistic": statistic, "reason": reason, "detail": detail}


def tabulate_left_out(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Return the frame of what is not defined, all text."""
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def explain_undefined(method: str) -> str:
    """Return the reason that an undefined estimate tells in place of its method."""
    known = {UNDEFINED_CONSTANT: CONSTANT, UNDEFINED_FEW: TOO_FEW_CENTRES}
    return known.get(method, CONSTANT)


def make_frame(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """Return rows as a frame with all columns, also without rows."""
    return pd.DataFrame(rows, columns=columns)
