# Two commands: `make run` and `make test`. They need python3 >= 3.11 with venv, and make.
PYTHON  ?= python3
VENV    ?= .venv
BIN     := $(VENV)/bin
FLASK    = $(BIN)/python -m flask --app wsgi
MODULES := portal tests tools bench wsgi.py gunicorn.conf.py
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUNBUFFERED = 1
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run translations ## set everything up and serve the portal (PORT, DATABASE_URL, DATA_DIR, DEMO=0)
	@$(BIN)/python tools/run.py

test: setup-test ## every check, on both databases and in a browser; ends with the counts
	@$(BIN)/python tools/check.py --browser

test-thorough: setup-test ## the same, in every window and on both engines where a run else takes one of them
	@THOROUGH=1 $(BIN)/python tools/check.py --browser

check: setup-test ## every check but the browser's
	@$(BIN)/python tools/check.py

setup-test: $(VENV)/.dev translations ## install what the checks need

house: setup-test ## measures of the code beside their bounds
	@$(BIN)/python tools/house.py $(ARGS)

bench: setup-test ## speed beside a floor, in one run: make bench ARGS="--quick --json --engine sqlite"
	@$(BIN)/python -m bench $(ARGS)

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff format $(MODULES) migrations
	$(BIN)/ruff check --fix-only -q $(MODULES)

messages: $(VENV)/.dev ## collect the sentences to translate into translations/
	@$(BIN)/python tools/messages.py update

migration: $(VENV)/.dev ## make a migration from the models: make migration NAME="add_x"
	$(FLASK) db revision --autogenerate --rev-id "$$(printf %04d $$(($$(ls migrations/versions/*.py | wc -l) + 1)))" -m "$(NAME)"

vendor: $(VENV)/.run ## fetch the vendored front-end packages again (needs npm)
	@$(BIN)/python -m tools.vendor

# The development lock comes first and constrains the other: what is tested is what is deployed.
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml
advisories: setup-test ## compare the pinned packages with published advisories; fails when it cannot know
	@$(BIN)/python -m tools.advisories

lock: $(VENV)/.dev ## write requirements*.txt from pyproject.toml: versions and hashes, no host
	$(COMPILE) --extra dev -o requirements-dev.txt
	sed -e 's/ \\$$//' -e '/--hash/d' requirements-dev.txt > .constraints.tmp
	$(COMPILE) -c .constraints.tmp -o requirements.txt
	$(COMPILE) -c .constraints.tmp --extra redis --extra s3 -o requirements-image.txt
	rm .constraints.tmp

translations: $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
%.mo: %.po | $(VENV)/.run
	@$(BIN)/pybabel -q compile -i $< -o $@

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "python3 >= 3.11 is needed, found " + sys.version.split()[0])'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "python3 lacks venv (on Debian: apt-get install python3-venv)"; exit 1; }
	@echo "Creating the virtual environment $(VENV)…"
	@$(PYTHON) -m venv $(VENV)
	@touch $@
$(VENV)/.run: requirements.txt | $(VENV)/.python
	@echo "Installing the portal's packages into $(VENV): about a minute, the first time only…"
	@$(BIN)/python -m pip install -q --require-hashes --only-binary :all: -r requirements.txt
	@touch $@
$(VENV)/.dev: requirements-dev.txt requirements.txt | $(VENV)/.python
	@$(BIN)/python tools/install.py
	@touch $@ $(VENV)/.run

build: $(VENV)/.run translations ## install, compile and build everything, so that a service may run it read-only
	@$(BIN)/python -m compileall -q portal migrations wsgi.py
	@$(BIN)/python tools/build.py

release: setup-test ## the archive that the guides install, in dist/: make release PREVIOUS=v0.1.0 (or none)
	@$(BIN)/python -m tools.release $(PREVIOUS)

clean: ## remove what was built, but no data
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache translations/*/LC_MESSAGES/messages.mo

.PHONY: help run test test-thorough check house bench setup-test format messages migration vendor lock translations build release advisories clean
