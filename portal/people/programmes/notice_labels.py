"""What features above this one tell on the pages of a programme and of its roles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response

from portal.people.programmes.models import Programme, RoleAssignment, Scope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution


@dataclass(frozen=True)
class ProgrammeNotice:
    """Something to mend in a programme, and the page where that is done, "" for who may not; `brief`
    stands for the sentences until they are unfolded."""

    title: str
    brief: str
    sentences: Sequence[str]
    url: str
    link_label: str


@dataclass(frozen=True)
class ProgrammeNoticeSource(Contribution):
    """Lists what somebody who sets up a programme, or mends it, should know about it."""

    list_notices: Callable[[Actor, Programme], Sequence[ProgrammeNotice]]


@dataclass(frozen=True)
class ProgrammeCalls(Contribution):
    """The name of a programme's calls with their states, and the page: for whoever leads it."""

    describe: Callable[[Actor, Programme], tuple[str, str]]


@dataclass(frozen=True)
class DepartedProgrammeSource(Contribution):
    """Programmes whose content left: `list_departed_programmes` those of which one may open the last page,
    `show` is that page and raises `NotFound`."""

    list_departed: Callable[[Actor], Sequence[Programme]]
    show: Callable[[str], Response]


@dataclass(frozen=True)
class RoleLossSource(Contribution):
    """Lists what else is lost when a role ends, a sentence each."""

    list_losses: Callable[[Scope, RoleAssignment], Sequence[str]]


@dataclass(frozen=True)
class AccountLossSource(Contribution):
    """Lists what else follows when a person's account is closed, a sentence each."""

    list_losses: Callable[[UUID], Sequence[str]]
