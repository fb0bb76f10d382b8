"""Blocks, workers, interruptions: none changes a bit. Shares of ranks and stars by plain loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from scipy.stats import rankdata

from clientindex.errors import StatisticsError
from clientindex.methodology.sensitivity_settings import SensitivitySettings
from clientindex.rating.bands import rank_scores
from clientindex.rating.cut_points import find_cut_points
from clientindex.rating.star_rules import find_levels
from clientindex.rating.weighting import find_present, make_weight_plan
from clientindex.results import WeightStability
from clientindex.sensitivity import simulation as simulation_module
from clientindex.sensitivity.acceptability import divide_ranks
from clientindex.sensitivity.drawn_stars import find_drawn_levels
from clientindex.sensitivity.draws import DrawScheme, compute_drawn_index, draw_weightings
from clientindex.sensitivity.rank_rows import rank_rows
from clientindex.sensitivity.simulation import Running
from clientindex.sensitivity.stability import compute_weight_stability, read_draw_settings

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.results import Stars

SEED = np.random.SeedSequence(31)
TOLERANCE = 1e-12
SMALL_BLOCK = 3000


@pytest.fixture(params=["band", "dirichlet", "simplex"])
def settings(request: Any) -> SensitivitySettings:
    return SensitivitySettings(draws=150, kind=request.param, concentration=20, rank_classes=7)


@pytest.fixture
def run(moments: CentreMoments, stars: Stars, methodology: Methodology) -> Any:
    def compute(settings: SensitivitySettings, **kw: Any) -> WeightStability:
        found = compute_weight_stability(
            moments, stars, methodology, seed=SEED, settings=settings, **kw
        )
        assert isinstance(found, WeightStability)
        return found

    return compute


def assert_same(one: WeightStability, other: WeightStability) -> None:
    for name in ("frame", "acceptability", "star_shares"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    for name in ("mean_kendall_tau", "mean_share_same_star_se", "mean_abs_rank_shift"):
        assert getattr(one, name) == getattr(other, name)


def test_ranks_and_stars_equal_plain_loops(
    run: Any,
    settings: SensitivitySettings,
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
) -> None:
    found = run(settings)
    starred = stars.frame[stars.frame["star"].notna()]
    rows = [moments.centres.index(centre) for centre in starred["centre"]]
    plan = make_weight_plan(methodology)
    draws = draw_weightings(plan, DrawScheme.of(settings), first=0, size=150, seed=SEED)
    presence = find_present(~np.isnan(moments.mean[rows]), plan)
    index = compute_drawn_index(moments.mean[rows], presence, plan, draws=draws)
    ranks = np.array([rankdata(-row, method="min") for row in index])
    frame = found.frame
    np.testing.assert_allclose(frame["rank_mean"], ranks.mean(axis=0), atol=TOLERANCE)
    np.testing.assert_allclose(frame["rank_sd"], ranks.std(axis=0, ddof=1), atol=1e-9)
    for row in found.acceptability.itertuples():
        own = ranks[:, list(frame["centre"]).index(row.centre)]
        wanted = ((own >= row.rank_from) & (own <= row.rank_to)).mean()
        assert row.share == pytest.approx(wanted, abs=TOLERANCE)
    given = np.array([[star_of(score, methodology) for score in row] for row in index])
    for row in found.star_shares.itertuples():
        own = given[:, list(frame["centre"]).index(row.centre)]
        assert row.share == pytest.approx((own == row.star).mean(), abs=TOLERANCE)
    for name in ("acceptability", "star_shares"):
        np.testing.assert_allclose(getattr(found, name).groupby("centre")["share"].sum(), 1)
    told = (found.kind, found.vary, found.concentration, found.draws)
    assert told == (settings.kind, "both", 20, 150)


def star_of(score: float, methodology: Methodology) -> int:
    return next(b.stars for b in reversed(methodology.stars.bands) if score >= b.lower)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_and_blocks_leave_every_bit(
    run: Any, settings: SensitivitySettings, workers: int
) -> None:
    whole = run(settings)
    parts = run(settings, block_cells=SMALL_BLOCK, running=Running(workers=workers))
    assert_same(whole, parts)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_goes_on(
    run: Any, settings: SensitivitySettings, workers: int, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "weights.npz"

    def interrupt(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(
            settings,
            block_cells=SMALL_BLOCK,
            running=Running(workers=workers, progress=interrupt, checkpoint=path),
        )
    assert path.is_file()
    seen: list[int] = []
    running = Running(workers=workers, progress=lambda done, _: seen.append(done), checkpoint=path)
    later = run(settings, block_cells=2 * SMALL_BLOCK, running=running)
    assert seen[0] > 75
    assert seen == sorted(seen)
    assert seen[-1] == 150
    assert_same(later, run(settings))
    assert not path.exists()


def test_a_run_is_kept_now_and_then(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation_module, "SECONDS_BETWEEN_SAVES", -1.0)
    path, kept = tmp_path / "weights.npz", []
    running = Running(progress=lambda *_: kept.append(path.is_file()), checkpoint=path)
    run(SensitivitySettings(draws=60), block_cells=SMALL_BLOCK, running=running)
    assert kept[0] is False
    assert all(kept[2:])
    assert not path.exists()


@pytest.mark.parametrize(
    "changed", [{"draws": 150, "band_pct": 20.0}, {"draws": 150, "kind": "simplex"}, {"draws": 90}]
)
def test_what_other_inputs_left_counts_for_nothing(
    run: Any, changed: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "weights.npz"

    def interrupt(done: int, total: int) -> None:
        if done > total / 2:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        run(
            SensitivitySettings(draws=150),
            block_cells=SMALL_BLOCK,
            running=Running(progress=interrupt, checkpoint=path),
        )
    other = SensitivitySettings(**changed)
    seen: list[int] = []
    running = Running(progress=lambda done, _: seen.append(done), checkpoint=path)
    assert_same(run(other, running=running), run(other))
    assert seen[0] == 0


def test_a_damaged_file_counts_for_nothing(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(b"PK\x03\x04 half of a file")
    settings = SensitivitySettings(draws=20)
    assert_same(run(settings, running=Running(checkpoint=path)), run(settings))


def test_settings_of_a_methodology_stand_and_the_rest_is_as_ever(
    methodology: Methodology,
) -> None:
    found = read_draw_settings(methodology)
    assert (found.draws, found.band_pct) == (60, methodology.sensitivity.band_pct)
    assert (found.kind, found.vary) == ("band", "both")
    plain = SensitivitySettings()
    assert (plain.draws, plain.band_pct) == (1000, 25.0)


@pytest.mark.parametrize(
    "wrong",
    [{"draws": 0}, {"band_pct": 120}, {"concentration": 0.5}, {"rank_classes": 0}, {"kind": "b"}],
)
def test_settings_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        SensitivitySettings(**wrong)


def test_no_worker_is_refused() -> None:
    with pytest.raises(StatisticsError, match="at least one worker, got 0"):
        Running(workers=0)


@pytest.mark.parametrize(("n", "classes"), [(5, 7), (30, 7), (2000, 10), (1, 1), (11, 11)])
def test_classes_of_ranks_are_as_wide_as_can_be(n: int, classes: int) -> None:
    starts = divide_ranks(n, n_classes=classes)
    widths = np.diff(np.append(starts, n + 1))
    assert starts[0] == 1
    assert len(starts) == min(n, classes)
    assert widths.max() - widths.min() <= 1


def test_ranks_are_those_of_the_rating() -> None:
    rng = np.random.default_rng(8)
    scores = rng.integers(0, 40, (50, 60)) + rng.choice([0, 1e-11, 1e-3], (50, 60))
    np.testing.assert_array_equal(rank_rows(scores), rank_scores(scores))


@pytest.mark.parametrize("centres", [1, 2, 3, 64, 65, 500])
def test_ranks_of_any_number_of_centres_are_those_of_the_rating(centres: int) -> None:
    scores = np.random.default_rng(2).uniform(-100, 100, (20, centres)).round(1)
    # A tie up to the noise of a sum.
    scores[:, -1] = scores[:, 0] + 1e-12
    np.testing.assert_array_equal(rank_rows(scores), rank_scores(scores))


@pytest.mark.parametrize("score", [2e9, -2e9, np.nan, np.inf])
def test_scores_that_are_too_large_to_be_packed_or_missing_are_refused(score: float) -> None:
    with pytest.raises(StatisticsError, match="missing or too large"):
        rank_rows(np.array([[score, 2.0, 3.0]]))


@pytest.mark.parametrize("rule", ["quantiles", "k_means", "optimal_k_means", "hierarchical"])
def test_levels_of_found_cuts_are_those_of_the_rating(rule: str, methodology: Methodology) -> None:
    settings = methodology.stars.model_copy(update={"rule": rule, "stars": 4, "bands": ()})
    rng = np.random.default_rng(3)
    index = rng.normal(70, 8, (20, 45))
    index[3] = 70.0
    index[4, :40] = 61.0
    peers = np.array(["north"] * 20 + ["south"] * 25, dtype=object)
    found = find_drawn_levels(index, peers, settings)
    for scores, levels in zip(index, found, strict=True):
        known = find_cut_points(scores, peers, settings)
        there = known.reason == ""
        np.testing.assert_array_equal(levels[~there], 0)
        wanted = find_levels(scores[there], known.cuts[there])
        np.testing.assert_array_equal(levels[there], wanted)
    assert (found[3] == 0).all()
    assert (found[0] > 0).all()
