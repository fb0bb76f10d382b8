"""Which traits of the clients the scores of centres are adjusted for."""

from __future__ import annotations

from pydantic import Field, model_validator

from clientindex.methodology.texts import Key  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings


class CaseMixSettings(Settings):
    """Settings of the adjustment for case mix; without sets there is none.

    `sets`: named sets of traits, such as ``{basic: [sex, age], full: [sex, age, education]}``;
    every set is an adjustment of its own, shown beside the unadjusted scores. ``channel`` is a
    trait too. `published`: the set whose adjusted scores give the published index and stars; null =
    the unadjusted scores do. `minimum_respondents`: a level that fewer respondents of a segment
    have is joined with the reference, the most frequent level, and listed. `weighted`: whether
    answers carry their weights in the regression and the means.
    """

    sets: dict[Key, tuple[Key, ...]] = Field(default_factory=dict)
    published: str | None = None
    minimum_respondents: int = Field(default=30, ge=1)
    weighted: bool = False

    @model_validator(mode="after")
    def _check_sets(self) -> CaseMixSettings:
        for name, traits in self.sets.items():
            if not traits or len(set(traits)) < len(traits):
                msg = f"the set {name!r} needs traits, every one once"
                raise ValueError(msg)
        if self.published is not None and self.published not in self.sets:
            known = ", ".join(self.sets) or "none"
            msg = f"published: {self.published!r} is none of the sets ({known})"
            raise ValueError(msg)
        return self

    @property
    def active(self) -> bool:
        """Whether scores are adjusted at all."""
        return bool(self.sets)
