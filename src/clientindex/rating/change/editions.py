"""What is known of an edition, and the previous one told by the identifiers of the current one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.whole_index import take_index

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.results import Scores, Stars

MERGED = "merged"

_CELL = ["centre", "segment", "kind", "key"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedEdition:
    """The results of one edition.

    Attributes
    ----------
    scores : Scores
    stars : Stars
        Of every centre of the register: it is the register too.
    methodology : Methodology
    moments : CentreMoments or None
        Of the answers, where they are at hand: then errors under another method are exact.
    visitors : mapping of str to float or None
        For the finite-population correction of such errors.
    """

    scores: Scores
    stars: Stars
    methodology: Methodology
    moments: CentreMoments | None = None
    visitors: Mapping[str, float] | None = None


def rename_centres(
    edition: PublishedEdition, renamed: Mapping[str, str], *, current: pd.DataFrame
) -> tuple[PublishedEdition, pd.Series[int]]:
    """Tell the previous edition by the identifiers of the current one.

    Parameters
    ----------
    edition : PublishedEdition
        The previous one.
    renamed : mapping of str to str
        Previous identifier -> current one. Several previous centres that map to one, or one that
        maps to a centre which kept its identifier, are merged.
    current : DataFrame
        Centres of the current edition, with ``centre``.

    Returns
    -------
    edition : PublishedEdition
    merged : Series
        Number of previous centres by identifier.

    Raises
    ------
    StatisticsError
        If a centre stands twice in an edition, or `renamed` names a centre that the previous, or
        the current, edition does not have.

    Notes
    -----
    Scores of merged centres are means weighted by n, equal weights where an n is unknown; errors
    follow (``sum w² se²``), as do covariances of moments. A merged centre had no star.
    """
    before = edition.stars.frame
    _check(before, renamed, current)
    target = {centre: renamed.get(centre, centre) for centre in before["centre"]}
    merged = pd.Series(list(target.values())).value_counts()
    if not renamed:
        return edition, merged
    stars = before.assign(centre=before["centre"].map(target))
    twice = stars["centre"].map(merged) > 1
    stars["star"] = stars["star"].mask(twice)
    stars["withheld"] = stars["withheld"].mask(twice, MERGED)
    scores = edition.scores.frame.assign(centre=edition.scores.frame["centre"].map(target))
    frame = _merge_scores(scores)
    joined_scores = replace(edition.scores, frame=frame)
    index = take_index(joined_scores)
    for name in ("estimate", "std_error", "n"):
        joined = stars["centre"].map(index[name])
        stars[name] = stars[name].mask(twice, joined)
    first = stars.drop_duplicates("centre", ignore_index=True)
    visitors = edition.visitors
    return replace(
        edition,
        scores=joined_scores,
        stars=replace(edition.stars, frame=first),
        moments=None if edition.moments is None else _merge_moments(edition.moments, target),
        visitors=None if visitors is None else _sum_visitors(visitors, target),
    ), merged


def _check(before: pd.DataFrame, renamed: Mapping[str, str], current: pd.DataFrame) -> None:
    for name, frame in (("previous", before), ("current", current)):
        twice = sorted(set(frame.loc[frame["centre"].duplicated(), "centre"]))
        if twice:
            message = f"centres that stand twice in the {name} edition: {', '.join(twice)}"
            raise StatisticsError(message)
    for name, given, known in (
        ("previous", renamed.keys(), before["centre"]),
        ("current", renamed.values(), current["centre"]),
    ):
        unknown = sorted(set(given) - set(known))
        if unknown:
            message = f"renamed centres that the {name} edition lacks: {', '.join(unknown)}"
            raise StatisticsError(message)


def _merge_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Combine scores of equal centre, segment, kind and key."""
    twice = frame.duplicated(_CELL, keep=False)
    if not twice.any():
        return frame
    rows = []
    for cell, part in frame[twice].groupby(_CELL, sort=False):
        known = part.dropna(subset="estimate")
        w = share_by_n(known["n"].to_numpy(float))
        missing = known.empty
        estimate = np.nan if missing else float(w @ known["estimate"])
        error = np.nan if missing else float(np.sqrt(w**2 @ known["std_error"].to_numpy() ** 2))
        rows.append((*cell, estimate, error, np.nan, np.nan, part["n"].sum(skipna=False)))
    columns = [*_CELL, "estimate", "std_error", "ci_low", "ci_high", "n"]
    joined = pd.DataFrame(rows, columns=columns)
    return pd.concat([frame.loc[~twice, columns], joined], ignore_index=True)


def share_by_n(n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights of sum 1 in proportion to n; equal ones where an n is unknown, or all are 0.

    Parameters
    ----------
    n : ndarray of shape (m, ...)
        Shared along the first axis.
    """
    known = ~np.isnan(n).any(axis=0) & (np.nan_to_num(n).sum(axis=0) > 0)
    usable = np.where(known, np.nan_to_num(n), 1.0)
    return np.asarray(usable / np.maximum(usable.sum(axis=0), np.finfo(float).tiny))


def _merge_moments(moments: CentreMoments, target: Mapping[str, str]) -> CentreMoments:
    names = [target[centre] for centre in moments.centres]
    centres = tuple(sorted(set(names)))
    stacks: dict[str, list[NDArray[np.float64]]] = {"mean": [], "n": [], "cov": [], "all": []}
    for centre in centres:
        at = [place for place, name in enumerate(names) if name == centre]
        mean, n = moments.mean[at], moments.n[at]
        known = ~np.isnan(mean)
        w = share_by_n(np.where(known, n, 0.0)) * known
        pairs = w[..., :, None] * w[..., None, :]
        used = np.where(pairs > 0, pairs * moments.cov_mean[at], 0.0).sum(axis=0)
        any_known: NDArray[np.bool_] = np.any(known, axis=0)
        both = any_known[..., :, None] & any_known[..., None, :]
        stacks["mean"].append(np.where(any_known, (w * np.nan_to_num(mean)).sum(axis=0), np.nan))
        stacks["n"].append(n.sum(axis=0))
        stacks["cov"].append(np.where(both, used, np.nan))
        stacks["all"].append(moments.n_respondents[at].sum(axis=0))
    return replace(
        moments,
        centres=centres,
        mean=np.stack(stacks["mean"]),
        n=np.stack(stacks["n"]),
        cov_mean=np.stack(stacks["cov"]),
        n_respondents=np.stack(stacks["all"]),
    )


def _sum_visitors(visitors: Mapping[str, float], target: Mapping[str, str]) -> dict[str, float]:
    """Return visitors by current identifier; unknown where those of a merged centre are."""
    known = pd.Series({c: visitors.get(c, np.nan) for c in target}, dtype=float)
    summed = known.groupby(pd.Series(target)).sum(min_count=1, skipna=False)
    return {str(centre): float(value) for centre, value in summed.dropna().items()}
