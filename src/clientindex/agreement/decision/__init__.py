"""The decision rule: composite by precision, star, whether provisional, and whom to audit."""

from clientindex.agreement.decision.composite import Composite, blend
from clientindex.agreement.decision.lot import count_by_lot, draw_lot
from clientindex.agreement.decision.room import decide
from clientindex.agreement.decision.rule import choose_decisions, choose_stars

__all__ = [
    "Composite",
    "blend",
    "choose_decisions",
    "choose_stars",
    "count_by_lot",
    "decide",
    "draw_lot",
]
