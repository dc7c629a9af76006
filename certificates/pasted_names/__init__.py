"""The names in a pasted list, read as a person would read them.

Knows no database and no request: text goes in, and out come the names as they would be printed,
what was left out, and what somebody must be asked about. Whatever the text is, nothing is raised.
"""

from certificates.pasted_names.encoding import repair
from certificates.pasted_names.questions import Question
from certificates.pasted_names.reading import LeftOut, LeftOutAs, PastedList, PastedName, read

__all__ = ["LeftOut", "LeftOutAs", "PastedList", "PastedName", "Question", "read", "repair"]
