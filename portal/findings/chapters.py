"""What the floors above say of a finding on its own page: a line each, with the way there.

The roof hands in who tells them, as it does for a project, a sprint and an item.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.findings.models import Finding
from portal.kernel.access import Actor
from portal.projects.chapters import Line
from portal.projects.models import Project

Teller = Callable[[Actor, Project, Finding], Sequence[Line]]


def tell(actor: Actor, project: Project, finding: Finding) -> Sequence[Line]:
    """All lines, in the order of the tellers."""
    tellers: Sequence[Teller] = current_app.extensions["finding_chapters"]
    return [line for teller in tellers for line in teller(actor, project, finding)]
