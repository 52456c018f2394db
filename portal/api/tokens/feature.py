"""What the feature "tokens" brings to the application."""

import sqlalchemy as sa

from portal.api.tokens import api, views
from portal.api.tokens.models import ApiToken
from portal.platform.kernel.personal_data import ErasureEffect, PersonalDataset, PersonalTable
from portal.platform.kernel.retention import ActivitySource
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp,),
    limits={"api_tokens.create": (at_most("30 per hour", own_session),)},
    api=(api.area,),
    personal_data=(
        PersonalDataset(
            "api_tokens",
            _l("Jetons d’accès"),
            (PersonalTable(model=ApiToken, effect=ErasureEffect.DELETED, secrets=("token_hash",)),),
        ),
    ),
    retention=(ActivitySource(sa.select(ApiToken.person_id, ApiToken.last_used_at)),),
)
