"""Client-centricity index of public employment centres: statistics and reports.

The package follows the life of a number (see docs/ARCHITECTURE.md): raw files pass ``intake``,
become ``counts``, are turned into frozen ``results`` by the statistics rooms and are only then
worded, tabulated, drawn and published.
"""

from importlib.metadata import version

__version__ = version("clientindex")
