"""What published files say: cells of tables, marks of figures and sentences, read from the files.

``table`` is what a table or the data of a figure is, ``csv_file`` reads one, ``document`` is what a
document says, ``html_file`` reads it from a page, ``numbers`` finds the numbers of a text.
"""
