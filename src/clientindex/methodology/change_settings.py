"""How an edition is compared with the one before it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clientindex.settings import Settings


class ChangeSettings(Settings):
    """Changes from the previous edition.

    `fdr`: false discovery rate of the list of centres that went up or down.
    """

    fdr: Annotated[float, Field(gt=0, lt=1)] = 0.05
