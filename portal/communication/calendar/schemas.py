"""Schemas of calendar links."""

from portal.communication.calendar.models import CalendarLink
from portal.platform.web.api_columns import row_schema

CalendarLinkSchema = row_schema("CalendarLinkSchema", CalendarLink, "person_id")
