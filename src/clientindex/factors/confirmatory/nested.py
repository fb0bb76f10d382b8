"""Difference tests of nested models, with what fit loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.linalg import null_space
from scipy.stats import chi2 as chi2_distribution

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit

DifferenceMethod = Literal["likelihood", "satorra_bentler_2001", "satorra_2000"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference test of a constrained model against a freer one.

    Attributes
    ----------
    chi2, df, p : float
        Of the constraints; scaled unless the method is "likelihood".
    method : {"likelihood", "satorra_bentler_2001", "satorra_2000"}
    delta_cfi, delta_rmsea, delta_srmr : float
        Constrained less free: a fall of CFI is negative, a rise of RMSEA or SRMR positive. Of the
        robust or, where there are none, scaled CFI and RMSEA for robust estimators.
    """

    chi2: float
    df: int
    p: float
    method: DifferenceMethod
    delta_cfi: float
    delta_rmsea: float
    delta_srmr: float


def compare_nested(constrained: ConfirmatoryFit, freer: ConfirmatoryFit) -> Difference:
    """Test the constraints that make one model out of another.

    ``ml``: difference of the chi-squares. ``mlr``: Satorra and Bentler (2001), with the scaling
    ``(d0 c0 - d1 c1) / (d0 - d1)``; where that is not positive, Satorra (2000) instead. ``uls`` and
    ``wlsmv``: Satorra (2000), mean and variance adjusted (scaled and shifted).

    Parameters
    ----------
    constrained, freer : ConfirmatoryFit
        By the same estimator on the same indicators; every moment structure of the first is one of
        the second. This is not checked here, only that degrees of freedom differ accordingly.

    Returns
    -------
    Difference
        Agrees with lavaan's ``lavTestLRT()``: methods "standard", "satorra.bentler.2001" and, for
        WLSMV, its default "satorra.2000" with ``A.method = "delta"``.

    Raises
    ------
    StatisticsError
        If the two were fitted by different estimators or to different statistics, or the
        constrained model does not have more degrees of freedom.

    References
    ----------
    Satorra A., Bentler P. M. A scaled difference chi-square test statistic for moment structure
    analysis. Psychometrika, 2001, 66(4), 507-514. doi:10.1007/BF02296192
    Satorra A. Scaled and adjusted restricted tests in multi-sample analysis of moment structures.
    In: Innovations in Multivariate Statistical Analysis, 2000, 233-247.
    """
    df = _check(constrained, freer)
    raw = constrained.measures["chi2"] - freer.measures["chi2"]
    method: DifferenceMethod = "satorra_2000"
    if constrained.estimator == "ml":
        value, method = raw, "likelihood"
    elif constrained.estimator == "mlr":
        scaling = _average_scaling(constrained, freer, df)
        if scaling > 0:
            value, method = raw / scaling, "satorra_bentler_2001"
        else:
            value = _adjust(raw, df, constrained, freer)
    else:
        value = _adjust(raw, df, constrained, freer)
    changes = {name: _subtract(constrained, freer, name) for name in ("cfi", "rmsea", "srmr")}
    return Difference(
        chi2=value,
        df=df,
        p=float(chi2_distribution.sf(value, df)),
        method=method,
        delta_cfi=changes["cfi"],
        delta_rmsea=changes["rmsea"],
        delta_srmr=changes["srmr"],
    )


def _check(constrained: ConfirmatoryFit, freer: ConfirmatoryFit) -> int:
    """Return the difference of degrees of freedom."""
    one, other = constrained, freer
    same_data = one.jacobian.shape[0] == other.jacobian.shape[0] and all(
        a.indicators == b.indicators for a, b in zip(one.moments, other.moments, strict=False)
    )
    if one.estimator != other.estimator or not same_data:
        msg = (
            "nested models are fitted by the same estimator to the same indicators, not by "
            f"{one.estimator} to {one.spec.indicators} and {other.estimator} to "
            f"{other.spec.indicators}"
        )
        raise StatisticsError(msg)
    df = round(one.measures["df"] - other.measures["df"])
    if df < 1:
        msg = (
            f"the constrained model has {one.measures['df']:g} degrees of freedom and the other "
            f"{other.measures['df']:g}; give the model with more degrees of freedom first"
        )
        raise StatisticsError(msg)
    return df


def _average_scaling(constrained: ConfirmatoryFit, freer: ConfirmatoryFit, df: int) -> float:
    """Return ``(d0 c0 - d1 c1) / (d0 - d1)``."""
    total = [
        fit.measures["df"] * fit.measures.get("scaling_factor", 1.0) if fit.measures["df"] else 0.0
        for fit in (constrained, freer)
    ]
    return float((total[0] - total[1]) / df)


def _adjust(raw: float, df: int, constrained: ConfirmatoryFit, freer: ConfirmatoryFit) -> float:
    r"""Return the mean-and-variance adjusted difference.

    The constraints ``A`` are the orthogonal complement of the regression of the constrained
    Jacobian on the free one. With ``P = D'WD`` of the free model and ``C`` the covariance of the
    statistics, ``U = W D P^-1 A'(A P^-1 A')^-1 A P^-1 D' W``; the difference is multiplied by
    ``a = sqrt(df / tr(UCUC))`` and shifted by ``df - a tr(UC)``.
    """
    jacobian, weight = freer.jacobian, freer.weight
    projection = np.linalg.lstsq(jacobian, constrained.jacobian, rcond=None)[0]
    constraints = null_space(projection.T).T
    inverse = np.linalg.pinv(jacobian.T @ weight @ jacobian, hermitian=True)
    middle = np.linalg.pinv(constraints @ inverse @ constraints.T, hermitian=True)
    half = constraints @ inverse @ jacobian.T @ weight
    moved = half @ join_influences(freer).T
    spread = moved @ moved.T @ middle
    slope = np.sqrt(df / np.trace(spread @ spread))
    return float(raw * slope + df - slope * np.trace(spread))


def join_influences(fit: ConfirmatoryFit) -> NDArray[np.float64]:
    """Return influences of centres on the statistics of all groups, in the Jacobian's order.

    Groups are made of different respondents, but of the same centres where a centre has both, so
    each centre has one row. The product of the transposed matrix with itself is the covariance of
    the statistics.
    """
    centres = sorted({centre for moments in fit.moments for centre in moments.centres})
    place = {centre: row for row, centre in enumerate(centres)}
    sizes = [moments.influence.shape[1] for moments in fit.moments]
    joined = np.zeros((len(centres), sum(sizes)))
    start = 0
    for moments, size in zip(fit.moments, sizes, strict=True):
        rows = [place[centre] for centre in moments.centres]
        joined[rows, start : start + size] += moments.influence
        start += size
    return joined


def _subtract(constrained: ConfirmatoryFit, freer: ConfirmatoryFit, name: str) -> float:
    for kind in (f"{name}_robust", f"{name}_scaled", name):
        values = [fit.measures.get(kind, np.nan) for fit in (constrained, freer)]
        if np.isfinite(values).all():
            return float(values[0] - values[1])
    return float("nan")
