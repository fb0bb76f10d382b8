"""The Makefile and the script of continuous integration, as far as the checks need them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CI_SCRIPT: Final = ".ci/run"

_RULE: Final = re.compile(r"^([A-Za-z$(][\w.$()/-]*):(?!=)([^#\n=]*)(?:#.*)?$")
_STEP: Final = re.compile(r"^\s*(?:step\s+)?make\s+([a-z][\w-]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Target:
    """A target: what it waits for, and the lines of its recipe."""

    needs: tuple[str, ...]
    recipe: tuple[str, ...]


def read_targets(text: str) -> dict[str, Target]:
    """Return the targets of a Makefile by name, in order."""
    targets: dict[str, Target] = {}
    current = ""
    for line in text.splitlines():
        if line.startswith("\t"):
            if current:
                old = targets[current]
                targets[current] = Target(old.needs, (*old.recipe, line.strip().lstrip("@-")))
            continue
        rule = _RULE.match(line)
        if rule:
            current = rule[1]
            known = targets.get(current, Target((), ()))
            targets[current] = Target((*known.needs, *rule[2].split()), known.recipe)
        elif line.strip() and not line.startswith("#"):
            current = ""
    return targets


def collect_recipe(targets: Mapping[str, Target], name: str) -> list[str]:
    """Return the recipe of a target after those of what it waits for."""
    lines: list[str] = []
    waiting, seen = [name], set()
    while waiting:
        target = waiting.pop()
        if target in seen or target not in targets:
            continue
        seen.add(target)
        lines = [*targets[target].recipe, *lines]
        waiting += targets[target].needs
    return lines


def read_ci_steps(text: str) -> list[str]:
    """Return the make targets that the script of continuous integration calls, in order."""
    return _STEP.findall(text)
