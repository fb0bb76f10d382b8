"""The command ``clientindex factors``: the structure of the indicators in a few screens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors

if TYPE_CHECKING:
    from clientindex.factors.confirmatory import Estimator

ESTIMATORS = ("wlsmv", "uls", "mlr", "ml")

HELP = """Analyse the structure of the indicators.

    Prints whether the indicators suit factoring, how many factors the rules find, which indicators
    load where they should, and how well one factor, correlated groups, a second-order and a
    bifactor model fit. Reads the answers; writes nothing.

    With --model fits a model of one's own instead, written in the language of lavaan:

    \b
      service =~ competence + communication + respect
      place   =~ location + premises + navigation
      service ~~ place          # a covariance; 0*place fixes it to 0
      premises ~~ navigation    # residuals that go together

    Before a name may stand a number (fixed), NA (free), a label (the same label means equal) or
    start(0.7), each with * after it. The first loading of a factor is 1.
    """


@click.command("factors", help=HELP)
@edition_argument
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Text file (UTF-8) with a model of one's own.",
)
@click.option(
    "--estimator",
    "estimators",
    type=click.Choice(ESTIMATORS),
    multiple=True,
    help="In place of the methodology's; may be given several times. "
    "wlsmv and uls take answers as ordinal, mlr and ml as numbers; ml ignores centres.",
)
@tell_errors
def factors(edition: str, *, model: Path | None, estimators: tuple[Estimator, ...]) -> None:
    """Analyse the structure of the indicators."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    with threadpool_limits(limits=1):
        if model is None:
            from clientindex.cli.factor_structure import run_structure

            code = run_structure(path, estimators=estimators)
        else:
            from clientindex.cli.factor_model import run_model

            code = run_model(path, model, estimators=estimators)
    if code:
        sys.exit(code)
