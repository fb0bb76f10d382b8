"""Reports of regions: one HTML and one PDF a region and language, from one parameterised source.

``document`` is what the cells of the source use, ``choose`` says which regions there are, ``names``
how their files are called, ``batch`` makes all of them.
"""
