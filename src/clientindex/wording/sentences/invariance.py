"""Sentences about measurement invariance and alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import Invariance
from clientindex.wording.invariance import FITTED, Outcome, list_outcomes
from clientindex.wording.names import name_indicator, name_parameter
from clientindex.wording.sentences.recipe import Paragraph, make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

N_NAMED: Final = 5
"""Freed parameters that a sentence names; the rest stand in the table."""


def list_invariance(
    result: Invariance, methodology: Methodology, wording: Wording
) -> tuple[str, ...]:
    """Tell of every division of the data where invariance stops and what may be compared."""
    return tuple(_say_outcome(o, methodology, wording) for o in list_outcomes(result))


def list_alignment(result: Invariance, methodology: Methodology, wording: Wording) -> Paragraph:
    """Tell of every division that was aligned how many parameters of measurement differ."""
    frame = result.alignment_items
    if frame.empty:
        return wording.text("sentence.alignment.none")
    divisions = dict.fromkeys(frame["across"])
    return tuple(
        _say_alignment(across, frame.loc[frame["across"] == across], methodology, wording)
        for across in divisions
    )


def _say_outcome(outcome: Outcome, methodology: Methodology, wording: Wording) -> str:
    across = wording.text(f"across.{outcome.across}")
    if outcome.reason:
        reason = wording.text(f"part_reason.{outcome.reason}")
        return wording.text("sentence.invariance.not_compared", across=across, reason=reason)
    if not outcome.has_steps:
        parts = wording.counted(outcome.n_parts, "part_of")
        said = [wording.text("sentence.invariance.aligned_only", across=across, parts=parts)]
    else:
        parts = wording.counted(outcome.n_parts, "part")
        said = [
            wording.text("sentence.invariance.compared", across=across, parts=parts),
            *(_say_freed("restored", *p, methodology, wording) for p in outcome.partial),
            *_say_end(outcome, methodology, wording),
            wording.text(f"sentence.invariance.means_{find_reach(outcome)}"),
        ]
    if outcome.n_left_out:
        n = wording.integer(outcome.n_left_out)
        said.append(wording.text("sentence.invariance.left_out", n=n))
    return " ".join(said)


def find_reach(outcome: Outcome) -> str:
    """Return up to where scores are comparable: partial scalar invariance has a text of its own."""
    if outcome.last == "scalar" and outcome.partial:
        return "partial"
    return outcome.last or "nothing"


def _say_end(outcome: Outcome, methodology: Methodology, wording: Wording) -> list[str]:
    """Say at which step invariance fails, or that it holds to the end."""
    failed = outcome.failed
    if failed is None:
        return [wording.text("sentence.invariance.all_steps")] if not outcome.partial else []
    step = wording.text(f"step.{failed['step']}")
    if failed["status"] not in FITTED:
        return [wording.text("sentence.invariance.stuck", step=step)]
    if outcome.freed:
        return [_say_freed("not_restored", failed, outcome.freed, methodology, wording)]
    return [wording.text("sentence.invariance.stops", step=step, **_tell_changes(failed, wording))]


def _say_freed(
    key: str, step: Row, freed: tuple[Row, ...], methodology: Methodology, wording: Wording
) -> str:
    named = [
        name_parameter(row["lhs"], row["op"], row["rhs"], methodology, wording)
        for row in freed[:N_NAMED]
    ]
    return wording.text(
        f"sentence.invariance.{key}",
        step=wording.text(f"step.{step['step']}"),
        n=wording.counted(len(freed), "parameter_of"),
        names="; ".join(named),
        **_tell_changes(step, wording),
    )


def _tell_changes(step: Row, wording: Wording) -> dict[str, str]:
    return {key: wording.number(step[f"delta_{key}"], 3) for key in ("cfi", "rmsea", "srmr")}


def _say_alignment(
    across: str, frame: pd.DataFrame, methodology: Methodology, wording: Wording
) -> str:
    rows = list_rows(frame)
    differing = [row for row in rows if row["n_differing"] > 0]
    values = {
        "across": wording.text(f"across.{across}"),
        "parts": wording.counted(int(frame["n_parts"].max()), "part_of"),
        "all": wording.integer(len(rows)),
    }
    if not differing:
        return wording.text("sentence.alignment.alike", **values)
    worst = max(differing, key=_rank_difference)
    return wording.text(
        "sentence.alignment.some",
        same=wording.integer(len(rows) - len(differing)),
        indicator=name_indicator(worst["indicator"], methodology, wording),
        parameter=wording.text(f"item_parameter.{worst['parameter']}"),
        n=wording.integer(int(worst["n_differing"])),
        of=wording.integer(int(worst["n_parts"])),
        **values,
    )


def _rank_difference(row: Row) -> tuple[int, float]:
    unexplained = 1 - row["r2"]
    return int(row["n_differing"]), unexplained if unexplained == unexplained else 0.0


RECIPES = (
    make_paragraph("invariance", "invariance", Invariance, list_invariance),
    make_paragraph("alignment", "invariance", Invariance, list_alignment),
)
