"""Data files of the demonstration: schemas and readers."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from marshmallow import RAISE, Schema, fields, validate

from portal.app.demo.gate_arcs import expand_arc
from portal.project.projects import models as projects
from portal.sprints.sprints import models as sprints
from portal.sprints.sprints.outlook_rules import Outlook

DATA = Path(__file__).parent / "data"

SPEAKERS = ("technical_coach", "strategic_coach", "coach", "team_lead", "member", "programme_lead")


class StrictSchema(Schema):
    class Meta:
        unknown = RAISE


class DemoTrackSchema(StrictSchema):
    key = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_en = fields.String(required=True)


class DemoProjectSchema(StrictSchema):
    slug = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9-]+$"))
    organisation_fr = fields.String(
        required=True, validate=validate.Length(1, projects.ORGANISATION_MAX)
    )
    organisation_en = fields.String(required=True)
    acronym = fields.String(required=True, validate=validate.Length(1, projects.ACRONYM_MAX))
    title_fr = fields.String(required=True, validate=validate.Length(1, projects.TITLE_MAX))
    title_en = fields.String(required=True, validate=validate.Length(1, projects.TITLE_MAX))
    problem_fr = fields.String(required=True)
    problem_en = fields.String(required=True)
    users_fr = fields.String(required=True, validate=validate.Length(1, projects.LINE_MAX))
    users_en = fields.String(required=True)
    users_kind = fields.String(validate=validate.OneOf(["agents", "citizens"]))
    tracks = fields.List(fields.String(), required=True)
    outcome_fr = fields.String(required=True)
    outcome_en = fields.String(required=True)
    links = fields.List(fields.String())


class DemoProgrammeSchema(StrictSchema):
    slug = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_en = fields.String(required=True)
    about_fr = fields.String(required=True)
    about_en = fields.String(required=True)
    months = fields.Integer(required=True)
    elapsed_months = fields.Float(required=True)
    tracks = fields.List(fields.Nested(DemoTrackSchema), required=True)
    projects = fields.List(fields.Nested(DemoProjectSchema), required=True)


class DemoOwnProgrammeSchema(DemoProgrammeSchema):
    template = fields.String(required=True)


class DemoProgrammesSchema(StrictSchema):
    programmes = fields.List(fields.Nested(DemoProgrammeSchema), required=True)


class DemoIndicatorSchema(StrictSchema):
    name = fields.String(required=True)
    before = fields.Float(allow_none=True)
    after = fields.Float(allow_none=True)
    test_set_size = fields.Integer(allow_none=True)


class DemoBlockerSchema(StrictSchema):
    kind = fields.Enum(sprints.Blocker, by_value=True, required=True)
    text = fields.String(allow_none=True)


class DemoSprintCloseSchema(StrictSchema):
    day = fields.Integer(required=True)
    outcome = fields.Enum(sprints.SprintOutcome, by_value=True, required=True)
    summary = fields.String(required=True, validate=validate.Length(1, sprints.LINE_MAX))
    shown = fields.String(allow_none=True)
    shown_to = fields.String(allow_none=True)
    shown_link = fields.String(allow_none=True)
    learnt = fields.String(allow_none=True)
    indicator = fields.Nested(DemoIndicatorSchema, allow_none=True)
    blocker = fields.Nested(DemoBlockerSchema, required=True)
    help_wanted = fields.Boolean(required=True)
    decision = fields.String(allow_none=True)
    outlook = fields.Enum(Outlook, by_value=True, required=True)
    outlook_note = fields.String(allow_none=True)
    next_goal = fields.String(allow_none=True)


class DemoCommentSchema(StrictSchema):
    by = fields.String(required=True, validate=validate.OneOf(SPEAKERS))
    text = fields.String(required=True)
    after = fields.Integer(load_default=0)
    day = fields.Integer(load_default=None)
    reply_to_previous = fields.Boolean(load_default=False)


class DemoSprintSchema(StrictSchema):
    goal = fields.String(required=True, validate=validate.Length(1, sprints.GOAL_MAX))
    first = fields.Integer(required=True, data_key="from")
    last = fields.Integer(required=True, data_key="to")
    capacity = fields.Integer(allow_none=True)
    close = fields.Nested(DemoSprintCloseSchema, load_default=None)
    comments = fields.List(fields.Nested(DemoCommentSchema), load_default=list)


class DemoStopSchema(StrictSchema):
    day = fields.Integer(required=True)
    reason = fields.String(required=True)
    learnings = fields.String(required=True)


class DemoStorySchema(StrictSchema):
    members = fields.Integer(required=True, validate=validate.Range(1, 12))
    sprints = fields.List(fields.Nested(DemoSprintSchema), required=True)
    discussion = fields.List(fields.Nested(DemoCommentSchema), load_default=list)
    stopped = fields.Nested(DemoStopSchema, load_default=None)


class DemoStoriesSchema(StrictSchema):
    stories = fields.Dict(
        keys=fields.String(), values=fields.Nested(DemoStorySchema), required=True
    )


class DemoOwnProgrammesSchema(StrictSchema):
    """Programmes made from a template, with the stories and arcs of their teams."""

    programmes = fields.List(fields.Nested(DemoOwnProgrammeSchema), required=True)
    stories = fields.Dict(
        keys=fields.String(), values=fields.Nested(DemoStorySchema), required=True
    )
    teams = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)


class DemoTeamItemsSchema(StrictSchema):
    sprints = fields.Dict(keys=fields.Integer(), values=fields.List(fields.String()))
    backlog = fields.List(fields.String(), required=True)


class DemoItemsSchema(StrictSchema):
    teams = fields.Dict(
        keys=fields.String(), values=fields.Nested(DemoTeamItemsSchema), required=True
    )
    common = fields.List(fields.String(), required=True)
    waiting = fields.List(fields.String(), required=True)
    blocks = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


def read_items() -> dict[str, Any]:
    """Texts of backlog items, a line each."""
    return _read_validated("items.yaml", DemoItemsSchema)


def read_programmes() -> list[dict[str, Any]]:
    """The programmes with their projects. Raises `marshmallow.ValidationError`."""
    return _read_validated("laureates.yaml", DemoProgrammesSchema)["programmes"]  # type: ignore[no-any-return]


def read_stories() -> dict[str, dict[str, Any]]:
    """The sprints by project; days count from the day of loading, negative in the past."""
    return _read_validated("story.yaml", DemoStoriesSchema)["stories"]  # type: ignore[no-any-return]


def read_own_programmes() -> dict[str, Any]:
    """The invented programmes beside the two calls, with their stories and arcs."""
    return _read_validated("own_programme.yaml", DemoOwnProgrammesSchema)


def read_project_stories() -> dict[str, dict[str, Any]]:
    """The story entries by project and kind: sprints, generated arc, own entries."""
    arcs, own = read_yaml("arcs.yaml"), read_own_programmes()
    every_story = read_stories() | own["stories"]
    stories = {slug: dict(story) for slug, story in every_story.items()}
    for slug, arc in (arcs["teams"] | own["teams"]).items():
        stories[slug] |= expand_arc(slug, arc, arcs["common"], stories[slug])
    for slug, kind, value in _list_own_entries():
        existing_entries = stories[slug].get(kind)
        stories[slug][kind] = (
            [*existing_entries, *value] if isinstance(existing_entries, list) else value
        )
    return stories


def _list_own_entries() -> Iterator[tuple[str, str, Any]]:
    """The entries of one project and one kind from all files."""
    for kind in ("rounds", "risks", "reviews", "rereviews", "showcase", "cards"):
        for slug, value in read_yaml(f"{kind}.yaml")[kind].items():
            yield slug, kind, value
    for name in ("files", "findings", "gates"):
        for slug, kinds in read_yaml(f"{name}.yaml")[name].items():
            yield from ((slug, kind, value) for kind, value in kinds.items())
    for name in ("coaching", "weather"):
        for kind, teams in read_yaml(f"{name}.yaml").items():
            if kind != "gatherings":
                yield from ((slug, kind, value) for slug, value in teams.items())


@cache
def read_yaml(name: str) -> dict[str, Any]:
    """A parsed YAML file, with libyaml: the parser in Python takes a second."""
    with (DATA / name).open() as file:
        loaded: dict[str, Any] = yaml.load(file, yaml.CSafeLoader)
    return loaded


@cache
def _read_validated(name: str, schema: type[Schema]) -> dict[str, Any]:
    loaded: dict[str, Any] = schema().load(read_yaml(name))
    return loaded
