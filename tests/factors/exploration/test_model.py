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
from clientindex.results import ExploratoryModel, Unavailable, load_result, save_result
from weighted_rows import correlate_rows, percentiles

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


def test_intervals_equal_a_bootstrap_that_weights_the_rows_of_centres(
    model: ExploratoryModel, r_answers: pd.DataFrame, r_strata: Mapping[str, str]
) -> None:
    centres = sorted(r_strata)
    strata = [r_strata[centre] for centre in centres]
    weights = draw_centre_weights(strata, 100, np.random.default_rng(SEED))
    position = pd.Index(centres).get_indexer(pd.Index(r_answers["centre"]))
    items = r_answers[ITEMS].assign(b2=6 - r_answers["b2"])
    drawn = []
    for weight in weights:
        r = correlate_rows(items, weight[position])
        unrotated = extract_loadings(r, n_factors=3, method="minres")
        fit = rotate_loadings(unrotated, "oblimin")
        drawn.append(align_to(loadings_of(model).to_numpy(), fit.loadings))
    low, high = percentiles(drawn)
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


def refit(sample: FactorSample, make_methodology: Any, **factors: Any) -> ExploratoryModel:
    methodology = make_methodology(
        R_GROUPS,
        intervals={"bootstrap_replicates": 100},
        factors={"n_factors": 3, "correlations": "pearson", **factors},
    )
    found = fit_exploratory(sample, methodology)
    assert isinstance(found, ExploratoryModel)
    return found


def test_structure_is_the_correlation_with_the_factors(model: ExploratoryModel) -> None:
    phi = model.factor_correlations["estimate"].to_numpy().reshape(3, 3)
    structure = model.loadings["structure"].to_numpy().reshape(9, 3)
    assert structure == pytest.approx(loadings_of(model).to_numpy() @ phi)


def test_residuals_are_what_the_model_leaves(model: ExploratoryModel, r_folder: Path) -> None:
    observed = pd.read_csv(r_folder / "correlations.csv").to_numpy()
    pattern = loadings_of(model).to_numpy()
    structure = model.loadings["structure"].to_numpy().reshape(9, 3)
    upper = np.triu_indices(9, 1)
    assert model.residuals["observed"].to_numpy() == pytest.approx(observed[upper])
    left = (observed - pattern @ structure.T)[upper]
    assert model.residuals["residual"].to_numpy() == pytest.approx(left)
    assert model.residuals.loc[0, ["indicator", "other"]].tolist() == ["a1", "a2"]
    rmsr = model.fit.set_index("statistic").loc["rmsr", "estimate"]
    assert rmsr == pytest.approx(np.sqrt(np.mean(left**2)))


def test_intervals_of_derived_numbers_are_those_of_the_replicates(
    model: ExploratoryModel,
) -> None:
    """Ends lie around the estimates, diagonal correlations have none, shares are of nine."""
    frame = model.communalities
    assert (frame["ci_low"] < frame["communality"]).all()
    assert (frame["ci_high"] > frame["communality"]).all()
    phi = model.factor_correlations
    same = phi["factor"] == phi["other"]
    assert phi.loc[same, ["ci_low", "ci_high"]].isna().all(axis=None)
    assert (phi.loc[~same, "ci_low"] < phi.loc[~same, "estimate"]).all()
    assert (model.variance["ci_low"] < model.variance["share"]).all()
    assert not frame["heywood"].any()


def test_congruence_with_the_groups_is_largest_on_the_diagonal(model: ExploratoryModel) -> None:
    table = model.congruence["estimate"].to_numpy().reshape(3, 3)
    assert model.congruence["group"].tolist() == ["a", "b", "c"] * 3
    assert table.argmax(axis=1).tolist() == [0, 1, 2]
    pattern = loadings_of(model)["F1"].to_numpy()
    wanted = pattern[:3].sum() / np.sqrt(3 * np.sum(pattern**2))
    assert table[0, 0] == pytest.approx(wanted)


def test_verdicts_say_where_the_largest_loadings_are(model: ExploratoryModel) -> None:
    frame = model.verdicts.set_index("indicator")
    loadings = loadings_of(model)
    assert frame.loc["a1", "own_loading"] == loadings.loc["a1", "F1"]
    others = loadings.loc["a1", ["F2", "F3"]]
    assert frame.loc["a1", "largest_other"] == others[others.abs().idxmax()]
    assert frame.loc["a1", "other_factor"] == others.abs().idxmax()
    assert frame["share"].between(0, 1).all()
    assert (frame.loc[frame["own_loading"] > 0.6, "share"] > 0.9).all()


def test_both_kinds_of_correlations_are_told_with_aligned_factors(
    model: ExploratoryModel,
) -> None:
    parts = dict(iter(model.by_basis.groupby("basis")["estimate"]))
    assert parts["pearson"].tolist() == model.loadings["estimate"].tolist()
    # The other kind has correlations of 0.9 times the first: loadings shrink by its root.
    other = parts["polychoric"].to_numpy()
    assert other == pytest.approx(np.sqrt(0.9) * parts["pearson"].to_numpy(), abs=0.01)


def test_all_rotations_stand_side_by_side(model: ExploratoryModel) -> None:
    frame = model.rotations.set_index("rotation")
    assert frame.index.tolist() == ["oblimin", "promax", "varimax", "geomin", "bifactor", "target"]
    counts = frame[["n_own", "n_cross", "n_other", "n_none"]]
    assert (counts.sum(axis=1) == 9).all()
    assert (frame["congruence_min"] <= frame["congruence_mean"]).all()
    told = model.verdicts["verdict"].value_counts()
    for verdict in ("own", "cross", "other", "none"):
        assert frame.loc["oblimin", f"n_{verdict}"] == told.get(verdict, 0)
    assert frame.loc["target", "congruence_mean"] > frame.loc["varimax", "congruence_mean"]


def test_schmid_leiman_keeps_the_communalities(model: ExploratoryModel) -> None:
    """Of exact second-order factors (three always are) the squares sum to the communality."""
    frame = model.schmid_leiman
    assert frame["factor"].tolist() == ["general", "F1", "F2", "F3"] * 9
    communality = model.communalities.set_index("indicator")["communality"]
    squares = (frame["estimate"] ** 2).groupby(frame["indicator"]).sum().loc[ITEMS]
    assert squares.to_numpy() == pytest.approx(communality.to_numpy(), abs=1e-6)


def test_uncorrelated_factors_borrow_the_general_one_of_oblimin(
    sample: FactorSample, model: ExploratoryModel, make_methodology: Any
) -> None:
    for rotation in ("varimax", "bifactor"):
        found = refit(sample, make_methodology, rotation=rotation)
        pd.testing.assert_frame_equal(found.schmid_leiman, model.schmid_leiman, rtol=1e-6)


def test_a_bifactor_model_has_a_general_factor_beside_those_asked_for(
    sample: FactorSample, make_methodology: Any
) -> None:
    found = refit(sample, make_methodology, rotation="bifactor")
    assert found.n_factors == 4
    assert found.loadings["factor"].unique().tolist() == ["general", "F1", "F2", "F3"]
    assert found.variance["matched_group"].tolist() == ["index", "a", "b", "c"]
    assert found.fit.set_index("statistic").loc["df", "estimate"] == 6
    general = found.loadings.query("factor == 'general'")["estimate"]
    assert (general > 0.1).all()
    assert found.factor_correlations["ci_low"].isna().all()
    assert "general" not in found.verdicts["other_factor"].tolist()


@pytest.mark.parametrize(
    ("n_factors", "rotation"),
    [
        (1, "oblimin"),
        (1, "bifactor"),
        (2, "geomin"),
        (2, "target"),
        (4, "varimax"),
        (4, "target"),
        (4, "bifactor"),
    ],
)
def test_factors_need_not_be_as_many_as_groups(
    n_factors: int, rotation: str, sample: FactorSample, make_methodology: Any, tmp_path: Path
) -> None:
    found = refit(sample, make_methodology, n_factors=n_factors, rotation=rotation)
    columns = n_factors + (rotation == "bifactor")
    assert found.n_factors == columns
    assert len(found.loadings) == 9 * columns
    assert found.communalities["communality"].between(0, 1.0).all()
    assert (found.schmid_leiman.empty) == (n_factors < 3)
    save_result(found, tmp_path, name="exploratory")
    loaded = load_result(tmp_path, name="exploratory")
    pd.testing.assert_frame_equal(loaded.tidy(), found.tidy())
    if n_factors == 1:
        homeless = found.verdicts[found.verdicts["own_loading"].isna()]
        assert homeless["group"].nunique() == 2
        assert set(homeless["verdict"]) <= {"other", "none"}


def test_a_rotation_that_is_not_defined_is_missing_from_the_comparison(
    sample: FactorSample, make_methodology: Any
) -> None:
    """Five factors leave one degree of freedom, and bifactor wants a sixth factor."""
    found = refit(sample, make_methodology, n_factors=5)
    row = found.rotations.set_index("rotation").loc["bifactor"]
    assert row.isna().all()


@pytest.mark.parametrize("method", ["ml", "principal_axis"])
def test_other_methods_are_told_under_their_own_name(
    method: str, sample: FactorSample, make_methodology: Any, model: ExploratoryModel
) -> None:
    found = refit(sample, make_methodology, method=method)
    assert found.method == method
    if method == "principal_axis":  # its fixed point is minres
        assert loadings_of(found).to_numpy() == pytest.approx(
            loadings_of(model).to_numpy(), abs=1e-6
        )


def test_a_heywood_case_is_flagged_with_its_share_of_replicates(
    sample: FactorSample, make_methodology: Any
) -> None:
    """The first indicator would need a loading of 1.1 to explain its correlations."""
    loadings = np.full(9, 0.5)
    loadings[0] = 1.1
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1)
    broken = dataclasses.replace(
        sample,
        correlations={"pearson": r, "polychoric": r},
        replicates={"pearson": np.repeat(r[None], 100, axis=0)},
    )
    found = refit(broken, make_methodology, n_factors=1).communalities
    assert found["heywood"].tolist() == [True] + [False] * 8
    assert found["heywood_share"].tolist() == [1.0] + [0.0] * 8
