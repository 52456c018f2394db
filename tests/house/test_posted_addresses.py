"""An address to which forms are sent can be opened: after a refusal it stays in the browser."""

# They show nothing: they answer with a redirect, or to a script.
WITHOUT_PAGE = {"accounts.language", "accounts.sign_out", "home.work_as", "passkeys.challenge"}


def test_an_address_that_takes_a_post_alone_stands_below_a_page(app):
    opened, posted = set(), {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            continue
        if "GET" in rule.methods:
            opened.add(rule.rule)
        elif "POST" in rule.methods:
            posted[rule.rule] = rule.endpoint
    alone = posted.keys() - opened
    assert len(alone) > 50
    lost = set()
    for path in alone:
        parts = path.split("/")
        if not opened.intersection("/".join(parts[:n]) for n in range(2, len(parts))):
            lost.add(posted[path])
    assert lost == WITHOUT_PAGE
