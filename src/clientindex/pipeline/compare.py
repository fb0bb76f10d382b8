"""Two methodologies on one edition: both scored on the same files, compared, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.edition import load_edition
from clientindex.errors import IntakeError
from clientindex.intake import require_tables
from clientindex.methodology import load_methodology
from clientindex.pipeline.data_check import check_data
from clientindex.pipeline.joint_means import find_difference_errors
from clientindex.pipeline.material import Material, prepare_material
from clientindex.pipeline.progress import SilentReporter
from clientindex.pipeline.rating_stage import run_rating
from clientindex.results import Scores, StarDoubt, Stars, Unavailable
from clientindex.sensitivity.compare import (
    ScoredEdition,
    check_overlap,
    compare_methodologies,
)

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.intake.run import IntakeReport
    from clientindex.methodology import Methodology
    from clientindex.pipeline.progress import Reporter
    from clientindex.results.methodology_comparison import MethodologyComparison

REFUSED = (
    "The data of edition {edition!r} cannot be scored by methodology {methodology!r}, so that the "
    "two methodologies cannot be compared on it.{advice}\n{faults}"
)
LACKING = (
    " It scores indicators that the data lack: {keys}. No rule for missing answers stands in for "
    "an indicator that nobody was asked: the index would be that of another methodology. Take "
    "them out of the file for the trial, or compare on an edition that has them."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """A comparison with the edition it was made on.

    Attributes
    ----------
    edition : Edition
    before, after : Methodology
    result : MethodologyComparison
    """

    edition: Edition
    before: Methodology
    after: Methodology
    result: MethodologyComparison


def compare_on_edition(
    old: Path, new: Path, edition_path: Path, *, reporter: Reporter | None = None
) -> Comparison:
    """Score an edition by two methodologies and compare them; nothing is written.

    Parameters
    ----------
    old, new : Path
        Methodology files.
    edition_path : Path
        The edition; its own methodology does not matter.
    reporter : Reporter, optional

    Raises
    ------
    StatisticsError
        If the methodologies have no indicator in common.
    IntakeError
        If the data have faults under one of them, an indicator that they lack among these.
    """
    listener = reporter or SilentReporter()
    edition = load_edition(edition_path)
    before, after = load_methodology(old), load_methodology(new)
    check_overlap(before, after)
    with listener.step(f"scores and stars by {before.id}"):
        first = _score(edition, before)
    with listener.step(f"scores and stars by {after.id}"):
        second = _score(edition, after)
    with listener.step("differences and their errors"):
        result = compare_methodologies(
            first.scored,
            second.scored,
            errors=find_difference_errors(
                first.material, second.material, scores=(first.scores, second.scores)
            ),
            attributes=second.material.tables.attributes,
            edition=edition.id,
            synthetic=edition.synthetic,
            unanswered=[*_list_unanswered(first.material), *_list_unanswered(second.material)],
        )
    return Comparison(edition=edition, before=before, after=after, result=result)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scored:
    material: Material
    scores: Scores
    scored: ScoredEdition


def _score(edition: Edition, methodology: Methodology) -> _Scored:
    """Score the edition as a run would, without what is not compared."""
    own = _leave_unused(edition, methodology)
    checked = check_data(own, methodology)
    report = checked.report
    if report.has_errors:
        raise IntakeError(_refuse(edition, methodology, report))
    material = prepare_material(
        own,
        _trim(methodology),
        tables=checked.require_tables(),
        warnings=pd.DataFrame(),
        counted=checked.counts,
    )
    results = run_rating(material, {})
    scores, stars, doubt = (results[name] for name in ("scores", "stars", "star_doubt"))
    assert isinstance(scores, Scores)
    assert isinstance(stars, Stars)
    assert isinstance(doubt, (StarDoubt, Unavailable))
    return _Scored(
        material=material,
        scores=scores,
        scored=ScoredEdition(methodology=methodology, stars=stars, doubt=doubt),
    )


def _leave_unused(edition: Edition, methodology: Methodology) -> Edition:
    """Leave unread what is in no score: a trial may lack what checklists and experts speak of."""
    unread: dict[str, None] = {"experts": None}
    rule = methodology.checklist
    used = rule is not None and rule.use != "verify"
    if not used and "checklist" not in methodology.doubt.shrinkage.covariates:
        unread |= {"checklist": None, "second_checklist": None}
    return edition.model_copy(update={"data": edition.data.model_copy(update=unread)})


def _trim(methodology: Methodology) -> Methodology:
    """Switch off what no comparison tells: resampling of errors, and confidence sets of ranks."""
    doubt = methodology.doubt.model_copy(update={"error_replicates": 0, "rank_sets": False})
    return methodology.model_copy(update={"doubt": doubt})


def _list_unanswered(material: Material) -> list[tuple[str, str]]:
    """Return the indicators of the methodology that nobody answered."""
    nobody = np.isnan(material.moments.mean).all(axis=(0, 1))
    keys = np.array(material.moments.indicators, dtype=object)[nobody]
    return [(material.methodology.id, str(key)) for key in keys]


def _refuse(edition: Edition, methodology: Methodology, report: IntakeReport) -> str:
    """Say why an edition cannot be scored: indicators that it lacks by their keys, then faults."""
    absent = {f.column for f in report.faults if f.code == "E-COLUMN" and f.severity == "error"}
    named = [source.indicators for source in edition.data.survey]
    lacking = [
        key
        for key in methodology.answer_keys
        if any(names.get(key, key) in absent for names in named)
    ]
    advice = LACKING.format(keys=", ".join(lacking)) if lacking else ""
    try:
        require_tables(report)
    except IntakeError as exc:
        faults = str(exc)
    return REFUSED.format(
        edition=edition.id, methodology=methodology.id, advice=advice, faults=faults
    )
