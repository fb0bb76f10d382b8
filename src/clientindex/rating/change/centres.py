"""Every centre of both editions side by side, its change under one method, and the test of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import stdtr

from clientindex.agreement.inflation.outlying import adjust_p, check_rate
from clientindex.rating.change.editions import MERGED
from clientindex.rating.degrees import combine_degrees, find_quantile
from clientindex.rating.stars import SMALL_SAMPLE
from clientindex.results.change import ABSENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.change.rescoring import OneMethodScores

BOTH, MOVED, NEW, GONE = "both", "moved", "new", "gone"
UP, DOWN = "up", "down"
NO_BEFORE, NO_AFTER = "no_index_before", "no_index_after"
NO_COMMON_SEGMENT, NOT_RESCORED = "no_common_segment", "not_rescored"
NO_ERROR = "no_sampling_error"

CENTRE_COLUMNS = [
    "centre",
    "name",
    "region",
    "region_before",
    "status",
    "merged",
    "before",
    "after",
    "one_method_before",
    "one_method_after",
    "difference",
    "std_error",
    "df",
    "ci_low",
    "ci_high",
    "p_value",
    "q_value",
    "flagged",
    "star_before",
    "star_after",
    "withheld_before",
    "withheld_after",
    "reason",
]


def pair_centres(
    before: pd.DataFrame, after: pd.DataFrame, *, merged: pd.Series[int]
) -> pd.DataFrame:
    """Put the centres of both registers side by side.

    Parameters
    ----------
    before, after : DataFrame
        ``centre``, ``name``, ``region``, ``n``, ``star``, ``withheld`` of every centre; the
        previous edition by current identifiers.
    merged : Series
        Number of previous centres by identifier.

    Returns
    -------
    DataFrame
        Current centres by identifier, then those that are gone; also ``n_before``, ``n_after``.
    """
    columns = ["centre", "name", "region", "n", "star", "withheld"]
    joined: pd.DataFrame = after[columns].merge(
        before[columns], on="centre", how="outer", suffixes=("_after", "_before"), sort=False
    )
    order = pd.Index([*sorted(after["centre"]), *sorted(before["centre"])]).drop_duplicates()
    joined = joined.set_index("centre").reindex(order).reset_index(names="centre")
    was, now = joined["region_before"].notna(), joined["region_after"].notna()
    moved = was & now & (joined["region_before"] != joined["region_after"])
    return joined.assign(
        name=joined["name_after"].fillna(joined["name_before"]),
        region=joined["region_after"].fillna(joined["region_before"]),
        region_before=joined["region_before"].fillna(""),
        status=np.select([~was, ~now, moved], [NEW, GONE, MOVED], default=BOTH),
        merged=joined["centre"].map(merged).fillna(0).astype(np.int64),
        withheld_before=joined["withheld_before"].where(was, ABSENT),
        withheld_after=joined["withheld_after"].where(now, ABSENT),
    )


def compare_centres(
    paired: pd.DataFrame,
    *,
    before: OneMethodScores,
    after: OneMethodScores,
    minimum_before: int,
    level: float,
    fdr: float,
) -> pd.DataFrame:
    """Compute the change of every centre and test it.

    Parameters
    ----------
    paired : DataFrame
        Of :func:`pair_centres`.
    before, after : OneMethodScores
    minimum_before : int
        Smallest sample for a star in the previous edition, for merged centres.
    level : float
    fdr : float
        False discovery rate of the flagged ones.

    Raises
    ------
    StatisticsError
        For a rate outside 0 to 1.

    Notes
    -----
    ``(after - before) / sqrt(se_before² + se_after²)``, two-sided, by Student's t with
    Satterthwaite's degrees of freedom, adjusted by Benjamini and Hochberg over the centres that are
    tested. A centre is tested when its sample sufficed for a
    star in both editions (``small_sample`` else): below that, the error is too uncertain.
    """
    check_rate(fdr)
    frame = paired.set_index("centre", drop=False)
    for side, name in ((before, "before"), (after, "after")):
        told = side.frame.reindex(frame.index)
        frame[name] = told["published"]
        frame[f"one_method_{name}"] = told["common"]
        frame[f"variance_{name}"], frame[f"df_{name}"] = told["std_error"] ** 2, told["df"]
    frame["difference"] = frame["one_method_after"] - frame["one_method_before"]
    variances, degrees = (
        frame[[f"{what}_before", f"{what}_after"]].to_numpy(float) for what in ("variance", "df")
    )
    error = np.sqrt(variances.sum(axis=1))
    frame["std_error"] = np.where(frame["difference"].notna(), error, np.nan)
    frame["df"] = combine_degrees(variances, degrees, axis=1)
    margin = find_quantile(level, frame["df"].to_numpy(float)) * frame["std_error"]
    frame["ci_low"], frame["ci_high"] = frame["difference"] - margin, frame["difference"] + margin
    frame["reason"] = _find_reasons(frame, before=before, after=after, minimum=minimum_before)
    tested = (frame["reason"] == "").to_numpy()
    z = np.full(len(frame), np.nan)
    z[tested] = (frame["difference"] / frame["std_error"])[tested]
    frame["p_value"] = 2 * stdtr(frame["df"].to_numpy(float), -np.abs(z))
    frame["q_value"] = adjust_p(frame["p_value"].to_numpy(float))
    flagged = (frame["q_value"] <= fdr).to_numpy()
    frame["flagged"] = np.where(flagged, np.where(z > 0, UP, DOWN), "")
    return frame.reset_index(drop=True)[CENTRE_COLUMNS]


def _find_reasons(
    frame: pd.DataFrame, *, before: OneMethodScores, after: OneMethodScores, minimum: int
) -> NDArray[np.str_]:
    """Return why a centre has no difference, or no test."""
    small = (frame["withheld_before"] == SMALL_SAMPLE) | (frame["withheld_after"] == SMALL_SAMPLE)
    small |= (frame["withheld_before"] == MERGED) & (frame["n_before"] < minimum)
    whole = [side.frame["all_segments"].reindex(frame.index).notna() for side in (before, after)]
    checks = {
        NEW: frame["status"] == NEW,
        GONE: frame["status"] == GONE,
        NO_BEFORE: frame["before"].isna(),
        NO_AFTER: frame["after"].isna(),
        NO_COMMON_SEGMENT: frame["difference"].isna() & whole[0] & whole[1],
        NOT_RESCORED: frame["difference"].isna(),
        SMALL_SAMPLE: small,
        NO_ERROR: ~(frame["std_error"] > 0),
    }
    return np.select([check.to_numpy(bool) for check in checks.values()], list(checks), default="")
