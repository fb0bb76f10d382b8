from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import WordingError
from clientindex.wording import load_wording, round_half_up
from clientindex.wording.numbers import write_rounded

RU, EN = load_wording("ru"), load_wording("en")


@pytest.mark.parametrize(
    ("x", "digits", "expected"),
    [
        (2.5, 0, "3"),
        (3.5, 0, "4"),
        (-2.5, 0, "-3"),
        (0.125, 2, "0.13"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (0.045, 2, "0.05"),
        (1e-7, 6, "0.000000"),
        (5e-7, 6, "0.000001"),
        (-0.04, 1, "0.0"),
        (np.float64(0.15), 1, "0.2"),
        (np.int64(7), 1, "7.0"),
    ],
)
def test_ties_are_rounded_half_up_on_the_decimal_form(x, digits, expected):
    assert round_half_up(x, digits=digits) == Decimal(expected)
    assert f"{round_half_up(x, digits=digits):f}" == expected


def test_numbers_follow_the_language():
    assert RU.number(1234567.85) == "1\u00a0234\u00a0567,9"
    assert EN.number(1234567.85) == "1,234,567.9"
    assert RU.number(-0.25, 1) == "\u22120,3"
    assert RU.number(999.95, 1) == "1\u00a0000,0"
    assert RU.integer(15000) == "15\u00a0000"
    assert RU.integer(0) == "0"
    assert EN.integer(np.int64(1000)) == "1,000"
    assert RU.integer(12.0) == "12"


def test_per_cent_and_points_carry_their_unit():
    assert RU.percent(0.95) == "95\u00a0%"
    assert EN.percent(0.95) == "95%"
    assert RU.percent(0.125) == "13\u00a0%"
    assert RU.percent(0.285, 0) == "29\u00a0%"  # 0.285 * 100 is 28.499999999999996 in binary
    assert RU.points(2.25) == "2,3\u00a0п."
    assert EN.points(2.25) == "2.3\u00a0points"


def test_intervals_and_p_values():
    assert RU.interval(-1.25, 3.0) == "[\u22121,3;\u00a03,0]"
    assert EN.interval(0.125, 0.5, 2) == "[0.13,\u00a00.50]"
    assert RU.p_value(0.0009) == "p\u00a0<\u00a00,001"
    assert RU.p_value(0.001) == "p\u00a0=\u00a00,001"
    assert EN.p_value(0.0005, symbol=False) == "<\u00a00.001"
    assert EN.p_value(0.25, symbol=False) == "0.250"


def test_dates_are_words():
    assert RU.date(dt.date(2026, 6, 3)) == "3\u00a0июня 2026\u00a0г."
    assert EN.date(dt.date(2026, 6, 3)) == "3\u00a0June 2026"


@pytest.mark.parametrize("missing", [float("nan"), np.nan, float("inf"), None, pd.NA, "12", True])
def test_what_is_not_a_number_is_refused(missing):
    for write in (RU.number, RU.integer, RU.percent, RU.points, RU.p_value):
        with pytest.raises(WordingError, match=r"missing or infinite|expected a number"):
            write(missing)
    with pytest.raises(WordingError, match=r"missing or infinite|expected a number"):
        RU.interval(1.0, missing)


def test_fractions_are_no_whole_numbers_and_p_values_lie_between_0_and_1():
    with pytest.raises(WordingError, match="expected a whole number"):
        RU.integer(1.5)
    with pytest.raises(WordingError, match="not a p value"):
        RU.p_value(1.2)


def test_the_fast_way_of_rounding_gives_what_decimals_give():
    """Every number near a tie, and many others, against the decimal module."""
    rng = np.random.default_rng(8)
    for digits in range(7):
        ties = (rng.integers(-(10**6), 10**6, 400) + 0.5) / 10.0**digits
        near = np.concatenate([np.nextafter(ties, np.inf), np.nextafter(ties, -np.inf)])
        sizes = rng.standard_normal(400) * 10.0 ** rng.integers(-12, 16, 400)
        for shift in (0, 2):
            for x in np.concatenate([ties, near, ties * (1 + 1e-13), sizes, [0.0, -0.0]]).tolist():
                exact = Decimal(repr(x)).scaleb(shift)
                rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
                expected = f"{abs(rounded) if rounded.is_zero() else rounded:f}"
                assert write_rounded(x, digits=digits, shift=shift) == expected, (x, digits)
                if not shift:
                    assert round_half_up(x, digits=digits) == rounded


def test_whole_numbers_are_rounded_as_they_are():
    assert write_rounded(7, digits=0) == "7"
    assert write_rounded(np.int64(10**15), digits=2) == "1000000000000000.00"
    assert write_rounded(Decimal("0.285"), digits=0, shift=2) == "29"
