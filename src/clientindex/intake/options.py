"""Check what an edition says of a file against its kind: nothing it says is silently ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.edition import ChecklistSource, MeasureSource, SurveySource
from clientindex.edition.formats import ENDINGS
from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientindex.edition.sources import TableFile
    from clientindex.methodology import Methodology

_FORMAT_OPTIONS = {
    "encoding": {"csv", "sav"},
    "delimiter": {"csv"},
    "sheet": {"xlsx"},
}
_SURVEY_ROLES = {
    "respondents": {
        "respondent",
        "centre",
        "segment",
        "period",
        "channel",
        "day",
        "duration",
        "sex",
        "age",
        "education",
        "weight",
    },
    "option_counts": {"centre", "segment", "period", "indicator", "answer", "n"},
    "unit_means long": {"centre", "segment", "period", "indicator", "mean", "n", "sd"},
    "unit_means wide": {"centre", "segment", "period"},
}
_CHECKLIST_ROLES = {
    "items": {"centre", "item", "answer", "period"},
    "group_scores": {"centre", "period"},
}
_MEASURE_ROLES = {
    "wide": {"centre"},
    "long": {"centre", "indicator", "value", "std_error", "n"},
}
RESERVED_TRAITS = _SURVEY_ROLES["respondents"]
"""Names that a trait cannot have: each is a role of its own."""
MAX_CATEGORIES = 255
"""Answer categories are stored in one byte."""


def check_source(source: TableFile, methodology: Methodology, log: FaultLog, *, file: str) -> bool:
    """Log what contradicts the methodology, warn of what has no effect.

    Returns
    -------
    bool
        False when the file cannot be read sensibly until the edition is mended.
    """
    place = Place(file=file)
    for option, reason in _idle_options(source):
        trouble = Trouble(
            read=option, allowed=reason, advice="Take it out of the edition, or correct it."
        )
        log.add("W-OPTION", place, trouble)
    faults = list(_contradictions(source, methodology))
    for trouble in faults:
        log.add("E-SETTING", place, trouble)
    return not faults


def _idle_options(source: TableFile) -> Iterator[tuple[str, str]]:
    by_spark = isinstance(source, SurveySource) and source.spark is not None
    kind = None if by_spark else source.format or ENDINGS.get(source.file.suffix.lower())
    for option, kinds in _FORMAT_OPTIONS.items():
        if option in source.model_fields_set and kind is not None and kind not in kinds:
            yield option, f"it has effect for {' and '.join(sorted(kinds))} files, not for {kind}"
    if isinstance(source, SurveySource):
        yield from _idle_survey_options(source)
    elif isinstance(source, ChecklistSource):
        yield from _idle_checklist_options(source)
    elif isinstance(source, MeasureSource):
        yield from _idle_measure_options(source)


def _idle_survey_options(source: SurveySource) -> Iterator[tuple[str, str]]:
    means = source.kind == "unit_means"
    for option in ("layout", "mean_scale"):
        if option in source.model_fields_set and not means:
            yield option, f"it has effect for kind unit_means, not for {source.kind}"
    if source.traits and source.kind != "respondents":
        yield "traits", f"it has effect for kind respondents, not for {source.kind}"
    kind = f"{source.kind} {source.layout}" if means else source.kind
    yield from _idle_roles(source.columns, _SURVEY_ROLES[kind], kind)


def _idle_checklist_options(source: ChecklistSource) -> Iterator[tuple[str, str]]:
    for option in ("groups", "score_scale"):
        if option in source.model_fields_set and source.kind != "group_scores":
            yield option, f"it has effect for kind group_scores, not for {source.kind}"
    yield from _idle_roles(source.columns, _CHECKLIST_ROLES[source.kind], source.kind)


def _idle_measure_options(source: MeasureSource) -> Iterator[tuple[str, str]]:
    for option in ("std_errors", "sizes"):
        if option in source.model_fields_set and source.layout != "wide":
            yield option, "it has effect for the wide layout; long rows have std_error and n"
    yield from _idle_roles(source.columns, _MEASURE_ROLES[source.layout], source.layout)


def _idle_roles(
    columns: Iterable[str], known: Iterable[str], kind: str
) -> Iterator[tuple[str, str]]:
    for role in set(columns) - set(known):
        yield f"columns: {role}", f"the roles of {kind} are {', '.join(sorted(known))}"


def _contradictions(source: TableFile, methodology: Methodology) -> Iterator[Trouble]:
    if isinstance(source, SurveySource):
        yield from _check_names(source.indicators, methodology.indicator_keys, "indicators")
        yield from _check_ends(source.mean_scale, "mean_scale")
        yield from _check_categories(methodology)
        yield from _check_traits(source)
    elif isinstance(source, MeasureSource):
        yield from _check_names(source.indicators, methodology.measure_keys, "indicators")
        for option in ("std_errors", "sizes"):
            named = getattr(source, option)
            unknown = {key: key for key in named if key not in methodology.measure_keys}
            yield from _check_names(unknown, methodology.measure_keys, option)
    elif isinstance(source, ChecklistSource):
        yield from _check_names(source.groups, methodology.group_keys, "groups")
        yield from _check_ends(source.score_scale, "score_scale")
        if source.kind == "items" and methodology.checklist is None:
            yield Trouble(
                read="a checklist of items",
                allowed="'checklist: answers' in the methodology, which says what means yes and no",
                advice="Add it to the methodology, or take the checklist out of the edition.",
            )


def _check_names(names: Mapping[str, str], keys: Iterable[str], option: str) -> Iterator[Trouble]:
    known = list(keys)
    for key in names:
        if key not in known:
            near = find_nearest(key, known)
            yield Trouble(
                read=f"{option}: {key}",
                allowed=f"keys of the methodology: {', '.join(known)}",
                advice=f"Did you mean {near!r}?" if near else "Correct the key in the edition.",
            )
    meant = [names.get(key, key) for key in known]
    for name in sorted({name for name in meant if meant.count(name) > 1}):
        yield Trouble(
            read=f"{option}: {name!r} for two keys",
            allowed="every name in the file for one key",
            advice="Correct the names in the edition.",
        )


def _check_traits(source: SurveySource) -> Iterator[Trouble]:
    for name in sorted(set(source.traits) & RESERVED_TRAITS):
        yield Trouble(
            read=f"traits: {name}",
            allowed="names other than those of roles: " + ", ".join(sorted(RESERVED_TRAITS)),
            advice="Name the column under 'columns', or give the trait another name.",
        )


def _check_ends(ends: tuple[float, float] | None, option: str) -> Iterator[Trouble]:
    if ends is not None and not ends[0] < ends[1]:
        yield Trouble(
            read=f"{option}: [{ends[0]:g}, {ends[1]:g}]",
            allowed="the smallest possible value, then the largest",
            advice="Correct it in the edition; higher is better on this scale.",
        )


def _check_categories(methodology: Methodology) -> Iterator[Trouble]:
    if methodology.n_categories > MAX_CATEGORIES:
        yield Trouble(
            read=f"a scale of {methodology.n_categories} answers in the methodology",
            allowed=f"up to {MAX_CATEGORIES} answers",
            advice="Deliver means of such answers as 'kind: unit_means'.",
        )
