"""Values of options that are keys: what arrived, what is allowed, and the nearest key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from clientindex.settings.fault import find_nearest

if TYPE_CHECKING:
    from collections.abc import Collection


def require_known(value: str, allowed: Collection[str], *, option: str, what: str) -> None:
    """Refuse a value that is not one of those allowed.

    Raises
    ------
    click.BadParameter
        Wrong use; the message names the value, those allowed and the nearest of them.
    """
    if value in allowed:
        return
    nearest = find_nearest(value, allowed)
    hint = f"; did you mean {nearest!r}?" if nearest else ""
    refuse(
        f"read {value!r}, which is no {what}; allowed: {', '.join(allowed)}{hint}", option=option
    )


def refuse(message: str, *, option: str) -> NoReturn:
    """Say that an option is used wrongly.

    Raises
    ------
    click.BadParameter
        Always.
    """
    raise click.BadParameter(message, param_hint=option)
