"""What the feature "sessions" brings to the application."""

from portal.coaching.sessions import (
    api,
    calendar,
    labels,
    notifications,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.coaching.sessions.models import CoachingSession, Decision
from portal.coaching.sessions.search import SEARCH
from portal.platform.kernel.personal_data import (
    PersonalChildTable,
    PersonalDataset,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp,),
    navigation=dict.fromkeys(("coaching",), ProjectMenuEntry.PROJECT),
    sections=(labels.PROJECT_SECTION,),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.DUES),
    calendar=calendar.DATES,
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    attachments=(
        ProjectAttachmentKind(CoachingSession, _l("Séance d’accompagnement %(n)s"), "coaching.page"),
    ),
    places={
        "coaching.add_decision": "coaching.page",
        "coaching.change": "coaching.page",
        "coaching.history": "coaching.page",
        "coaching.remove": "coaching.page",
        "coaching.add": "coaching.index",
        "coaching.reword_decision": "coaching.index",
    },
    personal_data=(
        PersonalDataset(
            "coaching_sessions",
            _l("Séances d’accompagnement"),
            build_personal_tables_to_keep(CoachingSession),
            parts=(PersonalChildTable(Decision.session_id, CoachingSession.author_id),),
        ),
    ),
)
