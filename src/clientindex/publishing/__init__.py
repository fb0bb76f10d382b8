"""Documents: one call renders a ``.qmd`` source to HTML, PDF and DOCX.

The real Quarto is used when it is on the path. Otherwise the embedded renderer does the same
documents: cells run once, Pandoc builds one syntax tree, and the three formats are written from
that tree. Anything outside the subset that both understand is refused with file and line.
"""
