"""What the feature "tokens" brings to the application."""

from portal.api.tokens import api, commands, machine_views, views
from portal.people.accounts.access_commands import PersonalAccess
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp, machine_views.bp),
    limits={
        name: (at_most("30 per hour", own_session),)
        for name in ("api_tokens.create", "machines.create", "machines.create_token")
    },
    api=(api.area,),
    sections=(PersonalAccess(commands.list_access, commands.revoke_access),),
    sensitive=("api_tokens.create", "machines.create", "machines.create_token"),
)
