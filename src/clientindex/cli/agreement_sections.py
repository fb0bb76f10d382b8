"""``clientindex agreement``: survey against checklist in a few tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import click

from clientindex.cli.agreement_compared import tell_comparison, tell_sides
from clientindex.cli.agreement_decision import tell_decisions
from clientindex.cli.agreement_files import write_audit_list
from clientindex.cli.agreement_inflation import tell_inflation
from clientindex.cli.agreement_lines import tell_lines
from clientindex.cli.agreement_multitrait import tell_model, tell_multitrait, tell_variance
from clientindex.cli.agreement_names import choose_shown
from clientindex.cli.agreement_region import tell_region
from clientindex.cli.agreement_study import compare, read_pairs
from clientindex.cli.agreement_subjects import tell_stars, tell_subjects
from clientindex.cli.csv_frames import make_folder, write_results
from clientindex.cli.options import refuse, require_known
from clientindex.cli.study import FAULTY_DATA, load_settings, tell_unavailable
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.agreement.assessment import AgreementAssessment
    from clientindex.cli.agreement_names import Shown
    from clientindex.edition import Edition
    from clientindex.methodology import Methodology

Result = TypeVar("Result")

TITLE = "Survey against checklist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: a part of the results, and folders for files."""

    group: str | None
    region: str | None
    csv: Path | None
    audit: Path | None


def run_agreement(path: Path, asked: Asked) -> int:
    """Print survey against checklist and return the exit code.

    What is not defined is said in notes; faulty data (1) when nothing is although there are
    checklists. An edition without checklists is said to be so (0).

    Raises
    ------
    click.BadParameter
        If the group or region that was asked for is not there.
    EditionError
        If a folder for files cannot be written.
    """
    edition, methodology = load_settings(path)
    _check(asked, methodology)
    pairs = read_pairs(edition, methodology)
    if asked.region is not None:
        require_known(asked.region, pairs.regions, option="--region", what="region of the register")
    found = compare(pairs)
    if pairs.sources is None:
        click.echo("")
        _tell_absent(found, methodology)
        told = [True]
    elif asked.region is not None:
        told = [tell_region(found, asked.region, methodology)]
    else:
        told = _tell(found, choose_shown(asked.group, methodology), methodology)
    _write_files(found, asked, edition, methodology)
    return 0 if any(told) else FAULTY_DATA


def _check(asked: Asked, methodology: Methodology) -> None:
    """Refuse what is wrong before anything is read."""
    if asked.group is not None and asked.region is not None:
        refuse("--group and --region exclude each other; ask for one at a time", option="--region")
    if asked.group is not None:
        require_known(asked.group, methodology.group_keys, option="--group", what="group")
    for folder in (asked.csv, asked.audit):
        if folder is not None:
            make_folder(folder)


def _tell_absent(found: AgreementAssessment, methodology: Methodology) -> None:
    if isinstance(found.agreement, Unavailable):
        tell_unavailable(TITLE, found.agreement, methodology)


def _tell(found: AgreementAssessment, shown: Shown, methodology: Methodology) -> list[bool]:
    """Print all sections; return which of them have results."""

    def tell(
        title: str,
        result: Result | Unavailable,
        write: Callable[[Result, Shown, Methodology], bool],
    ) -> bool:
        click.echo("")
        if isinstance(result, Unavailable):
            tell_unavailable(title, result, methodology)
            return False
        return write(result, shown, methodology)

    return [
        tell("Who is compared", found.comparability, tell_comparison),
        tell("Reliability of each source", found.side_reliability, tell_sides),
        tell("Same group by survey and checklist", found.multitrait, tell_multitrait),
        tell("Where the variance comes from", found.method_variance, tell_variance),
        tell("Model with a method factor", found.method_model, tell_model),
        tell("Agreement by subject", found.agreement, tell_subjects),
        tell("Stars by survey and by checklist", found.category_agreement, tell_stars),
        tell("Lines between the sources", found.structural, tell_lines),
        tell("Gaps that stand out", found.inflation, tell_inflation),
        tell("The rule and its effect on stars", found.audit, tell_decisions),
    ]


def _write_files(
    found: AgreementAssessment, asked: Asked, edition: Edition, methodology: Methodology
) -> None:
    if asked.csv is not None:
        n_files = write_results(found.results(), asked.csv)
        click.echo(f"\n{n_files} CSV files of all results in {asked.csv}")
    if asked.audit is not None:
        n_rows = write_audit_list(
            found.audit, asked.audit, edition=edition, methodology=methodology
        )
        listed = f"{n_rows} centres" if n_rows else "nobody is on it, so it has no rows"
        click.echo(f"\nAudit list ({listed}): audit_list.ru|en.csv and .xlsx in {asked.audit}")
