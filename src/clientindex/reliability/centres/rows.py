"""Rows of the frames of a result, by frame."""

from __future__ import annotations

from typing import Any

Rows = dict[str, list[dict[str, Any]]]


def explain_absence(statistic: str, reason: str, detail: str = "") -> dict[str, Any]:
    """Return the row of what is not defined."""
    return {"statistic": statistic, "reason": reason, "detail": detail}
