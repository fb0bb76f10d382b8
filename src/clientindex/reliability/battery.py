"""All coefficients of internal consistency of a group, for stacks of matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.coefficients import (
    compute_categorical_omega,
    compute_cronbach,
    compute_error_of_measurement,
    compute_greatest_lower_bound,
    compute_guttman,
    compute_omega,
    compute_split_halves,
    compute_standardised_alpha,
    fit_one_factor,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.reliability.coefficients import Splits

LINEAR = (
    "alpha",
    "standardised_alpha",
    "mean_inter_item",
    "error_of_measurement",
    "lambda_1",
    "lambda_2",
    "lambda_3",
    "lambda_4",
    "lambda_5",
    "lambda_6",
    "greatest_lower_bound",
    "split_half_max",
    "split_half_min",
    "split_half_mean",
    "omega_total",
    "composite_reliability",
    "coefficient_h",
    "ave",
)
"""Coefficients of answers as numbers, in the order in which they are told."""

REPLICATE_GAP = 1e-6
"""Accuracy of the greatest lower bound of replicates: far below their spread."""

ORDINAL = ("ordinal_alpha", "latent_omega", "green_yang")
"""Coefficients from polychoric correlations. The first two describe latent responses; the third is
the reliability of the observed sum."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Battery:
    """Coefficients of B covariance matrices.

    Attributes
    ----------
    coefficients : dict of ndarray of shape (B,)
        By statistic; NaN where it is not defined.
    heywood : bool ndarray of shape (B, k)
        Indicators whose uniqueness the one-factor model put on its bound.
    """

    coefficients: dict[str, NDArray[np.float64]]
    heywood: NDArray[np.bool_]


def compute_battery(cov: NDArray[np.float64], splits: Splits) -> Battery:
    """Compute the coefficients of :data:`LINEAR`.

    Parameters
    ----------
    cov : ndarray of shape (B, k, k)
        Covariances of k >= 2 keyed indicators with positive variances: the sample, then its
        replicates.
    splits : Splits
    """
    sd = np.sqrt(np.maximum(np.diagonal(cov, axis1=1, axis2=2), np.finfo(float).tiny))
    r = cov / (sd[:, :, None] * sd[:, None, :])
    k = cov.shape[-1]
    one = fit_one_factor(r)
    alpha = compute_cronbach(cov)
    halves = compute_split_halves(cov, splits)
    values = {
        "alpha": alpha,
        "standardised_alpha": compute_standardised_alpha(r),
        "mean_inter_item": (r.sum(axis=(1, 2)) - k) / (k * (k - 1)),
        "error_of_measurement": compute_error_of_measurement(cov, alpha),
        "lambda_3": alpha,
        "lambda_4": halves["split_half_max"],
        "greatest_lower_bound": np.concatenate(
            [
                compute_greatest_lower_bound(cov[:1]),
                compute_greatest_lower_bound(cov[1:], gap=REPLICATE_GAP),
            ]
        ),
        **compute_guttman(cov),
        **halves,
        **compute_omega(one.loadings, sd),
    }
    return Battery(coefficients={name: values[name] for name in LINEAR}, heywood=one.heywood)


def compute_ordinal_battery(
    cuts: NDArray[np.float64], rho: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Compute the coefficients of :data:`ORDINAL`.

    Parameters
    ----------
    cuts : ndarray of shape (B, k, C + 1)
        Cut points with infinite ends.
    rho : ndarray of shape (B, k, k)
        Polychoric correlations; matrices with NaN give NaN.

    Returns
    -------
    dict of ndarray of shape (B,)
    """
    loadings = fit_one_factor(rho).loadings
    defined = np.asarray(np.isfinite(rho).all(axis=(1, 2)))
    categorical = np.full(len(rho), np.nan)
    usable = defined & np.isfinite(loadings).all(axis=1)
    if usable.any():
        categorical[usable] = compute_categorical_omega(cuts[usable], rho[usable], loadings[usable])
    return {
        "ordinal_alpha": np.where(
            defined, compute_cronbach(np.where(defined[:, None, None], rho, 1.0)), np.nan
        ),
        "latent_omega": compute_omega(loadings, np.ones_like(loadings))["omega_total"],
        "green_yang": categorical,
    }
