"""How the reliability of groups and centres is judged."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clientindex.settings import Settings

Share = Annotated[float, Field(gt=0, lt=1)]


class ReliabilitySettings(Settings):
    """Settings of the reliability analyses.

    `centre_levels` are the levels of reliability of a centre's mean for which the share of centres
    and the answers needed are told.
    """

    centre_levels: tuple[Share, ...] = Field(default=(0.6, 0.7, 0.8), min_length=1)
