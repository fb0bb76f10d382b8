"""Benchmarks: each contender in a fresh process, its numbers compared, a page made of the rows."""

from frame.declared import FULL, QUICK, Area, Bound, Contender, Plan, Quantity, RPeer, Size
from frame.rows import AreaResults, Bounded, Measured, Row, read_results, write_results

__all__ = [
    "FULL",
    "QUICK",
    "Area",
    "AreaResults",
    "Bound",
    "Bounded",
    "Contender",
    "Measured",
    "Plan",
    "Quantity",
    "RPeer",
    "Row",
    "Size",
    "read_results",
    "write_results",
]
