"""Options that several commands have, and values that are keys: what arrived, what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from clientindex.settings.fault import find_nearest
from clientindex.threads import VARIABLE, use_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


languages_option = click.option(
    "--language",
    default="",
    metavar="LIST",
    help="Languages, for example ru,en; those of the edition unless given.",
)


def _bound_threads(context: click.Context, option: click.Parameter, value: int | None) -> None:
    del option
    context.with_resource(use_threads(value))


threads_option = click.option(
    "--threads",
    type=click.IntRange(min=1),
    envvar=VARIABLE,
    show_envvar=True,
    metavar="N",
    expose_value=False,
    callback=_bound_threads,
    help="Threads and processes that may work at once; as many as processors unless given. "
    "No result depends on it.",
)


def make_output_option(folder: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of the folder that files go to; by default one of the edition's."""
    return click.option(
        "--output",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help=f"Where to write; {folder}/ in the edition's output unless given.",
    )


def make_regions_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of regions by name, which may be given several times."""
    return click.option(
        "--region",
        multiple=True,
        metavar="NAME",
        help=f"Only {what}, named as in the register; may be given several times.",
    )


def require_known(value: str, allowed: Collection[str], *, option: str, what: str) -> None:
    """Refuse a value that is not one of those allowed.

    Raises
    ------
    click.BadParameter
        Wrong use; the message names the value, those allowed and the nearest of them.
    """
    if value in allowed:
        return
    nearest = find_nearest(value, allowed)
    hint = f"; did you mean {nearest!r}?" if nearest else ""
    refuse(
        f"read {value!r}, which is no {what}; allowed: {', '.join(allowed)}{hint}", option=option
    )


def refuse(message: str, *, option: str) -> NoReturn:
    """Say that an option is used wrongly.

    Raises
    ------
    click.BadParameter
        Always.
    """
    raise click.BadParameter(message, param_hint=option)
