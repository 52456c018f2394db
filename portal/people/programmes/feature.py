"""What the feature "programmes" brings to the application."""

from portal.people.accounts.views import ActorFinder
from portal.people.programmes import administrator_views, api, invitation_views, track_views, views
from portal.people.programmes.queries import actor_for
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import CountOnSuccess, at_most, network

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp, track_views.bp, administrator_views.bp, invitation_views.bp),
    public=("invitations.offer", "invitations.take"),
    sensitive=(
        "programmes.invite",
        "programmes.end_role_page",
        "programmes.end_role",
        "administrators.index",
        "administrators.invite",
    ),
    limits={"invitations.take": (at_most("100 per 15 minutes", network, CountOnSuccess.IS_GIVEN_BACK),)},
    sections=(ActorFinder(actor_for),),
)
