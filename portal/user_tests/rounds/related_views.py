"""What the floors above say of a round on its own page: a heading each, with its lines.

The roof hands in who tells them, as it does for a project and a sprint.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup
from portal.user_tests.rounds.models import TestRound

MatterProvider = Callable[[Actor, Project, TestRound], Sequence[PriorityGroup]]


def list_related_matters(
    actor: Actor, project: Project, round_: TestRound
) -> Sequence[PriorityGroup]:
    """All headings, in the order of the tellers."""
    tellers: Sequence[MatterProvider] = current_app.extensions["round_matters"]
    return [matter for teller in tellers for matter in teller(actor, project, round_)]
