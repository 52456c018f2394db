"""Schemas of programmes."""

from marshmallow import fields, validate

from portal.people.programmes import forms
from portal.people.programmes.models import (
    ABOUT_MAX,
    MONTHS_MAX,
    NAME_MAX,
    RETENTION_MAX,
    SLUG_MAX,
    TRACKS_MAX,
    Invitation,
    Track,
)
from portal.platform.kernel.access import Role
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, flag, id_, integer, line, version


class ProgrammeSchema(ApiSchema):
    """A programme: a cohort of projects over some months."""

    id = id_(dump_only=True)
    slug = line(SLUG_MAX, "Its name in addresses.", dump_only=True)
    version = version()
    name_fr = line(NAME_MAX, dump_only=True)
    name_en = line(NAME_MAX, dump_only=True)
    about_fr = line(ABOUT_MAX, dump_only=True)
    about_en = line(ABOUT_MAX, dump_only=True)
    starts_on = day("First day of month 1.", dump_only=True)
    months = integer(1, MONTHS_MAX, dump_only=True)
    test_retention = integer(1, RETENTION_MAX, "Months for which sessions of tests are kept.", dump_only=True)


class RoleSchema(ApiSchema):
    """Somebody's role in a programme."""

    id = id_(dump_only=True)
    person_id = id_(dump_only=True)
    name = line(NAME_MAX, dump_only=True)
    role = choice(Role, dump_only=True)


InvitationSchema = row_schema("InvitationSchema", Invitation, "email", "role", "invited_by_id", "expires_at")

TrackSchema = row_schema("TrackSchema", Track, "key", "name_fr", "name_en", "position")
ProgrammePlanSchema = form_schema("ProgrammePlanSchema", forms.EditProgrammeForm, "knowingly")
ProgrammeEditedSchema = form_schema(
    "ProgrammeEditedSchema",
    forms.EditProgrammeForm,
    knowingly=flag(
        "True once the gates that this leaves after the end are known: the refusal names them.",
        load_default=False,
    ),
)
TrackNamesSchema = form_schema("TrackNamesSchema", forms.NewTrackForm)


class EditTrackSchema(TrackNamesSchema):  # type: ignore[misc,valid-type]  # made of a form
    """Names of a track, and where it stands."""

    place = integer(1, TRACKS_MAX, "Among the tracks of the programme, from 1.", required=True)


class NewProgrammeSchema(ProgrammePlanSchema):  # type: ignore[misc,valid-type]  # made of a form
    """A programme, its tracks and what it is made from."""

    template = line(SLUG_MAX, "Key of a template; without it, the usual one.", load_default="")
    tracks = fields.List(
        line(NAME_MAX, required=True),
        required=True,
        validate=validate.Length(min=1, max=TRACKS_MAX),
        metadata={"description": "Their French names.", "example": ["Technique"]},
    )
