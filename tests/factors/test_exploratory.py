from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

from clientindex.counts import add_counts, count_pairs, draw_centre_weights, iterate_batches
from clientindex.errors import StatisticsError
from clientindex.factors import exploratory, fit_exploratory
from clientindex.factors.adapter import Solution, fit_solution
from clientindex.factors.exploratory import compute_degrees_of_freedom
from clientindex.factors.matching import align_to
from clientindex.results import ExploratoryModel, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.counts import PairCounts
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
        factors={"n_factors": 3},
    )


@pytest.fixture(scope="module")
def model(r_counts: PairCounts, few: Methodology, r_strata: Mapping[str, str]) -> ExploratoryModel:
    found = fit_exploratory(r_counts, few, strata=r_strata, seed=SEED)
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
        fit = fit_solution(r, n_factors=3, method="minres", rotation="oblimin")
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
) -> None:
    shuffled = r_answers.sample(frac=1, random_state=3)
    batches = iterate_batches(code_answers(shuffled, few), 11)
    counts = add_counts(count_pairs(batch, few) for batch in batches)
    again = fit_exploratory(counts, few, strata=r_strata, seed=SEED)
    assert isinstance(again, ExploratoryModel)
    pd.testing.assert_frame_equal(model.loadings, again.loadings, check_exact=True)


def test_replicates_that_do_not_converge_are_counted_out(
    monkeypatch: pytest.MonkeyPatch,
    r_counts: PairCounts,
    few: Methodology,
    r_strata: Mapping[str, str],
) -> None:
    calls = []

    def fail_every_fourth(r: Any, **settings: Any) -> Solution:
        calls.append(r)
        if len(calls) % 4 == 0:
            msg = "did not converge"
            raise StatisticsError(msg)
        return fit_solution(r, **settings)

    monkeypatch.setattr(exploratory, "fit_solution", fail_every_fourth)
    found = fit_exploratory(r_counts, few, strata=r_strata, seed=SEED)
    assert isinstance(found, ExploratoryModel)
    assert found.replicates == 75


def test_a_model_that_does_not_converge_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
    r_counts: PairCounts,
    few: Methodology,
    r_strata: Mapping[str, str],
) -> None:
    def fail(r: Any, **settings: Any) -> Solution:
        msg = "did not converge"
        raise StatisticsError(msg)

    monkeypatch.setattr(exploratory, "fit_solution", fail)
    found = fit_exploratory(r_counts, few, strata=r_strata, seed=SEED)
    assert found == Unavailable(stage="factors", reason="not_converged")


def test_replicates_are_capped(
    r_counts: PairCounts, make_methodology: Any, r_strata: Mapping[str, str]
) -> None:
    one = make_methodology(
        R_GROUPS, reversed_keys=("b2",), factors={"n_factors": 1, "rotation": "none"}
    )
    found = fit_exploratory(r_counts, one, strata=r_strata, seed=SEED)
    assert isinstance(found, ExploratoryModel)
    assert found.replicates == exploratory.LOADING_REPLICATES
    assert found.loadings["factor"].unique().tolist() == ["F1"]
    assert (found.loadings["estimate"] > 0).all()


def refuse(answers: pd.DataFrame, methodology: Methodology, code_answers: Any) -> Unavailable:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    strata = dict.fromkeys(answers["centre"], "east")
    found = fit_exploratory(counts, methodology, strata=strata, seed=SEED)
    assert isinstance(found, Unavailable)
    return found


def test_models_that_cannot_be_fitted_say_why(
    r_answers: pd.DataFrame, few: Methodology, make_methodology: Any, code_answers: Any
) -> None:
    greedy = make_methodology(R_GROUPS, factors={"n_factors": 6})
    found = refuse(r_answers, greedy, code_answers)
    assert (found.stage, found.reason, found.detail) == ("factors", "too_many_factors", "6")
    constant = refuse(r_answers.assign(b2=1, c3=2), few, code_answers)
    assert (constant.reason, constant.detail) == ("zero_variance", "b2, c3")
    doubled = refuse(r_answers.assign(a2=r_answers["a1"]), few, code_answers)
    assert doubled.reason == "not_positive_definite"
    assert refuse(r_answers.assign(centre="c00"), few, code_answers).reason == "one_centre"


def test_degrees_of_freedom_are_those_of_the_textbook() -> None:
    """Lawley and Maxwell: 20 indicators and five factors leave 100, six and three none."""
    assert compute_degrees_of_freedom(20, 5) == 100
    assert compute_degrees_of_freedom(6, 3) == 0
    assert compute_degrees_of_freedom(9, 6) < 0


def test_five_factors_of_the_bfi_are_its_five_groups(
    bfi: pd.DataFrame, bfi_counts: PairCounts, bfi_methodology: Methodology
) -> None:
    """The textbook example of psych: every group is the largest in a factor of its own."""
    strata = dict.fromkeys(bfi["centre"], "nowhere")
    quick = bfi_methodology.model_copy(
        update={
            "intervals": bfi_methodology.intervals.model_copy(update={"bootstrap_replicates": 20})
        }
    )
    found = fit_exploratory(bfi_counts, quick, strata=strata, seed=SEED)
    assert isinstance(found, ExploratoryModel)
    assert found.variance["matched_group"].tolist() == list(bfi_methodology.group_keys)
    own = found.loadings[found.loadings["group"] == "neuroticism"].query("factor == 'F4'")
    published = [0.81, 0.78, 0.71, 0.47, 0.49]
    assert own["estimate"].to_numpy() == pytest.approx(published, abs=0.02)
