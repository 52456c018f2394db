"""What the administration brings to the application."""

from portal.app.administration import settings_views, state_views, trail_views
from portal.app.administration.models import TrailVerification
from portal.platform.kernel.personal_data import PersonalDataset, signed
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(state_views.bp, settings_views.bp, trail_views.bp),
    sensitive=(
        "settings.change_page",
        "settings.change",
        "settings.banner_page",
        "settings.change_banner",
        "settings.begin_page",
        "settings.begin_maintenance",
        "settings.end_page",
        "settings.end_maintenance",
    ),
    limits={"trail.verify": (at_most("20 per hour", own_session),)},
    personal_data=(
        PersonalDataset("administration", _l("Vérifications du journal"), signed(TrailVerification)),
    ),
)
