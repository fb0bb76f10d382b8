"""Where every result comes from: its function, the inputs and settings it reads, results before it.

Declared here for all results; a test holds the declared settings to those that a run reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.hashing import hash_mapping
from clientindex.results.origin import OriginRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clientindex.edition import Edition
    from clientindex.methodology import Methodology

SURVEY: Final = ("survey", "register")
SOURCES: Final = (*SURVEY, "checklist", "second_checklist")
INDEX: Final = (*SURVEY, "measures", "margins", "checklist")
"""Inputs that may have a say in the index, by the methodology."""

QUESTIONNAIRE: Final = ("scale", "segments", "groups", "indicators")
METHOD: Final = (
    *QUESTIONNAIRE,
    *("scoring", "aggregates", "answer_weights", "traits", "case_mix", "checklist", "intervals"),
)
"""What makes an index from answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    """The origin of a result before files and settings are known."""

    stage: str
    function: str
    inputs: tuple[str, ...]
    settings: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def _declare(
    stage: str,
    function: str,
    names: Iterable[str],
    *,
    inputs: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> dict[str, _Declared]:
    one = _Declared(stage=stage, function=function, inputs=inputs, settings=settings, after=after)
    return dict.fromkeys(names, one)


_PUBLISHED: Final = ("stars", "scores")
_RATING: Final = {
    **_declare(
        "rating", "rating.compute_scores", ["scores"], inputs=INDEX, settings=(*METHOD, "stars")
    ),
    **_declare(
        *("rating", "rating.assign_stars", ["stars"]),
        inputs=("register",),
        settings=("stars", "scoring"),
        after=("scores",),
    ),
    **_declare(
        "rating", "rating.summarise_regions", ["regions"], settings=METHOD, after=("stars",)
    ),
    **_declare(
        "rating", "rating.summarise_groups", ["group_means"], settings=METHOD, after=("scores",)
    ),
    **_declare(
        *("rating", "rating.split_scores", ["score_parts"]),
        inputs=INDEX,
        settings=METHOD,
        after=("scores",),
    ),
    **_declare(
        *("rating", "rating.star_doubt.room.assess_star_doubt", ["star_doubt"]),
        inputs=INDEX,
        settings=(*METHOD, "doubt", "stars", "thresholds"),
        after=_PUBLISHED,
    ),
    **_declare(
        *("rating", "rating.ranks.room.assess_ranks", ["ranks"]),
        inputs=INDEX,
        settings=(*METHOD, "doubt", "stars", "thresholds"),
        after=_PUBLISHED,
    ),
    **_declare(
        *("rating", "rating.error_check.check_errors_by_resampling", ["error_check"]),
        inputs=INDEX,
        settings=(*METHOD, "doubt", "stars", "thresholds"),
        after=_PUBLISHED,
    ),
    **_declare(
        *("rating", "rating.shrinkage.room.assess_shrinkage", ["shrinkage"]),
        inputs=SOURCES,
        settings=(*METHOD, "doubt", "stars", "thresholds"),
        after=("scores",),
    ),
    **_declare(
        *("rating", "rating.regional.profile_regions", ["regional"]),
        inputs=("register",),
        settings=(*METHOD, "regional", "stars", "thresholds"),
        after=_PUBLISHED,
    ),
    **_declare(
        *("rating", "rating.change.compare_editions", ["change"]),
        inputs=INDEX,
        settings=(*METHOD, "change", "stars", "thresholds"),
        after=_PUBLISHED,
    ),
    **_declare(
        *("rating", "pipeline.methodology_effects.assess_methodology", ["methodology_effects"]),
        inputs=INDEX,
        settings=(*METHOD, "changes", "stars", "variants"),
        after=("stars",),
    ),
    **_declare(
        *("rating", "pipeline.revision.compare_with_published", ["revision"]),
        after=("stars", "regions"),
    ),
    **_declare(
        *("rating", "pipeline.weighted_survey.weigh_survey", ["answer_weights", "case_mix"]),
        inputs=(*SURVEY, "margins"),
        settings=METHOD,
    ),
}

_SENSITIVITY: Final = {
    **_declare(
        *("sensitivity", "sensitivity.importance.assess_importance", ["weight_importance"]),
        inputs=INDEX,
        settings=(*METHOD, "weight_importance"),
        after=("scores", "score_parts"),
    ),
    **_declare(
        *("sensitivity", "sensitivity.importance.optimise_weights", ["optimised_weights"]),
        inputs=INDEX,
        settings=(*METHOD, "weight_importance"),
        after=("scores",),
    ),
    **_declare(
        *("sensitivity", "sensitivity.bounds.assess_weight_bounds", ["weight_bounds"]),
        inputs=INDEX,
        settings=(*METHOD, "weight_bounds", "stars"),
        after=("stars",),
    ),
    **_declare(
        *("sensitivity", "sensitivity.variants.assess_variants", ["multiverse"]),
        inputs=INDEX,
        settings=(*METHOD, "variants", "stars"),
        after=("stars",),
    ),
    **_declare(
        *(
            "sensitivity",
            "sensitivity.weight_sources.room.compare_weight_sources",
            ["weight_sources"],
        ),
        inputs=(*INDEX, "experts"),
        settings=(*METHOD, "weight_sources", "stars"),
        after=(*_PUBLISHED, "exploratory", "consistency"),
    ),
    **_declare(
        *("sensitivity", "sensitivity.stability.compute_weight_stability", ["weight_stability"]),
        inputs=INDEX,
        settings=(*METHOD, "sensitivity", "stars"),
        after=("stars",),
    ),
    **_declare(
        *("sensitivity", "sensitivity.sobol.room.assess_sobol", ["sobol_indices"]),
        inputs=INDEX,
        settings=(*METHOD, "sobol", "stars"),
        after=("stars",),
    ),
    **_declare(
        *("sensitivity", "sensitivity.together.room.assess_together", ["joint_doubt"]),
        inputs=INDEX,
        settings=(*METHOD, "together", "stars"),
        after=("stars",),
    ),
    **_declare(
        *("sensitivity", "sensitivity.leave_out.leave_one_out", ["leave_out"]),
        inputs=INDEX,
        settings=(*METHOD, "stars"),
        after=("stars",),
    ),
    **_declare(
        *("sensitivity", "sensitivity.leave_out.find_rank_reversals", ["rank_reversals"]),
        inputs=INDEX,
        settings=(*METHOD, "stars"),
        after=("stars",),
    ),
}

_AGREEMENT: Final = (
    *("comparability", "side_reliability", "multitrait", "multitrait_indicators"),
    *("method_variance", "method_model", "agreement", "category_agreement", "structural"),
    *("inflation", "audit"),
)
_RELIABILITY: Final = (
    *("consistency", "item_analysis", "omegas", "centre_reliability", "answer_quality"),
    "indicator_sets",
)
_FACTORS: Final = (
    *("suitability", "exploratory", "polychoric", "factor_number", "region_congruence"),
    *("confirmatory", "validity", "invariance", "levels"),
)
_ROOMS: Final = {
    **_declare(
        *("agreement", "agreement.assess", _AGREEMENT),
        inputs=SOURCES,
        settings=(*METHOD, "agreement", "stars", "thresholds", "reliability"),
        after=("stars",),
    ),
    **_declare(
        *("reliability", "reliability.assess", _RELIABILITY),
        inputs=SURVEY,
        settings=(*QUESTIONNAIRE, "intervals", "reliability", "thresholds", "missing_answers"),
    ),
    **_declare(
        *("factors", "factors.assess", _FACTORS),
        inputs=SURVEY,
        settings=(*QUESTIONNAIRE, "intervals", "factors", "thresholds", "missing_answers"),
    ),
}

DECLARED: Final[dict[str, _Declared]] = {
    **_declare(
        *("", "rating.compute_coverage", ["coverage"]),
        inputs=(*SOURCES, "measures"),
        settings=QUESTIONNAIRE,
    ),
    **_RATING,
    **_SENSITIVITY,
    **_ROOMS,
}
"""Result -> where it comes from."""


def trace_results(
    names: Iterable[str], edition: Edition, methodology: Methodology
) -> dict[str, OriginRecord]:
    """Return where each result of a run comes from.

    Parameters
    ----------
    names : iterable of str
        Results that the run left; others are not said to be before one.
    edition : Edition
    methodology : Methodology
    """
    present = tuple(names)
    files, hashes = _name_files(edition), _hash_settings(methodology)
    return {name: _trace(DECLARED[name], present, files, hashes) for name in sorted(present)}


def _trace(
    declared: _Declared,
    present: tuple[str, ...],
    files: Mapping[str, tuple[str, ...]],
    hashes: Mapping[str, str],
) -> OriginRecord:
    return OriginRecord(
        stage=declared.stage,
        function=f"clientindex.{declared.function}",
        inputs=tuple(file for role in declared.inputs for file in files.get(role, ())),
        settings={part: hashes[part] for part in dict.fromkeys(declared.settings)},
        after=tuple(name for name in declared.after if name in present),
    )


def _name_files(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Return the names of the input files by their role."""
    data = edition.data
    single = {
        "register": data.register_,
        "checklist": data.checklist,
        "second_checklist": data.second_checklist,
        "margins": data.margins,
        "experts": data.experts,
    }
    several = {"survey": data.survey, "measures": data.measures}
    return {
        **{role: tuple(one.file.name for one in sources) for role, sources in several.items()},
        **{role: (one.file.name,) for role, one in single.items() if one is not None},
    }


def _hash_settings(methodology: Methodology) -> dict[str, str]:
    """Return the SHA-256 of every part of a methodology, defaults among its values."""
    values = methodology.model_dump(mode="json")
    return {part: hash_mapping({part: value}) for part, value in values.items()}
