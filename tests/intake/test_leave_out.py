"""How many faulty rows and files an edition lets be left out, and what they excuse."""

from __future__ import annotations

import pytest

from clientindex.edition import LeaveOut
from clientindex.intake.leave_out import leave_out_rows
from clientindex.intake.log import FaultLog, Place, Trouble

TROUBLE = Trouble(read="7", allowed="1 to 5", advice="Correct the cell.")


def log_rows(n: int) -> FaultLog:
    log = FaultLog()
    place = Place(file="f", column="a")
    log.add_listed("E-SCALE", place, rows=range(2, n + 2), describe=lambda _: TROUBLE)
    return log


@pytest.mark.parametrize(("n", "of", "share"), [(29, 100, 0.29), (57, 100, 0.57), (63, 180, 0.35)])
def test_exactly_the_share_that_the_edition_names_is_left_out(
    n: int, of: int, share: float
) -> None:
    # 0.29 * 100 is less than 29.
    assert n > share * of
    log = log_rows(n)
    leave_out_rows(log, LeaveOut(rows=share), file="f", n_left_out=n, n=of)
    assert {fault.severity for fault in log.faults} == {"warning"}
    log = log_rows(n + 1)
    leave_out_rows(log, LeaveOut(rows=share), file="f", n_left_out=n + 1, n=of)
    assert {fault.severity for fault in log.faults} == {"error"}
