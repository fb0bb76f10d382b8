"""Alpha and omega of groups, and their bootstrap over centres."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pingouin
from frame import Area, Bound, Contender, Quantity, RPeer, Size
from threadpoolctl import threadpool_limits

from areas.material import (
    GROUPS,
    ITEMS,
    PLACES,
    load_codes,
    load_counts,
    load_frame,
    load_responses,
    name_regions,
    write_survey,
)
from clientindex import reliability
from clientindex.counts import compute_covariance, compute_pair_sums, count_pairs, keyed_values
from clientindex.reliability.coefficients import (
    compute_cronbach,
    compute_omega,
    compute_standardised_alpha,
    fit_one_factor,
)
from clientindex.reliability.draws import draw
from clientindex.reliability.scopes import list_groups, list_scopes

SCRIPT = Path(__file__).with_suffix(".R")
ROUNDING = 1e-10
PSYCH_OMEGA = 1e-3
"""psych::omega divides by the observed variance of the sum, we by that of the model."""

SEED = 2026
PEER_REPLICATES = 2
"""Replicates that a peer computes: the first of ours."""


def prepare(size, folder):
    write_survey(size, folder, for_r=True)


def compute_alphas(cov):
    """Return alpha and standardised alpha of every group, shape (groups, 2)."""
    found = []
    for items in PLACES.values():
        part = cov[..., items, :][..., items]
        sd = np.sqrt(np.diagonal(part, axis1=-2, axis2=-1))
        r = part / (sd[..., :, None] * sd[..., None, :])
        found.append(np.stack([compute_cronbach(part), compute_standardised_alpha(r)], axis=-1))
    return np.stack(found)


def find_covariance(counts, methodology):
    """Return covariances of the answers themselves, shape (K, K)."""
    return compute_covariance(compute_pair_sums(counts, keyed_values(methodology)).total())


def find_alphas(material):
    return compute_alphas(find_covariance(*material))


def find_alphas_from_answers(material):
    responses, methodology = material
    return find_alphas((count_pairs(responses, methodology), methodology))


def ask_pingouin(frame):
    return [pingouin.cronbach_alpha(data=frame[members])[0] for members in GROUPS.values()]


def find_omegas(material):
    cov = find_covariance(*material)
    found = []
    for items in PLACES.values():
        part = cov[np.ix_(items, items)][None]
        sd = np.sqrt(np.diagonal(part, axis1=-2, axis2=-1))
        r = part / (sd[..., :, None] * sd[..., None, :])
        found.append(compute_omega(fit_one_factor(r).loadings, sd)["omega_total"][0])
    return np.array(found)


def find_omegas_from_answers(material):
    responses, methodology = material
    return find_omegas((count_pairs(responses, methodology), methodology))


def draw_replicates(counts, methodology):
    """Return the draws of whole centres of one region; the first is the sample."""
    regions = dict.fromkeys(counts.units["centre"], "all")
    scope = list_scopes(counts, methodology, regions, kinds=())[0]
    return draw(scope, methodology, np.random.SeedSequence(SEED))


def replicate(material):
    """Return alphas of every replicate and group, shape (R, groups, 2)."""
    counts, methodology = material
    draws = draw_replicates(counts, methodology)
    groups = list_groups(methodology).values()
    found = []
    for items in groups:
        cov = compute_covariance(draws.sums.subset(items))
        sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
        r = cov / (sd[:, :, None] * sd[:, None, :])
        omega = compute_omega(fit_one_factor(r).loadings, sd)["omega_total"]
        found.append(
            np.stack([compute_cronbach(cov), compute_standardised_alpha(r), omega], axis=1)
        )
    return np.stack(found, axis=1)[1:]


N_REPLICATES = 1_000


def prepare_replicates(size, folder):
    """Write which centres the first replicates draw, and the rows of the very first for R."""
    prepare(size, folder)
    counts, methodology = load_counts(folder, size)
    weights = draw_replicates(counts, methodology).weights[1 : 1 + PEER_REPLICATES]
    # One centre less is drawn than there are, and the weights make up for it.
    weights = np.rint(weights * (size.centres - 1) / size.centres).astype(int)
    np.save(folder / "weights.npy", weights)
    rows = repeat_rows(load_codes(folder)[1], weights[0])
    (folder / "drawn_rows.bin").write_bytes(rows.astype(np.int32).tobytes())


def repeat_rows(centre, weights):
    return np.repeat(np.arange(len(centre)), weights[centre])


def load_draws(folder, size):
    return load_frame(folder, size), load_codes(folder)[1], np.load(folder / "weights.npy")


def replicate_by_pingouin(material):
    frame, centre, weights = material
    return [ask_pingouin(frame.iloc[repeat_rows(centre, row)]) for row in weights]


def assess(material):
    counts, methodology = material
    with threadpool_limits(limits=1):
        return reliability.assess(
            counts,
            methodology=methodology,
            strata=name_regions(counts.units["centre"].unique()),
            seed=SEED,
        )


def read_counts(size):
    """Return the limit of what begins with counts: reading tables of all pairs once."""
    cells = len(ITEMS) * (len(ITEMS) - 1) // 2 * 36
    return Bound(
        what="reading the tables of all centres from memory once",
        amount=4 * cells * size.centres,
        resource="memory",
    )


def read_answers(size):
    return Bound(
        what="reading answers and centres from memory once",
        amount=(len(ITEMS) + 4) * size.respondents,
        resource="memory",
    )


GROWTH = tuple(
    Size(respondents=n, centres=2_000)
    for n in (3_000, 30_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
)
CENTRES = tuple(Size(respondents=1_000_000, centres=n) for n in (200, 20_000))
QUICK = (Size(respondents=3_000, centres=200), Size(respondents=30_000, centres=200))

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
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=find_alphas_from_answers,
            numbers=np.asarray,
        ),
        Contender(
            name="clientindex, from counts", load=load_counts, run=find_alphas, numbers=np.asarray
        ),
        Contender(
            name="pingouin",
            load=load_frame,
            run=ask_pingouin,
            numbers=np.asarray,
            compare=lambda first: first[:, 0],
            tolerance=ROUNDING,
            package="pingouin",
        ),
        RPeer(
            name="psych::alpha",
            script=SCRIPT,
            task="psych_alpha",
            package="R:psych",
            tolerance=ROUNDING,
        ),
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
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=find_omegas_from_answers,
            numbers=np.asarray,
        ),
        Contender(
            name="clientindex, from counts", load=load_counts, run=find_omegas, numbers=np.asarray
        ),
        RPeer(
            name="psych::omega",
            script=SCRIPT,
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
        RPeer(
            name="psych::alpha, rows repeated",
            script=SCRIPT,
            task="psych_replicate",
            package="R:psych",
            compare=lambda first: first[0],
            tolerance=ROUNDING,
        ),
    ),
)

STAGE = Quantity(
    key="stage",
    title="The stage of reliability",
    what=(
        "`reliability.assess` from counts with the standard numbers of replicates, without the "
        "quality of single answers. Nobody else does the same."
    ),
    prepare=lambda size, folder: write_survey(size, folder, missing=0.03),
    patience=4.0,
    warm=Size(respondents=1_000, centres=20),
    sizes=(
        Size(respondents=30_000, centres=2_000),
        Size(respondents=1_000_000, centres=200),
        Size(respondents=1_000_000, centres=2_000),
        Size(respondents=10_000_000, centres=2_000),
    ),
    quick=(Size(respondents=1_000, centres=30), Size(respondents=10_000, centres=30)),
    contenders=(Contender(name="clientindex, from counts", load=load_counts, run=assess),),
)

AREA = Area(key="reliability", title="Reliability", quantities=(ALPHA, OMEGA, BOOTSTRAP, STAGE))
