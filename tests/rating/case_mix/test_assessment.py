"""Sets of traits side by side, levels that cannot be used, and known truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.methodology.case_mix_settings import CaseMixSettings
from clientindex.rating import compute_scores
from clientindex.results.base import TIDY_COLUMNS
from weighted_people import make_plain


def reasons_of(result: Any) -> list[tuple[str, str, str]]:
    rows = result.left_out[["trait", "level", "reason"]]
    return list(rows.itertuples(index=False, name=None))


def test_sets_side_by_side(clients: Any, adjust: Any) -> None:
    sets = {"sex": ("sex",), "full": ("sex", "age", "education")}
    found = adjust(clients, sets=sets, published="full")
    assert list(found.moments) == ["sex", "full"]
    result = found.result
    assert result.summary["traits"].tolist() == ["sex", "sex, age, education"]
    assert len(result.centres) == 24
    assert result.published == "full"
    explained = result.variance.pivot_table(index="indicator", columns="set", values="explained")
    assert (explained["full"] > explained["sex"]).all()


def test_centres_before_and_after(clients: Any, adjust: Any, three: Any) -> None:
    found = adjust(clients)
    table = found.result.centres
    index = compute_scores(found.moments["full"], three).frame
    index = index.query("segment == 'all' and kind == 'index'")
    np.testing.assert_allclose(table["adjusted"], index["estimate"])
    np.testing.assert_allclose(table["adjusted_error"], index["std_error"])
    np.testing.assert_allclose(table["difference"], table["adjusted"] - table["unadjusted"])
    assert (table["difference_error"] < table["adjusted_error"]).all()
    given = table["n"] >= three.stars.minimum_sample
    assert table["star_adjusted"].notna().eq(given).all()
    by_hand = 1 + np.digitize(table["unadjusted"], [50, 60])
    assert (table["star_unadjusted"][given] == by_hand[given]).all()
    summary = found.result.summary.iloc[0]
    both = np.corrcoef(table["unadjusted"], table["adjusted"])[0, 1]
    assert summary["correlation"] == pytest.approx(both)
    changed = (table["star_unadjusted"] != table["star_adjusted"])[given].sum()
    assert (summary["n_starred"], summary["n_star_changed"]) == (given.sum(), changed)


def test_the_mean_over_all_answers_does_not_move(clients: Any, adjust: Any, three: Any) -> None:
    moments = adjust(clients).moments["full"]
    for k, key in enumerate("abc"):
        total = (moments.mean[:, 0, k] * moments.n[:, 0, k]).sum() / moments.n[:, 0, k].sum()
        assert total == pytest.approx(25 * (clients[key].mean() - 1))


def test_rare_levels_are_joined_with_the_reference(clients: Any, adjust: Any) -> None:
    few = clients.index[clients["education"] == "higher"][:5]
    clients.loc[few, "education"] = "none"
    result = adjust(clients, minimum_respondents=10).result
    assert reasons_of(result) == [("education", "none", "rare_level")]
    assert result.left_out["detail"].tolist() == ["5"]
    use = result.levels.set_index("level")["use"]
    assert (use["none"], use["higher"], use[""], use["f"]) == ("joined", "used", "used", "used")
    same = clients.assign(education=clients["education"].replace("none", "school"))
    np.testing.assert_allclose(
        adjust(same).result.coefficients["estimate"], result.coefficients["estimate"], rtol=1e-9
    )


def test_collinear_levels_are_dropped(clients: Any, adjust: Any) -> None:
    clients["age"] = np.where(clients["sex"] == "f", "0-29", "60+")
    result = adjust(clients, sets={"two": ("sex", "age")}).result
    dropped = result.levels.query("use == 'dropped'")
    assert reasons_of(result) == [("age", dropped["level"].iloc[0], "collinear")]
    alone = adjust(clients, sets={"one": ("sex",)}).result
    np.testing.assert_allclose(
        result.coefficients["estimate"], alone.coefficients["estimate"], rtol=1e-9
    )


def test_a_trait_that_differs_only_between_centres_says_nothing(clients: Any, adjust: Any) -> None:
    clients["sex"] = np.where(clients["centre"] < "c06", "f", "m")
    result = adjust(clients, sets={"one": ("sex",)}).result
    assert reasons_of(result)[0][2] == "collinear"
    assert reasons_of(result)[1] == ("", "", "nothing_to_adjust")
    np.testing.assert_allclose(result.centres["difference"], 0, atol=1e-12)
    np.testing.assert_allclose(result.centres["difference_error"], 0, atol=1e-12)
    assert result.coefficients.empty


def test_a_trait_of_one_level(clients: Any, adjust: Any) -> None:
    result = adjust(clients.assign(sex="f"), sets={"one": ("sex",)}).result
    assert reasons_of(result) == [("sex", "", "single_level"), ("", "", "nothing_to_adjust")]


def test_an_indicator_that_nobody_answered(clients: Any, adjust: Any) -> None:
    result = adjust(clients.assign(b=np.nan)).result
    row = result.left_out.iloc[-1]
    assert (row["reason"], row["detail"]) == ("no_answers", "b")


def test_equal_answers_have_no_variance_to_explain(clients: Any, adjust: Any) -> None:
    result = adjust(clients.assign(b=4.0)).result
    assert np.isnan(result.variance.set_index("indicator").loc["b", "explained"])
    own = result.coefficients.query("indicator == 'b'")
    np.testing.assert_allclose(own[["estimate", "std_error"]], 0, atol=1e-12)


def test_a_centre_with_one_client(clients: Any, adjust: Any) -> None:
    clients.loc[0, "centre"] = "c99"
    table = adjust(clients).result.centres.set_index("centre")
    assert np.isnan(table.loc["c99", "adjusted_error"])
    assert pd.isna(table.loc["c99", "star_adjusted"])
    assert np.isfinite(table.loc["c99", "difference"])


def test_segments_have_coefficients_of_their_own(clients: Any, adjust: Any) -> None:
    clients.loc[clients.index % 3 == 0, "segment"] = "employers"
    clients.loc[clients["segment"] == "employers", ["sex", "age", "education"]] = ""
    methodology = make_plain({"g": ["a", "b", "c"]}, segments=("citizens", "employers"))
    result = adjust(clients, methodology).result
    assert set(result.coefficients["segment"]) == {"citizens"}
    found = result.left_out.query("segment == 'employers'")["reason"].tolist()
    assert found == ["single_level"] * 3 + ["nothing_to_adjust"]


def test_known_bias_is_removed(three: Any, adjust: Any) -> None:
    """All centres are equally good; the share of easy clients differs and makes them look unequal.

    Answers are 25 points higher on average for easy clients. Adjusted scores differ by sampling
    alone: they do not follow the mix, and their errors fit their spread.
    """
    rng = np.random.default_rng(6)
    parts = []
    for centre in range(60):
        easy = rng.random(120) < rng.uniform(0.1, 0.9)
        own = rng.normal(0, 0.5, 120)
        latent = easy * 1.0 + own + 2.5 + rng.normal(0, 0.5, (3, 120))
        answers = np.clip(np.rint(latent), 1, 5).T
        parts.append(
            pd.DataFrame(answers, columns=list("abc")).assign(
                centre=f"c{centre:02d}", sex=np.where(easy, "f", "m"), easy=easy
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(segment="citizens", age="", education="", weight=1.0)
    found = adjust(frame, sets={"one": ("sex",)}).result
    table = found.centres.set_index("centre")
    share = frame.groupby("centre")["easy"].mean()
    before = np.polyfit(share, table["unadjusted"], 1)[0]
    after = np.polyfit(share, table["adjusted"], 1)[0]
    assert before == pytest.approx(25, abs=2)
    assert abs(after) < 2
    assert found.coefficients["estimate"].to_numpy() == pytest.approx(
        -25 if found.coefficients["level"].iloc[0] == "m" else 25, abs=1.5
    )
    z = (table["adjusted"] - table["adjusted"].mean()) / table["adjusted_error"]
    assert 0.8 < z.std() < 1.2
    assert found.summary["n_star_changed"].iloc[0] > 0


def test_without_sets_there_are_empty_tables(clients: Any, adjust: Any) -> None:
    found = adjust(clients, sets={})
    assert found.moments == {}
    for name in ("coefficients", "levels", "centres", "variance", "summary", "left_out"):
        frame = getattr(found.result, name)
        assert frame.empty
        assert "set" in frame
    assert found.result.centres["star_adjusted"].dtype == "Int64"


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="none of the sets"):
        CaseMixSettings(sets={"a": ("sex",)}, published="b")
    with pytest.raises(ValueError, match="every one once"):
        CaseMixSettings(sets={"a": ("sex", "sex")})
    assert not CaseMixSettings().active


def test_the_tidy_table(clients: Any, adjust: Any) -> None:
    table = adjust(clients).result.tidy()
    assert tuple(table) == TIDY_COLUMNS
    assert "case_mix.full.sex.f" in set(table["statistic"])
    assert "adjusted_index.full" in set(table["statistic"])
