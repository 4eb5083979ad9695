# Onefold: every target below has one line of help; `make` alone prints them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
SIZE ?= 10000
PORT ?= 8360
DATA ?= .onefold
JOBS ?= 2
KILLS ?= 1000
HISTORIES ?= 10000
EXECUTIONS ?= 0
SECONDS ?= 0
TARGET ?=
EXAMPLES ?= 200

BIN := .venv/bin
PYTEST := $(BIN)/pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder
WEB := $(wildcard web/package.json)
WEB_SOURCES := $(if $(WEB),$(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -name '*.tsbuildinfo'))
SMALL_TESTS := $(wildcard tests/style tests/unit tests/properties)
TYPED := src $(wildcard bench tests tools)
COMPILE := uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help setup demo web check lint types unit test e2e faults erasure fuzz hostile services bench bench-main bench-intake bench-bulk bench-permission bench-identity bench-splink-env docs sbom lock clean

help: ## Prints this list
	@awk -F ':.*## ' '/^[a-z0-9%-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Makes .venv from the hashed requirements; quick when nothing changed
	@command -v "$(PYTHON)" >/dev/null || { echo "make setup: no $(PYTHON) on the PATH: install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) tools/setup.py

demo: setup web ## Runs the whole product on a generated bank (SIZE=10000 PORT=8360 DATA=.onefold)
	$(BIN)/onefold demo --size $(SIZE) --port $(PORT) --data $(DATA)

web: $(if $(WEB),web/dist/.stamp) ## Installs and builds the console; quick when nothing changed

# `make check test` runs no test twice.
check: lint types $(if $(filter test,$(MAKECMDGOALS)),,unit) ## Lint, types, import contract, unit, property and style tests (six minutes on two cores)

lint: setup $(if $(WEB),web/node_modules/.stamp) ## Ruff, import contract and the console's linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --cache-dir .cache/import-linter
	$(if $(WEB),cd web && npm run --silent lint)

types: setup $(if $(WEB),web/node_modules/.stamp) ## mypy and tsc, both strict
	$(BIN)/mypy $(TYPED)
	$(if $(WEB),cd web && npm run --silent typecheck)

unit: setup ## Unit, property and style tests
	$(PYTEST) $(SMALL_TESTS)

test: setup web ## Every test: ports, flow, faults, docs and a real browser too (half an hour and more)
	$(if $(WEB),cd web && npm run --silent test)
	$(PYTEST) tests

e2e: setup web ## The console in a real Chromium
	$(BIN)/pytest tests/e2e

faults: setup ## Kill, full disk, stops, clocks, redeliveries, the long way (KILLS=1000 HISTORIES=10000)
	ONEFOLD_FAULTS=long ONEFOLD_KILLS=$(KILLS) ONEFOLD_HISTORIES=$(HISTORIES) $(PYTEST) tests/faults tests/properties/test_l1_redelivery.py

erasure: setup ## A thousand people erased, grepped for, and brought back by no backup
	ONEFOLD_ERASURE=long $(PYTEST) --timeout 900 tests/flow/test_erasure.py

fuzz: setup ## Parsers under atheris (EXECUTIONS=1000000 of all, or SECONDS=60 of each; TARGET=tables)
	$(BIN)/python -m tests.fuzz.run --executions "$(EXECUTIONS)" --seconds "$(SECONDS)" --target "$(TARGET)"

hostile: setup ## Requests made from the OpenAPI document, many of each (EXAMPLES=200), and forged tokens
	ONEFOLD_FUZZ=$(EXAMPLES) $(BIN)/pytest tests/flow/test_fuzz.py tests/flow/test_hostile_requests.py tests/unit/channels/api/test_signing.py

services: setup ## Gets Apache Kafka through Maven; runs it and PostgreSQL, each on its own, until Ctrl-C
	@$(BIN)/python -m tools.services

bench: setup ## Every benchmark, against its limit or a peer measured in the same run
	for it in bench/bench_*.py; do $(BIN)/python -m "bench.$$(basename "$$it" .py)"; done

bench-main: setup ## The main path: intake to view
	$(BIN)/python -m bench.bench_main

bench-intake: setup ## Intake over HTTP: rate, and how soon it shows
	$(BIN)/python -m bench.bench_intake

bench-bulk: setup ## Large files: rate, a second load, memory, disk, and a kill in the middle
	$(BIN)/python -m bench.bench_bulk

bench-permission: setup ## Decisions, views at a rate, an audience of a million
	$(BIN)/python -m bench.bench_permission

bench-identity: setup ## Identity: names across scripts, links in public sets, a million records, Splink beside us
	$(BIN)/python -m bench.bench_identity

bench-splink-env: setup ## Puts Splink into .cache/splink, for the benchmark alone
	$(BIN)/python -m venv --clear .cache/splink
	.cache/splink/bin/python -m pip install --quiet --require-hashes -r requirements/bench-splink.txt

bench-%: setup ## One benchmark: bench-log runs bench/bench_log.py
	$(BIN)/python -m bench.bench_$(subst -,_,$*)

docs: setup web ## Runs the README and the tutorials as tests
	$(PYTEST) tests/docs

sbom: setup ## Writes the list of all libraries as CycloneDX to dist/onefold.cdx.json
	$(BIN)/python tools/sbom.py

lock: ## Pins requirements/*.txt again from requirements/*.in (needs uv)
	@command -v uv >/dev/null || { echo "make lock: uv is not on the PATH: pip install uv"; exit 1; }
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) --constraint requirements/base.txt requirements/dev.in -o requirements/dev.txt
	$(COMPILE) requirements/bench-splink.in -o requirements/bench-splink.txt

clean: ## Removes the demo's state and everything that was built
	rm -rf $(DATA) $(DATA)-checkpoints .cache .hypothesis build dist web/dist web/node_modules/.stamp
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

web/node_modules/.stamp: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

web/dist/.stamp: web/node_modules/.stamp $(WEB_SOURCES)
	cd web && npm run --silent build
	touch $@
