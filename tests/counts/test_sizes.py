"""What follows from counts needs memory by centres and indicators, never by respondents."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import (
    PairCounts,
    compute_centre_moments,
    compute_complete_sums,
    compute_correlation,
    compute_covariance,
    compute_pair_sums,
    count_pairs,
    keyed_values,
    pack_counts,
    point_values,
)
from clientindex.intake.tables import Responses

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

N_CENTRES = 5


def count_answers(n_rows: int, methodology: Methodology) -> PairCounts:
    rng = np.random.default_rng(8)
    centres = [f"k{place}" for place in range(N_CENTRES)]
    units = pd.DataFrame({"centre": centres, "segment": "citizens", "period": ""}, dtype="str")
    responses = Responses(
        units=units,
        unit_of=np.arange(n_rows, dtype=np.int32) % N_CENTRES,
        codes=rng.integers(0, 5, (n_rows, 3), dtype=np.uint8),
    )
    return count_pairs(responses, methodology)


def measure_arrays(result: Any) -> dict[str, int]:
    """Return the bytes of every array of a result."""
    values = {field.name: getattr(result, field.name) for field in dataclasses.fields(result)}
    return {key: value.nbytes for key, value in values.items() if isinstance(value, np.ndarray)}


def measure_all(n_rows: int, methodology: Methodology) -> list[dict[str, int]]:
    counts = count_answers(n_rows, methodology)
    assert int(counts.n.sum()) == n_rows
    sums = compute_pair_sums(counts, point_values(methodology))
    total = sums.total()
    return [
        measure_arrays(counts),
        measure_arrays(counts.sum_over("period")),
        measure_arrays(sums),
        measure_arrays(total),
        measure_arrays(compute_complete_sums(counts, keyed_values(methodology))),
        measure_arrays(compute_centre_moments(counts, methodology)),
        {
            "covariance": compute_covariance(total).nbytes,
            "correlation": compute_correlation(total).nbytes,
        },
    ]


def test_arrays_need_the_same_memory_for_any_number_of_respondents(
    methodology: Methodology,
) -> None:
    few = measure_all(200, methodology)
    assert few[0]["pairs"] == N_CENTRES * 3 * 25 * 4
    assert few[-1] == {"covariance": 9 * 8, "correlation": 9 * 8}
    assert few == measure_all(2_000, methodology) == measure_all(200_000, methodology)


def test_bytes_of_counts_grow_with_digits_and_not_with_respondents(
    methodology: Methodology,
) -> None:
    """A hundred times the respondents have two digits more in every number."""
    few, many = (len(pack_counts(count_answers(n, methodology))) for n in (2_000, 200_000))
    assert few < many < 3 * few
