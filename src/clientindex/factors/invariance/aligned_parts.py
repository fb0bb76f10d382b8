"""From the moments of many parts to aligned factor means: one linear factor model a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.invariance.alignment import Configural, align
from clientindex.factors.invariance.specs import build_step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit
    from clientindex.factors.invariance.alignment import Aligned
    from clientindex.factors.invariance.specs import StepDesign
    from clientindex.factors.moments import SampleMoments

MEANS_COLUMNS = ("part", "factor", "mean", "mean_se", "sd")
ITEM_COLUMNS = ("indicator", "parameter", "r2", "n_differing", "n_parts")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlignedParts:
    """Aligned factors of many parts.

    Attributes
    ----------
    means : DataFrame
        :data:`MEANS_COLUMNS`.
    items : DataFrame
        :data:`ITEM_COLUMNS`.
    failed : tuple of str
        Parts whose model did not converge.
    """

    means: pd.DataFrame
    items: pd.DataFrame
    failed: tuple[str, ...]


def align_parts(design: StepDesign, moments: Mapping[str, SampleMoments]) -> AlignedParts:
    """Fit the linear factor model of every part and align every factor.

    Published scores are means of answers, so alignment is of the linear model of the answers,
    fitted by maximum likelihood to means and covariances. Sampling covariances of loadings and
    intercepts are robust to clustering by centre.

    Parameters
    ----------
    design : StepDesign
        Continuous; `n_parts` is not used.
    moments : mapping of SampleMoments
        Kind "covariance", by part; the first is the one of reference.
    """
    spec = build_step(design, "configural")
    fits = {
        part: fit_model(spec, own, estimator="mlr", measured=False) for part, own in moments.items()
    }
    usable = {part: fit for part, fit in fits.items() if fit.status in ("ok", "heywood")}
    failed = tuple(part for part in fits if part not in usable)
    if len(usable) < 2:
        empty = pd.DataFrame(columns=list(MEANS_COLUMNS)), pd.DataFrame(columns=list(ITEM_COLUMNS))
        return AlignedParts(means=empty[0], items=empty[1], failed=failed)
    means, items = [], []
    for factor, indicators in design.factors.items():
        aligned = align(_collect(factor, indicators, list(usable.values())))
        means.append(_tabulate_means(factor, tuple(usable), aligned))
        items.append(_tabulate_items(indicators, aligned))
    return AlignedParts(
        means=pd.concat(means, ignore_index=True),
        items=pd.concat(items, ignore_index=True),
        failed=failed,
    )


def _collect(
    factor: str, indicators: tuple[str, ...], fits: Sequence[ConfirmatoryFit]
) -> Configural:
    """Collect one factor's estimates; a factor is signed so that its loadings sum above 0."""
    keys = [(factor, "=~", x) for x in indicators] + [(x, "~1", "") for x in indicators]
    size = len(indicators)
    values, spreads = [], []
    for fit in fits:
        places = _find_places(fit, keys)
        estimates = fit.estimates[places].copy()
        covariance = fit.covariance[np.ix_(fit.position[places], fit.position[places])].copy()
        if estimates[:size].sum() < 0:
            sign = np.repeat([-1.0, 1.0], size)
            estimates, covariance = estimates * sign, covariance * np.outer(sign, sign)
        values.append(estimates)
        spreads.append(covariance)
    stacked = np.array(values)
    return Configural(
        loadings=stacked[:, :size],
        intercepts=stacked[:, size:],
        covariance=np.array(spreads),
        n=np.array([fit.moments[0].n for fit in fits]),
    )


def _find_places(fit: ConfirmatoryFit, keys: Sequence[tuple[str, str, str]]) -> NDArray[np.intp]:
    place = {(p.lhs, p.op, p.rhs): at for at, p in enumerate(fit.spec.parameters)}
    return np.array([place[key] for key in keys])  # type: ignore[index]  # operators are text


def _tabulate_means(factor: str, parts: tuple[str, ...], aligned: Aligned) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "part": parts,
            "factor": factor,
            "mean": aligned.mean,
            "mean_se": aligned.mean_se,
            "sd": aligned.sd,
        }
    )


def _tabulate_items(indicators: tuple[str, ...], aligned: Aligned) -> pd.DataFrame:
    kinds = {
        "loading": (aligned.loading_r2, aligned.loading_differs),
        "intercept": (aligned.intercept_r2, aligned.intercept_differs),
    }
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "indicator": indicators,
                    "parameter": kind,
                    "r2": r2,
                    "n_differing": differs.sum(axis=0),
                    "n_parts": len(differs),
                }
            )
            for kind, (r2, differs) in kinds.items()
        ],
        ignore_index=True,
    )
