"""What the administration brings to the application."""

from functools import partial

from portal.app.administration import (
    invitation_views,
    questionnaire_views,
    settings_views,
    state_views,
    trail_api,
    trail_views,
)
from portal.app.administration.file_forms import FILE_MAX
from portal.app.administration.models import TrailVerification
from portal.platform.kernel.personal_data import PersonalDataset, build_personal_tables_to_keep
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session
from portal.platform.web.uploads import READ_FACTOR, SmallUpload, UploadEndpoint

FEATURE = Feature(
    blueprints=(
        state_views.bp,
        settings_views.bp,
        trail_views.bp,
        invitation_views.bp,
        questionnaire_views.bp,
    ),
    api=(trail_api.area,),
    sensitive=(
        "settings.change_page",
        "settings.change",
        "settings.banner_page",
        "settings.change_banner",
        "settings.begin_page",
        "settings.begin_maintenance",
        "settings.end_page",
        "settings.end_maintenance",
        "invitation_lists.index",
        "invitation_lists.check",
        "invitation_lists.invite",
    ),
    limits={
        "trail.verify": (at_most("20 per hour", own_session),),
        "installation.send_test_mail": (at_most("10 per hour", own_session),),
        "invitation_lists.check": (at_most("60 per hour", own_session),),
        "invitation_lists.invite": (at_most("20 per hour", own_session),),
        "questionnaire_editions.check": (at_most("60 per hour", own_session),),
    },
    uploads=dict.fromkeys(
        ("invitation_lists.check", "questionnaire_editions.check"),
        UploadEndpoint(READ_FACTOR * FILE_MAX, partial(SmallUpload, FILE_MAX)),
    ),
    personal_data=(
        PersonalDataset(
            "administration", _l("Vérifications du journal"), build_personal_tables_to_keep(TrailVerification)
        ),
    ),
)
