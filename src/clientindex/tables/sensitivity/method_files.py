"""Every number of what methods do, and of all that moves together, for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import JointDoubt, Multiverse, SobolIndices
from clientindex.tables.long import LongTable, bound, count, lay_out, measure, share, stars, tell
from clientindex.tables.naming import keep, say
from clientindex.tables.sensitivity.file_columns import CENTRE
from clientindex.tables.sensitivity.multiverse import DIMENSIONS, describe_variants, find_own
from clientindex.tables.sensitivity.names import name_doubt, name_input, name_option, say_gap
from clientindex.wording.sensitivity_names import name_output

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

FIRST_INTERVAL = bound("first", "first_index", key="first_index_interval_percent", scale=100)
TOTAL_INTERVAL = bound("total", "total_index", key="total_index_interval_percent", scale=100)


def name_plain_output(part: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name an output of the variance-based analysis; centres keep their codes."""
    del methodology
    return name_output(*part, {}, wording)


METHODS = (
    LongTable(
        name="variant_centres",
        result="multiverse",
        kind=Multiverse,
        frame="centres",
        columns=(
            *(CENTRE, stars(), count("rank"), share("variants_same_star", "share_same_star")),
            *(share("variants_withheld", "share_withheld"), stars("star_low"), stars("star_high")),
            *(count("best_rank", "rank_low"), count("worst_rank", "rank_high")),
        ),
    ),
    LongTable(
        name="variant_gaps",
        result="multiverse",
        kind=Multiverse,
        frame="left_out",
        columns=(
            *(tell(f"variant_{name}", name, name_option) for name in DIMENSIONS),
            tell("gap_reason", "reason", say_gap),
        ),
    ),
    LongTable(
        name="sobol_values",
        result="sobol_indices",
        kind=SobolIndices,
        frame="indices",
        columns=(
            tell("sensitivity_output", ("output", "key"), name_plain_output),
            tell("sensitivity_input", ("input_kind", "input"), name_input),
            *(share("first_index", "first"), FIRST_INTERVAL),
            *(share("total_index", "total"), TOTAL_INTERVAL),
        ),
    ),
    LongTable(
        name="sobol_convergence",
        result="sobol_indices",
        kind=SobolIndices,
        frame="convergence",
        columns=(
            tell("sensitivity_output", ("output", "key"), name_plain_output),
            tell("sensitivity_input", ("input_kind", "input"), name_input),
            *(count("sobol_rows", "n"), share("first_index", "first")),
            share("total_index", "total"),
        ),
    ),
)

TOGETHER = (
    LongTable(
        name="joint_centres",
        result="joint_doubt",
        kind=JointDoubt,
        frame="centres",
        columns=(
            *(CENTRE, tell("centre", "name", keep), tell("region", "region", keep), stars()),
            *(measure("p_joint", "p_star"), measure("p_joint_error", "p_star_se")),
            *(measure("p_within_one"), measure("p_sampling", "p_star_sampling")),
            *(measure("p_weights", "p_star_weights"), measure("p_method", "p_star_method")),
            *(measure("index", "estimate"), measure("joint_mean", "mean")),
            *(measure("joint_sd", "std_dev"), count("rank"), bound("rank", "rank_joint", digits=0)),
        ),
    ),
    LongTable(
        name="joint_stars",
        result="joint_doubt",
        kind=JointDoubt,
        frame="probabilities",
        columns=(CENTRE, stars("possible_star", "star"), measure("p_joint_star", "p")),
    ),
    LongTable(
        name="joint_centre_parts",
        result="joint_doubt",
        kind=JointDoubt,
        frame="parts",
        columns=(
            *(CENTRE, tell("joint_quantity", "quantity", say("joint_quantity"))),
            *(tell("doubt_of", "source", name_doubt), measure("estimate")),
            measure("joint_part_error", "mc_error"),
        ),
    ),
)


def build_variants(result: Multiverse, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a variant of the method, with all its choices: the multiverse table."""
    frame = describe_variants(result.variants, find_own(result), methodology, wording)
    columns = (
        *(count("variant_number", "variant"), tell("changed_choice", "told", keep)),
        *(tell(f"variant_{name}", name, name_option) for name in DIMENSIONS),
        *(count("n_starred"), share("share_changed"), share("share_up"), share("share_down")),
        *(share("share_withheld"), measure("mean_rank_shift")),
        measure("tau_to_current", "kendall_tau"),
    )
    return lay_out(
        "multiverse_variants",
        frame,
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
    )
