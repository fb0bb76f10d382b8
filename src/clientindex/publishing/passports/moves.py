"""What would move the star of a centre, for many centres one after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from clientindex.results import Unavailable
from clientindex.tables import build_moves_of_centre

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

BY_CENTRE: Final = {
    "weight_bounds": (("frame", ("centre",)), ("swaps", ("first", "second"))),
    "leave_out": (("centres", ("centre",)),),
    "weight_sources": (("centres", ("centre",)),),
    "weight_stability": (("frame", ("centre",)),),
    "multiverse": (("centres", ("centre",)),),
    "joint_doubt": (("centres", ("centre",)),),
}
"""Result -> its frames that are read for one centre, and the columns that name centres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFinder:
    """A bundle that is cut down to one centre before its table is built.

    The table looks through whole frames; for thousands of centres these are cut up once instead.
    """

    bundle: Bundle
    rows: Mapping[tuple[str, str], Mapping[str, list[int]]]

    @classmethod
    def read(cls, bundle: Bundle) -> MoveFinder:
        """Find the rows of every centre in every frame."""
        known = {
            name: bundle.results[name]
            for name in BY_CENTRE
            if name in bundle.results and not isinstance(bundle.results[name], Unavailable)
        }
        rows = {
            (name, frame): _find_rows(getattr(result, frame), columns)
            for name, result in known.items()
            for frame, columns in BY_CENTRE[name]
        }
        kept = {
            name: bundle.results[name]
            for name in ("stars", "weight_bounds")
            if name in bundle.results
        }
        return cls(bundle=replace(bundle, results=kept | known), rows=rows)

    def build(self, centre: str, wording: Wording) -> TableSpec:
        """Build the table of a centre with a star."""
        results: dict[str, Any] = dict(self.bundle.results)
        for (name, frame), rows in self.rows.items():
            own = getattr(results[name], frame).iloc[rows.get(centre, [])]
            results[name] = replace(results[name], **{frame: own})
        return build_moves_of_centre(replace(self.bundle, results=results), centre, wording)


def _find_rows(frame: Any, columns: tuple[str, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for column in columns:
        for place, centre in enumerate(frame[column]):
            own = found.setdefault(str(centre), [])
            if place not in own[-1:]:
                own.append(place)
    return {centre: sorted(set(places)) for centre, places in found.items()}
