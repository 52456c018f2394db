"""Two rounds with the same tasks on two versions."""

from dataclasses import dataclass
from datetime import date

import pytest

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import TaskOutcome
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.keeping import kept
from tests.support.project_file import group, version

WELL = (4, 2, 4, 1, 4, 2, 5, 1, 4, 2)  # 82.5 of the SUS
BADLY = (2, 4, 3, 3, 2, 4, 2, 4, 2, 4)  # 30
P = "/projects/heron"
T = f"{P}/tests"


@dataclass
class Two:
    """Round 1 went badly on version 1, round 2 well on version 2."""

    first: TestRound
    second: TestRound
    tasks: tuple[TestTask, TestTask]  # the primary task of each round
    group: TargetGroup
    person: Person


@pytest.fixture
def project(app) -> Project:
    return make.project(slug="heron", acronym="ASN")


@pytest.fixture
def person(project) -> Person:
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def browser(browser_for, person):
    return browser_for(person)


@kept
def people(
    of: TestRound, doing: TestTask, who: TargetGroup | None, by: Person, outcomes: str, **given
) -> None:
    """Add a session for each letter: s(uccess), h(elped), f(ailed), with matching answers."""
    for n, letter in enumerate(outcomes):
        held = tests.session(of, by, target_group_id=who and who.id)
        outcome = {"s": TaskOutcome.SUCCESS, "h": TaskOutcome.HELPED, "f": TaskOutcome.FAILED}[letter]
        seconds = given.get("seconds", 40) + 5 * n
        ease = 6 if outcome is TaskOutcome.SUCCESS else 2 + n % 2
        tests.result(held, doing, outcome=outcome, seconds=seconds, ease=ease)
        last = (n % 2) + 1
        tests.answers(held, *(WELL[:-1] if letter == "s" else BADLY[:-1]), last, by=by)


@pytest.fixture
@kept
def two(project, person) -> Two:
    who = group(project)
    first = tests.round_(project, version(project), ended_on=date(2026, 3, 13), access_needs=1)
    second = tests.round_(
        project, version(project, changes="La légende est en haut."), title="Lire la carte encore"
    )
    for one in (first, second):
        tests.aims_at(one, who)
    before = tests.task(first)
    after = tests.task(second, lineage=before.lineage)
    people(first, before, who, person, "sffffhff", seconds=90)
    people(second, after, who, person, "ssssssss")
    return Two(first, second, (before, after), who, person)


def note(of: TestRound, what: str, severity: int | None, **given) -> Finding:
    return tests.finding(of, what=what, severity=severity, **given)
