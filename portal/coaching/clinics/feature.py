"""What the feature "clinics" brings to the application."""

from portal.coaching.clinics import (
    api,
    calendar,
    labels,
    notifications,
    projections,
    request_commands,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.search import SEARCH
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp,),
    navigation=dict.fromkeys(("clinics",), ProjectMenuEntry.PROJECT),
    sections=(labels.SPRINT_SECTION, request_commands.HELP_FOLLOW_UP),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.DUES),
    calendar=calendar.DATES,
    to_decide=(
        to_decide_labels.WAITING,
        to_decide_labels.FOLLOWED,
        to_decide_views.ACTS,
        to_decide_views.CLAIMED_ACTS,
    ),
    projections=(projections.PROJECTION, projections.CLAIMANTS),
    api=(api.area,),
    places={
        "clinics.assign": "clinics.page",
        "clinics.close": "clinics.page",
        "clinics.record_held_clinic": "clinics.page",
        "clinics.plan": "clinics.page",
    },
    personal_data=(
        PersonalDataset(
            "clinics",
            _l("Cliniques"),
            (
                PersonalTable(
                    model=Clinic,
                    typed={"outcome": "closed_by_id"},
                    open_work={"taken_by_id": Clinic.closed_at.is_(None)},
                ),
            ),
        ),
    ),
)
