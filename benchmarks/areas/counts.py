"""The pass over respondents, beside the two ways in which it is usually done."""

from __future__ import annotations

import numpy as np
import pandas as pd
from frame import Area, Contender, Quantity, Size

from areas.material import N_ITEMS, load_codes, load_responses, write_survey
from areas.ours import make_ours
from areas.sizes import CENTRES, GROWTH, QUICK, read_answers
from clientindex.counts import compute_centre_moments, count_pairs

N_CATEGORIES = 5
WIDTH = N_CATEGORIES + 1
BLOCK = 100_000
MISSING = 0.03
ROUNDING = 1e-9
CROSSTAB = "pandas, crosstab of 190 pairs"
FIRST, SECOND = np.triu_indices(N_ITEMS, 1)


def prepare_missing(size, folder):
    write_survey(size, folder, missing=MISSING)


def prepare_complete(size, folder):
    write_survey(size, folder)


def count(material):
    responses, methodology = material
    return count_pairs(responses, methodology)


def sum_centres(counts):
    return counts.pairs.sum(axis=0, dtype=np.int64)


def count_one_hot(codes):
    """Count all pairs at once as a matrix product, in blocks that fit the memory."""
    width = WIDTH * codes.shape[1]
    total = np.zeros((width, width))
    offsets = np.arange(codes.shape[1]) * WIDTH
    for start in range(0, len(codes), BLOCK):
        block = codes[start : start + BLOCK].astype(np.int64) + offsets
        one_hot = np.zeros((len(block), width), np.float32)
        np.put_along_axis(one_hot, block, 1.0, axis=1)
        total += one_hot.T @ one_hot
    return total


def take_pairs(total):
    blocks = total.reshape(N_ITEMS, WIDTH, N_ITEMS, WIDTH)
    return blocks[FIRST, :, SECOND, :]


def count_crosstab(codes):
    frame = pd.DataFrame(codes)
    return [pd.crosstab(frame[a], frame[b]) for a, b in zip(FIRST, SECOND, strict=True)]


def fill_tables(tables):
    categories = range(WIDTH)
    return [one.reindex(index=categories, columns=categories, fill_value=0) for one in tables]


def describe_centres(material):
    return compute_centre_moments(*material)


def take_moments(moments):
    """Return means and their standard errors, on the scale of 0-100."""
    variance = np.diagonal(moments.cov_mean, axis1=-2, axis2=-1)
    return np.stack([moments.mean[:, 0], np.sqrt(variance[:, 0])])


def load_table(folder, size):
    codes, centre = load_codes(folder)
    return pd.DataFrame(codes).assign(centre=centre), size.centres


def group_by_centre(material):
    table, n_centres = material
    found = table.groupby("centre").agg(["mean", "sem"]).reindex(range(n_centres))
    mean = found.xs("mean", axis=1, level=1).to_numpy()
    return np.stack([25 * (mean - 1), 25 * found.xs("sem", axis=1, level=1).to_numpy()])


PAIRS = Quantity(
    key="pairs",
    title="Tables of all pairs of 20 indicators",
    what=(
        "Two-way tables of 190 pairs of indicators over five answers and none; 3 % of the answers "
        "are missing, respondents come in random order. Ours counts every centre apart and keeps "
        "sums of complete rows besides; the peers count all centres together, which is less work. "
        "Compared: the tables summed over centres."
    ),
    prepare=prepare_missing,
    sizes=tuple(sorted(GROWTH + CENTRES)),
    quick=QUICK,
    bound=read_answers,
    contenders=(
        Contender(name="clientindex", load=load_responses, run=count, numbers=sum_centres),
        Contender(
            name="numpy, one-hot matrix product",
            load=lambda folder, size: load_codes(folder)[0],
            run=count_one_hot,
            numbers=take_pairs,
        ),
        Contender(
            name=CROSSTAB,
            load=lambda folder, size: load_codes(folder)[0],
            run=count_crosstab,
            numbers=fill_tables,
            package="pandas",
        ),
    ),
)

MOMENTS = Quantity(
    key="moments",
    title="Means of 20 indicators with standard errors, by centre",
    what=(
        "Ours begins with the answers (counting, then moments with all covariances of a centre) or "
        "with counts that are there already; pandas groups the answers by centre and gives means "
        "and "
        "errors, no covariances. Nothing is missing. Compared: means and standard errors, on 0-100."
    ),
    prepare=prepare_complete,
    sizes=tuple(sorted((*GROWTH[2:], *CENTRES))),
    quick=(Size(respondents=30_000, centres=200), Size(respondents=100_000, centres=200)),
    bound=read_answers,
    contenders=(
        *make_ours(describe_centres, numbers=take_moments),
        Contender(
            name="pandas, groupby",
            load=load_table,
            run=group_by_centre,
            numbers=lambda found: found,
            tolerance=ROUNDING,
            package="pandas",
        ),
    ),
)

AREA = Area(key="counts", title="Counting", quantities=(PAIRS, MOMENTS))
