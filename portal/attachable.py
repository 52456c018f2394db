"""What files may be attached to: a line for each kind of thing.

The page of such a thing shows its files with `**workplace.files_of(project, row)` in its view and
`{% include "files/block.html" %}` in its template; a list shows how many with `count_files` and
`{% include "files/link.html" %}`.
"""

from sqlalchemy import select

from portal.backlog.models import Item
from portal.ceremonies.models import Demonstration, Retrospective
from portal.coaching.models import CoachingSession
from portal.data_sources.models import DataSource
from portal.discussions.attaching import OfComments
from portal.files.places import by_name
from portal.findings.models import Finding
from portal.framing.metrics import ImpactMetric
from portal.framing.models import Assumption, Interview, TargetGroup
from portal.kernel.text import lazy_gettext as _l
from portal.projects.attaching import OfProject
from portal.prototypes.evaluation import EvaluationProtocol, EvaluationRun
from portal.prototypes.models import PrototypeVersion
from portal.recommendations.models import Recommendation
from portal.reviews.attaching import ANSWERS, REVIEWS
from portal.reviews.models import ReviewCondition
from portal.risks.models import Mitigation, Risk
from portal.sheets.models import Sheet
from portal.sprints.models import Sprint
from portal.user_tests.models import TestRound
from portal.user_tests.sessions import TestSession

KINDS = by_name(
    [
        OfComments(),
        OfProject(Sprint, _l("Sprint %(n)s"), "sprints.page"),
        OfProject(TargetGroup, _l("Public %(n)s"), "groups.index", listed=True),
        OfProject(Assumption, _l("Hypothèse %(n)s"), "assumptions.index", listed=True),
        OfProject(Interview, _l("Entretien %(n)s"), "interviews.index", listed=True),
        OfProject(ImpactMetric, _l("Indicateur %(n)s"), "impact.page"),
        OfProject(DataSource, _l("Source de données %(n)s"), "data_sources.page"),
        OfProject(PrototypeVersion, _l("Version %(n)s du prototype"), "prototypes.page"),
        OfProject(EvaluationProtocol, _l("Protocole %(n)s"), "evaluation.page"),
        OfProject(EvaluationRun, _l("Essai %(n)s"), "evaluation.index", listed=True),
        OfProject(Sheet, _l("Fiche %(n)s"), "sheets.page"),
        OfProject(Item, _l("Élément %(n)s"), "items.page"),
        OfProject(
            Retrospective,
            _l("Rétrospective du sprint %(n)s"),
            "retrospectives.page",
            number=select(Sprint.number)
            .where(Sprint.id == Retrospective.sprint_id)
            .scalar_subquery(),
        ),
        OfProject(TestRound, _l("Série de tests %(n)s"), "rounds.page"),
        OfProject(TestSession, _l("Séance P%(n)s"), "test_sessions.page", fleeting=True),
        OfProject(Finding, _l("Constat %(n)s"), "findings.page"),
        OfProject(Risk, _l("Risque %(n)s"), "risks.page"),
        OfProject(Mitigation, _l("Mesure %(n)s"), "mitigations.page"),
        OfProject(Recommendation, _l("Recommandation %(n)s"), "recommendations.page"),
        OfProject(CoachingSession, _l("Séance d’accompagnement %(n)s"), "coaching.page"),
        REVIEWS,
        ANSWERS,
        OfProject(
            ReviewCondition,
            _l("Condition %(n)s"),
            "review_conditions.page",
            sight=lambda _actor: ReviewCondition.decided_at.is_not(None),
        ),
        OfProject(Demonstration, _l("Démonstration %(n)s"), "demonstrations.page"),
    ]
)
