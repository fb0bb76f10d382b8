"""Variance-based sensitivity put to an edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import read_seed, split_task
from clientindex.methodology.sobol_settings import SobolSettings
from clientindex.results import Unavailable
from clientindex.results.sobol_indices import SobolIndices
from clientindex.sensitivity.runs.methods import POWERS
from clientindex.sensitivity.runs.model import LostIndexError
from clientindex.sensitivity.runs.room import run_published, set_up_runs
from clientindex.sensitivity.runs.workers import work_through
from clientindex.sensitivity.sobol.design import make_design
from clientindex.sensitivity.sobol.indices import compute_indices
from clientindex.sensitivity.sobol.inputs import SOURCE, list_inputs
from clientindex.sensitivity.sobol.intervals import bootstrap_indices, jackknife_indices
from clientindex.sensitivity.sobol.outputs import list_outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.measures import MeasureScores
    from clientindex.results import Stars
    from clientindex.sensitivity.runs.choices import Choices
    from clientindex.sensitivity.runs.room import RunSetup
    from clientindex.sensitivity.sobol.design import SobolDesign
    from clientindex.sensitivity.sobol.indices import Indices
    from clientindex.sensitivity.sobol.inputs import SobolInputs
    from clientindex.sensitivity.sobol.intervals import Interval
    from clientindex.sensitivity.sobol.outputs import Outputs

STAGE = "sensitivity"
TOO_FEW_STARS, NOTHING_MOVES, NO_VARIANCE = "too_few_stars", "nothing_moves", "no_variance"
MEAN_WITHOUT_RUNS, RUNS_WITHOUT_INDEX = "mean_without_runs", "runs_without_index"
FEWEST_STARS = 2

FRACTIONS = (8, 4, 2, 1)
"""Parts of the base sample that show convergence."""

CELLS_TOGETHER = 2**17
"""Indices, of runs and centres, that are computed at a time: a megabyte of them."""

_ENDS = {"se": "std_error", "low": "low", "high": "high"}


def assess_sobol(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
    settings: SobolSettings | None = None,
    visitors: Mapping[str, float] | None = None,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
    workers: int = 1,
) -> SobolIndices | Unavailable:
    """Find how much of ranks, stars and indices is due to weights, method and sampling error.

    Parameters
    ----------
    moments : CentreMoments
        Behind `stars`.
    stars : Stars
        As published.
    methodology : Methodology
    seed : numpy.random.SeedSequence
    settings : SobolSettings, optional
        By default the standard ones.
    visitors, regions, measures : optional
        As in :func:`clientindex.rating.compute_scores`.
    workers : int
        Threads. The result does not depend on it.

    Returns
    -------
    SobolIndices or Unavailable
        Reasons: ``too_few_stars``, ``nothing_moves`` (no input is left), ``mean_without_runs`` (the
        methodology has a mean other than arithmetic, geometric and harmonic),
        ``runs_without_index`` (another method leaves starred centres without an index).

    Raises
    ------
    StatisticsError
        If inputs do not belong together, alternatives cannot be combined, or a centre that is named
        has no star.

    Notes
    -----
    Inputs are independent and uniform: a factor on every weight, re-scaled inside its parent, as in
    random weightings; an option of every choice; and a draw of the indicator means of all centres
    from their exact covariance. Estimators are those of
    :func:`clientindex.sensitivity.sobol.indices.compute_indices`. Drawn indices stand around the
    estimates. Missing scores are the same in all runs.
    """
    settings = settings or SobolSettings()
    lack = find_lack(stars, methodology)
    if lack is not None:
        return lack
    setup = set_up_runs(
        moments,
        stars,
        methodology,
        alternatives=settings.alternatives,
        seed=split_task(seed, 3)[0],
        visitors=visitors,
        regions=regions,
        measures=measures,
    )
    band_pct = settings.band_pct or methodology.sensitivity.band_pct
    inputs = list_inputs(
        setup,
        methodology,
        band=band_pct / 100,
        weights=settings.weights,
        sampling=settings.sampling,
    )
    if not inputs.names:
        return Unavailable(stage=STAGE, reason=NOTHING_MOVES)
    level = settings.level or methodology.intervals.level
    try:
        return _analyse(setup, inputs, settings, level=level, seed=seed, workers=workers)
    except LostIndexError as error:
        return Unavailable(stage=STAGE, reason=RUNS_WITHOUT_INDEX, detail=str(error.n))


def _analyse(
    setup: RunSetup,
    inputs: SobolInputs,
    settings: SobolSettings,
    *,
    level: float,
    seed: np.random.SeedSequence,
    workers: int,
) -> SobolIndices:
    """Run the design and tell what it shows."""
    outputs = list_outputs(setup, centres=settings.centres, n_centres=settings.n_centres)
    _, design_seed, interval_seed = split_task(seed, 3)
    design = make_design(
        inputs.names,
        base_size=settings.base_size,
        seed=design_seed,
        sequences=settings.sequences,
        groups={name: own for name, own in inputs.sources.items() if len(own) > 1},
    )
    runs = run_design(design, setup, inputs, outputs, workers=workers)
    table = _Table.of(runs, design, inputs, outputs)
    intervals = _find_intervals(runs, settings, level=level, seed=interval_seed)
    return SobolIndices(
        outputs=_list_outputs(table, setup),
        indices=table.list_indices(*intervals),
        convergence=table.list_convergence(),
        options=list_options(setup.choices),
        left_out=table.list_left_out(),
        base_size=settings.base_size,
        sequences=settings.sequences,
        runs=design.n_runs,
        band_pct=100 * inputs.band,
        interval=settings.interval,
        replicates=0 if settings.interval == "jackknife" else settings.replicates,
        level=level,
        seed=read_seed(seed),
    )


def find_lack(stars: Stars, methodology: Methodology) -> Unavailable | None:
    """Return why an edition cannot be run, or None."""
    given = int((stars.frame["withheld"] == "").sum())
    if given < FEWEST_STARS:
        return Unavailable(stage=STAGE, reason=TOO_FEW_STARS, detail=str(given))
    scoring = methodology.scoring
    kinds = [scoring.mean_of(level).kind for level in ("group", "index", "segments")]
    unknown = [kind for kind in kinds if kind not in POWERS]
    if unknown:
        return Unavailable(stage=STAGE, reason=MEAN_WITHOUT_RUNS, detail=unknown[0])
    return None


def run_design(
    design: SobolDesign,
    setup: RunSetup,
    inputs: SobolInputs,
    outputs: Outputs,
    *,
    workers: int = 1,
) -> NDArray[np.float64]:
    """Run the model, some rows of the base sample at a time.

    Returns
    -------
    ndarray of shape (N, M, Q)
    """
    per_row = len(design.taken)
    together = max(1, CELLS_TOGETHER // (per_row * len(setup.region_of)))
    rows = range(design.n_rows)
    blocks = (rows[first : first + together] for first in rows[::together])

    def run_rows(block: range) -> NDArray[np.float64]:
        u = np.concatenate([design.list_runs(row) for row in block])
        found = outputs.take(setup.model.run(inputs.make_runs(setup, u)))
        return found.reshape(len(block), per_row, -1)

    return np.concatenate(list(work_through(blocks, run_rows, workers=workers)))


def _find_intervals(
    runs: NDArray[np.float64],
    settings: SobolSettings,
    *,
    level: float,
    seed: np.random.SeedSequence,
) -> tuple[Interval, Interval]:
    if settings.interval == "jackknife":
        return jackknife_indices(runs, sequences=settings.sequences, level=level)
    return bootstrap_indices(
        runs,
        replicates=settings.replicates,
        level=level,
        rng=np.random.default_rng(seed),
        kind=settings.interval,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Table:
    """Estimates by output and by input or source.

    `columns` says which run of the design a row speaks of: a source of one input has that input's.
    """

    runs: NDArray[np.float64]
    estimates: Indices
    columns: tuple[int, ...]
    kinds: tuple[str, ...]
    keys: tuple[str, ...]
    inputs: SobolInputs
    outputs: Outputs

    @classmethod
    def of(
        cls,
        runs: NDArray[np.float64],
        design: SobolDesign,
        inputs: SobolInputs,
        outputs: Outputs,
    ) -> _Table:
        sources = inputs.sources
        names = [*inputs.names, *(own[0] if len(own) == 1 else s for s, own in sources.items())]
        return cls(
            runs=runs,
            estimates=compute_indices(runs),
            columns=tuple(design.names.index(name) for name in names),
            kinds=(*inputs.kinds, *[SOURCE] * len(sources)),
            keys=(*inputs.keys, *sources),
            inputs=inputs,
            outputs=outputs,
        )

    def list_indices(self, first: Interval, total: Interval) -> pd.DataFrame:
        """Return a row an output and input, with intervals."""
        columns: dict[str, NDArray[np.float64]] = {}
        for kind, values, interval in (
            ("first", self.estimates.first, first),
            ("total", self.estimates.total, total),
        ):
            columns[kind] = self._take(values)
            for end, name in _ENDS.items():
                columns[f"{kind}_{end}"] = self._take(getattr(interval, name))
        return self._name_rows().assign(**columns)

    def list_convergence(self) -> pd.DataFrame:
        """Return estimates from the first rows of the base sample."""
        parts = []
        for n in dict.fromkeys(max(len(self.runs) // part, 2) for part in FRACTIONS):
            found = compute_indices(self.runs[:n])
            parts.append(
                self._name_rows().assign(
                    n=n, first=self._take(found.first), total=self._take(found.total)
                )
            )
        return pd.concat(parts, ignore_index=True)

    def list_left_out(self) -> pd.DataFrame:
        """Return inputs that cannot move, then outputs that do not."""
        flat = np.isnan(self.estimates.first[:, 0])
        rows = [
            {"kind": "output", "key": f"{name}/{key}", "reason": NO_VARIANCE, "detail": ""}
            for name, key, is_flat in zip(self.outputs.names, self.outputs.keys, flat, strict=True)
            if is_flat
        ]
        return pd.DataFrame(
            [*self.inputs.left_out, *rows],
            columns=["kind", "key", "reason", "detail"],
            dtype="str",
        )

    def _take(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return values[:, self.columns].ravel()

    def _name_rows(self) -> pd.DataFrame:
        n, n_outputs = len(self.columns), len(self.outputs.names)
        return pd.DataFrame(
            {
                "output": np.repeat(np.array(self.outputs.names, dtype=object), n),
                "key": np.repeat(np.array(self.outputs.keys, dtype=object), n),
                "input_kind": list(self.kinds) * n_outputs,
                "input": list(self.keys) * n_outputs,
            }
        ).astype("str")


def _list_outputs(table: _Table, setup: RunSetup) -> pd.DataFrame:
    published = table.outputs.take(setup.model.run(run_published(setup.model)))[0]
    singles = [table.estimates.first[:, at] for at in range(len(table.inputs.names))]
    return pd.DataFrame(
        {
            "output": np.array(table.outputs.names, dtype=object),
            "key": np.array(table.outputs.keys, dtype=object),
            "published": published,
            "mean": table.estimates.mean,
            "std_dev": np.sqrt(table.estimates.variance),
            "sum_first": np.sum(singles, axis=0),
        }
    ).astype({"output": "str", "key": "str"})


def list_options(choices: Choices) -> pd.DataFrame:
    """Return the options of open choices: ``choice``, ``option``, ``own``."""
    rows = [
        (name, option, place == 0)
        for name in choices.open
        for place, option in enumerate(choices.options[name])
    ]
    frame = pd.DataFrame(rows, columns=["choice", "option", "own"])
    return frame.astype({"choice": "str", "option": "str", "own": bool})
