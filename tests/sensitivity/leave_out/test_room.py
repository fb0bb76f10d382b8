"""An edition without a part against the rating of a methodology that lacks it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau, rankdata

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.rating import assign_stars, compute_scores, score_measures
from clientindex.results import Unavailable
from clientindex.results.leave_out import LeaveOneOut, RankReversals
from clientindex.sensitivity.leave_out import find_rank_reversals, leave_one_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.counts import CentreMoments
    from clientindex.results import Stars

# The same sums by two roads.
TOLERANCE = 1e-9
N_REGIONS = 4


def change(methodology: Methodology, **sections: Any) -> Methodology:
    raw = methodology.model_dump(by_alias=True)
    for name, value in sections.items():
        raw[name] = raw[name] | value if name in ("scoring", "stars") else value
    return Methodology.model_validate(raw)


def weigh(methodology: Methodology, kind: str, key: str) -> Methodology:
    """Return the methodology with a weight of 0 for the part, and the others re-scaled."""
    raw = methodology.model_dump(by_alias=True)
    if kind == "segment":
        weights = [0.0 if s["key"] == key else s["weight"] for s in raw["segments"]]
        for segment, weight in zip(raw["segments"], weights, strict=True):
            segment["weight"] = weight / sum(weights)
    for group in raw["groups"]:
        if kind == "group" and group["key"] == key:
            group["weight"] = 0.0
        if kind == "indicator" and key in group["indicators"]:
            group["indicators"][key] = 0.0
            total = sum(group["indicators"].values())
            group["indicators"] = {k: w / total for k, w in group["indicators"].items()}
    total = sum(group["weight"] for group in raw["groups"])
    for group in raw["groups"]:
        group["weight"] /= total
    return Methodology.model_validate(raw)


def list_regions(moments: CentreMoments) -> dict[str, str]:
    return {c: f"r{place % N_REGIONS}" for place, c in enumerate(moments.centres)}


def keep(moments: CentreMoments, kept: Sequence[str]) -> CentreMoments:
    rows = [moments.centres.index(centre) for centre in kept]
    names = ("mean", "n", "cov_mean", "n_respondents")
    return replace(
        moments, centres=tuple(kept), **{name: getattr(moments, name)[rows] for name in names}
    )


def rate(
    moments: CentreMoments, methodology: Methodology, measures: pd.DataFrame | None = None
) -> Stars:
    scored = score_measures(measures, methodology)
    scores = compute_scores(moments, methodology, regions=list_regions(moments), measures=scored)
    frame = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "r"})
    return assign_stars(scores, methodology, register=frame)


def index_of(stars: Stars, centres: Sequence[str]) -> pd.Series:
    return stars.frame.set_index("centre")["estimate"].astype(float).reindex(list(centres))


@pytest.fixture(
    params=[
        {},
        {"scoring": {"missing_indicator": "refuse"}},
        {"scoring": {"levels": {"index": "geometric"}, "normalise_groups": "none"}},
        {"stars": {"rule": "k_means", "stars": 3, "bands": ()}},
    ],
    ids=["published", "refuse", "geometric", "k_means"],
)
def changed(request: Any, methodology: Methodology) -> Methodology:
    return change(methodology, **request.param)


def test_parts_equal_a_methodology_without_them(
    changed: Methodology, moments: CentreMoments
) -> None:
    stars = rate(moments, changed)
    regions = list_regions(moments)
    found = leave_one_out(moments, stars, changed, regions=regions)
    assert isinstance(found, LeaveOneOut)
    assert set(found.parts["kind"]) == {"indicator", "group", "region", "segment"}
    starred = stars.frame[stars.frame["star"].notna()]
    for (kind, key), rows in found.centres.groupby(["kind", "key"], sort=False):
        if kind == "region":
            kept = [c for c in moments.centres if regions[c] != key]
            wanted = rate(keep(moments, kept), changed)
        else:
            wanted = rate(moments, weigh(changed, kind, key))
        centres = rows["centre"].tolist()
        own = [c for c in starred["centre"] if kind != "region" or regions[c] != key]
        assert centres == own
        after = index_of(wanted, centres)
        np.testing.assert_allclose(rows["index"], after, rtol=0, atol=TOLERANCE)
        check_ranks(found.parts, rows, index_of(stars, centres), kind, key)
        if changed.stars.is_stated:
            given = wanted.frame.set_index("centre")["star"].reindex(centres)
            both = given.notna().to_numpy() & rows["star"].notna().to_numpy()
            assert (given[both].to_numpy(float) == rows["star"].to_numpy()[both]).all()
            assert both.any()


def check_ranks(
    parts: pd.DataFrame, rows: pd.DataFrame, before: pd.Series, kind: str, key: str
) -> None:
    known = rows["index"].notna().to_numpy()
    ranks = [
        rankdata(-np.round(scores[known], 9), method="min")
        for scores in (before.to_numpy(), rows["index"].to_numpy())
    ]
    assert rows["rank_before"].dropna().tolist() == ranks[0].tolist()
    assert rows["rank"].dropna().tolist() == ranks[1].tolist()
    part = parts[(parts["kind"] == kind) & (parts["key"] == key)].iloc[0]
    assert part["kendall_tau"] == pytest.approx(kendalltau(*ranks).statistic, abs=TOLERANCE)
    shift = np.abs(ranks[1] - ranks[0])
    assert part["mean_abs_rank_shift"] == pytest.approx(shift.mean())
    assert part["max_abs_rank_shift"] == shift.max()
    assert (part["n_centres"], part["n_lost"]) == (known.sum(), (~known).sum())
    step = (rows["star"] - rows["star_before"])[known]
    assert (part["n_star_up"], part["n_star_down"]) == ((step > 0).sum(), (step < 0).sum())
    assert part["share_same_star"] == pytest.approx((step == 0).mean())


def test_a_region_changes_no_index_where_centres_stand_alone(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    found = leave_one_out(moments, stars, methodology, regions=list_regions(moments))
    regions = found.parts[found.parts["kind"] == "region"]
    assert len(regions) == N_REGIONS
    assert (regions["max_abs_difference"] == 0).all()
    assert (regions["kendall_tau"] == 1).all()
    assert set(found.tidy()["statistic"]) == {
        "kendall_tau",
        "mean_abs_rank_shift",
        "share_same_star",
        "mean_difference",
    }


def test_what_cannot_be_left_out_is_listed(
    moments: CentreMoments, methodology: Methodology
) -> None:
    raw = methodology.model_dump(by_alias=True)
    for group in raw["groups"]:
        group["weight"] = float(group["key"] == raw["groups"][0]["key"])
    one = Methodology.model_validate(raw)
    regions = dict.fromkeys(moments.centres, "only")
    found = leave_one_out(moments, rate(moments, one), one, regions=regions)
    reasons = found.left_out.set_index(["kind", "key"])["reason"]
    assert reasons["group", one.group_keys[0]] == "nothing_left"
    assert reasons["group", one.group_keys[1]] == "no_weight"
    assert reasons["region", "only"] == "few_centres"
    assert reasons["indicator", next(iter(one.groups[2].indicators))] == "no_weight"
    assert set(found.parts[found.parts["kind"] == "indicator"]["key"]) == set(
        one.groups[0].indicators
    )


def test_a_segment_that_is_a_centres_only_one_takes_its_index(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    found = leave_one_out(moments, stars, methodology, regions=list_regions(moments))
    part = found.parts.set_index(["kind", "key"]).loc[("segment", "citizens")]
    lost = found.centres.query("kind == 'segment' and key == 'citizens'")
    lost = lost[lost["index"].isna()]
    assert part["n_lost"] == len(lost) > 0
    assert lost[["rank", "rank_before", "star"]].isna().all(axis=None)
    assert set(lost["centre"]) <= set(moments.centres[::5])


@pytest.mark.parametrize(
    "sections",
    [
        {"scoring": {"normalise_groups": "z", "scale": "standard"}},
        {"scoring": {"missing_indicator": "impute_region_mean"}},
        {"stars": {"rule": "quantiles", "stars": 4, "bands": ()}},
    ],
    ids=["z", "region_means", "quantiles"],
)
def test_reversals_equal_plain_loops(
    sections: dict[str, Any], methodology: Methodology, moments: CentreMoments
) -> None:
    if sections.get("scoring", {}).get("scale") == "standard":
        sections = {**sections, "stars": {"rule": "quantiles", "stars": 4, "bands": ()}}
    own = change(methodology, **sections)
    check_reversals(own, keep(moments, moments.centres[:16]), None)


def check_reversals(
    own: Methodology, moments: CentreMoments, measures: pd.DataFrame | None
) -> RankReversals:
    stars = rate(moments, own, measures)
    regions = list_regions(moments)
    told: list[tuple[int, int]] = []
    found = find_rank_reversals(
        moments,
        stars,
        own,
        regions=regions,
        measures=measures,
        progress=lambda done, total: told.append((done, total)),
    )
    assert isinstance(found, RankReversals)
    assert told == [(place, 16) for place in range(1, 17)]
    starred = stars.frame[stars.frame["star"].notna()]
    assert len(starred) > 10
    for row in found.frame.itertuples():
        kept = [c for c in moments.centres if c != row.centre]
        table = None if measures is None else measures[measures["centre"] != row.centre]
        after = rate_at(keep(moments, kept), own, table, regions)
        others = [c for c in starred["centre"] if c != row.centre]
        pairs, turned = loop_pairs(index_of(stars, others), index_of(after, others))
        assert (row.n_others, row.n_pairs, row.n_reversed) == (len(others), pairs, turned)
        before, now = (s.frame.set_index("centre")["star"].reindex(others) for s in (stars, after))
        assert row.n_star_changed == (before.to_numpy(float) != now.to_numpy(float)).sum()
    for row in found.pairs.itertuples():
        assert row.difference_before > 0 > row.difference_after
        gap = index_of(stars, [row.higher, row.lower])
        assert row.difference_before == pytest.approx(gap.iloc[0] - gap.iloc[1], abs=TOLERANCE)
    assert len(found.pairs) == min(20, found.n_with_reversal)
    return found


def rate_at(
    moments: CentreMoments,
    methodology: Methodology,
    measures: pd.DataFrame | None,
    regions: dict[str, str],
) -> Stars:
    scored = score_measures(measures, methodology)
    scores = compute_scores(moments, methodology, regions=regions, measures=scored)
    frame = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "r"})
    return assign_stars(scores, methodology, register=frame)


def loop_pairs(before: pd.Series, after: pd.Series) -> tuple[int, int]:
    pairs = turned = 0
    for i, one in enumerate(before.index):
        for other in before.index[i + 1 :]:
            was = round(before[one], 9) - round(before[other], 9)
            now = round(after[one], 9) - round(after[other], 9)
            pairs += was != 0
            turned += was * now < 0
    return pairs, turned


def test_measures_are_normalised_anew(methodology: Methodology, moments: CentreMoments) -> None:
    raw = methodology.model_dump(by_alias=True)
    name = {"ru": "мера", "en": "measure"}
    for place, kind in enumerate(("min_max", "rank")):
        key = f"measure_{place}"
        raw["indicators"] = [
            *raw["indicators"],
            {"key": key, "name": name, "kind": "measure", "normaliser": {"kind": kind}},
        ]
        inner = raw["groups"][place]["indicators"]
        raw["groups"][place]["indicators"] = {k: 0.3 * w for k, w in inner.items()} | {key: 0.7}
    # The error of ranks is unknown; without a minimum a star needs none.
    raw["stars"]["minimum_sample"] = 0
    own = Methodology.model_validate(raw)
    few = keep(moments, moments.centres[:16])
    rng = np.random.default_rng(6)
    values = rng.lognormal(0, 1.5, (16, 2))
    rows = [
        {"centre": c, "indicator": f"measure_{m}", "value": values[i, m]}
        for i, c in enumerate(few.centres)
        for m in range(2)
        if (i, m) != (3, 1)
    ]
    table = pd.DataFrame(rows).assign(std_error=np.nan, n=np.nan)
    found = check_reversals(own, few, table)
    assert found.depends_on == ("measures",)
    assert found.n_with_reversal > 0


def test_nothing_is_reversed_where_centres_stand_alone(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    found = find_rank_reversals(moments, stars, methodology, regions=list_regions(moments))
    assert found.depends_on == ()
    assert found.n_with_reversal == 0
    assert len(found.frame) == len(moments.centres)
    assert (found.frame[["n_reversed", "n_star_changed", "max_abs_rank_shift"]] == 0).all(axis=None)
    assert found.pairs.empty
    assert len(found.tidy()) == 3 * len(found.frame)


def test_too_few_stars_and_other_stars(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    regions = list_regions(moments)
    few = replace(stars, frame=stars.frame.assign(star=pd.NA))
    for compute in (leave_one_out, find_rank_reversals):
        found = compute(moments, few, methodology, regions=regions)
        assert found == Unavailable(stage="sensitivity", reason="too_few_stars", detail="0")
        with pytest.raises(StatisticsError, match="without indicator means: "):
            compute(keep(moments, moments.centres[:5]), stars, methodology, regions=regions)
