"""The plug of a feature: everything that it brings to the application, in one typed value.

Each feature has a file `feature.py` that holds `FEATURE`; `portal/app/application/features.py`
lists them once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from flask import Blueprint

from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.projection import Projection
from portal.platform.web.api_operations import ApiArea
from portal.platform.web.rate_limits import RateLimit
from portal.platform.web.uploads import UploadEndpoint


class ProjectMenuEntry(StrEnum):
    """The entry of a project's menu under which a blueprint's pages stand."""

    PROJECT = "project"
    SPRINTS = "sprints"
    TESTS = "tests"
    ETHICS = "ethics"
    GATES = "gates"
    DISCUSSIONS = "discussions"


@dataclass(frozen=True, kw_only=True)
class Feature:
    """`public` endpoints open to strangers; `machine` ones look nobody up; `csrf_exempt` ones are
    allowed by a sealed link; `sensitive` ones ask for the second factor again. `limits` and `uploads`
    are by endpoint, and `attaching` are those that attach a file; no other endpoint takes files.
    `navigation` says where the pages of each blueprint below a project stand, `places` on which page
    each form stands (`placed_forms`). What other features show of this one: `sections` on their
    pages, `notifications`, `calendar`, `attachments`. `to_decide` is what waits for a decision, and
    the acts on it. `search` is what it lets people find, `api` what programs may do. `projections`
    are its stored figures that follow the audit trail. `personal_data` is what it holds of people,
    `retention` how long."""

    blueprints: Sequence[Blueprint] = ()
    public: Collection[str] = ()
    machine: Collection[str] = ()
    csrf_exempt: Collection[str] = ()
    limits: Mapping[str, Sequence[RateLimit]] = field(default_factory=dict)
    uploads: Mapping[str, UploadEndpoint] = field(default_factory=dict)
    attaching: Collection[str] = ()
    sensitive: Collection[str] = ()
    navigation: Mapping[str, ProjectMenuEntry] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Contribution] = ()
    notifications: Sequence[Contribution] = ()
    calendar: Sequence[Contribution] = ()
    attachments: Sequence[Contribution] = ()
    to_decide: Sequence[Contribution] = ()
    search: Sequence[Contribution] = ()
    api: Sequence[ApiArea] = ()
    projections: Sequence[Projection] = ()
    personal_data: Sequence[Contribution] = ()
    retention: Sequence[Contribution] = ()

    @property
    def contributions(self) -> Sequence[Contribution]:
        return (
            *self.sections,
            *self.notifications,
            *self.calendar,
            *self.attachments,
            *self.to_decide,
            *self.search,
            *self.projections,
            *self.personal_data,
            *self.retention,
        )
