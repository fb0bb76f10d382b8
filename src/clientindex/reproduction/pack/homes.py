"""Where packages are at home, as their own metadata say."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata
from typing import Final

_PYTHON: Final = "https://www.python.org/"
_WANTED: Final = ("homepage", "home", "home-page", "documentation", "repository", "source")


def find_home(package: str) -> str:
    """Return the page of a package, "" when it is not installed or names none.

    Examples
    --------
    >>> find_home("Python")
    'https://www.python.org/'
    """
    if package == "Python":
        return _PYTHON
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return ""
    pages = {"home-page": str(told["Home-page"] or "")} if "Home-page" in told else {}
    for entry in told.get_all("Project-URL") or []:
        label, _, page = str(entry).partition(",")
        pages.setdefault(label.strip().lower(), page.strip())
    found = [pages[label] for label in _WANTED if pages.get(label, "").startswith("http")]
    return found[0] if found else ""
