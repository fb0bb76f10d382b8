"""Time the counting pass beside two peers that give the same tables, in one run.

Peers: pandas ``crosstab`` over the 190 pairs (what an analyst would write), and one-hot matrix
products in numpy (the usual vectorised way). Both count all centres together, which is less work
than ours: we keep a table for every centre. The results are compared before any time is printed.

Run: ``python benchmarks/counts.py [respondents ...]``
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from side_by_side import N_CENTRES, make_methodology, timed

from clientindex.counts import count_pairs
from clientindex.intake.tables import Responses

CROSSTAB_LIMIT = 100_000
DEFAULT_SIZES = (10_000, 100_000, 1_000_000)


def make_responses(n_respondents, n_items):
    """Draw answers that agree within a respondent, 3 % of them missing."""
    rng = np.random.default_rng(1)
    general = rng.normal(size=(n_respondents, 1))
    latent = 0.7 * general + 0.7 * rng.normal(size=(n_respondents, n_items))
    codes = (np.digitize(latent, [-1.8, -1.0, -0.3, 0.5]) + 1).astype(np.uint8)
    codes[rng.random(codes.shape) < 0.03] = 0
    units = pd.DataFrame(
        {"centre": [f"c{i:04d}" for i in range(N_CENTRES)], "segment": "citizens", "period": ""}
    )
    unit_of = np.sort(rng.integers(0, N_CENTRES, n_respondents)).astype(np.int32)
    return Responses(units=units, unit_of=unit_of, codes=codes)


def count_one_hot(codes, n_categories):
    """Count all pairs at once as a matrix product, in blocks that fit the memory."""
    width = (n_categories + 1) * codes.shape[1]
    total = np.zeros((width, width))
    offsets = np.arange(codes.shape[1]) * (n_categories + 1)
    for start in range(0, len(codes), 100_000):
        block = codes[start : start + 100_000].astype(np.int64) + offsets
        one_hot = np.zeros((len(block), width), np.float32)
        np.put_along_axis(one_hot, block, 1.0, axis=1)
        total += one_hot.T @ one_hot
    return total


def count_crosstab(codes):
    """Count all pairs with pandas."""
    frame = pd.DataFrame(codes)
    first, second = np.triu_indices(codes.shape[1], 1)
    return [pd.crosstab(frame[a], frame[b]) for a, b in zip(first, second, strict=True)]


def compare(n_respondents, methodology):
    responses = make_responses(n_respondents, len(methodology.indicator_keys))
    counts, ours = timed(count_pairs, responses, methodology)
    one_hot, numpy_time = timed(count_one_hot, responses.codes, methodology.n_categories)
    first, second = np.triu_indices(len(methodology.indicator_keys), 1)
    width = methodology.n_categories + 1
    blocks = one_hot.reshape(len(methodology.indicator_keys), width, -1, width)
    if not np.array_equal(blocks[first, :, second, :], counts.pairs.sum(axis=0)):
        message = "the one-hot peer counts otherwise"
        raise SystemExit(message)
    crosstab_time = np.nan
    if n_respondents <= CROSSTAB_LIMIT:
        tables, crosstab_time = timed(count_crosstab, responses.codes)
        if not all(
            np.array_equal(table.to_numpy(), counts.pairs[:, i].sum(axis=0))
            for i, table in enumerate(tables)
        ):
            message = "the pandas peer counts otherwise"
            raise SystemExit(message)
    print(
        f"{n_respondents:>12,} {ours:>10.3f} {numpy_time:>10.3f} {crosstab_time:>10.3f} "
        f"{numpy_time / ours:>8.1f} {crosstab_time / ours:>8.1f}"
    )


def main():
    methodology = make_methodology()
    count_pairs(make_responses(10, len(methodology.indicator_keys)), methodology)
    print(f"20 indicators, 5 categories, {N_CENTRES:,} centres; seconds")
    print(
        f"{'respondents':>12} {'ours':>10} {'one-hot':>10} {'pandas':>10} {'ratio':>8} {'ratio':>8}"
    )
    sizes = [int(argument) for argument in sys.argv[1:]] or DEFAULT_SIZES
    for size in sizes:
        compare(size, methodology)


if __name__ == "__main__":
    main()
