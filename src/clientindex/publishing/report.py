"""What the cells of a document use: paragraphs, tables and figures of a bundle, by name.

A part whose result is absent is replaced by the sentence that says why, once a cell; nothing is
left empty and nothing is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import WordingError
from clientindex.publishing.code_map import KINDS as KINDS_OF_CODE
from clientindex.publishing.code_map import list_parts, map_code
from clientindex.publishing.how_made import tell_how_made
from clientindex.publishing.illustrations import write_illustration
from clientindex.publishing.place_names import (
    are_names_rewritten,
    find_place_names,
    name_places,
)
from clientindex.results import Stars, load_bundle
from clientindex.tables import TABLES, build_stars_of_region, explain_regions, to_markdown
from clientindex.tables.disclosure import build_protected, protect
from clientindex.tables.markdown import escape_markdown
from clientindex.wording import Wording, load_wording
from clientindex.wording.absence import explain_absence, take
from clientindex.wording.sentences import PARAGRAPHS
from clientindex.wording.sentences.indicator_quality import fill_box, title_box
from clientindex.wording.sentences.quality_values import list_quality
from clientindex.wording.sentences.revision import list_banner, say_first
from clientindex.wording.unnamed_values import tell_unnamed_values

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from clientindex.figures.recipe import Recipe as FigureRecipe
    from clientindex.results import Bundle
    from clientindex.tables import TableRecipe, TableSpec
    from clientindex.tables.disclosure import Protected
    from clientindex.wording.sentences import ParagraphRecipe

KINDS: Final = ("paragraph", "table", "figure")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """A bundle told in one language.

    Attributes
    ----------
    bundle : Bundle
    wording : Wording
    renamed : bool
        Whether places have other names than in the register, so that readers are told.
    protected : Protected, optional
        What `bundle` is without; tables then say where something is hidden.
    own : mapping
        Part -> recipe, of parts that this document has and others do not.
    """

    bundle: Bundle
    wording: Wording
    renamed: bool = False
    protected: Protected | None = None
    own: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def show(self, *parts: str) -> None:
        """Print parts of a section as Markdown, in their order.

        Sentences that lead to figures and tables stand together before the first of those that
        follow one another. A table without rows is left out when other parts stand beside it, which
        tell of it in words.

        Parameters
        ----------
        *parts : str
            ``paragraph.<name>``, ``table.<name>`` or ``figure.<name>``.

        Raises
        ------
        WordingError
            If there is no such part.
        """
        kept = [part for part in parts if len(parts) == 1 or not self._is_empty_table(part)]
        texts: list[str] = []
        for _, run in groupby(kept, key=lambda part: part.startswith("paragraph.")):
            shown = [self._make(part) for part in run]
            leads = [lead for lead, _ in shown if lead]
            texts += [" ".join(leads)] * bool(leads) + [text for _, text in shown]
        print("\n\n".join(["", *dict.fromkeys(texts), ""]))

    def say(self, name: str) -> None:
        """Print a paragraph, or why there is none."""
        self.show(f"paragraph.{name}")

    def show_table(self, name: str) -> None:
        """Print a table, or why there is none."""
        self.show(f"table.{name}")

    def draw(self, name: str) -> None:
        """Draw a figure, or say why there is none."""
        self.show(f"figure.{name}")

    def paragraph(self, name: str) -> str:
        """Return a paragraph as Markdown, or why there is none."""
        return self._make(f"paragraph.{name}")[1]

    def show_status(self) -> None:
        """Print the boxes that open a document: synthetic data, and what identifies the edition."""
        text = self.wording.text
        told = [self.paragraph("status")]
        if self.renamed:
            told.append(escape_markdown(text("callout.place_names")))
        unnamed = tell_unnamed_values(self.bundle, self.wording)
        told += [escape_markdown(unnamed)] if unnamed else []
        boxes = [self._box("note", text("callout.status_title"), "\n\n".join(told))]
        if self.bundle.edition.synthetic:
            body = escape_markdown(text("callout.synthetic"))
            boxes.insert(0, self._box("important", text("callout.synthetic_title"), body))
        if self.bundle.edition.revisions:
            boxes.insert(0, self._tell_revisions())
        print("\n\n".join(["", *boxes, ""]))

    def _tell_revisions(self) -> str:
        """Return the box of a revised edition: when it was first published, dates and reasons."""
        edition, text = self.bundle.edition, self.wording.text
        parts = (
            escape_markdown(say_first(edition, wording=self.wording)),
            _to_list(list_banner(edition, wording=self.wording)),
            escape_markdown(text("revision.note")),
        )
        return self._box("important", text("callout.revised_title"), "\n\n".join(parts))

    def show_revision(self, *parts: str) -> None:
        """Print a section of what a revision changed; nothing in an edition without revisions.

        Parameters
        ----------
        *parts : str
            As :meth:`show` takes them.
        """
        if self.bundle.edition.revisions:
            heading = escape_markdown(self.wording.text("revision.heading"))
            print(f"\n## {heading} {{#sec-revision}}\n")
            self.show(*parts)

    def show_methodology_status(self) -> None:
        """Print the box that says whose indicators and weights these are."""
        title = self.wording.text("callout.methodology_title")
        body = self.paragraph("methodology_status")
        print(f"\n{self._box('warning', title, body)}\n")

    def show_quality(self) -> None:
        """Print one box an indicator: the question, its numbers and what they say of it."""
        boxes = [
            self._box(
                "warning" if quality.remarks else "note",
                title_box(quality, bundle=self.bundle, wording=self.wording),
                _to_list(fill_box(quality, bundle=self.bundle, wording=self.wording)),
            )
            for quality in list_quality(self.bundle)
        ]
        print("\n\n".join(["", *boxes, ""]))

    def show_code_map(self) -> None:
        """Print which code and results every figure and table of the documents is made from."""
        parts = list_parts(Path.cwd(), self.bundle, language=self.wording.language)
        for kind in KINDS_OF_CODE:
            spec = map_code(parts, self.bundle, kind=kind, wording=self.wording)
            if spec.rows:
                print(to_markdown(spec, wording=self.wording))

    def show_centres(self) -> None:
        """Print what holds for all regions, then one heading and one table a region."""
        reason = explain_absence(self.bundle, ["stars"], wording=self.wording)
        if reason:
            print(f"\n{escape_markdown(reason)}\n")
            return
        stars = take(self.bundle, "stars", Stars)
        regions = sorted(set(stars.frame["region"]))
        common = " ".join(map(escape_markdown, explain_regions(self.bundle, self.wording)))
        told = (self._tell_region(region, i) for i, region in enumerate(regions, 1))
        print("\n\n".join(["", *[common] * bool(common), *told]))

    def _tell_region(self, region: str, number: int) -> str:
        build = partial(build_stars_of_region, region=region, number=number, wording=self.wording)
        spec = self._build_table(build, needs=("stars",))
        if not spec.rows:
            said = (self.wording.text("absence.no_stars_in_region"), *spec.notes)
            body = "\n\n".join(map(escape_markdown, said))
        else:
            body = to_markdown(spec, wording=self.wording)
        return f"\n## {escape_markdown(region)} {{.unnumbered}}\n\n{body}\n"

    def _build_table(
        self, build: Callable[[Bundle], TableSpec], *, needs: Collection[str]
    ) -> TableSpec:
        if self.protected is None:
            return build(self.bundle)
        return build_protected(build, self.protected, needs=needs)

    def _is_empty_table(self, part: str) -> bool:
        if not part.startswith("table."):
            return False
        recipe = self._find(part)
        if recipe.explain_absence(self.bundle, wording=self.wording):
            return False
        return not recipe(self.bundle, self.wording).rows

    def _make(self, part: str) -> tuple[str, str]:
        """Return the sentence that leads to a part and its Markdown; no lead where it is absent."""
        kind, _, name = part.partition(".")
        recipe = self._find(part)
        if kind == "table":
            return self._make_table(name, recipe)
        if kind == "figure":
            return self._make_figure(name, recipe)
        return "", self._make_paragraph(recipe)

    def _find(self, part: str) -> Any:
        """Return the recipe of a part, of the document's own ones first."""
        if part in self.own:
            return self.own[part]
        kind, _, name = part.partition(".")
        known: Mapping[str, Any] = {}
        if kind == "figure":
            from clientindex.figures import FIGURES

            known = FIGURES
        elif kind in KINDS:
            known = PARAGRAPHS if kind == "paragraph" else TABLES
        if name not in known:
            msg = f"no part {part!r}; parts begin with {', '.join(KINDS)}"
            raise WordingError(msg)
        return known[name]

    def _make_paragraph(self, recipe: ParagraphRecipe) -> str:
        reason = recipe.explain_absence(self.bundle, wording=self.wording)
        if reason:
            return escape_markdown(reason)
        text = recipe(self.bundle, self.wording)
        return escape_markdown(text) if isinstance(text, str) else _to_list(text)

    def _make_table(self, name: str, recipe: TableRecipe) -> tuple[str, str]:
        reason = recipe.explain_absence(self.bundle, wording=self.wording)
        if reason:
            return "", escape_markdown(reason)
        spec = self._build_table(lambda bundle: recipe(bundle, self.wording), needs=recipe.needs)
        if not spec.rows:
            nothing = self.wording.text("absence.empty_table", title=spec.caption)
            return "", escape_markdown(nothing)
        lead = self.wording.text(f"table.{name}.lead")
        return lead, to_markdown(spec, wording=self.wording)

    def _make_figure(self, name: str, recipe: FigureRecipe) -> tuple[str, str]:
        title = self.wording.text(f"illustration.{name}.title")
        needs = [need.name for need in recipe.needs]
        reason = explain_absence(self.bundle, needs, wording=self.wording)
        if reason:
            return "", escape_markdown(reason)
        if recipe.find_faults(self.bundle):
            return "", escape_markdown(self.wording.text("absence.no_figure", title=title))
        shown = write_illustration(
            lambda: recipe.lay_out(self.bundle, self.wording),
            name=name,
            language=self.wording.language,
            caption=recipe.caption(self.bundle, self.wording),
            alt=recipe.alternative(self.bundle, self.wording),
            folder=Path.cwd(),
        )
        made = tell_how_made(recipe, self.bundle, wording=self.wording)
        return self.wording.text(f"illustration.{name}.lead"), f"{shown}\n\n{made}"

    @staticmethod
    def _box(kind: str, title: str, body: str) -> str:
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        return f'::: {{.callout-{kind} title="{quoted}"}}\n{body}\n:::'


def open_document(bundle_dir: str, language: str) -> Report:
    """Open a bundle for the cells of a document.

    Parameters
    ----------
    bundle_dir : str
        Folder of the bundle; checked against its manifest.
    language : {"ru", "en"}

    Raises
    ------
    BundleError
        If the bundle is absent, incomplete or damaged.
    WordingError
        If there is no such language.
    """
    bundle = load_bundle(Path(bundle_dir))
    names = find_place_names(bundle.results, language)
    protected = protect(bundle).rename(lambda own: name_places(own, names))
    return Report(
        bundle=protected.bundle,
        protected=protected,
        wording=load_wording(language),
        renamed=are_names_rewritten(bundle, names),
    )


def _to_list(items: Iterable[str]) -> str:
    return "\n".join(f"- {escape_markdown(item)}" for item in items)
