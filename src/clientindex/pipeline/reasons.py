"""Reasons why a stage cannot speak of the data of an edition."""

TOTALS_ONLY = "totals_only"
"""Single answers are needed, and only totals were delivered."""

NO_SURVEY = "no_survey"
"""Answers are needed, and the edition has measures only."""
