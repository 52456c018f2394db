"""Which tokens read one's own notifications, and which do not."""

import re

import pytest

from portal.api.tokens.labels import AREAS
from portal.communication.notifications.api import area
from portal.platform.kernel.access import Role
from tests.support import api
from tests.support import factories as make

OPERATIONS = {each.id: each for each in area.operations}
OTHERS = tuple(name for name in AREAS if name != "personal")


def ask(client: api.ApiClient, name: str) -> tuple[int, str]:
    operation = OPERATIONS[name]
    path, body = re.sub("<slug>", "heron", operation.path), {} if operation.body else None
    answer = client.ask(operation.method, path, body)
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "")


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_token_without_their_area_neither_reads_nor_changes_them(app, name: str):
    project = make.project(slug="heron")
    person = make.role(project.id, Role.TEAM_MEMBER)
    refused = (403, "insufficient_scope")
    assert ask(api.client(app, person, areas=OTHERS), name) == refused
    for only in OTHERS:
        assert ask(api.client(app, person, areas=(only,)), name) == refused
    assert ask(api.client(app, person, programme_id=project.programme_id), name) == refused
    assert ask(api.client(app, person, areas=("personal",)), name) != refused
    assert ask(api.client(app, person), name) != refused
    is_read = not OPERATIONS[name].writes
    assert (ask(api.client(app, person, can_write=False), name) != refused) is is_read
