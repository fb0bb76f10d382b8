"""The command for index and stars on hand-made results: every number, every gap with its reason."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from clientindex.cli import main, rating_sections
from clientindex.cli.rated import Rated
from clientindex.cli.rating_line import Ruler
from clientindex.cli.rating_names import form_number, write_chance, write_distance, write_set
from clientindex.cli.rating_study import RATING_RESULTS
from clientindex.edition import load_edition
from clientindex.results import Unavailable
from presentation_bundle import load_small_methodology, make_results
from reliability_output import find_row, read_cells

ROOT = Path(__file__).parents[2]
PATH = ROOT / "editions" / "demo.yml"


def complete_stars(stars):
    """Add what stars have beside those of the hand-made bundle."""
    frame = stars.frame.assign(
        uncapped=stars.frame["star"], capped_by="", at_most=pd.NA, peer_group=""
    )
    cuts = pd.DataFrame(
        {"peer_group": "all", "star": [2, 3, 4, 5], "cut": [50.0, 60.0, 70.0, 80.0]}
    ).assign(wanted=[48.0, 60.0, 70.0, 83.0], previous=[50.0, 61.0, 69.0, 78.0])
    return replace(stars, frame=frame, cuts=cuts.assign(held_by=["relative", "", "", "absolute"]))


@pytest.fixture
def results():
    found = make_results()
    return {name: found[name] for name in RATING_RESULTS} | {
        "stars": complete_stars(found["stars"])
    }


@pytest.fixture
def show(results, monkeypatch):
    """Return a function that calls the command on hand-made results."""

    def call(*arguments, methodology=None, unread_previous="", **changes):
        rated = Rated(
            edition=load_edition(PATH),
            methodology=methodology or load_small_methodology(),
            results=results | changes,
            up_to_date=True,
            unread_previous=unread_previous,
        )

        def read(_, *, check):
            check(rated.stars.frame)
            return rated

        monkeypatch.setattr(rating_sections, "read_rating", read)
        return CliRunner().invoke(main, ["rating", str(PATH), *map(str, arguments)])

    return call


def test_the_whole_has_no_bare_nan(show):
    result = show()
    assert result.exit_code == 0
    assert not re.search(r"\bnan\b|<NA>|None\b", result.output)


def test_respondents_that_nobody_counted_have_a_dash(show, results):
    frames = {"stars": "frame", "star_doubt": "centres"}
    known = {name: getattr(results[name], field) for name, field in frames.items()}
    unknown = {
        name: replace(results[name], **{frames[name]: frame.assign(n=float("nan"))})
        for name, frame in known.items()
    }
    assert "n = -" in show("--centre", "c1", **unknown).output
    for arguments in (("--what", "centres"), ("--region", "Край"), ("--centre", "c1")):
        assert not re.search(r"\bnan\b", show(*arguments, **unknown).output)


def test_only_a_small_sample_is_said_to_be_below_what_is_asked_for(show):
    small, none = (show("--centre", centre).output for centre in ("c5", "c6"))
    assert "No star: small sample (the methodology asks for 30 respondents)." in small
    assert "No star: no answers." in none


def test_one_star_is_one_star_and_an_unknown_reference_is_named(show, results):
    frame = results["stars"].frame
    one = replace(results["stars"], frame=frame.assign(star=frame["star"].replace(3, 1)))
    assert find_row(show("--what", "stars", stars=one).output, "1 star") == ["1", "16.7%"]
    coefficients = results["case_mix"].coefficients.assign(reference="")
    mix = replace(results["case_mix"], coefficients=coefficients)
    assert "against unknown" in show("--what", "case-mix", case_mix=mix).output


def test_stars_and_reasons_are_counted(show):
    output = show("--what", "stars").output
    assert "6 centres: 5 with an index, 4 with a star; at least 30 respondents" in output
    assert find_row(output, "4 stars") == ["2", "33.3%"]
    assert find_row(output, "no star: small sample") == ["1", "16.7%"]
    assert find_row(output, "no star: no answers") == ["1", "16.7%"]
    assert "shared out in 2 groups" in " ".join(output.split())


def test_accuracy_by_route_with_the_error_of_draws(show):
    output = show("--what", "accuracy").output
    assert find_row(output, "by the centre's own answers*") == ["84.4%", "100.0%", "0.6", "1"]
    assert find_row(output, "by draws")[0] == "83.9% +- 0.6%"
    assert find_row(output, "given 4") == ["0.0", "0.0", "0.5", "1.5", "0.0"]


def test_cuts_found_have_intervals_and_name_the_guardrail(show, results):
    methodology = load_small_methodology()
    guard = {"previous": {"all": (50, 61, 69, 78)}, "absolute": 2.0}
    rule = methodology.stars.model_copy(update={"rule": "k_means", "guardrail": guard, "stars": 5})
    found = results["star_doubt"]
    cuts = found.cuts.assign(ci_low=found.cuts["cut"] - 1.5, ci_high=found.cuts["cut"] + 1.25)
    output = show(
        *("--what", "cuts"),
        methodology=methodology.model_copy(update={"stars": rule}),
        star_doubt=replace(found, cuts=cuts),
    ).output
    assert "Cut points (k means)" in output
    assert find_row(output, "2") == ["50.00 [48.50, 51.25]", "48.00", "50.00", "relative limit"]
    assert find_row(output, "4") == ["70.00 [68.50, 71.25]", "70.00", "69.00", "free"]
    assert find_row(output, "5")[1:] == ["83.00", "78.00", "absolute limit"]
    assert "an interval may leave out its cut" in " ".join(output.split())


def test_the_least_sure_come_first_with_distances_and_small_samples_marked(show):
    output = show("--what", "centres").output
    rows = read_cells(output)
    assert [row[0] for row in rows] == ["c1", "c3", "c2", "c4", "c4", "c2", "c3", "c1"]
    assert rows[4] == [
        *("c4", "ЦЗН № 4", "200!", "71.0 [68.1, 73.9]", "4", "75%", ">99%"),
        *("9.0 (6.0 SE)", "1.0 (0.7 SE)"),
    ]
    assert rows[0][7] == "none"
    assert rows[1][5] == "89%"


def test_ranks_with_ties_sets_and_the_top(show):
    output = show("--what", "ranks").output
    assert [row[0] for row in read_cells(output)] == ["1", "2", "2", "4"]
    assert find_row(output, "2", "c4")[2:] == ["2-4", "2-3", "2-3", "2-4", "1%", "no"]
    assert find_row(output, "1", "c1")[2:] == ["1", "1", "1", "1", "99%", "yes"]
    assert "Left out: Край, sets. There are too few draws" in output


def test_regions_without_visitors_have_notes(show):
    output = show("--what", "regions").output
    assert find_row(output, "Край")[3:] == ["74.5 [39.6, 75.0]", "72.3 [40.0, 100.0]", "2.17"]
    empty = find_row(output, "Округ")
    number = re.fullmatch(r"- \((\d)\)", empty[3])[1]
    assert f"({number}) There are no scores." in output
    assert find_row(output, "index")[2].startswith("5% [0%, 50%]")
    told = " ".join(output.split())
    assert "Usefulness, components; Minimal effort, components; Personal relevance" in told


def test_who_stands_out(show):
    output = show("--what", "unusual").output
    assert find_row(output, "centres")[2:] == ["30.00", "5.48", "8.00", "< 0.001", "1, 0", "0, 0"]
    assert "Stand out by either model: 1 of 4 centres:" in output
    assert find_row(output, "c1 ЦЗН № 1")[2:] == ["+13.25", "+2.50", "0.046 high", "+2.42", "0.062"]
    assert "No region stands out at a false discovery rate of 5% (of 2)" in output
    assert "z: distance from the target in these errors" in " ".join(output.split())


def test_models_name_their_estimator_and_what_is_left_out(show):
    output = show("--what", "shrinkage").output
    assert find_row(output, "variance of true scores", "DerSimonian-Laird") == [
        "95.00 [25.00, 1250.00]",
        "4",
    ]
    assert find_row(output, "share explained by covariates", "REML")[0] == "0.545"
    assert find_row(output, "index") == [
        "4",
        "72.50 [63.19, 81.81]",
        "88.00 [25.00, 1250.00]",
        "2%-7%",
    ]
    assert "Fay-Herriot, Friendliness and partnership. There are too few centres: 2/4." in output
    assert "c2, Fay-Herriot. The register does not say" in output


def test_errors_that_cannot_be_checked_are_counted(show):
    output = show("--what", "errors").output
    assert find_row(output, "n of 250 and more") == ["3", "1.050 [0.994, 1.050]", "0.050", "0.10"]
    assert find_row(output, "n below 250") == ["1", "-", "-", "-"]
    assert "most in c4: 199 of 200" in output
    assert "left for a standard error: 1." in output


def test_the_change_with_its_parts_stars_and_reasons(show):
    output = show("--what", "change").output
    assert "methodology 2025, now 2026" in output
    assert find_row(output, "service") == ["+0.75 [-6.19, +7.69]", "5"]
    assert find_row(output, "centres that are gone")[0].startswith("+2.48")
    assert find_row(output, "5") == ["0", "0", "1", "1", "0"]
    assert find_row(output, "c3")[1:] == [
        "70.0",
        "62.5",
        "-7.5 [-12.4, -2.6]",
        "0.005",
        "merged -> 3",
    ]
    for said in ("c5. There are fewer respondents", "c7. The centre is not in the new edition."):
        assert f"Left out: {said}" in output


def test_weights_and_case_mix_with_their_effects(show):
    output = show("--what", "weights", "--what", "case-mix").output
    assert "margins by region: sex, age, channel" in output
    assert find_row(output, "Псковская область")[5] == "no, weights as before"
    assert find_row(output, "c3") == ["64.75 (1.80)", "62.50 (2.00)", "-2.25"]
    assert "1.00-1.60; n effective 16-400" in output
    assert find_row(output, "full", "sex, age, channel")[-1] == "1 of 4"
    assert find_row(output, "basic", "c4")[-1] == "4 -> 3"
    assert "channel: online against in_person" in output
    assert "sex: unknown against female" in output


def test_a_region_without_stars_says_so(show):
    output = show("--region", "Округ").output
    assert "c6, ЦЗН № 6: no star, no answers" in output
    assert "Ranks inside the region: none, as none of its centres has a star." in output
    assert not re.search(r"\bnan\b|<NA>", output)


def test_a_region_has_lines_and_chances(show):
    output = show("--region", "Край").output
    row = find_row(output, "c4")
    assert row[0] == "ЦЗН № 4"
    assert row[3] == "|       --o---     |"
    assert row[4:] == ["<1%", "<1%", "26%", "75%*", "<1%"]
    assert find_row(output, "method")[0] == "+0.35 [-0.21, +0.91]"


def test_a_centre_has_weights_case_mix_and_the_reason_of_missing_parts(show):
    output = show("--centre", "c4").output
    assert "The published index holds checklists too." in output
    assert "The star is not certain at 95%; at most one star off: >99%." in output
    assert "n is below 250" in output
    assert find_row(output, "Край")[:4] == ["2", "1", "1", "1-2"]
    assert find_row(output, "to the regression (Fay-Herriot)") == ["70.80 [67.86, 73.74]"]
    assert "It was in another region: Псковская область." in output
    assert "200 respondents tell as much as 125 of equal weight" in output
    assert find_row(output, "full", "c4") == [
        "71.00 (1.50)",
        "69.00 (1.60)",
        "-2.00 (0.25)",
        "4 -> 3",
    ]
    assert "Regression: none. The register does not say" in show("--centre", "c2").output


@pytest.mark.parametrize(
    ("name", "part", "title"),
    [
        ("star_doubt", "accuracy", "How sure stars are"),
        ("star_doubt", "centres", "Surest and least sure stars"),
        ("ranks", "ranks", "Ranks"),
        ("regional", "regions", "Regions"),
        ("regional", "unusual", "Unusual centres and regions"),
        ("shrinkage", "shrinkage", "Shrunken scores"),
        ("error_check", "errors", "Check of standard errors"),
        ("change", "change", "Change from the previous edition"),
        ("answer_weights", "weights", "Weights of answers"),
        ("case_mix", "case-mix", "Case mix"),
    ],
)
def test_what_is_not_available_is_said_with_its_reason(show, name, part, title):
    absent = Unavailable(stage="rating", reason="no_stars")
    result = show("--what", part, **{name: absent})
    assert result.exit_code == 0
    assert result.output.strip() == f"{title}: No centre has a star."


def test_sheets_do_without_every_other_result(show, results):
    absent = Unavailable(stage="rating", reason="no_stars")
    nothing = dict.fromkeys(set(results) - {"stars"}, absent)
    for options in ((), ("--region", "Край"), ("--centre", "c1")):
        result = show(*options, **nothing)
        assert result.exit_code == 0, result.output
        assert "No centre has a star." in result.output


def test_a_previous_edition_that_was_not_read_is_not_told_as_absent(show):
    for options in (("--what", "change"), ("--centre", "c1")):
        output = show(*options, unread_previous="There are no results.").output
        assert "Change from the previous edition: not told. There are no results." in output


def test_nobody_with_an_index_is_faulty_data(show, results):
    stars = results["stars"]
    frame = stars.frame.assign(estimate=np.nan, withheld="no_answers", star=pd.NA)
    absent = Unavailable(stage="rating", reason="no_stars")
    nothing = dict.fromkeys(set(results) - {"stars", "scores"}, absent)
    result = show(**nothing, stars=replace(stars, frame=frame))
    assert result.exit_code == 1
    assert "6 centres: 0 with an index, 0 with a star" in result.output


@pytest.mark.parametrize(
    ("value", "form", "told"),
    [
        (0.5, ".0f", "1"),
        (2.25, "z.1f", "2.3"),
        (-2.25, "+z.1f", "-2.3"),
        (-0.04, "z.1f", "0.0"),
        (0.745, ".0%", "75%"),
        (np.inf, "z.1f", "inf"),
        (3, "d", "3"),
    ],
)
def test_numbers_are_rounded_half_up_as_in_documents(value, form, told):
    assert form_number(value, form) == told


@pytest.mark.parametrize(
    ("p", "told"), [(0.0, "<1%"), (0.004, "<1%"), (0.25, "25%"), (0.996, ">99%"), (np.nan, "-")]
)
def test_no_chance_is_told_as_certain(p, told):
    assert write_chance(p) == told


def test_distances_and_sets():
    assert write_distance(np.inf, np.inf) == "none"
    assert write_distance(2.0, np.inf) == "2.0 (no error)"
    assert write_distance(2.0, 1.25) == "2.0 (1.3 SE)"
    assert write_set(3, 3) == "3"
    assert write_set(pd.NA, pd.NA) == "-"


def test_a_line_has_its_interval_its_mark_and_cuts():
    ruler = Ruler(low=0.0, high=10.0, cuts=(2.0, 5.0, 10.0), width=11)
    assert ruler.draw(6.0, 4.0, 7.0) == "  | --o-"
    assert ruler.draw(11.0, np.nan, np.nan) == "  |  |    o"
    assert ruler.draw(np.nan, np.nan, np.nan) == "  |  |"
    assert Ruler(low=3.0, high=3.0, width=3).draw(3.0, 3.0, 3.0) == " o"
