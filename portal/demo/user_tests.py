"""The demonstration's user tests, told through people's own commands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from portal.demo.teller import Teller, Telling, Then
from portal.framing.queries import get_group
from portal.prototypes.queries import get_version
from portal.user_tests import commands, queries
from portal.user_tests import consent_commands as consents
from portal.user_tests import session_commands as sessions
from portal.user_tests import task_commands as tasks
from portal.user_tests.commands import RoundPlan
from portal.user_tests.consent_commands import ConsentParts
from portal.user_tests.merging import Typed
from portal.user_tests.models import Method, Scale, TestRound
from portal.user_tests.session_commands import Sent
from portal.user_tests.session_queries import read_session
from portal.user_tests.sessions import Outcome
from portal.user_tests.task_commands import TaskText
from portal.user_tests.wording import PARTS


class UserTests(Teller):
    """Tells one project's rounds, in their order."""

    def tell(self, given: Telling, then: Then) -> None:
        for number, told in enumerate(given.get("rounds", []), start=1):
            then(told["day"], partial(self._copy if "copies" in told else self._plan, told))
            for session in told.get("sessions", []):
                then(session["day"], partial(self._run, number, session))
            if "ended" in told:
                then(told["ended"], partial(self._end, number, told["access"]))

    def _plan(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        plan = RoundPlan(
            version=get_version(member, self.project, told["version"]),
            method=Method(told["method"]),
            scale=Scale(told["scale"]),
            starts_on=self.day(told["from"]),
            ends_on=self.day(told["to"]),
            groups=[get_group(member, self.project, number) for number in told["groups"]],
            **{name: told[name] for name in ("title", "hypotheses", "script", "wanted")},
        )
        made = commands.plan_round(member, self.project, plan)
        self._add_tasks(made, told["tasks"])
        if "contact" in told:
            self._write_contact(made, told["contact"])

    def _copy(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        source = queries.get_round(member, self.project, told["copies"])
        version = get_version(member, self.project, told["version"])
        made = commands.copy_round(member, self.project, source, version, told["title"])
        self._add_tasks(made, told["add"])

    def _add_tasks(self, round_: TestRound, given: Sequence[Mapping[str, Any]]) -> None:
        for told in given:
            same = {name: told[name] for name in ("title", "instruction", "success")}
            is_primary = told.get("primary", False)
            text = TaskText(time_limit=told["limit"], is_primary=is_primary, **same)
            tasks.add_task(self.member(), self.project, round_, text)

    def _write_contact(self, round_: TestRound, contact: Mapping[str, str]) -> None:
        for text in queries.list_consents(round_).values():
            kept = ConsentParts(**{part: getattr(text, part) for part in PARTS})
            parts, seen = replace(kept, dpo_contact=contact[text.locale]), text.version
            consents.write_consent(self.member(), self.project, round_, text, parts, seen=seen)

    def _run(self, number: int, told: Mapping[str, Any]) -> None:
        """One participant who never was: from the code to the last answer."""
        member = self.member()
        round_ = queries.get_round(member, self.project, number)
        group = get_group(member, self.project, told["group"])
        begun = sessions.begin_session(member, self.project, round_, group, is_rehearsal=False)
        held = read_session(member, self.project, begun.number)
        sessions.give_consent(member, self.project, held, self.day(told["day"]))
        parts: dict[str, Mapping[str, Any]] = {"s": {"notes": told["note"]}}
        for task, (outcome, *rest) in zip(queries.list_tasks(round_), told["results"], strict=True):
            noted = dict(zip(("seconds", "ease", "errors"), rest, strict=True))
            parts[f"t{task.number}"] = {"outcome": Outcome(outcome), **noted}
        parts |= {f"a{n}": {"value": value} for n, value in enumerate(told["answers"], start=1)}
        typed = {
            part: {name: Typed(value, "") for name, value in fields.items() if value is not None}
            for part, fields in parts.items()
        }
        sessions.save_session(member, self.project, held, Sent(typed))
        sessions.end_session(member, self.project, held)

    def _end(self, number: int, access: int) -> None:
        member = self.member()
        row = queries.get_round(member, self.project, number)
        commands.end_round(member, self.project, row, is_over=True)
        commands.count_access_needs(member, self.project, row, access, "", seen=row.version)
