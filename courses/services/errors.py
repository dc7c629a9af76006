"""Why a verb refused. The admin turns these into words."""


class CourseError(Exception):
    """A verb of this module refused."""


class NotPublishable(CourseError):
    """The run lacks something; `missing` holds a sentence for each."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


class PairIncomplete(CourseError):
    """The change would leave a published run, or its course, without its peer or professional."""


class CopiesChanged(CourseError):
    """Runs would be held again otherwise than was shown, or were held again meanwhile."""
