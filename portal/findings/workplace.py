"""What the pages of findings share: the finding they tell of, the way back, its own page."""

from typing import Any

from flask import Response, url_for

from portal.discussions.views import beside
from portal.findings import chapters, policy, queries, words
from portal.findings.chain import steps_of
from portal.findings.closings import why_not_settled
from portal.findings.forms import RateForm
from portal.findings.queries import Told
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project, name_team
from portal.projects.revisions import list_revisions
from portal.projects.workplace import Trail, files_of, open_to_write, trail
from portal.web.actor import current_actor as actor
from portal.web.forms import Form
from portal.web.render import render


def open_finding(slug: str, number: int) -> tuple[Project, Told]:
    project = get_project(actor, slug)
    return project, queries.read_finding(actor, project, number)


def open_finding_to_write(slug: str, number: int) -> tuple[Project, Told]:
    """The same for whoever writes in the team's name; asked before any form is looked at."""
    project = open_to_write(slug)
    return project, queries.read_finding(actor, project, number)


def people_of(project: Project) -> list[tuple[Any, str]]:
    """Who may see to a finding, once each."""
    return list(name_team(project).items())


def path_of(project: Project, number: int) -> str:
    return url_for("findings.page", slug=project.slug, number=number)


def trail_of(project: Project, *numbers: int) -> Trail:
    """From the project to its findings, and to one of them."""
    steps = [(_("Constats"), url_for("findings.index", slug=project.slug))]
    steps += [(_("Constat %(n)s", n=n), path_of(project, n)) for n in numbers]
    return trail(project, *steps)


def show_finding(
    project: Project, told: Told, status: int = 200, form: Form | None = None
) -> Response:
    """The page of a finding; `form` is a verb of the page that was refused."""
    finding = told.finding
    answers = queries.list_answers(finding)
    revisions = list_revisions([finding.id], words.DEEDS)
    rate = form if isinstance(form, RateForm) else None
    return render(
        "findings/page.html",
        fragment="discussion",
        status=status,
        project=project,
        told=told,
        form=form,
        rate_form=rate or RateForm(formdata=None, obj=finding),
        steps=steps_of(project, told, answers, revisions),
        sessions=words.by_session(queries.list_seen(finding)),
        tasks=queries.list_tasks_of(finding),
        met=queries.list_met(finding),
        merged=queries.list_merged(finding),
        evidence=queries.list_session_files(finding),
        why=why_not_settled(finding),
        lines=chapters.tell(actor, project, finding),
        words=words,
        **_rights(project, told),
        **files_of(project, finding),
        **beside(finding.discussion_id),
    )


def _rights(project: Project, told: Told) -> dict[str, bool]:
    finding = told.finding
    return {
        "can_change": policy.can_change(actor, project, finding),
        "can_make_item": policy.can_make_item(actor, project, finding),
        "can_settle": policy.can_settle(actor, project, finding),
        "can_accept": policy.can_accept(actor, project, finding),
        "can_reopen": policy.can_reopen(actor, project, finding),
        "can_merge": policy.can_merge(actor, project, finding),
        "can_split": policy.can_split(actor, project, finding),
        "can_write": policy.can_write(actor, project),
    }
