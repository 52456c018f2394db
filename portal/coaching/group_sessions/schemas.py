"""Schemas of group sessions."""

from portal.coaching.group_sessions import forms
from portal.coaching.group_sessions.models import Gathering
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema

GroupSessionSchema = row_schema(
    "GroupSessionSchema",
    Gathering,
    *("title", "held_on", "hour", "duration", "place", "agenda", "minutes", "counted_at"),
)
GroupSessionFactsSchema = form_schema("GroupSessionFactsSchema", forms.GatheringForm)
