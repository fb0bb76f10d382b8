"""Does the structure hold across segments, regions, channels and periods."""
