"""What documents say of measurement invariance: limits, and where every comparison stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Invariance

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How far invariance holds across one division of the data.

    Attributes
    ----------
    across : str
    n_parts, n_left_out : int
    reason : str
        Why nothing was compared; "" where something was.
    last : str
        The last step that holds, "configural" at least; "" where nothing was compared.
    failed : Row or None
        The first step that does not hold or did not converge.
    freed : tuple of Row
        Parameters freed at that step.
    """

    across: str
    n_parts: int
    n_left_out: int
    reason: str
    last: str
    failed: Row | None
    freed: tuple[Row, ...]

    @property
    def partial(self) -> bool:
        """Whether the failed step holds once the parameters are freed."""
        return bool(self.freed) and _is_true(self.freed[-1]["holds"])


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
    steps = _list_rows(result.steps, across)
    last, failed = "", None
    for step in steps:
        if step["status"] != "ok" or _is_false(step["holds"]):
            failed = step
            break
        last = str(step["step"])
    freed = [
        row
        for row in _list_rows(result.freed, across)
        if failed is not None and row["step"] == failed["step"]
    ]
    reasons = [str(key) for key in parts.loc[~used, "reason"] if key]
    return Outcome(
        across=across,
        n_parts=int(used.sum()),
        n_left_out=int((~used).sum()),
        reason="" if steps else (reasons[0] if reasons else "single_part"),
        last=last,
        failed=failed,
        freed=tuple(sorted(freed, key=lambda row: row["order"])),
    )


def _list_rows(frame: pd.DataFrame, across: str) -> list[Row]:
    chosen = frame.loc[frame["across"] == across]
    return [{str(key): value for key, value in row.items()} for row in chosen.to_dict("records")]


def _is_true(value: object) -> bool:
    return not pd.isna(value) and bool(value)  # type: ignore[call-overload]  # a scalar of a nullable column


def _is_false(value: object) -> bool:
    return not pd.isna(value) and not value  # type: ignore[call-overload]  # a scalar of a nullable column
