"""Helpers that read pages of a discussion and submit their forms."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag

from portal.collaboration.discussions.models import Comment
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.support.browser import Browser

BrowserFor = Callable[[Person | None], Browser]


def fields(page: BeautifulSoup, ending: str) -> tuple[str, dict[str, str]]:
    """The path and the fields of a form of the page."""
    forms = page.select("#discussion form")
    [form] = [each for each in forms if re.split("[?#]", each["action"])[0].endswith(ending)]
    held = {tag["name"]: tag.get("value", tag.text.strip()) for tag in form.select("[name]")}
    return form["action"], held


def send(browser: Browser, page: BeautifulSoup, ending: str, body: str, **how: int) -> BeautifulSoup:
    """Fill in a form of the page and submit it."""
    to, held = fields(page, ending)
    name = next(name for name in held if name.endswith("body"))
    return browser.submit(to, **how, **held | {name: body})


def said(page: BeautifulSoup) -> list[Tag]:
    return page.select("#discussion article.comment")


def stored() -> list[Comment]:
    return list(db.session.scalars(sa.select(Comment).order_by(Comment.id)))


def comment_path(comment: Comment, verb: str = "") -> str:
    return f"/comments/{comment.id}{verb}"
