"""What experts answered about weights, and whose keys their sheets may name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientindex.intake.log import Place, Trouble
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from clientindex.intake.log import FaultLog
    from clientindex.intake.tables import InputFile
    from clientindex.methodology import Methodology

WHOLE = "index"
"""Parent of groups; the parent of indicators is their group."""

LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpertTable:
    """Complete answers of E experts about the n children of one parent.

    Attributes
    ----------
    parent : str
        "index" or the key of a group.
    keys : tuple of str
        Children, in the order of the methodology.
    experts : tuple of str
        In the order of the sheet.
    values : ndarray of shape (E, n) or (E, n, n)
        Points, or how many times the row weighs as much as the column.
    places : tuple of Place
        Where each expert's answers begin.
    """

    parent: str
    keys: tuple[str, ...]
    experts: tuple[str, ...]
    values: NDArray[np.float64]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpertAnswers:
    """Answers by parent; a parent about which nobody was asked is absent.

    Attributes
    ----------
    points, judgements : mapping of str to ExpertTable
    inputs : tuple of InputFile
    """

    points: Mapping[str, ExpertTable] = field(default_factory=dict)
    judgements: Mapping[str, ExpertTable] = field(default_factory=dict)
    inputs: tuple[InputFile, ...] = ()


class KeyBook:
    """Finds groups and indicators by key, or by their name in either language.

    Only those are known that weigh something: of others nobody needs to be asked. A name that two
    of them share finds neither; the key does.
    """

    def __init__(self, methodology: Methodology) -> None:
        self.children: dict[str, tuple[str, ...]] = {}
        self.parent_of: dict[str, str] = {}
        names: dict[str, list[str]] = {}
        groups = [group for group in methodology.groups if group.weight > 0]
        self._add(WHOLE, [group.key for group in groups])
        for group in groups:
            self._add(group.key, [key for key, w in group.indicators.items() if w > 0])
            self._name(names, group.key, group.name)
        for key in self.parent_of:
            if key not in self.children:
                self._name(names, key, methodology.indicator(key).name)
        self._by_name = {text: keys[0] for text, keys in names.items() if len(set(keys)) == 1}
        self._by_name |= {key.casefold(): key for key in self.parent_of}

    def _add(self, parent: str, keys: list[str]) -> None:
        self.children[parent] = tuple(keys)
        self.parent_of |= dict.fromkeys(keys, parent)

    @staticmethod
    def _name(names: dict[str, list[str]], key: str, name: object) -> None:
        for language in ("ru", "en"):
            names.setdefault(str(getattr(name, language)).casefold(), []).append(key)

    def find(self, text: str) -> str | None:
        """Return the key that a text means, or None."""
        return self._by_name.get(text.casefold())

    def report(self, text: str, place: Place, log: FaultLog) -> None:
        """Log a text that means no key."""
        near = find_nearest(text, list(self.parent_of))
        listed = ", ".join(list(self.parent_of)[:LISTED])
        trouble = Trouble(
            read=text or "an empty cell",
            allowed=f"a group or indicator with a weight above 0, by key or name: {listed} ...",
            advice=f"Did you mean {near!r}?" if near else "Correct the key, or delete it.",
        )
        log.add("E-EXPERT-KEY", place, trouble)
