"""What moves, and how it is found how much each of it matters (variance-based sensitivity)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from clientindex.methodology.star_settings import RuleName  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings


class MethodAlternatives(Settings):
    """Other methods beside that of the methodology, by choice; none leaves the choice as it is.

    `aggregation`: mean of indicators in a group and of groups in the index. `normalise_groups`:
    whether groups are brought to z scores; the index is then put back to the mean and standard
    deviation of the published one, so that points and cut points keep their meaning.
    `missing_indicator`, `missing_group`: what stands in for missing scores ("refuse" is no
    alternative: it would take stars away). `star_rule`: how cut points are found, with the settings
    that the methodology has for the rule; "fixed" states the published ones. Whether a star is
    right is no question to another rule, and cut points of the data beside stated ones change so
    many stars that nothing else is seen; so by default there is none. `own_share`: probability of
    the methodology's own method in each choice; null - all options of a choice are as likely.
    """

    aggregation: tuple[Literal["arithmetic", "geometric", "harmonic"], ...] = ("geometric",)
    normalise_groups: tuple[Literal["none", "z"], ...] = ()
    missing_indicator: tuple[
        Literal["reweight", "impute_group_mean", "impute_region_mean"], ...
    ] = ("impute_region_mean",)
    missing_group: tuple[Literal["reweight", "impute_group_mean", "impute_region_mean"], ...] = ()
    star_rule: tuple[RuleName, ...] = ()
    own_share: Annotated[float, Field(gt=0, lt=1)] | None = None


class SobolSettings(Settings):
    """A variance-based sensitivity analysis.

    `base_size`: rows of the base sample, a power of 2; a row has 2 runs, one an input, and one a
    group of inputs. `sequences`: scrambled Sobol sequences that the rows are made of, a power of 2;
    intervals come from the differences between them. `interval`: "jackknife" over sequences;
    "percentile" and "bias_corrected" are bootstraps over rows, right for a random sample only,
    i.e. for as many sequences as rows. `replicates`: of the bootstrap. `level`: of intervals; null
    takes that of all intervals. `band_pct`: every weight moves by up to plus-minus this per cent;
    null takes that of the sensitivity. `weights`, `sampling`: whether weights move, and whether
    indicator means are redrawn. `centres`: whose index is analysed; without any, `n_centres` that
    stand evenly along the ranks, the first and the last among them.
    """

    base_size: int = Field(default=1024, ge=64)
    sequences: int = Field(default=16, ge=1)
    interval: Literal["jackknife", "percentile", "bias_corrected"] = "jackknife"
    replicates: int = Field(default=1000, ge=100)
    level: Annotated[float, Field(gt=0.5, lt=1)] | None = None
    band_pct: Annotated[float, Field(gt=0, le=100)] | None = None
    weights: bool = True
    sampling: bool = True
    alternatives: MethodAlternatives = Field(default_factory=MethodAlternatives)
    centres: tuple[str, ...] = ()
    n_centres: int = Field(default=5, ge=0)

    @model_validator(mode="after")
    def _check_sizes(self) -> SobolSettings:
        for name, value in (("base_size", self.base_size), ("sequences", self.sequences)):
            if value & (value - 1):
                msg = f"{name} is {value}, but must be a power of 2, for example 16, 512 or 1024"
                raise ValueError(msg)
        if self.sequences > self.base_size // 2 and self.sequences != self.base_size:
            msg = "a sequence has at least two rows, or else as many sequences as rows are a lot"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _check_interval(self) -> SobolSettings:
        if self.interval == "jackknife" and self.sequences < 2:
            msg = "intervals by the jackknife need two sequences or more"
            raise ValueError(msg)
        if self.interval != "jackknife" and self.sequences != self.base_size:
            msg = (
                "a bootstrap over rows takes them for independent: give as many sequences as rows "
                f"({self.base_size}), or take the interval 'jackknife'"
            )
            raise ValueError(msg)
        return self
