"""Take what passports say from a bundle; nothing is computed but looked up.

Every frame is read once and its rows are laid by centre, so that a passport costs the same whether
there are twenty centres or two thousand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from clientindex.publishing.passports.values import (
    Change,
    Estimate,
    Passport,
    Scored,
    Standing,
    StarChance,
)
from clientindex.results import (
    ALL_SEGMENTS,
    COUNTRY,
    INDEX,
    Agreement,
    EditionChange,
    GroupMeans,
    RankTable,
    Scores,
    StarDoubt,
    Stars,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle

    Row = dict[str, Any]
    Key = tuple[str, ...]

Kind = TypeVar("Kind")


def gather_passports(
    bundle: Bundle, *, centres: Collection[str] | None = None
) -> Iterator[Passport]:
    """Give the passports of centres in the order of the stars.

    Parameters
    ----------
    bundle : Bundle
        With ``stars``; whatever else is absent leaves its part of the passport empty.
    centres : collection of str, optional
        Codes; all centres of the register unless given.
    """
    stars = _find(bundle, "stars", Stars)
    if stars is None:
        return
    shelves = _Shelves.fill(bundle)
    for row in stars.frame.to_dict("records"):
        if centres is None or row["centre"] in centres:
            yield _make_passport({str(k): v for k, v in row.items()}, shelves)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelves:
    """Rows of every frame by centre, and what is the same for all centres."""

    methodology: Methodology
    scores: Mapping[Key, Row]
    country: Mapping[Key, Row]
    checklists: Mapping[Key, Row]
    filled: frozenset[str]
    doubt: Mapping[Key, Row]
    chances: Mapping[str, tuple[StarChance, ...]]
    leading: str
    small_sample: int
    ranks: Mapping[Key, Row]
    ranked: Mapping[str, int]
    unranked: Mapping[str, tuple[str, str]]
    changes: Mapping[Key, Row]
    n_starred: int

    @classmethod
    def fill(cls, bundle: Bundle) -> _Shelves:
        """Read the bundle."""
        scores, means = _find(bundle, "scores", Scores), _find(bundle, "group_means", GroupMeans)
        doubt, ranks = _find(bundle, "star_doubt", StarDoubt), _find(bundle, "ranks", RankTable)
        agreement = _find(bundle, "agreement", Agreement)
        change = _find(bundle, "change", EditionChange)
        stars = _find(bundle, "stars", Stars)
        checklists = _lay(agreement, "checklists", "centre", "subject")
        return cls(
            methodology=bundle.methodology,
            scores=_lay(scores, "frame", "centre", "segment", "kind", "key"),
            country=_lay(means, "frame", "region", "group"),
            checklists=checklists,
            filled=frozenset(centre for centre, _ in checklists),
            doubt=_lay(doubt, "centres", "centre"),
            chances=_lay_chances(doubt),
            leading=doubt.leading if doubt else "",
            small_sample=doubt.small_sample if doubt else 0,
            ranks=_lay(ranks, "frame", "scope", "centre"),
            ranked={
                str(scope): int(row["n"])
                for (scope,), row in _lay(ranks, "scopes", "scope").items()
            },
            unranked=_lay_reasons(ranks),
            changes=_lay(change, "centres", "centre"),
            n_starred=int(stars.frame["star"].notna().sum()) if stars else 0,
        )


def _make_passport(row: Row, shelves: _Shelves) -> Passport:
    centre, star = str(row["centre"]), _number(row["star"])
    doubt = shelves.doubt.get((centre,), {})
    p_star = doubt.get(f"p_star_{shelves.leading}", row["p_star"])
    small = doubt.get("small_n")
    return Passport(
        centre=centre,
        name=str(row["name"]),
        region=str(row["region"]),
        star=star,
        uncapped=_number(row.get("uncapped")) if row.get("capped_by") else None,
        withheld=str(row["withheld"]),
        p_star=None if star is None else _number(p_star),
        chances=() if star is None else shelves.chances.get(centre, ()),
        index=_list_index(row, shelves),
        standings=() if star is None else _list_standings(row, shelves),
        scores=tuple(_list_scores(centre, shelves)),
        has_checklist=centre in shelves.filled,
        small_sample=shelves.small_sample if not pd.isna(small) and small else None,
        change=_find_change(centre, shelves),
    )


def _list_index(row: Row, shelves: _Shelves) -> tuple[tuple[str, Estimate], ...]:
    """Return the published index, then that of each segment that has one."""
    centre = str(row["centre"])
    parts = [
        (segment.key, shelves.scores.get((centre, segment.key, INDEX, INDEX)))
        for segment in shelves.methodology.segments
    ]
    own = [(key, _estimate(found)) for key, found in parts if found is not None]
    return ((ALL_SEGMENTS, _estimate(row)), *own)


def _list_standings(row: Row, shelves: _Shelves) -> tuple[Standing, ...]:
    centre, region = str(row["centre"]), str(row["region"])
    if not shelves.ranks:
        rank = _whole(row["rank"])
        of = shelves.n_starred
        return (Standing(scope=COUNTRY, rank=rank, of=of, low=None, high=None),)
    return tuple(_make_standing(scope, centre, shelves) for scope in (COUNTRY, region))


def _make_standing(scope: str, centre: str, shelves: _Shelves) -> Standing:
    found = shelves.ranks.get((scope, centre), {})
    low, high = _whole(found.get("marginal_low")), _whole(found.get("marginal_high"))
    reason, detail = ("", "") if low is not None else shelves.unranked.get(scope, ("", ""))
    return Standing(
        scope=scope,
        rank=_whole(found.get("rank")),
        of=shelves.ranked.get(scope),
        low=low,
        high=high,
        reason=reason,
        detail=detail,
    )


def _list_scores(centre: str, shelves: _Shelves) -> Iterator[Scored]:
    for group in shelves.methodology.groups:
        country = shelves.country.get((COUNTRY, group.key))
        mean = None if country is None else _estimate(country, n="n_centres")
        yield _make_scored(centre, ("group", group.key), mean, shelves)
        for key in group.indicators:
            yield _make_scored(centre, ("indicator", key), None, shelves)


def _make_scored(
    centre: str, part: tuple[str, str], country: Estimate | None, shelves: _Shelves
) -> Scored:
    kind, key = part
    return Scored(
        kind=kind,
        key=key,
        survey=_estimate(shelves.scores.get((centre, ALL_SEGMENTS, kind, key), {})),
        checklist=_number(shelves.checklists.get((centre, key), {}).get("checklist")),
        country=country,
    )


def _find_change(centre: str, shelves: _Shelves) -> Change | None:
    row = shelves.changes.get((centre,))
    if row is None:
        return None
    found = Estimate(
        value=_number(row["difference"]), low=_number(row["ci_low"]), high=_number(row["ci_high"])
    )
    return Change(
        before=_number(row["one_method_before"]),
        after=_number(row["one_method_after"]),
        difference=None if found.value is None else found,
        flagged=str(row["flagged"]),
        star_before=_number(row["star_before"]),
        star_after=_number(row["star_after"]),
        withheld_before=str(row["withheld_before"]),
        reason=str(row["reason"]),
    )


def _find(bundle: Bundle, name: str, kind: type[Kind]) -> Kind | None:
    found = bundle.results.get(name)
    return found if isinstance(found, kind) else None


def _lay(result: object, name: str, *keys: str) -> dict[Key, Row]:
    """Return the rows of a frame of a result by the values of some columns; none without it."""
    if result is None:
        return {}
    frame: pd.DataFrame = getattr(result, name)
    rows = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    return {tuple(str(row[key]) for key in keys): row for row in rows}


def _lay_chances(doubt: StarDoubt | None) -> dict[str, tuple[StarChance, ...]]:
    laid: dict[str, list[StarChance]] = defaultdict(list)
    if doubt is not None:
        frame = doubt.probabilities[["centre", "star", doubt.leading]].dropna()
        for centre, star, p in frame.itertuples(index=False):
            laid[str(centre)].append(StarChance(star=float(star), p=float(p)))
    return {centre: tuple(sorted(own, key=lambda c: c.star)) for centre, own in laid.items()}


def _lay_reasons(ranks: RankTable | None) -> dict[str, tuple[str, str]]:
    """Return why a scope has no ranks, or no confidence sets of them."""
    if ranks is None:
        return {}
    lost = ranks.left_out[ranks.left_out["statistic"].isin(["rank", "sets"])]
    return {str(row.scope): (str(row.reason), str(row.detail)) for row in lost.itertuples()}


def _estimate(row: Mapping[str, Any], *, n: str = "n") -> Estimate:
    return Estimate(
        value=_number(row.get("estimate")),
        low=_number(row.get("ci_low")),
        high=_number(row.get("ci_high")),
        n=_whole(row.get(n)),
    )


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
