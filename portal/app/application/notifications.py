"""What people are told of: the kinds of news of all features, in the order they choose among them.

A feature's own are in its room `notices.py`; its line is here. CONTRIBUTING says how to add some.
"""

from portal.coaching.clinics import notifications as clinics
from portal.coaching.group_sessions import notifications as gatherings
from portal.coaching.recommendations import notifications as recommendations
from portal.coaching.sessions import notifications as coaching
from portal.communication.notifications import notifications
from portal.ethics.rereviews import notifications as rereviews
from portal.ethics.reviews import notifications as reviews
from portal.ethics.risks import notifications as risks
from portal.oversight.committee_packs import notifications as packs
from portal.oversight.gates import notifications as gates
from portal.oversight.health import notifications as health
from portal.sprints.backlog import notifications as backlog
from portal.sprints.ceremonies import notifications as ceremonies
from portal.sprints.prototypes import notifications as prototypes
from portal.sprints.sprints import notifications as sprints
from portal.user_tests.findings import notifications as findings

_FEATURES = (
    notifications,
    recommendations,
    reviews,
    rereviews,
    gates,
    health,
    coaching,
    gatherings,
    clinics,
    sprints,
    backlog,
    ceremonies,
    findings,
    risks,
    prototypes,
    packs,
)
NOTIFICATION_KINDS = tuple(kind for feature in _FEATURES for kind in feature.KINDS)
NOTIFICATION_RULES = tuple(rule for feature in _FEATURES for rule in getattr(feature, "RULES", ()))
NOTIFICATION_DUES = tuple(due for feature in _FEATURES for due in getattr(feature, "DUES", ()))
