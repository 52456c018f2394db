"""The worker is killed at random while mails are due: each mail is received once."""

import os
import random
import re
import time
from collections import Counter

import pytest

from portal.communication.notifications.models import PersonMailHours
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from tests.platform.mail.test_worker import LATER, House, wait_for
from tests.platform.mail.test_worker import house as house  # noqa: PLC0414  a fixture
from tests.support import factories as make
from tests.support import server
from tests.support.notifications import told

READERS, EACH, GROUPS = 50, 10, 2  # 500 notifications in 100 letters
ASKED = os.environ.get("TEST_KILLS")
KILLS = int(ASKED or 2)
# Two workers can handle one person only on PostgreSQL; SQLite has a single writer.
ENGINES = ["sqlite", "postgresql"] if ASKED else ["postgresql"]
KIND = "recommended"  # sent at once, never outdated
NEWS = re.compile(r"/inbox/([0-9a-f-]{36})")


def write(scene: House) -> set[str]:
    """Insert due notifications of people without mail hours; returns their ids."""
    ids = set()
    with scene.app.app_context():
        project = make.project()
        for _ in range(READERS):
            person = make.role(project.id, Role.TEAM_MEMBER)
            any_hour = {"opens": 0, "closes": 24, "days": "1234567"}
            db.session.add(PersonMailHours(person_id=person.id, at_once_most=5, saves=1, **any_hour))
            groups = [new_id() for _ in range(GROUPS)]
            for n in range(EACH):
                row = told(person, project, commit=False, kind=KIND, group_id=groups[n % GROUPS])
                ids.add(str(row.fact_id))
        db.session.commit()
        db.session.remove()
    return ids


@pytest.mark.parametrize("house", ENGINES, indirect=True)
def test_each_reader_gets_each_thing_once(house, office, tell):
    ids, chance = write(house), random.Random(5)
    kills = 0
    while kills < KILLS:
        with server.work(house.env_for(office.url)) as worker:
            before = len(office.keys)
            wait_for(lambda seen=before: len(office.keys) > seen, LATER)
            time.sleep(chance.random() * 0.3)
            worker.kill()
        kills += 1
        house.run_out_of_time()
    with server.work(house.env_for(office.url)):
        wait_for(lambda: len(set(office.keys)) >= READERS * GROUPS, LATER)
    letters = {str(each["Message-ID"]): each for each in office.received}  # one per Message-ID
    read = Counter(
        fact
        for letter in letters.values()
        for fact in NEWS.findall(letter.get_body(("plain",)).get_content())
    )
    tell("notifications", due=len(ids), kills=kills, letters=len(letters), sent=len(office.keys))
    assert read == dict.fromkeys(ids, 1)
