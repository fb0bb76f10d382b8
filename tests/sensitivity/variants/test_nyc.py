"""The multiverse table of the NYC School Survey, two variants of it computed anew in numpy.

Parents' published item scores and teachers' published group scores are read from the files of the
survey; only which schools have a star (30 answers) is taken from the program.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau, rankdata

from clientindex.edition import load_edition
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.methodology.variants_settings import VariantsSettings
from clientindex.pipeline.checklist_scores import tabulate_checklists
from clientindex.pipeline.material import prepare_material
from clientindex.rating import assign_stars, compute_scores
from clientindex.sensitivity.variants import VariantSource, assess_variants
from editions_at import SHARED, place_edition

EXACT = 1e-9
CUTS = [60, 70, 77, 84]
SETTINGS = VariantsSettings(star_rules=("quantiles",), missing=())
FOLDER = SHARED / "data" / "nyc_school_survey_2011"


@pytest.fixture(scope="module")
def nyc(tmp_path_factory):
    """Return the methodology, the published stars and the multiverse."""
    path = place_edition("nyc", tmp_path_factory.mktemp("nyc"), data="nyc_school_survey_2011")
    edition = load_edition(path)
    methodology = load_methodology(edition.methodology)
    tables = require_tables(run_intake(edition, methodology))
    material = prepare_material(edition, methodology, tables=tables, warnings=pd.DataFrame())
    scores = compute_scores(material.moments, methodology, visitors=material.visitors)
    stars = assign_stars(scores, methodology, register=tables.register)
    source = VariantSource(
        moments=material.moments,
        register=tables.register,
        checklists=tabulate_checklists(tables, methodology),
        regions=material.strata,
        visitors=material.visitors,
    )
    return methodology, stars, assess_variants(source, stars, methodology, settings=SETTINGS)


def read_items(methodology, centres):
    wide = pd.read_csv(FOLDER / "parent_item_scores.csv").set_index("dbn")
    return 10 * wide.reindex(index=centres, columns=list(methodology.indicator_keys))


def take(found, **dimensions):
    rows = found.variants
    for name, value in dimensions.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    row = rows.iloc[0]
    return row, found.stars[found.stars["variant"] == row["variant"]].set_index("centre")


def test_the_grid_is_whole(nyc):
    _, stars, found = nyc
    n_starred = int(stars.frame["star"].notna().sum())
    assert found.n_grid == len(found.variants) == 2 * 2 * 2 * 2 * 2
    assert found.left_out.empty
    assert (found.variants["n_starred"] <= n_starred).all()
    assert len(found.centres) == n_starred > 400
    first = found.variants.iloc[0]
    assert (first["share_changed"], first["mean_rank_shift"]) == (0, 0)
    # The rule of stars and half a score of teachers move more stars than any mean or weight.
    share = found.effects.set_index("dimension")["share_of_variance"]
    assert share.sum() == pytest.approx(found.additive_share, abs=EXACT)
    assert set(share.index[:2]) == {"star_rule", "checklist"}


def check(row, told, *, index, star, published):
    """Compare a row of the table with stars and ranks that were computed here."""
    rank = rankdata(-np.round(index, 9), method="min")
    assert told["star"].to_numpy(float).tolist() == star.tolist()
    assert told["rank"].to_numpy(float).tolist() == rank.tolist()
    own_star = published["star"].to_numpy(float)
    own_rank = published["rank"].to_numpy(float)
    assert row["share_changed"] == pytest.approx((star != own_star).mean(), abs=EXACT)
    assert row["mean_rank_shift"] == pytest.approx(np.abs(rank - own_rank).mean(), abs=EXACT)
    assert row["kendall_tau"] == pytest.approx(kendalltau(rank, own_rank).statistic, abs=EXACT)


def test_equal_weights_of_questions_with_quintiles(nyc):
    methodology, stars, found = nyc
    published = stars.frame[stars.frame["star"].notna()].set_index("centre")
    row, told = take(
        found,
        weights="equal_indicators",
        group_mean="arithmetic",
        index_mean="arithmetic",
        star_rule="quantiles",
        checklist="without",
    )
    items = read_items(methodology, published.index)
    sizes = {group.key: list(group.indicators) for group in methodology.groups}
    total = sum(len(keys) / 35 * items[keys].mean(axis=1) for keys in sizes.values())
    index = total.to_numpy()
    cuts = np.quantile(np.round(index, 9), [0.2, 0.4, 0.6, 0.8])
    star = np.searchsorted(cuts, np.round(index, 9), side="right") + 1
    check(row, told, index=index, star=star, published=published)


def test_a_geometric_index_blended_with_teachers(nyc):
    methodology, stars, found = nyc
    published = stars.frame[stars.frame["star"].notna()].set_index("centre")
    row, told = take(
        found,
        weights="current",
        group_mean="arithmetic",
        index_mean="geometric",
        star_rule="fixed",
        checklist="with",
    )
    items = read_items(methodology, published.index)
    groups = np.column_stack([items[list(g.indicators)].mean(axis=1) for g in methodology.groups])
    survey = np.exp(np.log(groups).mean(axis=1))
    teachers = pd.read_csv(FOLDER / "group_scores.csv")
    teachers = teachers[teachers["source"] == "teachers"].set_index("dbn")
    own = 10 * teachers[list(methodology.group_keys)].reindex(published.index).mean(
        axis=1, skipna=False
    )
    index = np.where(own.isna(), survey, 0.5 * survey + 0.5 * own)
    star = np.searchsorted(CUTS, np.round(index, 9), side="right") + 1
    check(row, told, index=index, star=star, published=published)
