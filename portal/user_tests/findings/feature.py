"""What the feature "findings" brings to the application."""

from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable, SharedTextTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.sprints.backlog.origin_views import ItemOriginLinesSource
from portal.sprints.sprints.section_views import BoardPrioritySource
from portal.user_tests.findings import (
    api,
    attention_views,
    closing_views,
    commands,
    notifications,
    projections,
    retest_views,
    section_views,
    sighting_views,
    views,
)
from portal.user_tests.findings.attention_queries import UNCORRECTED_FINDINGS
from portal.user_tests.findings.models import Finding, Retest, Sighting
from portal.user_tests.findings.search import SEARCH
from portal.user_tests.rounds.related_views import RoundProblemsReader

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp, sighting_views.bp, closing_views.bp, retest_views.bp),
    navigation=dict.fromkeys(("findings", "sightings", "finding_ends", "retests"), ProjectMenuEntry.TESTS),
    sections=(
        section_views.PROJECT_SECTION,
        section_views.SPRINT_SECTION,
        BoardPrioritySource(attention_views.list_severe_findings_not_in_sprint, (UNCORRECTED_FINDINGS,)),
        RoundProblemsReader(attention_views.read_round_problems),
        ItemOriginLinesSource(section_views.list_item_lines),
    ),
    notifications=(*notifications.KINDS, *notifications.RULES),
    projections=(projections.PROJECTION,),
    attachments=(ProjectAttachmentKind(Finding, _l("Constat %(n)s"), "findings.page"),),
    places={
        "findings.change": "findings.page",
        "findings.history": "findings.page",
        "finding_ends.accept": "findings.page",
        "finding_ends.merge": "findings.page",
        "finding_ends.settle": "findings.page",
        "sightings.choose_evidence": "findings.page",
        "sightings.set_sightings": "findings.page",
    },
    personal_data=(
        PersonalDataset(
            "findings",
            _l("Constats"),
            (
                PersonalTable(
                    model=Finding,
                    typed={"closing_reason": "closed_by_id"},
                    open_work={"owner_id": Finding.closed_at.is_(None)},
                ),
                PersonalTable(model=Retest, authors=("noted_by_id",)),
                PersonalTable(model=Sighting, authors=("observer_id",), yields=True),
            ),
        ),
        SharedTextTable(Finding, (commands.NOTED,)),
    ),
)
