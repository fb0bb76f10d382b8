"""Sentences about weights and methods where something lacks, or is other than usual."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from clientindex.results import Unavailable
from clientindex.wording import load_wording
from clientindex.wording.sentences import PARAGRAPHS
from clientindex.wording.sentences.sensitivity import RECIPES
from presentation_bundle import make_bundle, make_results

RU, EN = load_wording("ru"), load_wording("en")
RESULTS = make_results()


def say(paragraph, name="", wording=EN, /, **fields):
    """Say a paragraph of the bundle in which fields of the result `name` are changed."""
    changed = {name: dataclasses.replace(RESULTS[name], **fields)} if name else {}
    said = PARAGRAPHS[paragraph](make_bundle(results=RESULTS | changed), wording)
    return said.replace("\u00a0", " ")


def narrow(share, half):
    """Return importance in which intervals of linear shares are half as wide as asked."""
    frame = RESULTS["weight_importance"].importance.copy()
    own = (frame["kind"] == "group") & (frame["statistic"] == "linear_share")
    frame.loc[own, "ci_low"] = frame["estimate"] - half
    frame.loc[own, "ci_high"] = frame["estimate"] + half
    frame.loc[own & (frame["key"] == "comfort"), "estimate"] = share
    return frame


def test_groups_beyond_their_weight_are_named():
    said = say("weight_importance", "weight_importance", importance=narrow(0.1, 0.04))
    assert (
        "The whole interval of importance is above the weight of: “Friendliness and partnership” "
        "and “Usefulness”." in said
    )
    assert (
        "The whole interval of importance is below the weight of: “Personal relevance” and "
        "“Comfort and convenience”." in said
    )
    assert "For no group" not in said
    russian = say("weight_importance", "weight_importance", RU, importance=narrow(0.1, 0.04))
    assert "«Адресность» и «Внешний комфорт и удобство»" in russian


def test_the_summary_says_whether_groups_matter_as_they_weigh():
    name = "weight_importance"
    alike = say("weights_summary", name, importance=narrow(0.1, 0.2))
    assert alike.startswith("Groups matter to the index about as much as they weigh: most")
    apart = say("weights_summary", name, importance=narrow(0.1, 0.04))
    assert apart.startswith(
        "The group “Friendliness and partnership” matters most to the index: it has 30.0% of the "
        "importance with a weight of 20.0% (95% confidence interval [26.0, 34.0])"
    )
    small = RESULTS[name].importance.copy()
    small.loc[small["statistic"] == "net_share", "estimate"] -= 0.017
    assert "by no more than 0.3 pp." in say("weight_importance", name, importance=small)


def test_importance_that_is_not_known_is_said_so():
    empty = RESULTS["weight_importance"].importance.iloc[:0]
    assert say("weight_importance", "weight_importance", importance=empty) == (
        "The importance of groups is not defined."
    )
    assert say("weight_bend", "weight_importance", importance=empty) == (
        "Importance by smooth curves is not defined."
    )
    assert "without sampling error is not defined" in say(
        "weight_importance", "weight_importance", sampling="none"
    )
    nothing = RESULTS["weight_importance"].compensation.iloc[:0]
    assert say("weight_compensation", "weight_importance", RU, compensation=nothing) == (
        "Возмещение между группами не определено."
    )


def test_indicators_without_faults():
    result = RESULTS["weight_importance"]
    removal = result.removal.assign(against="no", leaves_ranks=False)
    pairs = result.pairs.assign(redundant=False, net_redundant=False)
    said = say("weight_redundancy", "weight_importance", removal=removal, pairs=pairs)
    assert said == (
        "None of the 3 pairs of indicators correlates between centres at 0.90 or above. "
        "No indicator runs against the index. Without any of the indicators ranks would change "
        "visibly (τ below 0.95)."
    )
    idle = result.removal.assign(leaves_ranks=True)
    assert "Without any one of 20 indicators (of 20)" in say(
        "weight_redundancy", "weight_importance", removal=idle
    )


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("closest", "a gap of 3.0 pp remains"), ("not_converged", "not to be trusted")],
)
def test_weights_that_miss_their_target(outcome, told):
    summary = RESULTS["optimised_weights"].summary.assign(outcome=outcome, gap=0.03)
    assert told in say("optimised_weights", "optimised_weights", summary=summary)


def test_weights_whose_intervals_contain_the_current_ones_need_no_change():
    frame = RESULTS["optimised_weights"].frame
    wide = frame.assign(ci_low=0.0, ci_high=1.0)
    said = say("optimised_weights", "optimised_weights", RU, frame=wide)
    assert "нельзя утверждать, что веса надо менять" in said
    unknown = frame.assign(ci_low=np.nan, ci_high=np.nan)
    said = say("optimised_weights", "optimised_weights", frame=unknown)
    assert "weights have to change" not in said
    assert "differ from the current ones" not in said


def test_the_doubt_says_which_choices_the_method_is():
    options = RESULTS["joint_doubt"].options
    kept = options[options["own"]]
    assert "The method here means: kind of mean;" in say("joint_doubt")
    assert "The method here means" not in say("joint_doubt", "joint_doubt", options=kept)


def test_indicators_alone_have_no_weights_of_groups():
    summary = RESULTS["optimised_weights"].summary.iloc[:0]
    assert say("optimised_weights", "optimised_weights", summary=summary) == (
        "Weights of groups were not optimised."
    )


def test_sources_without_experts_and_regression():
    result = RESULTS["weight_sources"]
    assert say("weight_experts", "weight_sources", RU, experts=result.experts.iloc[:0]) == (
        "Ответов экспертов в этом издании нет."
    )
    assert say(
        "satisfaction_parts", "weight_sources", importance=result.importance.iloc[:0]
    ).endswith("is not defined.")
    consistent = result.consistency.assign(inconsistent=False)
    assert "do not contradict one another in any table (2)" in say(
        "weight_experts", "weight_sources", consistency=consistent
    )
    known = result.left_out.iloc[:0]
    assert "No weights or no stars" not in say("weight_sources", "weight_sources", left_out=known)
    kept = result.left_out[result.left_out["reason"] == "parents"]
    assert "No weights or no stars" not in say("weight_sources", "weight_sources", left_out=kept)


def test_stars_whose_cut_points_follow_the_indices():
    assert "this is a lower bound" in say("weight_bounds", "weight_bounds", stars_by="bounds")
    unknown = say("weight_bounds", "weight_bounds", RU, stars_by="none")
    assert unknown.endswith("поэтому точного ответа о звёздах нет.")
    assert say("weight_dependence", "weight_bounds", stars_by="none").startswith("Cut points")
    frame = RESULTS["weight_bounds"].frame.assign(smallest_band_pct=np.nan)
    assert "most easily" not in say("weight_dependence", "weight_bounds", frame=frame)


def test_methods_without_alternatives():
    result = RESULTS["multiverse"]
    alone = say(
        "multiverse",
        "multiverse",
        variants=result.variants.iloc[:1],
        effects=result.effects.iloc[:0],
        n_grid=1,
    )
    assert alone.endswith("1 of 1. There are no other variants.")
    one = say("multiverse", "multiverse", effects=result.effects.iloc[:1])
    assert "Next comes" not in one


def test_stars_that_never_change_have_no_parts():
    indices = RESULTS["sobol_indices"].indices
    other = indices[indices["output"] != "share_changed_stars"]
    assert "Stars did not change." in say("sobol_indices", "sobol_indices", indices=other)


def test_doubt_that_is_nothing_or_has_sources_that_stay():
    result = RESULTS["joint_doubt"]
    sure = result.summary.assign(
        estimate=result.summary["estimate"].where(
            result.summary["statistic"] != "expected_wrong", 0.0
        )
    )
    assert "the stars of 4 centres stay the same" in say("joint_doubt", "joint_doubt", summary=sure)
    still = pd.DataFrame(
        [("source", "sampling", "no_sampling_error", "")],
        columns=["kind", "key", "reason", "detail"],
    )
    assert say("joint_doubt", "joint_doubt", RU, left_out=still).endswith(
        "Не менялось: ошибка выборки. Ошибка выборки равна нулю или неизвестна."
    )


def test_parts_that_change_nothing():
    parts = RESULTS["leave_out"].parts.assign(share_same_star=1.0)
    said = say("leave_out", "leave_out", parts=parts)
    assert "No group changes stars by its absence." in said
    assert "Leaving out any region does not change" in said


def test_centres_that_do_not_depend_on_others():
    frame = RESULTS["rank_reversals"].frame
    alone = say("rank_reversals", "rank_reversals", frame=frame.iloc[:0], depends_on=())
    assert alone.endswith("changes neither the order nor the stars of others.")
    cuts = say("rank_reversals", "rank_reversals", RU, depends_on=("cut_points",))
    assert "Порядок остальных центров от ухода одного из них измениться не может." in cuts


def test_the_summary_passes_over_what_is_not_there():
    lost = dict.fromkeys(
        ("weight_importance", "multiverse", "joint_doubt"),
        Unavailable(stage="sensitivity", reason="no_stars"),
    )
    bundle = make_bundle(results=RESULTS | lost)
    said = PARAGRAPHS["weights_summary"](bundle, EN).replace("\u00a0", " ")
    assert said == (
        "Under any weights that differ from the current ones by no more than ±25%, the stars of "
        "1 centre of 4 cannot change. Under random weights the stars of 1 centre of 4 are always "
        "the same, and a centre keeps its stars in 84% of cases on average."
    )


@pytest.mark.parametrize("name", [recipe.name for recipe in RECIPES])
def test_a_paragraph_of_an_absent_result_says_why(name):
    needs = PARAGRAPHS[name].needs
    kept = {key: value for key, value in RESULTS.items() if key not in needs}
    lost = {need: Unavailable(stage="sensitivity", reason="no_stars") for need in needs}
    told = PARAGRAPHS[name].explain_absence(make_bundle(results=kept | lost), wording=RU)
    assert "Звёзд нет ни у одного центра." in told
    assert PARAGRAPHS[name].explain_absence(make_bundle(results=kept), wording=EN)


def test_random_weights_are_told_as_they_were_drawn():
    told = say("stability", "weight_stability", kind="dirichlet", concentration=50.0)
    assert "Dirichlet distribution about those of the methodology (concentration 50)" in told
    assert "±" not in told
    assert "within ±25%" in say("stability", "weight_stability")
