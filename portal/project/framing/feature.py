"""What the feature "framing" brings to the application."""

from portal.platform.kernel.personal_data import SharedTextTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.framing import (
    api,
    assumption_views,
    commands,
    group_views,
    interview_views,
    metric_views,
    section_labels,
)
from portal.project.framing.metric_models import ImpactMetric
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.framing.search import SEARCH
from portal.project.projects.attachment_queries import ProjectAttachmentKind

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(group_views.bp, assumption_views.bp, interview_views.bp, metric_views.bp),
    navigation=dict.fromkeys(("groups", "assumptions", "interviews", "impact"), ProjectMenuEntry.PROJECT),
    sections=(section_labels.SECTION,),
    attachments=(
        ProjectAttachmentKind(TargetGroup, _l("Public %(n)s"), "groups.index", listed=True),
        ProjectAttachmentKind(Assumption, _l("Hypothèse %(n)s"), "assumptions.index", listed=True),
        ProjectAttachmentKind(Interview, _l("Entretien %(n)s"), "interviews.index", listed=True),
        ProjectAttachmentKind(ImpactMetric, _l("Indicateur %(n)s"), "impact.page"),
    ),
    places={
        "assumptions.change": "assumptions.index",
        "assumptions.settle": "assumptions.index",
        "assumptions.add": "assumptions.index",
        "groups.change": "groups.index",
        "groups.add": "groups.index",
        "interviews.change": "interviews.index",
        "interviews.add": "interviews.index",
        "impact.redefine": "impact.page",
        "impact.correct_measurement": "impact.page",
        "impact.add_measurement": "impact.page",
        "impact.define": "impact.index",
    },
    personal_data=(SharedTextTable(Interview, (commands.INTERVIEW_LOGGED,)),),
)
