"""The risks of the demonstration and what is done about them, told through people's commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.demo.teller import Teller, Telling, Then
from portal.findings.queries import get_finding
from portal.risks import commands, mitigation_commands, queries
from portal.risks.commands import Residual, RiskFacts
from portal.risks.mitigation_commands import MitigationFacts, Proof
from portal.risks.models import Mitigation, Risk


class Register(Teller):
    """Tells one project's risks, by the day on which each was noted."""

    known: dict[int, list[int]]  # by risk, the numbers of its mitigations

    def tell(self, given: Telling, then: Then) -> None:
        self.known = {}
        noted = sorted(given.get("risks", []), key=lambda one: one["day"])
        for number, told in enumerate(noted, start=1):
            then(told["day"], partial(self._note, told))
            for place, measure in enumerate(told["mitigations"]):
                then(measure["day"], partial(self._decide, number, measure))
                for verb in ("begun", "proved", "dropped"):
                    if verb in measure:
                        then(measure[verb], partial(self._follow, number, place, verb, measure))
            if "residual" in told:
                then(told["residual"]["day"], partial(self._reassess, number, told["residual"]))
            if "closed" in told:
                then(told["closed"]["day"], partial(self._close, number, told["closed"]))

    def _risk(self, number: int) -> Risk:
        return queries.get_risk(self.member(), self.project, number)

    def _note(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        names = ("what", "affected", "detail", "likelihood", "severity")
        facts = RiskFacts(**{name: told[name] for name in names})
        finding = get_finding(member, self.project, told["finding"]) if "finding" in told else None
        commands.note_risk(member, self.project, facts, finding=finding)

    def _decide(self, number: int, told: Mapping[str, Any]) -> None:
        member = self.member()
        due_on = self.day(told["due"]) if "due" in told else None
        owner_id = member.person_id if told.get("owned") else None
        facts = MitigationFacts(what=told["what"], owner_id=owner_id, due_on=due_on)
        made = mitigation_commands.decide(member, self.project, self._risk(number), facts)
        self.known.setdefault(number, []).append(made.number)

    def _follow(self, number: int, place: int, verb: str, told: Mapping[str, Any]) -> None:
        member, project = self.member(), self.project
        of: tuple[Mitigation, Risk] = queries.get_mitigation(
            member, project, self.known[number][place]
        )
        seen = of[0].version
        if verb == "begun":
            mitigation_commands.begin_mitigation(member, project, of)
        elif verb == "proved":
            proof = Proof(link=told["link"], note=told["note"])
            mitigation_commands.prove(member, project, of, proof, seen)
        else:
            mitigation_commands.drop(member, project, of, told["note"], seen)

    def _reassess(self, number: int, told: Mapping[str, Any]) -> None:
        risk = self._risk(number)
        left = Residual(**{name: told[name] for name in ("likelihood", "severity", "reason")})
        commands.reassess(self.member(), self.project, risk, left, risk.version)

    def _close(self, number: int, told: Mapping[str, Any]) -> None:
        risk = self._risk(number)
        commands.close_risk(self.member(), self.project, risk, told["reason"], risk.version)
