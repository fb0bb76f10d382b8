"""What stands folded below a figure in HTML: the code, the results and the seed it was made from.

Printed as Markdown that ``reports/templates/how-made.lua`` folds in HTML and leaves out elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.publishing.assemble import FIGURES
from clientindex.publishing.table_files import MACHINE
from clientindex.tables import TABLES
from clientindex.tables.markdown import escape_markdown
from clientindex.wording.absence import STAGE_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.figures.recipe import Recipe
    from clientindex.results import Bundle
    from clientindex.wording import Wording

CLASS: Final = "how-made"
_FENCE: Final = "::::::"


def tell_how_made(recipe: Recipe, bundle: Bundle, *, wording: Wording) -> str:
    """Say how a figure was made.

    Parameters
    ----------
    recipe : Recipe
        Of a figure whose results are in the bundle.
    bundle : Bundle
    wording : Wording

    Returns
    -------
    str
        Markdown: the function that drew it and its version, the stages and results with the SHA-256
        of their files, the seed, the fingerprint of the bundle, the methodology, and links to data.
    """
    text = wording.text
    parts = {
        "code": [_tell_code(recipe, bundle, wording)],
        "results": list(_tell_results(recipe, bundle, wording)),
        "seed": [str(bundle.manifest.seed)],
        "fingerprint": [f"`{bundle.manifest.fingerprint}`"],
        "methodology": [_tell_methodology(bundle)],
        "data": list(_tell_data(recipe, bundle, wording)),
    }
    items = [
        f"{escape_markdown(text(f'how_made.{name}'))}\n"
        + "".join(f":   {line}\n" for line in lines)
        for name, lines in parts.items()
    ]
    summary = text("how_made.summary").replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join([f'{_FENCE} {{.{CLASS} summary="{summary}"}}', *items, _FENCE])


def name_function(recipe: Recipe) -> str:
    """Return the full name of the function that draws a figure."""
    name = recipe.make.__qualname__.partition(".<locals>")[0]
    return f"{recipe.make.__module__}.{name}"


def _tell_code(recipe: Recipe, bundle: Bundle, wording: Wording) -> str:
    manifest = bundle.manifest
    return wording.text(
        "how_made.function",
        function=f"`{name_function(recipe)}`",
        figure=f"`{recipe.name}`",
        version=manifest.code_version,
        code=f"`{manifest.code_sha256}`",
    )


def _tell_results(recipe: Recipe, bundle: Bundle, wording: Wording) -> Iterator[str]:
    for need in recipe.needs:
        yield f"`{need.name}`{_tell_stage(need.name, wording)}"
        for file, sha256 in sorted(bundle.manifest.files.items()):
            if file.partition(".")[0] == need.name:
                yield f"`{file}`: `{sha256}`"


def _tell_stage(result: str, wording: Wording) -> str:
    if result not in STAGE_OF:
        return ""
    stage = wording.text(f"stage.{STAGE_OF[result]}")
    return f" ({escape_markdown(wording.text('how_made.stage', stage=stage))})"


def _tell_methodology(bundle: Bundle) -> str:
    manifest = bundle.manifest
    return f"{escape_markdown(manifest.methodology_id)}, `{manifest.methodology_sha256}`"


def _tell_data(recipe: Recipe, bundle: Bundle, wording: Wording) -> Iterator[str]:
    """Link to the marks of the figure, and name the table of the same name in the table files."""
    label = f"fig-{recipe.name.replace('_', '-')}"
    yield f"[{escape_markdown(wording.text('how_made.marks'))}]({FIGURES}/{label}.csv)"
    table = TABLES.get(recipe.name)
    if table is None or table.explain_absence(bundle, wording=wording):
        return
    if table(bundle, wording).rows:
        file = f"`{MACHINE}/{wording.language}/{recipe.name}.csv`"
        yield wording.text("how_made.table", file=file)
