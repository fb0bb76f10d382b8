"""What the benchmarks share: answers of respondents in centres, clocks, and peers beside ours."""

from side_by_side.answers import (
    N_CENTRES,
    draw_answers,
    list_regions,
    make_methodology,
    make_responses,
)
from side_by_side.apart import read_peak_gb, run_apart
from side_by_side.clocks import report, report_peer, take_best, timed
from side_by_side.peers import TIME_LIMIT, agree, run_peer

__all__ = [
    "N_CENTRES",
    "TIME_LIMIT",
    "agree",
    "draw_answers",
    "list_regions",
    "make_methodology",
    "make_responses",
    "read_peak_gb",
    "report",
    "report_peer",
    "run_apart",
    "run_peer",
    "take_best",
    "timed",
]
