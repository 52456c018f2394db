"""What files may be attached to: a line for each kind of thing.

The page of such a thing shows its files with `**workplace.files_of(project, row)` in its view and
`{% include "collaboration/files/block.html" %}` in its template; a list shows how many with `count_files` and
`{% include "collaboration/files/link.html" %}`.
"""

from sqlalchemy import select

from portal.coaching.recommendations.models import Recommendation
from portal.coaching.sessions.models import CoachingSession
from portal.collaboration.discussions.attachment_queries import CommentAttachments
from portal.collaboration.files.subject_queries import kinds_by_name
from portal.ethics.readiness_sheets.models import Sheet
from portal.ethics.reviews.attachment_queries import ANSWER_ATTACHMENTS, REVIEW_ATTACHMENTS
from portal.ethics.reviews.models import ReviewCondition
from portal.ethics.risks.models import Mitigation, Risk
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import ImpactMetric
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.sprints.backlog.models import Item
from portal.sprints.ceremonies.models import Demonstration, Retrospective
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_models import TestSession

ATTACHMENT_KINDS = kinds_by_name(
    [
        CommentAttachments(),
        ProjectAttachmentKind(Sprint, _l("Sprint %(n)s"), "sprints.page"),
        ProjectAttachmentKind(TargetGroup, _l("Public %(n)s"), "groups.index", listed=True),
        ProjectAttachmentKind(Assumption, _l("Hypothèse %(n)s"), "assumptions.index", listed=True),
        ProjectAttachmentKind(Interview, _l("Entretien %(n)s"), "interviews.index", listed=True),
        ProjectAttachmentKind(ImpactMetric, _l("Indicateur %(n)s"), "impact.page"),
        ProjectAttachmentKind(DataSource, _l("Source de données %(n)s"), "data_sources.page"),
        ProjectAttachmentKind(
            PrototypeVersion, _l("Version %(n)s du prototype"), "prototypes.page"
        ),
        ProjectAttachmentKind(EvaluationProtocol, _l("Protocole %(n)s"), "evaluation.page"),
        ProjectAttachmentKind(EvaluationRun, _l("Essai %(n)s"), "evaluation.index", listed=True),
        ProjectAttachmentKind(Sheet, _l("Fiche %(n)s"), "sheets.page"),
        ProjectAttachmentKind(Item, _l("Élément %(n)s"), "items.page"),
        ProjectAttachmentKind(
            Retrospective,
            _l("Rétrospective du sprint %(n)s"),
            "retrospectives.page",
            number=select(Sprint.number)
            .where(Sprint.id == Retrospective.sprint_id)
            .scalar_subquery(),
        ),
        ProjectAttachmentKind(TestRound, _l("Série de tests %(n)s"), "rounds.page"),
        ProjectAttachmentKind(
            TestSession, _l("Séance P%(n)s"), "test_sessions.page", is_untraced=True
        ),
        ProjectAttachmentKind(Finding, _l("Constat %(n)s"), "findings.page"),
        ProjectAttachmentKind(Risk, _l("Risque %(n)s"), "risks.page"),
        ProjectAttachmentKind(Mitigation, _l("Mesure %(n)s"), "mitigations.page"),
        ProjectAttachmentKind(Recommendation, _l("Recommandation %(n)s"), "recommendations.page"),
        ProjectAttachmentKind(
            CoachingSession, _l("Séance d’accompagnement %(n)s"), "coaching.page"
        ),
        REVIEW_ATTACHMENTS,
        ANSWER_ATTACHMENTS,
        ProjectAttachmentKind(
            ReviewCondition,
            _l("Condition %(n)s"),
            "review_conditions.page",
            visibility=lambda _actor: ReviewCondition.decided_at.is_not(None),
        ),
        ProjectAttachmentKind(Demonstration, _l("Démonstration %(n)s"), "demonstrations.page"),
    ]
)
