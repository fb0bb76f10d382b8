"""What the quantities of factors share: answers for R, sizes, and the script of the peers."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from frame import Size

from areas.material import write_survey

SCRIPT = Path(__file__).with_name("peers.R")
QUICK = (Size(respondents=3_000, centres=200), Size(respondents=10_000, centres=200))
LAVAAN = 1e-4

prepare = partial(write_survey, for_r=True)
