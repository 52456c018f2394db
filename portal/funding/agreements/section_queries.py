"""What other features show on the page of a project's money."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.funding.agreements.models import FundingAgreement
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.project.projects.models import Project


@dataclass(frozen=True, eq=False)
class FundingPageSection(Contribution):
    """A part of the page: a template and its variables for one reader, who may read no amount."""

    template: str
    read: Callable[[Actor, Project, FundingAgreement | None], Mapping[str, Any]]
