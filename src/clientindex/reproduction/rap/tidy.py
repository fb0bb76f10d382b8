"""Files that travel: no path of a machine, no host of a registry, no outputs in notebooks."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import DIME, MATURITY, RAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

MACHINE_PATH: Final = re.compile(
    r"(?<![\w.~}/-])/(?:home|Users|root|work|workspace|mnt)/\w|(?<!\w)[A-Z]:\\Users\\"
)
"""A path that only one machine has."""

REGISTRIES: Final = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("anaconda", "org"),
    ("r-project", "org"),
    ("npmjs", "org"),
    ("golang", "org"),
)
"""Names in parts, so that this file holds none of them whole."""

REGISTRY_HOST: Final = re.compile(
    "|".join(re.escape(".".join(parts)) for parts in REGISTRIES) + r"|/simple/?(?=[\s\"'])"
)
"""A registry or an index that packages would be downloaded from."""

EXAMPLES: Final = ("test_repository.py",)
"""The test of these rules, which holds what must not be found elsewhere."""

NO_MACHINE_PATHS = Ask(
    "no_machine_paths",
    "Does no file hold a path of one machine?",
    DIME,
    "Write the paths named relative to the repository or to the edition.",
)
NO_REGISTRIES = Ask(
    "no_registry_hosts",
    "Does no file name a host that packages are downloaded from?",
    RAP,
    "Take the hosts named out: which index is used is a matter of the machine.",
)
NO_OUTPUTS = Ask(
    "notebooks_without_outputs",
    "Are notebooks kept without outputs?",
    MATURITY,
    "Strip the notebooks named: nbstripout analysis/*.ipynb",
)


def find_lines(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the numbers of the lines in which `pattern` occurs, counted from 1."""
    if not pattern.search(text):
        return []
    return [n for n, line in enumerate(text.splitlines(), start=1) if pattern.search(line)]


def find_notebook_outputs(text: str) -> list[int]:
    """Return the positions of code cells that keep outputs or execution counts."""
    cells = json.loads(text)["cells"]
    return [
        position
        for position, cell in enumerate(cells)
        if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"] is not None)
    ]


def check_files(repository: Repository) -> list[RapItem]:
    """Check every tracked file."""
    return [
        _check_pattern(NO_MACHINE_PATHS, MACHINE_PATH, repository),
        _check_pattern(NO_REGISTRIES, REGISTRY_HOST, repository),
        _check_notebooks(repository),
    ]


def _check_pattern(ask: Ask, pattern: re.Pattern[str], repository: Repository) -> RapItem:
    return ask.judge(
        _collect(repository, "", lambda text: find_lines(pattern, text)),
        found=f"{len(repository.tracked)} files, none with one",
    )


def _check_notebooks(repository: Repository) -> RapItem:
    n = sum(path.suffix == ".ipynb" for path in repository.tracked)
    if not n:
        return NO_OUTPUTS.skip("there are no notebooks")
    found = f"{n} notebooks, none with outputs"
    return NO_OUTPUTS.judge(_collect(repository, ".ipynb", find_notebook_outputs), found=found)


def _collect(repository: Repository, suffix: str, find: Callable[[str], list[int]]) -> list[str]:
    """Return ``file:place`` of the first thing found in every file of a kind."""
    return [
        f"{repository.name(path)}:{places[0]}"
        for path in repository.tracked
        if path.name not in EXAMPLES
        and path.suffix.endswith(suffix)
        and (places := find(repository.read_path(path)))
    ]
