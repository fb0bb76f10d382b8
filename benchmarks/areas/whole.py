"""A whole run of an edition, from files to the bundle of results."""

from __future__ import annotations

from frame import Area, Contender, Quantity, Size

from areas.editions import find_files, simulate
from clientindex.pipeline.run import run_edition


def run_whole(files):
    """Compute all results of an edition, whatever is there already."""
    return run_edition(files.edition, force=True)


RUN = Quantity(
    key="run",
    title="`clientindex run`",
    what=(
        "CSV files and the checklists of a simulated edition to all results of all stages, with "
        "the "
        "standard numbers of replicates; without the previous edition. Memory is that of the "
        "largest "
        "process. Nobody else does the same."
    ),
    prepare=simulate,
    patience=6.0,
    warm=Size(respondents=1_500, centres=40),
    sizes=(
        Size(respondents=15_000, centres=240),
        Size(respondents=60_000, centres=500),
        Size(respondents=250_000, centres=1_000),
        Size(respondents=1_000_000, centres=2_000),
    ),
    quick=(Size(respondents=1_500, centres=40), Size(respondents=3_000, centres=80)),
    contenders=(Contender(name="clientindex", load=find_files, run=run_whole, threads=2),),
)

AREA = Area(key="whole", title="The whole run", quantities=(RUN,))
