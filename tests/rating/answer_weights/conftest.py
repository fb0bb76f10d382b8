"""The respondents that R's survey package weighted, and a methodology that fits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from weighted_people import People, make_plain, read_reference

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


@pytest.fixture
def people() -> People:
    frame = read_reference("input").assign(segment="citizens")
    margins = read_reference("margins").assign(segment="")
    return People(frame=frame, margins=margins)


@pytest.fixture(scope="session")
def three() -> Methodology:
    """Three indicators answered 1-5, one segment."""
    return make_plain({"front": ["a", "b"], "back": ["c"]})
