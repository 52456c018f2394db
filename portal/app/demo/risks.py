"""Risks of the demonstration and their mitigations."""

from functools import partial

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.ethics.risks import commands, mitigation_commands, queries
from portal.ethics.risks.commands import ResidualRisk, RiskFacts
from portal.ethics.risks.mitigation_commands import MitigationFacts, MitigationProof
from portal.ethics.risks.models import Mitigation, Risk
from portal.project.projects.numbered_queries import get_by_number
from portal.user_tests.findings.queries import get_finding


class RiskStory(StoryPart):
    """The risks of one project, in the order of their noting."""

    mitigation_numbers: dict[int, list[int]]  # numbers of mitigations by risk

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        self.mitigation_numbers = {}
        noted = sorted(project_story.get("risks", []), key=lambda listed_entry: listed_entry["day"])
        for number, entry in enumerate(noted, start=1):
            self.on_day(entry["day"], partial(self._note_risk, entry))
            for place, measure in enumerate(entry["mitigations"]):
                self.on_day(measure["day"], partial(self._add_mitigation, number, measure))
                if "due" in measure:
                    self.schedule_trigger_check(measure["due"] + 1)
                for verb in ("begun", "proved", "dropped"):
                    if verb in measure:
                        self.on_day(
                            measure[verb], partial(self._advance_mitigation, number, place, verb, measure)
                        )
            if "residual" in entry:
                self.on_day(entry["residual"]["day"], partial(self._reassess_risk, number, entry["residual"]))
            if "closed" in entry:
                self.on_day(entry["closed"]["day"], partial(self._close_risk, number, entry["closed"]))

    def _get_risk(self, number: int) -> Risk:
        return get_by_number(self.team[0], Risk, self.project, number)

    def _note_risk(self, entry: StoryEntry) -> None:
        names = ("what", "affected", "detail", "likelihood", "severity")
        facts = RiskFacts(**{name: entry[name] for name in names})
        finding = get_finding(*self.team, entry["finding"]) if "finding" in entry else None
        commands.note_risk(*self.team, facts, finding=finding)

    def _add_mitigation(self, number: int, entry: StoryEntry) -> None:
        member = self.team_member()
        due_on = self.day(entry["due"]) if "due" in entry else None
        owner_id = member.person_id if entry.get("owned") else None
        facts = MitigationFacts(what=entry["what"], owner_id=owner_id, due_on=due_on)
        mitigation = mitigation_commands.add_mitigation(member, self.project, self._get_risk(number), facts)
        self.mitigation_numbers.setdefault(number, []).append(mitigation.number)

    def _advance_mitigation(self, number: int, place: int, verb: str, entry: StoryEntry) -> None:
        member, project = self.team
        mitigation: tuple[Mitigation, Risk] = queries.get_mitigation_and_risk(
            member, project, self.mitigation_numbers[number][place]
        )
        version = mitigation[0].version
        if verb == "begun":
            mitigation_commands.begin_mitigation(member, project, mitigation)
        elif verb == "proved":
            proof = MitigationProof(link=entry["link"], note=entry["note"])
            mitigation_commands.prove_mitigation(member, project, mitigation, proof, version)
        else:
            mitigation_commands.drop_mitigation(member, project, mitigation, entry["note"], version)

    def _reassess_risk(self, number: int, entry: StoryEntry) -> None:
        risk = self._get_risk(number)
        left = ResidualRisk(**{name: entry[name] for name in ("likelihood", "severity", "reason")})
        commands.reassess_risk(*self.team, risk, left, risk.version)

    def _close_risk(self, number: int, entry: StoryEntry) -> None:
        risk = self._get_risk(number)
        commands.close_risk(*self.team, risk, entry["reason"], risk.version)
