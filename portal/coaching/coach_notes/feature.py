"""What the feature "coach notes" brings to the application."""

from portal.coaching.coach_notes import api, views
from portal.coaching.coach_notes.models import CoachNote
from portal.coaching.coach_notes.search import SEARCH
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTextRedaction,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp,),
    api=(api.area,),
    navigation=dict.fromkeys(("coach_notes",), ProjectMenuEntry.PROJECT),
    places={
        "coach_notes.add": "coach_notes.index",
        "coach_notes.edit": "coach_notes.index",
        "coach_notes.delete": "coach_notes.index",
    },
    personal_data=(
        PersonalDataset("coach_notes", _l("Notes de coachs"), build_personal_tables_to_keep(CoachNote)),
        PersonalTextRedaction(model=CoachNote, is_sealed=True),
    ),
)
