"""What stands in the scree plot and in the panel of votes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import RenderError
from clientindex.figures import FIGURES, draw_eigenvalues, is_drawable
from clientindex.figures.style import new_figure


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def line_of(ax, label):
    return next(line for line in ax.lines if line.get_label() == label)


def select(result, kind, reference="normal", basis="polychoric"):
    frame = result.eigenvalues
    chosen = (frame["kind"] == kind) & (frame["reference"] == reference)
    return frame[chosen & (frame["basis"] == basis)]


def test_scree_draws_the_eigenvalues_of_the_leading_correlations(bundle, wording):
    figure = FIGURES["eigenvalues"](bundle, wording)
    assert len(figure.axes) == 2
    for ax, kind in zip(figure.axes, ("components", "axis"), strict=True):
        expected = select(bundle.results["factor_number"], kind)
        line = line_of(ax, wording.text("figures.eigenvalues.observed"))
        assert line.get_xdata().tolist() == expected["position"].tolist()
        assert line.get_ydata() == pytest.approx(expected["estimate"].to_numpy())


def test_scree_draws_bootstrap_intervals_and_both_random_bands(bundle, wording):
    ax = FIGURES["eigenvalues"](bundle, wording).axes[0]
    result = bundle.results["factor_number"]
    expected = select(result, "components")
    intervals = ax.collections[0].get_segments()
    ends = np.array([segment[:, 1] for segment in intervals])
    assert ends == pytest.approx(expected[["ci_low", "ci_high"]].to_numpy())
    for reference, band in zip(("normal", "permuted"), ax.collections[1:], strict=True):
        part = select(result, "components", reference)
        line = line_of(ax, wording.text(f"figures.eigenvalues.random_{reference}"))
        assert line.get_ydata() == pytest.approx(part["random_high"].to_numpy())
        heights = band.get_paths()[0].vertices[:, 1]
        assert {heights.min(), heights.max()} == {
            part["random_mean"].min(),
            part["random_high"].max(),
        }


def test_scree_marks_the_groups_and_the_votes_of_parallel_analysis(bundle, wording):
    figure = FIGURES["eigenvalues"](bundle, wording)
    intended = wording.text("figures.eigenvalues.intended", n="5")
    votes = []
    for ax in figure.axes:
        assert set(line_of(ax, intended).get_xdata()) == {5.5}
        votes += [
            line_of(ax, wording.text(f"figures.eigenvalues.vote_{r}")).get_xdata()[0]
            for r in ("normal", "permuted")
        ]
    assert votes == [5, 5, 6, 6]


def test_a_first_eigenvalue_far_above_is_told_as_a_number(bundle, ru):
    result = bundle.results["factor_number"]
    frame = result.eigenvalues.copy()
    first = frame["position"] == 1
    frame.loc[first, ["estimate", "ci_low", "ci_high"]] = [18.25, 18.0, 18.5]
    frame.loc[~first, "estimate"] = 0.5
    high = dataclasses.replace(result, eigenvalues=frame)
    ax = draw_eigenvalues(
        high, ax=new_figure(3).add_subplot(), wording=ru, basis="pearson", kind="components"
    )
    assert ax.get_ylim()[1] < 18
    assert [text.get_text() for text in ax.texts] == ["← 18,25 [18,00;\u00a018,50]"]


def test_eigenvalues_without_intervals_are_drawn_without_lines(bundle, cut_bundle, en):
    result = bundle.results["factor_number"]
    bare = dataclasses.replace(
        result, eigenvalues=result.eigenvalues.assign(ci_low=np.nan, ci_high=np.nan)
    )
    figure = FIGURES["eigenvalues"](cut_bundle(factor_number=bare), en)
    assert "95% confidence interval" not in legend_of(figure)


def test_votes_have_a_row_a_rule_and_a_marker_a_kind_of_correlations(bundle, wording):
    figure = FIGURES["factor_votes"](bundle, wording)
    ax = figure.axes[0]
    votes = bundle.results["factor_number"].votes
    assert len(ax.get_yticklabels()) == 12
    for line, basis in zip(ax.lines[:2], dict.fromkeys(votes["basis"]), strict=True):
        expected = votes.loc[votes["basis"] == basis, "n_factors"]
        drawn = line.get_xdata()
        assert np.isnan(drawn).tolist() == expected.isna().tolist()
        assert drawn[~np.isnan(drawn)].tolist() == expected.dropna().tolist()
        assert np.round(line.get_ydata()).tolist() == list(range(12))
    assert ax.lines[0].get_marker() != ax.lines[1].get_marker()
    assert set(ax.lines[2].get_xdata()) == {5}


def test_votes_show_the_range_over_the_bootstrap_and_what_is_not_defined(bundle, ru):
    ax = FIGURES["factor_votes"](bundle, ru).axes[0]
    votes = bundle.results["factor_number"].votes
    drawn = {tuple(s[:, 0]) for c in ax.collections for s in c.get_segments()}
    sure = votes[votes["n_low"].notna()]
    assert drawn == set(zip(sure["n_low"], sure["n_high"], strict=True))
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("не определено") == votes["n_factors"].isna().sum()


def test_votes_that_are_all_missing_leave_nothing_to_draw(bundle, cut_bundle, ru):
    result = bundle.results["factor_number"]
    none = pd.array([None] * len(result.votes), dtype="Int64")
    empty = dataclasses.replace(
        result,
        votes=result.votes.assign(n_factors=none),
        eigenvalues=result.eigenvalues.iloc[:0],
    )
    for name in ("factor_votes", "eigenvalues"):
        assert not is_drawable(name, cut_bundle(factor_number=empty))
        with pytest.raises(RenderError, match="'factor_number' is empty"):
            FIGURES[name](cut_bundle(factor_number=empty), ru)
