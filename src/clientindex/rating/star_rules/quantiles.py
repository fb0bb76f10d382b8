r"""Cut points at quantiles of the scores: a stated share of centres for each star.

References
----------
Hyndman R. J., Fan Y. Sample quantiles in statistical packages. The American Statistician, 1996,
50(4), 361-365. doi:10.1080/00031305.1996.10473566
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle
from clientindex.rating.star_rules.cuts import check_number, find_distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

Method = Literal[
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
]
METHODS: tuple[Method, ...] = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
)
"""Types 1 to 9 of Hyndman and Fan (1996) by the names numpy has for them."""

DEFAULT_TYPE = 7
"""The default of R, numpy and spreadsheets; SAS and SPSS have others (2 and 6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileCuts:
    """Cut points at quantiles of the scores.

    Attributes
    ----------
    shares : tuple of float
        Share of centres for each star, lowest first; positive, sum 1.
    quantile_type : int
        1 to 9 as in Hyndman and Fan (1996) and R's ``quantile``.

    Raises
    ------
    StatisticsError
        If shares are not positive or do not sum to 1, or the type is unknown; when cut points are
        found, also if there are fewer distinct scores than stars.

    Notes
    -----
    Centres with equal scores are never divided, so with ties the shares are met approximately. So
    many ties that two cut points coincide leave the star between them without a centre
    (``counts`` of the assignment shows it).

    Examples
    --------
    >>> import numpy as np
    >>> rule = QuantileCuts.of_equal_shares(4)
    >>> rule.find_cuts(np.array([1.0, 2.0, 3.0, 4.0, 5.0])).tolist()
    [2.0, 3.0, 4.0]
    """

    shares: tuple[float, ...]
    quantile_type: int = DEFAULT_TYPE

    def __post_init__(self) -> None:
        """Check shares and type."""
        check_number(len(self.shares))
        check_type(self.quantile_type)
        shares = np.array(self.shares, dtype=np.float64)
        if not (shares > 0).all() or settle(shares.sum()) != 1:
            msg = f"shares of stars must be positive and sum to 1, got {shares.tolist()}"
            raise StatisticsError(msg)

    @classmethod
    def of_equal_shares(cls, n_stars: int, *, quantile_type: int = DEFAULT_TYPE) -> QuantileCuts:
        """Return the rule that gives every star to the same share of centres."""
        check_number(n_stars)
        return cls(shares=(1 / n_stars,) * n_stars, quantile_type=quantile_type)

    @property
    def n_stars(self) -> int:
        """Number of stars."""
        return len(self.shares)

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Find the quantiles of the scores."""
        find_distinct(scores, n_stars=self.n_stars)
        below = settle(np.cumsum(self.shares)[:-1])
        return compute_quantiles(scores, below, quantile_type=self.quantile_type)


def compute_quantiles(
    scores: NDArray[np.float64], shares: NDArray[np.float64], *, quantile_type: int
) -> NDArray[np.float64]:
    """Compute quantiles of a stated type.

    Parameters
    ----------
    scores : ndarray of shape (C,)
    shares : ndarray
        Share of scores below, 0 to 1.
    quantile_type : int
        1 to 9.

    Notes
    -----
    Shares are taken to 9 decimals: 0.2 + 0.2 + 0.2 is 0.6 and does not, for being
    0.6000000000000001, pass on to the next centre under types that jump.
    """
    check_type(quantile_type)
    method = METHODS[quantile_type - 1]
    return np.asarray(np.quantile(settle(scores), shares, method=method))


def check_type(quantile_type: int) -> None:
    """Check the number of a type of quantile.

    Raises
    ------
    StatisticsError
        If it is not 1 to 9.
    """
    if quantile_type not in range(1, len(METHODS) + 1):
        msg = f"quantiles have types 1 to {len(METHODS)} (Hyndman and Fan), got {quantile_type}"
        raise StatisticsError(msg)
