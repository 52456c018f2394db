"""What the feature "risks" brings to the application."""

from portal.ethics.risks import (
    api,
    calendar,
    commands,
    export_views,
    mitigation_views,
    notifications,
    project_section_views,
    views,
)
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.search import SEARCH
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable, SharedTextTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import at_most, own_session
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.user_tests.findings.related_views import FindingLinesSource

_RISKS = PersonalTable(model=Risk, typed={"closing_reason": "closed_by_id"})
_MITIGATIONS = PersonalTable(model=Mitigation, open_work={"owner_id": Mitigation.settled_at.is_(None)})
FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp, mitigation_views.bp, export_views.bp),
    sensitive=("risk_exports.as_csv",),
    limits={"risk_exports.as_csv": (at_most("120 per hour", own_session),)},
    navigation=dict.fromkeys(("risks", "mitigations", "risk_exports"), ProjectMenuEntry.ETHICS),
    sections=(
        project_section_views.CHAPTER,
        FindingLinesSource(project_section_views.list_risk_lines_of_finding),
    ),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.DUES),
    calendar=calendar.DATES,
    attachments=(
        ProjectAttachmentKind(Risk, _l("Risque %(n)s"), "risks.page"),
        ProjectAttachmentKind(Mitigation, _l("Mesure %(n)s"), "mitigations.page"),
    ),
    places={
        "mitigations.drop": "mitigations.page",
        "mitigations.change": "mitigations.page",
        "mitigations.prove": "mitigations.page",
        "mitigations.add": "risks.page",
        "risks.close": "risks.page",
        "risks.change": "risks.page",
        "risks.history": "risks.page",
        "risks.reassess": "risks.page",
        "risks.add": "risks.index",
    },
    personal_data=(
        PersonalDataset("risks", _l("Risques et mesures"), (_RISKS, _MITIGATIONS)),
        SharedTextTable(Risk, (commands.NOTED,)),
    ),
)
