# make alone lists what there is. Python 3.11 or newer with venv is all that must be there before.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# One more than the two cores the tests are made for: much of their time they wait for browsers, servers and slow lines.
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help run test phone bench soak lint types docs words migration clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/.installed phone ## serve http://localhost:8000; loads the demonstration when nothing is set up yet
	@set -eu; \
	if [ -z "$${RELIEF_INSTANCE:-}" ]; then \
		if [ -e instance/relief.db ] || [ -e instance/settings.toml ] || [ -n "$${RELIEF_DATABASE_URL:-}" ]; then \
			RELIEF_INSTANCE=instance; \
		else \
			RELIEF_INSTANCE=instance/demo; \
		fi; \
		export RELIEF_INSTANCE; \
		if [ "$$RELIEF_INSTANCE" = instance/demo ]; then $(BIN)/relief demo; fi; \
	fi; \
	$(BIN)/relief db upgrade; \
	exec $(BIN)/relief serve

test: $(VENV)/.tested lint phone ## run everything on SQLite and on a real PostgreSQL
	$(BIN)/python frontend/build.py test
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

phone: $(VENV)/.installed ## build the app for phones, where its sources have changed
	$(BIN)/python frontend/build.py

lint: $(VENV)/.tested ## style and floors
	$(BIN)/ruff check
	$(BIN)/lint-imports --no-cache --no-logo

types: $(VENV)/.tested ## ask mypy about the package
	$(BIN)/mypy

bench: $(VENV)/.tested ## measure the sync on both databases, one table
	$(BIN)/python -m bench

soak: $(VENV)/.tested ## try every fault many times: about an hour; soak="--share 0.1" for a quick look
	$(BIN)/python -W ignore -m soak $(soak)

docs: $(VENV)/.tested ## write docs/commands.md and docs/api.md from the program
	$(BIN)/python -m tests.house.written_docs

words: $(VENV)/.tested ## bring the translations up to date with what is said
	$(BIN)/python -m tests.house.catalogue

migration: $(VENV)/.tested ## write the next migration: make migration name=add_card_replaced_by
	@test -n "$(name)" || { echo 'Say what for: make migration name=add_card_replaced_by'; exit 2; }
	@set -eu; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; export RELIEF_INSTANCE="$$folder"; unset RELIEF_DATABASE_URL; \
	$(BIN)/relief db upgrade; $(BIN)/relief db revision "$(name)"; $(BIN)/ruff format -q migrations

clean: ## remove what was built and installed; never instance/
	rm -rf $(VENV) build dist *.egg-info frontend/node_modules frontend/.building relief/static/phone .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache
	find relief tests migrations bench soak -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer with venv is needed (Debian: apt-get install python3-venv).'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tested: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.installed
