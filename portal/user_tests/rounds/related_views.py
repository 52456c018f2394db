"""Groups of lines that other features add to the page of a round.

The application registers the providers under the extension key `round_matters`.
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
    """Return the groups of all providers, in their order."""
    providers: Sequence[MatterProvider] = current_app.extensions["round_matters"]
    return [group for provider in providers for group in provider(actor, project, round_)]
