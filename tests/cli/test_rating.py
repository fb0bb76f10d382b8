"""The command for index and stars on a small edition: numbers, parts, files and exit codes."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from scipy.stats import t

from clientindex.cli import main, plain_tables, rating_study
from clientindex.cli.rating import PARTS
from clientindex.cli.rating_study import RATING_RESULTS
from clientindex.edition import load_edition
from clientindex.methodology import load_methodology
from clientindex.pipeline.run import run_edition
from clientindex.results import load_bundle
from clientindex.simulate import simulate_pilot, write_pilot
from reliability_output import find_row, read_cells, read_ends, read_estimate

ROOT = Path(__file__).parents[2]
TENTHS, HUNDREDTHS = 0.0501, 0.00501
"""Half of the last decimal that is printed."""
PERCENT = 0.501
REGION = "Псковская область"
SIZES = {"centres": 40, "citizens": 2000, "employers": 600}
FIRST = 10
KINDS = ("rank", "posterior", "marginal", "simultaneous")
"""Sets of ranks in their order."""


ANOTHER = "\nnotes: {ru: Примечание, en: A note}\n"
"""A setting that makes results old, though it changes no number."""


def place_edition(folder, name, *, seed, previous=None):
    """Write a small edition with simulated answers; return its file."""
    text = (ROOT / "editions" / "demo.yml").read_text(encoding="utf-8")
    text = text.replace("../data_raw/demo", str(folder / name / "data"))
    text = text.replace("../data_processed/demo", str(folder / name / "out"))
    content = YAML().load(text.replace("../methodology", str(folder / "methodology")))
    content |= {"id": name, "seed": seed, "stages": ["rating"], "reports": str(ROOT / "reports")}
    content["simulation"] |= SIZES
    for setting in ("previous", "renamed"):
        content.pop(setting, None)
    if previous is not None:
        content["previous"] = str(previous)
    path = folder / f"{name}.yml"
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump(content, stream)
    edition = load_edition(path)
    pilot = simulate_pilot(load_methodology(edition.methodology), edition.simulation, seed=seed)
    write_pilot(pilot, edition)
    return path


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """Give a small edition with a previous one, both with results."""
    folder = tmp_path_factory.mktemp("rating")
    shutil.copytree(ROOT / "methodology", folder / "methodology")
    before = place_edition(folder, "before", seed=1)
    path = place_edition(folder, "now", seed=2026, previous=before)
    run_edition(path)
    results = load_edition(path).results_dir
    return SimpleNamespace(
        folder=folder,
        path=path,
        results=results,
        bundle=load_bundle(results),
        before=load_bundle(load_edition(before).results_dir),
    )


def call(path, *arguments):
    return CliRunner().invoke(main, ["rating", str(path), *map(str, arguments)])


@pytest.fixture(scope="module")
def whole(edition):
    result = call(edition.path, "--csv", edition.folder / "csv")
    assert result.exit_code == 0, result.output
    return result.output


def take_section(output, title):
    """Return a section, from its title up to the next empty line."""
    return output[output.index(f"\n{title}") :].strip("\n").split("\n\n")[0]


def find_cells(output, first, n_cells):
    """Return the cells of the row that begins with a cell and has so many."""
    return next(row for row in read_cells(output) if row[0] == first and len(row) == n_cells)


def check_interval(cell, row, *, abs_=TENTHS):
    assert read_estimate(cell) == pytest.approx(row["estimate"], abs=abs_)
    assert read_ends(cell) == pytest.approx([row["ci_low"], row["ci_high"]], abs=abs_)


def hash_files(folder):
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_help_shows_options_and_parts():
    result = CliRunner().invoke(main, ["rating", "--help"])
    assert result.exit_code == 0
    for text in ("--what PART", "--region NAME", "--centre ID", "--csv FOLDER", "--figures FOLDER"):
        assert text in result.output
    told = " ".join(result.output.split()).replace("- ", "-")
    assert all(part in told for part in PARTS)
    assert "rating" in CliRunner().invoke(main, ["--help"]).output


def test_no_cell_is_a_bare_nan_and_parts_say_what_they_cannot_show(whole):
    assert not re.search(r"\bnan\b|<NA>|None\b", whole)
    assert whole.count("\nShows ") == len(re.findall(r"\bCannot\s", whole)) == 8


def test_results_of_the_last_run_are_read(edition, whole, monkeypatch):
    def fail(*_, **__):
        raise AssertionError

    monkeypatch.setattr(rating_study, "run_rating", fail)
    result = call(edition.path, "--what", "accuracy")
    assert result.exit_code == 0
    n, answers = SIZES["centres"], SIZES["citizens"] + SIZES["employers"]
    assert result.output.startswith(f"now: {n} centres in ")
    assert f"{answers} respondents; results of the last run" in result.output
    assert take_section(result.output, "How sure stars are") == take_section(
        whole, "How sure stars are"
    )


def test_without_a_current_run_all_is_computed_alike_and_nothing_kept(edition, whole, tmp_path):
    path = tmp_path / "now.yml"
    path.write_text(edition.path.read_text(encoding="utf-8") + ANOTHER, encoding="utf-8")
    kept = hash_files(edition.folder)
    result = call(path)
    assert result.exit_code == 0, result.output
    assert "respondents; computed now, not kept" in result.output
    assert hash_files(edition.folder) == kept
    assert result.stdout.split("\n\n", 1)[1].strip() in whole


def test_who_has_which_star(edition, whole):
    frame = edition.bundle.results["stars"].frame
    section = take_section(whole, "Scores and stars")
    given = frame[frame["withheld"] == ""]
    assert f"{len(frame)} centres: {frame['estimate'].notna().sum()} with an index" in section
    for star, n in given["star"].value_counts().items():
        noun = "star" if star == 1 else "stars"
        assert find_row(section, f"{star} {noun}")[0] == f"{n}"
    withheld = frame["withheld"] == "small_sample"
    assert withheld.any()
    assert find_row(section, "no star: small sample") == [
        f"{withheld.sum()}",
        f"{withheld.mean():.1%}",
    ]
    assert frame.loc[withheld, "n"].max() < 30 <= given["n"].min()


def test_expected_accuracy_is_the_mean_probability_by_the_law_of_student(edition, whole):
    frame = edition.bundle.results["stars"].frame
    given = frame[frame["withheld"] == ""]
    cuts = np.array([-np.inf, 50, 60, 70, 80, np.inf])
    star = given["star"].to_numpy(int)
    z = (cuts - given[["estimate"]].to_numpy()) / given[["std_error"]].to_numpy()
    p = np.diff(t.cdf(z, given[["df"]].to_numpy()))[np.arange(len(given)), star - 1]
    section = take_section(whole, "How sure stars are")
    right, _, wrong, certain = find_row(section, "by the centre's own answers*")
    assert read_estimate(right) == pytest.approx(100 * p.mean(), abs=TENTHS)
    assert read_estimate(wrong) == pytest.approx((1 - p).sum(), abs=TENTHS)
    assert int(certain) == (p >= 0.95).sum()
    summary = edition.bundle.results["star_doubt"].summary.set_index(["route", "statistic"])
    for name, route in (("by draws", "draws"), ("among centres like it", "shrunk")):
        row = summary.loc[route, "expected_accuracy"]
        cell = find_row(section, name)[0]
        assert read_estimate(cell) == pytest.approx(100 * row["estimate"], abs=TENTHS)
        assert ("+-" in cell) == (row["mc_error"] > 0)


def test_cut_points_are_those_of_the_methodology(whole):
    section = take_section(whole, "Cut points (fixed)")
    assert [row for row in read_cells(section) if row[0].isdigit()] == [
        [f"{star}", f"{cut}.00"] for star, cut in ((2, 50), (3, 60), (4, 70), (5, 80))
    ]
    assert "have no interval" in section


def test_the_least_sure_centre_is_nearest_to_a_cut_in_errors(edition, whole):
    frame = edition.bundle.results["star_doubt"].centres
    given = frame[frame["withheld"] == ""].set_index("centre")
    least = given["p_star_normal"].idxmin()
    section = take_section(whole, "Surest of their star")
    cells = read_cells(section)[FIRST:]
    assert cells[0][0] == least
    assert read_estimate(cells[0][5]) == pytest.approx(
        100 * given.loc[least, "p_star_normal"], abs=PERCENT
    )
    nearest = given.loc[least, ["errors_up", "errors_down"]].min()
    assert f"({nearest:.1f} SE)" in " ".join(cells[0][7:])
    assert len(cells) == FIRST


def test_first_ranks_have_their_sets(edition, whole):
    frame = edition.bundle.results["ranks"].frame.query("scope == 'country'").head(FIRST)
    section = take_section(whole, "Ranks in the country")
    stars = edition.bundle.results["stars"].frame
    order = stars[stars["withheld"] == ""].sort_values("estimate", ascending=False)["centre"]
    rows = read_cells(section)
    assert [row[1] for row in rows] == order.head(FIRST).tolist()
    for cells, row in zip(rows, frame.itertuples(), strict=True):
        assert cells[0] == f"{row.rank}"
        for cell, kind in zip(cells[4:8], KINDS, strict=True):
            low, high = getattr(row, f"{kind}_low"), getattr(row, f"{kind}_high")
            assert cell == (f"{low}" if low == high else f"{low}-{high}")
        told = {True: "yes"}.get(bool(row.certain_best), "may be" if row.possible_best else "no")
        assert cells[9] == told


def test_means_of_regions_are_those_of_their_centres(edition, whole):
    section = take_section(whole, "Regions and the country")
    scored = edition.bundle.results["stars"].frame.dropna(subset=["estimate"])
    means = scored.groupby("region")["estimate"].agg(["size", "mean"])
    for region, row in means.iterrows():
        cells = find_cells(section, region, 7)
        assert int(cells[1]) == row["size"]
        assert read_estimate(cells[4]) == pytest.approx(row["mean"], abs=TENTHS)
    country = edition.bundle.results["regional"].means.query(
        "region == 'country' and kind == 'index' and by == 'centres'"
    )
    check_interval(find_cells(section, "country", 7)[4], country.iloc[0])
    share = edition.bundle.results["regional"].components.query(
        "key == 'index' and statistic == 'share'"
    )
    assert read_estimate(find_cells(section, "index", 5)[3]) == pytest.approx(
        100 * share["estimate"].iloc[0], abs=PERCENT
    )


def test_who_stands_out_is_that_of_the_profile(edition, whole):
    profile = edition.bundle.results["regional"]
    section = take_section(whole, "Unusual centres and regions")
    row = profile.dispersion.set_index("unit").loc["centre"]
    cells = find_cells(section, "centres", 9)
    assert float(cells[3]) == pytest.approx(row["phi"], abs=HUNDREDTHS)
    assert float(cells[5]) == pytest.approx(row["tau"], abs=HUNDREDTHS)
    flagged = profile.centres[
        (profile.centres["flagged_additive"] != "")
        | (profile.centres["flagged_multiplicative"] != "")
    ]
    listed = [cells[0].split()[0] for cells in read_cells(section) if len(cells) == 8]
    assert listed[: len(flagged)] == flagged["centre"].tolist()


def test_models_of_shrunken_scores_and_the_check_of_errors(edition, whole):
    models = edition.bundle.results["shrinkage"].models.query("subject == 'index'")
    section = take_section(whole, "Shrunken scores")
    for text, method in (("REML", "reml"), ("DerSimonian-Laird", "dersimonian_laird")):
        row = models[(models["statistic"] == "tau2") & (models["method"] == method)].iloc[0]
        check_interval(find_row(section, "variance of true scores", text)[0], row, abs_=HUNDREDTHS)
    centres = edition.bundle.results["error_check"].centres
    ratio = find_row(take_section(whole, "Check of standard errors"), "all")[1]
    median = (centres["resampled"] / centres["exact"]).median()
    assert read_estimate(ratio) == pytest.approx(median, abs=0.000501)


def test_the_change_is_that_of_both_editions(edition, whole):
    section = take_section(whole, "Change from the previous edition")
    now, before = (b.results["stars"].frame for b in (edition.bundle, edition.before))
    difference = now["estimate"].mean() - before["estimate"].mean()
    cell = find_row(section, "mean of all centres, as published")[0]
    assert read_estimate(cell) == pytest.approx(difference, abs=HUNDREDTHS)
    both = now.merge(before, on="centre", suffixes=("_now", "_before"))
    both = both.dropna(subset=["star_now", "star_before"])
    more = (both["star_now"] > both["star_before"]).sum()
    assert find_row(section, "more stars") == [f"{more}"]
    frame = edition.bundle.results["change"].centres
    up = frame[frame["flagged"] == "up"].sort_values("difference", ascending=False)
    assert f"Went up beyond chance (centres: {len(up)})" in section
    first = up.iloc[0]
    cells = find_cells(section, first["centre"], 7)
    old, new = (f.set_index("centre")["estimate"][first["centre"]] for f in (before, now))
    assert read_estimate(cells[4]) == pytest.approx(new - old, abs=TENTHS)
    assert cells[6] == f"{first['star_before']} -> {first['star_after']}"


def test_weights_and_case_mix_say_that_they_are_not_asked_for(whole):
    assert "Weights of answers: The methodology does not weight answers." in whole
    assert re.search(r"Case mix: The methodology makes no adjustment", whole)


def test_parts_are_shown_alone_and_in_their_own_order(edition):
    output = call(edition.path, "--what", "ranks", "--what", "cuts").output
    assert output.index("Cut points") < output.index("Ranks in the country")
    for title in ("How sure stars are", "Regions and the country", "Scores and stars"):
        assert title not in output


def test_a_region_is_shown_centre_by_centre(edition):
    stars = edition.bundle.results["stars"].frame
    region = stars["region"].mode()[0]
    output = call(edition.path, "--region", region).output
    own = stars[stars["region"] == region].sort_values("estimate", ascending=False)
    rows = [cells for cells in read_cells(output) if len(cells) == 10][: len(own)]
    assert [cells[0] for cells in rows] == own["centre"].tolist()
    chances = edition.bundle.results["star_doubt"].probabilities.set_index(["centre", "star"])
    for cells, row in zip(rows, own.itertuples(), strict=True):
        check_interval(cells[3], row._asdict() | {"estimate": row.estimate})
        assert cells[4].count("o") == 1
        if row.withheld:
            assert set(cells[5:]) == {"-"}
            continue
        assert [cell.endswith("*") for cell in cells[5:]].index(True) == row.star - 1
        p = chances.loc[row.centre, row.star]["normal"]
        told = cells[4 + row.star].rstrip("*")
        assert told == ">99%" or float(told.rstrip("%")) == pytest.approx(100 * p, abs=PERCENT)
    ranks = edition.bundle.results["ranks"].frame
    assert f"first {(ranks['scope'] == region).sum()} of" in output
    assert "How sure stars are" not in output


def test_a_centre_has_a_sheet(edition):
    first = edition.bundle.results["stars"].frame.iloc[0]
    output = call(edition.path, "--centre", first["centre"]).output
    assert f"\n{first['centre']}, {first['name']}, {first['region']}\n" in output
    told = re.search(r"Index (\S+) \[(\S+), (\S+)\].*standard error (\S+)\), n = (\d+)", output)
    found = [float(text) for text in told.groups()]
    columns = ["estimate", "ci_low", "ci_high", "std_error", "n"]
    assert found == pytest.approx(list(first[columns].astype(float)), abs=HUNDREDTHS)
    frame = edition.bundle.results["scores"].frame
    index = frame[(frame["centre"] == first["centre"]) & (frame["kind"] == "index")]
    n = index.set_index("segment")["n"]
    told = " ".join(output.split())
    assert re.search(rf"Citizens: index \S+ \[[^]]+\], n = {n['citizens']:.0f}\b", told)
    assert re.search(rf"Employers: index \S+ \[[^]]+\], n = {n['employers']:.0f}\b", told)
    scores = frame.query("segment == 'all' and kind == 'group'")
    own = scores[scores["centre"] == first["centre"]].set_index("key")["estimate"]
    mean = scores.groupby("key")["estimate"].mean()
    for key in own.index:
        name = edition.bundle.methodology.group(key).name.en
        weight, score, part, usual, beyond = find_row(output, name)
        assert float(weight) == 0.2
        assert float(score) == pytest.approx(own[key], abs=TENTHS)
        assert float(part) == pytest.approx(0.2 * own[key], abs=HUNDREDTHS)
        assert float(usual) == pytest.approx(0.2 * mean[key], abs=HUNDREDTHS)
        assert float(beyond) == pytest.approx(0.2 * (own[key] - mean[key]), abs=HUNDREDTHS)
    shrunk = edition.bundle.results["shrinkage"].centres.query("subject == 'index'")
    row = shrunk.set_index("centre").loc[first["centre"]]
    cell = find_row(output, "to the common mean, Morris")[0]
    assert read_estimate(cell) == pytest.approx(row["shrunk"], abs=HUNDREDTHS)
    assert read_ends(cell) == pytest.approx([row["ci_low"], row["ci_high"]], abs=HUNDREDTHS)
    assert find_row(output, "the country")[1] == "1"


def test_a_centre_without_a_star_says_why(edition):
    frame = edition.bundle.results["stars"].frame
    centre = frame.loc[frame["withheld"] == "small_sample", "centre"].iloc[0]
    result = call(edition.path, "--centre", centre)
    assert result.exit_code == 0
    assert "No star: small sample (the methodology asks for 30 respondents)." in result.output
    assert "Ranks: none, as the star is withheld." in result.output
    assert not re.search(r"\bnan\b|<NA>", result.output)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--region", "Псковская обл"), "allowed: .*did you mean 'Псковская область'"),
        (("--centre", "R60-01"), r"no identifier of a centre.*nearest: R60-001 \(ЦЗН г\. Пскова\)"),
        (("--centre", "пскова"), r"nearest: R60-001 \(ЦЗН г\. Пскова\)"),
        (("--what", "rank"), "Invalid value for '--what'.*ranks"),
        (("--what", "ranks", "--centre", "R60-001"), "--what and --centre exclude each other"),
        (("--region", "Псковская область", "--centre", "R60-001"), "exclude each other"),
    ],
)
def test_what_is_not_there_is_refused(edition, options, said):
    result = call(edition.path, *options)
    assert result.exit_code == 2
    assert re.search(said, " ".join(result.output.split()))
    assert "Ranks" not in result.output


def test_an_absent_centre_is_refused_before_anything_is_computed(edition, tmp_path, monkeypatch):
    path = tmp_path / "now.yml"
    path.write_text(edition.path.read_text(encoding="utf-8") + ANOTHER, encoding="utf-8")
    monkeypatch.delattr(rating_study, "prepare_material")
    result = call(path, "--centre", "R99-999")
    assert result.exit_code == 2
    assert "no identifier of a centre" in result.output


@pytest.mark.parametrize("width", [80, 110])
@pytest.mark.parametrize(
    "options", [(), ("--region", "Псковская область"), ("--centre", "R60-001")]
)
def test_the_output_fits_the_terminal(edition, monkeypatch, width, options):
    monkeypatch.setattr(plain_tables, "PLAIN_WIDTH", width)
    result = call(edition.path, *options)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= width


def test_files_have_every_frame_in_full(edition, whole):
    folder = edition.folder / "csv"
    assert f"{len(list(folder.iterdir()))} CSV files of all results" in whole
    assert {path.name.split(".")[0] for path in folder.iterdir()} == {
        name for name in RATING_RESULTS if name not in ("answer_weights", "case_mix")
    }
    for name, frame in (
        ("stars.frame", edition.bundle.results["stars"].frame),
        ("ranks.frame", edition.bundle.results["ranks"].frame),
        ("star_doubt.probabilities", edition.bundle.results["star_doubt"].probabilities),
        ("shrinkage.centres", edition.bundle.results["shrinkage"].centres),
        ("change.centres", edition.bundle.results["change"].centres),
    ):
        read = pd.read_csv(folder / f"{name}.csv", encoding="utf-8")
        assert list(read.columns) == list(frame.columns)
        numbers = [column for column in frame if pd.api.types.is_numeric_dtype(frame[column])]
        ours = frame[numbers].astype(float).to_numpy()
        np.testing.assert_allclose(read[numbers].astype(float), ours, rtol=1e-14)


def test_figures_are_of_what_is_shown(edition, tmp_path):
    result = call(edition.path, "--region", "Псковская область", "--figures", tmp_path / "region")
    assert result.exit_code == 0, result.output
    names = ("region_centres", "star_probabilities", "rank_intervals")
    assert {path.name for path in (tmp_path / "region").iterdir()} == {
        f"{name}.{language}.{end}"
        for name in names
        for language in ("ru", "en")
        for end in ("png", "svg")
    }
    assert "3 figures, as PNG and SVG in 2 languages" in result.output
    drawn = (tmp_path / "region" / "region_centres.ru.svg").read_text(encoding="utf-8")
    assert "Синтетические данные" in drawn
    assert "ЦЗН г. Пскова" in drawn
    call(edition.path, "--centre", "R60-001", "--figures", tmp_path / "centre")
    png = (tmp_path / "centre" / "score_parts.en.png").read_bytes()
    assert png.startswith(b"\x89PNG")


def test_figures_of_the_whole_are_those_of_the_documents(edition, tmp_path):
    result = call(edition.path, "--what", "cuts", "--figures", tmp_path)
    assert result.exit_code == 0, result.output
    names = {path.name.split(".")[0] for path in tmp_path.iterdir()}
    assert {"stars_by_region", "region_caterpillar", "centre_intervals", "group_means"} <= names
    assert "rank_bands" not in names
    assert f"{len(names)} figures" in result.output


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_read(edition, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for option in ("--csv", "--figures"):
        result = call(edition.path, option, tmp_path / "file")
        assert result.exit_code == 2
        assert "cannot be written" in result.output
        assert "centres in" not in result.output


def move_project(edition, folder):
    """Copy both editions with their data and results; return the folder."""
    shutil.copytree(edition.folder, folder)
    for name in ("before.yml", "now.yml"):
        path = folder / name
        text = path.read_text(encoding="utf-8").replace(str(edition.folder), str(folder))
        path.write_text(text, encoding="utf-8")
    return folder


def test_totals_by_centre_are_enough_but_for_the_check_of_errors(edition, tmp_path):
    folder = move_project(edition, tmp_path / "project")
    path, survey = folder / "now.yml", folder / "now" / "data" / "survey_citizens.csv"
    answers = pd.read_csv(survey)
    keys = list(edition.bundle.methodology.indicator_keys)
    long = answers.melt("centre_id", keys, "indicator", "answer").dropna()
    long = long[long["answer"] <= 5].astype({"answer": int})
    counts = long[["centre_id", "indicator", "answer"]].value_counts().rename("n").reset_index()
    counts.to_csv(survey, index=False)
    content = YAML().load(path.read_text(encoding="utf-8"))
    content["data"]["survey"] = [
        {
            "file": str(survey),
            "kind": "option_counts",
            "segment": "citizens",
            "columns": {"centre": "centre_id"},
        }
    ]
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump(content, stream)
    result = call(path)
    assert result.exit_code == 0, result.output
    assert "Standard errors: bounds, as only totals were delivered" in result.output
    assert re.search(r"Check of standard errors: .*answers of every respondent", result.output)
    assert not re.search(r"\bnan\b|<NA>|None\b", result.output)
    own = long[long["indicator"] == "location"].groupby("centre_id")["answer"].mean()
    sheet = call(path, "--centre", "R60-001").output
    score = find_row(sheet, "Convenient location and hours")[1]
    assert float(score) == pytest.approx(25 * (own["R60-001"] - 1), abs=TENTHS)


def test_previous_results_that_cannot_be_read_leave_the_rest(edition, tmp_path):
    folder = move_project(edition, tmp_path / "project")
    shutil.rmtree(folder / "before" / "out")
    result = call(folder / "now.yml", "--what", "change", "--what", "stars")
    assert result.exit_code == 0, result.output
    assert "Change from the previous edition: not told." in result.output
    assert "Run this edition, which runs before.yml first." in " ".join(result.output.split())
    assert "5 stars" in result.output


def test_a_previous_edition_that_changed_makes_results_old(edition, tmp_path):
    folder = move_project(edition, tmp_path / "project")
    run_edition(folder / "now.yml")
    assert "results of the last run" in call(folder / "now.yml", "--what", "cuts").output
    before = folder / "before.yml"
    before.write_text(before.read_text(encoding="utf-8") + ANOTHER, encoding="utf-8")
    result = call(folder / "now.yml", "--what", "change")
    assert result.exit_code == 0, result.output
    assert "computed now, not kept" in result.output
    assert "Change from the previous edition: not told." in result.output
    assert "or older than its data or settings" in " ".join(result.output.split())


def test_faulty_data_are_told_as_by_the_other_commands(edition, tmp_path):
    folder = move_project(edition, tmp_path / "project")
    survey = folder / "now" / "data" / "survey_citizens.csv"
    table = pd.read_csv(survey, dtype=str)
    table.loc[0, "competence"] = "often"
    table.to_csv(survey, index=False)
    result = call(folder / "now.yml")
    assert result.exit_code == 1
    assert "often" in result.output
    assert "Traceback" not in result.output
