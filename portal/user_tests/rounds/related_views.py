"""What is wrong in a test round, on its own page: told by the feature that keeps the findings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.result_charts import ShareBarPart


@dataclass(frozen=True)
class ProblemLine:
    """A finding in a line. Where the actor may do it: `rate_url` leads to its rating, `plan_url`
    takes the POST that puts it in the backlog."""

    text: str
    url: str
    severity: str
    is_severe: bool
    note: str
    rate_url: str = ""
    plan_url: str = ""


@dataclass(frozen=True)
class RoundProblems:
    """The problems that a round showed; `rest` are those that are not listed, at `rest_url`.
    `has_earlier`: findings of earlier versions are to be checked in it."""

    title: str
    bars: Sequence[ShareBarPart]
    lines: Sequence[ProblemLine]
    rest: str
    rest_url: str
    has_earlier: bool = False


@dataclass(frozen=True)
class RoundProblemsReader(Contribution):
    """Who reads the problems of a test round."""

    read_problems: Callable[[Actor, Project, TestRound], RoundProblems]


def read_round_problems(actor: Actor, project: Project, round_: TestRound) -> RoundProblems:
    """Read the problems of a round that the actor may see."""
    (priorities,) = list_contributions(RoundProblemsReader)
    return priorities.read_problems(actor, project, round_)
