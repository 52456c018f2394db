"""Ethics reviews of the demonstration."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from portal.app.demo import people
from portal.app.demo.questionnaire_answers import complete_with_default_answers
from portal.app.demo.story_files import read_yaml
from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.ethics.questionnaires.definition_rules import Answer
from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.rereviews.trigger_rules import REREVIEW_AFTER_DAYS
from portal.ethics.reviews import (
    answer_commands,
    commands,
    condition_commands,
    queries,
    reviewer_commands,
    round_queries,
)
from portal.ethics.reviews.answer_commands import AnswerInput
from portal.ethics.reviews.condition_commands import ConditionProof
from portal.ethics.reviews.models import Review, ReviewState
from portal.ethics.reviews.reviewer_commands import ConditionFacts
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor


@cache
def read_default_answers() -> Mapping[str, Mapping[str, Any]]:
    """The default answers of reviews, by questionnaire."""
    answers: Mapping[str, Any] = read_yaml("reviews.yaml")["answers"]
    return answers


class ReviewStory(StoryPart):
    """The reviews of one project, in the order of their opening."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        by_day = sorted(project_story.get("reviews", []), key=lambda listed_entry: listed_entry["opened"])
        for number, entry in enumerate(by_day, start=1):
            self._schedule_review(number, entry)

    def _schedule_review(self, number: int, entry: StoryEntry) -> None:
        self.on_day(entry["opened"], partial(self._open_review, entry))
        if "submitted" not in entry:
            return
        self.on_day(entry["submitted"], partial(self._submit_review, number))
        if "reviewer" not in entry:
            return
        self._schedule_reviewer_steps(number, entry)
        if "decided" in entry:
            self._schedule_review_decision(number, entry)

    def _schedule_reviewer_steps(self, number: int, entry: StoryEntry) -> None:
        self.on_day(entry["submitted"] + 1, partial(self._choose_reviewer, number, entry["reviewer"]))
        if "taken" in entry:
            self.on_day(entry["taken"], partial(self._take_review, number, entry["reviewer"]))
        if "opinion" in entry:
            self.on_day(entry["opinion"]["day"], partial(self._write_first_opinion, number, entry))
        if "more" in entry:
            self.on_day(entry["more"]["day"], partial(self._request_more_answers, number, entry))
        if "again" in entry:
            self.on_day(entry["again"]["day"], partial(self._answer_and_resubmit, number, entry))

    def _schedule_review_decision(self, number: int, entry: StoryEntry) -> None:
        self.on_day(entry["decided"]["day"], partial(self._decide_review, number, entry))
        self.schedule_trigger_check(entry["decided"]["day"] + REREVIEW_AFTER_DAYS)
        for place, condition in enumerate(entry["decided"].get("conditions", [])):
            if "proved" in condition:
                self.on_day(condition["proved"], partial(self._prove_condition, number, place, condition))
            if "confirmed" in condition:
                step = partial(self._confirm_condition, number, place, entry["reviewer"])
                self.on_day(condition["confirmed"], step)

    def _get_review(self, number: int) -> Review:
        return queries.get_review(*self.team, number)

    def _open_review(self, entry: StoryEntry) -> None:
        member, questionnaire = self.team_member(), get_questionnaire(entry["kind"])
        review = commands.open_review(member, self.project, questionnaire)
        usual = read_default_answers().get(entry["kind"], {})
        answers = complete_with_default_answers(questionnaire, dict(usual | entry.get("answers", {})))
        section_count = entry.get("partly", len(questionnaire.sections))
        sections = {section.key for section in questionnaire.sections[:section_count]}
        self._write_answers(review, answers, sections)

    def _write_answers(self, review: Review, answers: Mapping[str, Answer], sections: set[str]) -> None:
        current_review = queries.reload_review(review)
        answers_by_item = {}
        for item in current_review.definition.items:
            if item.key in answers and current_review.definition.section_of(item).key in sections:
                row, note = current_review.rows[item.key], str(answers.get(item.note_key, ""))
                answers_by_item[item.key] = AnswerInput(answers[item.key], note, row.version)
        answer_commands.save_answers(*self.team, review, answers_by_item)

    def _submit_review(self, number: int) -> None:
        commands.submit_review(self.actor_as("team_lead"), self.project, self._get_review(number))

    def _choose_reviewer(self, number: int, local: str) -> None:
        lead = self.actor_as("programme_lead")
        commands.choose_reviewer(
            lead, self.project, self._get_review(number), people.find_or_make_reviewer(local)
        )

    def _reviewer_actor(self, local: str) -> Actor:
        return actor_for(people.find_or_make_reviewer(local).id)

    def _take_review(self, number: int, local: str) -> None:
        reviewer_commands.take_review(self._reviewer_actor(local), self.project, self._get_review(number))

    def _write_first_opinion(self, number: int, entry: StoryEntry) -> None:
        review = self._get_review(number)
        first = queries.reload_review(review).definition.sections[0].key
        self._write_opinion(review, entry["reviewer"], first, entry["opinion"]["first"], lacks=False)

    def _write_opinion(self, review: Review, local: str, section: str, text: str, *, lacks: bool) -> None:
        reviewer_commands.write_opinion(
            self._reviewer_actor(local),
            self.project,
            review,
            section,
            reasons=text,
            lacks=lacks,
            expected_version=0,
        )

    def _request_more_answers(self, number: int, entry: StoryEntry) -> None:
        review, more = self._get_review(number), entry["more"]
        for section, text in more["sections"].items():
            self._write_opinion(review, entry["reviewer"], section, text, lacks=True)
        judge = self._reviewer_actor(entry["reviewer"])
        reviewer_commands.request_more(judge, self.project, review, more["because"])

    def _answer_and_resubmit(self, number: int, entry: StoryEntry) -> None:
        review = self._get_review(number)
        self._write_answers(review, entry["again"]["answers"], set(entry["more"]["sections"]))
        commands.submit_review(self.actor_as("team_lead"), self.project, review)
        self._take_review(number, entry["reviewer"])

    def _decide_review(self, number: int, entry: StoryEntry) -> None:
        review, decided = self._get_review(number), entry["decided"]
        judge = self._reviewer_actor(entry["reviewer"])
        for condition in decided.get("conditions", []):
            facts = ConditionFacts(what=condition["what"], due_on=self.day(condition["due"]))
            reviewer_commands.draft_condition(judge, self.project, review, facts)
        outcome = ReviewState(decided["outcome"])
        reviewer_commands.decide_review(judge, self.project, review, outcome, decided["reasons"])

    def _find_condition_and_review(self, number: int, place: int) -> condition_commands.ConditionAndReview:
        review = self._get_review(number)
        listed = round_queries.list_conditions(*self.team, review)
        return sorted(listed, key=lambda condition: condition.number)[place], review

    def _prove_condition(self, number: int, place: int, entry: StoryEntry) -> None:
        condition, review = self._find_condition_and_review(number, place)
        proof = ConditionProof(text=entry["proof"])
        condition_commands.prove_condition(*self.team, (condition, review), proof, condition.version)

    def _confirm_condition(self, number: int, place: int, local: str) -> None:
        condition, review = self._find_condition_and_review(number, place)
        condition_commands.confirm_condition(
            self._reviewer_actor(local), self.project, (condition, review), condition.version
        )
