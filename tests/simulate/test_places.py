import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientindex.simulate.places import load_regions, share_out, simulate_register

PILOT_REGIONS = {
    "Брянская область",
    "Владимирская область",
    "Липецкая область",
    "Нижегородская область",
    "Оренбургская область",
    "Псковская область",
    "Тамбовская область",
    "Тюменская область",
    "Ярославская область",
    "Челябинская область",
    "Приморский край",
    "Красноярский край",
    "Ямало-Ненецкий автономный округ",
}


def test_the_regions_are_the_thirteen_of_the_pilot() -> None:
    assert {region.name for region in load_regions()} == PILOT_REGIONS


@pytest.mark.parametrize("n_centres", [26, 240, 600])
def test_names_and_keys_of_centres_are_unique(n_centres: int) -> None:
    register = simulate_register(n_centres, n_answers=15_000, rng=np.random.default_rng(1))
    assert len(register) == n_centres
    assert register["centre"].is_unique
    assert register["name"].is_unique
    assert register["region"].value_counts().min() >= 1


def test_the_first_place_of_a_region_has_most_visitors() -> None:
    register = simulate_register(240, n_answers=15_000, rng=np.random.default_rng(1))
    first = register.groupby("region")["visitors"].first()
    assert (first == register.groupby("region")["visitors"].max()).all()


def test_visitors_stay_above_answers_when_many_answers_are_asked_for() -> None:
    register = simulate_register(100, n_answers=1_000_000, rng=np.random.default_rng(1))
    assert register["visitors"].median() > 100_000


@given(
    total=st.integers(0, 10_000),
    weights=st.lists(st.floats(0.001, 1000), min_size=1, max_size=30),
)
def test_shares_sum_to_the_total_and_are_less_than_one_unit_off(
    total: int, weights: list[float]
) -> None:
    exact = total * np.array(weights) / sum(weights)
    units = share_out(total, np.array(weights))
    assert units.sum() == total
    assert (np.abs(units - exact) < 1 + 1e-9 * total).all()


def test_equal_remainders_go_to_the_earlier_position() -> None:
    assert share_out(4, np.ones(3)).tolist() == [2, 1, 1]
