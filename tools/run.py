"""What `make run` does once the virtual environment is there: prepare, tell the address, serve."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
EMPTY = {"0", "no", "false"}


def environment() -> dict[str, str]:
    """The caller's, with a folder for data and a secret key that stays the same between starts."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data").absolute()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        sys.exit(f"DATA_DIR {data} cannot be made: {refused.strerror}")
    variables = dict(os.environ, DATA_DIR=str(data), PORT=os.environ.get("PORT") or "8000")
    if not variables.get("SECRET_KEY"):
        key = data / "secret-key"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(secrets.token_urlsafe(48))
        variables["SECRET_KEY"] = key.read_text().strip()
    return variables


def flask(*words: str, env: dict[str, str], quiet: bool = False) -> str:
    """Run a command of the application; stop here with what it said when it fails."""
    done = subprocess.run(
        [PYTHON, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if quiet else None,
        check=False,
    )
    if done.returncode:
        sys.exit((done.stderr or "") + done.stdout or f"flask {' '.join(words)} failed")
    return done.stdout


def main() -> None:
    env = environment()
    flask("db", "upgrade", env=env, quiet=True)
    address = env.get("PUBLIC_BASE_URL") or f"http://127.0.0.1:{env['PORT']}"
    usual = "0" if env.get("PORTAL_ENV") == "production" else "1"
    if env.get("DEMO", usual).lower() not in EMPTY:
        print(flask("demo", "load", env=env).strip())
        print(f"\nThe portal is at {address}\n\nSign in as one of (role, address, password):")
        for row in json.loads(flask("demo", "accounts", "--json", env=env)):
            print(f"  {row['role']:16} {row['email']:26} {row['password']}")
    else:
        print(f"The portal is at {address}, with nothing in it yet. Make its first administrator:")
        given = [f"{name}={env[name]}" for name in ("DATA_DIR", "DATABASE_URL") if env.get(name)]
        print(f"  {' '.join(given)} .venv/bin/flask --app wsgi admin create")
    print("\nCtrl-C stops it.", flush=True)
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"], env)


if __name__ == "__main__":
    main()
