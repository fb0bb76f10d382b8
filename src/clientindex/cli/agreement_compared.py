"""Who is compared, and how reliable both sources are, as tables that fit the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.agreement_names import name_subject
from clientindex.cli.plain_tables import print_table, print_words, write_interval
from clientindex.cli.reliability_names import key_rows
from clientindex.results import INDEX

if TYPE_CHECKING:
    from clientindex.cli.agreement_names import Shown
    from clientindex.cli.footnotes import Footnotes
    from clientindex.methodology import Methodology
    from clientindex.results import SideReliability, SourceComparison

REASONS = {
    "survey_only": "no checklist",
    "checklist_only": "no answers of visitors",
    "other_period": "checklist of another period only",
    "not_applicable": "all items of the checklist not applicable",
    "incomplete": "one source only in some groups, compared in the others",
}
NEITHER = "neither answers nor a checklist"

SCALES = {
    "common": "The methodology declares the scales common; checklists are also linked to the "
    "survey's scale by {link}.",
    "linked": "Checklists are put on the survey's scale by {link}, which removes any bias.",
}
LINKS = {"mean_sigma": "mean and standard deviation", "equipercentile": "equal percentiles"}

LIMITS_OF_COMPARISON = (
    "Shows whom the numbers below speak of, and where a scale has ended. Cannot tell anything of "
    "centres that are not compared, nor test whether a point of one source is worth a point of the "
    "other."
)
LEGEND_OF_SIDES = (
    "Reliability of the survey: mean over centres of the share of true differences in the "
    "differences of scores. Provisional: centres below {below:g}. Of checklists, from second "
    "visits: reliability is one less the error variance over the variance of checklists; error in "
    "points, of one checklist; second less first in points."
)
LIMITS_OF_SIDES = (
    "Shows how far each source repeats itself. Cannot show that it is true: the same inflation "
    "repeats itself at the second visit."
)

SHARES = {
    ("survey", "ceiling"): "highest score: survey",
    ("checklist", "ceiling"): "highest score: checklist",
}
STATISTICS_OF_SIDES = {
    ("survey", "mean_reliability"): ("survey: reliability", "z.2f"),
    ("survey", "share_provisional"): ("survey: provisional", ".1%"),
    ("checklist", "reliability"): ("checklist: reliability", "z.2f"),
    ("checklist", "icc_a1"): ("checklist: ICC(A,1)", "z.2f"),
    ("checklist", "error_sd"): ("checklist: error", "z.1f"),
    ("checklist", "bias"): ("second less first", "+z.1f"),
}


def tell_comparison(result: SourceComparison, shown: Shown, methodology: Methodology) -> bool:
    """Print who is compared and who is not; return whether anybody is."""
    notes = shown.make_notes(result.left_out, methodology)
    print_words(
        f"Who is compared ({result.n} centres in the register, {result.n_shared} with both sources "
        f"in some group)"
    )
    _tell_reasons(result)
    print_words(SCALES[result.scales].format(link=LINKS[result.linking]))
    _tell_scales(result, shown, notes)
    notes.tell()
    print_words(LIMITS_OF_COMPARISON)
    return result.n_shared > 0


def _tell_reasons(result: SourceComparison) -> None:
    counts = result.centres["reason"].value_counts().to_dict()
    apart = sum(n for reason, n in counts.items() if reason != "incomplete")
    told = {text: counts.get(reason, 0) for reason, text in REASONS.items()}
    told[NEITHER] = result.n - result.n_shared - apart
    rows = [[text, f"{n}"] for text, n in told.items() if n]
    if rows:
        print_table(["not compared, or not wholly", "centres"], rows, keys=1)
    else:
        click.echo("Every centre is compared in all groups")


def _tell_scales(result: SourceComparison, shown: Shown, notes: Footnotes) -> None:
    """Print ends of the scales and the slope of the link, then checklists answered alike."""
    shares = key_rows(result.shares, "subject", "side", "statistic")
    slopes = key_rows(result.links[result.links["statistic"] == "slope"], "subject", "link")
    rows = [
        [
            name_subject(key),
            *(_write_share(shares.get((key, *of)), key, "_".join(of), notes) for of in SHARES),
            notes.write(slopes.get((key, "mean_sigma")), key, "mean_sigma", "link", form="z.2f"),
        ]
        for key in shown.subjects
    ]
    print_table(["subject", *SHARES.values(), "slope of the linear link"], rows, keys=1)
    alike, highest = (
        shares.get(("all", "checklist", name))
        for name in ("straight_lined", "straight_lined_highest")
    )
    if alike is not None and highest is not None:
        print_words(
            f"Checklists with all items answered alike: {_write_percents(alike)} of "
            f"{alike.n:.0f}, with the highest answers {_write_percents(highest)}."
        )


def _write_share(row: Any, key: str, name: str, notes: Footnotes) -> str:
    """Write a share; ends of scales are not told of the index."""
    if row is None and key == INDEX:
        return ""
    return notes.write(row, key, name, form=".1%")


def _write_percents(row: Any) -> str:
    return f"{row.estimate:.1%} {write_interval(row.ci_low, row.ci_high, form='.1%')}".rstrip()


def tell_sides(result: SideReliability, shown: Shown, methodology: Methodology) -> bool:
    """Print the reliability of both sources; return whether any is known."""
    notes = shown.make_notes(result.left_out, methodology)
    print_words(
        f"Reliability of each source ({result.level:.0%} intervals; checklists seen twice: "
        f"{result.n_twice} centres)"
    )
    found = key_rows(result.frame, "subject", "side", "statistic")
    columns = {
        of: told
        for of, told in STATISTICS_OF_SIDES.items()
        if of[0] == "survey" or result.n_twice > 0
    }
    rows = [
        [
            name_subject(key),
            *(
                notes.write(found.get((key, side, name)), key, name, side, form=form)
                for (side, name), (_, form) in columns.items()
            ),
        ]
        for key in shown.subjects
    ]
    print_table(["subject", *(title for title, _ in columns.values())], rows, keys=1)
    print_words(LEGEND_OF_SIDES.format(below=result.provisional_below))
    notes.tell()
    print_words(LIMITS_OF_SIDES)
    return len(result.frame) > 0
