"""What the feature "rereviews" brings to the application."""

from portal.ethics.rereviews import (
    api,
    notifications,
    project_section_views,
    to_decide_labels,
    to_decide_views,
    trigger_projections,
    views,
)
from portal.ethics.rereviews.models import Trigger
from portal.ethics.rereviews.search import SEARCH
from portal.ethics.reviews.page_views import ReviewLinesSource
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp,),
    navigation=dict.fromkeys(("rereviews",), ProjectMenuEntry.ETHICS),
    sections=(
        project_section_views.CHAPTER,
        project_section_views.OPENED_REREVIEWS,
        ReviewLinesSource(project_section_views.list_rereview_lines),
    ),
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    projections=(trigger_projections.PROJECTION,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    personal_data=(
        PersonalDataset(
            "rereviews",
            _l("Réexamens"),
            (
                PersonalTable(
                    model=Trigger, typed={"because": "answered_by_id", "returned_because": "confirmed_by_id"}
                ),
            ),
        ),
    ),
)
