"""Hand-made results of stars and their uncertainty for tests of words, tables and figures.

The six centres in three regions of `presentation_bundle`: c1 to c4 have the stars 5, 4, 3 and 4,
the star of c5 is withheld for its small sample, c6 (alone in "Округ") has no answers. In the
previous edition c3 was two centres, c4 stood in another region, c7 is gone since. Every number is
chosen by hand so that texts can be checked by eye; there are fewer centres than some statistics
would ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.results.answer_weights import AnswerWeights
from clientindex.results.case_mix import CaseMix
from clientindex.results.change import EditionChange
from clientindex.results.error_check import ErrorCheck
from clientindex.results.ranks import RankTable
from clientindex.results.regional import RegionalProfile
from clientindex.results.score_parts import ScoreParts
from clientindex.results.shrinkage import ShrunkenScores
from clientindex.results.star_doubt import StarDoubt
from presentation_agreement import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clientindex.methodology import Methodology
    from clientindex.results import Result

LEVEL = 0.95
SEED = 0
SMALL_SAMPLE = 250
INDEX, ALL, COUNTRY = "index", "all", "country"
PSKOV, KRAI, OKRUG = "Псковская область", "Край", "Округ"

CENTRES = ["c1", "c2", "c3", "c4", "c5", "c6"]
NAMES = ["ЦЗН № 1", "ЦЗН № 2", HOSTILE, "ЦЗН № 4", "ЦЗН № 5", "ЦЗН № 6"]
REGION_OF = dict(zip(CENTRES, [PSKOV, PSKOV, KRAI, KRAI, KRAI, OKRUG], strict=True))
N_OF = dict(zip(CENTRES, [400, 300, 250, 200, 20, 0], strict=True))
INDEX_OF = {"c1": 85.25, "c2": 71.0, "c3": 62.5, "c4": 71.0, "c5": 90.0}
ERROR_OF = {"c1": 1.0, "c2": 1.5, "c3": 2.0, "c4": 1.5, "c5": 6.0}
STAR_OF = {"c1": 5, "c2": 4, "c3": 3, "c4": 4}
STARRED = list(STAR_OF)
STARS = [1, 2, 3, 4, 5]
WITHOUT_ROWS = ("star_cuts", "unusual_regions")
"""Tables that have no rows here: cut points are stated, and no region stands out."""


def make_left_out(rows: Iterable[Sequence[str]], *columns: str) -> pd.DataFrame:
    """Return reasons; columns are all text, also without rows."""
    return pd.DataFrame(list(rows), columns=[*columns, "reason", "detail"], dtype="str")


def make_frame(columns: str, rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Return a frame; `columns` are names with spaces between."""
    return pd.DataFrame(list(rows), columns=columns.split())


def as_whole(values: Iterable[Any]) -> Any:
    """Return nullable whole numbers."""
    return pd.array(list(values), dtype="Int64")


def make_answer_weights() -> AnswerWeights:
    """Край is raked, a level of age joined with the next; in Псковская область raking did not end.

    Округ has no respondents and no row.
    """
    joined = "16-17 + 18-35"
    margins = make_frame(
        "scope segment trait level joined visitors n share before after",
        [
            (KRAI, ALL, "sex", "female", "", 4500.0, 300, 0.45, 0.6383, 0.45),
            (KRAI, ALL, "sex", "male", "", 5500.0, 170, 0.55, 0.3617, 0.55),
            (KRAI, "citizens", "age", "16-17", joined, 100.0, 0, 0.0125, 0.0, 0.0),
            (KRAI, "citizens", "age", "18-35", joined, 3900.0, 200, 0.4875, 0.4444, 0.5),
            (KRAI, "citizens", "age", "36+", "", 4000.0, 250, 0.5, 0.5556, 0.5),
            (PSKOV, ALL, "sex", "female", "", 3000.0, 400, 0.5, 0.5714, 0.5714),
            (PSKOV, ALL, "sex", "male", "", 3000.0, 300, 0.5, 0.4286, 0.4286),
        ],
    )
    scopes = make_frame(
        "scope n n_margins iterations gap n_cut converged raked",
        [
            (KRAI, 470, 2, 12, 1e-9, 3, True, True),
            (PSKOV, 700, 1, 1000, 0.0214, 0, False, False),
        ],
    )
    centres = make_frame(
        "centre segment n n_eff deff largest",
        [
            ("c1", "citizens", 400, 400.0, 1.0, 1.0),
            ("c1", ALL, 400, 400.0, 1.0, 1.0),
            ("c2", ALL, 300, 300.0, 1.0, 1.0),
            ("c3", ALL, 250, 200.0, 1.25, 2.4),
            ("c4", ALL, 200, 125.0, 1.6, 3.5),
            ("c5", ALL, 20, 16.0, 1.25, 1.9),
        ],
    )
    return AnswerWeights(
        margins=margins,
        scopes=scopes,
        centres=centres,
        scores=make_frame(
            "centre unweighted unweighted_error weighted weighted_error difference",
            [
                ("c1", 85.25, 1.0, 85.25, 1.0, 0.0),
                ("c2", 71.0, 1.5, 71.0, 1.5, 0.0),
                ("c3", 64.75, 1.8, 62.5, 2.0, -2.25),
                ("c4", 70.5, 1.2, 71.0, 1.5, 0.5),
                ("c5", 88.0, 5.5, 90.0, 6.0, 2.0),
                ("c6", np.nan, np.nan, np.nan, np.nan, np.nan),
            ],
        ),
        left_out=make_left_out(
            [
                (KRAI, "citizens", "age", "16-17", "collapsed", "18-35"),
                (KRAI, "", "channel", "", "no_margin", ""),
                (PSKOV, "", "age", "", "no_margin", ""),
                (PSKOV, "", "channel", "", "no_margin", ""),
                (PSKOV, "", "", "", "not_converged", "0.0214"),
            ],
            *("scope", "segment", "trait", "level"),
        ),
        design=False,
        level_of_margins="region",
        traits=("sex", "age", "channel"),
        trim=5.0,
        empty_level="collapse",
        linearisation="plain",
        tolerance=1e-6,
        max_iterations=1000,
    )


def make_case_mix(methodology: Methodology) -> CaseMix:
    """Two sets of traits; c4 loses a star by both, c5 is below the minimum sample."""
    first, second = methodology.indicator_keys[:2]
    coefficients = make_frame(
        "set segment indicator trait level reference estimate std_error ci_low ci_high n",
        [
            ("basic", "citizens", first, "age", "36+", "18-35", 2.5, 0.5, 1.52, 3.48, 1000),
            ("basic", "citizens", first, "sex", "", "female", -0.5, 1.0, -2.46, 1.46, 1000),
            ("basic", "citizens", first, "sex", "male", "female", -1.75, 0.4, -2.53, -0.97, 1000),
            ("basic", "citizens", second, "age", "36+", "18-35", 3.0, 0.5, 2.02, 3.98, 990),
            ("basic", "citizens", second, "sex", "male", "female", -1.25, 0.4, -2.03, -0.47, 990),
            (
                "full",
                "citizens",
                first,
                "channel",
                "online",
                "in_person",
                -4.0,
                0.75,
                -5.47,
                -2.53,
                1000,
            ),
        ],
    )
    levels = make_frame(
        "set segment trait level n share use",
        [
            ("basic", "citizens", "age", "16-17", 12, 0.012, "joined"),
            ("basic", "citizens", "age", "18-35", 588, 0.588, "reference"),
            ("basic", "citizens", "age", "36+", 400, 0.4, "used"),
            ("basic", "citizens", "sex", "", 50, 0.05, "used"),
            ("basic", "citizens", "sex", "female", 600, 0.6, "reference"),
            ("basic", "citizens", "sex", "male", 350, 0.35, "used"),
            ("full", "citizens", "channel", "in_person", 700, 0.7, "reference"),
            ("full", "citizens", "channel", "online", 260, 0.26, "used"),
            ("full", "citizens", "channel", "phone", 40, 0.04, "dropped"),
        ],
    )
    adjusted = {
        "basic": {"c1": 84.75, "c2": 71.5, "c3": 63.0, "c4": 69.5, "c5": 89.0},
        "full": {"c1": 84.0, "c2": 72.0, "c3": 63.5, "c4": 69.0, "c5": 88.0},
    }
    stars = {"c1": 5, "c2": 4, "c3": 3, "c4": 3, "c5": None}
    centres = make_frame(
        "set centre n unadjusted unadjusted_error adjusted adjusted_error difference"
        " difference_error star_unadjusted star_adjusted",
        [
            (
                name,
                centre,
                N_OF[centre],
                INDEX_OF[centre],
                ERROR_OF[centre],
                value,
                ERROR_OF[centre] + 0.1,
                value - INDEX_OF[centre],
                0.25,
                STAR_OF.get(centre),
                stars[centre],
            )
            for name, values in adjusted.items()
            for centre, value in values.items()
        ],
    ).astype({"star_unadjusted": "Int64", "star_adjusted": "Int64"})
    return CaseMix(
        coefficients=coefficients,
        levels=levels,
        centres=centres,
        variance=make_frame(
            "set segment indicator n within_variance explained",
            [
                ("basic", "citizens", first, 1000, 400.0, 0.0125),
                ("basic", "citizens", second, 990, 0.0, np.nan),
                ("full", "citizens", first, 1000, 400.0, 0.0275),
            ],
        ),
        summary=make_frame(
            "set traits n_centres correlation rank_correlation difference_sd largest_difference"
            " n_starred n_star_changed",
            [
                ("basic", "sex, age", 5, 0.996, 0.975, 0.894, 1.5, 4, 1),
                ("full", "sex, age, channel", 5, 0.985, 0.95, 1.605, 2.0, 4, 1),
            ],
        ),
        left_out=make_left_out(
            [
                ("basic", "citizens", "age", "16-17", "rare_level", "12"),
                ("full", "citizens", "channel", "phone", "collinear", ""),
                ("full", "citizens", "education", "", "single_level", "higher"),
                ("full", "employers", "", "", "no_answers", second),
                ("basic", "employers", "", "", "nothing_to_adjust", ""),
            ],
            *("set", "segment", "trait", "level"),
        ),
        level=LEVEL,
        minimum_respondents=30,
        weighted=False,
        published="",
    )


P_STAR = {
    "normal": {
        "c1": [0.0, 0.0, 0.0, 0.0, 1.0],
        "c2": [0.0, 0.0, 0.255, 0.745, 0.0],
        "c3": [0.0, 0.115, 0.885, 0.0, 0.0],
        "c4": [0.0, 0.0, 0.255, 0.745, 0.0],
    },
    "draws": {
        "c1": [0.0, 0.0, 0.0, 0.0, 1.0],
        "c2": [0.0, 0.0, 0.25, 0.75, 0.0],
        "c3": [0.0, 0.11, 0.885, 0.005, 0.0],
        "c4": [0.0, 0.0, 0.28, 0.72, 0.0],
    },
    "shrunk": {
        "c1": [0.0, 0.0, 0.0, 0.01, 0.99],
        "c2": [0.0, 0.0, 0.2, 0.8, 0.0],
        "c3": [0.0, 0.08, 0.92, 0.0, 0.0],
        "c4": [0.0, 0.0, 0.2, 0.8, 0.0],
    },
}
"""P(star = 1 ... 5) by route and centre."""

UP = {"c1": np.inf, "c2": 9.0, "c3": 7.5, "c4": 9.0}
DOWN = {"c1": 5.25, "c2": 1.0, "c3": 2.5, "c4": 1.0}


def make_star_doubt() -> StarDoubt:
    unknown = [np.nan, np.nan]

    def fill(values: Iterable[float]) -> list[float]:
        return [*values, *unknown]

    own = {
        f"p_star_{route}": fill(p[centre][STAR_OF[centre] - 1] for centre in STARRED)
        for route, p in P_STAR.items()
    }
    centres = pd.DataFrame(
        {
            "centre": CENTRES,
            "name": NAMES,
            "region": list(REGION_OF.values()),
            "n": list(N_OF.values()),
            "small_n": pd.array([False, False, False, True, True, True], dtype="boolean"),
            "estimate": [INDEX_OF.get(centre, np.nan) for centre in CENTRES],
            "std_error": [ERROR_OF.get(centre, np.nan) for centre in CENTRES],
            "star": as_whole(STAR_OF.get(centre) for centre in CENTRES),
            **own,
            "p_within_one": fill([1.0, 1.0, 1.0, 1.0]),
            "points_up": fill(UP.values()),
            "points_down": fill(DOWN.values()),
            "errors_up": fill(UP[centre] / ERROR_OF[centre] for centre in STARRED),
            "errors_down": fill(DOWN[centre] / ERROR_OF[centre] for centre in STARRED),
            "certain": pd.array([True, False, False, False, None, None], dtype="boolean"),
            "withheld": ["", "", "", "", "small_sample", "no_answers"],
        }
    )
    told = {
        "normal": [(0.84375, 0.0), (1.0, 0.0), (0.625, 0.0), (1.0, 0.0)],
        "draws": [(0.83875, 0.006), (1.0, 0.0), (0.645, 0.024), (1.0, 0.0)],
        "shrunk": [(0.8775, 0.0), (1.0, 0.0), (0.49, 0.0), (1.0, 0.0)],
    }
    names = ("expected_accuracy", "expected_within_one", "expected_wrong", "certain")
    expected = {(3, 2): 0.115, (3, 3): 0.885, (4, 3): 0.51, (4, 4): 1.49, (5, 5): 1.0}
    return StarDoubt(
        probabilities=make_frame(
            "centre star normal draws shrunk",
            [
                (centre, star, *(P_STAR[route][centre][star - 1] for route in P_STAR))
                for centre in STARRED
                for star in STARS
            ],
        ).astype({"star": "Int64"}),
        centres=centres,
        cuts=make_frame(
            "peer_group star cut ci_low ci_high",
            [("all", star, 10.0 * (star + 3), np.nan, np.nan) for star in STARS[1:]],
        ).astype({"star": "Int64"}),
        summary=make_frame(
            "route statistic estimate mc_error n",
            [
                (route, name, *values, 4)
                for route, numbers in told.items()
                for name, values in zip(names, numbers, strict=True)
            ],
        ),
        table=make_frame(
            "star true_star centres",
            [(star, true, expected.get((star, true), 0.0)) for star in STARS for true in STARS],
        ).astype({"star": "Int64", "true_star": "Int64"}),
        left_out=make_left_out([], "statistic"),
        leading="normal",
        drawn_around="estimate",
        rule="fixed",
        estimator="morris",
        draws=1000,
        refused=0,
        clipped=0.0004,
        small_sample=SMALL_SAMPLE,
        level=LEVEL,
        seed=SEED,
    )


def make_ranks() -> RankTable:
    """Make ranks: sets of Край are left out; c2 and c4 are tied for the second place."""
    columns = (
        "scope centre rank expected_rank rank_low rank_high posterior_low posterior_high"
        " marginal_low marginal_high simultaneous_low simultaneous_high p_top possible_best"
        " certain_best"
    )
    none = (None,) * 4
    frame = make_frame(
        columns,
        [
            (COUNTRY, "c1", 1, 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 0.99, True, True),
            (COUNTRY, "c2", 2, 2.5, 2, 3, 2, 3, 2, 3, 2, 4, 0.005, False, False),
            (COUNTRY, "c4", 2, 2.5, 2, 4, 2, 3, 2, 3, 2, 4, 0.005, False, False),
            (COUNTRY, "c3", 4, 4.0, 3, 4, 4, 4, 4, 4, 3, 4, 0.0, False, False),
            (KRAI, "c4", 1, 1.05, 1, 1, 1, 2, *none, 0.95, None, None),
            (KRAI, "c3", 2, 1.95, 2, 2, 1, 2, *none, 0.05, None, None),
            (PSKOV, "c1", 1, 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 1.0, True, True),
            (PSKOV, "c2", 2, 2.0, 2, 2, 2, 2, 2, 2, 2, 2, 0.0, False, False),
        ],
    )
    whole = [name for name in columns.split()[2:12] if name != "expected_rank"]
    kinds = dict.fromkeys(whole, "Int64") | dict.fromkeys(columns.split()[-2:], "boolean")
    return RankTable(
        frame=frame.astype(kinds),
        scopes=make_frame(
            "scope n top_count critical_value first_critical_value steps",
            [
                (COUNTRY, 4, 1, 2.45, 2.6, 2),
                (KRAI, 2, 1, np.nan, np.nan, None),
                (PSKOV, 2, 1, 1.96, 1.96, 1),
            ],
        ).astype({"steps": "Int64"}),
        left_out=make_left_out([(KRAI, "sets", "too_few_draws", "1000")], "scope", "statistic"),
        top_share=0.1,
        draws=1000,
        level=LEVEL,
        seed=SEED,
        estimator="morris",
    )


def make_shrinkage(methodology: Methodology) -> ShrunkenScores:
    """Make scores of the index, "friendliness" and, for c1 alone, "comfort"; c2 has no visitors."""
    nothing = (np.nan,) * 13
    drawn = {
        ("index", "c1"): (
            85.0,
            0.98,
            83.1,
            86.9,
            0.02,
            84.8,
            82.5,
            87.1,
            84.9,
            84.7,
            1.1025,
            1.05,
            82.64,
            86.76,
        ),
        ("index", "c2"): (71.1, 1.46, 68.2, 74.0, 0.04, 71.2, 67.9, 74.5) + (np.nan,) * 6,
        ("index", "c3"): (
            63.2,
            1.92,
            59.4,
            67.0,
            0.07,
            63.4,
            58.9,
            67.9,
            66.0,
            63.0,
            4.0,
            2.0,
            59.08,
            66.92,
        ),
        ("index", "c4"): (
            71.1,
            1.46,
            68.2,
            74.0,
            0.04,
            71.2,
            67.9,
            74.5,
            66.0,
            70.8,
            2.25,
            1.5,
            67.86,
            73.74,
        ),
        ("friendliness", "c1"): (83.0, 1.2, 80.6, 85.4, 0.05, 82.8, 79.9, 85.7) + (np.nan,) * 6,
        ("friendliness", "c3"): (63.0, 2.3, 58.5, 67.5, 0.15, 63.5, 58.0, 69.0) + (np.nan,) * 6,
        ("comfort", "c1"): nothing[:8] + (np.nan,) * 6,
    }
    scores = {
        ("friendliness", "c1"): (84.0, 1.25, 399),
        ("friendliness", "c3"): (61.0, 2.5, 250),
        ("comfort", "c1"): (88.0, 1.2, 398),
    } | {("index", c): (INDEX_OF[c], ERROR_OF[c], N_OF[c]) for c in STARRED}
    centres = make_frame(
        "subject centre region n estimate std_error shrunk shrunk_error ci_low ci_high factor"
        " robust robust_low robust_high synthetic fay_herriot fay_herriot_mse fay_herriot_error"
        " fay_herriot_low fay_herriot_high",
        [
            (*key, REGION_OF[key[1]], n, estimate, error, *drawn[key])
            for key in drawn
            for estimate, error, n in [scores[key]]
        ],
    )
    reasons = {"c5": "small_sample", "c6": "no_answers"}
    left_out = [
        (subject, centre, "shrunk", reasons.get(centre, "no_score"), "")
        for subject in (INDEX, *methodology.group_keys)
        for centre in CENTRES
        if (subject, centre) not in drawn
    ]
    left_out += [
        (INDEX, "c2", "fay_herriot", "no_visitors", ""),
        ("friendliness", "", "fay_herriot", "too_few_centres", "2/4"),
        ("comfort", "", "shrunk", "too_few_centres", "1/4"),
        ("comfort", "", "robust", "too_few_centres", "1/2"),
    ]
    return ShrunkenScores(
        centres=centres,
        models=_list_models(),
        left_out=make_left_out(left_out, "subject", "centre", "statistic"),
        estimator="morris",
        model_variance="reml",
        covariates=("region", "log_visitors"),
        minimum_sample=30,
        level=LEVEL,
    )


def _list_models() -> pd.DataFrame:
    unknown = (np.nan,) * 3
    index = [
        ("mean", "morris", 72.5, 4.75, 63.19, 81.81, 4),
        ("tau2", "reml", 88.0, np.nan, 25.0, 1250.0, 4),
        ("tau2", "ml", 66.0, np.nan, 25.0, 1250.0, 4),
        ("tau2", "dersimonian_laird", 95.0, np.nan, 25.0, 1250.0, 4),
        ("tau2", "paule_mandel", 87.5, np.nan, 25.0, 1250.0, 4),
        ("mu2", "posterior_mean_truncation", 90.25, *unknown, 4),
        ("kappa", "posterior_mean_truncation", 1.5, *unknown, 4),
        ("residual_variance", "reml", 40.0, *unknown, 3),
        ("r2", "reml", 0.545, *unknown, 3),
        ("coefficient.intercept", "reml", 66.0, 6.0, 54.24, 77.76, 3),
        (f"coefficient.region.{PSKOV}", "reml", 12.5, 8.0, -3.18, 28.18, 3),
        ("coefficient.log_visitors", "reml", 0.75, 1.5, -2.19, 3.69, 3),
    ]
    friendliness = [
        ("mean", "morris", 72.5, 11.5, 49.96, 95.04, 2),
        ("tau2", "reml", 260.0, np.nan, 0.0, 9000.0, 2),
    ]
    return make_frame(
        "subject statistic method estimate std_error ci_low ci_high n",
        [
            (subject, *row)
            for subject, rows in ((INDEX, index), ("friendliness", friendliness))
            for row in rows
        ],
    )


def make_error_check() -> ErrorCheck:
    """Nearly all replicates of c4 are lost, so that it has no resampled error."""
    found = {
        "c1": (1.0, 1.05, 0.0525, 1.05, 0),
        "c2": (1.5, 1.47, 0.0735, 0.98, 0),
        "c3": (2.0, 2.1, 0.105, 1.05, 3),
        "c4": (1.5, np.nan, np.nan, np.nan, 199),
    }
    return ErrorCheck(
        centres=make_frame(
            "centre region n small_n exact resampled mc_error ratio lost",
            [
                (centre, REGION_OF[centre], N_OF[centre], N_OF[centre] < SMALL_SAMPLE, *numbers)
                for centre, numbers in found.items()
            ],
        ),
        summary=make_frame(
            "centres n median_ratio low_ratio high_ratio noise largest_gap",
            [
                ("all", 4, 1.05, 0.994, 1.05, 0.05, 0.1),
                ("small_n", 1, np.nan, np.nan, np.nan, np.nan, np.nan),
                ("others", 3, 1.05, 0.994, 1.05, 0.05, 0.1),
            ],
        ),
        replicates=200,
        small_sample=SMALL_SAMPLE,
        seed=SEED,
    )


UNKNOWN_MEAN = (np.nan,) * 6
VISITORS_OF = {KRAI: 9000.0, OKRUG: 0.0, PSKOV: np.nan, COUNTRY: np.nan}
REGISTER_OF = {KRAI: 3, OKRUG: 1, PSKOV: 2, COUNTRY: 6}
MEANS = {
    (KRAI, INDEX): (3, 470.0, 74.5, 8.1, 39.6, 75.0, 2.0, 2.17),
    (KRAI, "friendliness"): (3, 470.0, 71.25, 4.0, 54.0, 88.5, 2.0, 1.5),
    (KRAI, "comfort"): (3, 470.0, 80.0, 3.0, 67.1, 92.9, 2.0, 1.4),
    (PSKOV, INDEX): (2, 700.0, 78.125, 7.1, 0.0, 100.0, 1.0, 0.9),
    (PSKOV, "friendliness"): (2, 700.0, 74.0, 5.0, 10.5, 100.0, 1.0, 0.95),
    (PSKOV, "comfort"): (1, 398.0, 66.05, np.nan, np.nan, np.nan, np.nan, 1.2),
    (COUNTRY, INDEX): (5, 1170.0, 75.95, 5.0, 62.1, 89.8, 4.0, 1.36),
    (COUNTRY, "friendliness"): (5, 1170.0, 72.35, 2.5, 65.4, 79.3, 4.0, 1.1),
    (COUNTRY, "comfort"): (4, 868.0, 76.5125, 3.5, 65.4, 87.65, 3.0, 1.2),
}
"""Region and key -> n_centres, n, estimate, error, interval, df, sampling error, by centres."""

BY_VISITORS = {INDEX: (72.25, 7.5, 39.98, 100.0, 2.0, 2.0)}
"""Means of Край, the only region whose visitors are known."""


def make_regional(methodology: Methodology) -> RegionalProfile:
    keys = [(INDEX, INDEX), *(("group", key) for key in methodology.group_keys)]
    rows, left_out = [], []
    for region in (KRAI, OKRUG, PSKOV, COUNTRY):
        for kind, key in keys:
            found = MEANS.get((region, key))
            n_centres, n = found[:2] if found else (0, 0.0)
            for by in ("centres", "visitors"):
                numbers, reason, detail = _find_mean(region, key, by)
                effective = n_centres / 1.25 if by == "visitors" else float(n_centres)
                known = np.isfinite(numbers[0])
                rows.append(
                    (
                        region,
                        kind,
                        key,
                        by,
                        n_centres,
                        REGISTER_OF[region],
                        n,
                        VISITORS_OF[region] if n_centres else 0.0,
                        effective if known else np.nan,
                        *numbers,
                    )
                )
                if reason:
                    left_out.append((region, f"{by}.{key}", reason, detail))
    left_out += [
        ("usefulness", "components", "too_few_centres", "0"),
        ("effort", "components", "too_few_centres", "0"),
        ("targeting", "components", "too_few_centres", "0"),
        ("comfort", "components", "equal_scores", "4"),
    ]
    return RegionalProfile(
        means=make_frame(
            "region kind key by n_centres n_register n visitors effective estimate std_error"
            " ci_low ci_high df sampling_error",
            rows,
        ),
        components=_make_components(),
        dispersion=_make_dispersion(),
        funnel=_make_funnel(),
        centres=_make_funnel_centres(),
        regions=_make_funnel_regions(),
        left_out=make_left_out(left_out, "subject", "statistic"),
        fdr=0.05,
        winsorised=0.1,
        target_kind="median",
        centres_are="drawn",
        source="Spiegelhalter D. J. Funnel plots for comparing institutional performance."
        " Statistics in Medicine, 2005, 24(8), 1185-1202",
        level=LEVEL,
    )


def _find_mean(region: str, key: str, by: str) -> tuple[tuple[float, ...], str, str]:
    """Return estimate, error, interval, df and sampling error, and why numbers are missing."""
    found = MEANS.get((region, key))
    if found is None:
        return UNKNOWN_MEAN, "no_scores", ""
    if by == "centres":
        return found[2:], "one_centre" if found[0] == 1 else "", ""
    if region != KRAI:
        return UNKNOWN_MEAN, "unknown_visitors", "1"
    return BY_VISITORS.get(key, found[2:]), "", ""


def _make_components() -> pd.DataFrame:
    told = {
        INDEX: [(4.0, 0.0, 60.0), (80.0, 20.0, np.inf), (0.0476, 0.0, 0.5), (11.3, np.nan, np.nan)],
        "friendliness": [
            (0.0, 0.0, 45.0),
            (64.0, 15.0, 700.0),
            (0.0, 0.0, 0.45),
            (12.0, np.nan, np.nan),
        ],
    }
    names = ("between_regions", "between_centres", "share", "sampling")
    return make_frame(
        "key statistic estimate ci_low ci_high n n_regions",
        [
            (key, name, *numbers, 5, 2)
            for key, rows in told.items()
            for name, numbers in zip(names, rows, strict=True)
        ],
    )


def _make_dispersion() -> pd.DataFrame:
    return make_frame(
        "unit target n drawn_in phi_winsorised factor phi scale tau2 tau tau2_moments q p_value"
        " sd_typical high_multiplicative low_multiplicative high_additive low_additive",
        [
            (
                "centre",
                72.0,
                4,
                1,
                28.5,
                0.95,
                30.0,
                5.4772,
                64.0,
                8.0,
                70.0,
                198.7,
                1e-12,
                25.98,
                0,
                0,
                1,
                0,
            ),
            (
                "region",
                74.0,
                2,
                0,
                0.5,
                1.0,
                0.5,
                1.0,
                0.0,
                0.0,
                0.0,
                1.0,
                0.607,
                np.nan,
                0,
                0,
                0,
                0,
            ),
        ],
    )


def _make_funnel() -> pd.DataFrame:
    """Limits of the target 72 of centres and 74 of regions, three errors a line."""
    widths = {0.95: 1.96, 0.998: 3.09}
    rows = []
    for unit, target, errors, tau in (
        ("centre", 72.0, (0.95, 1.5, 2.1), 8.0),
        ("region", 74.0, (5.5, 6.0, 7.0), 0.0),
    ):
        for model in ("plain", "multiplicative", "additive"):
            for level, z in widths.items():
                for error in errors:
                    scale = 5.4772 if model == "multiplicative" and unit == "centre" else 1.0
                    wide = (error**2 + tau**2) ** 0.5 if model == "additive" else error * scale
                    n = (25.98 / error) ** 2 if unit == "centre" else np.nan
                    low, high = target - z * wide, min(target + z * wide, 100.0)
                    rows.append((unit, model, level, error, n, low, high))
    return make_frame("unit model level error n low high", rows)


TESTED = (
    "z z_multiplicative p_multiplicative q_multiplicative flagged_multiplicative"
    " z_additive p_additive q_additive flagged_additive"
)


def _make_funnel_centres() -> pd.DataFrame:
    """c1 is high by the additive model only; the q of both models are chosen by hand."""
    tests = {
        "c1": (13.25, 2.42, 0.0155, 0.062, "", 2.5, 0.0115, 0.046, "high"),
        "c2": (-0.667, -0.122, 0.903, 0.903, "", -0.12, 0.9045, 0.9045, ""),
        "c4": (-0.667, -0.122, 0.903, 0.903, "", -0.12, 0.9045, 0.9045, ""),
        "c3": (-4.75, -0.867, 0.386, 0.772, "", -1.15, 0.25, 0.5, ""),
    }
    return make_frame(
        f"centre name region n estimate error {TESTED}",
        [
            (
                centre,
                NAMES[CENTRES.index(centre)],
                REGION_OF[centre],
                N_OF[centre],
                INDEX_OF[centre],
                ERROR_OF[centre],
                *numbers,
            )
            for centre, numbers in tests.items()
        ],
    )


def _make_funnel_regions() -> pd.DataFrame:
    tests = {
        PSKOV: (2, 78.125, 6.0, 0.6875, 0.6875, 0.4918, 0.4918, "", 0.6875, 0.4918, 0.4918, ""),
        KRAI: (2, 66.75, 6.5, -1.115, -1.115, 0.2648, 0.4918, "", -1.115, 0.2648, 0.4918, ""),
    }
    return make_frame(
        f"region n_centres estimate error {TESTED}",
        [(region, *numbers) for region, numbers in tests.items()],
    )


PARTS = {
    "total": ("", 3.53, 4.0, -7.58, 14.64, 7),
    "method": ("total", 0.35, 0.2, -0.21, 0.91, 6),
    "composition": ("total", 2.43, 1.5, -1.73, 6.59, 7),
    "service": ("total", 0.75, 2.5, -6.19, 7.69, 5),
    "method_before": ("method", 0.25, 0.15, -0.17, 0.67, 6),
    "method_after": ("method", 0.1, 0.1, -0.18, 0.38, 5),
    "unscored": ("composition", 0.0, 0.0, 0.0, 0.0, 6),
    "gone_centres": ("composition", 2.48, 1.4, -1.41, 6.37, 6),
    "new_centres": ("composition", 0.0, 0.0, 0.0, 0.0, 5),
    "segments": ("composition", -0.05, 0.05, -0.19, 0.09, 5),
}
"""Parts of the change of the country, which sum to the total."""


def make_change(methodology: Methodology) -> EditionChange:
    return EditionChange(
        centres=_make_changed_centres(),
        transitions=_make_transitions(),
        parts=_make_parts(),
        indicators=_make_changed_indicators(methodology),
        summary=_make_change_summary(),
        left_out=make_left_out(
            [
                (COUNTRY, "method", "setting_not_separated", "case_mix"),
                (OKRUG, "total", "no_scores_in_an_edition", ""),
                *((OKRUG, part, "no_comparable_centres", "") for part in list(PARTS)[1:]),
                (PSKOV, "service", "one_centre", ""),
            ],
            *("subject", "statistic"),
        ),
        previous_id="2025",
        current_id="2026",
        fdr=0.05,
        level=LEVEL,
        samples="independent",
        errors_before="matched",
        errors_after="exact",
    )


def _make_changed_centres() -> pd.DataFrame:
    """c1 is better, c3 (of two merged ones) worse; c4 moved, c6 is new, c7 gone."""
    unknown = (np.nan,) * 8
    rows = [
        (
            "c1",
            PSKOV,
            PSKOV,
            "both",
            1,
            80.0,
            85.25,
            80.5,
            85.25,
            4.75,
            1.5,
            1.81,
            7.69,
            0.0015,
            0.0054,
            "up",
            5,
            5,
            "",
            "",
            "",
        ),
        (
            "c2",
            PSKOV,
            PSKOV,
            "both",
            1,
            74.0,
            71.0,
            73.5,
            71.0,
            -2.5,
            2.0,
            -6.42,
            1.42,
            0.2113,
            0.2113,
            "",
            4,
            4,
            "",
            "",
            "",
        ),
        (
            "c3",
            KRAI,
            KRAI,
            "both",
            2,
            70.5,
            62.5,
            70.0,
            62.5,
            -7.5,
            2.5,
            -12.4,
            -2.6,
            0.0027,
            0.0054,
            "down",
            None,
            3,
            "merged",
            "",
            "",
        ),
        (
            "c4",
            KRAI,
            PSKOV,
            "moved",
            1,
            65.0,
            71.0,
            66.0,
            71.0,
            5.0,
            2.5,
            0.1,
            9.9,
            0.0455,
            0.0607,
            "",
            3,
            4,
            "",
            "",
            "",
        ),
        (
            "c5",
            KRAI,
            KRAI,
            "both",
            1,
            85.0,
            90.0,
            86.0,
            90.0,
            4.0,
            6.5,
            -8.74,
            16.74,
            np.nan,
            np.nan,
            "",
            5,
            None,
            "",
            "small_sample",
            "small_sample",
        ),
        (
            "c6",
            OKRUG,
            "",
            "new",
            0,
            np.nan,
            np.nan,
            *unknown,
            "",
            None,
            None,
            "absent",
            "no_answers",
            "new",
        ),
        ("c7", KRAI, KRAI, "gone", 1, 60.0, np.nan, *unknown, "", 3, None, "", "absent", "gone"),
    ]
    names = dict(zip(CENTRES, NAMES, strict=True)) | {"c7": "ЦЗН № 7"}
    return make_frame(
        "centre name region region_before status merged before after one_method_before"
        " one_method_after difference std_error ci_low ci_high p_value q_value flagged"
        " star_before star_after withheld_before withheld_after reason",
        [(row[0], names[row[0]], *row[1:]) for row in rows],
    ).astype({"star_before": "Int64", "star_after": "Int64"})


def _make_transitions() -> pd.DataFrame:
    pairs = [("5", "5"), ("4", "4"), ("withheld", "3"), ("3", "4"), ("5", "withheld")]
    pairs += [("absent", "withheld"), ("3", "absent")]
    labels = [*map(str, STARS), "withheld", "absent"]
    return make_frame(
        "star_before star_after n",
        [(before, after, pairs.count((before, after))) for before in labels for after in labels],
    )


def _make_parts() -> pd.DataFrame:
    """Parts of the country by hand; in Псковская область one centre is comparable."""
    nothing = (np.nan,) * 4
    rows: list[tuple[Any, ...]] = []
    for region in (KRAI, OKRUG, PSKOV, COUNTRY):
        for part, (parent, estimate, error, low, high, n) in PARTS.items():
            numbers: tuple[float, ...] = (estimate, error, low, high)
            if region == OKRUG:
                numbers, n = nothing, 0
            elif region == PSKOV and part == "service":
                numbers, n = (estimate, *nothing[1:]), 1
            elif region == PSKOV:
                n = 2
            elif region == KRAI:
                n = 3
            rows.append((region, part, parent, *numbers, n))
    return make_frame("region part of estimate std_error ci_low ci_high n", rows)


def _make_changed_indicators(methodology: Methodology) -> pd.DataFrame:
    """Make the last indicator new, the one before it rescaled, "parking" gone."""
    rows: list[tuple[Any, ...]] = []
    for group in methodology.groups:
        for key in group.indicators:
            status = {-1: "new", -2: "rescaled"}.get(
                methodology.indicator_keys.index(key) - len(methodology.indicator_keys), "both"
            )
            was = ("", np.nan) if status == "new" else (group.key, 0.05)
            name = methodology.indicator(key).name
            rows.append((key, name.ru, name.en, status, was[0], group.key, was[1], 0.05))
    rows.append(("parking", "Стоянка", "Parking", "gone", "comfort", "", 0.05, np.nan))
    columns = "indicator name_ru name_en status group_before group_after weight_before weight_after"
    return make_frame(columns, rows)


def _make_change_summary() -> pd.DataFrame:
    unknown = (np.nan,) * 4
    counts = {
        "both": 5,
        "moved": 1,
        "new": 1,
        "gone": 1,
        "renamed": 2,
        "merged": 1,
        "comparable": 5,
        "tested": 4,
        "up": 1,
        "down": 1,
        "star_up": 1,
        "star_down": 0,
        "star_same": 2,
    }
    rows: list[tuple[Any, ...]] = [
        ("mean_change_all", 3.53, 4.0, -7.58, 14.64, 0.427, np.nan, 7),
        ("mean_change_comparable", 1.05, 2.75, -6.59, 8.69, 0.722, np.nan, 5),
        ("mean_change_service", 0.75, 2.5, -6.19, 7.69, 0.779, np.nan, 5),
        ("sampling_service", 1.5, *unknown, np.nan, 5),
    ]
    rows += [(name, float(n), *unknown, np.nan, 7) for name, n in counts.items()]
    rows.append(("stuart_maxwell", 1.0, np.nan, np.nan, np.nan, 0.3173, 1.0, 3))
    return make_frame("statistic estimate std_error ci_low ci_high p_value df n", rows)


GROUP_SCORES = {
    "c1": [84.0, 83.0, 85.0, 86.25, 88.0],
    "c3": [61.0, 60.0, np.nan, 64.0, 65.0],
}
"""Scores of the groups in the order of the methodology; every indicator has that of its group."""


def make_score_parts(methodology: Methodology) -> ScoreParts:
    """Split the index of c1 (five groups of 0.2) and of c3 (four of 0.25, "effort" is missing)."""
    parts = {}
    for centre, scores in GROUP_SCORES.items():
        known = sum(np.isfinite(scores))
        for group, score in zip(methodology.groups, scores, strict=True):
            weight = 1 / known if np.isfinite(score) else 0.0
            parts[centre, "group", group.key] = (weight, score)
            for key in group.indicators:
                parts[centre, "indicator", key] = (weight / 4, score)
    told = {key: float(np.nan_to_num(weight * score)) for key, (weight, score) in parts.items()}
    mean = {key[1:]: (told["c1", *key[1:]] + told["c3", *key[1:]]) / 2 for key in told}
    order = sorted(parts, key=lambda key: key[:2])
    return ScoreParts(
        frame=make_frame(
            "centre kind key weight estimate contribution mean_contribution difference",
            [
                (*key, *parts[key], told[key], mean[key[1:]], told[key] - mean[key[1:]])
                for key in order
            ],
        ),
        left_out=make_left_out(
            [
                ("c2", "", "not_additive", "1.25"),
                ("c4", "", "checklists_in_index", ""),
                ("c5", "", "not_additive", "-0.5"),
                ("c6", "", "no_score", ""),
            ],
            *("centre", "kind"),
        ),
    )


def make_rating_results(methodology: Methodology) -> dict[str, Result]:
    """Return the results of stars and their uncertainty by name."""
    return {
        "answer_weights": make_answer_weights(),
        "case_mix": make_case_mix(methodology),
        "star_doubt": make_star_doubt(),
        "ranks": make_ranks(),
        "shrinkage": make_shrinkage(methodology),
        "error_check": make_error_check(),
        "regional": make_regional(methodology),
        "change": make_change(methodology),
        "score_parts": make_score_parts(methodology),
    }
