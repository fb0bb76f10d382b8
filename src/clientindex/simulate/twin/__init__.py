"""A synthetic twin of respondents: the same counts in every centre, and nobody's own answers."""

from __future__ import annotations

from clientindex.simulate.twin.closeness import (
    Closeness,
    summarise_closeness,
    tabulate_closeness,
)
from clientindex.simulate.twin.make import SurveyTwin, write_twin

__all__ = ["Closeness", "SurveyTwin", "summarise_closeness", "tabulate_closeness", "write_twin"]
