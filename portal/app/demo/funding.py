"""Agreements and payments of the demonstration: amounts are invented, round and the same for all."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from zlib import crc32

from portal.app.demo import people
from portal.app.demo.attachments import attach_text_as_file
from portal.app.demo.story_files import read_yaml
from portal.app.demo.story_part import ProjectStory, StoryPart
from portal.funding.agreements import commands as agreements
from portal.funding.agreements.attachment_queries import AGREEMENT_FILES
from portal.funding.agreements.commands import AgreementFacts, Signature
from portal.funding.agreements.queries import LoadedInstalment, get_agreement, list_instalments
from portal.funding.agreements.terms_queries import RECOVERY_DAYS, find_funding_terms
from portal.funding.change_requests.commands import ChangeFacts, confirm_abandonment, file_change_request
from portal.funding.change_requests.decision_commands import ChangeAnswer, apply_change, decide_change
from portal.funding.change_requests.models import FundingChange, FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange, read_change_modes
from portal.funding.change_requests.terms_commands import FundingTermsFacts, set_funding_terms
from portal.funding.instalments import commands, payment_commands, plan_commands
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects.queries import get_programme_of, list_team

FILE = "funding.yaml"
CENTS = 100
CHECKER, PAYER = "operateur", "operateur2"
Entry = Mapping[str, Any]


class FundingStory(StoryPart):
    """The agreement of one project, and its instalments as their gates are accepted."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        story = read_yaml(FILE)
        begun = (self.project.starts_on - self.today).days
        signed = begun + story["agreement"]["signed"]
        self.on_day(signed, partial(self._sign_agreement, story))
        accepted = {
            entry["gate"]: entry["accepted"] for entry in project_story.get("asks", []) if "accepted" in entry
        }
        if change := story["changes"].get(self.project.slug):
            self._schedule_change(change, project_story.get("stopped"))
        others = story["others"].get(self.project.slug, {})
        for number, entry in enumerate(story["instalments"], 1):
            days = [accepted.get(gate) for gate in entry["gates"]]
            if None not in days and "documents" not in entry:
                self._schedule_instalment(number, max(signed, *days), story["pace"], others.get(number))

    def _schedule_instalment(self, number: int, ready: int, pace: Entry, other: Entry | None) -> None:
        """Ask once its gates are accepted, then check and pay; or take the other last step."""
        steps: Mapping[str, Callable[..., None]] = {
            "asked": self._ask_instalment,
            "checked": self._check_instalment,
            "paid": self._pay_instalment,
            "returned": self._return_instalment,
            "refused": self._refuse_instalment,
            "deferred": self._defer_instalment,
        }
        names = ("asked", "checked", "paid") if other is None else ("asked", other["last"])
        for name in names:
            day = (other or {}).get(name, ready + pace[name])
            if day <= 0:
                facts = {} if other is None or name == "asked" else {"reason": other["reason"]}
                self.on_day(day, partial(steps[name], number, **facts))

    def _schedule_change(self, entry: Entry, stopped: Entry | None) -> None:
        """File a request; decide and apply it, unless it still waits. Of an abandonment, the story of
        the project says why, and when it stops."""
        changes: list[FundingChange] = []
        facts = ChangeFacts(
            kind=FundingChangeKind(entry["kind"]),
            reason=entry["reason"] if stopped is None else stopped["reason"],
            days=entry.get("days"),
            learnings="" if stopped is None else stopped["learnings"],
        )
        self.on_day(entry["filed"], partial(self._file_change, facts, changes))
        decided = entry.get("decided") if stopped is None else stopped["day"]
        if decided is not None:
            self.on_day(decided, partial(self._decide_change, entry["answer"], changes))

    def _file_change(self, facts: ChangeFacts, changes: list[FundingChange]) -> None:
        agreement = get_agreement(self.project)
        changes.append(file_change_request(self.actor_as("team_lead"), self.project, agreement, facts))

    def _decide_change(self, reasons: str, changes: Sequence[FundingChange]) -> None:
        loaded = LoadedChange(self.project, get_agreement(self.project), changes[0])
        if loaded.row.kind is FundingChangeKind.ABANDONMENT:
            sponsor = actor_for(list_team(self.project)[0].person.id)
            confirm_abandonment(sponsor, loaded, loaded.row.version)
        lead, answer = self.actor_as("programme_lead"), ChangeAnswer(is_granted=True, reasons=reasons)
        decide_change(lead, loaded, answer, loaded.row.version)
        apply_change(lead, loaded, loaded.row.version)

    def _make_account_actor(self, local: str) -> Actor:
        return actor_for(people.find_or_make_account_person(local).id)

    def _set_letter_terms(self, handler: Actor, letters: Entry) -> None:
        """Say once for a programme who signs letters."""
        programme = get_programme_of(self.project)
        if find_funding_terms(programme.id) is None:
            modes = read_change_modes(programme.id)
            facts = FundingTermsFacts(recovery_days=RECOVERY_DAYS, modes=modes, **letters)
            set_funding_terms(handler, programme, facts, 0)

    def _sign_agreement(self, story: Entry) -> None:
        handler, entry = self._make_account_actor(CHECKER), story["agreement"]
        self._set_letter_terms(handler, story["letters"])
        facts = AgreementFacts(
            number=f"DEMO-{self.project.slug}".upper(),
            legal_commitment=f"99{crc32(self.project.slug.encode()) % 10**8:08}",
            operator_reference=f"DEMO-OP-{self.project.slug}".upper(),
            purpose=entry["purpose"],
            parties=[(name, siret) for name, siret in entry["parties"]],
            amount_cents=entry["euros"] * CENTS,
            starts_on=self.project.starts_on,
            ends_on=self.project.ends_on,
        )
        row = agreements.save_agreement(handler, self.project, facts, 0)
        for each in story["instalments"]:
            plan = InstalmentFacts(
                amount_cents=each["euros"] * CENTS,
                gates=each["gates"],
                documents=[(name, None) for name in each.get("documents", ())],
            )
            plan_commands.plan_instalment(handler, self.project, row, plan)
        place = AGREEMENT_FILES.place(handler, self.project, row)
        file = attach_text_as_file(handler, place, entry["file"], entry["text"])
        signature = Signature(clock.today(), file.id)
        agreements.sign_agreement(handler, self.project, row, signature, row.version)

    def _load_instalment(self, number: int) -> LoadedInstalment:
        row = next(each for each in list_instalments(self.project) if each.number == number)
        return LoadedInstalment(self.project, get_agreement(self.project), row)

    def _ask_instalment(self, number: int) -> None:
        loaded = self._load_instalment(number)
        commands.request_instalment(self.actor_as("team_lead"), loaded, loaded.row.version)

    def _check_instalment(self, number: int) -> None:
        loaded = self._load_instalment(number)
        commands.check_instalment(self._make_account_actor(CHECKER), loaded, "", loaded.row.version)

    def _pay_instalment(self, number: int) -> None:
        loaded = self._load_instalment(number)
        payment = Payment(paid_on=clock.today(), reference=f"DEMO-{self.project.slug}-{number}")
        payment_commands.pay_instalment(self._make_account_actor(PAYER), loaded, payment, loaded.row.version)

    def _return_instalment(self, number: int, reason: str) -> None:
        loaded = self._load_instalment(number)
        commands.return_instalment(self._make_account_actor(CHECKER), loaded, reason, loaded.row.version)

    def _refuse_instalment(self, number: int, reason: str) -> None:
        loaded = self._load_instalment(number)
        commands.refuse_instalment(self._make_account_actor(CHECKER), loaded, reason, loaded.row.version)

    def _defer_instalment(self, number: int, reason: str) -> None:
        loaded = self._load_instalment(number)
        commands.defer_instalment(self._make_account_actor(CHECKER), loaded, reason, loaded.row.version)


def is_stopped_by_request(slug: str) -> bool:
    """Whether a project of the story stops by a request of its team."""
    entry: Entry = read_yaml(FILE)["changes"].get(slug, {})
    return bool(entry.get("kind") == FundingChangeKind.ABANDONMENT)
