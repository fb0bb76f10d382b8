"""``clientindex agreement --region``: gap, z and decision of every centre of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from clientindex.cli.agreement_inflation import LEGEND_OF_REGIONS, tell_regions
from clientindex.cli.agreement_names import ROOM, shorten, write_number
from clientindex.cli.footnotes import ABSENT, Footnotes, say_reason
from clientindex.cli.plain_tables import list_rows, print_table, print_words, write_p
from clientindex.cli.study import tell_unavailable
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from clientindex.agreement.assessment import AgreementAssessment
    from clientindex.methodology import Methodology
    from clientindex.results import AuditDecisions, ChecklistInflation

DECISIONS = {
    "blended": "combined",
    "capped": "capped",
    "checklist_dropped": "dropped",
    "survey_only": "survey alone",
    "withheld": "no star",
}
AUDITS = {"gap": "audit for the gap", "random": "audit by lot"}
SIGNS = {
    "at_ceiling": "all indicators at the highest score",
    "no_spread": "all indicators with one score",
    "unverifiable_flagged": "gap in what cannot be verified",
}
LEGEND = (
    "Gap: checklist less survey, in points; z: gap less the effect of the region, over the spread "
    "of honest gaps with sampling error; q: of all centres together. Stars: by the survey, then as "
    "decided; with * provisional. Decision: sources combined, star capped at the survey's, "
    "checklist dropped, or survey alone."
)
LIMITS = (
    "Shows which centres of the region differ from the others of it. Cannot prove inflation by any "
    "gap; what the whole region shares shows in its effect only."
)


def tell_region(found: AgreementAssessment, region: str, methodology: Methodology) -> bool:
    """Print one region; return whether anything of it is known."""
    click.echo(f"Region: {region}\n")
    if isinstance(found.inflation, Unavailable):
        tell_unavailable("Effect of the region", found.inflation, methodology)
    else:
        _tell_effect(found.inflation, region)
    click.echo("")
    if isinstance(found.audit, Unavailable):
        tell_unavailable("Centres", found.audit, methodology)
        return False
    _tell_centres(found.audit, region, methodology)
    return True


def _tell_effect(result: ChecklistInflation, region: str) -> None:
    own = result.regions[result.regions["region"] == region]
    if own.empty:
        click.echo("The region has no effect of its own: none of its centres has a gap")
        return
    click.echo(f"Effect of the region ({result.level:.0%} interval)")
    tell_regions(own)
    print_words(LEGEND_OF_REGIONS)


def _tell_centres(result: AuditDecisions, region: str, methodology: Methodology) -> None:
    own = result.centres[result.centres["region"] == region]
    ordered = own.sort_values(["z", "centre"], ascending=[False, True], kind="stable")
    notes = Footnotes(
        pd.DataFrame(columns=["statistic", "reason", "detail"]), methodology, room=ROOM
    )
    click.echo(f"Its {len(own)} centres, largest z first")
    rows = [_write_centre(row, notes, methodology) for row in list_rows(ordered)]
    titles = ["centre", "survey", "checklist", "gap", "z", "q", "stars", "decision"]
    print_table(titles, rows, keys=1)
    _tell_remarks(ordered)
    print_words(LEGEND)
    notes.tell()
    print_words(LIMITS)


def _write_centre(row: Any, notes: Footnotes, methodology: Methodology) -> list[str]:
    decision = DECISIONS[row.decision]
    if row.reason:
        decision += f" {notes.mark(say_reason(row.reason, '', methodology, room=ROOM))}"
    return [
        row.centre,
        write_number(row.survey),
        write_number(row.checklist),
        write_number(row.gap, "+z.1f"),
        write_number(row.z, "+z.2f"),
        ABSENT if pd.isna(row.q_value) else write_p(row.q_value),
        f"{write_number(row.star_survey, 'd')}, {write_number(row.star, 'd')}"
        + "*" * bool(row.provisional),
        decision,
    ]


def _tell_remarks(centres: pd.DataFrame) -> None:
    """Print audits and signs of the centres that have any, with their names."""
    for row in list_rows(centres):
        remarks = [AUDITS[row.audit]] if row.audit else []
        remarks += [text for name, text in SIGNS.items() if _is_true(row, name)]
        if remarks:
            print_words(f"  {row.centre}, {shorten(row.name)}: {'; '.join(remarks)}")


def _is_true(row: Any, name: str) -> bool:
    value = getattr(row, name)
    return not pd.isna(value) and bool(value)
