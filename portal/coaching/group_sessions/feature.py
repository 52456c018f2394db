"""What the feature "group sessions" brings to the application."""

from portal.coaching.group_sessions import api, calendar, labels, notifications, views
from portal.coaching.group_sessions.models import Gathering, SatisfactionRespondent
from portal.coaching.group_sessions.search import SEARCH
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    build_personal_tables_to_delete,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp,),
    sections=(labels.PROJECT_SECTION,),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.DUES),
    calendar=calendar.DATES,
    personal_data=(
        PersonalDataset(
            "group_sessions",
            _l("Séances collectives"),
            (
                PersonalTable(model=Gathering, typed={"cancelled_because": "cancelled_by_id"}),
                *build_personal_tables_to_delete(SatisfactionRespondent),
            ),
        ),
    ),
    api=(api.area,),
)
