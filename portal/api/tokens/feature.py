"""What the feature "tokens" brings to the application."""

import sqlalchemy as sa

from portal.api.tokens import api, commands, machine_views, views
from portal.api.tokens.machine_models import MachineAccount
from portal.api.tokens.models import ApiToken
from portal.people.accounts.access_commands import PersonalTokensAndLinksSource
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    PersonalDataset,
    PersonalTable,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.retention import ActivitySource
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp, machine_views.bp),
    limits={
        name: (at_most("30 per hour", own_session),)
        for name in ("api_tokens.create", "machines.create", "machines.create_token")
    },
    api=(api.area,),
    personal_data=(
        PersonalDataset(
            "api_tokens",
            _l("Jetons d’accès"),
            (
                PersonalTable(model=ApiToken, effect=ErasureEffect.DELETED, secrets=("token_hash",)),
                *build_personal_tables_to_keep(MachineAccount),
            ),
        ),
    ),
    retention=(ActivitySource(sa.select(ApiToken.person_id, ApiToken.last_used_at)),),
    sections=(
        PersonalTokensAndLinksSource(
            commands.list_person_open_token_lines, commands.revoke_person_tokens_except
        ),
    ),
    sensitive=("api_tokens.create", "machines.create", "machines.create_token"),
)
