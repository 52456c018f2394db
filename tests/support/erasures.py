"""A person whose traces are everywhere, and a search of everything for their name."""

import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.search.commands import rebuild_search_index
from portal.oversight.committee_packs.commands import request_pack
from portal.oversight.committee_packs.jobs import make_due_packs
from portal.oversight.committee_packs.models import PackPage
from portal.oversight.gates.models import GateVerb
from portal.people.accounts import address_commands
from portal.people.accounts import commands as profile_commands
from portal.people.accounts.models import Person
from portal.people.privacy import erasure_commands as commands
from portal.people.privacy import erasure_jobs as jobs
from portal.people.privacy.erasure_models import Erasure, ErasureMention, MentionDecision
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import fold
from portal.platform.kernel.tokens import new_token, token_hash
from portal.platform.mail.sending import MailRound
from portal.platform.storage.office import MEDIA_TYPES
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item, ItemEvent, ItemEventKind
from tests.support import authored, gates, project_file
from tests.support import factories as make
from tests.support.keeping import write

NAME, EMAIL, HANDLE = "Zéphyrine Quenneville", "z.quenneville@demo.example", "zephyrine-q"
FORMER_NAME, FORMER_EMAIL = "Zéphyrine Delahautemotte", "autrefois@demo.example"
WORDS = ("zephyrine", "quennevill", "z.quenneville", HANDLE, "delahautemott", "autrefois@")


def everywhere(project: Project) -> Person:
    """A member of a team who has written, was written about, and was written to."""
    who = make.role(project.id, Role.TEAM_MEMBER, make.person(name=NAME, email=EMAIL, handle=HANDLE))
    make.role(project.id, Role.TEAM_LEAD, who)
    who_id, other = who.id, make.role(project.id, Role.TEAM_LEAD)
    make.session(who)
    make.address_change(who)
    make.password_reset(who)
    make.comment(project.discussion_id, who, "Signé : Zéphyrine Quenneville")
    make.comment(project.discussion_id, other, f"Merci à Mme Quenneville, @{HANDLE}")
    item = make.item(project, title="Revoir avec Zephyrine QUENNEVILLE", assignee_id=who.id)
    _name_otherwise(project, who, db.session.get_one(Person, other.id), item)
    make.invitation(
        scope_id=project.id, role=Role.TEAM_MEMBER, email=EMAIL, token_hash=token_hash(new_token())
    )
    make.letter(address=EMAIL, person_id=who.id)
    make.letter(facts={"id": str(project.id), "inviter": NAME})
    programme_id = project.programme_id
    db.session.commit()
    _name_in_pack(_make_pack(programme_id))
    rebuild_search_index()
    db.session.commit()
    folder = get_service(Settings).mail_folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1.eml").write_bytes(f"To: {EMAIL}\nSubject: x\n\nBonjour\n".encode())
    (folder / "2.eml").write_bytes(b"To: a@demo.example\nSubject: x\n\nBonjour\n")
    return db.session.get_one(Person, who_id)


def _name_otherwise(project: Project, who: Person, other: Person, item: Item) -> None:
    """In small letters, within markup, by earlier name and address, in files, in append-only rows."""
    for body in (
        "vu avec quenneville hier",
        "Point de **Zéphyrine** Quenneville",
        f"Écrire à {FORMER_EMAIL}",
        "Merci à Mme Delahautemotte",
    ):
        make.comment(project.discussion_id, other, body)
    changes = {"name": (FORMER_NAME, NAME)}, {"email": (FORMER_EMAIL, EMAIL)}
    for action, change in zip(
        (profile_commands.CHANGED_PROFILE, address_commands.CHANGED), changes, strict=True
    ):
        audit.record(make.actor(who), action, who, scope_id=None, changes=change)
    files = {
        "interview-quenneville.txt": (b"rien", "text/plain"),
        "bilan.docx": (authored.docx(NAME, text="rien"), MEDIA_TYPES[".docx"]),
        "bilan.pdf": (authored.pdf(FORMER_NAME), "application/pdf"),
    }
    for name, (data, media_type) in files.items():
        project_file.attachment(project, item, other, name=name, data=data, media_type=media_type)
    gates.judged(project)
    gates.decision(project, 1, GateVerb.ACCEPTED, other, f"Vu avec {NAME}")
    write(
        ItemEvent(
            project_id=project.id, number=1, item_id=item.id, kind=ItemEventKind.EDITED, state=item.state,
            is_dropped=False, title=item.title, reason="Demandé par quenneville",
        )
    )  # fmt: skip


def _make_pack(programme_id: UUID) -> UUID:
    """The id of a pack of the programme as of now, made by the worker's job."""
    lead = make.role(programme_id, Role.PROGRAMME_LEAD)
    programme = db.session.get_one(Programme, programme_id)
    pack_id = request_pack(make.actor(lead), programme, clock.today(), "fr").id
    db.session.commit()
    make_due_packs()
    return pack_id


def _name_in_pack(pack_id: UUID) -> None:
    """Have the lead of the first page name the person, as a text of a team may."""
    page = db.session.scalars(
        sa.select(PackPage).where(PackPage.pack_id == pack_id, PackPage.position == 0)
    ).one()
    page.content = page.content | {"lead": f"Vu par {NAME}"}
    db.session.commit()


def prepare(who: Person, admin: Person) -> UUID:
    """Ask and have the worker list the texts; returns the erasure's id."""
    erasure_id = commands.ask_erasure(make.actor(admin), who).id
    db.session.commit()
    jobs.advance_erasures()
    return erasure_id


def decide_all(erasure_id: UUID, admin_id: UUID, decision: MentionDecision, reason: str = "") -> int:
    """Decide alike on all texts that wait; returns how many."""
    erasure = db.session.get_one(Erasure, erasure_id)
    waiting = sa.select(ErasureMention.id).where(
        ErasureMention.erasure_id == erasure_id, ErasureMention.decision.is_(None)
    )
    ids = list(db.session.scalars(waiting))
    if ids:
        actor = make.actor(db.session.get_one(Person, admin_id))
        commands.decide_mentions(actor, erasure, ids, decision, reason)
    db.session.commit()
    return len(ids)


def carry_out(erasure_id: UUID, admin_id: UUID) -> None:
    actor = make.actor(db.session.get_one(Person, admin_id))
    commands.approve_erasure(actor, db.session.get_one(Erasure, erasure_id))
    db.session.commit()
    jobs.advance_erasures()
    send_letters()


class _Postbox:
    """A transport that keeps what it is to send."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    def send(self, letter: EmailMessage) -> None:
        self.letters.append(letter)


def send_letters() -> list[EmailMessage]:
    """Send what waits, the last letter of an erasure included; returns it."""
    postbox = _Postbox()
    MailRound(postbox).run()
    db.session.rollback()
    return postbox.letters


def traces() -> set[str]:
    """Where the name, the address or one of their hashes stands: tables, folders of the portal."""
    return {place for place, content in _everything() if _names(content)}


def _names(content: str) -> bool:
    plain = fold(content)
    hashes = (
        hashlib.new(algorithm, text.encode()).hexdigest()
        for algorithm in ("md5", "sha1", "sha256")
        for text in (NAME, EMAIL, HANDLE, EMAIL.upper(), NAME.lower())
    )
    return any(word in plain for word in WORDS) or any(digest in plain for digest in hashes)


def _everything() -> Iterator[tuple[str, str]]:
    db.session.commit()
    with db.engine.connect() as connection:
        for table in sorted(sa.inspect(connection).get_table_names()):
            rows = connection.execute(sa.text(f'SELECT * FROM "{table}"'))
            for row in rows.mappings():
                for name, value in row.items():
                    yield f"{table}.{name}", _text_of(value)
    for path in sorted(get_service(Settings).data_dir.rglob("*")):
        if path.is_file() and not path.name.startswith("portal.db") and path.suffix != ".empty":
            yield f"{path.parent.name}/", _text_of(path.read_bytes())


def _text_of(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1") + value.decode("utf-8", "ignore")
    text = str(value)
    return text + text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text


def anybody_acts(person: Person) -> None:
    """A line of the trail that quotes a name, as a title does."""
    action = audit.ACTIONS["data_export.downloaded"]
    audit.record(make.actor(person), action, person, scope_id=None, changes={"title": (None, NAME)})
    db.session.commit()
