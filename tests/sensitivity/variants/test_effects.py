"""Main effects and comparisons of variants by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.formula.api import ols

from clientindex.sensitivity.variants.comparison import compare_variants
from clientindex.sensitivity.variants.effects import compute_effects

EXACT = 1e-12
FIT = 1e-9


def test_main_effects_of_a_full_grid_by_hand():
    """Y = 0, 2, 4, 10 over (a, b): total 56; a: means 1, 7, 36; b: means 2, 6, 16; rest 4."""
    codes = np.array(list(product([0, 1], [0, 1])))
    found = compute_effects(np.array([0.0, 2, 4, 10]), codes)
    assert found.share == pytest.approx([36 / 56, 16 / 56], abs=EXACT)
    assert found.additive_share == pytest.approx(52 / 56, abs=EXACT)


def test_a_grid_with_gaps_equals_type_two_of_statsmodels():
    rng = np.random.default_rng(0)
    codes = np.array(list(product(range(3), range(2), range(4))))
    kept = rng.random(len(codes)) > 0.3
    codes, y = codes[kept], rng.normal(size=kept.sum())
    found = compute_effects(y, codes)
    frame = pd.DataFrame(codes, columns=["a", "b", "c"]).assign(y=y)
    fitted = ols("y ~ C(a) + C(b) + C(c)", frame).fit()
    squares = sm.stats.anova_lm(fitted, typ=2)["sum_sq"]
    total = ((y - y.mean()) ** 2).sum()
    assert found.share == pytest.approx(squares.iloc[:3].to_numpy() / total, abs=FIT)
    assert found.additive_share == pytest.approx(fitted.rsquared, abs=FIT)


def test_nothing_to_explain():
    assert np.isnan(compute_effects(np.ones(4), np.eye(4, 2, dtype=np.intp)).share).all()


def test_stars_and_ranks_of_variants_by_hand():
    """The second variant withholds the second of four centres and turns the others round."""
    star = np.array([[5.0, 4, 3, 3], [3, np.nan, 3, 5]])
    rank = np.array([[1.0, 2, 3, 4], [3, np.nan, 2, 1]])
    found = compare_variants(
        star, rank, published_star=star[0], published_rank=np.array([1.0, 2, 3, 4])
    )
    assert found.n_starred.tolist() == [4, 3]
    assert found.share_changed.tolist() == [0, 0.75]
    assert found.share_withheld.tolist() == [0, 0.25]
    assert found.share_up.tolist() == [0, 0.25]
    assert found.share_down.tolist() == [0, 0.25]
    # Among three centres ranks are 1, 2, 3 and 3, 2, 1.
    assert found.mean_rank_shift == pytest.approx([0, 4 / 3])
    assert found.kendall_tau == pytest.approx([1, -1], abs=EXACT)
