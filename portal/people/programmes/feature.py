"""What the feature "programmes" brings to the application."""

from portal.people.accounts.views import ActorFinder
from portal.people.programmes import administrator_views, api, commands, invitation_views, track_views, views
from portal.people.programmes.models import Invitation, Programme, RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    SharedTextTable,
    build_personal_tables_to_delete,
)
from portal.platform.kernel.retention import RetentionGroup, RetentionRule
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import CountEffectOfSuccess, at_most, network

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp, track_views.bp, administrator_views.bp, invitation_views.bp),
    public=("invitations.show_invitation", "invitations.accept"),
    sensitive=(
        "programmes.invite",
        "programmes.end_role_page",
        "programmes.end_role",
        "administrators.index",
        "administrators.invite",
    ),
    limits={
        "invitations.accept": (at_most("100 per 15 minutes", network, CountEffectOfSuccess.IS_GIVEN_BACK),)
    },
    sections=(ActorFinder(actor_for),),
    personal_data=(
        PersonalDataset(
            "roles",
            _l("Rôles et invitations"),
            (
                *build_personal_tables_to_delete(RoleAssignment),
                PersonalTable(model=Invitation, addresses=("email",), secrets=("token_hash",)),
            ),
        ),
        SharedTextTable(Programme, (commands.CREATED,)),
        PersonalTextRedaction(model=Invitation, is_copy=True),
    ),
    retention=(
        RetentionRule(
            key="invitations",
            group=RetentionGroup.ACCOUNTS,
            title=_l("Invitations : adresse invitée, rôle proposé, qui invite"),
            reason=_l("Le lien sert quatorze jours ; ensuite, savoir qui a invité qui"),
            days=365,
            model=Invitation,
            is_over=lambda before: Invitation.expires_at < before,
        ),
    ),
)
