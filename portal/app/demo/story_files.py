"""Data files of the demonstration: schemas and readers."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from marshmallow import RAISE, Schema, fields, validate

from portal.app.demo.gate_arcs import generate_team_story_entries
from portal.project.projects import models as projects
from portal.sprints.sprints import models as sprints
from portal.sprints.sprints.outlook_rules import OutlookLevel

DATA = Path(__file__).parent / "data"

SPEAKERS = ("technical_coach", "strategic_coach", "coach", "team_lead", "member", "programme_lead")


class StrictSchema(Schema):
    class Meta:
        unknown = RAISE


def _text_field(longest: int | None = None) -> fields.String:
    length = validate.Length(1, longest) if longest else None
    return fields.String(required=True, validate=length)


def _make_schema(
    texts: Sequence[str] = (), optional: Sequence[str] = (), **others: Any
) -> type[StrictSchema]:
    """A schema: names of required texts, of texts that may be null, and other fields."""
    shape: dict[str, Any] = {name: _text_field() for name in texts}
    shape |= {name: fields.String(allow_none=True) for name in optional}
    return StrictSchema.from_dict(shape | others)  # type: ignore[return-value]  # a subclass


def _list_field(schema: type[Schema], **options: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), **options)


_PROJECT = _make_schema(
    ["organisation_en", "problem_fr", "problem_en", "users_en", "outcome_fr", "outcome_en"],
    slug=fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9-]+$")),
    organisation_fr=_text_field(projects.ORGANISATION_MAX),
    acronym=_text_field(projects.ACRONYM_MAX),
    title_fr=_text_field(projects.TITLE_MAX),
    title_en=_text_field(projects.TITLE_MAX),
    users_fr=_text_field(projects.LINE_MAX),
    users_kind=fields.String(validate=validate.OneOf(["agents", "citizens"])),
    tracks=fields.List(fields.String(), required=True),
    links=fields.List(fields.String()),
)
_PROGRAMME = _make_schema(
    ["slug", "name_fr", "name_en", "about_fr", "about_en"],
    months=fields.Integer(required=True),
    elapsed_months=fields.Float(required=True),
    tracks=_list_field(_make_schema(["key", "name_fr", "name_en"]), required=True),
    projects=_list_field(_PROJECT, required=True),
)
_PROGRAMMES = _make_schema(programmes=_list_field(_PROGRAMME, required=True))
_INDICATOR = _make_schema(
    ["name"],
    before=fields.Float(allow_none=True),
    after=fields.Float(allow_none=True),
    test_set_size=fields.Integer(allow_none=True),
)
_BLOCKER = _make_schema(
    optional=["text"], kind=fields.Enum(sprints.BlockerKind, by_value=True, required=True)
)
_SPRINT_CLOSE = _make_schema(
    optional=["shown", "shown_to", "shown_link", "learnt", "decision", "outlook_note", "next_goal"],
    day=fields.Integer(required=True),
    outcome=fields.Enum(sprints.SprintOutcome, by_value=True, required=True),
    summary=_text_field(sprints.LINE_MAX),
    indicator=fields.Nested(_INDICATOR, allow_none=True),
    blocker=fields.Nested(_BLOCKER, required=True),
    help_wanted=fields.Boolean(required=True),
    outlook=fields.Enum(OutlookLevel, by_value=True, required=True),
)
_COMMENT = _make_schema(
    ["text"],
    by=fields.String(required=True, validate=validate.OneOf(SPEAKERS)),
    after=fields.Integer(load_default=0),
    day=fields.Integer(load_default=None),
    reply_to_previous=fields.Boolean(load_default=False),
)
_SPRINT = _make_schema(
    goal=_text_field(sprints.GOAL_MAX),
    first=fields.Integer(required=True, data_key="from"),
    last=fields.Integer(required=True, data_key="to"),
    capacity=fields.Integer(allow_none=True),
    close=fields.Nested(_SPRINT_CLOSE, load_default=None),
    comments=_list_field(_COMMENT, load_default=list),
)
_STOP = _make_schema(["reason", "learnings"], day=fields.Integer(required=True))
_STORY = _make_schema(
    members=fields.Integer(required=True, validate=validate.Range(1, 12)),
    sprints=_list_field(_SPRINT, required=True),
    discussion=_list_field(_COMMENT, load_default=list),
    stopped=fields.Nested(_STOP, load_default=None),
)
_STORIES = _make_schema(stories=fields.Dict(fields.String(), fields.Nested(_STORY), required=True))
_OWN_PROGRAMMES = _make_schema(
    programmes=_list_field(_PROGRAMME.from_dict({"template": _text_field()}), required=True),
    stories=fields.Dict(fields.String(), fields.Nested(_STORY), required=True),
    teams=fields.Dict(fields.String(), fields.Dict(), required=True),
)
_LINES = fields.List(fields.String(), required=True)
_TEAM_ITEMS = _make_schema(
    sprints=fields.Dict(fields.Integer(), fields.List(fields.String())), backlog=_LINES
)
_ITEMS = _make_schema(
    teams=fields.Dict(fields.String(), fields.Nested(_TEAM_ITEMS), required=True),
    common=_LINES,
    waiting=_LINES,
    blocks=fields.Dict(fields.String(), fields.String(), required=True),
)


def read_backlog_texts() -> dict[str, Any]:
    """Texts of backlog items, a line each."""
    return _read_validated("items.yaml", _ITEMS)


def read_programmes() -> list[dict[str, Any]]:
    """The programmes with their projects. Raises `marshmallow.ValidationError`."""
    return _read_validated("laureates.yaml", _PROGRAMMES)["programmes"]  # type: ignore[no-any-return]


def read_sprint_stories() -> dict[str, dict[str, Any]]:
    """The sprints by project; days count from the day of loading, negative in the past."""
    return _read_validated("story.yaml", _STORIES)["stories"]  # type: ignore[no-any-return]


def read_invented_programmes() -> dict[str, Any]:
    """The invented programmes beside the two calls, with their stories and arcs."""
    return _read_validated("own_programme.yaml", _OWN_PROGRAMMES)


def read_project_stories() -> dict[str, dict[str, Any]]:
    """The story entries by project and kind: sprints, generated arc, own entries."""
    arcs, own = read_yaml("arcs.yaml"), read_invented_programmes()
    every_story = read_sprint_stories() | own["stories"]
    stories = {slug: dict(story) for slug, story in every_story.items()}
    for slug, arc in (arcs["teams"] | own["teams"]).items():
        stories[slug] |= generate_team_story_entries(slug, arc, arcs["common"], stories[slug])
    for slug, kind, value in _iterate_project_story_entries():
        existing_entries = stories[slug].get(kind)
        stories[slug][kind] = [*existing_entries, *value] if isinstance(existing_entries, list) else value
    return stories


def _iterate_project_story_entries() -> Iterator[tuple[str, str, Any]]:
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
