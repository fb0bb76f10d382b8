"""Checks that need several files at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import FaultLog, Place, Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.intake.checklist import Checklist
    from clientindex.intake.register import Register
    from clientindex.intake.survey import Survey
    from clientindex.intake.totals import TotalsBatch
    from clientindex.methodology import Methodology

MAX_LISTED = 12
"""Centres that a fault names; with more it is the number that matters."""


def report_mixed(units: pd.DataFrame, totals: Sequence[TotalsBatch], log: FaultLog) -> None:
    """Log totals of a centre and segment that has single answers: its people would count twice.

    `units` are those of the single answers.
    """
    answered = set(zip(units["centre"], units["segment"], strict=True))
    for batch in totals if answered else ():
        _report_mixed_batch(batch, answered, log)


def _report_mixed_batch(batch: TotalsBatch, answered: set[tuple[str, str]], log: FaultLog) -> None:
    pairs = batch.data[["centre", "segment"]].reset_index(drop=True)
    first = pairs.drop_duplicates()
    at = [place for place, *pair in first.itertuples(name=None) if tuple(pair) in answered]
    log.add_rows(
        "E-MIXED",
        batch.table,
        column=batch.column,
        at=np.array(at, dtype=np.intp),
        describe=lambda row: Trouble(
            read=f"totals of {', '.join(pairs.iloc[row])}, which has single answers too",
            allowed="single answers or totals for a centre and segment, not both",
            advice="Take one of the two files out of the edition.",
        ),
    )


def report_register_gaps(register: Register, survey: Survey, log: FaultLog) -> None:
    """Warn of centres without answers, or with fewer visitors than respondents."""
    counted = register.frame["centre"].map(survey.count_respondents()).fillna(0)
    n = np.asarray(counted, dtype=np.float64)
    answered = register.frame["centre"].isin(survey.list_answered()).to_numpy()
    _warn_silent(register, ~answered, log)
    _warn_visitors(register, n, log)


def _warn_silent(register: Register, silent: NDArray[np.bool_], log: FaultLog) -> None:
    centre = register.frame["centre"]
    log.add_rows(
        "W-CENTRE-SILENT",
        register.table,
        column=register.headings["centre"],
        at=silent,
        describe=lambda row: Trouble(
            read=f"{centre.iloc[row]}, without answers",
            allowed="answers from every centre of the register",
            advice="Check that its answers are in the survey under this id; else it gets no star.",
        ),
    )


def _warn_visitors(register: Register, n: NDArray[np.float64], log: FaultLog) -> None:
    visitors = register.frame["visitors"].to_numpy(float)
    log.add_rows(
        "W-VISITORS",
        register.table,
        column=register.headings["visitors"],
        at=visitors < n,
        describe=lambda row: Trouble(
            read=f"{visitors[row]:g} visitors, {n[row]:g} respondents",
            allowed="at least as many visitors as respondents",
            advice="Check the period that the visitors were counted in, and repeated answers.",
        ),
    )


def report_unchecked_centres(register: Register, checked: frozenset[str], log: FaultLog) -> None:
    """Warn of centres that are not among those with a checklist."""
    centre = register.frame["centre"]
    log.add_rows(
        "W-CENTRE-NO-CHECKLIST",
        register.table,
        column=register.headings["centre"],
        at=~centre.isin(checked).to_numpy(),
        describe=lambda row: Trouble(
            read=f"{centre.iloc[row]}, without checklist",
            allowed="a checklist from every centre of the register",
            advice="Ask the centre for it; else it is left out of the comparison.",
        ),
    )


def report_unmatched_visits(first: Checklist, second: Checklist, file: str, log: FaultLog) -> None:
    """Warn of centres with a second checklist and no first one."""
    lonely = sorted(second.centres - first.centres)
    if lonely:
        log.add(
            "W-SECOND-NO-FIRST",
            Place(file=file),
            Trouble(
                read=(
                    f"{len(lonely)} centre{'s' if len(lonely) > 1 else ''} with a second checklist "
                    f"only: {', '.join(lonely[:MAX_LISTED])}"
                ),
                allowed="a second checklist of centres that have a first one",
                advice="Check the ids; these second checklists are left out.",
            ),
        )


def report_flat_indicators(survey: Survey, methodology: Methodology, log: FaultLog) -> None:
    """Warn of indicators that nobody answered or that everybody answered alike, by segment."""
    counts = _count_answers(survey, methodology)
    means = _spread_of_means(survey.unit_means)
    for s, segment in enumerate(methodology.segment_keys):
        file = ", ".join(survey.files_of(segment))
        if file and not counts[s, :, 1:].any() and not any(key[0] == segment for key in means):
            log.add("E-NO-ROWS", Place(file=file), _describe_unanswered(segment))
            continue
        for k, indicator in enumerate(methodology.indicator_keys if file else ()):
            place = Place(file=file, column=indicator)
            answers = counts[s, k, 1:]
            n_means, spread = means.get((segment, indicator), (0, 0.0))
            if not answers.any() and n_means == 0:
                log.add("W-INDICATOR-EMPTY", place, _describe_empty(segment))
            elif n_means >= 2 and spread == 0:
                read = f"{n_means} equal means ({segment})"
                log.add("W-NO-VARIANCE", place, _describe_flat(read))
            elif n_means == 0 and answers.sum() >= 2 and np.count_nonzero(answers) == 1:
                answer = int(answers.argmax()) + methodology.scale_of(indicator).minimum
                read = f"{answers.sum()} answers, all {answer} ({segment})"
                log.add("W-NO-VARIANCE", place, _describe_flat(read))


def _describe_unanswered(segment: str) -> Trouble:
    return Trouble(
        read=f"rows without a single answer ({segment})",
        allowed="at least one answer",
        advice="Check the columns and the missing codes, or take the file out of the edition.",
    )


def _describe_empty(segment: str) -> Trouble:
    return Trouble(
        read=f"no answer ({segment})",
        allowed="at least one answer",
        advice="Check the column and the missing codes; the methodology says what happens to the "
        "group without it.",
    )


def _describe_flat(read: str) -> Trouble:
    return Trouble(
        read=read,
        allowed="answers that differ",
        advice="Check the export; correlations, reliability and factors are not defined with it.",
    )


def _count_answers(survey: Survey, methodology: Methodology) -> NDArray[np.int64]:
    """Count answers, shape (S, K, C + 1)."""
    keys, segments = methodology.indicator_keys, methodology.segment_keys
    counts = np.zeros((len(segments), len(keys), methodology.n_categories + 1), dtype=np.int64)
    if survey.tally is not None:
        of_unit = pd.Index(segments).get_indexer(pd.Index(survey.tally.units["segment"]))
        np.add.at(counts, of_unit[of_unit >= 0], survey.tally.margins[of_unit >= 0])
    if survey.option_counts is not None:
        options = survey.option_counts
        place = (
            pd.Index(segments).get_indexer(pd.Index(options["segment"])),
            pd.Index(keys).get_indexer(pd.Index(options["indicator"])),
            options["category"].to_numpy(),
        )
        good = (place[0] >= 0) & (place[1] >= 0)
        np.add.at(counts, tuple(axis[good] for axis in place), options["n"].to_numpy()[good])
    return counts


def _spread_of_means(means: pd.DataFrame | None) -> Mapping[tuple[str, str], tuple[int, float]]:
    """Return the number of means and their range by segment and indicator."""
    if means is None:
        return {}
    points = means.groupby(["segment", "indicator"])["points"].agg(["size", "min", "max"])
    return {
        (str(segment), str(indicator)): (int(size), float(high - low))
        for (segment, indicator), size, low, high in points.itertuples(name=None)
    }
