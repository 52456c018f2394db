"""The form that asks for help, as a member of the team sends it."""

from portal.oversight.decisions.commands import DecisionFacts, ask_decision
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.platform.kernel.database import db
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints.models import Sprint

TEXT = "L’annotateur est parti, qui peut nous aider ?"
PATH = "/projects/heron/help"
QUESTION = "Un lecteur ?"


def ask(member, text=TEXT, version=None, expect=200):
    """Send the form; `version` is that of the sprint as it was read, by default as it is."""
    if version is None:
        version = db.session.query(Sprint).order_by(Sprint.number.desc()).first().version
    return member.submit(PATH, expect=expect, blocker="annotation", blocker_text=text, version=version)


def ask_by_question(
    actor, project, question=QUESTION, addressee=DecisionAddressee.COACH, **facts
) -> AwaitedDecision:
    """Ask for help by a question to the coaches, as a member of the team, and commit."""
    facts = DecisionFacts(question=question, addressee=addressee, **facts)
    row = ask_decision(actor, project, facts, asks_for_help=True)
    db.session.commit()
    return row


def read_withdrawal(member) -> dict[str, str]:
    """What the button of the page sends that withdraws the request."""
    page = member.visit(PATH)
    button = page.select_one("button[name=withdraw]")
    names = ("sprint_number", "version")
    return {
        "withdraw": button["value"],
        "blocker": "annotation",
        "blocker_text": page.select_one("[name=blocker_text]").text.strip(),
        **{name: page.select_one(f"[name={name}]")["value"] for name in names},
    }


def awaits_help(project) -> bool:
    db.session.expire_all()
    return db.session.get(ProjectFigures, project.id).help_wanted
