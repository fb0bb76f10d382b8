"""Why a number of the rating is not defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.wording.absence import name_reason
from clientindex.wording.sentences.rows import list_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.sentences.rows import Row
    from clientindex.wording.words import Wording


def say_reasons(
    left_out: pd.DataFrame,
    wanted: Callable[[Row], bool],
    methodology: Methodology,
    wording: Wording,
) -> str:
    """Say the reasons of what was left out, each once.

    Parameters
    ----------
    left_out : DataFrame
        ``reason``, ``detail`` and the columns that `wanted` looks at.
    wanted : callable
        ``wanted(row)`` says whether a row is asked for.
    methodology : Methodology
    wording : Wording

    Returns
    -------
    str
        Sentences; one that says that no reason is given where no row is wanted.
    """
    rows = [row for row in list_rows(left_out) if wanted(row)]
    said = [
        say_reason(str(row["reason"]), str(row["detail"]), methodology, wording) for row in rows
    ]
    return " ".join(dict.fromkeys(said)) or wording.text("sentence.comparability.no_reason")


def say_reason(reason: str, detail: str, methodology: Methodology, wording: Wording) -> str:
    """Say one reason, with what is known of it where there are words for that."""
    detailed = f"rating_detailed.{reason}"
    if detail and f"unavailable.{detailed}" in wording.texts:
        return name_reason(detailed, detail, methodology, wording=wording)
    return name_reason(f"rating.{reason}", detail, methodology, wording=wording)


def say_cases(left_out: pd.DataFrame, methodology: Methodology, wording: Wording) -> str:
    """List the reasons, each with the number of its cases; empty without any."""
    counts = left_out["reason"].value_counts(sort=False)
    items = [
        wording.text(
            "sentence.cases.one",
            reason=_begin_small(say_reason(str(reason), "", methodology, wording)),
            n=wording.integer(int(n)),
        )
        for reason, n in counts.items()
    ]
    return "; ".join(items)


def _begin_small(sentence: str) -> str:
    """Return a sentence as a part of another one."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")
