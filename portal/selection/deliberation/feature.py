"""What the feature "deliberation" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    SharedTextTable,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session
from portal.selection.deliberation import (
    api,
    commands,
    decision_views,
    origin_labels,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.selection.deliberation.application_section_labels import DECISION, TILES
from portal.selection.deliberation.models import (
    ApplicationAppeal,
    ApplicationDecision,
    CallPublication,
    Deliberation,
)
from portal.selection.deliberation.retention_queries import APPLICATIONS

_PRINTS = (at_most("120 per hour", own_session),)
FEATURE = Feature(
    blueprints=(views.bp, decision_views.bp),
    sections=(DECISION, TILES, origin_labels.SECTION),
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    sensitive=("deliberation.publish", "decision_letters.create_project"),
    limits={"decision_letters.letter": _PRINTS, "decision_letters.appeal_letter": _PRINTS},
    retention=(APPLICATIONS,),
    personal_data=(
        PersonalDataset(
            "deliberation",
            _l("Délibérations"),
            (
                *build_personal_tables_to_keep(ApplicationDecision),
                PersonalTable(model=ApplicationAppeal, typed={"answer": "closed_by_id"}),
                PersonalTable(model=CallPublication, authors=("published_by_id",)),
            ),
        ),
        SharedTextTable(Deliberation, (commands.MINUTES_WRITTEN,)),
    ),
    api=(api.area,),
)
