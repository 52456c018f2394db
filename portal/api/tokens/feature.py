"""What the feature "tokens" brings to the application."""

from portal.api.tokens import api, commands, views
from portal.people.accounts.access_commands import PersonalAccess
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp,),
    limits={"api_tokens.create": (at_most("30 per hour", own_session),)},
    api=(api.area,),
    sections=(PersonalAccess(commands.list_access, commands.revoke_access),),
    sensitive=("api_tokens.create",),
)
