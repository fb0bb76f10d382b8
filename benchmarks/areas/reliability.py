"""Alpha and omega of groups, and their bootstrap over centres."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pingouin
from frame import Area, Contender, Quantity, RPeer

from areas.material import GROUPS, PLACES, load_codes, load_counts, load_frame, write_survey
from areas.ours import make_ours, make_stage
from areas.replicates import count_draws, repeat_rows, write_rows_for_r
from areas.sizes import CENTRES, GROWTH, QUICK, read_answers, read_counts
from clientindex import reliability
from clientindex.counts import compute_covariance, compute_pair_sums, keyed_values
from clientindex.reliability.coefficients import (
    compute_cronbach,
    compute_omega,
    compute_standardised_alpha,
    fit_one_factor,
)
from clientindex.reliability.draws import draw
from clientindex.reliability.scopes import list_groups, list_scopes

peer_in_r = partial(RPeer, script=Path(__file__).with_suffix(".R"))
ROUNDING = 1e-10
PSYCH_OMEGA = 1e-3
"""psych::omega divides by the observed variance of the sum, we by that of the model."""

SEED = 2026
N_REPLICATES, PEER_REPLICATES = 1_000, 2
"""Of ours; a peer computes the first of them."""


def prepare(size, folder):
    write_survey(size, folder, for_r=True)


def standardise(cov):
    """Return correlations and standard deviations of covariances (..., k, k)."""
    sd = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
    return cov / (sd[..., :, None] * sd[..., None, :]), sd


def compute_alphas(cov):
    """Return alpha and standardised alpha of every group, shape (groups, 2)."""
    found = []
    for items in PLACES.values():
        part = cov[..., items, :][..., items]
        r, _ = standardise(part)
        found.append(np.stack([compute_cronbach(part), compute_standardised_alpha(r)], axis=-1))
    return np.stack(found)


def find_covariance(counts, methodology):
    """Return covariances of the answers themselves, shape (K, K)."""
    return compute_covariance(compute_pair_sums(counts, keyed_values(methodology)).total())


def find_alphas(material):
    return compute_alphas(find_covariance(*material))


def ask_pingouin(frame):
    return [pingouin.cronbach_alpha(data=frame[members])[0] for members in GROUPS.values()]


def find_omegas(material):
    cov = find_covariance(*material)
    found = []
    for items in PLACES.values():
        part = cov[np.ix_(items, items)][None]
        r, sd = standardise(part)
        found.append(compute_omega(fit_one_factor(r).loadings, sd)["omega_total"][0])
    return np.array(found)


def draw_replicates(counts, methodology):
    """Return the draws of whole centres of one region; the first is the sample."""
    regions = dict.fromkeys(counts.units["centre"], "all")
    scope = list_scopes(counts, methodology, regions, kinds=())[0]
    return draw(scope, methodology, np.random.SeedSequence(SEED))


def replicate(material):
    """Return coefficients of every replicate and group, shape (R, groups, 3)."""
    counts, methodology = material
    draws = draw_replicates(counts, methodology)
    return compute_by_group(draws, methodology)[1:]


def compute_by_group(draws, methodology):
    """Return alpha, standardised alpha and omega of all draws, shape (draws, groups, 3)."""
    groups = list_groups(methodology).values()
    return np.stack(
        [compute_all(compute_covariance(draws.sums.subset(items))) for items in groups], axis=1
    )


def compute_all(cov):
    """Return alpha, standardised alpha and omega of covariances (B, k, k), shape (B, 3)."""
    r, sd = standardise(cov)
    omega = compute_omega(fit_one_factor(r).loadings, sd)["omega_total"]
    return np.stack([compute_cronbach(cov), compute_standardised_alpha(r), omega], axis=1)


def prepare_replicates(size, folder):
    """Write which centres the first replicates draw, and the rows of the very first for R."""
    prepare(size, folder)
    counts, methodology = load_counts(folder, size)
    weights = draw_replicates(counts, methodology).weights[1 : 1 + PEER_REPLICATES]
    drawn = count_draws(weights)
    np.save(folder / "drawn.npy", drawn)
    write_rows_for_r(load_codes(folder)[1], drawn[0], folder)


def load_draws(folder, size):
    return load_frame(folder, size), load_codes(folder)[1], np.load(folder / "drawn.npy")


def replicate_by_pingouin(material):
    frame, centre, drawn = material
    return [ask_pingouin(frame.iloc[repeat_rows(centre, row)]) for row in drawn]


ALPHA = Quantity(
    key="alpha",
    title="Cronbach's alpha of five groups",
    what=(
        "Alpha and standardised alpha of five groups of four indicators. psych gives much besides "
        "(statistics of every indicator), pingouin alpha alone with an interval that takes "
        "respondents as independent."
    ),
    prepare=prepare,
    sizes=GROWTH,
    quick=QUICK,
    bound=read_answers,
    contenders=(
        *make_ours(find_alphas),
        Contender(
            name="pingouin",
            load=load_frame,
            run=ask_pingouin,
            numbers=np.asarray,
            compare=lambda first: first[:, 0],
            tolerance=ROUNDING,
            package="pingouin",
        ),
        peer_in_r(name="psych::alpha", task="psych_alpha", package="R:psych", tolerance=ROUNDING),
    ),
)

OMEGA = Quantity(
    key="omega",
    title="Omega total of five groups",
    what="One factor a group. pingouin has no omega.",
    prepare=prepare,
    sizes=GROWTH,
    quick=QUICK,
    bound=read_answers,
    contenders=(
        *make_ours(find_omegas),
        peer_in_r(
            name="psych::omega",
            task="psych_omega",
            package="R:psych",
            tolerance=PSYCH_OMEGA,
        ),
    ),
)

BOOTSTRAP = Quantity(
    key="bootstrap",
    title="Bootstrap of coefficients over centres",
    what=(
        f"Whole centres are drawn with replacement. Ours computes {N_REPLICATES:,} replicates of "
        "alpha, standardised alpha and omega of five groups from counts, drawing included; "
        "pingouin "
        f"and psych compute alpha for {PEER_REPLICATES} and one of the same replicates, whose rows "
        "are repeated. Seconds are for one replicate. Compared: alpha of those replicates."
    ),
    prepare=prepare_replicates,
    unit="replicate",
    sizes=(*GROWTH[:4], *CENTRES),
    quick=QUICK,
    bound=read_counts,
    contenders=(
        Contender(
            name="clientindex, from counts",
            load=load_counts,
            run=replicate,
            numbers=lambda found: found[:PEER_REPLICATES, :, 0],
            units=N_REPLICATES,
        ),
        Contender(
            name="pingouin, rows repeated",
            load=load_draws,
            run=replicate_by_pingouin,
            numbers=np.asarray,
            tolerance=ROUNDING,
            units=PEER_REPLICATES,
            package="pingouin",
        ),
        peer_in_r(
            name="psych::alpha, rows repeated",
            task="psych_replicate",
            package="R:psych",
            compare=lambda first: first[0],
            tolerance=ROUNDING,
        ),
    ),
)

STAGE = make_stage(
    reliability.assess,
    seed=SEED,
    title="The stage of reliability",
    what=(
        "`reliability.assess` from counts with the standard numbers of replicates, without the "
        "quality of single answers. Nobody else does the same."
    ),
)

AREA = Area(key="reliability", title="Reliability", quantities=(ALPHA, OMEGA, BOOTSTRAP, STAGE))
