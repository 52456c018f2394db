"""Operations on one's own notifications, what is muted, and preferences."""

from dataclasses import asdict
from typing import Any

from portal.communication.notifications import commands, preference_commands, queries
from portal.communication.notifications.inbox_queries import InboxFilters, list_own_notifications
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.preference_commands import NotificationPreferenceValues
from portal.communication.notifications.schemas import (
    ChangeNotificationPreferencesSchema,
    MarkReadUntilSchema,
    MutedSchema,
    NotificationGroupChoiceSchema,
    NotificationPreferencesSchema,
    NotificationQuerySchema,
    NotificationSchema,
)
from portal.platform.kernel import clock
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_fields import describe_choices
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.platform.web.api_problems import ApiRefusal
from portal.project.projects.queries import get_project

area = ApiArea("personal")


@area.list("/notifications", NotificationSchema, query=NotificationQuerySchema, is_personal=True)
def list_notifications(call: ApiCall) -> ApiPage:
    """List one's notifications, the latest first."""
    filters = InboxFilters(**call.query)
    if filters.kind and filters.kind not in kinds_by_code():
        raise ApiRefusal(422, errors=[("?kind", str(describe_choices(kinds_by_code())))])
    return call.page.read_page_slice(
        lambda first, count: list_own_notifications(call.actor, filters, offset=first, limit=count),
        key_by_fields("fact_id"),
    )


@area.act("/notifications/read", None, body=NotificationGroupChoiceSchema, status=204, is_personal=True)
def read_notifications(call: ApiCall) -> None:
    """Mark the notifications of a group as read."""
    queries.get_latest_of_group(call.actor, call.body["group_id"])
    commands.mark_group_read(call.actor, call.body["group_id"])


@area.act("/notifications/read-all", None, body=MarkReadUntilSchema, status=204, is_personal=True)
def read_all_notifications(call: ApiCall) -> None:
    """Mark all notifications up to a moment as read, or those of one programme or project."""
    until = min(call.body["until"] or clock.now(), clock.now())
    if call.body["scope_id"] is None:
        commands.mark_all_read(call.actor, until)
    else:
        commands.mark_scope_read(call.actor, call.body["scope_id"], until)


@area.list("/notifications/mutes", MutedSchema, is_personal=True)
def list_mutes(call: ApiCall) -> ApiPage:
    """List the projects and groups of notifications that one muted."""
    return call.page.cut_whole_list(
        [{"about_id": id_} for id_ in sorted(queries.list_muted_ids(call.actor))], key_by_fields("about_id")
    )


@area.act("/notifications/mute", None, body=NotificationGroupChoiceSchema, status=204, is_personal=True)
def mute_notifications(call: ApiCall) -> None:
    """Mute a group of notifications, but for what is addressed to oneself."""
    commands.mute_group(call.actor, call.body["group_id"])


@area.act("/notifications/unmute", None, body=NotificationGroupChoiceSchema, status=204, is_personal=True)
def unmute_notifications(call: ApiCall) -> None:
    """Be told of a group of notifications again."""
    commands.unmute_group(call.actor, call.body["group_id"])


@area.act("/projects/<slug>/mute", None, status=204, is_personal=True)
def mute_project(call: ApiCall, slug: str) -> None:
    """Mute a project, but for what is addressed to oneself."""
    commands.mute_scope(call.actor, get_project(call.actor, slug).id)


@area.act("/projects/<slug>/unmute", None, status=204, is_personal=True)
def unmute_project(call: ApiCall, slug: str) -> None:
    """Be told of a project again."""
    commands.unmute_scope(call.actor, get_project(call.actor, slug).id)


@area.get("/notifications/preferences", NotificationPreferencesSchema, is_personal=True)
def get_notification_preferences(call: ApiCall) -> dict[str, Any]:
    """Read by which channel one is told of what, and when mails may arrive."""
    return asdict(preference_commands.read_notification_preferences(call.actor))


@area.change(
    "/notifications/preferences",
    NotificationPreferencesSchema,
    body=ChangeNotificationPreferencesSchema,
    is_personal=True,
)
def save_notification_preferences(call: ApiCall) -> dict[str, Any]:
    """Say by which channel one is told of what, and when mails may arrive.

    `If-Match: "0"` for the first time.
    """
    if unknown := call.body["channels"].keys() - kinds_by_code().keys():
        names = ", ".join(sorted(unknown))
        raise RuleBroken("channels", _("Ces sujets n’existent pas\u00a0: %(kinds)s.", kinds=names))
    preference_commands.replace_notification_preferences(
        call.actor, NotificationPreferenceValues(**call.body), call.version
    )
    return asdict(preference_commands.read_notification_preferences(call.actor))
