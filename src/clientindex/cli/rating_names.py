"""How the tables of the rating write numbers, stars, ranks and centres."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.cli.footnotes import ABSENT, Footnotes
from clientindex.cli.plain_tables import write_p
from clientindex.results import INDEX
from clientindex.wording import load_wording
from clientindex.wording.names import name_group, name_indicator, name_segment
from clientindex.wording.numbers import round_half_up

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

ROOM = "rating"
FIRST = 10
"""Rows of a list that are printed; files have all of them."""
LONGEST_NAME = 24
"""Characters of a centre's name that a list shows."""
LONGEST_SUBJECT = 36
"""The same of a group or an indicator."""
NEARLY = 0.005
"""Probabilities nearer to 0 or 1 are not told apart from it by whole per cents."""

ROUTES = ("normal", "draws", "shrunk")
"""Ways to the probability of a star, in the order of tables."""
METHOD_OF = {
    "morris": "Morris",
    "reml": "REML",
    "ml": "ML",
    "dersimonian_laird": "DerSimonian-Laird",
    "paule_mandel": "Paule-Mandel",
    "posterior_mean_truncation": "posterior mean",
}
"""Estimators of the variance of true scores."""


def make_notes(methodology: Methodology) -> Footnotes:
    """Make notes that only say what cells ask them to."""
    nothing = pd.DataFrame(columns=["statistic", "reason", "detail"])
    return Footnotes(nothing, methodology, room=ROOM)


def form_number(value: float, form: str) -> str:
    """Write a number rounded half up, as documents do; `form` is a format such as ``+z.1f``."""
    decimals = int(form[form.index(".") + 1]) + 2 * form.endswith("%") if "." in form else 0
    if form.endswith("d") or not math.isfinite(value):
        return f"{value:{form}}"
    return f"{float(round_half_up(value, digits=decimals)):{form}}"


def write_number(value: Any, form: str = "z.1f") -> str:
    """Write a number, or a dash where there is none."""
    return ABSENT if pd.isna(value) else form_number(value, form)


def write_estimate(row: Any, form: str = "z.1f") -> str:
    """Write an estimate with its interval; a dash for none."""
    return write_between(row.estimate, row.ci_low, row.ci_high, form)


def write_between(value: Any, low: Any, high: Any, form: str = "z.1f") -> str:
    """Write a number with the two ends of its interval."""
    if pd.isna(value):
        return ABSENT
    told = form_number(value, form)
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return told
    return f"{told} [{form_number(low, form)}, {form_number(high, form)}]"


def write_star(value: Any) -> str:
    """Write a number of stars, half stars with a decimal; a dash for none."""
    return ABSENT if pd.isna(value) else f"{float(value):g}"


def write_set(low: Any, high: Any) -> str:
    """Write a set of ranks from one to another."""
    if pd.isna(low) or pd.isna(high):
        return ABSENT
    return f"{low:d}" if low == high else f"{low:d}-{high:d}"


def write_chance(p: Any) -> str:
    """Write a probability in whole per cents; what is nearly 0 or 1 is said to be less or more."""
    if pd.isna(p):
        return ABSENT
    if p < NEARLY:
        return "<1%"
    return ">99%" if p > 1 - NEARLY else form_number(p, ".0%")


def name_route(route: str) -> str:
    """Name a way to the probability of a star, as documents do."""
    return load_wording("en").text(f"sentence.route.{route}")


def read_flag(value: Any) -> bool | None:
    """Return a flag that may be missing as Python's own value."""
    return None if pd.isna(value) else bool(value)


def write_distance(points: Any, errors: Any) -> str:
    """Write how far a cut point is, in points and in standard errors."""
    if pd.isna(points):
        return ABSENT
    if math.isinf(points):
        return "none"
    told = "no error" if math.isinf(errors) else f"{form_number(errors, '.1f')} SE"
    return f"{form_number(points, '.1f')} ({told})"


def name_key(key: str, methodology: Methodology, whole: str = "index") -> str:
    """Name a group, an indicator or a segment in words; `whole` is the name of the key "index".

    What is none of these is returned as it is.
    """
    if key == INDEX:
        return whole
    segments = [segment.key for segment in methodology.segments]
    for keys, name in (
        (methodology.group_keys, name_group),
        (methodology.indicator_keys, name_indicator),
        (segments, name_segment),
    ):
        if key in keys:
            return name(key, methodology, load_wording("en"))
    return key


def write_q(value: Any) -> str:
    """Write a p or q value, or a dash."""
    return ABSENT if pd.isna(value) else write_p(value)


def shorten(name: str, longest: int = LONGEST_NAME) -> str:
    """Return the beginning of a long name."""
    return name if len(name) <= longest else f"{name[: longest - 3].rstrip()}..."


def say_withheld(reason: str) -> str:
    """Say why a star is withheld, in the words of documents."""
    said = load_wording("en").text(f"withheld.{reason}")
    return f"{said[:1].lower()}{said[1:]}"
