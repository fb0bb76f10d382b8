"""What the quantities of factors share: answers for R, sizes, and peers in R."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from frame import RPeer, Size

from areas.material import write_survey

QUICK = (Size(respondents=3_000, centres=200), Size(respondents=10_000, centres=200))
LAVAAN = 1e-4

peer_in_r = partial(RPeer, script=Path(__file__).with_name("peers.R"))
prepare = partial(write_survey, for_r=True)
