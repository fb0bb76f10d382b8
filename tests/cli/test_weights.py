"""The command for weights and methods: numbers of hand-made results, parts, files, refusals."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from clientindex.cli import main, plain_tables, weights_study
from clientindex.cli.rated import Rated
from clientindex.cli.weights import PARTS
from clientindex.cli.weights_centre import tell_centre
from clientindex.cli.weights_names import write_moved, write_smallest_band
from clientindex.cli.weights_region import tell_region
from clientindex.cli.weights_sections import SECTIONS
from clientindex.cli.weights_study import NEEDED, WEIGHT_RESULTS
from clientindex.cli.weights_summary import tell_summary
from clientindex.edition import load_edition
from clientindex.methodology import load_methodology
from clientindex.pipeline.run import run_edition
from clientindex.results import ScoreParts, Unavailable, load_bundle
from clientindex.sensitivity.bounds.direction import find_directions
from clientindex.simulate import simulate_pilot, write_pilot
from presentation_bundle import make_bundle
from reliability_output import find_row, read_cells

ROOT = Path(__file__).parents[2]
SIZES = {"centres": 26, "citizens": 1400, "employers": 400}
FEW_RUNS = {"sobol": {"base_size": 64}, "together": {"draws": 16}}
"""Runs of the whole edition: enough for every number to be there."""
FRIENDLY, COMFORT = "Friendliness and partnership", "Comfort and convenience"
BEYOND = re.compile(r"\bnan\b|<NA>|None\b")
REGION = "Псковская область"

ANOTHER = "\nnotes: {ru: Примечание, en: A note}\n"
"""A setting that makes results old, though it changes no number."""


@pytest.fixture
def rated():
    """Give the hand-made results as the command has them."""
    bundle = make_bundle()
    stars = bundle.results["stars"]
    free = stars.frame.assign(at_most=pd.array([None] * len(stars.frame), dtype="Float64"))
    results = {**bundle.results, "stars": dataclasses.replace(stars, frame=free)}
    return Rated(
        edition=SimpleNamespace(id="hand", synthetic=False, card=bundle.edition),
        methodology=bundle.methodology,
        results={name: results[name] for name in NEEDED},
        up_to_date=True,
    )


def read(capsys):
    """Return what was printed, with every sentence in one line."""
    return capsys.readouterr().out


def join(text):
    return " ".join(text.split())


def change(rated, **results):
    return dataclasses.replace(rated, results={**rated.results, **results})


def change_field(rated, name, **fields):
    return change(rated, **{name: dataclasses.replace(rated.results[name], **fields)})


def test_help_shows_options_and_parts():
    result = CliRunner().invoke(main, ["weights", "--help"])
    assert result.exit_code == 0
    for text in ("--what PART", "--region NAME", "--centre ID", "--csv FOLDER", "--figures FOLDER"):
        assert text in result.output
    told = " ".join(result.output.split()).replace("- ", "-")
    assert all(part in told for part in PARTS)
    assert tuple(SECTIONS) == PARTS
    assert "weights" in CliRunner().invoke(main, ["--help"]).output


def test_the_summary_is_one_screen_of_what_matters_first(rated, capsys):
    tell_summary(rated, PARTS)
    output = read(capsys)
    assert len(output.splitlines()) < 30
    assert find_row(output, FRIENDLY) == ["20.0%", "30.0% [20.0%, 40.0%]", "as weighed"]
    told = join(output)
    assert "1 of 4 stars stand under every weighting within +-25%; 3 may be lost, 0 gained" in told
    assert "First to change: c4, ЦЗН № 4, from +-9.5%." in told
    assert "1 of 4 stars are the same in all 1,000 weightings" in told
    assert "star rule - means of its options lie 31.3 percentage points" in told
    assert "it explains 70% of the differences between 7 variants" in told
    assert f"{FRIENDLY} - without it 2 of 4 stars change" in told
    assert "Experts: budget allocation 0; Entropy of scores 2" in told
    assert "0.9 +- 0.02 of 4 centres would have another star: sampling error 0.5" in told


def test_importance_stands_beside_weights(rated, capsys):
    importance = rated.results["weight_importance"]
    frame = importance.importance.copy()
    own = (frame["key"] == "comfort") & (frame["statistic"] == "linear_share")
    frame.loc[own, ["ci_low", "ci_high"]] = 0.05, 0.15
    assert SECTIONS["importance"](change_field(rated, "weight_importance", importance=frame))
    output = read(capsys)
    cells = find_row(output, COMFORT)
    assert cells == [
        "20.0%",
        "10.0% [5.0%, 15.0%]",
        "11.0% [1.0%, 21.0%]",
        "12.0% [2.0%, 22.0%]",
        "less",
    ]
    assert find_row(output, "Minimal effort")[2:4] == ["-", "-"]
    told = join(output)
    assert "Minimal effort, importance by smooth curves. There are fewer than three" in told
    assert "0.9 or above, as it is or net of sampling error): 2 of 3" in told
    assert "Against the index: Convenient location and hours, correlation" in told
    assert "without it -0.30 [-0.50, -0.10]" in told
    assert "importance would be equal for all (reached; largest gap 10.0% now, 0.0% then" in told
    rows = [cells for cells in read_cells(output) if cells[0] == COMFORT]
    assert rows[1][1:] == ["85% [65%, 105%]", "100% [75%, 100%]"]
    assert rows[2][1:] == ["20.0%", "10.0%", "20.0%", "30.0% [22.0%, 38.0%]"]


def test_sources_stand_side_by_side(rated, capsys):
    assert SECTIONS["sources"](rated)
    output = read(capsys)
    cells = find_row(output, "Entropy of scores")
    assert cells == ["4", "20.0%", "0.548", "0.8", "2 (+1, -1)"]
    weights = [row for row in read_cells(output) if row[0] == "Experts: budget allocation"]
    assert weights[1][1:] == ["30.0%", "30.0%", "20.0%", "10.0%", "10.0%"]
    assert weights[2][1:] == ["groups", "7", "0.75", "< 0.001"]
    told = join(output)
    assert "contradict one another (consistency ratio above 0.1) in 1 of 3 tables" in told
    assert find_row(output, "expert_4")[1:] == ["0.20", "3.00", "0.060"]
    assert "Principal components. It is not defined for these data." in told
    assert "explain 80.0% [60.0%, 90.0%] of overall satisfaction" in told


def test_random_weights_are_told_by_star_and_centre(rated, capsys):
    assert SECTIONS["stability"](rated)
    output = read(capsys)
    told = join(output)
    assert "1,000 weightings of 4 centres: weights of indicators and groups moved" in told
    assert find_row(output, "4") == ["2", "0", "1", "50.0%"]
    assert find_row(output, "c4") == ["ЦЗН № 4", "4", "2 [2, 4]", "50.0%"]
    assert find_row(output, "c3")[1:] == ["3", "4 [3, 4]", "88.0%"]


def test_exact_bounds_say_which_stars_change_first(rated, capsys):
    assert SECTIONS["bounds"](rated)
    output = read(capsys)
    assert find_row(output, "c4") == [
        "ЦЗН № 4",
        "71.0 [68.5, 73.8]",
        "4",
        "3 to 4",
        "+-9.5%",
        "+-72.0%",
        "7.5%",
    ]
    assert [row[0] for row in read_cells(output)][:2] == ["c4", "c2"]
    told = join(output)
    assert "Cut points are stated, so this is exact." in told
    assert "Of 5 pairs of neighbours in the ranking, 1 can come level within +-25%" in told
    assert "Left out: c5, bounds of the index." in told


@pytest.mark.parametrize(
    ("by", "said"), [("bounds", "other stars may stand too"), ("none", "nothing exact")]
)
def test_cut_points_that_move_are_said(rated, capsys, by, said):
    """Bands in which a star changes are then unknown, and not for ever impossible."""
    unknown = ["smallest_band_pct", "loses_band_pct", "wins_band_pct", "l1_groups"]
    frame = rated.results["weight_bounds"].frame.assign(**dict.fromkeys(unknown, np.nan))
    other = change_field(rated, "weight_bounds", stars_by=by, frame=frame)
    SECTIONS["bounds"](other)
    assert said in join(read(capsys))
    tell_centre(other, "c4")
    assert "as cut points of stars are found in the indices" in join(read(capsys))
    tell_region(other, "Край")
    assert find_row(read(capsys), "c4")[4:6] == ["-", "-"]


def test_variants_say_which_choice_decides(rated, capsys):
    assert SECTIONS["variants"](rated)
    output = read(capsys)
    assert "7 of 8 combinations make sense, 4 centres" in join(output)
    assert "from 0.0% to 50.0% of stars change; main effects explain 95%" in join(output)
    rule = find_row(output, "star rule")
    assert rule == ["70%", "31.3", "stated cut points*", "4", "18.8%", "0.932"]
    assert "1 of 4 stars are the same in all variants" in output
    assert find_row(output, "c3")[1:] == ["3", "1 to 3", "4 [3, 4]", "43%"]
    assert "Left out: 1 combinations. It is not defined for these data." in join(output)


def test_shares_of_variance_have_intervals(rated, capsys):
    assert SECTIONS["sobol"](rated)
    output = read(capsys)
    assert "(30,720 runs)" in join(output)
    cells = find_row(output, "all choices of method together")
    assert cells == ["50.0% [48.0%, 52.0%]", "60.0% [57.0%, 63.0%]"]
    assert find_row(output, "choice: star rule")[1] == "45.0% [42.0%, 48.0%]"
    share = find_row(output, "Share of centres with other stars")
    assert share == ["0.00", "0.35", "0.15", "85%"]
    assert "missing indicator. Nothing is missing" in join(output)


def test_everything_together_splits_the_doubt(rated, capsys):
    assert SECTIONS["together"](rated)
    output = read(capsys)
    assert "A centre has its star with a probability of 78.0% +- 0.5%." in output
    assert find_row(output, "sampling error") == ["0.50 +- 0.02", "57%"]
    assert find_row(output, "c4")[1:] == ["4", "55%", "74%", "80%", "90%", "2 [2, 4]"]
    assert "star rule. No other options are stated." in join(output)


def test_what_is_left_out_is_told_by_kind(rated, capsys):
    assert SECTIONS["leave-out"](rated)
    output = read(capsys)
    assert find_row(output, FRIENDLY) == ["4", "2 (+0, -2, 0)", "50.0%", "0.548", "-1.50, 4.00"]
    assert "Regions (2): without any one of them, no star changes." in output
    told = join(output)
    assert "of 4 centres that leave, 1 turn the order of a pair of others, 2 change" in told
    none = dataclasses.replace(rated.results["rank_reversals"], depends_on=())
    SECTIONS["leave-out"](change(rated, rank_reversals=none))
    assert "Rank reversals: none can be" in read(capsys)


def test_a_part_that_is_not_there_is_explained(rated, capsys):
    lost = {
        name: Unavailable(stage="sensitivity", reason="checklists_in_scores", detail="blend")
        for name in WEIGHT_RESULTS
    }
    missing = change(rated, **lost)
    tell_summary(missing, PARTS)
    told = join(read(capsys))
    assert "Not told: weights that matter, stars that stand, random weights, choice of" in told
    assert told.count("Checklists have a say in the index") == 1
    for tell in SECTIONS.values():
        assert not tell(missing)
    tell_centre(missing, "c2")
    tell_region(missing, "Край")
    told = read(capsys)
    assert not BEYOND.search(told)
    assert "Not told: exact bounds, random weights, variants of the method," in join(told)
    assert find_row(told, "c4")[1:] == ["71.0", "4", *["-"] * 6]


def test_a_centre_is_told_what_would_move_its_star(rated, capsys):
    assert tell_centre(rated, "c4")
    output = read(capsys)
    told = join(output)
    assert "Weights within +-25%: index from 68.50 to 73.75; stars from 3 to 4." in told
    assert find_row(output, "a star less") == ["+-9.5%"]
    assert find_row(output, "a star more") == ["+-72.0%"]
    assert "7.5% of the weight of groups must move" in told
    assert find_row(output, "ahead", "c1")[1:] == ["14.25", "+-88.0%", "75.0%"]
    assert find_row(output, "random weights") == ["-", "-", "30%", "50%", "20%"]
    assert find_row(output, "variants of the method") == ["-", "-", "-", "57%", "43%"]
    assert find_row(output, "everything together") == ["-", "-", "35%", "55%", "10%"]
    assert find_row(output, "all weights together") == ["15.0% +- 1.0%", "80%"]
    assert find_row(output, "group", COMFORT) == ["80.50 (+9.50)", "2 -> 2", "4 -> 5"]
    assert "Sources of weights: 2 of 6 give another star" in told
    assert find_row(output, "Entropy of scores") == ["80.00", "2 -> 1", "4 -> 5"]


def test_a_star_that_stands_and_one_that_is_withheld(rated, capsys):
    tell_centre(rated, "c1")
    assert "its star stands under every one of them" in join(read(capsys))
    assert not tell_centre(rated, "c5")
    assert "No star: small sample." in read(capsys)


def test_the_direction_names_the_weights_that_move(rated, capsys):
    """c2 has 71 points: 91 in comfort, 61 in effort, 71, 66 and 66 in others; cut points 70, 80.

    Down by a point: of the weight of comfort 1 / 30 goes to effort.
    """
    by_group = dict(zip(rated.methodology.group_keys, (71.0, 66.0, 61.0, 66.0, 91.0), strict=True))
    rows = [
        ("c2", kind, key, weight, by_group[group.key], weight * by_group[group.key], 0.0, 0.0)
        for group in rated.methodology.groups
        for kind, weight, keys in (
            ("group", 0.2, [group.key]),
            ("indicator", 0.05, [*group.indicators]),
        )
        for key in keys
    ]
    columns = [
        "centre",
        "kind",
        "key",
        "weight",
        "estimate",
        "contribution",
        "mean_contribution",
        "difference",
    ]
    parts = ScoreParts(
        frame=pd.DataFrame(rows, columns=columns), left_out=rated.results["score_parts"].left_out
    )
    tell_centre(change(rated, score_parts=parts), "c2")
    output = read(capsys)
    told = join(output)
    assert "Down to 3 (index under 70.00)" in told
    moved = find_row(output, "moved")
    assert moved[0] == "3.3%"
    assert "Up to 5 (index of at least 80.00)" in told
    down = told[told.index("Down to 3") : told.index("Up to 5")].replace("│", " ")
    assert "Minimal effort 20.0% -> 23.3%" in join(down)
    assert "Comfort and convenience 20.0% -> 16.7%" in join(down)


def test_a_region_is_shown_centre_by_centre(rated, capsys):
    assert tell_region(rated, "Край")
    output = read(capsys)
    assert "0 of 2 stars stand under every weighting within +-25%." in output
    bounds = ["71.0 [68.5, 73.8]", "4", "3 to 4", "+-9.5%", "+-72.0%"]
    assert find_row(output, "c4") == ["ЦЗН № 4", *bounds, "50%", "57%", "55%"]
    assert "Mean index of the region: 66.75" in join(output)
    assert find_row(output, "sampling error")[1] == "30.0% [27.0%, 33.0%]"
    assert not tell_region(rated, "Округ")


def test_small_numbers_are_not_none_and_none_is_never():
    assert [write_smallest_band(pct) for pct in (np.nan, 0.0, 0.01, 12.34)] == [
        "never",
        "+-0.0%",
        "<+-0.1%",
        "+-12.3%",
    ]
    assert [write_moved(l1) for l1 in (np.nan, 0.0, 0.0002, 0.5)] == [
        "never",
        "0.0%",
        "<0.1%",
        "25.0%",
    ]


@pytest.mark.parametrize("width", [80, 110])
def test_the_output_fits_the_terminal(rated, capsys, monkeypatch, width):
    monkeypatch.setattr(plain_tables, "PLAIN_WIDTH", width)
    tell_summary(rated, PARTS)
    for tell in SECTIONS.values():
        tell(rated)
    tell_centre(rated, "c2")
    tell_region(rated, "Край")
    output = read(capsys)
    assert max(map(len, output.splitlines())) <= width
    assert not BEYOND.search(output)
    assert output.count("\nShows ") == len(re.findall(r"\bCannot\s", output)) == 10


def place_edition(folder):
    """Write a small edition with simulated answers and few runs; return its file."""
    shutil.copytree(ROOT / "methodology", folder / "methodology")
    yaml = YAML()
    method = folder / "methodology" / "2026.yml"
    content = yaml.load(method.read_text(encoding="utf-8"))
    for name, settings in FEW_RUNS.items():
        content[name] = {**content[name], **settings}
    content["intervals"]["bootstrap_replicates"] = 100
    with method.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)
    text = (ROOT / "editions" / "demo.yml").read_text(encoding="utf-8")
    text = text.replace("../data_raw/demo", str(folder / "data"))
    text = text.replace("../data_processed/demo", str(folder / "out"))
    content = yaml.load(text.replace("../methodology", str(folder / "methodology")))
    content |= {"stages": ["sensitivity"], "reports": str(ROOT / "reports")}
    content["simulation"] |= SIZES
    for setting in ("previous", "renamed"):
        content.pop(setting, None)
    path = folder / "small.yml"
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)
    edition = load_edition(path)
    pilot = simulate_pilot(
        load_methodology(edition.methodology), edition.simulation, seed=edition.seed
    )
    write_pilot(pilot, edition)
    return path


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """Give a small edition with results of the sensitivity."""
    folder = tmp_path_factory.mktemp("weights")
    path = place_edition(folder)
    run_edition(path)
    bundle = load_bundle(load_edition(path).results_dir)
    return SimpleNamespace(folder=folder, path=path, bundle=bundle)


def call(path, *arguments):
    return CliRunner().invoke(main, ["weights", str(path), *map(str, arguments)])


def test_results_of_the_last_run_are_read(edition, monkeypatch):
    def fail(*_, **__):
        raise AssertionError

    monkeypatch.setattr(weights_study, "run_stages", fail)
    result = call(edition.path)
    assert result.exit_code == 0, result.output
    assert "results of the last run" in result.output
    bounds = edition.bundle.results["weight_bounds"].frame
    n = int(bounds["certain"].sum())
    assert f"{n} of {len(bounds)} stars stand under every weighting" in join(result.output)
    whole = call(edition.path, *(f"--what={part}" for part in reversed(PARTS)))
    assert whole.exit_code == 0, whole.output
    assert not BEYOND.search(whole.output)
    titles = ("Importance of weights", "Random weights", "Exact bounds", "Leave one out")
    assert sorted(titles, key=whole.output.index) == list(titles)


def test_results_that_are_old_are_computed_and_not_kept(edition, tmp_path):
    path = tmp_path / "small.yml"
    path.write_text(edition.path.read_text(encoding="utf-8") + ANOTHER, encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in (edition.folder / "out").rglob("*")}
    computed = call(path, "--what", "bounds", "--what", "together", "--csv", tmp_path / "csv")
    assert computed.exit_code == 0, computed.output
    assert "computed now, not kept" in computed.output
    stored = call(edition.path, "--what", "bounds", "--what", "together")
    assert stored.stdout.split("\n\n", 1)[1].strip() in computed.stdout
    assert before == {p: p.stat().st_mtime_ns for p in (edition.folder / "out").rglob("*")}
    names = {p.name.split(".")[0] for p in (tmp_path / "csv").iterdir()}
    told = {
        name for name in WEIGHT_RESULTS if not isinstance(edition.bundle.results[name], Unavailable)
    }
    assert names == told
    read_back = pd.read_csv(tmp_path / "csv" / "weight_bounds.frame.csv")
    ours = edition.bundle.results["weight_bounds"].frame
    for column in ("lower", "upper", "smallest_band_pct"):
        np.testing.assert_allclose(read_back[column], ours[column], rtol=1e-14)


def test_the_direction_of_every_centre_agrees_with_its_bounds(edition):
    results, methodology = edition.bundle.results, edition.bundle.methodology
    frame = results["weight_bounds"].frame
    told = 0
    for row in frame[frame["reached"]].itertuples():
        found = find_directions(
            row.centre,
            parts=results["score_parts"],
            stars=results["stars"],
            bounds=results["weight_bounds"],
            methodology=methodology,
        )
        assert found
        sizes = [2 * one.moved for one in found if not np.isnan(one.moved)]
        assert min(sizes, default=np.nan) == pytest.approx(row.l1_groups, nan_ok=True)
        for one in found:
            if np.isnan(one.band_pct):
                assert one.weights.empty
                continue
            indicators = one.weights[one.weights["kind"] == "indicator"]
            index = (indicators["then"] * indicators["score"]).sum()
            assert index == pytest.approx(one.cut, abs=0.01)
            now = (indicators["now"] * indicators["score"]).sum()
            assert now == pytest.approx(row.estimate, abs=1e-6)
            told += 1
    assert told > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--region", "Псковская обл"), "allowed: .*did you mean 'Псковская область'"),
        (("--centre", "R60-01"), r"no identifier of a centre.*nearest: R60-001 \(ЦЗН г\. Пскова\)"),
        (("--what", "bound"), "Invalid value for '--what'.*bounds"),
        (("--what", "bounds", "--centre", "R60-001"), "--what and --centre exclude each other"),
        (("--region", REGION, "--centre", "R60-001"), "exclude each other"),
    ],
)
def test_what_is_not_there_is_refused(edition, options, said):
    result = call(edition.path, *options)
    assert result.exit_code == 2
    assert re.search(said, " ".join(result.output.split()))
    assert "Weights that matter" not in result.output


def test_an_absent_centre_is_refused_before_anything_is_computed(edition, tmp_path, monkeypatch):
    path = tmp_path / "small.yml"
    path.write_text(edition.path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    monkeypatch.delattr(weights_study, "prepare_material")
    result = call(path, "--centre", "R99-999")
    assert result.exit_code == 2
    assert "no identifier of a centre" in result.output


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_read(edition, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    result = call(edition.path, "--csv", tmp_path / "file")
    assert result.exit_code == 2
    assert "cannot be written" in result.output
    assert "centres in" not in result.output


def test_figures_are_of_what_is_shown(edition, tmp_path):
    result = call(edition.path, "--what", "variants", "--figures", tmp_path / "whole")
    assert result.exit_code == 0, result.output
    names = {path.name.split(".")[0] for path in (tmp_path / "whole").iterdir()}
    assert {"weight_importance", "sobol_indices", "star_margins", "joint_doubt"} <= names
    assert "score_parts" not in names
    assert f"{len(names)} figures, as PNG and SVG in 2 languages" in result.output
    frame = edition.bundle.results["weight_bounds"].frame.dropna(subset=["smallest_band_pct"])
    own = edition.bundle.results["stars"].frame.set_index("centre").loc[frame["centre"].iloc[0]]
    shown = call(edition.path, "--centre", own.name, "--figures", tmp_path / "centre")
    assert shown.exit_code == 0, shown.output
    drawn = {path.name for path in (tmp_path / "centre").iterdir()}
    assert drawn == {
        f"{name}.{language}.{end}"
        for name in ("star_margins", "star_stability", "rank_acceptability")
        for language in ("ru", "en")
        for end in ("png", "svg")
    }
    svg = (tmp_path / "centre" / "star_margins.ru.svg").read_text(encoding="utf-8")
    assert own["name"] in svg


def test_faulty_data_are_told_as_by_the_other_commands(edition, tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(edition.folder, folder)
    path = folder / "small.yml"
    text = path.read_text(encoding="utf-8").replace(str(edition.folder), str(folder))
    path.write_text(text, encoding="utf-8")
    survey = folder / "data" / "survey_citizens.csv"
    table = pd.read_csv(survey, dtype=str)
    table.loc[0, "competence"] = "often"
    table.to_csv(survey, index=False)
    result = call(path)
    assert result.exit_code == 1
    assert "often" in result.output
    assert "Traceback" not in result.output
