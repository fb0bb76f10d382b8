"""Regions and centres that are not there: refused with the nearest names."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from clientindex.cli.options import refuse, require_known

if TYPE_CHECKING:
    import pandas as pd

MOST_NEAREST = 5


def require_region(region: str, register: pd.DataFrame) -> None:
    """Refuse a region that no centre of the register is in.

    Raises
    ------
    click.BadParameter
        The message names the regions, and the nearest of them.
    """
    regions = sorted(register["region"].unique())
    require_known(region, regions, option="--region", what="region of the register")


def require_centre(centre: str, register: pd.DataFrame) -> None:
    """Refuse a centre that is not in the register.

    Raises
    ------
    click.BadParameter
        The message names the centres nearest in spelling of the identifier or by their name.
    """
    names = dict(zip(register["centre"], register["name"], strict=True))
    if centre in names:
        return
    nearest = _find_nearest(centre, names)
    listed = ", ".join(f"{key} ({names[key]})" for key in nearest)
    hint = f"; nearest: {listed}" if nearest else ""
    refuse(
        f"read {centre!r}, which is no identifier of a centre; the register has {len(names)}{hint}",
        option="--centre",
    )


def _find_nearest(text: str, names: dict[str, str]) -> list[str]:
    """Return identifiers of centres with the text in the name, then the nearest identifiers."""
    lower = text.lower()
    by_name = [key for key, name in names.items() if lower and lower in name.lower()]
    by_key = difflib.get_close_matches(text, list(names), n=MOST_NEAREST, cutoff=0.6)
    return list(dict.fromkeys([*by_name, *by_key]))[:MOST_NEAREST]
