"""Are the correlations fit for factoring, with Pearson and with polychoric correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.factors.adequacy import compute_bartlett, compute_sampling_adequacy, compute_smc
from clientindex.factors.intervals import compute_percentile_interval, find_unstable
from clientindex.factors.sample import BASES
from clientindex.results import Suitability, Unavailable
from clientindex.results.base import INDEX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.factors.sample import Basis, FactorSample
    from clientindex.methodology import Methodology

STAGE = "factors"

SMALLEST_EIGENVALUE = 1e-10
"""A correlation matrix with a smaller one cannot be inverted to any useful accuracy."""

MANY_RESPONDENTS = 100_000
"""With more of them Bartlett's chi-square rejects any matrix and says nothing."""


def find_indefinite(r: NDArray[np.float64]) -> Unavailable | None:
    """Say that a correlation matrix is not positive definite, if so.

    Pairwise correlations need not be consistent with each other; such a matrix is refused rather
    than smoothed.

    Returns
    -------
    Unavailable or None
        Reason ``not_positive_definite``; detail is the smallest eigenvalue.
    """
    smallest = float(np.linalg.eigvalsh(r)[0])
    if smallest > SMALLEST_EIGENVALUE:
        return None
    return Unavailable(stage=STAGE, reason="not_positive_definite", detail=f"{smallest:.2g}")


def select_definite(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the matrices of shape (R, K, K) that are defined and positive definite."""
    defined = r[np.isfinite(r).all(axis=(1, 2))]
    return defined[np.linalg.eigvalsh(defined)[:, 0] > SMALLEST_EIGENVALUE]


def compute_suitability(
    sample: FactorSample, methodology: Methodology
) -> Suitability | Unavailable:
    """Compute KMO, squared multiple correlations, Bartlett's test and the determinant.

    For Pearson and polychoric correlations; the methodology says which of them lead. KMO of a group
    is that of its own indicators alone: 0.5 whatever the correlation for two of them, missing for
    one. Intervals are percentiles over the sample's bootstrap of centres; Bartlett's test treats
    respondents as independent and has none.

    Parameters
    ----------
    sample : FactorSample
    methodology : Methodology
        Gives the groups, the leading kind of correlations, the level and the treatment of missing
        answers.

    Returns
    -------
    Suitability or Unavailable
        Unavailable for the reasons ``not_positive_definite`` (detail is the smallest eigenvalue)
        and ``no_correlation``: all correlations are exactly 0, so KMO is 0 / 0.
    """
    basis = methodology.factors.correlations
    r = sample.correlations[basis]
    if (obstacle := find_indefinite(r)) is not None:
        return obstacle
    if not r[np.triu_indices(len(r), 1)].any():
        return Unavailable(stage=STAGE, reason="no_correlation")
    tables = {kind: _measure(sample, methodology, kind) for kind in BASES}
    lead = tables[basis]
    adequacy = _pick(lead, "indicator", "msa").rename(columns={"estimate": "msa"})
    overall = lead.loc[lead["role"] == "index"].set_index("statistic")
    estimate = overall["estimate"]
    return Suitability(
        frame=adequacy.assign(smc=_pick(lead, "indicator", "smc")["estimate"]),
        groups=_pick(lead, "group", "kmo"),
        by_basis=pd.concat(tables.values(), ignore_index=True).drop(columns="role"),
        basis=basis,
        kmo=float(estimate["kmo"]),
        kmo_ci_low=float(overall["ci_low"]["kmo"]),
        kmo_ci_high=float(overall["ci_high"]["kmo"]),
        bartlett_chi2=float(estimate["bartlett_chi2"]),
        bartlett_df=int(estimate["bartlett_df"]),
        bartlett_p=float(estimate["bartlett_p"]),
        determinant=float(estimate["determinant"]),
        uninformative=sample.n > MANY_RESPONDENTS,
        n=sample.n,
        level=methodology.intervals.level,
        replicates=len(sample.replicates[basis]),
        missing=methodology.missing_answers.correlations,
    )


def _pick(table: pd.DataFrame, role: str, statistic: str) -> pd.DataFrame:
    """Return the rows of one measure with the subject in a column named after its role."""
    rows = table.loc[(table["role"] == role) & (table["statistic"] == statistic)]
    named = rows.rename(columns={"subject": role}).reset_index(drop=True)
    return named[[role, "estimate", "ci_low", "ci_high"]]


def _measure(sample: FactorSample, methodology: Methodology, basis: Basis) -> pd.DataFrame:
    """Tell every measure of one kind of correlations; `role` says what a subject is."""
    r, drawn = sample.correlations[basis], sample.replicates[basis]
    level, indicators = methodology.intervals.level, sample.indicators
    kmo, msa = compute_sampling_adequacy(r)
    drawn_kmo, drawn_msa = compute_sampling_adequacy(drawn)
    groups = [
        np.array([indicators.index(key) for key in group.indicators])
        for group in methodology.groups
    ]
    parts = {
        ("index", "kmo"): ((INDEX,), kmo[None], drawn_kmo[:, None]),
        ("group", "kmo"): (
            methodology.group_keys,
            _measure_groups(r[None], groups)[0],
            _measure_groups(drawn, groups),
        ),
        ("indicator", "msa"): (indicators, msa, drawn_msa),
        ("indicator", "smc"): (indicators, compute_smc(r), compute_smc(drawn)),
        ("index", "determinant"): (
            (INDEX,),
            np.linalg.det(r[None]),
            np.linalg.det(drawn)[:, None],
        ),
    }
    tables = [
        _tabulate(subjects, estimate, replicates, level=level).assign(role=role, statistic=name)
        for (role, name), (subjects, estimate, replicates) in parts.items()
    ]
    names = ("bartlett_chi2", "bartlett_df", "bartlett_p")
    bartlett = pd.DataFrame({"statistic": names, "estimate": compute_bartlett(r, sample.n)})
    tables.append(bartlett.assign(role="index", subject=INDEX, ci_low=np.nan, ci_high=np.nan))
    columns = ["basis", "role", "subject", "statistic", "estimate", "ci_low", "ci_high"]
    return pd.concat(tables, ignore_index=True).assign(basis=basis)[columns]


def _measure_groups(
    r: NDArray[np.float64], groups: Sequence[NDArray[np.intp]]
) -> NDArray[np.float64]:
    """Compute KMO of the own indicators of every group, shape (R, G)."""
    found = np.full((len(r), len(groups)), np.nan)
    for column, members in enumerate(groups):
        if len(members) > 1:
            found[:, column] = compute_sampling_adequacy(r[:, members[:, None], members])[0]
    return found


def _tabulate(
    subjects: tuple[str, ...],
    estimate: NDArray[np.float64],
    replicates: NDArray[np.float64],
    *,
    level: float,
) -> pd.DataFrame:
    """Tell estimates with intervals; no interval where too few replicates are defined."""
    ends = np.full((2, len(subjects)), np.nan)
    for column in range(len(subjects)):
        usable = replicates[np.isfinite(replicates[:, column]), column]
        if find_unstable(len(usable), len(replicates), stage=STAGE) is None:
            ends[:, column] = compute_percentile_interval(usable, level)
    return pd.DataFrame(
        {"subject": subjects, "estimate": estimate, "ci_low": ends[0], "ci_high": ends[1]}
    )
