"""Access table of notifications and outgoing letters (see `doors.py`)."""

from tests.house.door import ADMIN, COACH, DIRECTION, EVERYBODY, LEAD, MEMBER, REVIEWER, read, write

_OWN = "/inbox/groups/{news_group}"
_PROJECT = "/inbox/preferences/projects/{project}"
_READERS = {MEMBER, LEAD, COACH, REVIEWER, DIRECTION}
_WISHES = {"opens": "8", "closes": "19", "days": "1", "at_once_most": "", "version": "0"}

NOTIFICATION_DOORS = {
    "letters.index GET": read("/letters", {ADMIN}),
    "letters.page GET": read("/letters/{letter}", {ADMIN}),
    "letters.try_again POST": write("/letters/{letter}/again", {}, {ADMIN}),
    "letters.try_all_again POST": write("/letters/again", {}, {ADMIN}),
    "inbox.index GET": read("/inbox", EVERYBODY),
    "inbox.follow_link GET": read("/inbox/{news}", {MEMBER}),
    "inbox.mark_all_read POST": write("/inbox/read", {}, EVERYBODY),
    "inbox.mark_or_mute_group POST": write(f"{_OWN}/read", {}, {MEMBER}),
    "calendars.page GET": read("/inbox/calendar", EVERYBODY),
    "calendars.make_link POST": write("/inbox/calendar", {}, EVERYBODY),
    "calendars.revoke_link POST": write("/inbox/calendar/revoke", {}, EVERYBODY),
    "preferences.page GET": read("/inbox/preferences", EVERYBODY),
    "preferences.save_preferences POST": write("/inbox/preferences", _WISHES, EVERYBODY),
    "preferences.mute_or_unmute_project POST": write(f"{_PROJECT}/mute", {}, _READERS),
}
UNSUBSCRIBE_DOORS = {
    "calendars.feed GET": read("/calendar/{calendar_token}.ics", EVERYBODY),
    "unsubscribe.show_unsubscribe_page GET": read("/unsubscribe/mentioned/{stop_link}", EVERYBODY),
    "unsubscribe.unsubscribe POST": write("/unsubscribe/mentioned/{stop_link}", {}, EVERYBODY),
}
