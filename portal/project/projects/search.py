"""Projects in search, and the kit by which features make their rows of a project findable."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, literal, select

from portal.collaboration.search.markdown_rules import strip_markdown
from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import (
    Badge,
    Called,
    SearchHit,
    SearchKindWeight,
    SearchSource,
    SearchText,
    join_texts,
)
from portal.people.programmes.models import Scope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.text import LazyString, in_reader_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects import policy
from portal.project.projects.labels import badge
from portal.project.projects.models import Project, compute_project_state
from portal.project.projects.path_rules import project_path_of_slug

TITLE_MAX = 160  # characters of a row's first text that name it in a list


def build_project_rows_search_source(
    model: Any,
    label: LazyString,
    title: str,
    *body: str,
    titled: Callable[[Any], str] | None = None,
    body_when: Callable[[Any], bool] = lambda _row: True,
    beside: Callable[[Sequence[UUID]], Mapping[UUID, str]] = lambda _ids: {},
    state: Callable[[Any], Badge] = lambda _row: ("", None),
    states: Callable[[Sequence[Any]], Mapping[UUID, Badge]] | None = None,
    numbered_by: tuple[Any, Any] | None = None,
    number: str = "number",
    page_path: str = "",
    author: str = "",
    authors: Callable[[Sequence[UUID]], Mapping[UUID, UUID | None]] = lambda _ids: {},
    reach: TextAudience | Callable[[Any], TextAudience] = TextAudience.PROJECT,
    visible: Callable[[Actor], ColumnElement[bool]] | None = None,
    where: Sequence[Any] = (),
    called: Called | None = None,
    singular: LazyString | None = None,
    words: str = "",
) -> SearchSource:
    """The source of a model's rows: its texts are the columns `title` and `body`, `where` leaves out
    those that nobody finds, `titled` gives a title that says more than its column, `body_when` tells
    whether a row's body is public yet, `beside` gives texts of other tables that belong to rows, by id.
    `state` is the badge of a row, or `states` those of rows by id where other tables tell it.
    `numbered_by` is the model with the number of its page, and the column that points there; `number`
    is its column otherwise; `page_path` is that of a model without its own, or of a place on it, with
    `{number}` for the page's, `{own}` for the row's and `{id}` for its id. `author` is the column of
    who wrote a row, or `authors` gives them by id; `reach` is that of all rows or of each; `visible` is
    the feature's condition where it is not that of the project."""

    def title_of(row: Any) -> str:
        return titled(row) if titled else str(getattr(row, title))

    def body_of(row: Any) -> str:
        return join_texts(*(getattr(row, name) for name in body)) if body_when(row) else ""

    def read(ids: Sequence[UUID]) -> Sequence[SearchText]:
        rows = db.session.scalars(select(model).where(model.id.in_(ids), *where))
        more, writers = beside(ids), authors(ids)
        return [
            SearchText(
                subject_id=row.id,
                scope_id=row.project_id,
                title=title_of(row),
                body=join_texts(body_of(row), more.get(row.id)),
                reach=reach if isinstance(reach, TextAudience) else reach(row),
                author_id=getattr(row, author) if author else writers.get(row.id),
                changed_at=row.created_at,
            )
            for row in rows
        ]

    def find(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
        statement = hits().where(visible(actor)) if visible else hits()
        rows = db.session.execute(statement, {"ids": ids, **policy.reach_parameters(actor)}).all()
        more = beside(ids)
        badges = states([row for row, *_place in rows]) if states else {}
        return {
            row.id: SearchHit(
                title=shorten_to_title(title_of(row)) or _("Sans titre"),
                address=project_path_of_slug(slug)
                + (page_path or model.page_path).format(
                    number=page_number, own=getattr(row, "number", ""), id=row.id
                ),
                place=acronym or organisation,
                state=badges[row.id] if states else state(row),
                text=join_texts(title_of(row), body_of(row), more.get(row.id)),
                day=row.created_at,
            )
            for row, page_number, slug, acronym, organisation in rows
        }

    @cache
    def hits() -> Select[Any]:
        own_number = numbered_by[0].number if numbered_by else getattr(model, number, literal(""))
        names = (Project.slug, Project.acronym, Project.organisation)
        query = select(model, own_number, *names).join(Project, Project.id == model.project_id)
        if numbered_by:
            query = query.join(numbered_by[0], numbered_by[0].id == numbered_by[1])
        condition = () if visible else (policy.visible_by_project_column_bound(model.project_id),)
        return query.where(model.id.in_(bindparam("ids", expanding=True)), *condition, *where)

    named: dict[str, Any] = {"label": label, "called": called, "singular": singular, "words": words}
    return SearchSource(model=model, read=read, find=find, **named)


def shorten_to_title(text: str) -> str:
    """The first line of a text without marks of Markdown, at most `TITLE_MAX` characters."""
    line = strip_markdown(text.strip()).strip().split("\n", 1)[0]
    return line if len(line) <= TITLE_MAX else line[: TITLE_MAX - 1].rsplit(" ", 1)[0] + "…"


def _read_project_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    rows = db.session.execute(
        select(Project, Scope.created_at).join(Scope, Scope.id == Project.id).where(Project.id.in_(ids))
    )
    return [
        SearchText(
            subject_id=project.id,
            scope_id=project.id,
            title=join_texts(project.acronym, project.organisation, project.title_fr, project.title_en),
            body=join_texts(project.problem, project.users_aimed_at, project.stop_reason, project.learnings),
            changed_at=created_at,
        )
        for project, created_at in rows
    ]


def _find_project_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = fetch_rows(_HITS, {"ids": ids, **policy.reach_parameters(actor)})
    return {
        project_id: SearchHit(
            title=f"{acronym or organisation} – {in_reader_language(title_fr, title_en)}",
            address=project_path_of_slug(slug),
            place=organisation,
            state=badge(compute_project_state(*days_and_texts[:3])),
            text=join_texts(in_reader_language(title_fr, title_en), *days_and_texts[3:]),
        )
        for project_id, slug, acronym, organisation, title_fr, title_en, *days_and_texts in rows
    }


_HITS = select(
    *(Project.id, Project.slug, Project.acronym, Project.organisation, Project.title_fr, Project.title_en),
    *(Project.stopped_on, Project.finished_on, Project.paused_on),
    *(Project.problem, Project.users_aimed_at, Project.stop_reason, Project.learnings),
).where(Project.id.in_(bindparam("ids", expanding=True)), policy.VISIBLE)


SEARCH = (
    SearchSource(
        model=Project,
        label=_l("Projets"),
        read=_read_project_texts,
        find=_find_project_hits,
        singular=_l("Projet"),
        weight=SearchKindWeight.FIRST,
    ),
)
