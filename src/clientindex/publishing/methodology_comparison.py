"""What the cells of the summary page use: a comparison of two methodologies, told in a language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from clientindex.figures.methodology_comparison import draw_methodology_comparison
from clientindex.publishing.illustrations import write_illustration
from clientindex.publishing.place_names import find_place_names, rename_places
from clientindex.results.storage import load_result
from clientindex.tables import to_markdown
from clientindex.tables.markdown import escape_markdown
from clientindex.tables.spec import Column, TableSpec
from clientindex.wording import load_wording
from clientindex.wording.methodology_changes import tell_changes
from clientindex.wording.sentences.methodology_comparison import say_comparison, say_reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.results.methodology_comparison import MethodologyComparison
    from clientindex.wording import Wording
    from clientindex.wording.methodology_changes import ToldChange

NAME: Final = "comparison"
"""Of the stored result."""
ACTING: Final = ("index", "stars")
MOST_LINES: Final = 11
"""Lines of the table of changes that leave room for the figure on the page."""
LINE_WIDTH: Final = 34
"""Characters of a cell that fit a line."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparisonPage:
    """A comparison told in one language."""

    result: MethodologyComparison
    wording: Wording

    def show_status(self) -> None:
        """Print that data are synthetic, where they are, and how to read the page."""
        text = self.wording.text
        parts = [escape_markdown(text("compare.document.status"))]
        if self.result.synthetic:
            body = escape_markdown(text("compare.document.synthetic"))
            title = text("callout.synthetic_title").replace('"', '\\"')
            parts.insert(0, f'::: {{.callout-important title="{title}"}}\n{body}\n:::')
        print("\n\n".join(["", *parts, ""]))

    def show_summary(self) -> None:
        """Print what changes for stars, index, order and regions as a list."""
        said = [_keep_strong(item) for item in say_comparison(self.result, self.wording)]
        said += [escape_markdown(item) for item in say_reasons(self.result, self.wording)]
        print("\n" + "\n".join(f"- {item}" for item in said) + "\n")

    def show_changes(self) -> None:
        """Print the changes that act on scores and stars as a table, the first of many."""
        text, changes = self.wording.text, self._tell_changes()
        if not changes:
            print(f"\n{escape_markdown(text('compare.document.no_changes'))}\n")
            return
        shown = changes[: count_shown(changes)]
        spec = TableSpec(
            key="methodology_changes",
            caption=text("compare.table.caption"),
            columns=tuple(
                Column(key=name, header=text(f"compare.table.{name}"))
                for name in ("what", "before", "after")
            ),
            rows=tuple((row.what, row.before, row.after) for row in shown),
        )
        print(to_markdown(spec, wording=self.wording))

    def show_figure(self) -> None:
        """Draw the crossed stars and the places of centres."""
        told = {
            name: self.wording.integer(self.result.count(name))
            for name in ("gained", "lost", "same")
        }
        shown = write_illustration(
            lambda: draw_methodology_comparison(self.result, wording=self.wording),
            name="methodology_comparison",
            language=self.wording.language,
            caption=self.wording.text("compare.figure.caption", **told),
            alt=self.wording.text("compare.figure.alt", **told),
            folder=Path.cwd(),
        )
        print(f"\n{shown}\n")

    def show_rest(self) -> None:
        """Print what the page leaves out, and where it is."""
        text, wording = self.wording.text, self.wording
        changes = self._tell_changes()
        n_shown, said = count_shown(changes), []
        if n_shown < len(changes):
            counts = {"shown": wording.integer(n_shown), "all": wording.integer(len(changes))}
            said.append(text("compare.document.more_listed", **counts))
        others = len(tell_changes(self.result, wording, effects=("other", "text")))
        if others:
            said.append(text("compare.document.more", n=wording.integer(others)))
        said.append(text("compare.document.files"))
        print(f"\n{escape_markdown(' '.join(said))}\n")

    def _tell_changes(self) -> list[ToldChange]:
        return tell_changes(self.result, self.wording, effects=ACTING, together=True)


def count_shown(changes: Sequence[ToldChange]) -> int:
    """Return how many changes fit the page, one at least."""
    lines = 0
    for place, row in enumerate(changes):
        lines += max(-(-len(cell) // LINE_WIDTH) for cell in (row.what, row.before, row.after))
        if lines > MOST_LINES:
            return max(place, 1)
    return len(changes)


def open_comparison(folder: str, language: str) -> ComparisonPage:
    """Open a stored comparison for the cells of a document.

    Parameters
    ----------
    folder : str
        Where :func:`clientindex.results.storage.save_result` put it.
    language : {"ru", "en"}

    Raises
    ------
    BundleError
        If it is absent or damaged.
    WordingError
        If there is no such language.
    """
    result = load_result(Path(folder), name=NAME)
    names = find_place_names({NAME: result}, language)
    shown: Any = rename_places(result, names)
    return ComparisonPage(result=shown, wording=load_wording(language))


def _keep_strong(text: str) -> str:
    return escape_markdown(text).replace("\\*\\*", "**")
