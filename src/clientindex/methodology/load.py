"""Load a methodology file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import MethodologyError
from clientindex.methodology.checks import check_methodology
from clientindex.methodology.model import Methodology
from clientindex.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


def load_methodology(path: Path) -> Methodology:
    """Load and check a methodology file.

    Parameters
    ----------
    path : Path
        A YAML file such as ``methodology/2026.yml``.

    Returns
    -------
    Methodology

    Raises
    ------
    MethodologyError
        Listing every fault with file, line, key path, what was read and what is allowed.

    Examples
    --------
    >>> from pathlib import Path
    >>> load_methodology(Path("methodology/2026.yml")).group_keys  # doctest: +SKIP
    ('friendliness', 'usefulness', 'effort', 'targeting', 'comfort')
    """
    return read_settings(path, Methodology, error=MethodologyError, check=check_methodology)
