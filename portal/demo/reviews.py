"""The ethics reviews of the demonstration, told through people's commands."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from portal.demo import cast
from portal.demo.answers import filled_in
from portal.demo.story import read_yaml
from portal.demo.teller import Teller, Telling, Then
from portal.kernel.access import Actor
from portal.programmes.queries import actor_for
from portal.questionnaires.definition import Answer
from portal.questionnaires.queries import get_questionnaire
from portal.reviews import (
    answer_commands,
    commands,
    condition_commands,
    queries,
    reviewer_commands,
    round_queries,
)
from portal.reviews.answer_commands import Said
from portal.reviews.condition_commands import Proof
from portal.reviews.models import Review, State
from portal.reviews.reviewer_commands import ConditionFacts


@cache
def usual_answers() -> Mapping[str, Mapping[str, Any]]:
    """By questionnaire: what a review answers that says nothing else."""
    told: Mapping[str, Any] = read_yaml("reviews.yaml")["answers"]
    return told


class Panel(Teller):
    """Tells one project's reviews, by the day on which each was opened."""

    def tell(self, given: Telling, then: Then) -> None:
        by_day = sorted(given.get("reviews", []), key=lambda one: one["opened"])
        for number, told in enumerate(by_day, start=1):
            self._tell_one(number, told, then)

    def _tell_one(self, number: int, told: Mapping[str, Any], then: Then) -> None:
        then(told["opened"], partial(self._open, told))
        if "submitted" not in told:
            return
        then(told["submitted"], partial(self._submit, number))
        if "reviewer" not in told:
            return
        self._tell_reading(number, told, then)
        if "decided" in told:
            self._tell_end(number, told, then)

    def _tell_reading(self, number: int, told: Mapping[str, Any], then: Then) -> None:
        then(told["submitted"] + 1, partial(self._choose, number, told["reviewer"]))
        if "taken" in told:
            then(told["taken"], partial(self._take, number, told["reviewer"]))
        if "opinion" in told:
            then(told["opinion"]["day"], partial(self._opine, number, told))
        if "more" in told:
            then(told["more"]["day"], partial(self._ask_more, number, told))
        if "again" in told:
            then(told["again"]["day"], partial(self._again, number, told))

    def _tell_end(self, number: int, told: Mapping[str, Any], then: Then) -> None:
        then(told["decided"]["day"], partial(self._decide, number, told))
        for place, condition in enumerate(told["decided"].get("conditions", [])):
            if "proved" in condition:
                then(condition["proved"], partial(self._prove, number, place, condition))
            if "confirmed" in condition:
                deed = partial(self._confirm, number, place, told["reviewer"])
                then(condition["confirmed"], deed)

    def _review(self, number: int) -> Review:
        return queries.get_review(self.member(), self.project, number)

    def _open(self, told: Mapping[str, Any]) -> None:
        member, of = self.member(), get_questionnaire(told["kind"])
        review = commands.open_review(member, self.project, of)
        usual = usual_answers().get(told["kind"], {})
        answers = filled_in(of, dict(usual | told.get("answers", {})))
        sections = {one.key for one in of.sections[: told.get("partly", len(of.sections))]}
        self._answer(review, answers, sections)

    def _answer(self, review: Review, answers: Mapping[str, Answer], sections: set[str]) -> None:
        held = queries.hold(review)
        said = {}
        for item in held.definition.items:
            if item.key in answers and held.definition.section_of(item).key in sections:
                row, note = held.rows[item.key], str(answers.get(item.note_key, ""))
                said[item.key] = Said(answers[item.key], note, row.version)
        answer_commands.answer(self.member(), self.project, review, said)

    def _submit(self, number: int) -> None:
        commands.submit(self.voice("team_lead"), self.project, self._review(number))

    def _choose(self, number: int, local: str) -> None:
        lead = self.voice("programme_lead")
        commands.choose_reviewer(lead, self.project, self._review(number), cast.reviewer(local))

    def _judge(self, local: str) -> Actor:
        return actor_for(cast.reviewer(local).id)

    def _take(self, number: int, local: str) -> None:
        reviewer_commands.take(self._judge(local), self.project, self._review(number))

    def _opine(self, number: int, told: Mapping[str, Any]) -> None:
        review = self._review(number)
        first = queries.hold(review).definition.sections[0].key
        self._write(review, told["reviewer"], first, told["opinion"]["first"], lacks=False)

    def _write(self, review: Review, local: str, section: str, text: str, *, lacks: bool) -> None:
        reviewer_commands.write_opinion(
            self._judge(local), self.project, review, section, reasons=text, lacks=lacks, seen=0
        )

    def _ask_more(self, number: int, told: Mapping[str, Any]) -> None:
        review, more = self._review(number), told["more"]
        for section, text in more["sections"].items():
            self._write(review, told["reviewer"], section, text, lacks=True)
        judge = self._judge(told["reviewer"])
        reviewer_commands.ask_more(judge, self.project, review, more["because"])

    def _again(self, number: int, told: Mapping[str, Any]) -> None:
        review = self._review(number)
        self._answer(review, told["again"]["answers"], set(told["more"]["sections"]))
        commands.submit(self.voice("team_lead"), self.project, review)
        self._take(number, told["reviewer"])

    def _decide(self, number: int, told: Mapping[str, Any]) -> None:
        review, decided = self._review(number), told["decided"]
        judge = self._judge(told["reviewer"])
        for one in decided.get("conditions", []):
            facts = ConditionFacts(what=one["what"], due_on=self.day(one["due"]))
            reviewer_commands.draft_condition(judge, self.project, review, facts)
        outcome = State(decided["outcome"])
        reviewer_commands.decide(judge, self.project, review, outcome, decided["reasons"])

    def _condition(self, number: int, place: int) -> condition_commands.Of:
        review = self._review(number)
        listed = round_queries.list_conditions(self.member(), self.project, review)
        return sorted(listed, key=lambda one: one.number)[place], review

    def _prove(self, number: int, place: int, told: Mapping[str, Any]) -> None:
        of = self._condition(number, place)
        shown = Proof(text=told["proof"])
        condition_commands.prove(self.member(), self.project, of, shown, of[0].version)

    def _confirm(self, number: int, place: int, local: str) -> None:
        of = self._condition(number, place)
        condition_commands.confirm(self._judge(local), self.project, of, of[0].version)
