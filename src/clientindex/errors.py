"""One root for everything a user can cause, one child per stage of the life of a number.

The command line turns a :class:`ClientIndexError` into words and an exit code; any other exception
is a fault of the program and keeps its traceback.
"""


class ClientIndexError(Exception):
    """Root of all errors that the user can understand and mend.

    Attributes
    ----------
    exit_code : int
        What the command line returns: 1 for faults in the data, 2 for wrong use.
    """

    exit_code: int = 2


class ThreadsError(ClientIndexError):
    """The number of threads is not a whole number from 1."""


class MethodologyError(ClientIndexError):
    """The methodology file is missing, unreadable or contradicts itself."""


class EditionError(ClientIndexError):
    """The edition file is missing, unreadable or contradicts itself."""


class IntakeError(ClientIndexError):
    """The input data have faults; the message counts them and the fault table lists them."""

    exit_code = 1


class CountsError(ClientIndexError):
    """Counts that cannot be made or added: other indicators, categories or centres."""

    exit_code = 1


class ClusterError(ClientIndexError):
    """Spark cannot be used: it or Java is not installed, it does not start, or it gave up."""


class StatisticsError(ClientIndexError):
    """A statistic is not defined for these data; the message says which and why."""

    exit_code = 1


class ModelSyntaxError(StatisticsError):
    """The text of a factor model cannot be read; the message names line, column and a remedy."""

    exit_code = 2


class BundleError(ClientIndexError):
    """The results bundle is absent, incomplete or cannot be written."""


class WordingError(ClientIndexError):
    """A sentence, a placeholder or a number that a document needs is missing."""


class RenderError(ClientIndexError):
    """A document could not be rendered; the message names the source and the line."""


class ReproductionError(ClientIndexError):
    """What was published cannot be compared, packed or unpacked; the message says why."""
