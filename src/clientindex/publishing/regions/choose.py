"""Which regions reports are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import RenderError
from clientindex.publishing.asked_for import require_known
from clientindex.results import Stars
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_absence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.results import Bundle


def list_regions(bundle: Bundle) -> tuple[str, ...]:
    """Return the regions of the register by name, also those without a star.

    Raises
    ------
    RenderError
        The bundle has no stars; it says why.
    """
    stars = bundle.results.get("stars")
    if not isinstance(stars, Stars):
        reason = explain_absence(bundle, ["stars"], wording=load_wording("en"))
        msg = f"no reports of regions can be made: {reason}"
        raise RenderError(msg)
    return tuple(sorted(set(map(str, stars.frame["region"]))))


def choose_regions(bundle: Bundle, regions: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the regions named, each once; all where nothing is named.

    Raises
    ------
    RenderError
        The bundle has no stars, or a region is not in it; the nearest name is told.
    """
    for region in regions:
        require_region(bundle, region)
    return tuple(dict.fromkeys(regions)) or list_regions(bundle)


def require_region(bundle: Bundle, region: str) -> None:
    """Refuse a region that the bundle does not have.

    Raises
    ------
    RenderError
        The message names some that it has, and the nearest one.
    """
    require_known([region], set(list_regions(bundle)), what="region")
