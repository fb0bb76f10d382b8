"""Survey against checklist: coefficients of agreement between two scores of every centre."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
from frame import Area, Bound, Contender, Quantity, RPeer, Size
from threadpoolctl import threadpool_limits
from two_sources.edition import make_material

from clientindex import agreement
from clientindex.agreement.coefficients import compute_krippendorff, estimate_icc
from clientindex.agreement.resampled import STATISTICS, resample_pairs
from clientindex.counts import draw_centre_weights

SCRIPT = Path(__file__).with_suffix(".R")
LEVEL = 0.95
ROUNDING, REML = 1e-9, 1e-4
"""Sums in another order; where lme4's search stops."""

N_INDICATORS = 20
REPLICATES, FEW = 1_000, 3
SEED = np.random.SeedSequence(2026)
RESPONDENTS_PER_CENTRE = 100


def prepare(size, folder):
    """Write indicators of both sources: a trait, methods, a bias; for R the first indicator."""
    rng = np.random.default_rng(1)
    shape = (size.centres, N_INDICATORS)
    trait = 60 + 8 * rng.standard_normal((size.centres, 1)) + 4 * rng.standard_normal(shape)
    survey = trait + 4 * rng.standard_normal(shape)
    method = 3 * rng.standard_normal((size.centres, 1))
    checklist = trait + 7 + method + 6 * rng.standard_normal(shape)
    np.save(folder / "scores.npy", np.stack([survey, checklist]))
    (folder / "answers.bin").write_bytes(survey[:, 0].tobytes() + checklist[:, 0].tobytes())
    (folder / "columns.txt").write_text("2\n")


def load_both(folder, size):
    del size
    return np.load(folder / "scores.npy")


def load_pair(folder, size):
    survey, checklist = load_both(folder, size)
    return np.column_stack([survey[:, 0], checklist[:, 0]])


def find_icc(ratings):
    found = estimate_icc(ratings, level=LEVEL)
    return found.consistency.estimate, found.absolute.estimate


def load_long(folder, size):
    ratings = load_pair(folder, size)
    return pd.DataFrame(
        {
            "centre": np.tile(np.arange(size.centres), 2),
            "source": np.repeat(["survey", "checklist"], size.centres),
            "score": ratings.T.ravel(),
        }
    )


def ask_pingouin(frame):
    return pingouin.intraclass_corr(frame, targets="centre", raters="source", ratings="score")


def take_icc(found):
    return found["ICC"].to_numpy()[[2, 1]]


def find_alpha(ratings):
    return compute_krippendorff(ratings, metric="interval")


def find_alpha_of_pairs(ratings):
    """Return alpha by its definition: observed differences over those of all pairs of values."""
    values = ratings.ravel()
    observed = np.mean((ratings[:, 0] - ratings[:, 1]) ** 2)
    expected = np.mean((values[:, None] - values) ** 2) * len(values) / (len(values) - 1)
    return 1 - observed / expected


def ask_krippendorff(ratings):
    peer = importlib.import_module("krippendorff")
    return peer.alpha(reliability_data=ratings.T, level_of_measurement="interval")


def draw_weights(centres):
    return draw_centre_weights(["all"] * centres, REPLICATES, np.random.default_rng(2))


def resample(scores):
    survey, checklist = scores
    return resample_pairs(survey, checklist, weights=draw_weights(len(survey)), level=LEVEL)


def resample_few(scores):
    """Return bias, r and CCC of the first resamples: an interval over two equal ones is they."""
    survey, checklist = scores
    wanted = [STATISTICS.index(name) for name in ("bias", "pearson_r", "ccc")]
    found = [
        resample_pairs(
            survey[:, :1], checklist[:, :1], weights=row[None].repeat(2, axis=0), level=LEVEL
        ).ci_low[0]
        for row in draw_weights(len(survey))[:FEW]
    ]
    return np.array(found)[:, wanted]


def resample_by_pingouin(scores):
    """Return the same of rows repeated, one indicator; CCC is made of the variances."""
    survey, checklist = scores
    n = len(survey)
    drawn = np.rint(draw_weights(n)[:FEW] * (n - 1) / n).astype(int)
    return [
        describe_rows(survey[rows, 0], checklist[rows, 0])
        for rows in (np.repeat(np.arange(n), row) for row in drawn)
    ]


def describe_rows(x, y):
    n = len(x)
    frame = pd.DataFrame(
        {
            "centre": np.tile(np.arange(n), 2),
            "source": np.repeat(["survey", "checklist"], n),
            "score": np.concatenate([x, y]),
        }
    )
    f = ask_pingouin(frame)["F"].to_numpy()
    columns = n * f[2] / f[0] - (n - 1)
    ccc = (f[2] - 1) / (f[2] + 1 + 2 * columns / (n - 1))
    return (y - x).mean(), pingouin.corr(x, y)["r"].iloc[0], ccc


def load_edition(folder, size):
    del folder
    return make_material(RESPONDENTS_PER_CENTRE * size.centres, size.centres)


def assess(material):
    with threadpool_limits(limits=1):
        return agreement.assess(
            material.sources,
            methodology=material.methodology,
            moments=material.moments,
            survey_stars=material.survey_stars,
            find_stars=material.find_stars,
            seed=SEED,
        )


SIZES = tuple(Size(centres=n) for n in (200, 600, 2_000, 6_000, 20_000))
FEWER = tuple(Size(centres=n) for n in (50, 200))

ICC = Quantity(
    key="icc",
    title="Intraclass correlations of two scores",
    what=(
        "ICC(C,1) and ICC(A,1) of one indicator with intervals. pingouin and psych give six kinds; "
        "psych by lme4, which searches for a maximum of the likelihood."
    ),
    prepare=prepare,
    warm=Size(centres=30),
    sizes=SIZES,
    quick=FEWER,
    bound=lambda size: Bound(
        what="reading both scores from memory once", amount=16 * size.centres, resource="memory"
    ),
    contenders=(
        Contender(name="clientindex", load=load_pair, run=find_icc, numbers=np.asarray),
        Contender(
            name="pingouin",
            load=load_long,
            run=ask_pingouin,
            numbers=take_icc,
            tolerance=ROUNDING,
            package="pingouin",
        ),
        RPeer(
            name="psych::ICC",
            script=SCRIPT,
            task="psych_icc",
            package="R:psych",
            tolerance=REML,
        ),
    ),
)

KRIPPENDORFF = Quantity(
    key="krippendorff",
    title="Krippendorff's alpha of two scores, interval metric",
    what=(
        "Continuous scores, so that nearly all values differ: packages that tabulate values need "
        "memory that grows with the square of their number, or its cube."
    ),
    prepare=prepare,
    warm=Size(centres=30),
    sizes=SIZES,
    quick=FEWER,
    bound=lambda size: Bound(
        what="reading both scores from memory once", amount=16 * size.centres, resource="memory"
    ),
    contenders=(
        Contender(name="clientindex", load=load_pair, run=find_alpha, numbers=np.asarray),
        Contender(
            name="numpy, all pairs of values",
            load=load_pair,
            run=find_alpha_of_pairs,
            numbers=np.asarray,
            tolerance=ROUNDING,
        ),
        Contender(
            name="krippendorff",
            load=load_pair,
            run=ask_krippendorff,
            numbers=np.asarray,
            tolerance=ROUNDING,
            package="krippendorff",
        ),
        RPeer(
            name="irr::kripp.alpha",
            script=SCRIPT,
            task="irr_alpha",
            package="R:irr",
            tolerance=ROUNDING,
        ),
        RPeer(
            name="irrCAC::krippen.alpha.raw",
            script=SCRIPT,
            task="irrCAC_alpha",
            package="R:irrCAC",
            tolerance=ROUNDING,
        ),
    ),
)

RESAMPLES = Quantity(
    key="resamples",
    title="Bootstrap of bias, correlation and concordance over centres",
    what=(
        f"Ours takes {REPLICATES:,} resamples of {N_INDICATORS} indicators at once, drawing and "
        f"intervals included. pingouin takes {FEW} resamples of one indicator with its rows "
        "repeated. "
        "Seconds are for one resample of one indicator. Compared: bias, r and CCC of the same "
        "resamples, which ours computes in a row of its own, one resample at a time."
    ),
    prepare=prepare,
    warm=Size(centres=30),
    unit="resample and indicator",
    sizes=SIZES,
    quick=FEWER,
    contenders=(
        Contender(
            name="clientindex, one resample at a time",
            load=load_both,
            run=resample_few,
            numbers=np.asarray,
            units=FEW,
        ),
        Contender(
            name="clientindex, all at once",
            load=load_both,
            run=resample,
            units=REPLICATES * N_INDICATORS,
        ),
        Contender(
            name="pingouin, rows repeated",
            load=load_both,
            run=resample_by_pingouin,
            numbers=np.asarray,
            tolerance=ROUNDING,
            units=FEW,
            package="pingouin",
        ),
    ),
)

STAGE = Quantity(
    key="stage",
    title="The stage of agreement",
    what=(
        "`agreement.assess` with the standard numbers of replicates, on simulated surveys "
        f"({RESPONDENTS_PER_CENTRE} respondents a centre) and checklists. Nobody else does the "
        "same."
    ),
    prepare=lambda size, folder: None,
    patience=4.0,
    warm=Size(centres=60),
    sizes=tuple(Size(centres=n) for n in (200, 600, 2_000, 6_000)),
    quick=tuple(Size(centres=n) for n in (60, 120)),
    contenders=(Contender(name="clientindex", load=load_edition, run=assess),),
)

AREA = Area(
    key="agreement",
    title="Survey against checklist",
    quantities=(ICC, KRIPPENDORFF, RESAMPLES, STAGE),
)
