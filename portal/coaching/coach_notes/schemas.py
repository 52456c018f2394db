"""Schemas of coaches' notes."""

from portal.coaching.coach_notes import forms
from portal.coaching.coach_notes.models import CoachNote
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema

CoachNoteSchema = row_schema("CoachNoteSchema", CoachNote, "author_id", "body", "edited_at")
CoachNoteTextSchema = form_schema("CoachNoteTextSchema", forms.EditNoteForm)
