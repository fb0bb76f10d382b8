"""Correlations of two methods between centres, and what they say of validity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientindex.results.base import make_tidy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MultitraitMatrix:
    """Correlations of groups by methods between centres, and what they say of validity.

    Every frame has ``removed`` (the error taken out: "none", "survey_sampling",
    "survey_sampling_and_visits"), ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``method``
    (of the interval, or why there is none), ``n`` (centres).

    Attributes
    ----------
    correlations : DataFrame
        ``first_method``, ``first_group``, ``second_method``, ``second_group``; ``kind``
        ("monotrait_heteromethod", "heterotrait_heteromethod", "heterotrait_monomethod");
        ``error_removed``, of this very pair: between checklists no survey error can be.
    criteria : DataFrame
        ``criterion``, ``statistic`` ("count" or "difference"), ``group`` (or "all"),
        ``comparisons``. Criterion "1": correlations of a group over the two methods above zero;
        "2": above those with other groups over methods; "3_survey", "3_checklist": above those with
        other groups inside a method. A count comes with an interval from certain signs.
    htmt : DataFrame
        ``statistic`` ("htmt_between", "htmt2_between", "htmt_all"), ``first_group``,
        ``second_group``.
    level : float
    n, n_dropped, n_regions, n_visits : int
        Centres used, dropped for missing scores, regions, and centres visited a second time.
    """

    correlations: pd.DataFrame
    criteria: pd.DataFrame
    htmt: pd.DataFrame
    level: float
    n: int
    n_dropped: int
    n_regions: int
    n_visits: int

    def take_matrix(self, removed: str) -> pd.DataFrame:
        """Return the correlations as a square table, (method, group) by (method, group)."""
        rows = self.correlations[self.correlations["removed"] == removed]
        sides = (rows[[f"{side}_method", f"{side}_group"]] for side in ("first", "second"))
        names = list(dict.fromkeys(tuple(row) for side in sides for row in side.to_numpy()))
        values = np.eye(len(names))
        values[np.triu_indices(len(names), 1)] = rows["estimate"]
        values = np.triu(values) + np.triu(values, 1).T
        index = pd.MultiIndex.from_tuples(names, names=["method", "group"])
        return pd.DataFrame(values, index=index, columns=index)

    def tidy(self) -> pd.DataFrame:
        """Return all estimates as a tidy table; statistics end with the error removed."""
        pairs, criteria, htmt = self.correlations, self.criteria, self.htmt
        first = pairs["first_method"] + ":" + pairs["first_group"]
        second = pairs["second_method"] + ":" + pairs["second_group"]
        named = [
            pairs.assign(subject=first + " ~ " + second, of="correlation"),
            criteria.assign(
                subject=criteria["group"],
                of="criterion_" + criteria["criterion"] + "_" + criteria["statistic"],
            ),
            htmt.assign(
                subject=htmt["first_group"] + " ~ " + htmt["second_group"], of=htmt["statistic"]
            ),
        ]
        columns = ["estimate", "std_error", "ci_low", "ci_high", "method", "n", "subject"]
        frame = pd.concat([part[[*columns, "of", "removed"]] for part in named])
        return make_tidy(
            {
                **{name: frame[name].to_numpy() for name in columns},
                "statistic": (frame["of"] + "_less_" + frame["removed"]).to_numpy(),
                "level": self.level,
            }
        )
