"""Weigh answers as the methodology says, and tell what that did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import (
    Adjustment,
    add_by,
    compute_weighted_moments,
    count_cells,
    find_groups,
    make_cells,
)
from clientindex.rating.answer_weights.posing import KnownMargin, ScopeCells, pose_problem
from clientindex.rating.answer_weights.raking import (
    TRIM_ROOM,
    Fit,
    count_effective,
    rake_respondents,
)
from clientindex.rating.answer_weights.residuals import RakedScope, explain_by_margins
from clientindex.rating.scores import compute_scores
from clientindex.results.answer_weights import AnswerWeights
from clientindex.results.base import ALL_SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import Cells, CentreMoments
    from clientindex.intake import IntakeTables
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology
    from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
    from clientindex.rating.answer_weights.posing import Problem
    from clientindex.results import Scores

NO_WEIGHTS = "no_weights"
NO_MARGINS = "no_margins"
NO_MARGIN = "no_margin"
NOT_CONVERGED = "not_converged"
LIMIT_REACHED = "limit_reached"

LEFT_OUT = ["scope", "segment", "trait", "level", "reason", "detail"]
MARGINS = {
    **dict.fromkeys(("scope", "segment", "trait", "level", "joined"), "str"),
    "visitors": "float64",
    "n": "int64",
    **dict.fromkeys(("share", "before", "after"), "float64"),
}
SCOPES = {
    "scope": "str",
    **dict.fromkeys(("n", "n_margins", "iterations"), "int64"),
    "gap": "float64",
    "n_cut": "int64",
    **dict.fromkeys(("converged", "raked"), "bool"),
}
"""Columns of frames with their types, which also hold without rows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedAnswers:
    """Weighted answers.

    Attributes
    ----------
    weight : float64 ndarray of shape (N,)
        Weight of every respondent.
    moments : CentreMoments
        Weighted means with their covariance: scores, errors and stars follow as from unweighted
        ones.
    result : AnswerWeights
    """

    weight: NDArray[np.float64]
    moments: CentreMoments
    result: AnswerWeights


def weigh_answers(
    tables: IntakeTables,
    methodology: Methodology,
    *,
    settings: AnswerWeightsSettings,
    age_bands: Sequence[int] = (),
    visitors: Mapping[str, float] | None = None,
    score: Callable[..., Scores] = compute_scores,
) -> WeightedAnswers:
    """Weigh the answers of all respondents, and compute the moments of centres with them.

    Parameters
    ----------
    tables : IntakeTables
        With ``responses``; the register says the region of every centre.
    methodology : Methodology
    settings : AnswerWeightsSettings
    age_bands : sequence of int
        First years of all age groups but the youngest.
    visitors : mapping of str to float, optional
        Number of visitors by centre, for the finite-population correction of the scores shown.
    score : callable
        Scores from moments, called like :func:`clientindex.rating.compute_scores`.

    Returns
    -------
    WeightedAnswers

    Raises
    ------
    CountsError
        If the survey lacks a trait, or combinations of traits are too many.
    ValueError
        If only totals were delivered.
    """
    responses = tables.responses
    if responses is None:
        msg = "answers can be weighted only where single answers were delivered"
        raise ValueError(msg)
    given = responses.weight if settings.design else None
    base = np.ones(len(responses.codes)) if given is None else given
    raking = _Raking(responses, settings, base=base, age_bands=age_bands)
    if settings.design and given is None:
        raking.note("", reason=NO_WEIGHTS)
    if settings.margins != "none" and tables.margins is None:
        raking.note("", reason=NO_MARGINS)
    elif settings.margins != "none":
        raking.run(tables)
    moments = compute_weighted_moments(responses, methodology, weight=raking.weight)
    if settings.linearisation == "residual" and raking.raked:
        moments = _take_residuals(raking, moments, methodology)
    plain = compute_weighted_moments(responses, methodology)
    result = AnswerWeights(
        margins=raking.tabulate_margins(),
        scopes=raking.tabulate_scopes(),
        centres=_tabulate_centres(responses, raking.weight, methodology),
        scores=_compare_scores(
            *(score(found, methodology, visitors=visitors) for found in (plain, moments))
        ),
        left_out=pd.DataFrame(raking.left_out, columns=LEFT_OUT, dtype="str"),
        design=given is not None,
        level_of_margins=settings.margins,
        traits=settings.traits,
        trim=np.nan if settings.trim is None else settings.trim,
        empty_level=settings.empty_level,
        linearisation=settings.linearisation,
        tolerance=settings.tolerance,
        max_iterations=settings.max_iterations,
    )
    return WeightedAnswers(weight=raking.weight, moments=moments, result=result)


class _Raking:
    """Rakes one scope after another and keeps what is told of them."""

    def __init__(
        self,
        responses: Responses,
        settings: AnswerWeightsSettings,
        *,
        base: NDArray[np.float64],
        age_bands: Sequence[int],
    ) -> None:
        self.responses = responses
        self.settings = settings
        self.base = base
        self.weight = base.astype(np.float64)
        self.raked: list[RakedScope] = []
        self.scopes: list[tuple[Any, ...]] = []
        self.left_out: list[tuple[str, ...]] = []
        self._margins: list[tuple[Any, ...]] = []
        traits = settings.traits if settings.margins != "none" else ()
        self.cells: Cells = make_cells(responses, traits, age_bands=age_bands)

    def note(self, scope: str, *, trait: str = "", reason: str, detail: str = "") -> None:
        """List what is left out of a scope."""
        self.left_out.append((scope, "", trait, "", reason, detail))

    def run(self, tables: IntakeTables) -> None:
        """Rake every scope with respondents."""
        assert tables.margins is not None
        known = _group_margins(tables.margins, self.settings.traits)
        register = tables.register
        own = register["centre"] if self.settings.margins == "centre" else register["region"]
        scope_of = dict(zip(register["centre"], own, strict=True))
        of_cell = np.array([scope_of.get(name, "") for name in self.cells.frame["centre"]], object)
        for scope, cells, people in self._split(of_cell):
            margins = known.get(scope, [])
            for trait in self.settings.traits:
                if not any(margin.trait == trait for margin in margins):
                    self.note(scope, trait=trait, reason=NO_MARGIN)
            if margins:
                self._rake_scope(scope, margins, cells=cells, people=people)

    def _split(
        self, of_cell: NDArray[np.object_]
    ) -> Iterator[tuple[str, ScopeCells, NDArray[np.intp]]]:
        """Yield every scope with its cells and respondents."""
        frame, cell_of = self.cells.frame, self.cells.of_respondent
        codes, names = pd.factorize(of_cell, sort=True)
        weight = add_by(cell_of, self.base, len(frame))
        n = np.bincount(cell_of, minlength=len(frame)).astype(np.float64)
        segment = frame["segment"].to_numpy(object)
        levels = {name: frame[name].to_numpy(object) for name in self.settings.traits}
        cells = _split_positions(codes, len(names))
        people = _split_positions(codes[cell_of], len(names))
        for name, at, who in zip(names, cells, people, strict=True):
            yield (
                str(name),
                ScopeCells(
                    at=at,
                    segment=segment[at],
                    levels={trait: texts[at] for trait, texts in levels.items()},
                    weight=weight[at],
                    n=n[at],
                ),
                who,
            )

    def _rake_scope(
        self,
        scope: str,
        margins: list[KnownMargin],
        *,
        cells: ScopeCells,
        people: NDArray[np.intp],
    ) -> None:
        settings = self.settings
        problem = pose_problem(margins, cells, collapse=settings.empty_level == "collapse")
        self.left_out += [(scope, *row) for row in problem.left_out]
        weight = self.base[people]
        fit, raked, n_cut = Fit(iterations=0, gap=np.nan, converged=False), False, 0
        cell_of = np.searchsorted(cells.at, self.cells.of_respondent[people]).astype(np.int32)
        if problem.margins is not None:
            after, fit = rake_respondents(
                weight,
                cell_of,
                problem.margins,
                limit=settings.trim,
                tolerance=settings.tolerance,
                max_iterations=settings.max_iterations,
            )
            n_cut = _count_cut(after, settings.trim)
            raked = fit.converged or n_cut > 0
            if not fit.converged:
                reason = LIMIT_REACHED if raked else NOT_CONVERGED
                self.note(scope, reason=reason, detail=f"{fit.gap:.3g}")
            if raked:
                self.weight[people] = weight = after
                self.raked.append(RakedScope(at=cells.at, margins=problem.margins))
        row = (len(people), len(problem.known), fit.iterations, fit.gap, n_cut if raked else 0)
        self.scopes.append((scope, *row, fit.converged, raked))
        self._tell(scope, problem, cells=cells, after=add_by(cell_of, weight, len(cells.at)))

    def _tell(
        self,
        scope: str,
        problem: Problem,
        *,
        cells: ScopeCells,
        after: NDArray[np.float64],
    ) -> None:
        """Keep the margins of a scope before and after."""
        for margin, place, joined in zip(
            problem.known, problem.places, problem.joined, strict=True
        ):
            inside, size = place >= 0, len(margin.levels)
            sums = [add_by(place[inside], part[inside], size) for part in (cells.weight, after)]
            before, now = (part / part.sum() for part in sums)
            n = add_by(place[inside], cells.n[inside], size).astype(np.int64)
            head = (scope, margin.segment or ALL_SEGMENTS, margin.trait)
            columns = (
                margin.levels,
                joined,
                margin.visitors.tolist(),
                n.tolist(),
                (margin.visitors / margin.visitors.sum()).tolist(),
                before.tolist(),
                now.tolist(),
            )
            self._margins += [(*head, *row) for row in zip(*columns, strict=True)]

    def tabulate_scopes(self) -> pd.DataFrame:
        """Return how raking ended in every scope."""
        return pd.DataFrame(self.scopes, columns=list(SCOPES)).astype(SCOPES)

    def tabulate_margins(self) -> pd.DataFrame:
        """Return the margins of all scopes before and after."""
        return pd.DataFrame(self._margins, columns=list(MARGINS)).astype(MARGINS)


def _count_cut(weight: NDArray[np.float64], limit: float | None) -> int:
    """Return the number of weights at the limit."""
    if limit is None:
        return 0
    return int((weight >= limit * weight.mean() * (1 - TRIM_ROOM)).sum())


def _split_positions(codes: NDArray[np.intp], n: int) -> list[NDArray[np.intp]]:
    """Return the positions of every code 0..n-1, rising."""
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(1, n))
    return np.split(order, ends)


def _group_margins(frame: pd.DataFrame, traits: Sequence[str]) -> dict[str, list[KnownMargin]]:
    """Return the margins of every scope, in the order of the traits of the methodology."""
    order = {name: at for at, name in enumerate(traits)}
    levels: dict[tuple[str, str, str], dict[str, float]] = {}
    names = ["scope", "segment", "trait", "level"]
    texts = zip(*(frame[name].tolist() for name in names), strict=True)
    for (scope, segment, trait, level), n in zip(texts, frame["visitors"].tolist(), strict=True):
        if trait in order:
            levels.setdefault((scope, segment, trait), {})[level] = n
    grouped: dict[str, list[KnownMargin]] = {}
    for (scope, segment, trait), known in levels.items():
        margin = KnownMargin(
            segment=segment,
            trait=trait,
            levels=tuple(known),
            visitors=np.array(list(known.values()), dtype=np.float64),
        )
        grouped.setdefault(scope, []).append(margin)
    return {
        scope: sorted(margins, key=lambda margin: order[margin.trait])
        for scope, margins in grouped.items()
    }


def _take_residuals(
    raking: _Raking, moments: CentreMoments, methodology: Methodology
) -> CentreMoments:
    """Return the moments with the covariance of residuals from the margins."""
    responses, cells = raking.responses, raking.cells
    groups, _ = find_groups(responses)
    keys = ["centre", "segment"]
    group_of = pd.MultiIndex.from_frame(groups).get_indexer(
        pd.MultiIndex.from_frame(cells.frame[keys])
    )
    explained = explain_by_margins(
        raking.raked,
        base=count_cells(responses, methodology, cells=cells, weight=raking.base),
        raked=count_cells(responses, methodology, cells=cells, weight=raking.weight),
        group_of=group_of,
        methodology=methodology,
    )
    taken = compute_weighted_moments(
        responses,
        methodology,
        weight=raking.weight,
        adjustment=Adjustment(cells=cells, residual=explained.residual),
    )
    row = pd.Index(moments.centres).get_indexer(pd.Index(groups["centre"]))
    column = pd.Index(moments.segments).get_indexer(pd.Index(groups["segment"]))
    covariance = taken.cov_mean.copy()
    covariance[row, column] += explained.others
    return replace(taken, cov_mean=covariance)


def _tabulate_centres(
    responses: Responses, weight: NDArray[np.float64], methodology: Methodology
) -> pd.DataFrame:
    groups, group_of = find_groups(responses)
    frame = groups.assign(
        n=np.bincount(group_of, minlength=len(groups)).astype(np.int64),
        weight=add_by(group_of, weight, len(groups)),
        squared=add_by(group_of, weight**2, len(groups)),
        largest=_find_largest(group_of, weight, len(groups)),
    )
    sums = frame.groupby("centre", as_index=False)[["n", "weight", "squared"]].sum()
    largest = frame.groupby("centre")["largest"].max().to_numpy()
    frame = pd.concat(
        [frame, sums.assign(segment=ALL_SEGMENTS, largest=largest)], ignore_index=True
    )
    n_eff = count_effective(frame["weight"].to_numpy(), frame["squared"].to_numpy())
    frame = frame.assign(
        n_eff=n_eff,
        deff=frame["n"] / n_eff,
        largest=frame["largest"] * frame["n"] / frame["weight"],
    )
    order = {key: at for at, key in enumerate((*methodology.segment_keys, ALL_SEGMENTS))}
    frame = frame.assign(order=frame["segment"].map(order))
    frame = frame.sort_values(["centre", "order"], ignore_index=True)
    return frame[["centre", "segment", "n", "n_eff", "deff", "largest"]]


def _find_largest(
    group_of: NDArray[np.int32], weight: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    largest = np.zeros(size)
    np.maximum.at(largest, group_of, weight)
    return largest


def _compare_scores(plain: Scores, weighted: Scores) -> pd.DataFrame:
    """Return the index of every centre without and with weights."""
    parts = []
    for name, found in (("unweighted", plain), ("weighted", weighted)):
        frame = found.frame
        whole = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == "index")]
        columns = {"estimate": name, "std_error": f"{name}_error"}
        parts.append(whole.set_index("centre")[list(columns)].rename(columns=columns))
    scores = parts[0].join(parts[1]).reset_index()
    return scores.assign(difference=scores["weighted"] - scores["unweighted"])
