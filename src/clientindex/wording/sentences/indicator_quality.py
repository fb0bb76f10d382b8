"""The quality box of every indicator in words, and what the boxes say together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.wording.absence import explain_absence
from clientindex.wording.names import name_group, name_indicator
from clientindex.wording.sentences.quality_values import SOURCES, list_quality
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.results import Bundle
    from clientindex.wording.sentences.quality_values import IndicatorQuality
    from clientindex.wording.sentences.rows import Row
    from clientindex.wording.words import Wording

KEY: Final = "sentence.quality"
DIGITS: Final = 2


def title_box(quality: IndicatorQuality, *, bundle: Bundle, wording: Wording) -> str:
    """Return the title of a box: the indicator and its group."""
    methodology = bundle.methodology
    return wording.text(
        f"{KEY}.title",
        indicator=name_indicator(quality.key, methodology, wording),
        group=name_group(quality.group, methodology, wording),
    )


def fill_box(quality: IndicatorQuality, *, bundle: Bundle, wording: Wording) -> tuple[str, ...]:
    """Write the lines of a box: the question, answers, relations, the checklist, the verdict.

    What the bundle lacks is left out here; :func:`say_quality` says why it is absent.
    """
    told = (
        _say_question(quality, bundle, wording),
        _join(_say_answers(quality, bundle, wording)),
        _join(_say_relations(quality, bundle, wording)),
        _say_checklist(quality, bundle, wording),
        say_verdict(quality, wording=wording),
    )
    return tuple(line for line in told if line)


def _join(parts: Iterator[str]) -> str:
    told = "; ".join(parts)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def say_verdict(quality: IndicatorQuality, *, wording: Wording) -> str:
    """Say what speaks against an indicator, or that nothing does."""
    if not quality.is_judged:
        return wording.text(f"{KEY}.verdict_unknown")
    if not quality.remarks:
        return wording.text(f"{KEY}.verdict_good")
    remarks = [wording.text(f"{KEY}.remark.{_name_remark(quality, r)}") for r in quality.remarks]
    return wording.text(f"{KEY}.verdict_remarks", remarks="; ".join(remarks))


def say_quality(bundle: Bundle, wording: Wording) -> str:
    """Say how many indicators are without remarks, by which thresholds, and what is unknown."""
    all_ = list_quality(bundle)
    judged = [q for q in all_ if q.is_judged]
    said = [explain_absence(bundle, [name], wording=wording) for name in SOURCES]
    if not judged:
        return " ".join(filter(None, dict.fromkeys(said)))
    doubtful = [q for q in judged if q.remarks]
    good = wording.counted(len(judged) - len(doubtful), "indicator_of")
    first = wording.text(f"{KEY}.summary", good=good, n=wording.integer(len(judged)))
    names = [name_indicator(q.key, bundle.methodology, wording) for q in doubtful]
    named = [wording.text(f"{KEY}.doubtful", indicators="; ".join(names))] if names else []
    rules = wording.text(f"{KEY}.thresholds", **_tell_thresholds(bundle, wording))
    return " ".join(filter(None, dict.fromkeys([first, *named, rules, *said])))


def _tell_thresholds(bundle: Bundle, wording: Wording) -> dict[str, str]:
    """Return the limits that the methodology sets, as they stand in its file."""
    thresholds = bundle.methodology.thresholds
    rest = thresholds.item_rest.levels[-1].lower
    shares = {
        "ceiling": thresholds.ceiling_share.levels[-1].lower,
        "missing": thresholds.no_answer_share.levels[-1].lower,
    }
    told = {name: wording.percent(limit or 0.0) for name, limit in shares.items()}
    level = wording.percent(bundle.methodology.intervals.level)
    return {"rest": wording.number(rest or 0.0, DIGITS), "level": level, **told}


def _say_question(quality: IndicatorQuality, bundle: Bundle, wording: Wording) -> str:
    indicator = bundle.methodology.indicator(quality.key)
    asked = indicator.kind == "answers"
    return wording.text(
        f"{KEY}.question" if asked else f"{KEY}.measure",
        question=indicator.question.in_language(wording.language),
        direction=wording.text(f"{KEY}.{indicator.direction}"),
        weight=wording.percent(quality.weight, digits=_count_digits(quality.weight)),
        whole=wording.percent(
            quality.weight_in_index, digits=_count_digits(quality.weight_in_index)
        ),
    )


def _count_digits(share: float) -> int:
    return 0 if abs(100 * share - round(100 * share)) < 1e-6 else 1


def _say_answers(quality: IndicatorQuality, bundle: Bundle, wording: Wording) -> Iterator[str]:
    if "mean" not in quality.rows:
        return
    rows, scale = quality.rows, bundle.methodology.scale_of(quality.key)
    yield wording.text(
        f"{KEY}.answers",
        n=wording.integer(rows["mean"]["n"]),
        mean=_write(rows["mean"], wording),
        low=wording.integer(scale.minimum),
        high=wording.integer(scale.maximum),
    )
    for name in ("missing", "ceiling"):
        if name in rows:
            yield wording.text(f"{KEY}.{name}", share=_write_share(rows[name], wording))


def _say_relations(quality: IndicatorQuality, bundle: Bundle, wording: Wording) -> Iterator[str]:
    for name, source in (("item_rest", "item_analysis"), ("loading", "exploratory")):
        if name in quality.rows:
            yield wording.text(f"{KEY}.{name}", value=_write(quality.rows[name], wording))
        elif not explain_absence(bundle, [source], wording=wording):
            yield wording.text(f"{KEY}.no_{name}")


def _say_checklist(quality: IndicatorQuality, bundle: Bundle, wording: Wording) -> str:
    if explain_absence(bundle, ["agreement"], wording=wording):
        return ""
    rows = quality.rows
    if not {"ccc", "bias"} <= set(rows):
        return wording.text(f"{KEY}.no_checklist")
    return wording.text(
        f"{KEY}.checklist",
        word=wording.text(f"level.icc.{quality.words['ccc']}"),
        value=_write(rows["ccc"], wording),
        bias=_write(rows["bias"], wording, digits=1),
        n=wording.integer(rows["ccc"]["n"]),
    )


def _write(row: Row, wording: Wording, *, digits: int = DIGITS) -> str:
    """Write a number with its interval behind it; its level stands in the text before the boxes."""
    value = wording.number(row["estimate"], digits)
    if not (is_known(row, "ci_low") and is_known(row, "ci_high")):
        return wording.text(f"{KEY}.no_interval", value=value)
    ends = wording.interval(row["ci_low"], row["ci_high"], digits)
    return wording.text(f"{KEY}.value", value=value, interval=ends)


def _write_share(row: Row, wording: Wording) -> str:
    value = wording.percent(row["estimate"], 1)
    if not (is_known(row, "ci_low") and is_known(row, "ci_high")):
        return wording.text(f"{KEY}.no_interval", value=value)
    ends = wording.interval(100 * row["ci_low"], 100 * row["ci_high"], 1)
    return wording.text(f"{KEY}.value", value=value, interval=ends)


def _name_remark(quality: IndicatorQuality, remark: str) -> str:
    return f"loading_{quality.loading_verdict}" if remark == "loading" else remark


RECIPES = (ParagraphRecipe(name="indicator_quality", needs=(), build=say_quality),)
