"""The folder of letters, where no mail server is set: whose files an erasure and the retention delete."""

from datetime import timedelta

from portal.people.accounts.commands import queue_mail_to
from portal.people.privacy import retention_jobs
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail.sending import MailRound
from portal.platform.mail.transport import FolderTransport
from tests.people.privacy.test_erasures import clean_folders
from tests.support import erasures
from tests.support import factories as make

__all__ = ["clean_folders"]
DAY = timedelta(days=1)


def write_letters() -> None:
    """Write what waits as files, as the worker does."""
    db.session.commit()
    MailRound(FolderTransport(get_service(Settings).mail_folder)).run()
    db.session.rollback()


def recipients() -> list[str]:
    """To whom the files are, drafts included."""
    folder = get_service(Settings).mail_folder
    lines = [line for path in folder.glob("*") for line in path.read_text().splitlines()]
    return sorted(line.removeprefix("To: ") for line in lines if line.startswith("To: "))


def erase_vera(monkeypatch) -> None:
    """Erase a person who had asked for two other addresses, one of which is somebody else's."""
    who, admin = make.person(email="vera@demo.example"), make.role(INSTALLATION, Role.ADMINISTRATOR)
    admin_id, other = admin.id, make.person(email="autre@demo.example")
    make.address_change(who, email=other.email, cancelled_at=clock.now())
    change = make.address_change(who, email="vera.neuve@demo.example")
    queue_mail_to(who, "address-new", address=change.email, id=str(change.id))
    queue_mail_to(other, "address-taken", name=other.name)
    write_letters()
    assert recipients() == ["autre@demo.example", "vera.neuve@demo.example"]
    draft = get_service(Settings).mail_folder / ".1.tmp"
    draft.write_text("To: vera.neuve@demo.example\nSubject: x\n\nBonjour\n")
    monkeypatch.setattr(erasures, "send_letters", write_letters)
    erasures.carry_out(erasures.prepare(who, admin), admin_id)


def test_an_erasure_deletes_the_letters_to_an_address_not_confirmed_yet_too(app, monkeypatch):
    erase_vera(monkeypatch)
    assert recipients() == ["autre@demo.example", "vera@demo.example"], "the last letter is written after it"


def test_the_retention_of_letters_deletes_their_files_the_last_letter_of_an_erasure_too(app, monkeypatch):
    erase_vera(monkeypatch)
    with clock.frozen_at(clock.now() + 89 * DAY):
        retention_jobs.apply_retention()
    assert len(recipients()) == 2
    (get_service(Settings).mail_folder / ".2.tmp").write_text("To: vera@demo.example\n\nBonjour\n")
    with clock.frozen_at(clock.now() + 91 * DAY):
        retention_jobs.apply_retention()
    assert recipients() == []
