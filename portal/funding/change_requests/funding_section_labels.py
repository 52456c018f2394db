"""The change requests on the page of a project's money, and on the operator's page."""

from collections.abc import Mapping
from typing import Any

from portal.funding.agreements.models import FundingAgreement
from portal.funding.agreements.section_queries import FundingPart
from portal.funding.change_requests import labels, policy, queries
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project


def read_changes(actor: Actor, project: Project, agreement: FundingAgreement | None) -> Mapping[str, Any]:
    """The requests; whoever reads no amount sees kinds and states."""
    return {
        "changes": queries.list_changes(project) if agreement else (),
        "change_labels": labels,
        "can_file": agreement is not None and agreement.is_open and policy.can_file(actor, project),
    }


PART = FundingPart("funding/change_requests/part.html", read_changes)
