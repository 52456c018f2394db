"""The change requests on the page of a project's money, and on the operator's page."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.funding.agreements.models import FundingAgreement
from portal.funding.agreements.section_queries import FundingPageSection
from portal.funding.change_requests import labels, policy, queries
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.rules import ChangeMode
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project


def read_changes_context(
    actor: Actor, project: Project, agreement: FundingAgreement | None
) -> Mapping[str, Any]:
    """The requests; whoever reads no amount sees kinds and states."""
    return {
        "changes": queries.list_requests_with_decision(project) if agreement else (),
        "change_labels": labels,
        "filed_kinds": _list_kinds_to_file(actor, project, agreement),
    }


def _list_kinds_to_file(
    actor: Actor, project: Project, agreement: FundingAgreement | None
) -> Sequence[FundingChangeKind]:
    """The kinds of requests that the actor may file."""
    if agreement is None or not agreement.is_open or not policy.can_file_request(actor, project):
        return ()
    modes, open_kinds = (
        queries.read_change_modes(project.programme_id),
        {row.kind for row in queries.list_open_changes(project)},
    )
    if FundingChangeKind.ABANDONMENT in open_kinds:
        return ()
    return [
        kind for kind, mode in modes.items() if mode is not ChangeMode.NOT_ALLOWED and kind not in open_kinds
    ]


PART = FundingPageSection("funding/change_requests/part.html", read_changes_context)
