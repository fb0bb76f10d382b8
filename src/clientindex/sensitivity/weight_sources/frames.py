"""Frames of the comparison of sources: their columns, and rows of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.intake.expert_answers import WHOLE

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.sensitivity.weight_sources.sources import Found

_T, _F, _I, _B = "str", "float64", "int64", "bool"

EVIDENCE: dict[str, dict[str, str]] = {
    "weights": {
        **dict.fromkeys(("source", "kind", "key", "parent"), _T),
        **dict.fromkeys(("weight", "effective", "ci_low", "ci_high"), _F),
    },
    "comparison": {
        **{"source": _T, "n": _I, "n_used": "Int64", "distance": _F, "group_distance": _F},
        **{"kendall_tau": _F, "mean_abs_rank_shift": _F, "largest_rank_shift": _I},
        **{"n_changed": _I, "n_up": _I, "n_down": _I, "share_changed": _F},
    },
    "centres": {
        **{"source": _T, "centre": _T, "index": _F, "rank": _I, "star": "Float64"},
        **{"rank_change": _I, "star_change": "Float64"},
    },
    "experts": {
        **{"source": _T, "parent": _T, "key": _T, "n": _I},
        **dict.fromkeys(("estimate", "std_dev", "lowest", "highest", "geometric"), _F),
    },
    "concordance": {
        **{"source": _T, "parent": _T, "n": _I, "w": _F, "chi2": _F, "df": _I, "p": _F},
    },
    "consistency": {
        **{"parent": _T, "expert": _T, "lambda_max": _F, "index": _F, "ratio": _F},
        "inconsistent": _B,
    },
    "judgements": {
        **dict.fromkeys(("parent", "expert", "first", "second"), _T),
        **dict.fromkeys(("judgement", "implied", "ratio"), _F),
    },
    "importance": {
        **{"kind": _T, "key": _T},
        **dict.fromkeys(("estimate", "ci_low", "ci_high", "share"), _F),
    },
    "benefit": {"centre": _T, "group": _T, "score": _F, "share": _F, "weight": _F},
    "left_out": dict.fromkeys(("source", "reason", "detail"), _T),
}
"""Frame -> column -> type."""


def make_frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a frame with its fixed columns and types, whatever the number of rows."""
    types = EVIDENCE[name]
    frame = pd.DataFrame(rows, columns=list(types)).astype(dict(types))
    return frame.reset_index(drop=True)


def list_weights(name: str, found: Found, methodology: Methodology) -> list[dict[str, Any]]:
    """Return rows of ``weights``: groups, then indicators."""
    own = found.weighting
    nothing = np.full((2, len(own.outer)), np.nan)
    low, high = nothing if found.outer_ends is None else found.outer_ends
    rows = [
        {
            "source": name,
            "kind": "group",
            "key": key,
            "parent": WHOLE,
            "weight": own.outer[place],
            "effective": own.outer[place],
            "ci_low": low[place],
            "ci_high": high[place],
        }
        for place, key in enumerate(methodology.group_keys)
    ]
    nothing = np.full((2, len(own.inner)), np.nan)
    low, high = nothing if found.inner_ends is None else found.inner_ends
    return rows + [
        {
            "source": name,
            "kind": "indicator",
            "key": key,
            "parent": methodology.group_keys[own.group_of[place]],
            "weight": own.inner[place],
            "effective": own.effective[place],
            "ci_low": low[place],
            "ci_high": high[place],
        }
        for place, key in enumerate(methodology.indicator_keys)
    ]
