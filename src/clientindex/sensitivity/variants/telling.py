"""Rated variants as the frames of the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.results.multiverse import Multiverse
from clientindex.sensitivity.variants.choices import DIMENSIONS, count_variants
from clientindex.sensitivity.variants.comparison import Compared, compare_variants
from clientindex.sensitivity.variants.effects import compute_effects

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.results import Stars
    from clientindex.sensitivity.variants.change import Lack
    from clientindex.sensitivity.variants.choices import Grid

_COMPARED = (
    *("n_starred", "share_changed", "share_up", "share_down", "share_withheld"),
    *("mean_rank_shift", "kendall_tau"),
)


@dataclass(slots=True, kw_only=True)
class Rated:
    """Stars and ranks of variants, of the C centres with a published star."""

    centres: list[str]
    names: list[tuple[str, ...]] = field(default_factory=list)
    star: list[NDArray[np.float64]] = field(default_factory=list)
    rank: list[NDArray[np.float64]] = field(default_factory=list)
    left_out: list[tuple[str, ...]] = field(default_factory=list)

    @classmethod
    def start(cls, starred: pd.DataFrame) -> Rated:
        """Start with no variant."""
        return cls(centres=starred["centre"].tolist())

    def add(self, names: tuple[str, ...], stars: Stars) -> None:
        """Add a variant."""
        # The place of a centre that is not there, -1, is that of what is appended.
        place = pd.Index(stars.frame["centre"]).get_indexer(pd.Index(self.centres))
        star, rank = (
            stars.frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("star", "rank")
        )
        self.names.append(names)
        self.star.append(np.append(star, np.nan)[place])
        self.rank.append(np.append(rank, np.nan)[place])

    def leave_out(self, names: tuple[str, ...], lack: Lack) -> None:
        """Tell of a variant that cannot be rated."""
        self.left_out.append((*names, lack.reason, lack.detail))


def tell_variants(rated: Rated, grid: Grid, starred: pd.DataFrame) -> Multiverse:
    """Compare rated variants with the published stars.

    Parameters
    ----------
    rated : Rated
    grid : Grid
    starred : DataFrame
        Published centres with a star, by rank.
    """
    n = len(rated.centres)
    star = np.array(rated.star).reshape(-1, n)
    rank = np.array(rated.rank).reshape(-1, n)
    compared = compare_variants(
        star,
        rank,
        published_star=starred["star"].to_numpy(np.float64),
        published_rank=starred["rank"].to_numpy(np.float64),
    )
    variants = _tell_variants(rated.names, compared)
    choices = _tell_choices(variants, grid)
    effects, additive = _tell_effects(variants, choices)
    return Multiverse(
        variants=variants,
        centres=_tell_centres(star, rank, starred),
        stars=_tell_stars(star, rank, rated.centres),
        effects=effects,
        choices=choices,
        left_out=pd.DataFrame(
            rated.left_out, columns=[*DIMENSIONS, "reason", "detail"], dtype="str"
        ),
        n_grid=count_variants(grid),
        additive_share=additive,
    )


def _tell_variants(names: list[tuple[str, ...]], compared: Compared) -> pd.DataFrame:
    frame = pd.DataFrame(names, columns=list(DIMENSIONS), dtype="str")
    frame.insert(0, "variant", np.arange(len(names), dtype=np.int64))
    return frame.assign(**{name: getattr(compared, name) for name in _COMPARED})


def _tell_centres(
    star: NDArray[np.float64], rank: NDArray[np.float64], starred: pd.DataFrame
) -> pd.DataFrame:
    published = starred["star"].to_numpy(np.float64)
    given = ~np.isnan(star)
    ends: dict[str, Any] = {}
    for name, values in (("star", star), ("rank", rank)):
        low = np.where(given, values, np.inf).min(axis=0, initial=np.inf)
        high = np.where(given, values, -np.inf).max(axis=0, initial=-np.inf)
        for end, found in (("low", low), ("high", high)):
            told = pd.Series(np.where(np.isfinite(found), found, np.nan)).astype("Float64")
            ends[f"{name}_{end}"] = (told.astype("Int64") if name == "rank" else told).array
    return pd.DataFrame(
        {
            "centre": starred["centre"].array,
            "star": starred["star"].astype("Float64").array,
            "rank": starred["rank"].array,
            "share_same_star": _average(star == published),
            "share_withheld": _average(~given),
            **ends,
        }
    )


def _average(seen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean over variants, NaN without any."""
    return np.asarray(seen.mean(axis=0)) if len(seen) else np.full(seen.shape[1], np.nan)


def _tell_stars(
    star: NDArray[np.float64], rank: NDArray[np.float64], centres: list[str]
) -> pd.DataFrame:
    n_variants = len(star)
    return pd.DataFrame(
        {
            "variant": np.repeat(np.arange(n_variants, dtype=np.int64), len(centres)),
            "centre": pd.Series(centres * n_variants, dtype="str"),
            "star": pd.Series(star.ravel()).astype("Float64"),
            "rank": pd.Series(rank.ravel()).astype("Float64").astype("Int64"),
        }
    )


def _tell_choices(variants: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    rows = []
    for dimension in DIMENSIONS:
        if variants[dimension].nunique() < 2:
            continue
        for place, choice in enumerate(grid[dimension]):
            own = variants[(variants[dimension] == choice.name).to_numpy()]
            if len(own):
                means = (own["share_changed"].mean(), own["kendall_tau"].mean())
                rows.append((dimension, choice.name, place == 0, len(own), *means))
    columns = [
        *("dimension", "choice", "is_current", "n_variants"),
        *("mean_share_changed", "mean_kendall_tau"),
    ]
    frame = pd.DataFrame(rows, columns=columns)
    kinds = ("str", "str", "bool", "int64", "float64", "float64")
    return frame.astype(dict(zip(columns, kinds, strict=True)))


def _tell_effects(variants: pd.DataFrame, choices: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    dimensions = list(dict.fromkeys(choices["dimension"]))
    means = choices.groupby("dimension", sort=False)["mean_share_changed"]
    share, additive = np.full(0, np.nan), float("nan")
    if dimensions:
        codes = np.column_stack([pd.factorize(variants[name])[0] for name in dimensions])
        found = compute_effects(variants["share_changed"].to_numpy(np.float64), codes)
        share, additive = found.share, found.additive_share
    frame = pd.DataFrame(
        {
            "dimension": pd.Series(dimensions, dtype="str"),
            "n_choices": means.size().reindex(dimensions).to_numpy(np.int64),
            "share_of_variance": share,
            "spread": (means.max() - means.min()).reindex(dimensions).to_numpy(np.float64),
        }
    )
    order = ["share_of_variance", "spread"]
    return frame.sort_values(order, ascending=False, kind="stable", ignore_index=True), additive
