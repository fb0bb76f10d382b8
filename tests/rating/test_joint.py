"""Joint scores: the same scores and errors as the rating's, and covariances by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from clientindex.counts import CentreMoments
from clientindex.rating import compute_joint_scores, compute_scores

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


def make_moments(methodology: Methodology, *, gaps: bool) -> CentreMoments:
    rng = np.random.default_rng(3)
    keys = methodology.indicator_keys
    shape = (15, len(methodology.segment_keys), len(keys))
    mean = rng.uniform(40, 90, shape)
    root = rng.normal(0, 2, (*shape, len(keys)))
    cov = root @ np.swapaxes(root, -1, -2)
    n = rng.integers(5, 60, shape).astype(float)
    if gaps:
        for c, s, k in ((0, 0, 3), (1, 1, 4), (2, 0, 0)):
            mean[c, s, k] = np.nan
            n[c, s, k] = 0
            cov[c, s, k, :] = cov[c, s, :, k] = np.nan
        mean[4, 1] = np.nan
        n[4, 1] = 0
        cov[4, 1] = np.nan
        cov[5, 0, 2, :] = cov[5, 0, :, 2] = np.nan
    return CentreMoments(
        centres=tuple(f"C{i:02d}" for i in range(15)),
        segments=methodology.segment_keys,
        indicators=keys,
        mean=mean,
        n=n,
        cov_mean=cov,
        n_respondents=n.max(axis=-1),
        std_error_method="exact",
    )


@pytest.mark.parametrize("gaps", [False, True])
def test_scores_errors_and_n_are_those_of_the_rating(
    methodology: Methodology, *, gaps: bool
) -> None:
    moments = make_moments(methodology, gaps=gaps)
    visitors = {"C00": 900.0, "C03": 200.0, "C05": 20.0}
    joint = compute_joint_scores(moments, methodology, visitors=visitors)
    frame = compute_scores(moments, methodology, visitors=visitors).frame
    rows = frame[frame["segment"] == "all"]
    subjects = ["index", *methodology.group_keys, *methodology.indicator_keys]
    for column, found in (
        ("estimate", joint.estimate),
        ("std_error", np.sqrt(np.diagonal(joint.covariance, axis1=1, axis2=2))),
        ("n", joint.n),
    ):
        table = rows.pivot_table(
            index="centre", columns="key", values=column, dropna=False, sort=True
        )
        wanted = table.reindex(columns=subjects).to_numpy(float)
        assert found == pytest.approx(wanted, rel=1e-10, nan_ok=True)


def test_covariance_of_two_groups_by_hand(methodology: Methodology) -> None:
    moments = make_moments(methodology, gaps=False)
    joint = compute_joint_scores(moments, methodology)
    shares = [segment.weight for segment in methodology.segments]
    keys = list(methodology.indicator_keys)
    one, other = methodology.groups[0], methodology.groups[-1]
    wanted = sum(
        share**2 * w * v * moments.cov_mean[6, s, keys.index(a), keys.index(b)]
        for s, share in enumerate(shares)
        for a, w in one.indicators.items()
        for b, v in other.indicators.items()
    )
    assert joint.covariance[6, 1, len(methodology.groups)] == pytest.approx(wanted, rel=1e-12)
    assert joint.covariance == pytest.approx(np.swapaxes(joint.covariance, 1, 2))
