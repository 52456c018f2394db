"""What the feature "privacy" brings to the application."""

from portal.people.privacy import erasure_views, views
from portal.people.privacy.erasure_models import Erasure, ErasureMention
from portal.people.privacy.models import DataExport
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    PersonalDataset,
    PersonalTable,
    PersonalText,
    signed,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp, erasure_views.bp),
    limits={
        "privacy.request_export": (at_most("5 per day", own_session),),
        "privacy.download": (at_most("60 per hour", own_session),),
    },
    personal_data=(
        PersonalDataset(
            "privacy",
            _l("Exports de données"),
            (
                PersonalTable(model=DataExport, effect=ErasureEffect.DELETED, secrets=("key",)),
                *signed(Erasure, ErasureMention),
            ),
        ),
        PersonalText(model=ErasureMention, is_copy=True),  # reasons that quote the name
    ),
)
