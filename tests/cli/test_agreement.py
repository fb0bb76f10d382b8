"""The command for survey against checklist: numbers, parts, files, words and exit codes."""

from __future__ import annotations

import re
import shutil
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from clientindex.agreement.assessment import AGREEMENT_RESULTS, AgreementAssessment, assess
from clientindex.cli import agreement_files, agreement_sections, main, plain_tables
from clientindex.edition import load_edition
from clientindex.errors import EditionError
from clientindex.methodology import load_methodology
from clientindex.pipeline.seeds import split_seed
from clientindex.results import BOOTSTRAP, Unavailable
from presentation_agreement import make_agreement_results
from reliability_output import find_row, read_cells, read_ends, read_estimate
from small_pilot import make_small_pilot

TENTHS, HUNDREDTHS = 0.0501, 0.00501
"""Half of the last decimal that is printed."""

FILES = {f"audit_list.{language}.{end}" for language in ("ru", "en") for end in ("csv", "xlsx")}
GROUP = "comfort"


@pytest.fixture(scope="module")
def pilot(tmp_path_factory):
    """Give a small pilot on disk, and the results of its two sources."""
    folder = tmp_path_factory.mktemp("agreement")
    small = make_small_pilot(folder, centres=60, citizens=3000, employers=900, second_share=0.25)
    found = assess(
        small.sources,
        methodology=small.methodology,
        moments=small.moments,
        survey_stars=small.stars,
        find_stars=small.find_stars,
        seed=split_seed(load_edition(folder / "demo.yml").seed)["agreement"],
    )
    return SimpleNamespace(folder=folder, path=folder / "demo.yml", small=small, found=found)


def call(path, *arguments):
    return CliRunner().invoke(main, ["agreement", str(path), *map(str, arguments)])


@pytest.fixture(scope="module")
def whole(pilot):
    """Run the command without any replacement, and write all files."""
    result = call(pilot.path, "--csv", pilot.folder / "csv", "--audit", pilot.folder / "audit")
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def show(pilot, monkeypatch):
    """Return a function that calls the command without computing again."""
    monkeypatch.setattr(agreement_sections, "compare", lambda _: pilot.found)
    return lambda *arguments: call(pilot.path, *arguments)


def take_section(output, title):
    """Return a section, from its title up to the next empty line."""
    return output[output.index(f"\n{title}") :].lstrip("\n").split("\n\n")[0]


def check_interval(cell, row, *, abs_):
    assert read_estimate(cell) == pytest.approx(row.estimate, abs=abs_)
    assert read_ends(cell) == pytest.approx([row.ci_low, row.ci_high], abs=abs_)


def test_help_shows_the_options():
    result = CliRunner().invoke(main, ["agreement", "--help"])
    assert result.exit_code == 0
    for option in ("--group KEY", "--region NAME", "--csv FOLDER", "--audit FOLDER"):
        assert option in result.output


def test_no_cell_is_a_bare_nan_and_every_section_says_what_it_cannot_show(whole):
    assert not re.search(r"\bnan\b|<NA>|None", whole)
    assert "gives no reason" not in whole
    assert whole.count("\nShows ") == len(re.findall(r"\bCannot\s", whole)) >= 9


@pytest.mark.parametrize("subject", ["index", "friendliness", GROUP])
def test_agreement_by_subject_is_that_of_the_assessment(whole, pilot, subject):
    frame = pilot.found.agreement.of(subject)
    linked = pilot.found.agreement.of(subject, scale="linked")
    section = take_section(whole, "Agreement by subject")
    bias, sd, low, high, icc, ccc = find_row(section, subject)
    check_interval(bias, frame.loc["bias"], abs_=TENTHS)
    check_interval(sd, frame.loc["sd_difference"], abs_=TENTHS)
    check_interval(low, frame.loc["loa_low"], abs_=TENTHS)
    check_interval(high, frame.loc["loa_high"], abs_=TENTHS)
    check_interval(icc, linked.loc["icc_c1"], abs_=HUNDREDTHS)
    check_interval(ccc, linked.loc["ccc"], abs_=HUNDREDTHS)


def test_bias_of_the_index_is_the_mean_gap_by_hand(whole, pilot):
    sources = pilot.small.sources
    gaps = sources.checklist[:, 0] - sources.survey[:, 0]
    cell = find_row(take_section(whole, "Agreement by subject"), "index")[0]
    assert read_estimate(cell) == pytest.approx(np.nanmean(gaps), abs=TENTHS)
    assert f"{np.isfinite(gaps).sum()} centres" in whole


def test_correlations_and_criteria_are_those_of_the_assessment(whole, pilot):
    section = take_section(whole, "Same group by survey and checklist")
    frame = pilot.found.multitrait.correlations
    same = frame[(frame["kind"] == "monotrait_heteromethod") & (frame["first_group"] == GROUP)]
    cells = find_row(section, GROUP)
    assert len(cells) == len(same)
    for cell, row in zip(cells[:2], same.itertuples(), strict=False):
        check_interval(cell, row, abs_=HUNDREDTHS)
    criteria = pilot.found.multitrait.criteria
    row = criteria.query("criterion == '2' and group == 'all' and removed == 'survey_sampling'")
    held, mean = find_row(section, "2: above others, across", "net")
    count, difference = (row[row["statistic"] == name].iloc[0] for name in ("count", "difference"))
    assert held.startswith(f"{count['estimate']:.0f} of {count['comparisons']} [")
    check_interval(mean, difference, abs_=HUNDREDTHS)


def test_parts_of_the_variance_stand_beside_their_check(whole, pilot):
    section = take_section(whole, "Where the variance comes from")
    result = pilot.found.method_variance
    moments = result.frame.query("level_of == 'centre' and subject == 'all'").set_index("statistic")
    check = result.check.set_index("statistic")
    first, second = find_row(section, "method of the checklist")
    check_interval(first, moments.loc["checklist_method"], abs_=TENTHS)
    check_interval(second, check.loc["checklist_method"], abs_=TENTHS)
    trait, _ = find_row(section, "all groups", "checklist")
    check_interval(trait, moments.loc["consistency_checklist"], abs_=HUNDREDTHS)


def test_sides_and_stars_are_those_of_the_assessment(whole, pilot):
    sides = pilot.found.side_reliability.frame.set_index(["subject", "side", "statistic"])
    cells = find_row(take_section(whole, "Reliability of each source"), "index")
    check_interval(cells[0], sides.loc["index", "survey", "mean_reliability"], abs_=HUNDREDTHS)
    check_interval(cells[4], sides.loc["index", "checklist", "error_sd"], abs_=TENTHS)
    section = take_section(whole, "Stars by survey and by checklist")
    frame = pilot.found.category_agreement.frame.set_index(["subject", "statistic"])
    for text, name in (("kappa, quadratic weights", "kappa_quadratic"), ("Gwet's AC1", "ac1")):
        check_interval(find_row(section, text)[0], frame.loc["stars", name], abs_=HUNDREDTHS)
    table = pilot.found.category_agreement.table.query("kind == 'stars'")
    printed = [list(map(int, row[1:])) for row in read_cells(section) if row[0] in set("12345")]
    assert np.sum(printed) == table["n"].sum()
    assert np.ravel(printed).tolist() == table.sort_values(["survey", "checklist"])["n"].tolist()


def test_slopes_have_the_interval_that_the_report_shows(whole, pilot):
    section = take_section(whole, "Lines between the sources")
    lines = pilot.found.structural.lines
    rows = lines[(lines["subject"] == "index") & (lines["statistic"] == "slope")]
    for text, line, method in (
        ("errors in variables", "errors_in_variables", "jackknife"),
        ("least squares (bound)", "least_squares", "jackknife"),
    ):
        row = rows[(rows["line"] == line) & (rows["method"] == method)].iloc[0]
        check_interval(find_row(section, text)[0], row, abs_=HUNDREDTHS)


def test_what_stands_out_is_that_of_the_assessment(whole, pilot):
    section = take_section(whole, "Gaps that stand out")
    summary = pilot.found.inflation.summary.set_index("statistic")
    for text, name in (
        ("stands out at false discovery rate 5%", "flagged"),
        ("gap differs from 0 (do not use)", "flagged_naively"),
        ("sign: all indicators with one score", "no_spread"),
    ):
        assert list(map(int, find_row(section, text))) == [
            summary.loc[name, "estimate"],
            summary.loc[name, "n"],
        ]
    tau = find_row(section, "tau, spread of honest centres (points)")[0]
    assert float(tau) == pytest.approx(summary.loc["spread", "estimate"], abs=TENTHS)
    power = pilot.found.inflation.power.set_index("share")["estimate"]
    told = " ".join(section.split())
    assert f"from {power[0.5]:.1f} points on (median over centres" in told
    assert f"from {power.min():.1f} where" in told
    assert f"to {power.max():.1f} where" in told


def test_decisions_and_audits_are_those_of_the_assessment(whole, pilot):
    audit = pilot.found.audit
    section = whole[whole.index("\nThe rule and its effect on stars") :]
    counts = audit.summary.set_index("statistic")
    for text, name in (
        ("survey and checklist combined", "blended"),
        ("checklist not counted", "checklist_dropped"),
        ("on the audit list by lot", "audit_random"),
    ):
        assert list(map(int, find_row(section, text))) == list(counts.loc[name])
    listed = audit.centres[audit.centres["audit"] != ""]
    assert f"Audit list, {len(listed)} centres" in section
    first = listed.sort_values("z", ascending=False)
    for row in first[first["audit"] == "gap"].head(3).itertuples():
        assert re.search(rf"{row.centre}, {row.region}: checklist less survey", section)


@pytest.mark.parametrize("width", [80, 110, 120])
@pytest.mark.parametrize("options", [(), ("--group", GROUP), ("--region", "Псковская область")])
def test_the_output_fits_the_terminal(show, monkeypatch, width, options):
    monkeypatch.setattr(plain_tables, "PLAIN_WIDTH", width)
    result = show(*options)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= width


def test_one_group_is_shown_with_its_indicators(show, pilot):
    output = show("--group", GROUP).output
    section = take_section(output, "Agreement by subject")
    shown = {row[0] for row in read_cells(section)}
    assert shown == {GROUP, *pilot.small.methodology.group(GROUP).indicators}
    frame = pilot.found.agreement.frame
    row = frame.query("subject == 'location' and statistic == 'bias'")
    bias = row[row["method"] != BOOTSTRAP].iloc[0]
    check_interval(find_row(section, "location")[0], bias, abs_=TENTHS)
    assert "friendliness" not in take_section(output, "Lines between the sources")


def test_a_region_is_shown_centre_by_centre(show, pilot):
    region = pilot.found.audit.centres["region"].iloc[0]
    output = show("--region", region).output
    own = pilot.found.audit.centres.query("region == @region")
    rows = [cells for cells in read_cells(output) if len(cells) == 8]
    assert {cells[0] for cells in rows} == set(own["centre"])
    z = [float(cells[4]) for cells in rows if cells[4] != "-"]
    assert z == sorted(z, reverse=True)
    one = own.dropna(subset="z").iloc[0]
    cells = find_row(output, one["centre"])
    assert float(cells[2]) == pytest.approx(one["gap"], abs=TENTHS)
    assert float(cells[3]) == pytest.approx(one["z"], abs=HUNDREDTHS)
    effect = pilot.found.inflation.regions.set_index("region").loc[region]
    check_interval(find_row(output, region)[2], effect, abs_=TENTHS)
    assert "Agreement by subject" not in output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--group", "comfrot"), "no group; allowed: friendliness.*did you mean 'comfort'"),
        (("--region", "Псковская обл"), "allowed: .*did you mean 'Псковская область'"),
        (("--group", GROUP, "--region", "Псковская область"), "exclude each other"),
    ],
)
def test_what_is_not_there_is_refused(show, options, said):
    result = show(*options)
    assert result.exit_code == 2
    assert re.search(said, result.output)
    assert "Agreement by subject" not in result.output


def test_files_have_every_frame_in_full(whole, pilot):
    folder = pilot.folder / "csv"
    assert f"{len(list(folder.iterdir()))} CSV files of all results" in whole
    for name, frame in (
        ("agreement.frame", pilot.found.agreement.frame),
        ("inflation.centres", pilot.found.inflation.centres),
        ("structural.lines", pilot.found.structural.lines),
        ("multitrait", pilot.found.multitrait.tidy()),
    ):
        read = pd.read_csv(folder / f"{name}.csv", encoding="utf-8", dtype={"flagged": object})
        numbers = frame.select_dtypes("number").columns
        pd.testing.assert_frame_equal(
            read[numbers], frame[numbers].reset_index(drop=True), check_dtype=False, rtol=1e-12
        )
        assert list(read.columns) == list(frame.columns)
    assert {path.name.split(".")[0] for path in folder.iterdir()} <= set(AGREEMENT_RESULTS)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_workbook_has_one_row_a_centre_with_reasons_in_words(whole, pilot, language):
    assert "audit_list." in whole
    book = openpyxl.load_workbook(pilot.folder / "audit" / f"audit_list.{language}.xlsx")
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    at = next(number for number, row in enumerate(rows) if row[1] is not None)
    listed = pilot.found.audit.centres.query("audit != ''")
    body = [row for row in rows[at + 1 :] if row[1] is not None]
    assert {row[0] for row in body} == set(listed["centre"])
    assert len(body) == len(listed)
    audits = listed.set_index("centre")["audit"]
    assert [audits[row[0]] for row in body] == sorted(audits)
    z = [row[7] for row in body if audits[row[0]] == "gap"]
    assert z == sorted(z, reverse=True)
    assert rows[at][0] == {"ru": "Код центра", "en": "Centre id"}[language]
    words = {"gap": {"ru": "разность чек-листа и опроса", "en": "checklist less survey"}}
    words["random"] = {"ru": "жребию", "en": "by lot"}
    assert all(words[audits[row[0]]][language] in row[9] for row in body)
    assert {row[10] for row in body} == {
        {"ru": "Синтетические данные", "en": "Synthetic data"}[language]
    }


def test_csv_is_for_excel_in_russian_and_for_programs_in_english(whole, pilot):
    assert whole
    folder = pilot.folder / "audit"
    assert {path.name for path in folder.iterdir()} == FILES
    assert (folder / "audit_list.ru.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    russian = pd.read_csv(folder / "audit_list.ru.csv", sep=";", decimal=",", encoding="utf-8-sig")
    english = pd.read_csv(folder / "audit_list.en.csv", encoding="utf-8")
    assert list(russian.iloc[:, 0]) == list(english["centre_id"])
    known = pilot.found.audit.centres.set_index("centre").loc[english["centre_id"]]
    np.testing.assert_allclose(english["gap_z"], known["z"], rtol=1e-12)
    np.testing.assert_allclose(russian["z"], known["z"], atol=HUNDREDTHS)


def test_former_files_stay_when_one_cannot_be_written(show, tmp_path, monkeypatch):
    for name in FILES:
        (tmp_path / name).write_text("former")

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(agreement_files, "write_workbook", fail)
        result = show("--audit", tmp_path)
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        FILES, "former"
    )
    assert show("--audit", tmp_path).exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == FILES
    assert b"former" not in (tmp_path / "audit_list.ru.csv").read_bytes()


def test_files_are_replaced_all_or_none(tmp_path, monkeypatch):
    aside, folder = tmp_path / "aside", tmp_path / "folder"
    for place, text in ((aside, "new"), (folder, "former")):
        place.mkdir()
        for name in "abc":
            (place / name).write_text(text)
    (folder / "a").unlink()
    replace = type(folder).replace

    def refuse(path, target):
        if path == aside / "c":
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(type(folder), "replace", refuse)
    with pytest.raises(PermissionError):
        agreement_files.replace_files(aside, folder)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "b": "former",
        "c": "former",
    }


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_read(pilot, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    result = call(pilot.path, "--audit", tmp_path / "file")
    assert result.exit_code == 2
    assert "cannot be written" in result.output
    assert "centres in" not in result.output


def copy_edition(pilot, folder):
    """Copy an edition with its data; return its path and the folder of the data."""
    shutil.copytree(pilot.folder / "data", folder / "data")
    text = pilot.path.read_text(encoding="utf-8").replace(str(pilot.folder), str(folder))
    (folder / "demo.yml").write_text(text, encoding="utf-8")
    return folder / "demo.yml", folder / "data"


def test_without_checklists_one_sentence_and_a_list_without_rows(pilot, tmp_path):
    path, _ = copy_edition(pilot, tmp_path)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  checklist:"), text.index("reports:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    result = call(path, "--audit", tmp_path / "audit")
    assert result.exit_code == 0, result.output
    assert re.search(
        r"Survey against checklist: .*No checklists? w(as|ere) delivered", result.output
    )
    assert "nobody is on it, so it has no rows" in result.output
    read = pd.read_csv(tmp_path / "audit" / "audit_list.en.csv")
    assert read.empty
    assert "audit_reasons" in read
    assert openpyxl.load_workbook(tmp_path / "audit" / "audit_list.ru.xlsx").worksheets


def test_totals_are_enough(pilot, tmp_path):
    path, data = copy_edition(pilot, tmp_path)
    methodology = pilot.small.methodology
    answers = pd.read_csv(data / "survey_citizens.csv")
    keys = list(methodology.indicator_keys)
    long = answers.melt("centre_id", keys, "indicator", "answer").dropna()
    long = long[long["answer"] <= 5].astype({"answer": int})
    counts = long[["centre_id", "indicator", "answer"]].value_counts().rename("n").reset_index()
    counts.to_csv(data / "survey_citizens.csv", index=False)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  survey:"), text.index("  register:")
    survey = f"""  survey:
    - file: {data}/survey_citizens.csv
      kind: option_counts
      segment: citizens
      columns: {{centre: centre_id}}
"""
    path.write_text(text[:start] + survey + text[end:], encoding="utf-8")
    result = call(path, "--group", GROUP)
    assert result.exit_code == 0, result.output
    assert "totals by centre" in result.output
    items = [item.key for item in methodology.indicator("location").checklist]
    ticks = pd.read_csv(data / "checklist.csv")
    ticks = ticks[ticks["item"].isin(items) & (ticks["answer"] != 9)]
    checklist = 100 * ticks.groupby("centre_id")["answer"].mean()
    own = long[long["indicator"] == "location"]
    visitors = own.groupby("centre_id")["answer"].mean().sub(1).mul(25)
    section = take_section(result.output, "Agreement by subject")
    cell = find_row(section, "location")[0]
    assert read_estimate(cell) == pytest.approx((checklist - visitors).mean(), abs=TENTHS)
    assert not re.search(r"\bnan\b", result.output)


def test_faulty_data_are_told_as_by_the_other_commands(pilot, tmp_path):
    path, data = copy_edition(pilot, tmp_path)
    table = pd.read_csv(data / "checklist.csv", dtype=str)
    table.loc[0, "answer"] = "maybe"
    table.to_csv(data / "checklist.csv", index=False)
    result = call(path)
    assert result.exit_code == 1
    assert "maybe" in result.output
    assert "Traceback" not in result.output


def test_what_is_not_defined_is_told_with_its_reason(pilot, monkeypatch):
    """Results made by hand lack many numbers of the group "comfort"."""
    methodology = load_methodology(load_edition(pilot.path).methodology)
    found = AgreementAssessment(**make_agreement_results(methodology))
    monkeypatch.setattr(agreement_sections, "compare", lambda _: found)
    output = call(pilot.path).output
    section = take_section(output, "Agreement by subject")
    cells = find_row(section, GROUP)
    number = re.fullmatch(r"- \((\d)\)", cells[4])[1]
    assert cells[5] == cells[4]
    assert re.search(
        rf"\({number}\) comfort, .*ICC\(C,1\).*: All scores of one of the sources", section
    )
    assert "no checklist" in output
    assert find_row(output, "all items of the checklist not applicable") == ["1"]
    assert not re.search(r"\bnan\b", output)
    region = call(pilot.path, "--region", "Псковская область").output
    assert "nan" not in region


def test_what_is_not_available_is_said_and_the_others_follow(pilot, monkeypatch):
    absent = Unavailable(stage="agreement", reason="no_sampling_error")
    found = {name: getattr(pilot.found, name) for name in AGREEMENT_RESULTS}
    found |= {
        "method_variance": absent,
        "audit": Unavailable(stage="agreement", reason="no_centres"),
    }
    monkeypatch.setattr(agreement_sections, "compare", lambda _: AgreementAssessment(**found))
    result = call(pilot.path)
    assert result.exit_code == 0
    assert "Where the variance comes from: " in result.output
    assert "Gaps that stand out" in result.output
    found = dict.fromkeys(found, absent)
    monkeypatch.setattr(agreement_sections, "compare", lambda _: AgreementAssessment(**found))
    assert call(pilot.path).exit_code == 1


def test_the_error_of_a_list_names_the_folder(pilot, tmp_path):
    methodology = pilot.small.methodology
    with pytest.raises(EditionError, match="audit list cannot be written"):
        agreement_files.write_audit_list(
            pilot.found.audit,
            tmp_path / "absent",
            edition=load_edition(pilot.path),
            methodology=methodology,
        )
