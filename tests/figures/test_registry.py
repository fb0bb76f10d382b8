from __future__ import annotations

import dataclasses
import functools
import subprocess
import sys

import matplotlib.figure
import pandas as pd
import pytest

from clientindex.errors import RenderError
from clientindex.figures import FIGURES, figure_to_png, figure_to_svg, is_drawable
from clientindex.figures.plotted import figure_to_csv
from clientindex.results import Unavailable
from clientindex.wording import load_wording

NEEDED = {
    "stars_by_region": "regions",
    "region_caterpillar": "regions",
    "centre_intervals": "stars",
    "group_means": "group_means",
    "consistency_groups": "consistency",
    "item_rest": "item_analysis",
    "ceiling": "item_analysis",
    "centre_reliability": "centre_reliability",
    "decision_study": "centre_reliability",
    "eigenvalues": "factor_number",
    "factor_votes": "factor_number",
    "loadings_heatmap": "exploratory",
    "region_congruence": "region_congruence",
    "path_diagram": "confirmatory",
    "path_second_order": "confirmatory",
    "path_bifactor": "confirmatory",
    "residuals_heatmap": "confirmatory",
    "htmt_matrix": "validity",
    "levels": "levels",
    "levels_correlations": "levels",
    "rank_bands": "weight_stability",
    "rank_acceptability": "weight_stability",
    "star_stability": "weight_stability",
    "weight_simplex": "weight_stability",
    "star_margins": "weight_bounds",
    "weight_importance": "weight_importance",
    "weight_sources": "weight_sources",
    "source_slopes": "weight_sources",
    "sobol_indices": "sobol_indices",
    "multiverse": "multiverse",
    "joint_doubt": "joint_doubt",
    "star_probabilities": "star_doubt",
    "rank_intervals": "ranks",
    "region_centres": "stars",
    "score_parts": "score_parts",
    "score_shrinkage": "shrinkage",
    "error_check": "error_check",
    "region_tiles": "regional",
    "regional_means": "regional",
    "centre_funnel": "regional",
    "change_parts": "change",
    "star_transitions": "change",
    "centre_changes": "change",
    "weight_margins": "answer_weights",
    "case_mix_effect": "case_mix",
    "agreement_bland_altman": "agreement",
    "structural_lines": "structural",
    "multitrait_matrix": "multitrait",
    "method_variance": "method_variance",
    "star_cross": "category_agreement",
    "gap_regions": "inflation",
    "gap_funnel": "inflation",
}
"""Figure -> a result that it cannot be without."""
NAMES = tuple(NEEDED)
A4_TEXT_WIDTH_IN, A4_TEXT_HEIGHT_IN = 6.5, 9.5


def test_registry_holds_the_figures_of_the_documents():
    assert tuple(FIGURES) == NAMES


@pytest.fixture(scope="module")
def draw(bundle):
    """Draw a figure of the bundle, once in every language."""
    return functools.cache(lambda name, language: FIGURES[name](bundle, load_wording(language)))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_fits_the_page_and_is_inside_its_own_edges(name, language, draw):
    figure = draw(name, language)
    assert isinstance(figure, matplotlib.figure.Figure)
    width, height = figure.get_size_inches()
    assert width == A4_TEXT_WIDTH_IN
    assert height <= A4_TEXT_HEIGHT_IN
    box = figure.get_tightbbox()
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= width
    assert box.y1 <= height


@pytest.mark.parametrize("name", NAMES)
def test_figures_have_no_title_of_their_own(name, draw):
    assert draw(name, "en").get_suptitle() == ""


@pytest.mark.parametrize("name", NAMES)
def test_equal_bundles_give_equal_bytes_that_show_what_was_drawn(name, bundle, ru, draw):
    one, two = (FIGURES[name].lay_out(bundle, ru) for _ in range(2))
    first, second = figure_to_svg(one), figure_to_svg(two)
    assert first == second
    assert b"<dc:date>" not in first
    assert b"<text" not in first  # outlines: no font is needed where the figure is read
    assert figure_to_csv(one) == figure_to_csv(draw(name, "ru"))


def test_png_has_the_size_of_the_page_width(bundle, ru):
    png = figure_to_png(FIGURES["eigenvalues"](bundle, ru), dpi=100)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 100 * A4_TEXT_WIDTH_IN


def test_settings_of_the_machine_do_not_reach_a_figure(bundle, ru):
    plain = figure_to_svg(FIGURES["rank_bands"](bundle, ru))
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True, "svg.fonttype": "none"}):
        assert figure_to_svg(FIGURES["rank_bands"](bundle, ru)) == plain


@pytest.mark.parametrize("name", NAMES)
def test_an_unavailable_result_is_refused_by_name_and_reason(name, cut_bundle, ru):
    needed = NEEDED[name]
    bundle = cut_bundle(**{needed: Unavailable(stage="x", reason="no_variance", detail="respect")})
    assert not is_drawable(name, bundle)
    with pytest.raises(RenderError, match=rf"{name}.*'{needed}' is unavailable: no_variance.*resp"):
        FIGURES[name](bundle, ru)


@pytest.mark.parametrize("name", NAMES)
def test_an_absent_result_is_refused_by_name(name, cut_bundle, ru):
    bundle = cut_bundle(**{NEEDED[name]: None})
    assert not is_drawable(name, bundle)
    with pytest.raises(RenderError, match=rf"{name}.*no result '{NEEDED[name]}'"):
        FIGURES[name](bundle, ru)


def test_two_faults_are_told_together(cut_bundle, ru):
    with pytest.raises(RenderError, match=r"'regions'.*; .*'stars'"):
        FIGURES["stars_by_region"](cut_bundle(regions=None, stars=None), ru)


def test_stars_all_withheld_leave_nothing_to_draw(cut_bundle, bundle, ru):
    stars = bundle.results["stars"]
    frame = stars.frame.assign(star=pd.array([None] * len(stars.frame), dtype="Int64"))
    none = dataclasses.replace(stars, frame=frame)
    assert not is_drawable("centre_intervals", cut_bundle(stars=none))
    with pytest.raises(RenderError, match="'stars' is empty"):
        FIGURES["centre_intervals"](cut_bundle(stars=none), ru)


@pytest.mark.parametrize("name", NAMES)
def test_a_full_bundle_is_drawable(name, bundle):
    assert is_drawable(name, bundle)


def test_an_unknown_figure_is_refused(bundle):
    with pytest.raises(RenderError, match="no figure 'pie'; there are stars_by_region"):
        is_drawable("pie", bundle)


def test_drawing_needs_no_pyplot():
    code = "import sys, clientindex.figures as f; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_figure_is_registered_with_pyplot(bundle, ru):
    from matplotlib import pyplot as plt

    FIGURES["eigenvalues"](bundle, ru)
    assert plt.get_fignums() == []
