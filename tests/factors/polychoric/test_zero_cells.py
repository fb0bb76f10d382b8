"""Empty cells are filled by the rule of the methodology, and matrices smoothed, as R does."""

import numpy as np
import pandas as pd
import pytest

from clientindex.factors.polychoric import compute_cuts, solve_two_step
from clientindex.factors.polychoric.smooth import FLOOR, SMALLEST_EIGENVALUE, smooth
from clientindex.factors.polychoric.tables import fill_zero_cells
from clientindex.factors.polychoric.two_step import BOUNDARY
from clientindex.methodology.factor_settings import ZeroCells

SMALL = np.array([[25.0, 15.0], [0.0, 40.0]])
LARGER = np.array([[20.0, 7.0, 0.0], [9.0, 30.0, 11.0], [0.0, 8.0, 25.0]])
LAVAAN = ZeroCells()
NOTHING = ZeroCells(two_by_two=0, larger=0)
WILD = np.array([[1, 0.9, 0.8, -0.3], [0.9, 1, 0.2, 0.4], [0.8, 0.2, 1, 0.5], [-0.3, 0.4, 0.5, 1]])


@pytest.fixture(scope="module")
def reference(polychoric_folder):
    return pd.read_csv(polychoric_folder / "zero_cells.csv").set_index("case")["estimate"]


def correlate(table, rule):
    cuts = compute_cuts(np.stack([table.sum(axis=1), table.sum(axis=0)]))
    return solve_two_step(fill_zero_cells(table[None, None], rule), cuts[None])[0, 0]


def test_an_empty_cell_of_a_two_by_two_table_is_filled_as_lavaan_does(reference):
    assert correlate(SMALL, LAVAAN) == pytest.approx(reference["two_by_two_half"], abs=1e-7)


def test_margins_stay_where_one_half_is_added_to_a_two_by_two_table():
    filled = fill_zero_cells(SMALL, LAVAAN)
    assert filled.tolist() == [[24.5, 15.5], [0.5, 39.5]]


def test_without_a_rule_the_empty_cell_makes_the_correlation_perfect():
    assert abs(correlate(SMALL, NOTHING)) > BOUNDARY


def test_psych_adds_to_one_cell_alone_and_differs(reference):
    """Psych adds one half to the empty cell only, so its margins move."""
    one = np.where(SMALL == 0, 0.5, SMALL)
    assert correlate(one, NOTHING) == pytest.approx(reference["psych_two_by_two_half"], abs=2e-5)
    assert correlate(SMALL, LAVAAN) != pytest.approx(reference["psych_two_by_two_half"], abs=1e-3)


def test_empty_cells_of_larger_tables_are_filled_only_where_asked(reference):
    assert correlate(LARGER, LAVAAN) == pytest.approx(reference["three_none"], abs=1e-7)
    filled = correlate(LARGER, ZeroCells(two_by_two=0.5, larger=0.5))
    assert filled == pytest.approx(reference["three_half"], abs=1e-7)


def test_a_two_by_two_table_may_lie_inside_a_larger_scale():
    inside = np.zeros((4, 4))
    inside[np.ix_([0, 3], [1, 2])] = SMALL
    filled = fill_zero_cells(inside, LAVAAN)
    assert filled[np.ix_([0, 3], [1, 2])].tolist() == [[24.5, 15.5], [0.5, 39.5]]
    assert filled.sum() == SMALL.sum()


def test_two_opposite_empty_cells_are_left_alone():
    """Both categories then say the same, which no small number may hide."""
    diagonal = np.diag([30.0, 20.0])
    assert fill_zero_cells(diagonal, LAVAAN).tolist() == diagonal.tolist()


def test_smoothing_is_that_of_psych(polychoric_folder):
    reference = pd.read_csv(polychoric_folder / "smoothed.csv").to_numpy()
    found = smooth(WILD, floor=FLOOR)
    assert found.matrix == pytest.approx(reference, abs=1e-12)
    assert found.changed
    assert found.largest_change == pytest.approx(np.abs(reference - WILD).max(), abs=1e-12)
    assert found.smallest_eigenvalue == pytest.approx(np.linalg.eigvalsh(WILD)[0])


def test_what_smoothing_leaves_can_be_inverted():
    found = smooth(WILD)
    assert np.linalg.eigvalsh(found.matrix)[0] > 5e-7
    assert np.diag(found.matrix) == pytest.approx(np.ones(4), abs=1e-15)
    assert found.matrix == pytest.approx(smooth(WILD, floor=FLOOR).matrix, abs=2e-6)


def test_a_definite_matrix_stays_as_it_is():
    fine = np.array([[1, 0.5], [0.5, 1]])
    assert fine.min() > SMALLEST_EIGENVALUE
    found = smooth(fine)
    assert not found.changed
    assert found.matrix.tolist() == fine.tolist()
