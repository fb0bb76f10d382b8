"""Options of the commands on the results of a rating."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FOLDER = click.Path(path_type=Path)


def result_options(
    parts: Sequence[str], *, what: str, centre: str, figures: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command --what, --region, --centre, --csv and --figures.

    Parameters
    ----------
    parts : sequence of str
        That --what may name.
    what, centre, figures : str
        Helps of these options.
    """
    options: tuple[tuple[str, dict[str, Any]], ...] = (
        (
            "--what",
            {
                "multiple": True,
                "type": click.Choice(parts),
                "metavar": "PART",
                "help": f"{what}; may be given several times. Parts: {', '.join(parts)}.",
            },
        ),
        ("--region", {"metavar": "NAME", "help": "Show the centres of this region instead."}),
        ("--centre", {"metavar": "ID", "help": centre}),
        (
            "--csv",
            {
                "type": FOLDER,
                "metavar": "FOLDER",
                "help": "Write every number of every result to this folder, as CSV in UTF-8.",
            },
        ),
        ("--figures", {"type": FOLDER, "metavar": "FOLDER", "help": figures}),
    )

    def add(command: Callable[..., None]) -> Callable[..., None]:
        for name, settings in reversed(options):
            command = click.option(name, **settings)(command)
        return command

    return add
