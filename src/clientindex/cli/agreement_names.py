"""What the tables of survey against checklist call statistics, and the notes under them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.cli.footnotes import ABSENT, Footnotes, name_row
from clientindex.cli.plain_tables import write_interval
from clientindex.results import INDEX

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

ROOM = "agreement"
WHOLE = "index"
UNDEFINED = "undefined: "
"""What methods begin with where they tell why there is no estimate."""

LONGEST_NAME = 32
"""Characters of a name of a centre or region that are shown; files have all of them."""

SIDES = ("survey", "checklist")

COMPONENTS = {
    "trait_common": "trait, common to all groups",
    "trait_own": "trait, of each group",
    "halo": "halo of visitors",
    "checklist_method": "method of the checklist",
    "survey_specific": "specific, survey",
    "checklist_specific": "specific, checklist",
    "sampling_error": "sampling error, survey",
}
LINES = {
    "least_squares": "least squares (bound)",
    "inverse_least_squares": "inverse (bound)",
    "errors_in_variables": "errors in variables",
    "traits": "between traits",
    "deming": "Deming (estimated ratio)",
    "deming_equal": "Deming (ratio 1)",
    "passing_bablok": "Passing-Bablok",
}
COEFFICIENTS = {
    "percent": "equal stars",
    "kappa": "kappa",
    "kappa_linear": "kappa, linear weights",
    "kappa_quadratic": "kappa, quadratic weights",
    "ac1": "Gwet's AC1",
    "ac2": "Gwet's AC2, quadratic weights",
    "alpha_ordinal": "Krippendorff's alpha, ordinal",
}
STATISTICS = {
    "survey": "reliability of the survey",
    "checklist": "reliability of checklists",
    "survey_ceiling": "share at the highest score by the survey",
    "checklist_ceiling": "share at the highest score by the checklist",
    "link": "link of the scales",
    "mean_sigma": "link by mean and standard deviation",
    "consistency_survey": "share of trait in the survey",
    "method_specificity_survey": "share of halo in the survey",
    "consistency_checklist": "share of trait in the checklist",
    "method_specificity_checklist": "share of method in the checklist",
    "check": "mixed model",
    "sd_difference": "SD of differences",
    "loa_low": "limits of agreement",
    "loa_net_low": "limits net of sampling error",
    "net": "numbers net of sampling error",
    "r_net": "r net of sampling error",
    "pearson_r": "r",
    "icc_c1": "ICC(C,1)",
    "ccc": "CCC",
    "icc_a1": "ICC(A,1)",
    "both_equal": "share of equal scores",
    "linked": "coefficients of linked scales",
    "repeated": "limits from repeated measurements",
    "margins": "test of margins",
    "z": "z of centres",
    "share": "share of inflating centres",
    "shift": "mean z of inflating centres",
    "separation": "separation of inflating centres",
    "between_regions": "variance between regions",
    "mean": "mean gap",
    "bunching": "bunching at the cuts of stars",
    "unverifiable_flagged": "gap in what cannot be verified",
    **COMPONENTS,
    **LINES,
    **COEFFICIENTS,
}
"""Keys that are not here, such as "bias", are read as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the tables speak of.

    Attributes
    ----------
    subjects : tuple of str
        The index and the groups, or one group.
    indicators : tuple of str
        Of the one group; none where all groups are shown.
    """

    subjects: tuple[str, ...]
    indicators: tuple[str, ...]

    @property
    def leading(self) -> str:
        """The subject that is told in more detail: the index, or the one group."""
        return self.subjects[0]

    def make_notes(self, left_out: pd.DataFrame, methodology: Methodology) -> Footnotes:
        """Make the notes of a section; what is not shown has none."""
        frame = left_out.rename(columns={"subject": "group"})
        hidden = {*methodology.group_keys, *methodology.indicator_keys, INDEX}
        hidden -= {*self.subjects, *self.indicators}
        of = frame["group"] if "group" in frame else frame["detail"]
        frame = frame[~of.isin(hidden)]
        return Footnotes(frame, methodology, names=STATISTICS, room=ROOM, whole=WHOLE)


def choose_shown(group: str | None, methodology: Methodology) -> Shown:
    """Return what the tables speak of."""
    if group is None:
        return Shown(subjects=(INDEX, *methodology.group_keys), indicators=())
    return Shown(subjects=(group,), indicators=tuple(methodology.group(group).indicators))


def name_subject(key: str) -> str:
    """Return what a table calls the index, a group or an indicator."""
    return name_row(key, WHOLE)


def write_tested(row: Any, notes: Footnotes, *, form: str = "z.2f") -> str:
    """Write an estimate whose method tells why it, or its interval, is not defined."""
    if math.isnan(row.estimate):
        return f"{ABSENT} {notes.mark(capitalise(row.method.removeprefix(UNDEFINED)))}"
    ends = write_interval(row.ci_low, row.ci_high, form=form)
    return f"{row.estimate:{form}} {ends or notes.mark(capitalise(row.method))}"


def capitalise(text: str) -> str:
    """Begin a text with a capital, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def is_known(row: Any) -> bool:
    """Return whether a row is there and has an estimate."""
    return row is not None and math.isfinite(row.estimate)


def write_number(value: Any, form: str = "z.1f") -> str:
    """Write a number, or a dash where there is none."""
    return ABSENT if pd.isna(value) else f"{value:{form}}"


def shorten(name: str) -> str:
    """Return the beginning of a long name."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3].rstrip()}..."
