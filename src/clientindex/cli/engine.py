"""Options of how single answers are read: kept in memory, counted here, counted by a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.options import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.pipeline.counting import EngineChoice

_OPTIONS = (
    click.option(
        "--engine",
        type=click.Choice(["memory", "stream", "spark"]),
        default=None,
        help="How single answers are read: kept in memory; counted piece by piece here; counted by "
        "Spark. As the edition says unless given.",
    ),
    click.option(
        "--master",
        default="",
        metavar="URL",
        help="Cluster of --engine spark, such as local[2] or spark://host:7077; that of the "
        "machine's Spark settings unless given.",
    ),
    click.option(
        "--conf",
        multiple=True,
        metavar="KEY=VALUE",
        help="A setting of Spark; may be given several times.",
    ),
)


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options, which become the arguments ``engine``, ``master`` and ``conf``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def choose_engine(engine: str | None, master: str, conf: tuple[str, ...]) -> EngineChoice | None:
    """Return the engine that was asked for; None = as the edition says.

    Raises
    ------
    click.BadParameter
        If settings of Spark are given without it, or one is not ``key=value``.
    """
    from clientindex.pipeline.counting import EngineChoice

    if engine != "spark":
        for name, given in (("--master", master), ("--conf", conf)):
            if given:
                refuse("it is a setting of --engine spark; add that", option=name)
    if engine is None:
        return None
    pairs = [text.partition("=") for text in conf]
    wrong = [name for name, mark, _ in pairs if not (mark and name)]
    if wrong:
        refuse(f"read {wrong[0]!r}; allowed: key=value", option="--conf")
    settings = {name: value for name, _, value in pairs}
    chosen: Any = engine
    return EngineChoice(name=chosen, master=master, conf=settings)
