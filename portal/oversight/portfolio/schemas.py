"""Schemas of a programme's portfolio."""

from enum import StrEnum

from marshmallow import fields, validate

from portal.oversight.gates.schemas import PastDayQuerySchema
from portal.oversight.gates.state_rules import GateStanding
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.schemas import DAYS_MAX, HealthSchema
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel, TeamReasonCode
from portal.oversight.portfolio.change_rules import TeamChangeKind
from portal.oversight.portfolio.filter_rules import (
    AttentionFilter,
    ChargeFilter,
    HealthFilter,
    PortfolioSort,
)
from portal.oversight.portfolio.models import NAME_MAX, QUERY_MAX
from portal.people.programmes.models import SLUG_MAX
from portal.platform.web.api_fields import (
    ApiSchema,
    choice,
    count,
    day,
    flag,
    id_,
    integer,
    line,
    moment,
    query_flag,
)
from portal.project.projects.gate_rules import GATE_NUMBER_MAX
from portal.project.projects.models import ORGANISATION_MAX, ProjectState
from portal.sprints.sprints.models import SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel


class PortfolioQuerySchema(PastDayQuerySchema):
    """Which teams, by the filters of their page, in which order and as of which day."""

    attention = choice(AttentionFilter, load_default=None)
    coach = id_("The id of a coach of its teams.", load_default=None)
    track = line(SLUG_MAX, "The key of a track.")
    organisation = line(ORGANISATION_MAX, "Part of an organisation's name.")
    health = choice(HealthFilter, load_default=None)
    charge = choice(ChargeFilter, "Whether somebody is in charge of what is raised.", load_default=None)
    gate = fields.Integer(
        validate=validate.Range(0, GATE_NUMBER_MAX),
        load_default=None,
        metadata={"description": "The first gate without a valid acceptance."},
    )
    stale = query_flag("Only teams with a gate to look at again.")
    outlook = choice(OutlookLevel, load_default=None)
    state = choice(ProjectState, load_default=None)
    help = query_flag("Only teams that ask for help.")
    silent = query_flag("Only teams that are silent.")
    sort = choice(PortfolioSort, load_default=PortfolioSort.ATTENTION)


class ForecastedGateSchema(ApiSchema):
    """A gate of a team: its plan, and the day it was passed or is expected, with the range."""

    number = count()
    due_on = day(dump_only=True)
    passed_on = day(dump_only=True, allow_none=True)
    is_waived = flag(dump_only=True)
    expected_on = day(dump_only=True, allow_none=True)
    earliest_on = day(dump_only=True, allow_none=True)
    latest_on = day(dump_only=True, allow_none=True)


class TimelineTeamSchema(ApiSchema):
    """A team on the timeline of its programme."""

    project_id = id_(dump_only=True)
    slug = fields.String(dump_only=True)
    name = fields.String(dump_only=True)
    gates = fields.List(fields.Nested(ForecastedGateSchema), dump_only=True)


class TeamReasonSchema(ApiSchema):
    """Why to look at a team; `number` is of days or sprints, of who has the request for help; 0 where
    nothing is counted."""

    code = choice(TeamReasonCode, dump_only=True)
    level = fields.Enum(TeamAttentionLevel, dump_only=True)
    number = count()


class TeamGateSchema(ApiSchema):
    """A gate of a team, as the strip of its line shows it."""

    number = count()
    standing = choice(GateStanding, "As of the day.", dump_only=True)


class NextGateSchema(ApiSchema):
    """The first open gate of a team: when it is planned, how many proofs it lacks."""

    number = count()
    due_on = day(dump_only=True)
    lacking = count()
    is_asked = flag("Whether an answer is awaited.", dump_only=True)
    sentence = fields.String(dump_only=True)


class LastGateSchema(ApiSchema):
    """When the last gate is expected beside its plan; no day once it is accepted, or too early."""

    sentence = fields.String(dump_only=True)
    due_on = day(dump_only=True, allow_none=True)
    expected_on = day(dump_only=True, allow_none=True)
    weeks_late = count("0: on time.", allow_none=True)


class RunningSprintSchema(ApiSchema):
    """The sprint in progress; negative days left: overdue. Null for a past day."""

    number = count()
    ends_on = day(dump_only=True)
    days_left = integer(-DAYS_MAX, DAYS_MAX, dump_only=True, allow_none=True)


class LastSprintSchema(ApiSchema):
    """The sprint closed last."""

    number = count()
    outcome = choice(SprintOutcome, dump_only=True)


class PortfolioTeamSchema(ApiSchema):
    """A team of a portfolio, as its line on the page: sentences are in the reader's language."""

    project_id = id_(dump_only=True)
    slug = fields.String(dump_only=True)
    organisation = fields.String(dump_only=True)
    name = fields.String(dump_only=True)
    state = choice(ProjectState, "As of the day.", dump_only=True)
    rests_since = day("Paused, finished or stopped on that day.", dump_only=True, allow_none=True)
    declared = count("Progress of its gates, in per cent.", allow_none=True)
    proved = count("Progress of its gates, in per cent.", allow_none=True)
    accepted = count("Progress of its gates, in per cent.", allow_none=True)
    health = fields.Nested(HealthSchema, dump_only=True, allow_none=True)
    standing = fields.String(dump_only=True, metadata={"description": "Its health in a word."})
    reason = fields.String(dump_only=True, metadata={"description": "What makes it, or the next gate."})
    is_followed = flag(
        "Whether somebody is in charge of each signal at its level, and of its request for help "
        "where that alone makes it.",
        dump_only=True,
    )
    reasons = fields.List(fields.Nested(TeamReasonSchema), dump_only=True)
    gates = fields.List(fields.Nested(TeamGateSchema), dump_only=True)
    next_gate = fields.Nested(NextGateSchema, dump_only=True, allow_none=True)
    last_gate = fields.Nested(LastGateSchema, dump_only=True)
    running_sprint = fields.Nested(RunningSprintSchema, dump_only=True, allow_none=True)
    last_sprint = fields.Nested(LastSprintSchema, dump_only=True, allow_none=True)
    days_without_close = count("Since the last close of a sprint, or since the start.")
    days_without_user = count("Since a user was last seen.", allow_none=True)
    severe_findings = count("That are open.")


TEAMS_LENGTH = 300


class ChangesSinceChoice(StrEnum):
    """Since what a portfolio shows changes."""

    VISIT = "visit"
    COMMITTEE = "committee"


class ComparedTeamsQuerySchema(PastDayQuerySchema):
    """Which teams are compared."""

    teams = line(TEAMS_LENGTH, "Up to four slugs, with commas between them.", required=True)


class SinceQuerySchema(ApiSchema):
    """Since when."""

    since = choice(
        ChangesSinceChoice,
        "Without a committee, the previous visit counts. A level that moved with thresholds is no change.",
        load_default=ChangesSinceChoice.VISIT,
    )


class ChangeOfTeamSchema(ApiSchema):
    """Something that changed; `number` is of the sprint or round, or a count."""

    kind = choice(TeamChangeKind, dump_only=True)
    gates = fields.List(count(), dump_only=True)
    number = count()
    sentence = fields.String(dump_only=True)


class ChangedTeamSchema(ApiSchema):
    """A team that changed since a moment."""

    project_id = id_(dump_only=True)
    slug = fields.String(dump_only=True)
    name = fields.String(dump_only=True)
    since = moment()
    health = fields.Nested(HealthSchema, dump_only=True)
    changes = fields.List(fields.Nested(ChangeOfTeamSchema), dump_only=True)


class ThresholdPairSchema(ApiSchema):
    """From which numbers on a signal is to watch, or an alert; null: never."""

    watch = fields.Integer(dump_only=True, allow_none=True)
    alert = fields.Integer(dump_only=True, allow_none=True)


class ChangedThresholdsSchema(ApiSchema):
    """A signal whose thresholds changed since a moment."""

    code = choice(SignalCode, dump_only=True)
    since = moment()
    before = fields.Nested(ThresholdPairSchema, dump_only=True)
    after = fields.Nested(ThresholdPairSchema, dump_only=True)
    sentence = fields.String(dump_only=True)


class PortfolioViewSchema(ApiSchema):
    """A kept view of a portfolio."""

    id = id_(dump_only=True)
    name = line(NAME_MAX, dump_only=True)
    query = line(QUERY_MAX, "Filters and order, as in the address of the portfolio's page.", dump_only=True)
    is_shared = fields.Boolean(dump_only=True)


class SavePortfolioViewSchema(ApiSchema):
    """A view to keep."""

    name = line(NAME_MAX, required=True)
    query = line(QUERY_MAX, "Filters and order, as in the address of the portfolio's page.")
    is_shared = flag("With the leads of the programme, for one of them.", load_default=False)
