"""What came of help requests in search."""

from portal.coaching.clinics.labels import STEP_KINDS, STEPS
from portal.coaching.clinics.models import Clinic
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source
from portal.sprints.sprints.models import Sprint

SEARCH = (
    build_project_rows_search_source(
        Clinic,
        _l("Demandes d’aide"),
        "outcome",
        where=(Clinic.closed_at.is_not(None),),
        numbered_by=(Sprint, Clinic.sprint_id),
        page_path="/clinics/{number}",
        state=lambda clinic: (STEPS[clinic.step], STEP_KINDS.get(clinic.step)),
        author="closed_by_id",
        singular=_l("Demande d’aide"),
    ),
)
