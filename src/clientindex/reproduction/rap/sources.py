"""The checklists that the items come from, by the short name that items carry."""

from __future__ import annotations

from typing import Final

RAP: Final = "RAP"
MATURITY: Final = "RAP maturity"
DIME: Final = "World Bank"
TIER: Final = "TIER"
AEA: Final = "AEA"
CODE_OF_PRACTICE: Final = "CoP"

SOURCES: Final = {
    RAP: "Reproducible Analytical Pipelines, minimum viable product (UK Analysis Function)",
    MATURITY: "the same, further levels of maturity: tested, packaged, continuously checked",
    DIME: "checklist of reproducibility packages (World Bank, DIME)",
    TIER: "TIER Protocol 4.0 (Project TIER)",
    AEA: "template README (data editors of the American Economic Association and others)",
    CODE_OF_PRACTICE: "Code of Practice for Statistics (UK Statistics Authority)",
}
"""Short name -> the checklist in full."""
