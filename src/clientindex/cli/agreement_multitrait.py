"""Correlations of both sources and parts of their variance as tables that fit the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.agreement_names import COMPONENTS, SIDES, name_subject, write_tested
from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import print_table, print_words
from clientindex.cli.reliability_names import key_rows
from clientindex.results import INDEX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.agreement_names import Shown
    from clientindex.cli.footnotes import Footnotes
    from clientindex.methodology import Methodology
    from clientindex.results import MethodModel, MethodVariance, MultitraitMatrix

SAME = "monotrait_heteromethod"
REMOVED = {
    "none": "raw",
    "survey_sampling": "net of sampling error",
    "survey_sampling_and_visits": "net of visits too",
}
OF_CRITERIA = {"none": "raw", "survey_sampling": "net"}
CRITERIA = {
    "1": "1: above zero",
    "2": "2: above others, across",
    "3_survey": "3: above others, survey",
    "3_checklist": "3: above others, checklist",
}
SHARES = {
    "consistency": "trait",
    "method_specificity": "halo or method",
}

LEGEND_OF_CORRELATIONS = (
    "Between centres. Sampling error of the survey is taken out, then also the differences of "
    "second checklists; net correlations are not cut off at 1."
)
LEGEND_OF_CRITERIA = (
    "Campbell and Fiske: correlations of the same group over the sources, compared with zero and "
    "with those of other groups across the sources or inside one. Held: comparisons that hold, in "
    "brackets how many certainly do and how many may. Net: of sampling error."
)
LIMITS_OF_MULTITRAIT = (
    "Shows whether the sources order centres alike, group by group. Cannot show inflation that all "
    "centres share, nor which source is wrong."
)
LEGEND_OF_VARIANCE = (
    "Squared points between centres; by moments with jackknife intervals, and by a mixed model as "
    "a check. Trait: what both sources confirm. Halo and method: what all groups share in one "
    "source only."
)
BELOW_ZERO = "a negative estimate stands for a component that cannot be told from 0"
LIMITS_OF_VARIANCE = (
    "Shows where differences between centres come from. Cannot show which source is right, nor "
    "inflation that is the same everywhere: it makes no difference between centres."
)
LIMITS_OF_MODEL = (
    "Shows whether one manner of filling in checklists explains what they share beyond the survey. "
    "Cannot show that the survey is right: it was made the reference beforehand."
)


def tell_multitrait(result: MultitraitMatrix, shown: Shown, methodology: Methodology) -> bool:
    """Print correlations of the same groups and the criteria held; return whether any is known."""
    notes = shown.make_notes(_no_gaps(result), methodology)
    print_words(
        f"Same group by survey and checklist ({result.n} centres, {result.n_dropped} dropped for "
        f"missing scores; {result.level:.0%} intervals)"
    )
    same = result.correlations[result.correlations["kind"] == SAME]
    removed = [key for key in REMOVED if key in set(same["removed"])]
    found = key_rows(same, "first_group", "removed")
    rows = [
        [name_subject(key), *(_write(found.get((key, error)), notes) for error in removed)]
        for key in shown.subjects
        if key != INDEX
    ]
    print_table(["group", *(REMOVED[key] for key in removed)], rows, keys=1)
    print_words(LEGEND_OF_CORRELATIONS)
    _tell_criteria(result.criteria, shown, notes)
    print_words(LEGEND_OF_CRITERIA)
    notes.tell()
    print_words(LIMITS_OF_MULTITRAIT)
    return bool(same["estimate"].notna().any())


def _no_gaps(result: MultitraitMatrix) -> pd.DataFrame:
    """Return no reasons: methods of this result tell why it has no estimate."""
    frame = result.criteria.head(0)
    return frame.assign(reason="", detail="")[["group", "statistic", "reason", "detail"]]


def _write(row: Any, notes: Footnotes) -> str:
    return ABSENT if row is None else write_tested(row, notes)


def _tell_criteria(criteria: pd.DataFrame, shown: Shown, notes: Footnotes) -> None:
    subject = "all" if shown.leading == INDEX else shown.leading
    own = criteria[criteria["group"] == subject]
    found = key_rows(own, "criterion", "removed", "statistic")
    rows = [
        [
            text,
            error,
            _write_held(found.get((criterion, removed, "count")), notes),
            _write(found.get((criterion, removed, "difference")), notes),
        ]
        for criterion, text in CRITERIA.items()
        for removed, error in OF_CRITERIA.items()
        if removed in set(own["removed"])
    ]
    print_table(["criterion", "", "held", "mean difference"], rows, keys=2)


def _write_held(row: Any, notes: Footnotes) -> str:
    if row is None or row.estimate != row.estimate:
        return _write(row, notes)
    return f"{row.estimate:.0f} of {row.comparisons} [{row.ci_low:.0f}, {row.ci_high:.0f}]"


def tell_variance(result: MethodVariance, shown: Shown, methodology: Methodology) -> bool:
    """Print the parts of the variance and shares of each source; return whether any is known."""
    notes = shown.make_notes(result.left_out, methodology)
    print_words(
        f"Where the variance comes from ({result.n} centres in {result.n_regions} regions, "
        f"{result.n_dropped} dropped; {result.level:.0%} intervals)"
    )
    centres = result.frame[result.frame["level_of"] == "centre"]
    moments = key_rows(centres, "subject", "statistic")
    check = key_rows(result.check, "statistic")
    rows = [
        [
            text,
            _write_variance(moments.get(("all", name)), name, notes),
            "" if name == "sampling_error" else _write_variance(check.get((name,)), name, notes),
        ]
        for name, text in COMPONENTS.items()
    ]
    print_table(["component, all groups", "moments", "mixed model"], rows, keys=1)
    print_words(LEGEND_OF_VARIANCE)
    _tell_shares(moments, shown, notes)
    notes.tell()
    print_words(LIMITS_OF_VARIANCE)
    return len(result.frame) > 0


def _write_variance(row: Any, name: str, notes: Footnotes) -> str:
    text = notes.write(row, "", name, "check", form="z.1f")
    return f"{text} {notes.mark(BELOW_ZERO)}" if row is not None and row.estimate < 0 else text


def _tell_shares(moments: dict[tuple[Any, ...], Any], shown: Shown, notes: Footnotes) -> None:
    """Print how much of each source the other confirms; sampling error is taken out before."""
    rows = []
    for subject in shown.subjects:
        key = "all" if subject == INDEX else subject
        title = "all groups" if subject == INDEX else subject
        for side in SIDES:
            names = [f"{part}_{side}" for part in SHARES]
            cells = [
                notes.write(moments.get((key, name)), "", name, about=key, form="z.2f")
                for name in names
            ]
            rows.append([title, side, *cells])
    print_table(["share of variance of", "", *SHARES.values()], rows, keys=2)


def tell_model(result: MethodModel, shown: Shown, methodology: Methodology) -> bool:
    """Print in a few lines what the model with a method factor says; return whether it has any."""
    notes = shown.make_notes(result.left_out.head(0), methodology)
    fit = dict(zip(result.fit["statistic"], result.fit["estimate"], strict=True))
    shares = key_rows(result.shares, "subject", "side", "statistic")
    subject = "all" if shown.leading == INDEX else shown.leading
    measures = ", ".join(
        f"{name.upper()} {fit[name]:.3f}" for name in ("cfi", "rmsea", "srmr") if name in fit
    )
    parts = [
        f"{side}: {what} {notes.write(row, '', name, form='z.2f')}"
        for side in SIDES
        for name, what in (("consistency", "trait"), ("method_specificity", "method"))
        if (row := shares.get((subject, side, name))) is not None
    ]
    print_words(
        f"Model of traits with a method factor of the checklist, CT-C(M-1) ({result.n} centres): "
        f"{'; '.join([measures, *parts])}."
    )
    if result.improper:
        print_words(
            "Its solution is not admissible, with negative residual variances of "
            f"{', '.join(result.improper.split())}; take it for a rough guide only."
        )
    notes.tell()
    print_words(LIMITS_OF_MODEL)
    return len(result.shares) > 0
