"""Centres whose true index is known, and what is told of them."""

from rated_centres.population import Population, draw_survey
from rated_centres.told import examine_survey

__all__ = ["Population", "draw_survey", "examine_survey"]
