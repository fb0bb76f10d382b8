"""Read settings files into checked models.

Methodology and edition files are written by people who are not programmers. Every fault therefore
names the file, the line, the key path, what was read, what is allowed and the nearest valid key,
and all faults of a file are reported together.
"""

from clientindex.settings.fault import Location, SettingFault, find_nearest
from clientindex.settings.read import Settings, read_settings

__all__ = ["Location", "SettingFault", "Settings", "find_nearest", "read_settings"]
