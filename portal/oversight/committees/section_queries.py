"""What features contribute to the page of a committee."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution


@dataclass(frozen=True)
class CommitteeLink:
    """A link shown on a committee's page; `is_act`: for its leads, a button until it is closed."""

    label: str
    path: str
    is_act: bool = False


@dataclass(frozen=True, eq=False)
class CommitteePageLinks(Contribution):
    """Links for a committee held on a day; the first argument is the reader."""

    list_links: Callable[[Actor, Programme, date], Sequence[CommitteeLink]]
