"""What other features show on the page of an application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.selection.applications.queries import LoadedApplication


@dataclass(frozen=True, eq=False)
class ApplicationPageSection(Contribution):
    """A part of the page: a template and its variables for one reader. `is_for_title`: it is also
    on the page of those who know organisation and title alone."""

    template: str
    read: Callable[[Actor, LoadedApplication], Mapping[str, Any]]
    is_for_title: bool = False
