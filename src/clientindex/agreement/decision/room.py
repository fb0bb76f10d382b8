"""The decision rule of the methodology, applied to all centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.decision.composite import Composite, blend
from clientindex.agreement.decision.lot import count_by_lot, draw_lot
from clientindex.agreement.decision.rule import (
    CAPPED,
    DROPPED,
    SURVEY_ONLY,
    WITHHELD,
    choose_decisions,
    choose_stars,
)
from clientindex.agreement.inflation.room import NO_SPREAD, mark_signs
from clientindex.agreement.inflation.signs import find_checklist_signs
from clientindex.agreement.left_out import STAGE
from clientindex.counts import read_seed
from clientindex.methodology.model import SCORE_MAX
from clientindex.results import DECISIONS, INDEX, AuditDecisions, ChecklistInflation, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

    FindStars = Callable[[NDArray[np.float64]], NDArray[np.int64]]

TIE_DECIMALS = 9
BY_GAP, BY_LOT = "gap", "random"

NO_SURVEY_STAR, NO_CHECKLIST = "no_survey_star", "no_checklist"
INCOMPLETE_CHECKLIST, NO_SURVEY_ERROR = "incomplete_checklist", "no_survey_error"
NO_CENTRES = "no_centres"


def decide(
    sources: TwoSources,
    methodology: Methodology,
    *,
    inflation: ChecklistInflation | Unavailable,
    reliability: pd.DataFrame,
    survey_stars: pd.Series[int],
    find_stars: FindStars,
    seed: np.random.SeedSequence,
    filled_in: TwoSources | None = None,
) -> AuditDecisions | Unavailable:
    """Apply the decision rule of the methodology to every centre of the register.

    A large gap does not prove that a checklist is wrong. The rule only says how much a checklist
    counts: up to ``cap_from`` it is blended with the survey by precision; above it cannot raise the
    star; above ``drop_from`` it does not count, and an audit is asked. So no centre loses a star of
    the survey's by a gap that is too large.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology
        Its ``agreement.decision``.
    inflation : ChecklistInflation or Unavailable
        Without it every centre has the survey alone, and audits are by lot only.
    reliability : DataFrame
        ``subject``, ``centre``, ``estimate`` (R_c); rows of the index are used. A centre without
        one is not called provisional.
    survey_stars : Series
        Star of the survey by centre, nullable.
    find_stars : callable
        Index, without missing values, to stars: the rule of the rating.
    seed : numpy.random.SeedSequence
        Of the random audits.

    Returns
    -------
    AuditDecisions or Unavailable
        Reason: ``no_centres`` (the register is empty).

    Notes
    -----
    The composite is that of :func:`~clientindex.agreement.decision.composite.blend` with the
    expected gap of the region and the spread of honest gaps, tau, taken for known. Where second
    visits tell the checklist's error, its variance is added to tau².

    Missing data: without an index of the checklist, or a gap that can be judged, the composite is
    the survey with weight 0; without an index of the survey there is none. Centres without a star
    by the survey are withheld, but their gap may still ask for an audit: z has the sampling error
    in it. ``reason`` says why a centre is "survey_only" or "withheld": ``no_survey_star``,
    ``no_checklist``, ``incomplete_checklist`` (scores, but no index), ``no_survey_error`` (no
    sampling variance), ``no_spread`` (neither errors nor a spread), or the reason of `inflation`.

    Random audits are a share of all centres with a checklist (any score), rounded half up, drawn
    among those that no gap put on the list; the draw depends on seed and centre ids, not on order.
    """
    if not sources.centres:
        return Unavailable(stage=STAGE, reason=NO_CENTRES)
    rule = methodology.agreement.decision
    frame = _join(sources, inflation, reliability, survey_stars)
    composite = _compose(frame)
    given = frame["star_survey"].notna().to_numpy() & np.isfinite(composite.value)
    decisions = choose_decisions(
        frame["z"].to_numpy(), has_star=given, cap_from=rule.cap_from, drop_from=rule.drop_from
    )
    frame["weight"], frame["composite"] = composite.weight, composite.value
    frame["composite_error"] = composite.error
    by_composite = np.full(len(frame), np.nan)
    by_composite[given] = find_stars(composite.value[given])
    by_survey = frame["star_survey"].to_numpy(dtype=float, na_value=np.nan)
    star = choose_stars(decisions, by_survey=by_survey, by_composite=by_composite)
    frame["star_composite"], frame["star"] = _to_stars(by_composite), _to_stars(star)
    frame["provisional"] = given & (frame["reliability"] < rule.provisional_below).to_numpy()
    frame["decision"] = decisions
    has_checklist = np.asarray(np.isfinite(sources.checklist).any(axis=1))
    frame["reason"] = _explain(frame, inflation, has_checklist)
    frame["audit"] = _list_audits(frame, has_checklist, rule.drop_from, rule.random_share, seed)
    frame = pd.concat([frame, _find_signs(filled_in or sources, inflation)], axis=1)
    texts = dict.fromkeys(("centre", "name", "region", "decision", "reason", "audit"), "str")
    return AuditDecisions(
        centres=frame[list(COLUMNS)].astype(texts),
        effect=_cross_stars(frame, methodology),
        summary=_summarise(frame, has_checklist),
        cap_from=rule.cap_from,
        drop_from=rule.drop_from,
        provisional_below=rule.provisional_below,
        random_share=rule.random_share,
        source=rule.source,
        seed=read_seed(seed),
        fdr=methodology.agreement.fdr,
        applied=methodology.checklist is not None and methodology.checklist.use != "verify",
    )


COLUMNS = (
    *("centre", "name", "region", "n", "survey", "survey_error", "checklist", "gap", "expected"),
    *("z", "q_value", "weight", "composite", "composite_error", "reliability", "provisional"),
    *("star_survey", "star_composite", "star", "decision", "reason", "audit"),
    *("at_ceiling", "no_spread", "unverifiable_flagged"),
)

_FROM_GAPS = ("expected", "spread", "z", "q_value")


def _join(
    sources: TwoSources,
    inflation: ChecklistInflation | Unavailable,
    reliability: pd.DataFrame,
    survey_stars: pd.Series[int],
) -> pd.DataFrame:
    """Return what is known of every centre, in the order of the register."""
    at, centres = sources.place(INDEX), list(sources.centres)
    known = reliability[reliability["subject"] == INDEX].set_index("centre")["estimate"]
    frame = pd.DataFrame(
        {
            "centre": centres,
            "name": sources.names,
            "region": sources.regions,
            "n": sources.n[:, at],
            "survey": sources.survey[:, at],
            "survey_error": np.sqrt(sources.covariance[:, at, at]),
            "checklist": sources.checklist[:, at],
            "gap": sources.checklist[:, at] - sources.survey[:, at],
            "reliability": known.reindex(centres).to_numpy(dtype=float),
            "star_survey": survey_stars.reindex(centres).astype("Int64").to_numpy(),
        }
    )
    frame["star_survey"] = frame["star_survey"].astype("Int64")
    if isinstance(inflation, Unavailable):
        return frame.assign(**dict.fromkeys(_FROM_GAPS, np.nan))
    judged = inflation.centres.set_index("centre").reindex(centres)
    return frame.assign(**{name: judged[name].to_numpy(dtype=float) for name in _FROM_GAPS})


def _compose(frame: pd.DataFrame) -> Composite:
    """Return composites; the survey alone where no gap can be judged."""
    survey, error = frame["survey"].to_numpy(), frame["survey_error"].to_numpy()
    judged = frame["z"].notna().to_numpy()
    # Spread² is tau², the survey's e² and, where it is known, the checklist's error.
    rest = frame["spread"].to_numpy() ** 2 - error**2
    found = blend(
        survey,
        frame["checklist"].to_numpy() - frame["expected"].to_numpy(),
        survey_variance=error**2,
        checklist_variance=np.maximum(rest, 0.0),
    )
    without = np.where(np.isnan(survey), np.nan, 0.0)
    return Composite(
        weight=np.where(judged, found.weight, without),
        value=np.where(judged, found.value, survey),
        error=np.where(judged, found.error, error),
    )


def _to_stars(values: NDArray[np.float64]) -> pd.arrays.IntegerArray:
    missing = np.isnan(values)
    return pd.arrays.IntegerArray(np.where(missing, 0, values).astype(np.int64), missing)


def _explain(
    frame: pd.DataFrame, inflation: ChecklistInflation | Unavailable, scored: NDArray[np.bool_]
) -> NDArray[np.str_]:
    """Return why a centre is withheld or has the survey alone, "" for the others."""
    alone = (frame["decision"] == SURVEY_ONLY).to_numpy()
    unjudged = inflation.reason if isinstance(inflation, Unavailable) else NO_SPREAD
    return np.select(
        [
            (frame["decision"] == WITHHELD).to_numpy(),
            alone & ~scored,
            alone & frame["checklist"].isna().to_numpy(),
            alone & frame["survey_error"].isna().to_numpy(),
            alone,
        ],
        [NO_SURVEY_STAR, NO_CHECKLIST, INCOMPLETE_CHECKLIST, NO_SURVEY_ERROR, unjudged],
        default="",
    )


def _list_audits(
    frame: pd.DataFrame,
    has_checklist: NDArray[np.bool_],
    drop_from: float,
    share: float,
    seed: np.random.SeedSequence,
) -> NDArray[np.str_]:
    by_gap = (frame["z"].abs() > drop_from).to_numpy()
    number = count_by_lot(int(has_checklist.sum()), share=share)
    drawn = draw_lot(list(frame["centre"][has_checklist & ~by_gap]), number=number, seed=seed)
    by_lot = frame["centre"].isin(drawn).to_numpy()
    return np.select([by_gap, by_lot], [BY_GAP, BY_LOT], default="")


def _find_signs(sources: TwoSources, inflation: ChecklistInflation | Unavailable) -> pd.DataFrame:
    """Return signs of all checklists; they need no survey, and no gap that can be judged."""
    indicators = sources.checklist[:, sources.places("indicator")]
    signs = find_checklist_signs(np.round(indicators, TIE_DECIMALS), highest=SCORE_MAX)
    frame = pd.DataFrame(mark_signs(signs))
    if isinstance(inflation, Unavailable):
        flagged = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    else:
        by_centre = inflation.centres.set_index("centre")["unverifiable_flagged"]
        flagged = by_centre.reindex(list(sources.centres)).astype("boolean")
    return frame.assign(unverifiable_flagged=flagged.array)


def _cross_stars(frame: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    """Return how many centres have every pair of stars, by the survey and decided."""
    stars = [band.stars for band in methodology.stars.bands]
    pairs = pd.MultiIndex.from_product([stars, stars], names=["star_survey", "star"])
    given = frame.dropna(subset=["star"]).astype({"star_survey": "int64", "star": "int64"})
    counts = given.groupby(["star_survey", "star"]).size()
    return counts.reindex(pairs, fill_value=0).rename("n").astype("int64").reset_index()


def _summarise(frame: pd.DataFrame, has_checklist: NDArray[np.bool_]) -> pd.DataFrame:
    """Return numbers of centres, each with the number it is counted among."""
    decision, starred = frame["decision"], frame["star"].notna()
    kept_down = decision.isin([CAPPED, DROPPED])
    counted: dict[str, tuple[pd.Series[bool], pd.Series[bool] | NDArray[np.bool_]]] = {
        name: (decision == name, np.ones(len(frame), dtype=bool)) for name in DECISIONS
    }
    counted |= {
        "provisional": (frame["provisional"], starred & frame["reliability"].notna()),
        "audit_gap": (frame["audit"] == BY_GAP, frame["z"].notna()),
        "audit_random": (frame["audit"] == BY_LOT, has_checklist),
        "star_up": (_compare(frame["star"], frame["star_survey"]), starred),
        "star_down": (_compare(frame["star_survey"], frame["star"]), starred),
        "held_back": (kept_down & _compare(frame["star_composite"], frame["star"]), kept_down),
    }
    rows = [(name, int(found.sum()), int(among.sum())) for name, (found, among) in counted.items()]
    return pd.DataFrame(rows, columns=["statistic", "n", "of"])


def _compare(one: pd.Series[int], two: pd.Series[int]) -> pd.Series[bool]:
    """Return where one star is above the other; False where one is missing."""
    return (one > two).fillna(value=False).astype(bool)
