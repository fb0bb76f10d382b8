"""What truly changed between two simulated years is what comparing them finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.methodology.change_settings import ChangeSettings
from clientindex.rating.change import compare_editions
from clientindex.rating.change.method import find_one_method
from clientindex.results.change import EditionChange
from two_years import MOVED, RENAMED, Year, place_years, read_year

EXACT = 1e-9


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Year, Year]:
    """Return the earlier and the later year; of the earlier one only what was published."""
    files = place_years(tmp_path_factory.mktemp("years"))
    return (
        read_year(files["demo-2025"], with_moments=False),
        read_year(files["demo"], with_moments=True),
    )


@pytest.fixture(scope="module")
def found(years: tuple[Year, Year]) -> EditionChange:
    before, after = years
    change = compare_editions(
        after.published,
        before.published,
        settings=ChangeSettings(),
        renamed=after.edition.renamed,
    )
    assert isinstance(change, EditionChange)
    return change


@pytest.fixture(scope="module")
def truth(years: tuple[Year, Year]) -> pd.DataFrame:
    change = years[0].pilot.truth.change
    assert change is not None
    return change.set_index("centre")


def tell_part(found: EditionChange, part: str) -> Any:
    return found.parts.query("region == 'country' and part == @part").iloc[0]


def test_statuses_are_as_simulated(found: EditionChange, truth: pd.DataFrame) -> None:
    centres = found.centres.set_index("centre")
    assert centres["status"].value_counts().to_dict() == {
        "both": 115,
        "new": 4,
        "gone": 3,
        "moved": 1,
    }
    pd.testing.assert_frame_equal(
        centres[["status", "region_before"]],
        truth.loc[centres.index, ["status", "region_before"]],
        check_dtype=False,
    )
    assert centres["merged"].tolist() == truth.loc[centres.index, "merged"].tolist()


def test_identifiers_that_changed_are_followed(
    found: EditionChange, years: tuple[Year, Year]
) -> None:
    centres = found.centres.set_index("centre")
    before = set(years[0].pilot.register["centre"])
    assert set(RENAMED) <= before
    assert not set(RENAMED.values()) & before
    assert centres.loc["R33-004", ["status", "merged"]].tolist() == ["both", 1]
    assert centres.loc["R24-005", ["merged", "withheld_before"]].tolist() == [2, "merged"]
    assert centres.loc["R72-002", ["status", "region_before"]].tolist() == [
        "moved",
        MOVED["R72-002"],
    ]
    numbers = found.summary.set_index("statistic")["estimate"]
    assert numbers[["renamed", "merged", "moved"]].tolist() == [3, 1, 1]


def test_the_mean_true_change_lies_in_the_interval_of_the_service(
    found: EditionChange, truth: pd.DataFrame
) -> None:
    row = tell_part(found, "service")
    assert truth["change"].mean() == pytest.approx(1.5, abs=EXACT)
    assert row["ci_low"] < 1.5 < row["ci_high"]
    assert row["ci_low"] > 0
    # Of these very centres only who answered is by chance.
    error = found.summary.set_index("statistic").loc["sampling_service", "estimate"]
    assert abs(row["estimate"] - 1.5) < 2 * error


def test_the_method_changed_too(found: EditionChange, truth: pd.DataFrame) -> None:
    method = tell_part(found, "method")["estimate"]
    both = truth[truth["change"].notna()]
    true = (both["after"] - both["before"]).mean() - both["change"].mean()
    assert abs(true) > 0.2
    assert method == pytest.approx(true, abs=0.15)
    status = found.indicators.set_index("indicator")["status"]
    assert status[["proactivity", "telephone"]].tolist() == ["new", "gone"]


def test_the_flagged_centres_are_those_that_improved(
    found: EditionChange, truth: pd.DataFrame
) -> None:
    centres = found.centres.set_index("centre")
    up = set(centres.index[centres["flagged"] == "up"])
    improved = set(truth.index[truth["improved"].astype(bool)])
    assert len(improved) == 8
    assert (truth.loc[sorted(improved), "change"] - 14).abs().max() < EXACT
    assert len(up & improved) >= 6
    # Others changed too, by a point or two up or down: flagged are such as truly rose.
    assert len(up - improved) <= 2
    assert (truth.loc[sorted(up), "change"] > 1.5).all()
    assert not (centres["flagged"] == "down")[sorted(improved)].any()


def test_differences_scatter_round_the_true_ones_as_their_errors_say(
    found: EditionChange, truth: pd.DataFrame
) -> None:
    centres = found.centres.set_index("centre").dropna(subset="difference")
    # One-method scores of a merged centre are weighted by answers, its truth by visitors.
    z = (centres["difference"] - truth.loc[centres.index, "change"]) / centres["std_error"]
    assert len(z) == 116
    assert z.std() == pytest.approx(1, abs=0.2)
    assert abs(z.mean()) < 3 / np.sqrt(len(z))


def test_the_true_index_by_one_method_is_that_of_the_rating(
    truth: pd.DataFrame, years: tuple[Year, Year]
) -> None:
    before, after = years
    method = find_one_method(before.published.methodology, after.published.methodology).methodology
    assert method is not None
    weights = dict(zip(method.indicator_keys, method.effective_weights, strict=True))
    for year, name in ((before, "one_method_before"), (after, "one_method_after")):
        points = year.pilot.truth.indicators.set_index(["centre", "segment"])[list(weights)]
        index = (points @ np.array(list(weights.values()))).groupby("centre").mean()
        same = sorted(set(index.index) & set(truth.index))
        assert len(same) >= 117
        np.testing.assert_allclose(index[same], truth.loc[same, name], rtol=0, atol=EXACT)


def test_both_years_know_their_truth(truth: pd.DataFrame, years: tuple[Year, Year]) -> None:
    before, after = (year.pilot.truth.centres.set_index("centre")["index"] for year in years)
    kept = [centre for centre in truth.index if centre in before.index and centre in after.index]
    assert len(kept) == 114
    pd.testing.assert_series_equal(truth.loc[kept, "before"], before[kept], check_names=False)
    pd.testing.assert_series_equal(truth.loc[kept, "after"], after[kept], check_names=False)
    others = truth.loc[~truth["improved"].astype(bool)]
    both = others[["one_method_before", "one_method_after"]].dropna()
    assert both.corr().iloc[0, 1] == pytest.approx(0.98, abs=0.015)


def test_the_truth_is_written_beside_the_data(years: tuple[Year, Year], truth: Any) -> None:
    folders = [Path(year.edition.input_files[0]).parent / "truth" for year in years]
    written = pd.read_csv(folders[0] / "change.csv").set_index("centre")
    assert written["change"].dropna().tolist() == pytest.approx(
        truth["change"].dropna().tolist(), abs=1e-6
    )
    assert "change.csv" in (folders[0] / "README.txt").read_text(encoding="utf-8")
    assert not (folders[1] / "change.csv").exists()
    assert "change.csv" not in (folders[1] / "README.txt").read_text(encoding="utf-8")
