"""What is known of every indicator, looked up in the results: nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from clientindex.results import (
    INDEX,
    Agreement,
    ExploratoryModel,
    ItemAnalysis,
)
from clientindex.wording.sentences.rows import Row, find_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientindex.methodology import Methodology
    from clientindex.methodology.model import Group
    from clientindex.results import Bundle

Kind = TypeVar("Kind")

SOURCES: Final = ("item_analysis", "exploratory", "agreement")
"""Results that a quality box tells of; each may be absent."""
ITEMS: Final = ("missing", "mean", "ceiling")
REMARKS: Final = ("missing", "ceiling", "item_rest", "loading")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorQuality:
    """One indicator with its numbers.

    Attributes
    ----------
    key, group : str
    weight, weight_in_index : float
        Of its group and of the index, 0-1.
    rows : dict
        Statistic -> row with ``estimate``, ``ci_low``, ``ci_high`` and ``n`` where it is known:
        "missing", "mean", "ceiling", "item_rest", "loading" (on the factor of its own group, from
        polychoric correlations), "ccc" and "bias" (checklist against survey, over centres).
    loading_verdict : str
        Of :attr:`clientindex.results.ExploratoryModel.verdicts`, "" where there is none.
    words : dict
        Statistic -> level of the methodology's threshold, where there is one.
    crossed : frozenset of str
        Statistics on the wrong side of the threshold's last level: in it for shares that had better
        be small, below it for relations.
    """

    key: str
    group: str
    weight: float
    weight_in_index: float
    rows: Mapping[str, Row] = field(default_factory=dict)
    loading_verdict: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    crossed: frozenset[str] = frozenset()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Statistics that speak against the indicator, in the order of the box."""
        foreign = {"loading"} if self.loading_verdict not in ("", "own") else set()
        return tuple(name for name in REMARKS if name in self.crossed | foreign)

    @property
    def is_judged(self) -> bool:
        """Whether anything is known that a threshold speaks of."""
        return bool(self.loading_verdict or set(self.words) & set(REMARKS))


def list_quality(bundle: Bundle) -> tuple[IndicatorQuality, ...]:
    """List the indicators in the order of the groups.

    Parameters
    ----------
    bundle : Bundle
        Results that it lacks leave their numbers out.
    """
    methodology = bundle.methodology
    return tuple(
        _gather(bundle, key, group.key, weights=(weight, float(whole)))
        for (group, key, weight), whole in zip(
            _walk(methodology), methodology.effective_weights, strict=True
        )
    )


def _walk(methodology: Methodology) -> Iterator[tuple[Group, str, float]]:
    for group in methodology.groups:
        for key, weight in group.indicators.items():
            yield group, key, weight


def _gather(
    bundle: Bundle, key: str, group: str, *, weights: tuple[float, float]
) -> IndicatorQuality:
    found = {
        **_find_items(_find(bundle, "item_analysis", ItemAnalysis), key),
        "loading": _find_loading(_find(bundle, "exploratory", ExploratoryModel), key, group),
        **_find_agreement(_find(bundle, "agreement", Agreement), key),
    }
    rows = {name: row for name, row in found.items() if row is not None}
    words = _classify(rows, bundle.methodology)
    return IndicatorQuality(
        key=key,
        group=group,
        weight=weights[0],
        weight_in_index=weights[1],
        rows=rows,
        loading_verdict=_find_verdict(_find(bundle, "exploratory", ExploratoryModel), key),
        words=words,
        crossed=_find_crossed(words, bundle.methodology),
    )


def _find(bundle: Bundle, name: str, kind: type[Kind]) -> Kind | None:
    result = bundle.results.get(name)
    return result if isinstance(result, kind) else None


def _find_items(result: ItemAnalysis | None, key: str) -> dict[str, Row | None]:
    if result is None:
        return {}
    items = result.items[(result.items["kind"] == "all") & (result.items["indicator"] == key)]
    relations = result.relations
    own = (relations["kind"] == "all") & (relations["group"] != INDEX)
    relations = relations[own & (relations["indicator"] == key)]
    found = {name: find_row(items, statistic=name) for name in ITEMS}
    return {**found, "item_rest": find_row(relations, statistic="item_rest")}


def _find_loading(model: ExploratoryModel | None, key: str, group: str) -> Row | None:
    """Return the loading on the factor that is matched with the indicator's own group."""
    if model is None or model.basis != "polychoric":
        return None
    variance = model.variance
    matched = variance.loc[variance["matched_group"] == group, "factor"]
    if matched.empty:
        return None
    return find_row(model.loadings, indicator=key, factor=str(matched.iloc[0]))


def _find_verdict(model: ExploratoryModel | None, key: str) -> str:
    if model is None or model.verdicts.empty:
        return ""
    verdicts = model.verdicts.set_index("indicator")["verdict"]
    return str(verdicts.get(key, ""))


def _find_agreement(result: Agreement | None, key: str) -> dict[str, Row | None]:
    """Return the coefficient of Lin and the bias, with their first intervals."""
    if result is None:
        return {}
    frame = result.frame
    own = (frame["kind"] == "indicator") & (frame["subject"] == key) & (frame["scale"] == "common")
    return {name: find_row(frame[own], statistic=name) for name in ("ccc", "bias")}


def _classify(rows: Mapping[str, Row], methodology: Methodology) -> dict[str, str]:
    thresholds = methodology.thresholds
    scales = {
        "missing": thresholds.no_answer_share,
        "ceiling": thresholds.ceiling_share,
        "item_rest": thresholds.item_rest,
        "ccc": thresholds.icc,
    }
    return {
        name: scale.classify(rows[name]["estimate"])
        for name, scale in scales.items()
        if name in rows
    }


def _find_crossed(words: Mapping[str, str], methodology: Methodology) -> frozenset[str]:
    thresholds = methodology.thresholds
    last = {
        "missing": thresholds.no_answer_share.levels[-1].key,
        "ceiling": thresholds.ceiling_share.levels[-1].key,
        "item_rest": thresholds.item_rest.levels[-1].key,
    }
    return frozenset(
        name
        for name, key in last.items()
        if name in words and (words[name] == key) is (name != "item_rest")
    )
