"""What is not defined of changed sets of indicators, told once for each reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection


class Gaps:
    """What is not defined in a part of the data, and the indicators behind it."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, str, str], dict[str, None]] = {}

    def add(self, group: str, statistic: str, reason: str, indicators: Collection[str]) -> None:
        """Note a reason; the same one of several indicators is told once."""
        names = self._named.setdefault((group, statistic, reason), {})
        names.update(dict.fromkeys(indicators))

    def list_rows(self) -> list[dict[str, Any]]:
        """Return a row for every reason."""
        return [
            {"group": group, "statistic": statistic, "reason": reason, "detail": ", ".join(names)}
            for (group, statistic, reason), names in self._named.items()
        ]
