"""Errors of differences where a checklist has a share of the index and measures beside answers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from clientindex.sensitivity.compare import IndexWeights, JointMeans, compute_difference_errors


def weigh(answer: float, measure: float) -> IndexWeights:
    return IndexWeights(
        centres=("a", "b"),
        segments=("all",),
        indicators=("speed", "wait"),
        weight=np.array([[[answer, measure]]] * 2),
        is_linear=False,
    )


def test_a_checklist_leaves_measures_the_same_share_as_answers() -> None:
    moments = SimpleNamespace(
        centres=("a", "b"),
        segments=("all",),
        indicators=("speed",),
        cov_mean=np.array([[[[4.0]]]] * 2),
        std_error_method="exact",
        degrees=np.array([[9.0]] * 2),
    )
    joint = JointMeans(
        moments=moments,  # type: ignore[arg-type]
        factor=np.array([1.0, 0.25]),
        columns_before={"speed": "speed"},
        columns_after={"speed": "speed"},
        measure_variance={"wait": {"a": 9.0, "b": 9.0}},
    )
    found = compute_difference_errors(
        weigh(0.5, 0.5), weigh(0.2, 0.8), joint, share_before={"a": 0.7}, share_after={"a": 0.9}
    )
    error = found.std_error
    answer, measure = 0.9 * 0.2 - 0.7 * 0.5, 0.9 * 0.8 - 0.7 * 0.5
    assert error["a"] == pytest.approx(np.sqrt(4 * answer**2 + 9 * measure**2), rel=1e-12)
    # Only the part of answers is estimated, with 9 degrees of freedom.
    assert found.df["a"] == pytest.approx(9 * error["a"] ** 4 / (4 * answer**2) ** 2, rel=1e-12)
    assert error["b"] == pytest.approx(np.sqrt(0.25 * 4 * 0.3**2 + 9 * 0.3**2), rel=1e-12)
