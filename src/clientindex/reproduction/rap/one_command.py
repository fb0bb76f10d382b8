"""One command makes the publication, and continuous integration runs it and the checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.makefile import (
    CI_SCRIPT,
    collect_recipe,
    read_ci_steps,
    read_targets,
)
from clientindex.reproduction.rap.repository import PACK_WITHOUT_TESTS
from clientindex.reproduction.rap.sources import DIME, MATURITY, RAP

if TYPE_CHECKING:
    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

TARGET: Final = "report"
PROGRAM: Final = re.compile(r"\$\(CLIENTINDEX\)\s+report\b|\bclientindex\s+report\b")
MANUAL: Final = re.compile(r"(?:^|[;&|]\s*)(?:read|select|xdg-open|open|vi|vim|nano|less)\b(?!=)")
"""Commands that wait for somebody."""

ONE_COMMAND = Ask(
    "one_command",
    "Does one command make the publication?",
    DIME,
    f"Give the Makefile a target '{TARGET}' whose recipe calls `clientindex report`.",
)
NO_MANUAL_STEP = Ask(
    "no_manual_step",
    "Does the publication need no step by hand?",
    RAP,
    f"Take commands that wait for somebody out of the recipe of '{TARGET}' and what it waits for.",
)
CI_TESTS = Ask(
    "ci_tests",
    "Does continuous integration run the tests?",
    MATURITY,
    f"Call `make test`, whose recipe runs pytest, in {CI_SCRIPT}.",
)
CI_STYLE = Ask(
    "ci_style",
    "Does continuous integration check style and types, so that code can be reviewed?",
    RAP,
    f"Call `make check`, whose recipe runs ruff and mypy, in {CI_SCRIPT}; switch on strict types.",
)
CI_PUBLICATION = Ask(
    "ci_publication",
    "Does continuous integration make the publication?",
    MATURITY,
    f"Call `make {TARGET}` in {CI_SCRIPT}.",
)
NOTEBOOKS_RUN = Ask(
    "notebooks_run",
    "Are all notebooks executed top to bottom by the tests?",
    MATURITY,
    "Let a test execute every analysis/*.ipynb, and call `make test` in continuous integration.",
)


def check_commands(repository: Repository) -> list[RapItem]:
    """Check what the Makefile and the script of continuous integration do."""
    targets = read_targets(repository.read("Makefile"))
    steps = read_ci_steps(repository.read(CI_SCRIPT))
    recipe = collect_recipe(targets, TARGET)
    own = " ".join(targets[TARGET].recipe) if TARGET in targets else ""
    calls = bool(PROGRAM.search(own))
    missing = f"target '{TARGET}' of the Makefile does not call `clientindex report`"
    manual = [f"`{line}` waits for somebody" for line in recipe if MANUAL.search(line)]
    own_items = [
        ONE_COMMAND.judge([] if calls else [missing], found=f"make {TARGET}: `{own}`"),
        NO_MANUAL_STEP.judge(
            manual if recipe else [f"there is no recipe of '{TARGET}'"],
            found=f"{len(recipe)} commands behind make {TARGET}, none waits for somebody",
        ),
    ]
    if repository.is_pack:
        asked = (CI_TESTS, CI_STYLE, CI_PUBLICATION, NOTEBOOKS_RUN)
        return [*own_items, *(ask.skip(PACK_WITHOUT_TESTS) for ask in asked)]
    return [
        *own_items,
        _check_step(CI_TESTS, "test", ("pytest",), repository, steps),
        _check_style(repository, steps),
        _check_step(CI_PUBLICATION, TARGET, (), repository, steps),
        _check_notebooks(repository, steps),
    ]


def _find_step_faults(
    step: str, programs: tuple[str, ...], repository: Repository, steps: list[str]
) -> list[str]:
    if step not in steps:
        return [f"{CI_SCRIPT} does not call `make {step}`"]
    recipe = " ".join(collect_recipe(read_targets(repository.read("Makefile")), step))
    return [f"make {step} does not call {name}" for name in programs if name not in recipe]


def _check_step(
    ask: Ask, step: str, programs: tuple[str, ...], repository: Repository, steps: list[str]
) -> RapItem:
    faults = _find_step_faults(step, programs, repository, steps)
    by = f": {', '.join(programs)}" if programs else ""
    return ask.judge(faults, found=f"{CI_SCRIPT} calls `make {step}`{by}")


def _check_style(repository: Repository, steps: list[str]) -> RapItem:
    faults = _find_step_faults("check", ("ruff", "mypy"), repository, steps)
    if not re.search(r"(?m)^strict\s*=\s*true\s*$", repository.read("pyproject.toml")):
        faults.append("pyproject.toml does not ask mypy for strict types")
    return CI_STYLE.judge(faults, found=f"{CI_SCRIPT} calls `make check`: ruff, mypy --strict")


def _check_notebooks(repository: Repository, steps: list[str]) -> RapItem:
    notebooks = repository.list_files("analysis", "*.ipynb")
    if not notebooks:
        return NOTEBOOKS_RUN.skip("there are no notebooks in analysis/")
    running = [
        repository.name(path)
        for path in repository.tests
        if '"*.ipynb"' in (text := repository.read_path(path)) and "run_notebook(" in text
    ]
    faults = [] if running else ["no test executes the notebooks of analysis/"]
    faults += [] if "test" in steps else [f"{CI_SCRIPT} does not call `make test`"]
    return NOTEBOOKS_RUN.judge(
        faults, found=f"{len(notebooks)} notebooks, executed by {', '.join(running)}"
    )
