"""Which centres passports are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import RenderError
from clientindex.publishing.asked_for import require_known
from clientindex.results import Stars, Unavailable
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_absence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.results import Bundle


def choose_centres(
    bundle: Bundle, *, centres: Sequence[str] = (), regions: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the centres named and those of the regions named; all where nothing is named.

    Returns
    -------
    tuple of str
        Codes in the order of the stars.

    Raises
    ------
    RenderError
        The bundle has no stars (it says why), or a code or region is not in it.
    """
    stars = bundle.results.get("stars")
    if stars is None or isinstance(stars, Unavailable):
        reason = explain_absence(bundle, ["stars"], wording=load_wording("en"))
        msg = f"no passports can be made: {reason}"
        raise RenderError(msg)
    frame = bundle.get("stars", Stars).frame  # type: ignore[union-attr]  # asked above
    require_known(centres, set(frame["centre"]), what="centre code")
    require_known(regions, set(frame["region"]), what="region")
    wanted = frame["centre"].isin(centres) | frame["region"].isin(regions)
    chosen = frame[wanted] if centres or regions else frame
    return tuple(map(str, chosen["centre"]))
