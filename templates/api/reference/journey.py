import json
import os
from time import sleep
from urllib.error import HTTPError
from urllib.request import Request, urlopen

API = os.environ["PORTAL_URL"] + "/api/v1"
HEADERS = {"Authorization": "Bearer " + os.environ["PORTAL_TOKEN"], "Content-Type": "application/json"}


def ask(method, path, body=None, **headers):
    """Return the answer and its version. Asks again after 429 and 503, when Retry-After says."""
    data = None if body is None else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    for is_last in (False, False, True):
        try:
            with urlopen(Request(API + path, data, HEADERS | names, method=method)) as answer:
                return json.load(answer), answer.headers["ETag"]
        except HTTPError as refusal:
            if is_last or refusal.code not in (429, 503):
                raise SystemExit(refusal.read().decode()) from None  # the code, and a sentence
            sleep(int(refusal.headers.get("Retry-After", 1)))


def ask_all(path):
    """Read a list page by page."""
    cursor = ""
    while cursor is not None:
        page, _version = ask("GET", f"{path}?limit=100&cursor={cursor}" if cursor else f"{path}?limit=100")
        yield from page["data"]
        cursor = page["next_cursor"]


for project in ask_all("/projects"):
    health, _version = ask("GET", f"/projects/{project['slug']}/health")
    print(project["organisation"], health["level"])

items = f"/projects/{os.environ['PROJECT']}/items"
added, _version = ask("POST", items, {"items": [{"title": "Relire le script"}]}, Idempotency_Key="script-1")
item, version = ask("GET", f"{items}/{added['items'][0]['number']}")
ask("PUT", f"{items}/{item['number']}", {"title": "Relire le script", "points": 2}, If_Match=version)
