"""What the cells of a region's report use: the parts of one region beside those of the country."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientindex.figures.one_region import list_region_figures
from clientindex.hashing import hash_file
from clientindex.publishing.place_names import are_names_rewritten, find_place_names, name_places
from clientindex.publishing.regions.choose import list_regions, require_region
from clientindex.publishing.report import Report
from clientindex.results import load_bundle
from clientindex.results.manifest import MANIFEST_NAME
from clientindex.tables.disclosure import protect
from clientindex.tables.one_region import list_region_tables
from clientindex.wording import load_wording
from clientindex.wording.sentences.one_region import list_region_paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.results import Bundle
    from clientindex.tables.disclosure import Protected


def open_region(bundle_dir: str, region: str, language: str) -> Report:
    """Open a bundle for the cells of the report of one region.

    Parameters
    ----------
    bundle_dir : str
        Folder of the bundle; checked against its manifest.
    region : str
        Name as in the register; the first of all for an empty name, so that the source can be
        rendered as it stands.
    language : {"ru", "en"}

    Returns
    -------
    Report
        With the parts of the region, named as the language names it.

    Raises
    ------
    BundleError
        If the bundle is absent, incomplete or damaged.
    RenderError
        If there is no such region, or the bundle has no stars.
    WordingError
        If there is no such language.
    """
    manifest = Path(bundle_dir) / MANIFEST_NAME
    known = hash_file(manifest) if manifest.is_file() else ""
    bundle = _load(bundle_dir, known)
    chosen = region or list_regions(bundle)[0]
    require_region(bundle, chosen)
    named, renamed, regions = _name(bundle_dir, language, known)
    shown = regions.get(chosen, chosen)
    return make_region_report(named.bundle, shown, language, renamed=renamed, protected=named)


def make_region_report(
    bundle: Bundle,
    region: str,
    language: str,
    *,
    renamed: bool = False,
    protected: Protected | None = None,
) -> Report:
    """Make the report of a region of a bundle whose places are named as the reader is told them.

    Tables say where something is hidden, where `protected` is given.
    """
    parts: dict[str, Any] = {}
    for kind, recipes in (
        ("paragraph", list_region_paragraphs(region)),
        ("table", list_region_tables(region)),
        ("figure", list_region_figures(region)),
    ):
        parts |= {f"{kind}.{recipe.name}": recipe for recipe in recipes}
    wording = load_wording(language)
    return Report(bundle=bundle, protected=protected, wording=wording, renamed=renamed, own=parts)


@lru_cache(maxsize=1)
def _load(bundle_dir: str, manifest: str) -> Bundle:
    """Load a bundle once for all regions that one kernel tells; `manifest` is its hash."""
    del manifest
    return load_bundle(Path(bundle_dir))


@lru_cache(maxsize=2)
def _name(
    bundle_dir: str, language: str, manifest: str
) -> tuple[Protected, bool, Mapping[str, str]]:
    """Return the bundle with places named in a language, and the names of regions that differ.

    Between them stands whether readers must be told that names are not those of the register.
    """
    bundle = _load(bundle_dir, manifest)
    names = find_place_names(bundle.results, language)
    named = protect(bundle).rename(lambda own: name_places(own, names))
    return named, are_names_rewritten(bundle, names), names.regions
