"""The page of a project: health, what waits for the reader, the sprint, progress, and the rest
folded. A new project shows its guided start instead of what waits."""

from flask import Response, request

from portal.app.home.facts import read_project_page_facts
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.base_form import CreateForm
from portal.platform.web.rendering import render
from portal.project.projects import labels
from portal.project.projects.models import Project
from portal.project.projects.visit_commands import find_previous_visit_end, record_visit


def show_project_page(project: Project) -> Response:
    """The page, for whoever may read the project; with a form that was refused it is no visit."""
    before = record_visit(actor) if request.method in SAFE_METHODS else find_previous_visit_end(actor)
    facts = read_project_page_facts(actor, project, reader_time_zone(), before)
    return render(
        "app/home/project.html",
        project=project,
        facts=facts,
        start_form=CreateForm(formdata=None) if facts.works and not facts.snapshot.active else None,
        labels=labels,
    )
