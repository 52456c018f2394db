"""What a close says by itself: the outcome that the items show. Pure."""

from portal.sprints.sprints.models import SprintOutcome


def judge_outcome(done: int, total: int) -> SprintOutcome:
    """Met if all items are done, missed if none is, else partly; partly without any item."""
    if total and done == total:
        return SprintOutcome.MET
    return SprintOutcome.MISSED if total and not done else SprintOutcome.PARTLY
