"""First-order and total indices of weights, from the outputs of the same runs."""

from __future__ import annotations

import numpy as np
from frame import Contender, Quantity, Size
from SALib.analyze import sobol as salib

from areas.material import load_counts, make_register, write_survey
from clientindex.counts import compute_centre_moments
from clientindex.methodology.sobol_settings import MethodAlternatives
from clientindex.rating import assign_stars, compute_scores
from clientindex.sensitivity.runs.room import set_up_runs
from clientindex.sensitivity.sobol.design import make_design
from clientindex.sensitivity.sobol.indices import compute_indices
from clientindex.sensitivity.sobol.inputs import list_inputs
from clientindex.sensitivity.sobol.outputs import list_outputs
from clientindex.sensitivity.sobol.room import run_design

ROUNDING = 1e-9
SEED = 2026
SALIB_ROWS = 64
ONLY_WEIGHTS = MethodAlternatives(aggregation=(), missing_indicator=(), star_rule=())


def prepare_survey(size, folder):
    write_survey(Size(respondents=50 * size.centres, centres=size.centres), folder)


def load_runs(folder, size):
    """Return the outputs of all runs of Sobol's design, and the names of the weights."""
    counts, methodology = load_counts(folder, size)
    moments = compute_centre_moments(counts, methodology)
    register = make_register(moments.centres)
    stars = assign_stars(compute_scores(moments, methodology), methodology, register=register)
    seed = np.random.SeedSequence(SEED)
    setup, inputs, outputs = set_up_weights(moments, stars, methodology, seed=seed)
    design = make_design(inputs.names, base_size=size.rows, seed=seed, sequences=16)
    runs = run_design(design, setup, inputs, outputs)
    return runs[..., runs[:, 0].std(axis=0) > 0], inputs.names


def set_up_weights(moments, stars, methodology, *, seed):
    """Return what runs that differ by weights alone start from, their inputs and outputs."""
    setup = set_up_runs(moments, stars, methodology, alternatives=ONLY_WEIGHTS, seed=seed)
    inputs = list_inputs(setup, methodology, band=0.25, weights=True, sampling=False)
    outputs = list_outputs(setup, centres=(), n_centres=5)
    return setup, inputs, outputs


def find_indices(material):
    """Return first-order and total indices; SALib centres by the mean of all runs, as here."""
    runs, _ = material
    found = compute_indices(runs)
    return np.stack([found.first + shift_centre(runs, found), found.total])


def shift_centre(runs, found):
    """Return what SALib's centre (mean of all runs) adds to our first-order indices."""
    base = runs[:, :2]
    off = base.mean(axis=(0, 1)) - runs.mean(axis=(0, 1))
    change = (runs[:, 2:] - runs[:, :1]).mean(axis=0).T
    return off[:, None] * change / found.variance[:, None]


def analyse_by_salib(material):
    """Return first-order and total indices, shape (2, Q, k)."""
    runs, names = material
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    order = [0, *range(2, 2 + len(names)), 1]
    found = []
    for at in range(runs.shape[2]):
        y = runs[:, order, at].ravel()
        one = salib.analyze(problem, y, calc_second_order=False, num_resamples=2, seed=1)
        found.append((one["S1"], one["ST"]))
    return np.moveaxis(np.array(found), 1, 0)


SOBOL = Quantity(
    key="sobol",
    title="First-order and total indices of weights",
    what=(
        "From the outputs of the same runs; `rows` are those of the base sample. SALib analyses "
        "one "
        "output at a time and resamples at least twice for intervals; ours takes intervals "
        "from a jackknife, apart from this. SALib's centre is the mean of all runs, which is put "
        "into our first-order indices before they are compared."
    ),
    prepare=prepare_survey,
    warm=Size(centres=20, rows=SALIB_ROWS),
    sizes=tuple(Size(centres=200, rows=n) for n in (64, 256, 1_024, 4_096, 16_384)),
    quick=tuple(Size(centres=50, rows=n) for n in (64, 256)),
    contenders=(
        Contender(name="clientindex", load=load_runs, run=find_indices, numbers=np.asarray),
        Contender(
            name="SALib",
            load=load_runs,
            run=analyse_by_salib,
            numbers=np.asarray,
            tolerance=ROUNDING,
            package="SALib",
        ),
    ),
)
