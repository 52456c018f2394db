"""Every action is known to the projections: it changes their figures, or is exempt by name."""

import ast
import sys
from graphlib import CycleError
from pathlib import Path
from types import ModuleType

import pytest

from portal.platform.kernel.audit import ACTIONS, Action
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.projection import (
    ALL,
    Projection,
    actions_of,
    build_dependencies,
    sort_projections,
)
from portal.sprints.sprints import commands as sprint_commands
from portal.sprints.sprints import policy as sprint_policy

# Projections whose sources are whole features: an action anywhere in one is named or exempt.
FIGURES = {"comment counts", "project figures", "sprint figures", "finding figures", "help given"}
PROJECTIONS = FIGURES | {
    "search index",
    "re-reviews",
    "gates",
    "health",
    "open issues",
    "decisions",
    "decision owners",
    "help claimants",
    "weather",
    "weather marks",
    "ranking",
}
# Stored figures: models that hold nothing else, and columns that repeat what other rows say.
STORED = {
    "ProjectFigures",
    "HealthFigures",
    "StoredIssueFigures",
    "comment_count",
    "last_comment_at",
    "helped_at",
}
ROOMS = ("commands.py", "jobs.py", "views.py")


def actions_by_module() -> dict[str, frozenset[Action]]:
    """Every action, by the module that defines it."""
    actions = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("portal.") and module.__file__:
            text = Path(module.__file__).read_text()
            if "audit.Action(" in text:
                own = {
                    action
                    for action in actions_of(module)
                    if f'"{action.code}"' in text or action.code == sprint_policy.CLOSE_CODE
                }
                actions[name] = frozenset(own)
    return actions


def test_an_action_beside_others_that_a_projection_depends_on_is_named_or_exempt(app):
    modules = actions_by_module()
    known = frozenset().union(*modules.values())
    assert len(known) > 150
    assert known <= set(ACTIONS.values())
    for projection in list_contributions(Projection):
        named = projection.depends.keys() | set(projection.exempt)
        watched = [own for own in modules.values() if own & projection.depends.keys()]
        unknown = frozenset().union(*watched) - named
        assert not {action.code for action in unknown}, projection.name


def test_an_action_of_a_feature_that_figures_depend_on_is_named_or_exempt(app):
    modules = actions_by_module()
    projections = {each.name: each for each in list_contributions(Projection)}
    assert projections.keys() == PROJECTIONS
    for name in FIGURES:
        projection = projections[name]
        features = {
            module.rpartition(".")[0] for module, own in modules.items() if own & projection.depends.keys()
        }
        assert features
        own = [own for module, own in modules.items() if module.rpartition(".")[0] in features]
        unknown = frozenset().union(*own) - projection.depends.keys() - set(projection.exempt)
        assert not {action.code for action in unknown}, name


def names_in(text: str) -> set[str]:
    """Every name, attribute and keyword of a source text, apart from definitions of classes."""
    nodes = list(ast.walk(ast.parse(text)))
    return (
        {node.id for node in nodes if isinstance(node, ast.Name)}
        | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        | {node.arg or "" for node in nodes if isinstance(node, ast.keyword)}
        | {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    )


def test_no_command_job_or_view_writes_a_stored_figure(app):
    package = Path(sys.modules["portal"].__file__).parent
    files = [path for path in package.rglob("*.py") if path.name.endswith(ROOMS)]
    assert len(files) > 100
    assert not {path.name for path in files if names_in(path.read_text()) & STORED}
    projections = package.rglob("*projections.py")
    assert set().union(*(names_in(path.read_text()) & STORED for path in projections)) == STORED


def test_no_command_job_or_view_calls_a_projection_of_figures(app):
    loaded = {name: module for name, module in sys.modules.items() if name.startswith("portal.")}
    owners = {
        name
        for name, module in loaded.items()
        if name.endswith("projections")
        and getattr(getattr(module, "PROJECTION", None), "name", "") in FIGURES
    }
    assert len(owners) == len(FIGURES)
    callers = [module for module in loaded.values() if (module.__file__ or "").endswith(ROOMS)]
    assert len(callers) > 100
    for module in callers:
        values = vars(module).values()
        used = {value.__name__ for value in values if isinstance(value, ModuleType)}
        used |= {getattr(value, "__module__", None) for value in values}
        assert not owners & used, module.__name__


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("project figures", "sprint figures"),
        ("project figures", "finding figures"),
        ("sprint figures", "help given"),
        ("help given", "health"),
        ("re-reviews", "gates"),
        ("re-reviews", "open issues"),
        ("gates", "health"),
    ],
)
def test_each_projection_runs_after_those_that_it_depends_on(app, first, second):
    names = [each.name for each in sort_projections(list_contributions(Projection))]
    assert names.index(first) < names.index(second)


def make_projection(
    name: str, depends: Action, records: Action, reads: tuple[Projection, ...] = ()
) -> Projection:
    return Projection(
        name=name, depends={depends: ALL}, refresh=lambda _lines: None, records=(records,), reads=reads
    )


def test_the_order_of_registration_makes_no_difference():
    first, second, third = (sprint_commands.STARTED, sprint_commands.CLOSED, sprint_commands.DROPPED)
    chain = [make_projection("b", second, third), make_projection("a", first, second)]
    assert [each.name for each in sort_projections(chain)] == ["a", "b"]
    assert [each.name for each in sort_projections(chain[::-1])] == ["a", "b"]
    last = make_projection("1", first, sprint_commands.PLANNED, reads=(chain[0],))
    for order in ([last, *chain], [*chain, last]):
        assert [each.name for each in sort_projections(order)] == ["a", "b", "1"]
    with pytest.raises(CycleError):
        sort_projections([*chain, make_projection("c", third, first)])


def test_parts_of_an_action_add_up_and_the_exempt_have_none():
    depends = build_dependencies(
        (frozenset({"work"}), [sprint_commands]),
        (frozenset({"end"}), [sprint_commands.CLOSED]),
        exempt=(sprint_commands.DRAFTED,),
    )
    assert depends[sprint_commands.CLOSED] == {"work", "end"}
    assert sprint_commands.DRAFTED not in depends
