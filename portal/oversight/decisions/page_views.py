"""What the views of decisions share: paths, breadcrumbs, a decision's page, choices of forms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.oversight.decisions import answerer_queries, labels, policy, queries
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.rules import first_line
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.project.projects import policy as projects
from portal.project.projects.gate_queries import list_gate_form_choices
from portal.project.projects.models import Project
from portal.project.projects.to_decide_queries import find_next_waiting_line
from portal.project.projects.workspace_views import Trail, attachments_context, build_trail


def decision_url(project: Project, number: int) -> str:
    return url_for("decisions.page", slug=project.slug, number=number)


def build_decision_trail(project: Project, row: AwaitedDecision | None = None) -> Trail:
    """The trail to the list and to a decision, for help to that of requests for help; for an operator, who
    reads no project, to the page of what is to decide."""
    if not projects.can_read(actor, project):
        steps = [(_("À décider"), url_for("to_decide.index"))]
    elif row is not None and row.asks_for_help:
        steps = build_trail(project, (_("Demandes d’aide"), url_for("clinics.index", slug=project.slug)))
    else:
        steps = build_trail(project, (_("Décisions"), url_for("decisions.index", slug=project.slug)))
    if row is not None:
        steps.append((labels.numbered_name(row), decision_url(project, row.number)))
    return steps


def list_sprint_options(project: Project) -> Sequence[tuple[UUID, str]]:
    """The sprints that may wait for a decision, as choices."""
    return [(sprint.id, _("Sprint %(n)s", n=sprint.number)) for sprint in queries.list_open_sprints(project)]


def gate_choices(project: Project, row: AwaitedDecision | None = None) -> Sequence[tuple[str, str]]:
    """The gates that may wait for a decision, as choices."""
    return list_gate_form_choices(project, row.gate if row else None, _("Aucun en particulier"))


def list_person_options(project: Project, row: AwaitedDecision) -> Sequence[tuple[UUID, str]]:
    """The people to whom a decision may be given, as choices; the actor first."""
    people = answerer_queries.list_answerers(project, row)
    ordered = sorted(people, key=lambda person: person.id != actor.person_id)
    return [
        (person.id, _("%(who)s (vous)", who=person.name) if person.id == actor.person_id else person.name)
        for person in ordered
    ]


def show_decision(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The decision's page; `form` is a button of the page that was refused."""
    project, detail = queries.get_project_and_decision_detail(actor, slug, number)
    row = detail.row
    can_assign = policy.can_assign(actor, project, row)
    answerers = answerer_queries.list_answerers(project, row) if can_assign else []
    answers_others = not row.is_open and policy.may_answer(actor, project, row)
    is_alone = all(person.id == actor.person_id for person in answerers)
    return render(
        "oversight/decisions/page.html",
        fragment="discussion",
        status=status,
        project=project,
        detail=detail,
        row=row,
        form=form,
        title=first_line(row.question),
        trail=build_decision_trail(project, row)[:-1],
        can_change=policy.can_change_question(actor, project, row),
        can_answer=policy.can_answer(actor, project, row),
        can_take=can_assign and row.owner_id != actor.person_id,
        can_give_back=policy.can_give_back(actor, project, row),
        can_assign=can_assign and not is_alone,
        is_alone=can_assign and is_alone,
        next_line=find_next_waiting_line(actor, decision_url(project, number)) if answers_others else None,
        can_acknowledge=policy.can_acknowledge(actor, project, row),
        labels=labels,
        **_build_discussion_context(project, row),
    )


def _build_discussion_context(project: Project, row: AwaitedDecision) -> dict[str, Any]:
    """Discussion and files, for those who read the project."""
    if not projects.can_read(actor, project):
        return {"reads_project": False}
    return {
        "reads_project": True,
        **attachments_context(project, row),
        **discussion_context(row.discussion_id),
    }
