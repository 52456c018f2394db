"""Schemathesis drives every operation of the document, as several roles, on a served portal.

No answer is a 500 or undocumented, whatever is sent. A run takes some seconds a role and engine;
`make test-thorough` does it as every role, on both engines.
"""

from collections import Counter

import hypothesis
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.app.application.features import API_AREAS
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from tests.house import doors
from tests.house.test_access import Scene
from tests.support import api, server
from tests.support.turns import THOROUGH, turn_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = sorted(doors.EVERYBODY) if THOROUGH else [turn_of("api", [doors.MEMBER, doors.DIRECTION])]
ENGINES = ["sqlite", "postgresql"] if THOROUGH else ["postgresql"]  # the stricter one
OPERATIONS = sum(len(area.operations) for area in API_AREAS)
EXAMPLES = 2  # of each operation, as each role
AT_ONCE = 20  # operations with one token, which has a rate


@pytest.mark.parametrize("portal", ENGINES, indirect=True)
def test_what_is_sent_is_answered_as_documented(portal: tuple[Flask, dict[str, str]], tell) -> None:
    app, env = portal
    with app.app_context():
        scene = Scene(get_service(TokenSealer, app).seal)
        places = {
            "slug": "heron",
            "programme": "ami",
            "gate": 5,
            "signal": "advice",
            "number": 1,
            "task": 1,
            "application": 1,
        }
        rows = ("discussion", "comment", "thread", "file", "webhook", "pack", "view", "track")
        places |= {f"{name}_id": str(scene.names[name]) for name in rows}
        places |= {"kind": "data_source", "subject_id": str(scene.names["source"])}
        places |= {"scope_id": str(scene.names["project"])}
        people = [scene.people[name] for name in ROLES]
        tokens = [[api.token(person) for _ in range(OPERATIONS // AT_ONCE + 1)] for person in people]
        db.session.remove()
        db.engine.dispose()
    faults: list[str] = []
    answers: Counter[int] = Counter()
    with server.serve(env) as address:
        schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
        for own_tokens in tokens:
            for place, result in enumerate(schema.get_all_operations()):
                headers = {"Authorization": f"Bearer {own_tokens[place // AT_ONCE]}"}
                faults += drive(result.ok(), headers, places, answers)
    tell("api", **{f"{status // 100}xx": count for status, count in by_class(answers).items()})
    assert faults == []
    assert answers.keys().isdisjoint({401, 429}), "asked in vain"
    assert answers[200] > len(ROLES) * 30, "most reads are of what is there"


def by_class(answers: Counter[int]) -> Counter[int]:
    """Return the counts by hundreds of statuses."""
    counts: Counter[int] = Counter()
    for status, count in answers.items():
        counts[status // 100 * 100] += count
    return counts


def drive(
    operation: schemathesis.APIOperation,
    headers: dict[str, str],
    places: dict[str, object],
    answers: Counter[int],
) -> list[str]:
    """Send some cases of an operation about rows of the scene, and count the answers.

    Returns what is wrong with them.
    """
    faults: list[str] = []

    @hypothesis.settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(operation.as_strategy())
    def send(case: schemathesis.Case) -> None:
        known = {name: places[name] for name in case.path_parameters or {} if name in places}
        case.path_parameters.update(known)
        response = case.call(headers=headers)
        answers[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except Exception as fault:  # noqa: BLE001  all are reported together
            faults.append(f"{operation.label}: {str(fault)[:600]}")

    send()
    return faults
