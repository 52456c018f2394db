"""Agreements and instalments, made by the commands that people use."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from portal.collaboration.files.models import Attachment
from portal.funding.agreements import commands as agreements
from portal.funding.agreements.commands import AgreementFacts, Signature
from portal.funding.agreements.models import FundingAgreement, Instalment
from portal.funding.agreements.queries import LoadedInstalment, get_agreement, list_documents_by_instalment
from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.decision_commands import ChangeAnswer, decide_change
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.instalments import commands, document_commands, payment_commands, plan_commands
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.reports.commands import request_pdf, store_pdf
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import TeamKeyRoles
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.sprints.ceremonies.models import Demonstration
from portal.sprints.sprints.models import Sprint
from tests.support import ceremonies, gates, health, project_file
from tests.support import factories as make

_numbers = count(1)
SIRET = "11000201100044"
CANARY = 7_654_321_00  # cents: an amount that no page shows by chance
PURPOSE = "Objet qui ne se devine pas"


@dataclass(frozen=True)
class Cast:
    """A project and the people around its money."""

    project: Project
    lead: Actor
    member: Actor
    coach: Actor
    operator: Actor
    second: Actor
    direction: Actor


def cast(project: Project) -> Cast:
    """One person a role, and a second operator."""

    def actor(scope: object, role: Role) -> Actor:
        return make.actor(make.role(scope, role))  # type: ignore[arg-type]

    return Cast(
        project,
        actor(project.id, Role.TEAM_LEAD),
        actor(project.id, Role.TEAM_MEMBER),
        actor(project.id, Role.COACH),
        actor(project.programme_id, Role.OPERATOR),
        actor(project.programme_id, Role.OPERATOR),
        actor(project.programme_id, Role.PROGRAMME_LEAD),
    )


def facts(**given: object) -> AgreementFacts:
    n = next(_numbers)
    today = clock.today()
    usual: dict[str, object] = {
        "number": f"CONV-{n}",
        "legal_commitment": f"{2_100_000_000 + n}",
        "operator_reference": f"CDC-{n}",
        "purpose": PURPOSE,
        "parties": [("Caisse de démonstration", SIRET)],
        "amount_cents": CANARY,
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=240),
    }
    return AgreementFacts(**usual | given)  # type: ignore[arg-type]


def drafted(project: Project, handler: Actor, **given: object) -> FundingAgreement:
    made = agreements.save_agreement(handler, project, facts(**given), 0)
    db.session.commit()
    return made


def planned(project: Project, handler: Actor, amount: int, **given: object) -> Instalment:
    row = plan_commands.plan_instalment(
        handler,
        project,
        get_agreement(project),
        InstalmentFacts(amount_cents=amount, **given),  # type: ignore[arg-type]
    )
    db.session.commit()
    return row


def signable(project: Project, handler: Actor) -> Attachment:
    """The file of an agreement that may be its signed document."""
    author = db.session.get_one(Person, handler.person_id)
    return project_file.attachment(project, get_agreement(project), author, name="signee.csv")


def sign(project: Project, handler: Actor) -> FundingAgreement:
    row = get_agreement(project)
    signature = Signature(clock.today(), signable(project, handler).id)
    agreements.sign_agreement(handler, project, row, signature, row.version)
    db.session.commit()
    return row


def signed(
    project: Project, handler: Actor, *plan: InstalmentFacts, amount: int = CANARY, **given: object
) -> FundingAgreement:
    """A signed agreement; by default of one instalment without a condition."""
    total = sum(each.amount_cents for each in plan) if plan else amount
    row = drafted(project, handler, amount_cents=total, **given)
    for each in plan or (InstalmentFacts(amount_cents=amount),):
        plan_commands.plan_instalment(handler, project, row, each)
    db.session.commit()
    return sign(project, handler)


def load(row: Instalment) -> LoadedInstalment:
    project = db.session.get_one(Project, row.project_id)
    return LoadedInstalment(project, get_agreement(project), row)


def instalments(project: Project) -> list[LoadedInstalment]:
    rows = db.session.query(Instalment).filter_by(project_id=project.id).order_by(Instalment.number)
    return [load(row) for row in rows]


def ask(actor: Actor, loaded: LoadedInstalment) -> None:
    commands.request_instalment(actor, loaded, loaded.row.version)
    db.session.commit()


def check(actor: Actor, loaded: LoadedInstalment, reason: str = "") -> None:
    commands.check_instalment(actor, loaded, reason, loaded.row.version)
    db.session.commit()


def pay(actor: Actor, loaded: LoadedInstalment, reason: str = "", reference: str = "") -> bool:
    reference = reference or f"VIR-{next(_numbers)}"
    payment = Payment(paid_on=clock.today(), reference=reference, reason=reason)
    is_paid = payment_commands.pay_instalment(actor, loaded, payment, loaded.row.version)
    db.session.commit()
    return is_paid


def send_back(actor: Actor, loaded: LoadedInstalment, reason: str = "Incomplet") -> None:
    commands.return_instalment(actor, loaded, reason, loaded.row.version)
    db.session.commit()


def paid(people: Cast, loaded: LoadedInstalment) -> None:
    """Bring a planned instalment without a condition to its payment."""
    ask(people.lead, loaded)
    check(people.operator, loaded)
    pay(people.second, loaded)


def attached(loaded: LoadedInstalment, author: Person, text: str) -> Attachment:
    """A file of an instalment."""
    return project_file.attachment(loaded.project, loaded.row, author, data=text.encode(), name=f"{text}.csv")


def hand_in(actor: Actor, loaded: LoadedInstalment, file: Attachment) -> None:
    """Hand a file in as the first document."""
    document = list_documents_by_instalment([loaded.row])[loaded.row.id][0].row
    document_commands.hand_in_document(actor, loaded, document.id, file.id, loaded.row.version)
    db.session.commit()


def accept_gate(project: Project, actor: Actor) -> Demonstration:
    """Prove and accept G5; returns the demonstration that proves it."""
    closed = db.session.query(Sprint).filter_by(project_id=project.id, number=1).one_or_none()
    version = project_file.version(project, link="https://demo.example/v1")
    demonstration = ceremonies.demonstration(
        project, closed or make.closed_sprint(project), prototype_version_id=version.id
    )
    gates.judged(project)
    gates.decision(project, gates.PROTOTYPE, GateVerb.ACCEPTED, db.session.get_one(Person, actor.person_id))
    health.known(project)
    return demonstration


def make_gate_stale(project: Project, demonstration: Demonstration) -> None:
    """Take the proof of G5 away."""
    demonstration.prototype_version_id = None
    db.session.commit()
    gates.judged(project)
    health.known(project)


def abandoned(lead: Person) -> dict[str, object]:
    """A request for an abandonment of the project that a person leads, who is its sponsor too; another
    lead filed it."""
    asker = make.actor(lead)
    (project_id,) = asker.scopes_with(Role.TEAM_LEAD)
    project = db.session.get_one(Project, project_id)
    agreement = signed(project, make.actor(make.role(project.programme_id, Role.OPERATOR)))
    project_file.save(TeamKeyRoles(project_id=project.id, sponsor_id=lead.id))
    values = ChangeFacts(kind=FundingChangeKind.ABANDONMENT, reason="r", learnings="l")
    change = file_change_request(
        make.actor(make.role(project.id, Role.TEAM_LEAD)), project, agreement, values
    )
    db.session.commit()
    return {"abandoned_slug": project.slug, "abandonment_version": change.version}


def one_of_each(
    project: Project, drafted_project: Project, lead: Person, operator: Person
) -> dict[str, object]:
    """Instalments in every state, and an agreement in preparation; returns names for addresses."""
    ends = clock.today() + timedelta(days=200)
    handler, asker = make.actor(operator), make.actor(lead)
    second = make.actor(make.role(project.programme_id, Role.OPERATOR))
    third = make.actor(make.role(project.programme_id, Role.OPERATOR))
    some = InstalmentFacts(amount_cents=CANARY, documents=[("Bilan", ends)], needs_statement=True)
    plain = InstalmentFacts(amount_cents=CANARY)
    agreement = signed(project, handler, plain, plain, plain, plain, plain, some, plain)
    document = project_file.attachment(project, agreement, operator)
    first, asked, checked, paid_, recovering, stated, _last = instalments(project)
    for loaded in (asked, checked, paid_, recovering):
        ask(asker, loaded)
    for loaded in (checked, paid_, recovering):
        check(second, loaded)
    for loaded in (paid_, recovering):
        pay(third, loaded)
    recovery = payment_commands.announce_recovery(second, recovering, 100, "Trop versé")
    recovery.answer_until = clock.today()  # the team may answer still, and it may be booked
    preparer = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    document_commands.prepare_expense_statement(preparer, stated, 100, stated.row.version)
    file = project_file.attachment(project, stated.row, lead)
    draft = drafted(drafted_project, handler, amount_cents=CANARY)
    planned(drafted_project, handler, CANARY)
    changes = [
        file_change_request(asker, project, agreement, ChangeFacts(kind=kind, reason="r", **values))  # type: ignore[arg-type]
        for kind, values in (
            (FundingChangeKind.SCOPE, {"purpose": "p"}),
            (FundingChangeKind.DELAY, {"days": 30}),
        )
    ]
    leader = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    granted = LoadedChange(project, agreement, changes[1])
    decide_change(leader, granted, ChangeAnswer(is_granted=True, reasons="r"), changes[1].version)
    programme = get_programme_of(project)
    report = request_pdf(handler, programme, clock.today(), "fr")
    store_pdf(report, programme, b"%PDF-1.7")
    db.session.commit()
    return {
        "funding_report": report.id,
        "filed_version": changes[0].version,
        "granted_version": changes[1].version,
        "agreement_version": agreement.version,
        "agreement_file": document.id,
        "draft_agreement_version": draft.version,
        "draft_agreement_file": signable(drafted_project, handler).id,
        "planned_version": first.row.version,
        "asked_version": asked.row.version,
        "checked_version": checked.row.version,
        "paid_version": paid_.row.version,
        "recovery_version": recovery.version,
        "stated_version": stated.row.version,
        "needed_document": list_documents_by_instalment([stated.row])[stated.row.id][0].row.id,
        "handed_file": file.id,
    }
