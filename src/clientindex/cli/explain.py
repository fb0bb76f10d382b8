"""The command ``clientindex explain``: from a published part back to the raw files."""

from __future__ import annotations

import click

from clientindex.cli.common import find_edition, tell_errors

HELP = """Print the chain from a figure, a table or one of its cells back to the raw files.

    WHAT is a label such as fig-eigenvalues or tbl-stars, or a result such as result.scores. With
    --row and --column a cell of the table is traced: its meaning and unit, the rows of the results
    behind it and, for a centre, how its index is made up and which raw rows are its own.

    \b
      clientindex explain fig-scree
      clientindex explain tbl-regions --row "Pskov Oblast" --column mean_index
      clientindex explain tbl-stars --row R33-001 --column star --edition demo
    """


@click.command("explain", help=HELP)
@click.argument("what", metavar="WHAT")
@click.option(
    "--edition", default="demo", show_default=True, help="Edition whose results are there."
)
@click.option(
    "--row",
    default="",
    metavar="TEXT",
    help="Any text of the row, several of them ('a | b'), or a centre's id.",
)
@click.option("--column", default="", metavar="NAME", help="Key or heading of the column.")
@tell_errors
def explain(what: str, *, edition: str, row: str, column: str) -> None:
    """Print the chain, the published part first."""
    from clientindex.pipeline.explain import explain as trace

    for step in trace(find_edition(edition), what, row=row, column=column):
        click.echo(step.title)
        for line in step.lines:
            click.echo(f"  {line}")
