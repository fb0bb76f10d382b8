"""Why answers are missing: shares of "don't know" and of the other reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from clientindex.reliability.scopes import WHOLE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope


def list_reasons(
    no_answer: pd.DataFrame, scope: Scope, methodology: Methodology
) -> list[dict[str, Any]]:
    """Return the share of every reason among those asked, with its interval.

    Reasons are known by segment, not by centre, so the interval is Wilson's with the number of
    respondents divided by the design effect of missing answers to the indicator as a whole.

    Parameters
    ----------
    no_answer : DataFrame
        ``segment``, ``indicator``, ``reason``, ``n``, ``n_asked``.
    scope : Scope
        Of everybody or of a segment.
    methodology : Methodology

    Returns
    -------
    list of dict
        ``indicator``, ``reason``, ``n``, ``n_asked``, ``estimate``, ``ci_low``, ``ci_high``.

    References
    ----------
    Brown L. D., Cai T. T., DasGupta A. Interval estimation for a binomial proportion. Statistical
    Science, 2001, 16(2), 101-133. doi:10.1214/ss/1009213286
    Korn E. L., Graubard B. I. Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data. Survey Methodology, 1998, 24(2), 193-201.
    """
    part = no_answer
    if scope.kind != WHOLE:
        part = no_answer[no_answer["segment"] == scope.part]
    sums = part.groupby(["indicator", "reason"], sort=False)[["n", "n_asked"]].sum()
    effects = dict(zip(scope.counts.indicators, _compute_effects(scope), strict=True))
    rows = []
    for (indicator, reason), (n, n_asked) in zip(sums.index, sums.to_numpy(), strict=True):
        if n_asked > 0:
            effective = n_asked / max(effects.get(indicator, 1.0), 1.0)
            low, high = proportion_confint(
                n / n_asked * effective, effective, 1 - methodology.intervals.level, "wilson"
            )
            rows.append(
                {
                    "indicator": indicator,
                    "reason": reason,
                    "n": int(n),
                    "n_asked": int(n_asked),
                    "estimate": n / n_asked,
                    "ci_low": float(low),
                    "ci_high": float(high),
                }
            )
    return rows


def _compute_effects(scope: Scope) -> NDArray[np.float64]:
    """Return the design effect of the share of missing answers, shape (K,); 1 where none is."""
    n = scope.counts.n.astype(np.float64)[:, None]
    missing = scope.counts.margins[:, :, 0].astype(np.float64)
    share = missing.sum(axis=0) / n.sum()
    centres = len(n)
    clustered = centres / (centres - 1) * ((missing - n * share) ** 2).sum(axis=0) / n.sum() ** 2
    simple = share * (1 - share) / n.sum()
    return np.where(simple > 0, clustered / np.where(simple > 0, simple, 1.0), 1.0)
