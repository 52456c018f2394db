"""The inbox and the page of preferences."""

from datetime import timedelta

import pytest

from portal.collaboration.discussions import commands as discussions
from portal.communication.notifications.kind_queries import NotificationTopic, kinds_by_code
from portal.communication.notifications.models import Channel, Mute, Notification, PersonMailHours, Preference
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.notifications import told


def header(page):
    return words_of(page.select_one(".phone-tools a[href='/inbox']"))


def test_an_empty_inbox_says_what_will_stand_there(team, browser_for):
    page = browser_for(team.nour).visit("/inbox")
    assert "Rien de nouveau pour l’instant." in words_of(page.main)
    assert header(page) == "Notifications"


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.JUROR, Role.OPERATOR])
def test_the_empty_inbox_of_whoever_nobody_can_mention_promises_no_mention(app, browser_for, role):
    page = browser_for(make.role(make.programme().id, role)).visit("/inbox")
    assert "mentionne" not in words_of(page.main)
    assert "ce que vous avez demandé au portail" in words_of(page.main)


def test_what_is_new_is_counted_above_every_page_and_leads_to_its_place(team, browser_for):
    first = discussions.start_thread(
        make.actor(team.lea), team.project.discussion_id, "@nour *regardez* ceci"
    )
    db.session.commit()
    nour = browser_for(team.nour)
    assert header(nour.visit("/profile")) == "1 notification à lire"
    discussions.reply_to_thread(
        make.actor(team.coach), db.session.get(discussions.Thread, first.comment.thread_id), "Oui"
    )
    db.session.commit()
    page = nour.visit("/inbox")
    assert header(page) == "1 notification à lire"  # one thread
    (line,) = page.select(".news__item")
    assert "Camille" in words_of(line)
    assert "Oui" in words_of(line)
    assert words_of(line.select_one(".news__said .muted").previous_sibling).endswith(":")
    assert "Et 1 autre avant" in words_of(line)
    answer = nour.client.get(line.a["href"])
    assert answer.headers["Location"].startswith("/comments/")
    assert header(nour.visit("/inbox")) == "Notifications"


def test_a_line_names_whom_a_comment_mentions_as_its_page_does(team, browser_for):
    discussions.start_thread(make.actor(team.lea), team.project.discussion_id, f"@{team.nour.handle} ceci")
    db.session.commit()
    (line,) = browser_for(team.nour).visit("/inbox").select(".news__item")
    assert f"@{team.nour.name} ceci" in words_of(line)


def test_what_a_newer_release_tells_is_told_in_neutral_words(team, browser_for):
    """Two releases run side by side while one upgrades, or the newer one was rolled back."""
    for kind in ("gathering", "newer"):
        newer = {"kind": kind, "action": "newer.done", "actor_id": team.lea.id, "group_id": new_id()}
        told(team.nour, team.project, **newer)
    page = browser_for(team.nour).visit("/inbox")
    lines = [words_of(line) for line in page.select(".news__item")]
    assert ["Léa a fait un changement" in line for line in lines] == [True, True]


def test_reading_the_discussion_itself_is_reading_the_news(team, browser_for):
    discussions.start_thread(make.actor(team.lea), team.project.discussion_id, "@nour ceci")
    db.session.commit()
    nour = browser_for(team.nour)
    nour.visit("/projects/heron/discussions")
    assert header(nour.visit("/profile")) == "Notifications"


def test_a_place_that_one_lost_is_not_told_of(team, browser_for):
    told(team.nour, make.project())
    page = browser_for(team.nour).visit("/inbox")
    assert not page.select(".news__item")
    assert header(page) == "Notifications"


def test_filters_pages_and_verbs(team, browser_for):
    for n in range(30):
        told(team.nour, team.project, group_id=new_id(), created_at=clock.now() - timedelta(hours=n))
    mine = told(team.nour, team.project, kind="joined", action="role.left", facts={"role": "coach"})
    nour = browser_for(team.nour)
    assert len(nour.visit("/inbox").select(".news__item")) == 25
    assert len(nour.visit("/inbox?page=2").select(".news__item")) == 6
    assert len(nour.visit(f"/inbox?kind=joined&project={team.project.id}").select(".news__item")) == 1
    nour.client.post(f"/inbox/groups/{mine.group_id}/mute")
    assert db.session.query(Mute).count() == 1
    nour.client.post(f"/inbox/groups/{mine.group_id}/unmute")
    db.session.rollback()
    assert db.session.query(Mute).count() == 0
    nour.client.post(f"/inbox/groups/{mine.group_id}/read")
    assert header(nour.visit("/inbox")) == "30 notifications à lire"
    shown = (clock.now() - timedelta(hours=10)).isoformat()
    nour.client.post("/inbox/read", data={"shown_at": shown})
    assert len(nour.visit("/inbox?unread=1").select(".news__item")) == 10
    nour.client.post("/inbox/read")
    assert "Tout est lu" in words_of(nour.visit("/inbox?unread=1").main)


def test_what_one_project_holds_is_marked_as_read_apart(team, browser_for):
    other = make.project(slug="grebe", organisation="Insee", acronym="INSEE")
    make.role(other.id, Role.TEAM_MEMBER, team.nour)
    for project in (team.project, other, other):
        told(team.nour, project, group_id=new_id())
    nour = browser_for(team.nour)
    page = nour.visit("/inbox")
    sections = {words_of(section.h2): section for section in page.select(".news")}
    assert set(sections) == {"CNAF", "INSEE"}
    assert len(sections["INSEE"].select(".news__item")) == 2
    button = sections["INSEE"].select_one("button[name=place]")
    assert words_of(button) == "Marquer 2 notifications comme lues : INSEE"
    for _click in range(2):
        answer = nour.client.post("/inbox/read?unread=1&page=1", data={"place": button["value"]})
        assert answer.headers["Location"] == "/inbox?unread=1"
    assert header(nour.visit("/inbox")) == "1 notification à lire"
    assert nour.client.post("/inbox/read", data={"place": "not-a-place"}).status_code == 404
    assert nour.client.post("/inbox/read", data={"place": ""}).status_code == 303
    assert header(nour.visit("/inbox")) == "1 notification à lire"


def test_what_is_marked_is_counted_as_the_button_and_the_header_count_it(team, browser_for):
    talk = new_id()
    for group_id in (talk, talk, talk, new_id()):
        told(team.nour, team.project, group_id=group_id)
    nour = browser_for(team.nour)
    page = nour.visit("/inbox")
    assert header(page) == "2 notifications à lire"
    button = page.select_one("button[name=place]")
    assert words_of(button).startswith("Marquer 2 notifications comme lues")
    for place in (button["value"], None):
        nour.client.post("/inbox/read", data={"place": place} if place else {})
        said = words_of(nour.visit("/inbox?unread=1").main)
        assert ("2 notifications marquées comme lues." if place else "Rien n’était à lire.") in said


def test_a_page_costs_the_same_whatever_it_lists(team, browser_for, statements):
    nour = browser_for(team.nour)

    def cost():
        nour.visit("/inbox")
        del statements[:]
        nour.visit("/inbox")
        return len(statements)

    told(team.nour, team.project)
    one = cost()
    for _ in range(20):
        told(team.nour, team.project, group_id=new_id())
    assert cost() == one <= 12


WISHES = {"opens": "9", "closes": "17", "days": ["1", "2"], "at_once_most": "3", "version": "0"}


def test_preferences_are_chosen_kept_and_never_overwritten_unseen(team, browser_for):
    nour = browser_for(team.nour)
    page = nour.visit("/inbox/preferences")
    usual = page.select_one("#kind_mentioned option[selected]") or page.select_one("#kind_mentioned option")
    assert words_of(usual) == "D’habitude : courriel tout de suite"
    usual = [words_of(page.select_one(f"#topic_{topic} option[value=usual]")) for topic in NotificationTopic]
    assert usual[0] == "D’habitude : courriel tout de suite, résumé du jour ou portail seulement"
    assert usual[-1] == "D’habitude : résumé du jour"
    chosen = WISHES | {"kind_mentioned": "daily", "no_digest": "y"}
    assert nour.client.post("/inbox/preferences", data=chosen).status_code == 303
    assert {(one.kind, one.channel) for one in db.session.query(Preference)} == {("mentioned", "daily")}
    rhythm = db.session.query(PersonMailHours).one()
    assert (rhythm.opens, rhythm.closes, rhythm.days, rhythm.at_once_most) == (9, 17, "12", 3)
    stale = nour.client.post("/inbox/preferences", data=WISHES | {"kind_mentioned": "never"})
    assert stale.status_code == 409
    assert "Résumé du jour" in stale.text
    db.session.rollback()
    assert db.session.query(Preference).one().channel == "daily"


@pytest.mark.parametrize("role", [Role.JUROR, Role.OPERATOR, Role.OBSERVER])
def test_who_reads_no_discussion_is_not_offered_what_is_written_there(team, browser_for, role):
    browser = browser_for(make.role(team.project.programme_id, role))
    kinds = {tag["name"] for tag in browser.visit("/inbox/preferences").select("select[name^=kind_]")}
    assert not kinds & {"kind_mentioned", "kind_replied", "kind_commented"}
    assert "kind_role" in kinds
    sent = WISHES | {"kind_role": "never", "kind_mentioned": "daily"}
    assert browser.client.post("/inbox/preferences", data=sent).status_code == 303
    assert {row.kind for row in db.session.query(Preference)} == {"role"}


def test_what_was_chosen_for_kinds_that_are_not_offered_now_stays(team, browser_for):
    operator = make.role(team.project.programme_id, Role.OPERATOR)
    db.session.add(Preference(person_id=operator.id, kind="mentioned", channel=Channel.NEVER))
    db.session.add(Preference(person_id=operator.id, kind="role", channel=Channel.NEVER))
    db.session.commit()
    assert browser_for(operator).client.post("/inbox/preferences", data=WISHES).status_code == 303
    assert [(row.kind, row.channel) for row in db.session.query(Preference)] == [("mentioned", "never")]


def test_one_choice_sets_all_kinds_of_a_topic_and_leaves_the_others(team, browser_for):
    nour = browser_for(team.nour)
    page = nour.visit("/inbox/preferences")
    topics = [name["name"] for name in page.select("select[name^=topic_]")]
    assert topics == ["topic_addressed", "topic_projects", "topic_dates"]
    assert not page.select(".folds details[open]")
    kinds = {tag["name"] for tag in page.select("select[name^=kind_]")}
    assert len(kinds) == len(kinds_by_code())

    nour.client.post("/inbox/preferences", data=WISHES | {"topic_dates": "never", "topic_projects": "usual"})
    db.session.rollback()
    stored = {row.kind: row.channel for row in db.session.query(Preference)}
    dates = {code for code, kind in kinds_by_code().items() if kind.topic == "dates"}
    assert stored == dict.fromkeys(dates, "never")

    page = nour.visit("/inbox/preferences")
    assert page.select_one("#topic_dates option[selected]")["value"] == "never"
    sent = {"version": "1", "topic_dates": "never", "kind_action_due": "daily"}  # one of them alone
    sent |= {f"kind_{code}": "never" for code in dates - {"action_due"}}
    assert nour.client.post("/inbox/preferences", data=WISHES | sent).status_code == 303
    db.session.rollback()
    stored = {row.kind: row.channel for row in db.session.query(Preference)}
    assert stored == dict.fromkeys(dates, "never") | {"action_due": "daily"}
    page = nour.visit("/inbox/preferences")
    assert page.select_one("#topic_dates option[selected]")["value"] == "mixed"
    assert "1 réglée par vous" not in words_of(page.main)
    sent = {"version": "2", "topic_dates": "usual"}
    nour.client.post("/inbox/preferences", data=WISHES | sent)
    db.session.rollback()
    assert db.session.query(Preference).count() == 0


@pytest.mark.parametrize(("field", "value"), [("closes", "8"), ("days", [])])
def test_hours_that_are_none_are_refused(team, browser_for, field, value):
    nour = browser_for(team.nour)
    assert nour.client.post("/inbox/preferences", data=WISHES | {field: value}).status_code == 422


def test_a_project_is_silenced_and_followed_again(team, browser_for):
    nour = browser_for(team.nour)
    path = f"/inbox/preferences/projects/{team.project.id}"
    nour.client.post(f"{path}/mute")
    assert "Silencieux" in words_of(nour.visit("/inbox/preferences").main.table)
    nour.client.post(f"{path}/unmute")
    assert "Silencieux" not in words_of(nour.visit("/inbox/preferences").main.table)


@pytest.mark.parametrize("button", ["all", "place", "group"])
def test_a_message_marked_as_read_here_is_read_in_its_discussion(team, browser_for, button):
    """And nobody else's."""
    for said in ("@nour ceci", "@nour cela"):
        discussions.start_thread(make.actor(team.lea), team.project.discussion_id, said)
    db.session.commit()
    nour, coach = browser_for(team.nour), browser_for(team.coach)
    unread = "/projects/heron/unread"
    assert "ceci" in words_of(nour.visit(unread).main)
    if button == "group":
        for item in db.session.query(Notification.group_id).filter_by(person_id=team.nour.id).distinct():
            nour.client.post(f"/inbox/groups/{item.group_id}/read")
    else:
        nour.client.post("/inbox/read", data={"place": team.project.id} if button == "place" else {})
    assert "ceci" not in words_of(nour.visit(unread).main)
    assert "ceci" in words_of(coach.visit(unread).main)
