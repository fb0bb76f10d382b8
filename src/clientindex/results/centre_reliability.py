"""Reliability of centres: how much of the difference between their scores is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results.base import ALL_SEGMENTS, make_tidy
from clientindex.results.tidying import stack_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CentreReliability:
    """Variance components, reliability of centre means and the answers that a level of it takes.

    Every frame begins with ``kind`` ("all", "segment", "region", "period"), ``part`` (its key) and
    ``group`` (a group key, or "index"). Scores are in points 0-100.

    Attributes
    ----------
    components : DataFrame
        ``method`` ("anova", "reml", "regions": REML with regions), ``component`` ("respondent",
        "centre", "region"), ``estimate`` (variance), ``share``, ``ci_low``, ``ci_high`` (infinite
        where the data do not bound it; by REML that of the ratio to the respondents' variance,
        times its estimate), ``share_low``, ``share_high``. By moments ("anova") a
        variance, its interval, and those of the ICC, may be below 0; shares are not.
    coefficients : DataFrame
        ``statistic``, ``method`` ("anova" and "reml" of ``icc1``, ``icc2``; "reml" of
        ``design_effect``, ``mean_reliability`` and ``reliability_at_minimum`` (of the minimum
        sample); "jackknife" of alpha and omega within centres and between them), ``estimate``,
        ``ci_low``, ``ci_high``, ``n`` (respondents), ``n_centres``, ``mean_size`` (n0), ``bent``
        (whether covariances between centres had to be made those of possible data).
    centres : DataFrame
        Of everybody and of segments: ``centre``, ``region``, ``n`` (respondents), ``score``,
        ``error`` (sampling variance of the score), ``own`` (whether from the centre's own answers),
        ``estimate`` (reliability), ``ci_low``, ``ci_high``.
    answers : DataFrame
        ``level`` (of reliability), ``share`` (of centres at it or above), ``share_low``,
        ``share_high``, ``estimate`` (answers a centre needs for it), ``ci_low``, ``ci_high``:
        infinite where centres do not differ, or may not.
    generalizability : DataFrame
        ``component`` ("centre", "indicator", "centre_indicator", "respondent", "residual"),
        ``estimate`` (variance; may be below 0), ``ci_low``, ``ci_high`` (from 0, or from the
        estimate where that is below).
    curves : DataFrame
        Of everybody and of segments: ``facet`` ("respondents", "indicators": what varies),
        ``indicators``, ``respondents`` (numbers of them), ``statistic`` ("relative", "absolute",
        "fixed"), ``estimate``, ``ci_low``, ``ci_high``.
    left_out : DataFrame
        ``statistic`` ("" for all of them), ``reason``, ``detail``: what is not defined, and why.
    confidence : float
        Level of the intervals.
    minimum_sample : int
        Answers without which no star is given, for which indicators are varied.
    """

    components: pd.DataFrame
    coefficients: pd.DataFrame
    centres: pd.DataFrame
    answers: pd.DataFrame
    generalizability: pd.DataFrame
    curves: pd.DataFrame
    left_out: pd.DataFrame
    confidence: float
    minimum_sample: int

    def tidy(self) -> pd.DataFrame:
        """Return components, coefficients, centres and answers needed.

        The subject of a region or period is "group/part", of a centre "centre/group".
        """
        components, coefficients = self.components, self.coefficients
        answers, centres = self.answers, self.centres
        return stack_tidy(
            [
                self._tell(components, "variance_" + components["component"]),
                self._tell(coefficients, coefficients["statistic"], n=coefficients["n"]),
                self._tell(answers, "answers_for_" + answers["level"].astype(str), method="reml"),
                self._tell(
                    centres,
                    "reliability",
                    method="reml",
                    n=centres["n"],
                    subject=centres["centre"] + "/" + centres["group"],
                ),
            ]
        )

    def _tell(
        self,
        frame: pd.DataFrame,
        statistic: pd.Series[str] | str,
        *,
        method: str | None = None,
        n: pd.Series[float] | None = None,
        subject: pd.Series[str] | None = None,
    ) -> pd.DataFrame:
        plain = frame["kind"].isin(["all", "segment"]).to_numpy()
        named = np.where(plain, frame["group"], frame["group"] + "/" + frame["part"])
        return make_tidy(
            {
                "subject": named if subject is None else subject.to_numpy(),
                "segment": np.where(frame["kind"] == "segment", frame["part"], ALL_SEGMENTS),
                "statistic": statistic if isinstance(statistic, str) else statistic.to_numpy(),
                **{name: frame[name].to_numpy() for name in ("estimate", "ci_low", "ci_high")},
                "level": self.confidence,
                "method": frame["method"].to_numpy() if method is None else method,
                **({} if n is None else {"n": n.to_numpy()}),
            }
        )
