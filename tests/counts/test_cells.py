"""Cells of traits against pandas; they add; too many are refused with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import cells as module
from clientindex.counts import count_cells, find_levels, make_cells, name_age_bands
from clientindex.errors import CountsError
from clientindex.intake.tables import Responses, Trait

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


def trait_of(texts: Any) -> Trait:
    levels = ("", *sorted({text for text in texts if text}))
    return Trait(levels=levels, codes=np.array([levels.index(t) for t in texts], dtype=np.int32))


@pytest.fixture(scope="module")
def people(answers: pd.DataFrame) -> pd.DataFrame:
    """Give everybody a sex (a fifth unknown), an age in years and a weight."""
    rng = np.random.default_rng(8)
    n = len(answers)
    return answers.assign(
        sex=rng.choice(["f", "m", ""], n, p=[0.5, 0.3, 0.2]),
        age=rng.integers(16, 80, n).astype(str),
        weight=rng.uniform(0.5, 3.0, n),
    )


def respond(people: pd.DataFrame) -> Responses:
    labels = people[["centre", "segment", "period"]]
    units = labels.drop_duplicates().sort_values(list(labels), ignore_index=True)
    unit_of = pd.MultiIndex.from_frame(units).get_indexer(pd.MultiIndex.from_frame(labels))
    return Responses(
        units=units,
        unit_of=unit_of.astype(np.int32),
        codes=people[["a", "b", "c"]].fillna(0).to_numpy(np.uint8),
        traits={"sex": trait_of(people["sex"]), "age": trait_of(people["age"])},
        weight=people["weight"].to_numpy(),
    )


def test_cells_are_those_of_pandas(people: pd.DataFrame, methodology: Methodology) -> None:
    responses = respond(people)
    cells = make_cells(responses, ["sex", "age"], age_bands=[30, 60])
    counted = count_cells(responses, methodology, cells=cells, weight=responses.weight)
    band = pd.cut(people["age"].astype(int), [0, 30, 60, 99], right=False).cat.codes
    names = np.array(name_age_bands([30, 60]))[band]
    keys = ["centre", "segment", "sex", "age"]
    expected = people.assign(age=names).groupby(keys)["weight"].agg(["size", "sum"]).reset_index()
    assert counted.cells[keys].equals(expected[keys].astype("str"))
    assert counted.n.tolist() == expected["size"].tolist()
    np.testing.assert_allclose(counted.weight, expected["sum"], rtol=1e-12)
    squares = people["weight"] ** 2
    np.testing.assert_allclose(counted.weight_squared.sum(), squares.sum(), rtol=1e-12)
    of_b = [people["weight"][people["b"].fillna(0) == code].sum() for code in range(5)]
    np.testing.assert_allclose(counted.margins.sum(axis=0)[1], of_b, rtol=1e-12)


def test_cells_of_batches_add(people: pd.DataFrame, methodology: Methodology) -> None:
    def count(part: pd.DataFrame) -> Any:
        responses = respond(part)
        return count_cells(responses, methodology, cells=make_cells(responses, ["sex"]))

    whole, parts = count(people), count(people[:70]) + count(people[70:])
    assert whole.cells.equals(parts.cells)
    for name in ("n", "weight", "weight_squared", "margins"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_cells_of_other_traits_do_not_add(people: pd.DataFrame, methodology: Methodology) -> None:
    responses = respond(people)
    one = count_cells(responses, methodology, cells=make_cells(responses, ["sex"]))
    two = count_cells(responses, methodology, cells=make_cells(responses, []))
    with pytest.raises(CountsError, match="cannot be added"):
        _ = one + two


def test_too_many_cells_are_refused_with_their_number(
    people: pd.DataFrame, methodology: Methodology, monkeypatch: Any
) -> None:
    responses = respond(people)
    cells = make_cells(responses, ["sex"])
    monkeypatch.setattr(module, "MAX_VALUES", 100)
    with pytest.raises(CountsError, match=f"{len(cells.frame)} combinations of .*, sex"):
        count_cells(responses, methodology, cells=cells)


def test_ages_in_years_need_bands(people: pd.DataFrame) -> None:
    with pytest.raises(CountsError, match="age_bands"):
        make_cells(respond(people), ["age"])


def test_a_band_starts_with_its_first_year() -> None:
    frame = pd.DataFrame({"centre": "c", "segment": "s", "period": ""}, index=range(5))
    ages = ["", "0", "29", "29.5", "30"]
    responses = respond(frame.assign(a=1, b=1, c=1, sex="", weight=1.0, age=ages))
    levels, codes = find_levels(responses, "age", age_bands=[30])
    assert [levels[code] for code in codes] == ["", "0-29", "0-29", "0-29", "30+"]


def test_age_groups_must_be_the_bands(people: pd.DataFrame) -> None:
    responses = respond(people.assign(age=["0-29", "18-24"] * 75))
    with pytest.raises(CountsError, match=r"18-24; its age_bands give 0-29, 30\+"):
        make_cells(responses, ["age"], age_bands=[30])
    assert set(make_cells(responses, ["age"]).frame["age"]) == {"0-29", "18-24"}


def test_an_unknown_trait_is_named(people: pd.DataFrame) -> None:
    with pytest.raises(CountsError, match=r"'sec' .*did you mean 'sex'"):
        make_cells(respond(people), ["sec"])


def test_the_channel_is_a_trait() -> None:
    units = pd.DataFrame({"centre": "c", "segment": "s", "period": "", "channel": ["in", "on"]})
    responses = Responses(
        units=units, unit_of=np.array([1, 0, 1], np.int32), codes=np.ones((3, 3), np.uint8)
    )
    cells = make_cells(responses, ["channel"])
    assert cells.frame["channel"].tolist() == ["in", "on"]
    assert cells.of_respondent.tolist() == [1, 0, 1]
