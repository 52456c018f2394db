"""What the feature "jury" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalChildTable,
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session
from portal.selection.jury import (
    api,
    leadership_api,
    notifications,
    scoring_views,
    seat_api,
    seat_views,
    views,
)
from portal.selection.jury.application_section_labels import INTERESTS, SEATS, TILES
from portal.selection.jury.models import JurorScore, JuryAssignment, ScoreChange, SettledConflict
from portal.selection.jury.search import SEARCH

_TO_SCORE = JuryAssignment.sent_at.is_(None) & JuryAssignment.recused_at.is_(None)
_ASSIGNMENTS = PersonalTable(model=JuryAssignment, open_work={"person_id": _TO_SCORE})
FEATURE = Feature(
    blueprints=(views.bp, seat_views.bp, scoring_views.bp),
    sensitive=("scoring.booklet",),
    sections=(INTERESTS, SEATS, TILES),
    search=SEARCH,
    notifications=(*notifications.KINDS, *notifications.RULES),
    limits={"scoring.booklet": (at_most("60 per hour", own_session),)},
    personal_data=(
        PersonalDataset(
            "jury",
            _l("Jury"),
            (*build_personal_tables_to_keep(ScoreChange, SettledConflict), _ASSIGNMENTS),
            parts=(PersonalChildTable(JurorScore.assignment_id, JuryAssignment.person_id),),
        ),
        PersonalTextRedaction(model=JurorScore, is_sealed=True),
        PersonalTextRedaction(model=ScoreChange, is_sealed=True),
    ),
    api=(seat_api.area, api.area, leadership_api.area),
)
