"""What the weighting of answers and the adjustment for case mix must satisfy together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.settings import SettingFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.methodology.model import Methodology


def check_weighting(m: Methodology) -> Iterator[SettingFault]:
    """Yield what contradicts itself in the weights of answers and the case mix."""
    weighs, adjusts = m.answer_weights.active, m.case_mix.published is not None
    asked = {"answer_weights": weighs, "case_mix": m.case_mix.active}
    if not m.answer_keys:
        for name in (name for name, active in asked.items() if active):
            yield SettingFault(
                location=(name,),
                read="settings of answers, and no indicator of answers",
                allowed="nothing here, or indicators of answers",
            )
    if m.scoring.periods is not None and (weighs or adjusts):
        yield SettingFault(
            location=("scoring", "periods"),
            read="weights of periods beside weighted or adjusted answers",
            allowed="one of them: weights and adjustments hold for all periods together",
        )
    if m.case_mix.weighted and not weighs:
        yield SettingFault(
            location=("case_mix", "weighted"),
            read="true, with answers that have no weights",
            allowed="false, or settings under 'answer_weights'",
        )
    if weighs and adjusts and not m.case_mix.weighted:
        yield SettingFault(
            location=("case_mix", "weighted"),
            read="false, with weighted answers and published adjusted scores",
            allowed="true; the published scores would drop the weights else",
        )
