"""The current edition against the previous one.

`parts` holds functions of arrays; the other modules put the editions side by side (`editions`,
`method`, `rescoring`) and tell what changed (`centres`, `stars`, `summary`, `room`).
"""

from clientindex.rating.change.editions import PublishedEdition
from clientindex.rating.change.room import compare_editions

__all__ = ["PublishedEdition", "compare_editions"]
