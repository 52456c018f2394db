"""Commands on tasks: one is primary, the order changes, numbers stay."""

import pytest

from portal.collaboration.search import queries as search
from portal.collaboration.search.queries import SearchFilters
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.user_tests.rounds import commands, queries
from portal.user_tests.rounds import task_commands as tasks
from portal.user_tests.rounds.models import TASKS_MAX
from portal.user_tests.rounds.task_commands import TaskMoveDirection
from tests.support import user_tests as tests
from tests.support.project_file import version


@pytest.fixture
def tried(project):
    return version(project)


def titles(round_):
    return [task.title for task in queries.list_tasks(round_)]


def test_the_first_task_is_the_primary_one_until_another_is(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    first = tasks.add_task(member, project, made, tests.task_text(title="Un"))
    second = tasks.add_task(member, project, made, tests.task_text(title="Deux"))
    assert (first.is_primary, second.is_primary) == (True, False)
    changed = tests.task_text(title="Deux", is_primary=True)
    tasks.change_task(member, project, made, second, changed, expected_version=second.version)
    db.session.flush()
    db.session.refresh(first)
    assert (first.is_primary, second.is_primary) == (False, True)
    unticked = tests.task_text(title="Deux")
    tasks.change_task(member, project, made, second, unticked, expected_version=second.version)
    assert second.is_primary
    tasks.remove_task(member, project, made, second)
    db.session.flush()
    assert first.is_primary


def test_tasks_are_put_in_order_and_keep_their_numbers(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    for title in ("Un", "Deux", "Trois"):
        tasks.add_task(member, project, made, tests.task_text(title=title))
    third = queries.get_task(made, 3)
    seen = third.version
    tasks.move_task(member, project, made, third, TaskMoveDirection.UP)
    assert titles(made) == ["Un", "Trois", "Deux"]
    tasks.move_task(member, project, made, third, TaskMoveDirection.UP)
    tasks.move_task(member, project, made, third, TaskMoveDirection.UP)
    assert titles(made) == ["Trois", "Un", "Deux"]
    assert (third.number, third.version) == (3, seen)
    tasks.remove_task(member, project, made, queries.get_task(made, 1))
    added = tasks.add_task(member, project, made, tests.task_text(title="Quatre"))
    assert (added.number, titles(made)) == (4, ["Trois", "Deux", "Quatre"])


def test_the_words_of_a_task_find_its_round_and_no_longer_once_it_is_removed(project, member, tried):
    def find(word):
        db.session.commit()
        return search.search(member, SearchFilters(q=word)).count

    made = commands.plan_round(member, project, tests.plan(tried))
    task = tasks.add_task(member, project, made, tests.task_text(title="Trouver le zinzolin"))
    assert find("zinzolin") == 1
    copied = commands.copy_round(member, project, made, tried, "Suite")
    assert copied.number == 2
    assert find("zinzolin") == 2
    changed = tests.task_text(title="Trouver le pourpre")
    tasks.change_task(member, project, made, task, changed, expected_version=task.version)
    assert (find("zinzolin"), find("pourpre")) == (1, 1)
    tasks.add_task(member, project, made, tests.task_text(title="Deux"))
    tasks.remove_task(member, project, made, task)
    assert find("pourpre") == 0


def test_a_round_has_so_many_tasks_and_no_more(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    for _number in range(TASKS_MAX):
        tasks.add_task(member, project, made, tests.task_text())
    with pytest.raises(RuleBroken):
        tasks.add_task(member, project, made, tests.task_text())
