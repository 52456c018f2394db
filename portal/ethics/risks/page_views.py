"""What the pages of risks share: the risk they tell of, the way back, its own page."""

from flask import Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.ethics.risks import labels, policy, queries
from portal.ethics.risks.forms import PersonChoices
from portal.ethics.risks.models import Mitigation, MitigationProgress, Risk
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, get_team_names
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    build_trail,
    get_writable_project,
)


def open_risk_to_write(slug: str, number: int) -> tuple[Project, Risk]:
    """For whoever writes in the team's name; asked before any form is looked at."""
    project = get_writable_project(slug)
    return project, queries.get_risk(actor, project, number)


def open_mitigation_to_write(slug: str, number: int) -> tuple[Project, Mitigation, Risk]:
    project = get_writable_project(slug)
    return project, *queries.get_mitigation(actor, project, number)


def list_person_choices(project: Project) -> PersonChoices:
    """Who may see to a mitigation, once each."""
    return list(get_team_names(project).items())


def path_of(project: Project, risk: int) -> str:
    return url_for("risks.page", slug=project.slug, number=risk)


def path_of_mitigation(project: Project, number: int) -> str:
    return url_for("mitigations.page", slug=project.slug, number=number)


def trail_of(project: Project, risk: int | None = None, mitigation: int | None = None) -> Trail:
    """From the project to its risks, to one of them, to what is done about it."""
    steps = [(_("Risques"), url_for("risks.index", slug=project.slug))]
    if risk is not None:
        steps.append((_("Risque %(n)s", n=risk), path_of(project, risk)))
    if mitigation is not None:
        place = path_of_mitigation(project, mitigation)
        steps.append((_("Mesure %(n)s", n=mitigation), place))
    return build_trail(project, *steps)


def show_risk(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a risk; `form` is a verb of the page that was refused."""
    project = get_project(actor, slug)
    risk_details = queries.get_risk_details(actor, project, number)
    risk, mitigations = risk_details.risk, queries.list_mitigations(risk_details.risk)
    live = [
        mitigation_details
        for mitigation_details in mitigations
        if mitigation_details.mitigation.progress is not MitigationProgress.DROPPED
    ]
    late = sum(
        labels.is_late(mitigation_details.mitigation, risk) for mitigation_details in mitigations
    )
    return render(
        "ethics/risks/page.html",
        fragment="discussion",
        status=status,
        project=project,
        told=risk_details,
        risk=risk,
        form=form,
        done=mitigations,
        what_now=labels.next_step(risk, late, len(live)),
        is_proved=any(
            mitigation_details.mitigation.progress is MitigationProgress.IN_PLACE
            for mitigation_details in mitigations
        ),
        can_change=policy.can_change(actor, project, risk),
        can_close=policy.can_close(actor, project, risk),
        can_reopen=policy.can_reopen(actor, project, risk),
        words=labels,
        **attachments_context(project, risk),
        **discussion_context(risk.discussion_id),
    )


def show_mitigation(
    slug: str, number: int, status: int = 200, form: Form | None = None
) -> Response:
    """The page of a mitigation; `form` is a verb of the page that was refused."""
    project = get_project(actor, slug)
    mitigation, risk = queries.get_mitigation(actor, project, number)
    return render(
        "ethics/risks/mitigation.html",
        fragment="mitigation",
        status=status,
        project=project,
        risk=risk,
        mitigation=mitigation,
        done=queries.get_mitigation_details(mitigation),
        form=form,
        can_follow=policy.can_follow(actor, project, risk, mitigation),
        can_begin=policy.can_begin(actor, project, risk, mitigation),
        can_resume=policy.can_resume(actor, project, risk, mitigation),
        words=labels,
        **attachments_context(project, mitigation),
    )
