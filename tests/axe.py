"""axe-core in the browser of the tests: the copy that comes with the package axe-core-python."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from browser import Browser

PACKAGE, SCRIPT = "axe-core-python", "axe_core_python/axe.min.js"
# Experimental in this version of axe, switched on in later ones.
_OPTIONS = "{resultTypes: ['violations'], rules: {'link-in-text-block': {enabled: true}}}"
_FAULTS = """axe.run({options}).then(found => found.violations
  .filter(fault => ['serious', 'critical'].includes(fault.impact))
  .map(fault => `${{fault.id}} (${{fault.impact}}): ${{fault.nodes[0].html.slice(0, 200)}}`))"""


def read_axe() -> str:
    """Return the script; the package itself, which wants a browser of its own, is not imported."""
    return Path(str(distribution(PACKAGE).locate_file(SCRIPT))).read_text(encoding="utf-8")


def find_violations(browser: Browser) -> list[str]:
    """Return the serious and critical faults of the open page, each with its first element.

    Parameters
    ----------
    browser : Browser
        With a page; what is folded there is unfolded first.

    Returns
    -------
    list[str]
        ``rule (impact): mark-up``.
    """
    browser.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    browser.evaluate(f"{read_axe()};0")
    faults: list[Any] = browser.evaluate(_FAULTS.format(options=_OPTIONS))
    return [str(fault) for fault in faults]
