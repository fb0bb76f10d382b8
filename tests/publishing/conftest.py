from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientindex.publishing.render import render_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.publishing.render import RenderedDocument

ROOT = Path(__file__).resolve().parents[2]


def copy_reports(target: Path) -> Path:
    shutil.copytree(ROOT / "reports", target, ignore=shutil.ignore_patterns("*.qmd", "*.md"))
    shutil.copytree(Path(__file__).with_name("documents"), target, dirs_exist_ok=True)
    return target


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Give a folder with the project's templates and our demonstration documents."""
    return copy_reports(tmp_path / "reports")


@pytest.fixture
def write(reports: Path) -> Callable[..., Path]:
    """Write a small Russian document beside the templates."""

    def write_document(body: str, *, front: str = "metadata-files: [_ru.yml]") -> Path:
        path = reports / "small.qmd"
        path.write_text(f"---\ntitle: Проба\n{front}\n---\n{body}\n", encoding="utf-8")
        return path

    return write_document


@pytest.fixture
def render(tmp_path: Path) -> Callable[..., RenderedDocument]:
    """Render with the embedded renderer into one folder."""

    def render_it(source: Path, *formats: str, **parameters: object) -> RenderedDocument:
        return render_document(
            source,
            output_dir=tmp_path / "out",
            formats=formats or ("html",),
            parameters=parameters,
            metadata={},
            renderer="embedded",
        )

    return render_it


@pytest.fixture(scope="session", params=["ru", "en"])
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> RenderedDocument:
    """Render the demonstration document of each language once."""
    folder = tmp_path_factory.mktemp(f"demo-{request.param}")
    return render_document(
        copy_reports(folder / "reports") / f"demo.{request.param}.qmd",
        output_dir=folder / "out",
        formats=["html", "pdf", "docx"],
        parameters={"edition": "2026"},
        metadata={},
        renderer="embedded",
    )


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Render a text as HTML, the same one once."""
    folder = tmp_path_factory.mktemp("pages")
    reports = copy_reports(folder / "reports")
    made: dict[tuple[str, str], Path] = {}

    def render(body: str, language: str = "ru") -> Path:
        if (body, language) not in made:
            source = reports / f"page{len(made)}.qmd"
            front = f"title: Page\nmetadata-files: [_{language}.yml]"
            source.write_text(f"---\n{front}\n---\n\n{body}\n", encoding="utf-8")
            done = render_document(
                source,
                output_dir=folder / "out",
                formats=["html"],
                parameters={},
                metadata={},
                renderer="embedded",
            )
            made[body, language] = done.paths["html"]
        return made[body, language]

    return render
