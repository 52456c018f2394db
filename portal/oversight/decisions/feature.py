"""What the feature "decisions" brings to the application."""

from portal.oversight.decisions import (
    api,
    calendar,
    help_labels,
    help_views,
    notifications,
    owner_labels,
    owner_projections,
    project_section_labels,
    projections,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.search import SEARCH
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp, help_views.bp),
    navigation=dict.fromkeys(("decisions", "help"), ProjectMenuEntry.PROJECT),
    sections=(
        project_section_labels.HELP_SECTION,
        project_section_labels.PROJECT_SECTION,
        project_section_labels.SPRINT_SECTION,
        project_section_labels.CLOSING_SUMMARY,
        projections.HELP_QUESTIONS,
        help_labels.LINES,
        *owner_labels.LOSSES,
    ),
    notifications=(
        *notifications.KINDS,
        *notifications.RULES,
        *notifications.ENDS,
        *notifications.DUES,
    ),
    calendar=calendar.DATES,
    attachments=(ProjectAttachmentKind(AwaitedDecision, _l("Décision %(n)s"), "decisions.page"),),
    to_decide=(
        to_decide_labels.WAITING,
        to_decide_labels.HELP_WAITING,
        to_decide_labels.HELP_FOLLOWED,
        to_decide_views.ACTS,
        to_decide_views.HELP_ACTS,
        to_decide_views.HELP_TAKEN_ACTS,
    ),
    projections=(projections.PROJECTION, owner_projections.PROJECTION),
    places={
        "decisions.answer": "decisions.page",
        "decisions.assign": "decisions.page",
        "decisions.change": "decisions.page",
        "decisions.history": "decisions.page",
        "decisions.withdraw": "decisions.page",
        "decisions.ask": "decisions.index",
    },
    personal_data=(
        PersonalDataset(
            "decisions",
            _l("Décisions attendues"),
            (
                PersonalTable(
                    model=AwaitedDecision,
                    authors=("asked_by_id",),
                    open_work={"owner_id": AwaitedDecision.closed_at.is_(None)},
                ),
            ),
        ),
    ),
)
