"""The panel of rules for the number of factors: no rule decides alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from clientindex.counts import read_seed
from clientindex.factors.intervals import compute_percentile_interval
from clientindex.factors.number.closed_rules import vote_by_fits, vote_by_matrix
from clientindex.factors.number.comparison_data import compare_data
from clientindex.factors.number.factor_fits import count_tried
from clientindex.factors.number.margins import Margins, read_margins
from clientindex.factors.number.ordinal_data import Estimator
from clientindex.factors.number.parallel import (
    KINDS,
    Band,
    Kind,
    compute_band,
    compute_eigenvalues,
    count_leading,
)
from clientindex.factors.number.random_data import (
    REFERENCES,
    Reference,
    draw_random_correlations,
)
from clientindex.factors.number.rule_votes import RuleVotes
from clientindex.factors.sample import BASES
from clientindex.results import FactorNumber

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.sample import Basis, FactorSample
    from clientindex.methodology import Methodology

REFITTED = 200
"""Bootstrap replicates, the first ones, on which Hull and VSS are repeated.

They fit eight factor models a matrix, which is a hundred times dearer than the other rules.
"""

RULES = (
    "parallel_components",
    "parallel_axis",
    "map",
    "map_revised",
    "empirical_kaiser",
    "hull",
    "comparison_data",
    "acceleration",
    "vss_1",
    "vss_2",
)
"""Rules in the order in which they are told."""

SEEDED = ("random", "comparison_data")
"""What draws random numbers, each from a stream of its own for each basis."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """Everything the rules read, for one kind of correlations.

    `r` is the sample's matrix followed by its replicates.
    """

    basis: Basis
    r: NDArray[np.float64]
    n: int
    margins: Margins
    methodology: Methodology
    seed: np.random.SeedSequence

    @property
    def estimator(self) -> Estimator:
        zero_cells = self.methodology.factors.zero_cells
        return Estimator(basis=self.basis, values=self.margins.values, zero_cells=zero_cells)

    @property
    def n_tried(self) -> int:
        return count_tried(self.r.shape[1], len(self.methodology.groups))

    def make_rng(self, *task: int) -> np.random.Generator:
        """Return a stream of random numbers that depends on the seed, the basis and the task."""
        key = (*self.seed.spawn_key, BASES.index(self.basis), *task)
        child = np.random.SeedSequence(entropy=self.seed.entropy, spawn_key=key)
        return np.random.default_rng(child)


def compute_factor_number(
    sample: FactorSample, methodology: Methodology, *, seed: np.random.SeedSequence
) -> FactorNumber:
    """Ask ten rules how many factors there are, for Pearson and polychoric correlations.

    Votes are repeated over the sample's bootstrap of centres: parallel analysis (against the same
    random data), MAP, empirical Kaiser and acceleration over all replicates, Hull and VSS over the
    first :data:`REFITTED`, comparison data not at all. A rule that is not defined, such as one of
    models that so few indicators cannot have, has a missing vote. The same seed gives the same
    bytes for any number of threads.

    Parameters
    ----------
    sample : FactorSample
    methodology : Methodology
        Gives the groups, the random data (replicates, quantile) and the level.
    seed : numpy.random.SeedSequence
        Not consumed.

    Returns
    -------
    FactorNumber

    Raises
    ------
    StatisticsError
        If the seed was not made from one integer.
    """
    margins = read_margins(sample, methodology)
    votes: list[dict[str, Any]] = []
    criteria: list[dict[str, Any]] = []
    eigenvalues: list[pd.DataFrame] = []
    level = methodology.intervals.level
    with threadpool_limits(limits=1):
        for basis in BASES:
            case = _Case(
                basis=basis,
                r=np.concatenate([sample.correlations[basis][None], sample.replicates[basis]]),
                n=sample.n,
                margins=margins,
                methodology=methodology,
                seed=seed,
            )
            frame, rules = _ask(case)
            eigenvalues.append(frame)
            votes += [rule.tell(basis, level) for rule in rules]
            criteria += [row for rule in rules for row in rule.list_criteria(basis)]
    numbers = dict.fromkeys(("n_factors", "n_low", "n_high", "n_factors_mean"), "Int64")
    return FactorNumber(
        votes=pd.DataFrame(votes).astype(numbers),
        eigenvalues=pd.concat(eigenvalues, ignore_index=True),
        criteria=pd.DataFrame(criteria, columns=["rule", "basis", "n_factors", "value"]),
        quantile=methodology.factors.random_quantile,
        random_replicates=methodology.factors.random_replicates,
        replicates=min(len(sample.replicates[basis]) for basis in BASES),
        n_intended=len(methodology.groups),
        n=sample.n,
        level=level,
        seed=read_seed(seed),
    )


def _ask(case: _Case) -> tuple[pd.DataFrame, list[RuleVotes]]:
    """Return the eigenvalues and the votes of all rules in their order."""
    frame, parallel = _run_parallel(case)
    normal = [rule.votes for rule in parallel if rule.reference == "normal"]
    few = slice(0, 1 + REFITTED)
    rules = [
        *parallel,
        *vote_by_matrix(case.r, case.n),
        *vote_by_fits(case.r[few], n_tried=case.n_tried, parallel=np.fmax(*normal)[few]),
        _run_comparison(case),
    ]
    return frame, sorted(rules, key=lambda rule: RULES.index(rule.rule))


def _run_parallel(case: _Case) -> tuple[pd.DataFrame, list[RuleVotes]]:
    observed = {kind: compute_eigenvalues(case.r, kind) for kind in KINDS}
    bands = {reference: _draw_bands(case, reference) for reference in REFERENCES}
    frames, rules = [], []
    for kind in KINDS:
        for reference in REFERENCES:
            band = bands[reference][kind]
            frames.append(_tabulate(observed[kind], band, case, kind, reference))
            rules.append(
                RuleVotes(
                    rule=f"parallel_{kind}",
                    reference=reference,
                    votes=count_leading(observed[kind], band.high),
                    mean_vote=float(count_leading(observed[kind][:1], band.mean)[0]),
                    values=np.array([]),
                )
            )
    return pd.concat(frames, ignore_index=True), rules


def _draw_bands(case: _Case, reference: Reference) -> dict[Kind, Band]:
    settings = case.methodology.factors
    random = draw_random_correlations(
        case.margins,
        case.estimator,
        reference=reference,
        n=case.n,
        n_replicates=settings.random_replicates,
        rng=case.make_rng(SEEDED.index("random"), REFERENCES.index(reference)),
    )
    if len(random) < settings.random_replicates / 2:
        random = random[:0]
    return {
        kind: compute_band(compute_eigenvalues(random, kind), settings.random_quantile)
        for kind in KINDS
    }


def _tabulate(
    observed: NDArray[np.float64], band: Band, case: _Case, kind: Kind, reference: Reference
) -> pd.DataFrame:
    low, high = compute_percentile_interval(observed[1:], case.methodology.intervals.level)
    return pd.DataFrame(
        {
            "basis": case.basis,
            "kind": kind,
            "reference": reference,
            "position": np.arange(1, observed.shape[1] + 1),
            "estimate": observed[0],
            "ci_low": low,
            "ci_high": high,
            "random_mean": band.mean,
            "random_high": band.high,
        }
    )


def _run_comparison(case: _Case) -> RuleVotes:
    found = compare_data(
        case.r[0],
        case.margins,
        case.estimator,
        n=case.n,
        n_tried=case.n_tried,
        rng=case.make_rng(SEEDED.index("comparison_data")),
    )
    return RuleVotes(rule="comparison_data", votes=np.array([found.vote]), values=found.distances)
