"""What the register says of every centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientindex.intake import IntakeTables


def list_regions(tables: IntakeTables) -> dict[str, str]:
    """Return the region of every centre."""
    return dict(zip(tables.register["centre"], tables.register["region"], strict=True))


def list_visitors(tables: IntakeTables) -> dict[str, float]:
    """Return the number of visitors of the centres where the register knows it."""
    known = tables.register.dropna(subset=["visitors"])
    return dict(zip(known["centre"], known["visitors"], strict=True))
