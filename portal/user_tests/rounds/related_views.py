"""What other features say of a test round on its own page: a heading each, with its lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup
from portal.user_tests.rounds.models import TestRound


@dataclass(frozen=True)
class RoundPriorities(Contribution):
    """Headings about a test round."""

    list_groups: Callable[[Actor, Project, TestRound], Sequence[PriorityGroup]]


def list_related_matters(actor: Actor, project: Project, round_: TestRound) -> Sequence[PriorityGroup]:
    """All headings, in the order of the features."""
    contributions = contributed(RoundPriorities)
    return [group for each in contributions for group in each.list_groups(actor, project, round_)]
