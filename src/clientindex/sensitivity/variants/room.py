"""The grid of method variants put to an edition."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from clientindex.results import Unavailable
from clientindex.sensitivity.variants.change import Lack
from clientindex.sensitivity.variants.choices import DIMENSIONS, list_choices
from clientindex.sensitivity.variants.scoring import Scorer, find_stated_cuts
from clientindex.sensitivity.variants.telling import Rated, tell_variants

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.methodology.variants_settings import VariantsSettings
    from clientindex.results import Stars
    from clientindex.results.multiverse import Multiverse
    from clientindex.sensitivity.variants.choices import Choice, Grid
    from clientindex.sensitivity.variants.source import VariantSource

    Progress = Callable[[int, int], None]
    """Told after every variant how many are done, and of how many."""

STAGE = "sensitivity"
NO_STARS, CHECKLISTS_IN_SCORES = "no_stars", "checklists_in_scores"


def assess_variants(
    source: VariantSource,
    stars: Stars,
    methodology: Methodology,
    *,
    settings: VariantsSettings,
    progress: Progress | None = None,
) -> Multiverse | Unavailable:
    """Rate the edition under every variant of the method.

    Parameters
    ----------
    source : VariantSource
    stars : Stars
        As published: the first variant, with nothing changed, gives them again.
    methodology : Methodology
    settings : VariantsSettings
    progress : callable, optional

    Returns
    -------
    Multiverse or Unavailable
        Unavailable: no centre has a star ("no_stars"); the index takes checklists by their
        precision, which needs the agreement of every variant ("checklists_in_scores").

    Raises
    ------
    StatisticsError
        If the grid is longer than the settings allow, or given weights do not fit the methodology.

    Notes
    -----
    Every variant is a changed copy of the methodology, scored by
    :func:`clientindex.rating.compute_scores` and given stars by
    :func:`clientindex.rating.assign_stars`, with the checks of a methodology file. Stars are
    compared for the centres with a published star.

    References
    ----------
    Steegen S., Tuerlinckx F., Gelman A., Vanpaemel W. Increasing transparency through a multiverse
    analysis. Perspectives on Psychological Science, 2016, 11(5), 702-712.
    doi:10.1177/1745691616658637
    """
    starred = stars.frame[stars.frame["withheld"] == ""]
    if starred.empty:
        return Unavailable(stage=STAGE, reason=NO_STARS)
    rule = methodology.checklist
    if rule is not None and rule.use == "precision":
        return Unavailable(stage=STAGE, reason=CHECKLISTS_IN_SCORES, detail=rule.use)
    grid = list_choices(methodology, settings)
    own = None if rule is None else rule.weight
    scorer = Scorer(
        source=source,
        methodology=methodology,
        checklist_weight=own or settings.checklist_weight,
        cuts=find_stated_cuts(stars),
    )
    return tell_variants(_rate_all(scorer, grid, starred, progress), grid, starred)


def _rate_all(
    scorer: Scorer, grid: Grid, starred: pd.DataFrame, progress: Progress | None
) -> Rated:
    """Rate all variants in the order of the grid."""
    rated = Rated.start(starred)
    combinations = list(product(*(grid[name] for name in DIMENSIONS)))
    for done, combination in enumerate(combinations, start=1):
        choices: dict[str, Choice] = dict(zip(DIMENSIONS, combination, strict=True))
        found = scorer.rate(choices)
        names = tuple(choice.name for choice in combination)
        if isinstance(found, Lack):
            rated.leave_out(names, found)
        else:
            rated.add(names, found)
        if progress is not None:
            progress(done, len(combinations))
    return rated
