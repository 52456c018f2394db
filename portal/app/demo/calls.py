"""Calls of the demonstration: applications, a jury of five, scores, decisions; all invented except
the organisations and titles of the laureates.

The call, its jury, states and publication are made by the commands that people use. Applications,
sheets and decisions are written as rows: some thousand of them have to load in a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.app.demo import people
from portal.app.demo.call_imports import add_import_history
from portal.app.demo.call_rows import CallRowWriter
from portal.app.demo.story_clock import freeze_story_clock, moment_not_after_now
from portal.app.demo.story_files import read_yaml
from portal.people.accounts.models import Person
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import actor_for, get_roles_in_scope
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.selection.calls import commands as calls
from portal.selection.calls.commands import CallFacts
from portal.selection.calls.models import Call, CallState, TieRule
from portal.selection.calls.rules import read_new_call_defaults
from portal.selection.deliberation import commands as deliberation
from portal.selection.deliberation.commands import MinutesFacts
from portal.selection.jury import commands as jury
from portal.selection.jury.commands import SeatFacts
from portal.selection.ranking.commands import refresh_ranking

FILE = "calls.yaml"
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class _CallDays:
    """Days of a call, from a first one."""

    first: date

    def at(self, offset: int, hour: int = 9) -> datetime:
        return moment_not_after_now(self.day(offset), hour)

    def day(self, offset: int) -> date:
        return self.first + timedelta(days=offset)


def load_call(programme: Programme, today: date, projects: Sequence[Project]) -> None:
    """Load the call of a programme, if it has one; its laureates are the programme's projects."""
    story = read_yaml(FILE)
    entry = story["calls"].get(programme.slug)
    if entry is None:
        return
    lead = actor_for(people.find_or_make_account_person("direction").id)
    is_over = "published" in entry
    days = _CallDays(programme.starts_on if is_over else today)
    with freeze_story_clock(days.at(entry["opens"])):
        jurors = _find_or_make_jurors(programme, story)
        lead = actor_for(lead.person_id)
        call = _plan_call(lead, programme, entry, story, days)
        for person, employer in jurors:
            jury.seat_juror(lead, call, person.id, SeatFacts(employer=employer))
        _advance_call_to_state(lead, call, CallState.OPEN)
    laureates = [(project.organisation, project.title_fr, project.id) for project in projects if is_over]
    rows = CallRowWriter(call, lead, [person for person, _employer in jurors], entry)
    with freeze_story_clock(days.at(entry["closes"])):
        rows.add_applications(laureates, story["invented"][: entry["invented"]], days.day(entry["closes"]))
        if imported := entry.get("imported"):
            add_import_history(call, lead, rows.rows, imported, days.at(entry["closes"]))
        _advance_call_to_state(lead, call, CallState.IN_REVIEW)
    with freeze_story_clock(days.at(entry["review"])):
        rows.add_assignments()
        refresh_ranking(call)
    if is_over:
        _conclude_call(lead, call, rows, entry, days)


def _find_or_make_jurors(programme: Programme, story: Entry) -> Sequence[tuple[Person, str]]:
    """The five jurors of the demonstration, with their invented employers."""
    jurors = [(people.find_or_make_account_person("jury"), "")]
    jurors += [
        (people.find_or_make_person(local, name), employer) for local, name, employer in story["jurors"]
    ]
    for person, _employer in jurors:
        if Role.JUROR not in get_roles_in_scope(person.id, programme.id):
            roles.give_role(None, programme.id, person, Role.JUROR)
    return jurors


def _plan_call(lead: Actor, programme: Programme, entry: Entry, story: Entry, days: _CallDays) -> Call:
    texts = ("title_fr", "title_en", "purpose_fr", "purpose_en", "support_fr", "support_en", "places")
    letters = ("signatory_name", "signatory_function", "appeal_terms")
    facts = CallFacts(
        **{name: entry[name] for name in (*texts, "scores_needed")},
        **{name: story[name] for name in letters},
        opens_on=days.day(entry["opens"]),
        closes_on=days.day(entry["closes"]),
        results_on=days.day(entry["published"]) if "published" in entry else None,
        tie_rule=TieRule.JURY,
        checklist="\n".join(read_new_call_defaults()["checklist_fr"]),
    )
    call = calls.plan_call(lead, programme, facts)
    calls.publish_call_page(lead, call, call.version)
    return call


def _advance_call_to_state(lead: Actor, call: Call, state: CallState) -> None:
    order = list(CallState)
    while order.index(call.state) < order.index(state):
        following = order[order.index(call.state) + 1]
        calls.move_call_to_state(lead, call, following, call.version, knowingly=True)


def _conclude_call(lead: Actor, call: Call, rows: CallRowWriter, entry: Entry, days: _CallDays) -> None:
    """Deliberate, publish, and note an appeal that was rejected."""
    with freeze_story_clock(days.at(entry["published"], 8)):
        held_on = days.day(entry["published"])
        facts = MinutesFacts(held_on, "Paris (démonstration)", "\n".join(rows.names), entry["minutes"])
        deliberation.write_minutes(lead, call, facts, 0)
        rows.add_decisions(entry["waiting"])
        _advance_call_to_state(lead, call, CallState.DELIBERATED)
    with freeze_story_clock(days.at(entry["published"])):
        deliberation.publish_decisions(lead, call, call.version, knowingly=True)
    with freeze_story_clock(days.at(entry["published"] + 20)):
        rows.reject_appeal(days.day(entry["published"] + 12))
