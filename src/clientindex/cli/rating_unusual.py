"""Over-dispersion of the funnels, and the centres and regions that stand out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.cli.plain_tables import list_rows, print_table, print_words, write_p
from clientindex.cli.rating_names import FIRST, shorten, write_number, write_q
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.results import RegionalProfile, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

UNITS = {"centre": "centres", "region": "regions"}
MODELS = ("additive", "multiplicative")
TITLES = ["index", "error", "z", "z additive", "q additive", "z multiplicative", "q multiplicative"]
LEGEND = (
    "Phi: how much larger squared z are than sampling alone makes them (z winsorised at "
    "{winsorised:.0%} of each end, made 1 without over-dispersion). Scale: by which the "
    "multiplicative model widens limits; tau: spread in points that the additive model adds. p: of "
    "no over-dispersion. q: Benjamini and Hochberg; flagged at a false discovery rate of {fdr:.0%}."
)
LEGEND_OF_Z = (
    "Error: standard error. z: distance from the target in these errors; z additive, z "
    "multiplicative: the same with the ordinary spread of centres added to the variance, or errors "
    "widened by it. q: of each; high, low: flagged."
)
LIMITS = (
    "Shows who is further from an ordinary {unit} than the spread of all. Cannot show why; with "
    "over-dispersion the plain z flags nearly everybody of many respondents, so it decides nothing."
)


def tell_unusual(rated: Rated) -> bool:
    """Print over-dispersion and unusual units; return whether a funnel is defined."""
    result = rated.take("regional", RegionalProfile)
    if isinstance(result, Unavailable):
        tell_absent("Unusual centres and regions", result, rated.methodology)
        return False
    print_words("Unusual centres and regions")
    if len(result.dispersion):
        rows = [_write_dispersion(row) for row in list_rows(result.dispersion)]
        titles = ["funnel of", "n", "target", "phi", "scale", "tau", "p"]
        titles += [f"{model}: high, low" for model in MODELS]
        print_table(titles, rows, keys=1)
        print_words(LEGEND.format(winsorised=result.winsorised, fdr=result.fdr))
    _tell_units(result.centres, unit="centre", result=result)
    _tell_units(result.regions, unit="region", result=result)
    absent = result.left_out[result.left_out["statistic"] == "funnel"]
    tell_left_out(absent, rated.methodology, "subject", "statistic")
    print_words(LIMITS.format(unit="centre or region"))
    return len(result.dispersion) > 0


def _write_dispersion(row: Any) -> list[str]:
    return [
        UNITS[row.unit],
        f"{row.n}",
        write_number(row.target),
        write_number(row.phi, "z.2f"),
        write_number(row.scale, "z.2f"),
        write_number(row.tau, "z.2f"),
        write_p(row.p_value),
        *(f"{getattr(row, f'high_{model}')}, {getattr(row, f'low_{model}')}" for model in MODELS),
    ]


def _tell_units(frame: pd.DataFrame, *, unit: str, result: RegionalProfile) -> None:
    """Print who is flagged by either model, the additive first."""
    if frame.empty:
        return
    flagged = (frame[[f"flagged_{model}" for model in MODELS]] != "").any(axis=1)
    told = frame[flagged]
    if told.empty:
        print_words(
            f"No {unit} stands out at a false discovery rate of {result.fdr:.0%} (of {len(frame)})."
        )
        return
    most = pd.concat([told.head(FIRST), told.iloc[FIRST:].tail(FIRST)])
    print_words(
        f"Stand out by either model: {len(told)} of {len(frame)} {UNITS[unit]}"
        + (f", the {len(most)} furthest:" if len(most) < len(told) else ":")
    )
    print_table([unit, *TITLES], [_write_unit(row, unit) for row in list_rows(most)], keys=1)
    print_words(LEGEND_OF_Z)


def _write_unit(row: Any, unit: str) -> list[str]:
    name = row.region if unit == "region" else f"{row.centre} {shorten(row.name)}"
    return [name, *write_funnel(row)]


def write_funnel(row: Any) -> list[str]:
    """Write where a centre or region stands in its funnel, in the order of :data:`TITLES`."""
    cells = [write_number(row.estimate), write_number(row.error, "z.2f")]
    cells.append(write_number(row.z, "+z.2f"))
    for model in MODELS:
        flag = getattr(row, f"flagged_{model}")
        cells.append(write_number(getattr(row, f"z_{model}"), "+z.2f"))
        cells.append(f"{write_q(getattr(row, f'q_{model}'))} {flag}".rstrip())
    return cells
