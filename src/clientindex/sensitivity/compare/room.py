"""Compare two methodologies on one edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.change.method import find_one_method
from clientindex.rating.change.stars import cross_stars
from clientindex.results import StarDoubt, Stars, Unavailable
from clientindex.results.change import ABSENT
from clientindex.results.methodology_comparison import MethodologyComparison
from clientindex.sensitivity.compare.centres import OTHER_SCALE, compare_centres
from clientindex.sensitivity.compare.changes import list_changes
from clientindex.sensitivity.compare.parts import TOO_MANY_VALUES, compare_parts
from clientindex.sensitivity.compare.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.methodology import Methodology
    from clientindex.results.methodology_comparison import ErrorOfDifference
    from clientindex.sensitivity.compare.errors import DifferenceErrors

NO_ANSWERS = "no_answers_to_indicator"
NO_OVERLAP = (
    "methodologies {before!r} and {after!r} have no indicator in common, so that there is nothing "
    "to compare: indicators are matched by their keys ({first} ...; {second} ...). Give the same "
    "key to what is the same question."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredEdition:
    """The edition scored by one methodology.

    Attributes
    ----------
    methodology : Methodology
    stars : Stars
    doubt : StarDoubt or Unavailable
    """

    methodology: Methodology
    stars: Stars
    doubt: StarDoubt | Unavailable


def check_overlap(before: Methodology, after: Methodology) -> None:
    """Refuse methodologies without a common indicator.

    Raises
    ------
    StatisticsError
        The message names keys of both.
    """
    if set(before.indicator_keys) & set(after.indicator_keys):
        return
    raise StatisticsError(
        NO_OVERLAP.format(
            before=before.id,
            after=after.id,
            first=", ".join(before.indicator_keys[:3]),
            second=", ".join(after.indicator_keys[:3]),
        )
    )


def compare_methodologies(
    before: ScoredEdition,
    after: ScoredEdition,
    *,
    errors: DifferenceErrors,
    attributes: pd.DataFrame | None,
    edition: str,
    synthetic: bool,
    unanswered: Sequence[tuple[str, str]] = (),
) -> MethodologyComparison:
    """Compare what two methodologies give to the same answers.

    Parameters
    ----------
    before, after : ScoredEdition
    errors : DifferenceErrors
    attributes : DataFrame or None
        Of the register.
    edition : str
    synthetic : bool
        Whether the answers are simulated.
    unanswered : sequence of (methodology, indicator)
        Indicators that nobody answered, for which the rule for missing answers stands in.

    Raises
    ------
    StatisticsError
        If the methodologies have no indicator in common.
    """
    old, new = before.methodology, after.methodology
    check_overlap(old, new)
    same_scale = old.scoring.scale == new.scoring.scale
    level, fdr = new.intervals.level, new.change.fdr
    centres = compare_centres(
        _take_stars(before),
        _take_stars(after),
        errors=errors,
        same_scale=same_scale,
        level=level,
        fdr=fdr,
    )
    parts, too_many = compare_parts(centres, attributes)
    left_out = [(name, "parts", TOO_MANY_VALUES, n) for name, n in too_many]
    left_out += [(key, "indicator", NO_ANSWERS, name) for name, key in unanswered]
    if not same_scale:
        left_out.append(("", "difference", OTHER_SCALE, ""))
    if errors.reason:
        left_out.append(("", "std_error", errors.reason, ""))
    return MethodologyComparison(
        changes=list_changes(old, new),
        weights=find_one_method(old, new).indicators,
        groups=_list_groups(old, new),
        centres=centres,
        transitions=_cross(centres, before, after),
        parts=parts,
        summary=summarise(
            centres, wrong_before=_count_wrong(before), wrong_after=_count_wrong(after)
        ),
        left_out=pd.DataFrame(
            left_out, columns=["subject", "statistic", "reason", "detail"], dtype="str"
        ),
        edition=edition,
        synthetic=synthetic,
        before_id=old.id,
        after_id=new.id,
        before_title_ru=old.title.ru,
        before_title_en=old.title.en,
        after_title_ru=new.title.ru,
        after_title_en=new.title.en,
        errors=_name_errors(centres, errors),
        fdr=fdr,
        level=level,
    )


def _list_groups(before: Methodology, after: Methodology) -> pd.DataFrame:
    """Return the groups of both with their weights, those that are gone last."""
    old, new = ({group.key: group for group in side.groups} for side in (before, after))
    rows = [
        {
            "group": key,
            "name_ru": (new.get(key) or old[key]).name.ru,
            "name_en": (new.get(key) or old[key]).name.en,
            "weight_before": old[key].weight if key in old else np.nan,
            "weight_after": new[key].weight if key in new else np.nan,
        }
        for key in [*new, *(key for key in old if key not in new)]
    ]
    return pd.DataFrame(rows)


def _take_stars(scored: ScoredEdition) -> pd.DataFrame:
    """Return the frame of the stars with P(star) by the leading route, where there is one."""
    frame, doubt = scored.stars.frame, scored.doubt
    if isinstance(doubt, Unavailable):
        return frame
    known = doubt.centres.set_index("centre")[f"p_star_{doubt.leading}"]
    return frame.assign(p_star=known.reindex(frame["centre"]).to_numpy(float))


def _count_wrong(scored: ScoredEdition) -> float:
    doubt = scored.doubt
    if isinstance(doubt, Unavailable):
        return np.nan
    rows = doubt.summary[
        (doubt.summary["route"] == doubt.leading) & (doubt.summary["statistic"] == "expected_wrong")
    ]
    return float(rows["estimate"].iloc[0]) if len(rows) else np.nan


def _cross(centres: pd.DataFrame, before: ScoredEdition, after: ScoredEdition) -> pd.DataFrame:
    """Cross the stars; nobody is absent from one register."""
    stars = tuple(
        tuple(
            sorted(
                {*s.methodology.stars.star_values, *s.stars.frame["star"].dropna().astype(float)}
            )
        )
        for s in (before, after)
    )
    table = cross_stars(centres.assign(status="both"), stars=(stars[0], stars[1]))
    here = (table["star_before"] != ABSENT) & (table["star_after"] != ABSENT)
    return table[here].reset_index(drop=True)


def _name_errors(centres: pd.DataFrame, errors: DifferenceErrors) -> ErrorOfDifference:
    return errors.method if centres["p_value"].notna().any() else "none"
