"""The demonstration's data files: real programmes and projects, invented sprints and comments."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from marshmallow import RAISE, Schema, fields, validate

from portal.demo.arcs import tell_arc
from portal.projects import models as projects
from portal.sprints import models as sprints

DATA = Path(__file__).parent / "data"

SPEAKERS = ("technical_coach", "strategic_coach", "coach", "team_lead", "member", "programme_lead")


class Strict(Schema):
    class Meta:
        unknown = RAISE


class TrackIn(Strict):
    key = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_en = fields.String(required=True)


class ProjectIn(Strict):
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


class ProgrammeIn(Strict):
    slug = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_en = fields.String(required=True)
    about_fr = fields.String(required=True)
    about_en = fields.String(required=True)
    months = fields.Integer(required=True)
    elapsed_months = fields.Float(required=True)
    tracks = fields.List(fields.Nested(TrackIn), required=True)
    projects = fields.List(fields.Nested(ProjectIn), required=True)


class LaureatesIn(Strict):
    programmes = fields.List(fields.Nested(ProgrammeIn), required=True)


class IndicatorIn(Strict):
    name = fields.String(required=True)
    before = fields.Float(allow_none=True)
    after = fields.Float(allow_none=True)
    test_set_size = fields.Integer(allow_none=True)


class BlockerIn(Strict):
    kind = fields.Enum(sprints.Blocker, by_value=True, required=True)
    text = fields.String(allow_none=True)


class CloseIn(Strict):
    day = fields.Integer(required=True)
    outcome = fields.Enum(sprints.Outcome, by_value=True, required=True)
    summary = fields.String(required=True, validate=validate.Length(1, sprints.LINE_MAX))
    shown = fields.String(allow_none=True)
    shown_to = fields.String(allow_none=True)
    shown_link = fields.String(allow_none=True)
    learnt = fields.String(allow_none=True)
    indicator = fields.Nested(IndicatorIn, allow_none=True)
    blocker = fields.Nested(BlockerIn, required=True)
    help_wanted = fields.Boolean(required=True)
    decision = fields.String(allow_none=True)
    outlook = fields.Enum(sprints.Outlook, by_value=True, required=True)
    outlook_note = fields.String(allow_none=True)
    next_goal = fields.String(allow_none=True)


class SaidIn(Strict):
    by = fields.String(required=True, validate=validate.OneOf(SPEAKERS))
    text = fields.String(required=True)
    after = fields.Integer(load_default=0)
    day = fields.Integer(load_default=None)
    reply_to_previous = fields.Boolean(load_default=False)


class SprintIn(Strict):
    goal = fields.String(required=True, validate=validate.Length(1, sprints.GOAL_MAX))
    first = fields.Integer(required=True, data_key="from")
    last = fields.Integer(required=True, data_key="to")
    capacity = fields.Integer(allow_none=True)
    close = fields.Nested(CloseIn, load_default=None)
    comments = fields.List(fields.Nested(SaidIn), load_default=list)


class StopIn(Strict):
    day = fields.Integer(required=True)
    reason = fields.String(required=True)
    learnings = fields.String(required=True)


class StoryIn(Strict):
    members = fields.Integer(required=True, validate=validate.Range(1, 12))
    sprints = fields.List(fields.Nested(SprintIn), required=True)
    discussion = fields.List(fields.Nested(SaidIn), load_default=list)
    stopped = fields.Nested(StopIn, load_default=None)


class StoriesIn(Strict):
    stories = fields.Dict(keys=fields.String(), values=fields.Nested(StoryIn), required=True)


class TeamItemsIn(Strict):
    sprints = fields.Dict(keys=fields.Integer(), values=fields.List(fields.String()))
    backlog = fields.List(fields.String(), required=True)


class ItemsIn(Strict):
    teams = fields.Dict(keys=fields.String(), values=fields.Nested(TeamItemsIn), required=True)
    common = fields.List(fields.String(), required=True)
    waiting = fields.List(fields.String(), required=True)
    blocks = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


def read_items() -> dict[str, Any]:
    """What teams have to do, a line each as they would type it."""
    return _read("items.yaml", ItemsIn)


def read_programmes() -> list[dict[str, Any]]:
    """The programmes with their projects. Raises `marshmallow.ValidationError` naming the place."""
    return _read("laureates.yaml", LaureatesIn)["programmes"]  # type: ignore[no-any-return]


def read_stories() -> dict[str, dict[str, Any]]:
    """The sprints by project. Days count from the day of loading, negative in the past."""
    return _read("story.yaml", StoriesIn)["stories"]  # type: ignore[no-any-return]


def read_tellings() -> dict[str, dict[str, Any]]:
    """All that is told, by project and kind: its sprints, its arc, what it has of its own."""
    arcs = read_yaml("arcs.yaml")
    told = {slug: dict(story) for slug, story in read_stories().items()}
    for slug, given in arcs["teams"].items():
        told[slug] |= tell_arc(slug, given, arcs["common"], told[slug])
    for slug, kind, value in _own():
        kept = told[slug].get(kind)
        told[slug][kind] = [*kept, *value] if isinstance(kept, list) else value
    return told


def _own() -> Iterator[tuple[str, str, Any]]:
    """What files tell of one project and one kind."""
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
    """One of the demonstration's files, by the parser written in C: the other takes a second."""
    with (DATA / name).open() as file:
        loaded: dict[str, Any] = yaml.load(file, yaml.CSafeLoader)
    return loaded


@cache
def _read(name: str, schema: type[Schema]) -> dict[str, Any]:
    loaded: dict[str, Any] = schema().load(read_yaml(name))
    return loaded
