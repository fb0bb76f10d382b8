"""The answers of an edition, counted, for the commands that analyse them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from clientindex.cli.plain_tables import print_words
from clientindex.counts import count_pairs
from clientindex.edition import load_edition
from clientindex.errors import StatisticsError
from clientindex.methodology import load_methodology
from clientindex.pipeline.data_check import check_data
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_unavailable

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from clientindex.counts import PairCounts
    from clientindex.edition import Edition
    from clientindex.intake import Responses
    from clientindex.methodology import Methodology
    from clientindex.results import Unavailable

FAULTY_DATA = 1
WRONG_USE = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Study:
    """What the analyses start from.

    Attributes
    ----------
    edition : Edition
    methodology : Methodology
    counts : PairCounts
    responses : Responses or None
        The single answers behind `counts`; None where they are counted and given up.
    no_answer : DataFrame
        Why answers are missing, as intake tells it.
    strata : dict
        Region of every centre.
    """

    edition: Edition
    methodology: Methodology
    counts: PairCounts
    responses: Responses | None
    no_answer: pd.DataFrame
    strata: dict[str, str]


def load_settings(path: Path) -> tuple[Edition, Methodology]:
    """Load an edition and its methodology."""
    edition = load_edition(path)
    return edition, load_methodology(edition.methodology)


def read_study(edition: Edition, methodology: Methodology, *, subject: str) -> Study:
    """Read and count the answers of an edition; print how many there are.

    Parameters
    ----------
    edition : Edition
    methodology : Methodology
    subject : str
        What is analysed, as the refusal of totals names it.

    Raises
    ------
    IntakeError
        If the data have faults.
    StatisticsError
        If the edition has totals only.
    """
    checked = check_data(edition, methodology)
    tables, counts = checked.require_tables(), checked.counts
    if tables.responses is not None:
        counts = count_pairs(tables.responses, methodology)
    if counts is None:
        msg = (
            f"{edition.id}: the edition has totals by centre and no answers of respondents; "
            f"{subject} needs the answers"
        )
        raise StatisticsError(msg)
    click.echo(
        f"{edition.id}: {int(counts.n.sum())} respondents, {counts.units['centre'].nunique()} "
        f"centres, {len(counts.indicators)} indicators in {len(methodology.groups)} groups"
    )
    register = tables.register
    return Study(
        edition=edition,
        methodology=methodology,
        counts=counts,
        responses=tables.responses,
        no_answer=tables.no_answer,
        strata=dict(zip(register["centre"], register["region"], strict=True)),
    )


def tell_unavailable(title: str, result: Unavailable, methodology: Methodology) -> None:
    """Print why a part is not available, in the words of the English catalogue."""
    print_words(f"{title}: {explain_unavailable(result, methodology, wording=load_wording('en'))}")
