"""Methodologies of other sizes, and results of the factor room for them."""

from __future__ import annotations

from clientindex.methodology import Methodology

LONG = "Понятность и полнота сведений об условиях оказания услуг"


def resize(methodology, *sizes):
    """Make groups of the given sizes out of the first indicators, every seventh name long."""
    indicators, groups = [], []
    for number, size in enumerate(sizes):
        base = methodology.groups[number % len(methodology.groups)]
        keys = [f"q{len(indicators) + i}" for i in range(size)]
        groups.append(
            base.model_copy(
                update={"key": f"g{number}", "indicators": dict.fromkeys(keys, 1 / size)}
            )
        )
        indicators += [_rename(methodology, key) for key in keys]
    fields = dict(methodology) | {"indicators": tuple(indicators), "groups": tuple(groups)}
    return Methodology.model_construct(**fields)  # a copy would keep the cached keys


def _rename(methodology, key):
    number = int(key.removeprefix("q"))
    indicator = methodology.indicators[number % len(methodology.indicators)]
    name = indicator.name
    if number % 7 == 0:
        name = name.model_copy(update={"ru": LONG})
    return indicator.model_copy(update={"key": key, "name": name})


def list_members(methodology):
    """Return group -> indicators, as the hand-made results take it."""
    return {group.key: tuple(group.indicators) for group in methodology.groups}


def boxes_of(figure, texts):
    """Return the boxes of texts in pixels, for asking whether they overlap."""
    renderer = figure.canvas.get_renderer()
    return [text.get_window_extent(renderer) for text in texts if text.get_text()]


def find_overlaps(boxes):
    """Return the pairs of boxes that overlap by more than a pixel each way."""
    return [
        (one, other)
        for i, one in enumerate(boxes)
        for other in boxes[i + 1 :]
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 1
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 1
    ]
