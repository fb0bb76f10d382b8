"""Raw files to checked tables, or a report of all faults at once."""
