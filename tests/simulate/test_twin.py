"""A twin keeps counts and correlations, and nobody's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.simulate.twin import summarise_closeness, tabulate_closeness, write_twin
from clientindex.simulate.twin.columns import pool_small
from clientindex.simulate.twin.draw import correlate_within, deal_answers, shuffle_within
from small_pilot import make_small_pilot

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("centre_id", "quarter")
SURVEY = "survey_citizens.csv"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the edition of a pilot whose answers are twins, the twins, and the original file."""
    folder = tmp_path_factory.mktemp("twin")
    make_small_pilot(folder, centres=40, citizens=1600, employers=500)
    survey = folder / "data" / SURVEY
    frame = read(survey)
    frame["comment"] = "Спасибо Анне Ивановне"
    frame.to_csv(survey, index=False)
    edition = load_edition(folder / "demo.yml")
    methodology = load_methodology(edition.methodology)
    made = write_twin(edition, methodology)
    return edition, methodology, made, frame


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_counts_of_every_centre_stay(both: Any) -> None:
    edition, methodology, made, original = both
    twin = read(edition.input_files[0])
    assert list(twin.columns) == [name for name in original.columns if name != "comment"]
    assert (twin[list(KEYS)] == original[list(KEYS)]).all(axis=None)
    large = original.groupby("centre_id")["centre_id"].transform("size") >= 10
    assert large.sum() > 1000
    for key in methodology.indicator_keys:
        for mask, by in ((large, "centre_id"), (~large, None), (large | ~large, None)):
            old, new = original[mask], twin[mask]
            groups = [[by, key] if by else [key]] * 2
            assert old.groupby(groups[0]).size().equals(new.groupby(groups[1]).size()), key
    assert made[0].dropped == ("comment",)
    assert "Анне" not in edition.input_files[0].read_text(encoding="utf-8")


def test_no_respondent_stays(both: Any) -> None:
    edition, _, made, original = both
    twin = read(edition.input_files[0])
    other = read(edition.input_files[1])
    ids = [*twin["respondent_id"], *other["respondent_id"]]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & set(original["respondent_id"])
    close = summarise_closeness(made, tabulate_closeness(made))
    assert close.equal_share < 0.02
    assert abs(close.equal_share - close.natural_share) < 0.01
    same = (made[0].original == made[0].twin).all(axis=1)
    assert same.mean() < 0.01


def test_a_day_stays_in_its_quarter(both: Any) -> None:
    edition, _, _, original = both
    twin = read(edition.input_files[0])
    for frame in (original, twin):
        assert frame.groupby("quarter")["day"].agg(["min", "max"]).shape == (2, 2)
    ends = [f.groupby("quarter")["day"].agg(["min", "max"]) for f in (original, twin)]
    assert ends[0].equals(ends[1])
    assert not twin["day"].equals(original["day"])


def test_correlations_are_close_within_centres_and_overall(both: Any) -> None:
    _, _, made, _ = both
    table = tabulate_closeness(made)
    found = table[table["measure"] == "correlation"]
    citizens = found["file"] == SURVEY
    assert found["difference"].abs()[citizens].max() < 0.03
    assert found["difference"].abs().max() < 0.08  # 500 employers in 40 centres
    assert found["difference"].abs().mean() < 0.01
    assert found["original"].abs().mean() > 0.2
    for twin in made:
        whole = np.zeros(len(twin.centre), dtype=np.int64)
        gap = correlate_within(twin.twin, whole) - correlate_within(twin.original, whole)
        assert np.abs(gap).max() < 0.06


def test_the_twin_passes_intake_with_the_same_totals(both: Any) -> None:
    edition, methodology, made, _ = both
    tables = require_tables(run_intake(edition, methodology))
    n = sum(len(twin.centre) for twin in made)
    assert tables.responses.codes.shape == (n, 20)
    assert (tables.responses.codes == 0).sum() == sum((t.original == 0).sum() for t in made)


def test_equal_seeds_give_equal_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        make_small_pilot(tmp_path / name, centres=30, citizens=600, employers=200)
        edition = load_edition(tmp_path / name / "demo.yml")
        write_twin(edition, load_methodology(edition.methodology))
        written.append([path.read_bytes() for path in edition.input_files])
    assert written[0] == written[1]


def test_dealt_answers_are_permutations_of_their_strata() -> None:
    rng = np.random.default_rng(1)
    strata = np.repeat(np.arange(20), 30)
    codes = rng.integers(0, 6, (600, 4)).astype(np.uint8)
    codes[:, 1] = np.where(rng.random(600) < 0.8, codes[:, 0], codes[:, 1])
    dealt = deal_answers(codes, strata, rng=np.random.default_rng(2))
    for column in dealt.T:
        assert (np.sort(column) == np.arange(600)).all()
        assert (strata[column] == strata).all()
    twin = np.take_along_axis(codes, dealt, axis=0)
    gap = correlate_within(twin, strata) - correlate_within(codes, strata)
    assert np.abs(gap).max() < 0.03


def test_correlations_within_strata_are_those_of_deviations() -> None:
    """Deviations of the first stratum are -1, 1 and -1, 1; of the second -2, 2 and 2, -2."""
    codes = np.array([[1, 2], [3, 4], [1, 5], [5, 1], [0, 3]], dtype=np.uint8)
    found = correlate_within(codes[:4], np.array([0, 0, 1, 1]))
    assert found[0, 1] == pytest.approx((1 + 1 - 4 - 4) / 10)
    assert found[1, 0] == found[0, 1]


def test_small_strata_are_dealt_out_together() -> None:
    strata = np.array([0] * 12 + [1] * 3 + [2] * 4)
    numbers, small = pool_small(strata, np.zeros(19, dtype=np.int64))
    assert numbers.tolist() == [0] * 12 + [1] * 7
    assert small.tolist() == [False] * 12 + [True] * 7
    shuffled = shuffle_within(numbers, rng=np.random.default_rng(1))
    assert set(shuffled[:12]) == set(range(12))
    assert set(shuffled[12:]) == set(range(12, 19))


def convert(edition: Any, folder: Path, kind: str) -> Path:
    """Write the survey of citizens in another format, and an edition that names it."""
    survey = edition.input_files[0]
    frame = pd.read_csv(survey)
    target = survey.with_suffix(f".{kind}")
    if kind == "parquet":
        frame.to_parquet(target)
    elif kind == "xlsx":
        frame.to_excel(target, index=False)
    elif kind == "sav":
        labels = {"waiting": {99.0: "Затрудняюсь ответить"}}
        pyreadstat.write_sav(
            frame.assign(waiting=frame["waiting"].astype(float)),
            str(target),
            variable_value_labels=labels,
            missing_ranges={"waiting": [99.0]},
        )
    else:
        text = survey.read_text(encoding="utf-8").replace(",", ";")
        target = survey.with_suffix(".csv")
        target.write_bytes(text.encode("cp1251"))
    text = (folder / "demo.yml").read_text(encoding="utf-8")
    entry = f"file: {target}"
    if kind == "csv":
        entry += '\n      encoding: cp1251\n      delimiter: ";"'
    path = folder / f"{kind}.yml"
    path.write_text(text.replace(f"file: {survey}", entry, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "sav"])
def test_other_formats_keep_their_form(tmp_path: Path, kind: str) -> None:
    make_small_pilot(tmp_path, centres=30, citizens=500, employers=200)
    path = convert(load_edition(tmp_path / "demo.yml"), tmp_path, kind)
    edition = load_edition(path)
    methodology = load_methodology(edition.methodology)
    before = require_tables(run_intake(edition, methodology))
    write_twin(edition, methodology)
    after = require_tables(run_intake(edition, methodology))
    assert after.no_answer.equals(before.no_answer)
    totals = [np.sort(t.responses.codes, axis=0) for t in (before, after)]
    assert (totals[0] == totals[1]).all()
    assert (before.responses.codes != after.responses.codes).any()
    if kind == "sav":
        _, meta = pyreadstat.read_sav(edition.input_files[0], user_missing=True)
        assert meta.variable_value_labels["waiting"] == {99.0: "Затрудняюсь ответить"}
        assert meta.missing_ranges["waiting"] == [{"lo": 99.0, "hi": 99.0}]


def test_an_id_that_holds_the_centre_is_refused(tmp_path: Path) -> None:
    make_small_pilot(tmp_path, centres=30, citizens=500, employers=200)
    text = (tmp_path / "demo.yml").read_text(encoding="utf-8")
    text = text.replace("{respondent: respondent_id, centre", "{respondent: centre_id, centre", 1)
    (tmp_path / "demo.yml").write_text(text, encoding="utf-8")
    edition = load_edition(tmp_path / "demo.yml")
    with pytest.raises(ReproductionError, match="'centre_id' holds the respondent and what says"):
        write_twin(edition, load_methodology(edition.methodology))
