"""Every action is known to the projections: it changes their figures, or is exempt by name."""

import sys
from pathlib import Path

from portal.platform.kernel.audit import ACTIONS, Action
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.projection import (
    ALL,
    Projection,
    actions_of,
    depends_on,
    sort_projections,
)
from portal.sprints.sprints import commands as sprint_commands


def actions_by_module() -> dict[str, frozenset[Action]]:
    """Every action, by the module that defines it."""
    actions = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("portal.") and module.__file__:
            text = Path(module.__file__).read_text()
            if "audit.Action(" in text:
                own = {action for action in actions_of(module) if f'"{action.code}"' in text}
                actions[name] = frozenset(own)
    return actions


def test_an_action_beside_others_that_a_projection_depends_on_is_named_or_exempt(app):
    modules = actions_by_module()
    known = frozenset().union(*modules.values())
    assert len(known) > 150
    assert known <= set(ACTIONS.values())
    for projection in contributed(Projection):
        named = projection.depends.keys() | set(projection.exempt)
        watched = [own for own in modules.values() if own & projection.depends.keys()]
        unknown = frozenset().union(*watched) - named
        assert not {action.code for action in unknown}, projection.name


def test_each_projection_runs_after_those_whose_actions_it_depends_on(app):
    names = [each.name for each in sort_projections(contributed(Projection))]
    assert names.index("gates") < names.index("health")


def make_projection(name: str, depends: Action, records: Action) -> Projection:
    return Projection(
        name=name, depends={depends: ALL}, refresh=lambda _lines: None, records=(records,)
    )


def test_the_order_of_registration_makes_no_difference():
    first, second, third = (
        sprint_commands.STARTED,
        sprint_commands.CLOSED,
        sprint_commands.DROPPED,
    )
    chain = [make_projection("b", second, third), make_projection("a", first, second)]
    assert [each.name for each in sort_projections(chain)] == ["a", "b"]
    assert [each.name for each in sort_projections(chain[::-1])] == ["a", "b"]


def test_parts_of_an_action_add_up_and_the_exempt_have_none():
    depends = depends_on(
        (frozenset({"work"}), [sprint_commands]),
        (frozenset({"end"}), [sprint_commands.CLOSED]),
        exempt=(sprint_commands.DRAFTED,),
    )
    assert depends[sprint_commands.CLOSED] == {"work", "end"}
    assert sprint_commands.DRAFTED not in depends
