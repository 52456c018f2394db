"""Every audit action has a sentence for its readers."""

import re

from portal.platform.kernel import audit


def test_every_deed_that_is_told_can_be_said_with_its_facts(app):
    known = {"number", "role", "person", "page", "name"}
    for action in audit.ACTIONS.values():
        if action.sentence is not None:
            assert set(re.findall(r"%\((\w+)\)s", str(action.sentence))) <= known, action.code


def test_a_code_is_declared_once():
    codes = [action.code for action in audit.ACTIONS.values()]
    assert len(codes) == len(set(codes)) == len(audit.ACTIONS)
