"""Published against rebuilt: tables cell by cell, sentences number by number, files by bytes.

``tolerance`` says which numbers are equal, ``tables`` compares cells and marks, ``passages``
sentences, ``folders`` everything that two publications hold, ``causes`` what they were made from.
"""
