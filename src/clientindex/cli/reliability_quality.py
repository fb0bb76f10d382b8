"""Quality of answers as tables that fit the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.footnotes import Footnotes, name_row
from clientindex.cli.plain_tables import (
    list_rows,
    print_table,
    print_words,
    write_interval,
    write_p,
)
from clientindex.cli.reliability_names import take_side
from clientindex.results import INDEX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.reliability_parts import Part
    from clientindex.methodology import Methodology
    from clientindex.results import AnswerQuality

ANY = "any"
MOST_CENTRES = 20
"""Flagged centres printed; the full list is in the files of --csv."""

NOBODY = "nobody is flagged, so nobody is in any resample: an interval is no upper limit"
EFFECTS_ELSEWHERE = (
    "Alpha and the index without them are computed for everybody and for segments only"
)
NOTHING_CHANGES = "Alpha and the index without them: nothing changes, no rule flags anybody"

CONDITIONS = {
    "straight_lining": "the same option to all of at least {limit} indicators",
    "longest_run": "the same option to {limit} of the answers or more, one after another",
    "speeding": "less than {limit} seconds for an indicator answered",
    "outlier": "Mahalanobis distance beyond the quantile {limit} of chi-square",
    "duplicates": "at least {limit} equal answers to everything in one centre and {unit}",
    "person_total": "correlation with the mean answers below {limit}",
}


def tell_quality(result: AnswerQuality, part: Part, methodology: Methodology) -> bool:
    """Print shares by rule, centres that stand out, and what changes; return whether any apply."""
    shares = part.of(result.shares)
    notes = Footnotes(_choose_gaps(result, part), methodology)
    print_words(
        f"Quality of answers ({result.level:.0%} intervals over centres). A rule says that answers "
        "are suspicious, not that they are false; nobody is removed from any other number"
    )
    for row in list_rows(result.rules):
        unit = "day" if result.by_day else "period"
        click.echo(
            f"  {row.rule}: {CONDITIONS[row.rule].format(limit=f'{row.limit:g}', unit=unit)}"
        )
    if result.rules.empty and result.left_out.empty:
        click.echo("The methodology switches all rules off")
    if len(shares):
        centres = _choose_centres(result.centres, part)
        _tell_shares(shares, centres, notes)
        _tell_flagged(centres, part, result.false_discovery_rate)
        if part.kind in {"region", "period"}:
            click.echo(EFFECTS_ELSEWHERE)
        elif not shares["n_flagged"].any():
            click.echo(NOTHING_CHANGES)
        else:
            _tell_effects(part.of(result.effects), notes)
    notes.tell()
    return bool(len(shares))


def _choose_gaps(result: AnswerQuality, part: Part) -> pd.DataFrame:
    """Return what is not defined in a part, and rules that were not applied to anybody.

    Alpha lacks the same whoever is taken away, so it does not name the rule.
    """
    gaps = result.left_out
    own = (gaps["kind"] == part.kind) & (gaps["part"] == part.key)
    chosen = gaps[own | ~gaps["rule"].isin([*result.rules["rule"], ANY])]
    statistic = chosen["statistic"].where(chosen["statistic"] != "", chosen["rule"])
    return chosen.assign(statistic=statistic).drop_duplicates(
        ["group", "statistic", "reason", "detail"]
    )


def _choose_centres(centres: pd.DataFrame, part: Part) -> pd.DataFrame | None:
    """Return the centres of a part; none where a centre is in several parts."""
    if part.kind == "region":
        return centres[centres["region"] == part.key]
    return centres if part.kind == "all" else None


def _tell_shares(shares: pd.DataFrame, centres: pd.DataFrame | None, notes: Footnotes) -> None:
    rows = []
    for row in list_rows(shares):
        share = notes.write(row, "", row.rule, form=".2%")
        if row.n_flagged == 0:
            share += f" {notes.mark(NOBODY)}"
        cells = [row.rule, f"{row.n_flagged}", f"{row.n}", share]
        if centres is not None:
            own = centres[centres["rule"] == row.rule]
            cells.append(f"{int(own['flagged'].sum())} of {len(own)}")
        rows.append(cells)
    titles = ["rule", "flagged", "of", "share"]
    print_table(titles if centres is None else [*titles, "centres that stand out"], rows, keys=1)


def _tell_flagged(centres: pd.DataFrame | None, part: Part, rate: float) -> None:
    """Print the centres with more suspicious answers than the others."""
    how = f"Fisher's exact test against all other centres, false discovery rate {rate:.0%} by rule"
    if centres is None:
        click.echo(f"Centres are judged on all their answers, not on those of one {part.kind}")
        return
    flagged = centres[centres["flagged"]].sort_values(["q_value", "centre"], kind="stable")
    if flagged.empty:
        print_words(f"No centre stands out ({how})")
        return
    click.echo("")
    print_words(f"Centres that stand out ({how}); a reason to look, not a finding")
    rows = [
        [
            row.rule,
            row.centre,
            row.region,
            f"{row.n_flagged} of {row.n}",
            f"{row.estimate:.1%} {write_interval(row.ci_low, row.ci_high, form='.1%')}",
            write_p(row.q_value),
        ]
        for row in list_rows(flagged.head(MOST_CENTRES))
    ]
    print_table(["rule", "centre", "region", "flagged", "share", "q"], rows, keys=2)
    if len(flagged) > MOST_CENTRES:
        click.echo(f"... and {len(flagged) - MOST_CENTRES} more in the files of --csv")


def _tell_effects(effects: pd.DataFrame, notes: Footnotes) -> None:
    """Print alpha and the index without those whom a rule flags."""
    click.echo("\nAlpha and the mean index of centres (points) without suspicious answers")
    shown = effects[(effects["group"] == INDEX) | (effects["rule"] == ANY)]
    print_table(
        ["rule", "removed", "of", "before", "after", "change"],
        [_write_effect(row, notes) for row in list_rows(shown)],
        keys=3,
    )


def _write_effect(row: Any, notes: Footnotes) -> list[str]:
    of_alpha = row.statistic == "alpha"
    plain, signed = (".3f", "+z.4f") if of_alpha else (".2f", "+z.2f")
    sides = [take_side(row, side) for side in ("before", "after")]
    return [
        row.rule,
        f"{row.n_removed}",
        f"alpha, {name_row(row.group)}" if of_alpha else "index",
        *(notes.write(side, row.group, row.statistic, form=plain) for side in sides),
        notes.write(row, row.group, row.statistic, form=signed),
    ]
