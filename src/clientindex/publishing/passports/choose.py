"""Which centres and languages passports are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import RenderError
from clientindex.results import Stars, Unavailable
from clientindex.settings import find_nearest
from clientindex.wording import LANGUAGES, load_wording
from clientindex.wording.absence import explain_absence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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


def choose_languages(wanted: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of a list such as "ru,en"; those of the edition for an empty one.

    Raises
    ------
    RenderError
        A language is none of ours.
    """
    parts = dict.fromkeys(part.strip() for part in wanted.split(",") if part.strip())
    require_known(parts, set(LANGUAGES), what="language")
    return tuple(parts) or tuple(known)


def require_known(values: Iterable[str], allowed: Collection[str], *, what: str) -> None:
    """Refuse the first value that is not allowed.

    Raises
    ------
    RenderError
        The message names some of those allowed, and the nearest one.
    """
    for value in values:
        if value in allowed:
            continue
        near = find_nearest(value, allowed)
        hint = f"; did you mean {near!r}?" if near else ""
        some = ", ".join(sorted(allowed)[:5])
        more = f" and {len(allowed) - 5} more" if len(allowed) > 5 else ""
        msg = f"{value!r} is no {what} of this edition ({some}{more}){hint}"
        raise RenderError(msg)
