"""Shared by the views of risks: loaders, breadcrumbs, the pages of a risk and a mitigation."""

from flask import Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.ethics.risks import labels, policy, queries
from portal.ethics.risks.forms import PersonChoices
from portal.ethics.risks.models import Mitigation, MitigationProgress, Risk
from portal.ethics.risks.path_rules import path_of, path_of_mitigation
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
    """The project and the risk, for somebody who writes in the project."""
    project = get_writable_project(slug)
    return project, queries.get_risk(actor, project, number)


def open_mitigation_to_write(slug: str, number: int) -> tuple[Project, Mitigation, Risk]:
    """The project, the mitigation and its risk, for somebody who writes in the project."""
    project = get_writable_project(slug)
    return project, *queries.get_mitigation(actor, project, number)


def list_person_choices(project: Project) -> PersonChoices:
    """The possible owners of a mitigation: the team."""
    return list(get_team_names(project).items())


def trail_of(project: Project, risk: int | None = None, mitigation: int | None = None) -> Trail:
    """Breadcrumbs: the project, its risks, one of them, one of its mitigations."""
    steps = [(_("Risques"), url_for("risks.index", slug=project.slug))]
    if risk is not None:
        steps.append((_("Risque %(n)s", n=risk), path_of(project, risk)))
    if mitigation is not None:
        url = path_of_mitigation(project, mitigation)
        steps.append((_("Mesure %(n)s", n=mitigation), url))
    return build_trail(project, *steps)


def show_risk(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a risk; `form` is a refused form of one of its buttons."""
    project = get_project(actor, slug)
    risk_details = queries.get_risk_details(actor, project, number)
    risk, mitigations = risk_details.risk, queries.list_mitigations(risk_details.risk)
    progress = [details.mitigation.progress for details in mitigations]
    kept_count = len(progress) - progress.count(MitigationProgress.DROPPED)
    late_count = sum(labels.is_late(details.mitigation, risk) for details in mitigations)
    return render(
        "ethics/risks/page.html",
        fragment="discussion",
        status=status,
        project=project,
        risk_details=risk_details,
        risk=risk,
        form=form,
        mitigations=mitigations,
        next_step=labels.next_step(risk, late_count, kept_count),
        has_mitigation_in_place=MitigationProgress.IN_PLACE in progress,
        can_change=policy.can_change(actor, project, risk),
        can_close=policy.can_close(actor, project, risk),
        can_reopen=policy.can_reopen(actor, project, risk),
        labels=labels,
        **attachments_context(project, risk),
        **discussion_context(risk.discussion_id),
    )


def show_mitigation(
    slug: str, number: int, status: int = 200, form: Form | None = None
) -> Response:
    """The page of a mitigation; `form` is a refused form of one of its buttons."""
    project = get_project(actor, slug)
    mitigation, risk = queries.get_mitigation(actor, project, number)
    return render(
        "ethics/risks/mitigation.html",
        fragment="mitigation",
        status=status,
        project=project,
        risk=risk,
        mitigation=mitigation,
        details=queries.get_mitigation_details(mitigation),
        form=form,
        can_follow=policy.can_follow(actor, project, risk, mitigation),
        can_begin=policy.can_begin(actor, project, risk, mitigation),
        can_resume=policy.can_resume(actor, project, risk, mitigation),
        labels=labels,
        **attachments_context(project, mitigation),
    )
