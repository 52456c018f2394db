"""What the feature "ceremonies" brings to the application."""

from sqlalchemy import select

from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.sprints.ceremonies import (
    action_views,
    api,
    calendar,
    demonstration_views,
    notifications,
    retrospective_views,
    sprint_section_views,
)
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Retrospective
from portal.sprints.ceremonies.queries import has_ceremony
from portal.sprints.ceremonies.search import SEARCH
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import SprintStartUndoBlocker

_ACTIONS = PersonalTable(model=RetroAction, open_work={"owner_id": RetroAction.settled_at.is_(None)})
FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(demonstration_views.bp, retrospective_views.bp, action_views.bp),
    navigation={
        "demonstrations": ProjectMenuEntry.SPRINTS,
        "retrospectives": ProjectMenuEntry.SPRINTS,
        "actions": ProjectMenuEntry.SPRINTS,
    },
    sections=(sprint_section_views.SPRINT_PAGE_SECTION, SprintStartUndoBlocker(has_ceremony)),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.DUES),
    calendar=calendar.DATES,
    attachments=(
        ProjectAttachmentKind(
            Retrospective,
            _l("Rétrospective du sprint %(n)s"),
            "retrospectives.page",
            number=select(Sprint.number).where(Sprint.id == Retrospective.sprint_id).scalar_subquery(),
        ),
        ProjectAttachmentKind(Demonstration, _l("Démonstration %(n)s"), "demonstrations.page"),
    ),
    places={
        "demonstrations.delete_page": "demonstrations.page",
        "demonstrations.change": "demonstrations.page",
        "demonstrations.history": "demonstrations.page",
        "actions.change": "actions.index",
        "retrospectives.add_action": "retrospectives.page",
        "retrospectives.write": "retrospectives.page",
        "retrospectives.history": "retrospectives.page",
    },
    personal_data=(PersonalDataset("ceremonies", _l("Actions de rétrospective"), (_ACTIONS,)),),
)
