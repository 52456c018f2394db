"""The form that asks for help, as a member of the team sends it."""

from portal.platform.kernel.database import db
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints.models import Sprint

TEXT = "L’annotateur est parti, qui peut nous aider ?"
PATH = "/projects/heron/help"


def ask(member, text=TEXT, version=None, expect=200):
    """Send the form; `version` is that of the sprint as it was read, by default as it is."""
    if version is None:
        version = db.session.query(Sprint).order_by(Sprint.number.desc()).first().version
    return member.submit(PATH, expect=expect, blocker="annotation", blocker_text=text, version=version)


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
