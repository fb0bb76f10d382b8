"""How far every table may be from its golden results, from a small file beside them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import ReproductionError
from clientindex.reproduction.comparison.tolerance import Tolerance

if TYPE_CHECKING:
    from pathlib import Path

TOLERANCES_NAME: Final = "tolerances.toml"


@dataclass(frozen=True, slots=True)
class Tolerances:
    """The tolerance of tables in general, and that of some by name, the first that fits."""

    general: Tolerance
    by_name: tuple[tuple[str, Tolerance], ...] = ()

    def of(self, table: str) -> Tolerance:
        """Return the tolerance of a table."""
        fits = (near for pattern, near in self.by_name if fnmatchcase(table, pattern))
        return next(fits, self.general)


def load_tolerances(folder: Path) -> Tolerances:
    """Load ``tolerances.toml``: relative, absolute, and [[looser]] with tables and why.

    Raises
    ------
    ReproductionError
        It cannot be read, has another key, or gives no reason for a looser tolerance.
    """
    path = folder / TOLERANCES_NAME
    if not path.is_file():
        return Tolerances(Tolerance())
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        looser = values.pop("looser", [])
        general = Tolerance(**values)
        by_name = [(name, near) for part in looser for name, near in _read_part(part)]
    except (OSError, ValueError, TypeError, KeyError) as exc:
        msg = (
            f"{path}: cannot be read ({exc}); expected `relative`, `absolute`, and parts "
            "[[looser]] with `tables`, `relative`, `absolute` and `why`."
        )
        raise ReproductionError(msg) from exc
    return Tolerances(general, tuple(by_name))


def _read_part(part: dict[str, Any]) -> list[tuple[str, Tolerance]]:
    values = dict(part)
    names = values.pop("tables")
    if not values.pop("why").strip():
        msg = f"no reason why {', '.join(names)} may differ more"
        raise ValueError(msg)
    near = Tolerance(**values)
    return [(name, near) for name in names]
