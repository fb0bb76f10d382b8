"""README.md of a pack, filled by the machine: in Russian, then in English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from clientindex.publishing.code_map import KINDS, list_parts, map_code
from clientindex.results import load_bundle
from clientindex.tables.markdown import escape_markdown, to_pipe_table
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from clientindex.edition import Edition
    from clientindex.pipeline.repro_pack.material import PackMaterial
    from clientindex.pipeline.repro_pack.twin import PackTwin
    from clientindex.results import Bundle
    from clientindex.wording import Wording

LANGUAGES: Final = ("ru", "en")
OLDEST_PYTHON: Final = "3.11"
PLACES: Final = (
    ("editions/", "editions"),
    ("methodology/", "methodology"),
    ("data_raw/", "data_raw"),
    ("data_processed/", "data_processed"),
    ("src/", "src"),
    ("reports/", "reports"),
    ("analysis/", "analysis"),
    ("docs/", "docs"),
    ("ro-crate-metadata.json", "crate"),
)


def write_readme(material: PackMaterial) -> str:
    """Return the text of README.md: how to verify, what was made how, and from what."""
    bundle = load_bundle(material.edition.results_dir)
    return "\n---\n\n".join(
        "\n\n".join(_write_language(material, bundle, load_wording(language))) + "\n"
        for language in LANGUAGES
    )


def _write_language(material: PackMaterial, bundle: Bundle, wording: Wording) -> Iterator[str]:
    edition, text = material.edition, wording.text
    title = getattr(edition.title, wording.language)
    yield f"# {escape_markdown(text('pack.title', title=title, year=str(edition.year)))}"
    yield text("pack.what", edition=edition.id)
    if material.twin is not None:
        yield text("pack.twin.what", here=f"`data_processed/{material.laid.path.stem}/`")
    elif edition.synthetic:
        yield text("pack.synthetic")
    yield text("pack.left_out")
    yield from _tell_verifying(material, bundle, wording)
    if material.twin is not None:
        yield from _tell_twin(material.twin, wording)
    yield from _tell_making(material, bundle, wording)
    yield from _tell_inputs(material, wording)
    yield from _tell_map(material, bundle, wording)
    yield from _tell_places(wording)


def _tell_verifying(material: PackMaterial, bundle: Bundle, wording: Wording) -> Iterator[str]:
    text, key = wording.text, material.laid.path.stem
    yield f"## {text('pack.verify.title')}"
    yield text(
        "pack.verify.needs",
        python="Python",
        version=OLDEST_PYTHON,
        make="`make`",
        lock="`requirements.lock`",
    )
    yield f"```sh\nsha256sum -c --quiet files.sha256\nmake verify EDITION={key}\n```"
    yield text("pack.verify.first", folder=f"`data_processed/{key}/`")
    yield text(
        "pack.verify.time",
        seconds=wording.number(sum(bundle.run.seconds.values()), 0),
        memory=wording.number(bundle.run.peak_memory_mib, 0),
    )
    yield text("pack.verify.careful", report=f"`make report EDITION={key}`")
    yield text("pack.verify.before", unpack="`clientindex unpack PACK.zip FOLDER`")


def _tell_twin(twin: PackTwin, wording: Wording) -> Iterator[str]:
    text, close = wording.text, twin.closeness
    yield f"## {text('pack.twin.title')}"
    yield text("pack.twin.how", published="`published/`", originals="`inputs.original.sha256`")
    yield text("pack.twin.copies")
    facts = {
        "respondents": wording.integer(close.n_respondents),
        "pooled": wording.integer(close.n_pooled),
        "count_elsewhere": wording.integer(close.count_elsewhere),
        "count": wording.integer(close.count),
        "mean": wording.number(close.mean, 2),
        "correlation": wording.number(close.correlation, 3),
        "index_elsewhere": _points(twin.index_elsewhere, wording),
        "index": _points(twin.index, wording),
    }
    rows = [(text(f"pack.twin.{name}"), value) for name, value in facts.items()]
    yield _pipe((text("pack.made.what"), text("pack.made.value")), rows)
    yield text("pack.twin.table", file="`twin_closeness.csv`")
    yield text(
        "pack.twin.privacy",
        equal=wording.percent(close.equal_share, 2),
        natural=wording.percent(close.natural_share, 2),
    )
    if twin.moved:
        yield text("pack.twin.moved", columns=_name_columns(twin.moved))
    dropped = _name_columns(twin.dropped) if twin.dropped else text("pack.twin.none")
    yield text("pack.twin.dropped", columns=dropped)


def _points(value: float, wording: Wording) -> str:
    return wording.missing if math.isnan(value) else wording.number(value, 2)


def _name_columns(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _tell_making(material: PackMaterial, bundle: Bundle, wording: Wording) -> Iterator[str]:
    text, manifest, record = wording.text, bundle.manifest, material.record
    facts = [
        ("edition", manifest.edition_id),
        ("fingerprint", manifest.fingerprint),
        ("publication", record.fingerprint),
        ("methodology", f"{manifest.methodology_id}, {manifest.methodology_sha256}"),
        ("seed", str(manifest.seed)),
        ("program", manifest.code_version),
        ("python", manifest.python_version),
        ("renderer", record.renderer),
    ]
    rows = [(text(f"pack.made.{name}"), value) for name, value in facts]
    seconds = wording.number(sum(bundle.run.seconds.values()), 1)
    rows.append((text("pack.made.time"), text("pack.made.seconds", seconds=seconds)))
    memory = wording.number(bundle.run.peak_memory_mib, 0)
    rows.append((text("pack.made.memory"), text("pack.made.mebibytes", memory=memory)))
    yield f"## {text('pack.made.title')}"
    yield _pipe((text("pack.made.what"), text("pack.made.value")), rows)
    packages = sorted({**manifest.packages, **record.packages}.items(), key=_ignore_case)
    yield f"### {text('pack.packages.title')}"
    yield _pipe((text("pack.packages.package"), text("pack.packages.version")), packages)


def _ignore_case(item: tuple[str, str]) -> str:
    return item[0].lower()


def _tell_inputs(material: PackMaterial, wording: Wording) -> Iterator[str]:
    text = wording.text
    yield f"## {text('pack.inputs.title')}"
    yield text("pack.inputs.lead", file="`inputs.sha256`")
    heads = (text("pack.inputs.file"), text("pack.inputs.sum"))
    yield _pipe(heads, material.inputs.items())


def _tell_map(material: PackMaterial, bundle: Bundle, wording: Wording) -> Iterator[str]:
    text, edition = wording.text, material.edition
    place = f"data_processed/{material.laid.path.stem}/results/"
    yield f"## {text('pack.map.title')}"
    yield text("pack.map.lead", code="`src/clientindex/`", results=f"`{place}`")
    parts = list_parts(edition.reports, bundle, language=wording.language)
    for kind in KINDS:
        spec = map_code(parts, bundle, kind=kind, wording=wording)
        yield f"### {spec.caption}"
        yield to_pipe_table(spec, wording=wording).rstrip("\n")
    yield f"### {text('pack.map.stages')}"
    heads = (text("pack.map.stage"), text("pack.inputs.title"))
    yield _pipe(heads, _list_stage_inputs(bundle, edition, wording))


def _list_stage_inputs(bundle: Bundle, edition: Edition, wording: Wording) -> list[tuple[str, str]]:
    """Return for every stage of the edition the files that its results come from."""
    previous = [wording.text("pack.map.previous")] if edition.previous is not None else []
    return [
        (
            wording.text(f"stage.{stage}"),
            ", ".join([*_name_inputs(bundle, stage), *(previous if stage == "rating" else [])]),
        )
        for stage in edition.stages
    ]


def _name_inputs(bundle: Bundle, stage: str) -> list[str]:
    manifest = bundle.manifest
    results = [name for name, origin in manifest.origins.items() if origin.stage == stage]
    used = {one.name for name in results for one in manifest.trace(name).inputs}
    return list(dict.fromkeys(one.name for one in manifest.inputs if one.name in used))


def _tell_places(wording: Wording) -> Iterator[str]:
    yield f"## {wording.text('pack.places.title')}"
    yield "\n".join(f"- `{name}`: {wording.text(f'pack.places.{key}')}" for name, key in PLACES)


def _pipe(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([escape_markdown(c) for c in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
