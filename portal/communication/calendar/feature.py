"""What the feature "calendar" brings to the application."""

from portal.communication.calendar import api, commands, views
from portal.communication.calendar.models import CalendarLink
from portal.people.accounts.access_commands import PersonalTokensAndLinksSource
from portal.platform.kernel.personal_data import ErasureEffect, PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, network, own_session

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp,),
    public=("calendars.feed",),
    sections=(
        PersonalTokensAndLinksSource(
            commands.list_calendar_links_giving_access, commands.revoke_calendar_access
        ),
    ),
    limits={
        "calendars.feed": (at_most("600 per 15 minutes", network),),
        "calendars.make_link": (at_most("30 per hour", own_session),),
    },
    personal_data=(
        PersonalDataset(
            "calendar",
            _l("Calendrier"),
            (PersonalTable(model=CalendarLink, effect=ErasureEffect.DELETED, secrets=("token_hash",)),),
        ),
    ),
)
