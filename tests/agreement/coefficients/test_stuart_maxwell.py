"""Stuart and Maxwell's test against statsmodels, McNemar and empty categories."""

import numpy as np
import pytest
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import SquareTable

from clientindex.agreement.coefficients import compare_margins

CLOSED_FORM = 1e-10


def unfold(table):
    pairs = [
        (i, j) for i in range(len(table)) for j in range(len(table)) for _ in range(table[i][j])
    ]
    return np.array(pairs, dtype=float).T


@pytest.mark.parametrize("seed", range(5))
def test_statistic_is_that_of_statsmodels(seed):
    table = np.random.default_rng(seed).integers(1, 12, (4, 4))
    found = compare_margins(*unfold(table))
    peer = SquareTable(table, shift_zeros=False).homogeneity(method="stuart_maxwell")
    assert found.statistic == pytest.approx(peer.statistic, rel=CLOSED_FORM)
    assert (found.p_value, found.df) == (pytest.approx(peer.pvalue, rel=1e-8), peer.df)


def test_two_categories_are_mcnemar():
    found = compare_margins(*unfold([[10, 12], [5, 20]]))
    assert found.statistic == pytest.approx(49 / 17, rel=CLOSED_FORM)
    assert found.df == 1


def test_published_vision_data():
    """Stuart (1955): unaided vision of 7,477 women, chi-square 11.96 on 3 degrees of freedom."""
    table = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
    found = compare_margins(*unfold(table))
    assert found.statistic == pytest.approx(11.96, abs=0.005)
    assert (found.df, found.n) == (3, 7477)


@pytest.mark.parametrize("kept", [0, 7])
def test_categories_without_disagreement_change_nothing(kept):
    small = np.array([[3, 5, 1], [2, 4, 6], [1, 2, 3]])
    large = np.zeros((5, 5), dtype=int)
    large[np.ix_([0, 2, 4], [0, 2, 4])] = small
    large[3, 3] = kept
    one = compare_margins(*unfold(small))
    two = compare_margins(*unfold(large), categories=np.arange(5.0))
    assert (two.statistic, two.df) == (pytest.approx(one.statistic, rel=CLOSED_FORM), one.df)
    assert two.dropped == (1.0, 3.0)


def test_groups_that_exchange_nothing_add_up():
    """Two separate tables of two categories: the sum of two McNemar statistics."""
    table = np.zeros((4, 4), dtype=int)
    table[0, 1], table[1, 0], table[2, 3], table[3, 2] = 9, 3, 2, 8
    found = compare_margins(*unfold(table))
    assert (found.statistic, found.df) == (pytest.approx(36 / 12 + 36 / 10), 2)
    assert found.p_value == pytest.approx(chi2.sf(6.6, 2))


def test_order_of_raters_does_not_matter():
    x, y = np.random.default_rng(6).integers(1, 6, (2, 90)).astype(float)
    assert compare_margins(x, y).statistic == pytest.approx(
        compare_margins(y, x).statistic, rel=CLOSED_FORM
    )


def test_missing_undefined_and_refused():
    x = np.array([1.0, 2, np.nan])
    found = compare_margins(x, np.array([1.0, 2, 2]))
    assert (found.n, found.df) == (2, 0)
    assert found.method == "undefined: the raters never differ"
    assert compare_margins(x * np.nan, x).method == "undefined: no unit has both ratings"
    with pytest.raises(ValueError, match="vectors of one length"):
        compare_margins(x, x[1:])
