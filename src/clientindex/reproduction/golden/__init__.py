"""Golden results: what the tables of an edition hold, kept where a reviewer reads every change."""

from clientindex.reproduction.golden.compare import compare_with_golden
from clientindex.reproduction.golden.condensed import GoldenTable, condense
from clientindex.reproduction.golden.stored import load_golden, render_golden
from clientindex.reproduction.golden.tolerances import Tolerances, load_tolerances

__all__ = [
    "GoldenTable",
    "Tolerances",
    "compare_with_golden",
    "condense",
    "load_golden",
    "load_tolerances",
    "render_golden",
]
