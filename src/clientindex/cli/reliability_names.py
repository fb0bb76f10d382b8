"""What the tables of reliability call statistics, and how they find their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows
from clientindex.results import INDEX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology

SOLUTIONS = {
    "schmid_leiman": "Schmid-Leiman",
    "correlated": "correlated",
    "bifactor": "bifactor",
}
STATISTICS = {
    "alpha": "alpha",
    "standardised_alpha": "standardised alpha",
    "mean_inter_item": "mean inter-item correlation",
    "error_of_measurement": "standard error of measurement",
    **{f"lambda_{number}": f"lambda {number}" for number in range(1, 7)},
    "greatest_lower_bound": "GLB",
    "split_half_max": "largest split half",
    "split_half_min": "smallest split half",
    "split_half_mean": "mean split half",
    "omega_total": "omega total",
    "composite_reliability": "composite reliability",
    "coefficient_h": "coefficient H",
    "ave": "AVE",
    "ordinal_alpha": "ordinal alpha",
    "latent_omega": "omega of latent responses",
    "green_yang": "Green-Yang omega",
    "item_total": "item-total correlation",
    "item_total_standardised": "standardised item-total correlation",
    "item_total_corrected": "corrected item-total correlation",
    "item_rest": "item-rest correlation",
    "alpha_if_dropped": "alpha without an indicator",
    "icc1": "ICC(1)",
    "icc2": "ICC(2)",
    "centre_reliability": "reliability of centres",
    "answers": "answers needed",
    "levels": "within and between centres",
    "regions": "components with regions",
    **{
        f"{name}_{level}": f"{name} {level} centres"
        for name in ("alpha", "omega")
        for level in ("within", "between")
    },
}
"""Keys that are not here, such as "design_effect", are read as they stand."""


def list_groups(methodology: Methodology) -> tuple[str, ...]:
    """Return the keys of the groups, and that of all indicators at the end."""
    return (*methodology.group_keys, INDEX)


def key_rows(frame: pd.DataFrame, *columns: str) -> dict[tuple[Any, ...], Any]:
    """Return the rows of a frame by the values of some of its columns."""
    return {tuple(getattr(row, name) for name in columns): row for row in list_rows(frame)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two numbers that are compared, with its interval."""

    estimate: float
    ci_low: float
    ci_high: float


def take_side(row: Any, side: str) -> Side:
    """Return the number "before" or "after" of a comparison."""
    return Side(
        estimate=getattr(row, side),
        ci_low=getattr(row, f"{side}_low"),
        ci_high=getattr(row, f"{side}_high"),
    )


def write_span(values: pd.Series[Any], form: str = ".0f") -> str:
    """Write a number, or the two ends of several that differ."""
    low, high = f"{values.min():{form}}", f"{values.max():{form}}"
    return low if low == high else f"{low}-{high}"
