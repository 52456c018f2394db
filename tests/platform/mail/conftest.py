import logging
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
import structlog
from flask import Flask

from portal.platform.kernel.database import db
from portal.platform.kernel.mail_settings import parse_mail_url
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail import transport
from portal.platform.mail.sending import MailRound
from tests.support import smtp
from tests.support.smtp import PostOffice


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with smtp.post_office() as running:
        yield running


@pytest.fixture
def post_to(app: Flask) -> Callable[[str], transport.Transport]:
    """The transport for a mail server's URL."""

    def choose(url: str) -> transport.Transport:
        return transport.choose_transport(
            replace(get_service(Settings, app), mail_server=parse_mail_url(url))
        )

    return choose


def make_round(post: transport.Transport, stop: Event | None = None) -> int:
    """Run a round; returns the number of mails sent. Commits the test's transaction first."""
    db.session.commit()
    return MailRound(post, stop).run()


@pytest.fixture
def send_all(office: PostOffice, post_to: Callable[[str], transport.Transport]) -> Callable[[], int]:
    """Run one round against the test server."""
    return lambda: make_round(post_to(office.url))


@pytest.fixture
def lines() -> Iterator[list[MutableMapping[str, Any]]]:
    """The log lines so far, at all levels."""
    usual = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with structlog.testing.capture_logs() as captured:
        yield captured
    structlog.configure(wrapper_class=usual)
