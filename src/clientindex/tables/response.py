"""What share of the visitors answered, by region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Coverage
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import TableSpec, collect_rows
from clientindex.wording.names import name_region

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_response(coverage: Coverage, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a region; without rows where no number of visitors is known."""
    del methodology
    frame = coverage.response
    return TableSpec(
        key="response",
        caption=wording.text("table.response.title"),
        columns=(
            make_column("region", wording),
            make_column("centres_known", wording, kind="integer"),
            make_column("visitors", wording, kind="integer"),
            make_column("n_respondents", wording, kind="integer"),
            make_column("response_share", wording, kind="percent", digits=1),
        ),
        rows=()
        if frame is None
        else collect_rows(
            [name_region(region, wording) for region in frame["region"]],
            *(frame[name] for name in ("n_centres", "visitors", "n", "share")),
        ),
        notes=(wording.text("table.response.note"),),
    )


RECIPE = make_recipe("response", "coverage", Coverage, build_response)
