"""Load the frame of the benchmarks, which is no part of the package.

Its folder is not put on the path: scripts in it are called like rooms of the tests.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def load(name: str, path: Path) -> None:
    """Load a module or package of the benchmarks under its own name."""
    places = [str(path.parent)] if path.name == "__init__.py" else None
    spec = spec_from_file_location(name, path, submodule_search_locations=places)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])


load("frame", BENCHMARKS / "frame" / "__init__.py")
load("report", BENCHMARKS / "report.py")
