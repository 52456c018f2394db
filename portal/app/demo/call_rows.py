"""Rows of a call of the demonstration, written in bulk: applications, assignments, sheets,
decisions. Everything follows from numbers, so that each loading gives the same."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import fold
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application, ApplicationMember, ApplicationState
from portal.selection.applications.queries import get_known_application_by_id
from portal.selection.calls.models import Call
from portal.selection.calls.queries import list_criteria
from portal.selection.deliberation import appeal_commands as appeals
from portal.selection.deliberation.appeal_commands import AppealAnswer
from portal.selection.deliberation.models import AppealState, ApplicationDecision, DecisionKind
from portal.selection.jury.models import InterestDeclaration, JurorScore, JuryAssignment
from portal.selection.jury.opening_commands import OPENED
from portal.selection.jury.spread_rules import ApplicationToSpread, spread_jurors
from portal.selection.ranking.models import StoredRank

NOT_A_STATE = "Le dossier est parvenu incomplet (démonstration)."
STRIDE = 9  # laureates are spread among the others by number
LEVELS = (2, 3, 1, 4, 3, 2, 3, 1, 2, 3, 4, 2)  # of invented applications, by number
OFFSETS = (0, 1, 0, -1, 0, 0, 1, -1, 0)


class CallRowWriter:
    """Writes the rows of one call; its jurors are numbered from 0."""

    def __init__(self, call: Call, lead: Actor, jurors: Sequence[Person], entry: Mapping[str, Any]) -> None:
        self.call, self.lead, self.jurors, self.entry = call, lead, jurors, entry
        self.criteria = list_criteria(call)
        self.rows: list[Application] = []
        self.laureate_ids: set[UUID] = set()

    @property
    def names(self) -> list[str]:
        return [person.name for person in self.jurors]

    def add_applications(
        self,
        laureates: Sequence[tuple[str, str, UUID]],
        invented: Sequence[tuple[str, str]],
        closes_on: date,
    ) -> None:
        """Write the applications, numbered from 1, laureates among them."""
        waiting, others = list(laureates), [(*each, None) for each in invented]
        for number in range(1, len(waiting) + len(others) + 1):
            is_laureate = bool(waiting) and (number % STRIDE == 4 or not others)
            organisation, title, project_id = (waiting if is_laureate else others).pop(0)
            row = self._build_application(number, organisation, title, closes_on)
            row.project_id = project_id
            self.rows.append(row)
            if is_laureate:
                self.laureate_ids.add(row.id)
        db.session.add_all(self.rows)
        db.session.flush()
        for row in self.rows:
            self._add_members(row)
            applications.record_application_act(self.lead, applications.RECEIVED, row)

    def _build_application(self, number: int, organisation: str, title: str, closes_on: date) -> Application:
        state, reason = ApplicationState.ELIGIBLE, ""
        if number in self.entry["not_eligible"]:
            state, reason = ApplicationState.NOT_ELIGIBLE, NOT_A_STATE
        if number in self.entry["withdrawn"]:
            state, reason = ApplicationState.WITHDRAWN, "L’organisme s’est retiré (démonstration)."
        conditions = range(len(self.call.conditions))
        return Application(
            id=new_id(),
            call_id=self.call.id,
            number=number,
            organisation=organisation,
            organisation_fold=fold(f"{organisation} {title}"),
            title=title,
            summary=f"Texte inventé pour la démonstration. {organisation} propose : « {title} ».",
            problem="Une tâche répétitive prend des heures aux agents, qui en laissent d’autres (inventé).",
            benefits="Du temps rendu aux agents ; des réponses plus rapides pour les usagers (inventé).",
            data_sources="Dossiers des trois dernières années ; le service lui-même",
            target_groups="Agents du service\nUsagers du service",
            ethical_risks="Erreurs sur des cas rares ; une relecture humaine est prévue (inventé).",
            contact_name=f"Contact {number} (démonstration)",
            contact_email=f"contact{number}@candidat.example",
            received_on=closes_on - timedelta(days=1 + number % 20),
            state=state,
            state_reason=reason,
            conditions_met=[n for n in conditions if state is not ApplicationState.NOT_ELIGIBLE or n != 1],
        )

    def _add_members(self, row: Application) -> None:
        for position, function in enumerate(("porteuse du projet", "métier", "technique")):
            member = ApplicationMember(
                application_id=row.id,
                position=position,
                name=f"Personne {row.number}-{position + 1} (démonstration)",
                email=f"personne{row.number}-{position + 1}@candidat.example",
                function=function,
            )
            db.session.add(member)

    def add_assignments(self) -> None:
        """Spread the eligible applications and write the sheets; all in, the scores open."""
        eligible = [row for row in self.rows if row.state is ApplicationState.ELIGIBLE]
        conflicts: Mapping[int, int] = self.entry["conflicts"]
        tasks = [
            ApplicationToSpread(row.number, [conflicts[row.number]] if row.number in conflicts else [])
            for row in eligible
        ]
        spread = spread_jurors(tasks, dict.fromkeys(range(len(self.jurors))), self.call.scores_needed)
        for row in eligible:
            if row.number in conflicts:
                self._add_assignment(row, conflicts[row.number], InterestDeclaration.CONFLICT)
            sent = sorted(spread.jurors[row.number])
            awaited = len(sent) - self.entry.get("sent", len(sent))
            for place, juror in enumerate(sent):
                is_sent = place >= awaited
                is_clear = is_sent or row.number % 2 == 0
                declaration = InterestDeclaration.CLEAR if is_clear else InterestDeclaration.AWAITED
                self._add_assignment(row, juror, declaration, is_sent=is_sent)
            if not awaited:
                row.state, row.opened_at = ApplicationState.SCORED, clock.now()
                applications.record_application_act(self.lead, OPENED, row)

    def _add_assignment(
        self, row: Application, juror: int, declaration: InterestDeclaration, *, is_sent: bool = False
    ) -> None:
        now = clock.now()
        is_clear = declaration is InterestDeclaration.CLEAR
        is_conflict = declaration is InterestDeclaration.CONFLICT
        assignment = JuryAssignment(
            id=new_id(),
            application_id=row.id,
            person_id=self.jurors[juror].id,
            published_at=now,
            declaration=declaration,
            declared_at=now if is_clear or is_conflict else None,
            conflict_reason="A conseillé l’organisme (démonstration)." if is_conflict else "",
            recused_at=now if is_conflict else None,
            sent_at=now if is_sent else None,
        )
        db.session.add(assignment)
        if is_sent:
            db.session.flush()
            db.session.add_all(
                [self._build_score(assignment, row, juror, n) for n in range(len(self.criteria))]
            )

    def _build_score(
        self, assignment: JuryAssignment, row: Application, juror: int, place: int
    ) -> JurorScore:
        level = 5 if row.id in self.laureate_ids else LEVELS[row.number % len(LEVELS)]
        level -= juror == 3  # one of them is more severe
        offset = OFFSETS[(row.number * 31 + juror * 17 + place * 13) % len(OFFSETS)]
        value = max(0, min(5, level + offset))
        return JurorScore(
            assignment_id=assignment.id,
            criterion_id=self.criteria[place].id,
            value=value,
            justification=f"{self.criteria[place].levels_fr[value]} (démonstration)",
        )

    def add_decisions(self, waiting: int) -> None:
        """Decide by the ranking: laureates, then a waiting list; all others are not selected."""
        ranks = {
            row[0]: row[1] for row in db.session.execute(select(StoredRank.application_id, StoredRank.rank))
        }
        scored = [row for row in self.rows if row.state is ApplicationState.SCORED]
        scored.sort(key=lambda row: (row.id not in self.laureate_ids, ranks.get(row.id) or 999, row.number))
        for place, row in enumerate(scored):
            self._add_decision(row, place, waiting)
        for row in self.rows:
            if row.state is ApplicationState.NOT_ELIGIBLE:
                self._add_decision(row, len(self.rows), waiting)
        db.session.flush()

    def _add_decision(self, row: Application, place: int, waiting: int) -> None:
        outcome = DecisionKind.NOT_SELECTED
        if place < self.call.places:
            outcome = DecisionKind.LAUREATE
        elif place < self.call.places + waiting:
            outcome = DecisionKind.WAITING_LIST
        words = {
            "laureate": "convainc le jury",
            "waiting_list": "convainc en partie",
            "not_selected": "reste à préciser",
        }
        reasons = {each.key: f"Le dossier {words[outcome]} (démonstration)." for each in self.criteria}
        decision = ApplicationDecision(
            application_id=row.id,
            outcome=outcome,
            reasons=reasons if row.state is ApplicationState.SCORED else {},
            author_id=self.lead.person_id,
        )
        db.session.add(decision)

    def reject_appeal(self, received_on: date) -> None:
        """Note an appeal of the first application that was not selected, and its rejection."""
        row = next(row for row in self.rows if row.state is ApplicationState.NOT_SELECTED)
        loaded = get_known_application_by_id(self.lead, row.id)
        text = "Le candidat estime que ses données ont été mal comprises (démonstration)."
        appeal = appeals.receive_appeal(self.lead, loaded, received_on, text)
        appeals.examine_appeal(
            self.lead, loaded, appeal, "Les trois jurés concordent (démonstration).", appeal.version
        )
        reply = AppealAnswer(AppealState.REJECTED, "Aucun élément nouveau (démonstration).")
        appeals.close_appeal(self.lead, loaded, appeal, reply, appeal.version)
