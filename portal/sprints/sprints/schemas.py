"""Schemas of sprints: the plan, the log, and both together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, missing, validate

from portal.platform.web.api_fields import (
    ApiSchema,
    choice,
    day,
    decimal,
    flag,
    id_,
    integer,
    line,
    link,
    moment,
    number,
    version,
)
from portal.sprints.backlog.item_list_queries import ItemRow
from portal.sprints.backlog.models import NUMBER_MAX as ITEM_NUMBER_MAX
from portal.sprints.backlog.models import SpillTarget
from portal.sprints.sprints.commands import SprintLog
from portal.sprints.sprints.models import (
    CAPACITY_MAX,
    GOAL_MAX,
    LINE_MAX,
    TEST_SET_MAX,
    TEXT_MAX,
    URL_MAX,
    BlockerKind,
    Sprint,
    SprintOutcome,
    SprintState,
)
from portal.sprints.sprints.outlook_rules import OutlookLevel

INDICATOR_MAX = 1e12


class SprintPlanSchema(ApiSchema):
    """What a team plans."""

    goal = line(GOAL_MAX, "What the sprint is for.", required=True)
    starts_on = day("First day.", required=True)
    ends_on = day("Last day, included.", required=True)
    capacity = integer(0, CAPACITY_MAX, "In points.", load_default=None, allow_none=True)


class SprintLogSchema(ApiSchema):
    """What a team says at the end: `outcome` and `summary` are needed to close."""

    outcome = choice(SprintOutcome, "Was the goal met?", load_default=None, allow_none=True)
    summary = line(LINE_MAX, "One line.")
    shown = line(TEXT_MAX, "What was demonstrated.")
    shown_to = line(LINE_MAX, "To whom.")
    shown_link = link(URL_MAX, "Where it can be seen.")
    learnt = line(TEXT_MAX, "What was learnt.")
    indicator = line(LINE_MAX, "Name of a measure of the model.")
    indicator_before = decimal(INDICATOR_MAX, load_default=None, allow_none=True)
    indicator_after = decimal(INDICATOR_MAX, load_default=None, allow_none=True)
    test_set_size = integer(0, TEST_SET_MAX, load_default=None, allow_none=True)
    blocker = choice(BlockerKind, "What stands in the way.", load_default=BlockerKind.NONE)
    blocker_text = line(TEXT_MAX)
    help_wanted = flag("Whether the team asks its coaches for help.", load_default=False)
    decision_awaited = line(TEXT_MAX, "What the team waits for.")
    outlook = choice(OutlookLevel, "The weather of the project.", load_default=None, allow_none=True)
    outlook_note = line(LINE_MAX)
    next_goal = line(GOAL_MAX, "Becomes that of the next planned sprint.")


class ItemSpillSchema(ApiSchema):
    """Where an open item goes at the close; by default to the next sprint."""

    item = integer(1, ITEM_NUMBER_MAX, "Number of the item.", required=True)
    to = choice(SpillTarget, required=True)


class SaveSprintDraftSchema(SprintLogSchema):
    """The log that closes a sprint, and where its open items go."""

    spills = fields.List(fields.Nested(ItemSpillSchema), load_default=list, validate=validate.Length(max=500))


class CloseSprintSchema(SaveSprintDraftSchema):
    """The same to close: what is not sent stays as the draft or a request for help has it."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        super().on_bind_field(field_name, field_obj)
        field_obj.load_default = missing


class SprintDraftSchema(SaveSprintDraftSchema):
    """A log that is begun: the team alone reads it until the close."""

    version = version()


class StartSprintSchema(ApiSchema):
    """The last day, where it is another than planned."""

    ends_on = day("Last day, included.", load_default=None, allow_none=True)


class SprintSchema(SprintPlanSchema, SprintLogSchema):
    """A sprint: its plan and its log."""

    id = id_(dump_only=True)
    number = number()
    version = version()
    state = choice(SprintState, dump_only=True)
    started_at = moment(allow_none=True)
    closed_at = moment(allow_none=True)
    discussion_id = id_("Its comments.", dump_only=True)


_EMPTY_LOG = dict(SprintLogSchema().load({}))


_HELP = {"help_wanted", "blocker", "blocker_text"}


@dataclass(frozen=True)
class ShownSprint:
    """A sprint as each reader of its project sees it: a log is the team's draft until the close, but for
    the help that was asked for."""

    sprint: Sprint

    def __getattr__(self, name: str) -> Any:
        is_draft = name in _EMPTY_LOG and not self.sprint.closed_at
        if is_draft and not (name in _HELP and self.sprint.help_asked_at):
            return _EMPTY_LOG[name]
        return getattr(self.sprint, name)


@dataclass(frozen=True)
class SprintDraft:
    """The log of a running sprint as it was last saved, and its items."""

    sprint: Sprint
    items: Sequence[ItemRow]

    @property
    def spills(self) -> list[dict[str, Any]]:
        return [{"item": item.number, "to": item.spill} for item in self.items if item.spill]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sprint, name)

    def completed(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """The values of `SaveSprintDraftSchema`: those that were sent, and the draft's for all others."""
        return {name: sent.get(name, getattr(self, name)) for name in SaveSprintDraftSchema().fields}


def build_log(values: Mapping[str, Any]) -> SprintLog:
    """The log in the values of `SprintLogSchema`."""
    return SprintLog(**{name: values[name] for name in SprintLog.__dataclass_fields__})


def build_spills(values: Mapping[str, Any]) -> dict[int, SpillTarget]:
    """Where items go, by their numbers."""
    return {spill["item"]: spill["to"] for spill in values["spills"]}
