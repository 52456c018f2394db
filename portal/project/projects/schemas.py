"""Schemas of projects and their people."""

from marshmallow import fields, validate

from portal.people.programmes.models import NAME_MAX, SHARE_MAX, SLUG_MAX
from portal.platform.kernel.access import Role
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, id_, integer, line, link, moment, version
from portal.project.projects import forms
from portal.project.projects.models import (
    ACRONYM_MAX,
    LINE_MAX,
    ORGANISATION_MAX,
    TEXT_MAX,
    TITLE_MAX,
    URL_MAX,
    ProjectState,
)

TRACKS_MAX = 50


class FeedEntrySchema(ApiSchema):
    """A line of the feed of a project, in the reader's language."""

    id = id_(dump_only=True)
    at = moment()
    action = fields.String(dump_only=True)
    who = fields.String(dump_only=True, metadata={"description": "Empty: the portal itself."})
    sentence = fields.String(dump_only=True)
    page = fields.String(dump_only=True, allow_none=True)


class ProjectQuerySchema(ApiSchema):
    """Which projects."""

    programme = line(SLUG_MAX, "The slug of their programme.", load_default="")
    state = choice(ProjectState, load_default=None)


class EditableProjectSchema(ApiSchema):
    """What a team writes about its project."""

    organisation = line(ORGANISATION_MAX, required=True)
    acronym = line(ACRONYM_MAX)
    title_fr = line(TITLE_MAX, required=True)
    title_en = line(TITLE_MAX)
    problem = line(TEXT_MAX)
    users_aimed_at = line(LINE_MAX)
    repository_url = link(URL_MAX)
    demonstration_url = link(URL_MAX)
    starts_on = day(required=True)
    ends_on = day(required=True, example="2027-11-28")


class ProjectSchema(EditableProjectSchema):
    """A project."""

    id = id_(dump_only=True)
    slug = line(SLUG_MAX, "Its name in addresses.", dump_only=True)
    version = version()
    programme_id = id_(dump_only=True)
    discussion_id = id_("Its comments.", dump_only=True)
    state = choice(ProjectState, dump_only=True)
    stop_reason = line(TEXT_MAX, dump_only=True)
    learnings = line(TEXT_MAX, dump_only=True)


class TrackKeysSchema(ApiSchema):
    """The tracks of its programme on which a project is supported, by key."""

    tracks = fields.List(
        line(SLUG_MAX, required=True),
        required=True,
        validate=validate.Length(max=TRACKS_MAX),
        metadata={"example": ["technical"]},
    )


class NewProjectSchema(EditableProjectSchema, TrackKeysSchema):
    """A new project, on some tracks of its programme."""


class ProjectTrackSchema(ApiSchema):
    """A strand of support of a project."""

    id = id_(dump_only=True)
    key = line(SLUG_MAX, dump_only=True)
    name_fr = line(NAME_MAX, dump_only=True)
    name_en = line(NAME_MAX, dump_only=True)


class ProjectTracksSchema(ApiSchema):
    """The strands of support of a project."""

    tracks = fields.List(fields.Nested(ProjectTrackSchema), dump_only=True)


ProjectStateChangeSchema = form_schema("ProjectStateChangeSchema", forms.ProjectStateForm)
ShareOfTimeSchema = form_schema("ShareOfTimeSchema", forms.TimeShareForm)


class ProjectPersonSchema(ApiSchema):
    """A person and their role in a project."""

    role_id = id_(attribute="assignment.id", dump_only=True)
    person_id = id_(attribute="person.id", dump_only=True)
    name = fields.String(attribute="person.name", dump_only=True)
    handle = fields.String(attribute="person.handle", dump_only=True)
    role = choice(Role, attribute="assignment.role", dump_only=True)
    track_id = id_(attribute="assignment.track_id", dump_only=True, allow_none=True)
    share_of_time = integer(
        0,
        SHARE_MAX,
        "Per cent of a week.",
        attribute="assignment.share_of_time",
        dump_only=True,
        allow_none=True,
    )
