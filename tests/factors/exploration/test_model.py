from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

from clientindex.counts import add_counts, count_pairs, draw_centre_weights, iterate_batches
from clientindex.errors import StatisticsError
from clientindex.factors.adapter import extract_loadings, rotate_loadings
from clientindex.factors.exploration import compute_degrees_of_freedom, extract, fit_exploratory
from clientindex.factors.exploration import model as model_of
from clientindex.factors.matching import align_to
from clientindex.results import ExploratoryModel, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.counts import PairCounts
    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology

ITERATIVE = 1e-4
"""psych and factor_analyzer minimise with other optimisers; they stop about 2e-5 apart."""

SEED = SeedSequence(0)
ITEMS = [f"{group}{number}" for group in "abc" for number in (1, 2, 3)]
R_GROUPS = {group: [f"{group}{number}" for number in (1, 2, 3)] for group in "abc"}


@pytest.fixture(scope="module")
def few(make_methodology: Any) -> Methodology:
    """As the reference, with 100 replicates to save time."""
    return make_methodology(
        R_GROUPS,
        reversed_keys=("b2",),
        intervals={"bootstrap_replicates": 100},
        factors={"n_factors": 3, "correlations": "pearson"},
    )


@pytest.fixture(scope="module")
def sample(
    r_counts: PairCounts, few: Methodology, r_strata: Mapping[str, str], draw_sample: Any
) -> FactorSample:
    return draw_sample(r_counts, few, r_strata)


@pytest.fixture(scope="module")
def model(sample: FactorSample, few: Methodology) -> ExploratoryModel:
    found = fit_exploratory(sample, few)
    assert isinstance(found, ExploratoryModel)
    return found


def loadings_of(model: ExploratoryModel) -> pd.DataFrame:
    values = model.loadings["estimate"].to_numpy().reshape(9, 3)
    return pd.DataFrame(values, index=ITEMS, columns=["F1", "F2", "F3"])


def test_loadings_equal_psych_in_the_order_of_the_groups(
    model: ExploratoryModel, r_folder: Path
) -> None:
    reference = pd.read_csv(r_folder / "loadings.csv").query(
        "method == 'minres' and rotation == 'oblimin'"
    )
    wanted = reference.set_index("indicator")[["L2", "L1", "L3"]]  # a, b, c
    assert loadings_of(model).to_numpy() == pytest.approx(wanted.to_numpy(), abs=ITERATIVE)
    assert model.loadings["indicator"].tolist() == np.repeat(ITEMS, 3).tolist()
    assert model.loadings["factor"].tolist() == ["F1", "F2", "F3"] * 9
    found = model.communalities
    assert found["indicator"].tolist() == ITEMS
    assert found["communality"].to_numpy() == pytest.approx(
        reference["communality"].to_numpy(), abs=ITERATIVE
    )
    assert (found["communality"] + found["uniqueness"]).to_numpy() == pytest.approx(np.ones(9))


def test_factor_correlations_and_variance_equal_psych(
    model: ExploratoryModel, r_folder: Path
) -> None:
    reference = pd.read_csv(r_folder / "factors.csv").query(
        "method == 'minres' and rotation == 'oblimin'"
    )
    order = [1, 0, 2]
    wanted = reference[["P1", "P2", "P3"]].to_numpy()[np.ix_(order, order)]
    phi = model.factor_correlations["estimate"].to_numpy().reshape(3, 3)
    assert phi == pytest.approx(wanted, abs=ITERATIVE)
    ss_loadings = model.variance["ss_loadings"].to_numpy()
    assert ss_loadings == pytest.approx(
        reference["ss_loadings"].to_numpy()[order], abs=5 * ITERATIVE
    )
    assert model.variance["share"].to_numpy() == pytest.approx(ss_loadings / 9)
    assert ss_loadings.sum() == pytest.approx(model.communalities["communality"].sum())
    assert model.variance["matched_group"].tolist() == ["a", "b", "c"]


def test_eigenvalues_equal_r(model: ExploratoryModel, r_folder: Path) -> None:
    wanted = pd.read_csv(r_folder / "eigenvalues.csv")["eigenvalue"].to_numpy()
    assert model.eigenvalues == pytest.approx(wanted, abs=1e-9)


def test_intervals_equal_a_bootstrap_that_repeats_the_rows_of_centres(
    model: ExploratoryModel, r_answers: pd.DataFrame, r_strata: Mapping[str, str]
) -> None:
    centres = sorted(r_strata)
    strata = [r_strata[centre] for centre in centres]
    weights = draw_centre_weights(strata, 100, np.random.default_rng(SEED))
    position = pd.Index(centres).get_indexer(pd.Index(r_answers["centre"]))
    items = r_answers[ITEMS].assign(b2=6 - r_answers["b2"])
    drawn = []
    for weight in weights:
        r = items.loc[np.repeat(items.index, weight[position])].corr().to_numpy()
        unrotated = extract_loadings(r, n_factors=3, method="minres")
        fit = rotate_loadings(unrotated, "oblimin")
        drawn.append(align_to(loadings_of(model).to_numpy(), fit.loadings))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    assert model.loadings["ci_low"].to_numpy() == pytest.approx(low.ravel(), abs=ITERATIVE)
    assert model.loadings["ci_high"].to_numpy() == pytest.approx(high.ravel(), abs=ITERATIVE)
    assert model.replicates == 100


def test_any_chunking_gives_the_same_bytes(
    model: ExploratoryModel,
    r_answers: pd.DataFrame,
    few: Methodology,
    r_strata: Mapping[str, str],
    code_answers: Any,
    draw_sample: Any,
) -> None:
    shuffled = r_answers.sample(frac=1, random_state=3)
    batches = iterate_batches(code_answers(shuffled, few), 11)
    counts = add_counts(count_pairs(batch, few) for batch in batches)
    again = fit_exploratory(draw_sample(counts, few, r_strata), few)
    assert isinstance(again, ExploratoryModel)
    pd.testing.assert_frame_equal(model.loadings, again.loadings, check_exact=True)


def test_replicates_that_do_not_converge_are_counted_out(
    monkeypatch: pytest.MonkeyPatch, sample: FactorSample, few: Methodology
) -> None:
    minimise = extract.minimise

    def fail_every_fourth(r: Any, **settings: Any) -> Any:
        found = minimise(r, **settings)
        kept = np.arange(len(r)) % 4 != 3
        return dataclasses.replace(found, converged=found.converged & kept)

    monkeypatch.setattr(extract, "minimise", fail_every_fourth)
    found = fit_exploratory(sample, few)
    assert isinstance(found, ExploratoryModel)
    assert found.replicates == 75


def test_too_few_replicates_that_converge_are_refused(
    monkeypatch: pytest.MonkeyPatch, sample: FactorSample, few: Methodology
) -> None:
    minimise = extract.minimise

    def fail_but_the_first(r: Any, **settings: Any) -> Any:
        return dataclasses.replace(minimise(r, **settings), converged=np.arange(len(r)) == 0)

    monkeypatch.setattr(extract, "minimise", fail_but_the_first)
    found = fit_exploratory(sample, few)
    assert found == Unavailable(stage="factors", reason="unstable_resampling", detail="1/100")


def test_a_model_that_does_not_converge_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, sample: FactorSample, few: Methodology
) -> None:
    def fail(r: Any, plan: Any) -> Any:
        msg = "did not converge"
        raise StatisticsError(msg)

    monkeypatch.setattr(model_of, "fit_plan", fail)
    found = fit_exploratory(sample, few)
    assert found == Unavailable(stage="factors", reason="not_converged")


def test_models_that_are_not_defined_say_why(
    sample: FactorSample, make_methodology: Any, draw_sample: Any
) -> None:
    greedy = make_methodology(R_GROUPS, factors={"n_factors": 6, "correlations": "pearson"})
    found = fit_exploratory(sample, greedy)
    assert found == Unavailable(stage="factors", reason="too_many_factors", detail="6")
    general = make_methodology(
        R_GROUPS, factors={"n_factors": 5, "rotation": "bifactor", "correlations": "pearson"}
    )
    found = fit_exploratory(sample, general)
    assert found == Unavailable(stage="factors", reason="too_many_factors", detail="6")
    pair = dataclasses.replace(sample, counts=SimpleNamespace(indicators=("a1", "a2")))
    found = fit_exploratory(pair, greedy)
    assert found == Unavailable(stage="factors", reason="too_few_indicators")


def test_degrees_of_freedom_are_those_of_the_textbook() -> None:
    """Lawley and Maxwell: 20 indicators and five factors leave 100, six and three none."""
    assert compute_degrees_of_freedom(20, 5) == 100
    assert compute_degrees_of_freedom(6, 3) == 0
    assert compute_degrees_of_freedom(9, 6) < 0


def test_five_factors_of_the_bfi_are_its_five_groups(
    bfi: pd.DataFrame,
    bfi_counts: PairCounts,
    bfi_methodology: Methodology,
    draw_sample: Any,
) -> None:
    """The textbook example of psych: every group is the largest in a factor of its own."""
    strata = dict.fromkeys(bfi["centre"], "nowhere")
    quick = bfi_methodology.model_copy(
        update={
            "intervals": bfi_methodology.intervals.model_copy(update={"bootstrap_replicates": 20}),
            "factors": bfi_methodology.factors.model_copy(update={"correlations": "pearson"}),
        }
    )
    found = fit_exploratory(draw_sample(bfi_counts, quick, strata), quick)
    assert isinstance(found, ExploratoryModel)
    assert found.variance["matched_group"].tolist() == list(bfi_methodology.group_keys)
    own = found.loadings[found.loadings["group"] == "neuroticism"].query("factor == 'F4'")
    published = [0.81, 0.78, 0.71, 0.47, 0.49]
    assert own["estimate"].to_numpy() == pytest.approx(published, abs=0.02)
