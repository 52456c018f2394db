"""What the feature "notifications" brings to the application."""

from portal.collaboration.discussions.views import DiscussionReadHook
from portal.communication.notifications import (
    api,
    notifications,
    preference_views,
    retention_commands,
    views,
)
from portal.communication.notifications.commands import mark_discussion_notifications_read
from portal.communication.notifications.models import Mute, Notification, PersonMailHours, Preference
from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTextRedaction,
    build_personal_tables_to_delete,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import CountEffectOfSuccess, at_most, network

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp, preference_views.bp, preference_views.unsubscribe_bp),
    public=("unsubscribe.show_unsubscribe_page", "unsubscribe.unsubscribe"),
    csrf_exempt=("unsubscribe.unsubscribe",),
    limits={
        "unsubscribe.show_unsubscribe_page": (at_most("300 per 15 minutes", network),),
        "unsubscribe.unsubscribe": (
            at_most("100 per 15 minutes", network, CountEffectOfSuccess.IS_GIVEN_BACK),
        ),
    },
    sections=(DiscussionReadHook(mark_discussion_notifications_read),),
    notifications=(*notifications.KINDS, *notifications.RULES),
    retention=retention_commands.RULES,
    personal_data=(
        PersonalDataset(
            "notifications",
            _l("Notifications et préférences"),
            build_personal_tables_to_delete(Notification, Preference, Mute, PersonMailHours),
        ),
        PersonalTextRedaction(model=Notification, is_copy=True),
    ),
)
