"""Operations on decisions that are written back: setting, preview, proposal, approval by another lead."""

from typing import Any

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.selection.applications.models import NUMBER_MAX
from portal.selection.calls.api import CALL
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.source_replies import commands, labels, queries, schemas

area = ApiArea("selection")
REPLIES = f"{CALL}/replies"
SETTING = f"{REPLIES}/setting"


@area.get(SETTING, schemas.RepliesSettingSchema)
def get_replies_setting(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Read as whom a call writes its decisions back, and the annotations that it may fill."""
    return _dump_reply_setting(get_programme_and_led_call(call.actor, programme, number)[1])


@area.change(SETTING, schemas.RepliesSettingSchema, body=schemas.RepliesBodySchema)
def switch_replies_on(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Let a call write its published decisions back; `If-Match: "0"` for a first setting."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    options = call.values("is_silent", "annotation_id")
    commands.save_reply_setting(call.actor, row, call.body["instructor_id"], call.version, **options)
    return _dump_reply_setting(row)


def _dump_reply_setting(call: Call) -> dict[str, Any]:
    setting = queries.find_reply_setting(call)
    return {
        "version": setting.version if setting else 0,
        "instructor_id": setting.instructor_id if setting else "",
        "is_silent": setting.is_silent if setting else True,
        "annotation_id": setting.annotation_id if setting else "",
        "annotations": commands.list_text_annotations(call),
    }


@area.list(f"{REPLIES}/proposable", schemas.ProposableReplySchema)
def list_proposable_replies(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the published decisions that have no reply yet, with what the procedure would be told."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return call.page.cut_whole_list(
        [
            {"application": each.application.number, "title": each.application.title, "act": act}
            for each, act in commands.list_proposable_replies(call.actor, row)
        ],
        key_by_fields("application"),
    )


@area.list(REPLIES, schemas.SourceReplySchema)
def list_replies(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the replies of a call, as they leave or left, by number of the application."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    rows = []
    for reply, application in queries.list_replies(call.actor, row):
        columns = {name: getattr(reply, name, None) for name in schemas.SourceReplySchema().fields}
        place = {"application": application.number, "title": application.title}
        rows.append(columns | place | {"explanation": labels.unsent_reply_reason(reply)})
    return call.page.cut_whole_list(rows, key_by_fields("application"))


@area.act(f"{REPLIES}/propose", schemas.ReplyCountSchema)
def propose_replies(call: ApiCall, programme: str, number: int) -> dict[str, int]:
    """Propose a reply for each published decision that has none."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return {"replies": commands.propose_replies(call.actor, row)}


@area.act(f"{REPLIES}/approve", schemas.ReplyCountSchema, is_personal=True, asks_again=True)
def approve_replies(call: ApiCall, programme: str, number: int) -> dict[str, int]:
    """Approve what somebody else proposed: each is sent once."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    return {"replies": commands.approve_replies(call.actor, row)}


@area.delete(f"{REPLIES}/<int(max={NUMBER_MAX}):application>")
def take_reply_back(call: ApiCall, programme: str, number: int, application: int) -> None:
    """Take back the reply of an application that has not left."""
    row = get_programme_and_led_call(call.actor, programme, number)[1]
    commands.take_back_reply(call.actor, row, queries.get_reply(call.actor, row, application))
