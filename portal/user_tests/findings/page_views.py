"""Shared by the views of findings: loading, breadcrumb trail, the page of a finding."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import Trail, attachments_context, build_trail
from portal.user_tests.findings import labels, policy, queries, related_views, sighting_queries
from portal.user_tests.findings.closing_commands import explain_settling_refusal
from portal.user_tests.findings.forms import RateForm
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.queries import FindingDetails
from portal.user_tests.findings.step_labels import list_finding_steps

FINDING_PATH = "/<int(max=9999):number>"


def build_finding_path(project: Project, number: int) -> str:
    return url_for("findings.page", slug=project.slug, number=number)


def build_finding_trail(project: Project, *numbers: int) -> Trail:
    """Return the trail from the project to its findings, and to these ones."""
    steps = [(_("Constats"), url_for("findings.index", slug=project.slug))]
    steps += [(_("Constat %(n)s", n=n), build_finding_path(project, n)) for n in numbers]
    return build_trail(project, *steps)


def show_finding(
    project: Project, details: FindingDetails, status: int = 200, form: Form | None = None
) -> Response:
    """Render the page of a finding; `form` is a form of the page that was refused."""
    finding = details.finding
    facts = cache_until_change(actor, ("finding", finding.id), lambda: _read_finding_context(finding))
    rate_form = form if isinstance(form, RateForm) else RateForm(formdata=None, obj=finding)
    return render(
        "user_tests/findings/page.html",
        fragment="discussion",
        status=status,
        project=project,
        details=details,
        form=form,
        rate_form=rate_form,
        steps=list_finding_steps(project, details, facts["answers"], facts["revisions"]),
        settle_refusal=explain_settling_refusal(finding),
        lines=cache_until_change(
            actor,
            ("lines about a finding", finding.id, actor.person_id),
            lambda: related_views.list_related_lines(actor, project, finding),
        ),
        labels=labels,
        **facts,
        **_build_permissions(project, details),
        **attachments_context(project, finding),
        **discussion_context(finding.discussion_id),
    )


def _read_finding_context(finding: Finding) -> Mapping[str, Any]:
    """What tests and the team say of a finding, in as many statements as there are names."""
    return {
        "answers": queries.list_retests_of_finding(finding),
        "revisions": list_revisions([finding.id], labels.ACTION_LABELS),
        "sessions": labels.group_sightings_by_session(sighting_queries.list_sightings(finding)),
        "tasks": sighting_queries.list_tasks_of_finding(finding),
        "round_sightings": sighting_queries.list_round_sighting_counts(finding),
        "merged": queries.list_merged_findings(finding),
        "evidence": sighting_queries.list_session_files(finding),
    }


def show_refused_page(project: Project, number: int, form: Form, status: int) -> Response:
    """Show the page again, with the form that was refused and the current version of the row."""
    current_details = queries.read_finding(actor, project, number)
    if isinstance(form, RateForm):
        form.version.process(None, current_details.finding.version)
        form.version.raw_data = None
    return show_finding(project, current_details, status, form)


def _build_permissions(project: Project, details: FindingDetails) -> dict[str, bool]:
    finding = details.finding
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
