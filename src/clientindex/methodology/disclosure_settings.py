"""How few people a published number may speak of."""

from __future__ import annotations

from pydantic import Field

from clientindex.settings import Settings

FEWEST = 5
"""Where a methodology says nothing."""


class DisclosureSettings(Settings):
    """The rule for cells that count few people.

    `fewest`: a count of respondents or answers from 1 to one less than this is not published, nor
    what rests on those people; 1 publishes every count. `source`: where the threshold is from.
    """

    fewest: int = Field(default=FEWEST, ge=1)
    source: str = Field(
        default="Hundepool A. et al. Handbook on Statistical Disclosure Control, 2nd ed., 2024,"
        " chapter 5: minimum frequency rule",
        min_length=1,
    )
