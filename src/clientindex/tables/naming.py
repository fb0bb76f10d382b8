"""How a value of a frame is named in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

    Say = Callable[[Any, Methodology, Wording], str | None]


def say(prefix: str) -> Say:
    """Return what names a key by a text; an empty key has no name."""

    def name(key: Any, methodology: Methodology, wording: Wording) -> str | None:
        del methodology
        return wording.text(f"{prefix}.{key}") if key else None

    return name


def say_truth(value: Any, methodology: Methodology, wording: Wording) -> str | None:
    """Say yes or no; nothing where it is not known."""
    del methodology
    if pd.isna(value):
        return None
    return wording.text(f"yes_no.{'yes' if value else 'no'}")


def keep(key: Any, methodology: Methodology, wording: Wording) -> str | None:
    """Return a code or the name of a region or centre as it is; nothing where it is empty."""
    del methodology, wording
    return str(key) or None
