"""User tests of the demonstration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.project.framing.queries import get_group
from portal.sprints.prototypes.queries import get_version
from portal.user_tests.rounds import commands, queries
from portal.user_tests.rounds import consent_commands as consents
from portal.user_tests.rounds import session_commands as sessions
from portal.user_tests.rounds import task_commands as tasks
from portal.user_tests.rounds.commands import RoundPlan
from portal.user_tests.rounds.consent_commands import ConsentParts
from portal.user_tests.rounds.consent_labels import CONSENT_PARTS
from portal.user_tests.rounds.merge_rules import SentValue
from portal.user_tests.rounds.models import RoundScale, SessionMethod, TestRound
from portal.user_tests.rounds.session_commands import SessionInput
from portal.user_tests.rounds.session_models import TaskOutcome
from portal.user_tests.rounds.session_queries import read_session
from portal.user_tests.rounds.task_commands import TaskFacts


class UserTestStory(StoryPart):
    """The rounds of one project, in their order."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        for number, entry in enumerate(project_story.get("rounds", []), start=1):
            self.on_day(
                entry["day"], partial(self._copy_round if "copies" in entry else self._plan_round, entry)
            )
            for session in entry.get("sessions", []):
                self.on_day(session["day"], partial(self._run_session, number, session))
            if "ended" in entry:
                self.on_day(entry["ended"], partial(self._end_round, number, entry["access"]))

    def _plan_round(self, entry: StoryEntry) -> None:
        plan = RoundPlan(
            version=get_version(*self.team, entry["version"]),
            method=SessionMethod(entry["method"]),
            scale=RoundScale(entry["scale"]),
            starts_on=self.day(entry["from"]),
            ends_on=self.day(entry["to"]),
            groups=[get_group(*self.team, number) for number in entry["groups"]],
            **{name: entry[name] for name in ("title", "hypotheses", "script")},
            participant_goal=entry["wanted"],
        )
        round_ = commands.plan_round(*self.team, plan)
        self._add_tasks(round_, entry["tasks"])
        if "contact" in entry:
            self._write_consent_contact(round_, entry["contact"])

    def _copy_round(self, entry: StoryEntry) -> None:
        source = queries.get_round(*self.team, entry["copies"])
        version = get_version(*self.team, entry["version"])
        round_ = commands.copy_round(*self.team, source, version, entry["title"])
        self._add_tasks(round_, entry["add"])

    def _add_tasks(self, round_: TestRound, entries: Sequence[Mapping[str, Any]]) -> None:
        for entry in entries:
            same = {name: entry[name] for name in ("title", "instruction", "success")}
            is_primary = entry.get("primary", False)
            text = TaskFacts(time_limit=entry["limit"], is_primary=is_primary, **same)
            tasks.add_task(*self.team, round_, text)

    def _write_consent_contact(self, round_: TestRound, contact: Mapping[str, str]) -> None:
        for text in queries.list_consent_texts_by_language(round_).values():
            stored_parts = ConsentParts(**{part: getattr(text, part) for part in CONSENT_PARTS})
            parts, version = replace(stored_parts, dpo_contact=contact[text.locale]), text.version
            consents.change_consent_text(*self.team, round_, text, parts, expected_version=version)

    def _run_session(self, number: int, entry: StoryEntry) -> None:
        """Add an invented participant, from the code to the last answer."""
        round_ = queries.get_round(*self.team, number)
        group = get_group(*self.team, entry["group"])
        begun = sessions.begin_session(*self.team, round_, group, is_rehearsal=False)
        session = read_session(*self.team, begun.number)
        sessions.record_consent(*self.team, session, self.day(entry["day"]))
        parts: dict[str, Mapping[str, Any]] = {"s": {"notes": entry["note"]}}
        for task, (outcome, *rest) in zip(queries.list_tasks(round_), entry["results"], strict=True):
            noted = dict(zip(("seconds", "ease", "errors"), rest, strict=True))
            parts[f"t{task.number}"] = {"outcome": TaskOutcome(outcome), **noted}
        parts |= {f"a{n}": {"value": answer} for n, answer in enumerate(entry["answers"], start=1)}
        typed = {
            part: {
                name: SentValue(field_value, "")
                for name, field_value in fields.items()
                if field_value is not None
            }
            for part, fields in parts.items()
        }
        sessions.save_session(*self.team, session, SessionInput(typed))
        sessions.end_session(*self.team, session)

    def _end_round(self, number: int, access: int) -> None:
        row = queries.get_round(*self.team, number)
        commands.end_or_reopen_round(*self.team, row, is_over=True)
        commands.record_access_needs_count(*self.team, row, access, "", expected_version=row.version)
