"""What documents say of measurement invariance: limits, and where every comparison stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Invariance

Row = dict[str, Any]


FITTED: Final = ("ok", "heywood")
"""Statuses of a step that has estimates."""

FEWEST: Final = 2
"""Parts that can be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How far invariance holds across one division of the data.

    Attributes
    ----------
    across : str
    n_parts, n_left_out : int
    reason : str
        Why nothing was compared; "" where something was.
    has_steps : bool
        Whether models were compared step by step; otherwise there is only the alignment.
    last : str
        The last step that holds, wholly or in part; "" where none does.
    partial : tuple of (Row, tuple of Row)
        Steps that hold once parameters are freed, with these parameters.
    failed : Row or None
        The first step that does not hold even so, or did not converge.
    freed : tuple of Row
        Parameters freed at that step in vain.
    """

    across: str
    n_parts: int
    n_left_out: int
    reason: str
    has_steps: bool
    last: str
    partial: tuple[tuple[Row, tuple[Row, ...]], ...]
    failed: Row | None
    freed: tuple[Row, ...]


def list_outcomes(result: Invariance) -> list[Outcome]:
    """Return the outcome of every comparison, in the order of the parts."""
    return [_find_outcome(result, across) for across in dict.fromkeys(result.parts["across"])]


def list_limits(methodology: Methodology) -> dict[str, float]:
    """Return the change of CFI, RMSEA and SRMR at which invariance is said to fail."""
    thresholds = methodology.thresholds
    names = {"cfi": "cfi_drop", "rmsea": "rmsea_rise", "srmr": "srmr_rise"}
    return {
        key: next(
            float(level.lower)
            for level in getattr(thresholds, name).levels
            if level.key == "fails" and level.lower is not None
        )
        for key, name in names.items()
    }


def _find_outcome(result: Invariance, across: str) -> Outcome:
    parts = result.parts.loc[result.parts["across"] == across]
    used = parts["used"].astype(bool)
    reasons = [str(key) for key in parts.loc[~used, "reason"] if key]
    steps = _list_rows(result.steps, across)
    return Outcome(
        across=across,
        n_parts=int(used.sum()),
        n_left_out=int((~used).sum()),
        reason="" if used.sum() >= FEWEST else next(iter(reasons), "single_part"),
        has_steps=bool(steps),
        **_follow_steps(steps, _list_rows(result.freed, across)),
    )


def _follow_steps(steps: list[Row], freed: list[Row]) -> dict[str, Any]:
    """Go up the steps to the first that does not hold, not even in part."""
    last, partial = "", []
    for step in steps:
        own = tuple(
            sorted((r for r in freed if r["step"] == step["step"]), key=lambda r: r["order"])
        )
        converged = step["status"] in FITTED
        if converged and not _is_false(step["holds"]):
            last = str(step["step"])
        elif converged and own and _is_true(own[-1]["holds"]):
            last = str(step["step"])
            partial.append((step, own))
        else:
            return {"last": last, "partial": tuple(partial), "failed": step, "freed": own}
    return {"last": last, "partial": tuple(partial), "failed": None, "freed": ()}


def _list_rows(frame: pd.DataFrame, across: str) -> list[Row]:
    chosen = frame.loc[frame["across"] == across]
    return [{str(key): value for key, value in row.items()} for row in chosen.to_dict("records")]


def _is_true(value: object) -> bool:
    return not pd.isna(value) and bool(value)  # type: ignore[call-overload]  # a scalar of a nullable column


def _is_false(value: object) -> bool:
    return not pd.isna(value) and not value  # type: ignore[call-overload]  # a scalar of a nullable column
