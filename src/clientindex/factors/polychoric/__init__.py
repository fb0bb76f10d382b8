"""Polychoric and polyserial correlations from counts: estimates, influence of centres."""

from clientindex.factors.polychoric.estimate import PolychoricEstimate, estimate_polychoric
from clientindex.factors.polychoric.polyserial import estimate_polyserial
from clientindex.factors.polychoric.table import tabulate_polychoric
from clientindex.factors.polychoric.tables import AnswerTables, compute_cuts, read_tables
from clientindex.factors.polychoric.two_step import solve_two_step

__all__ = [
    "AnswerTables",
    "PolychoricEstimate",
    "compute_cuts",
    "estimate_polychoric",
    "estimate_polyserial",
    "read_tables",
    "solve_two_step",
    "tabulate_polychoric",
]
