# Everything runs from a virtual environment that make builds itself; `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo dev test test-slow lint format bench clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Python 3.11, 3.12 or 3.13 is needed; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Installing the locked packages into $(VENV) (a minute or two, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED)  ## pull the sample companies from the emulated QuickBooks into DuckDB
	@$(BIN)/qbo-pipeline demo

dev: $(INSTALLED)  ## the Dagster UI, with the emulator running
	@$(BIN)/qbo-pipeline dev

test: $(INSTALLED)  ## all fast tests
	@$(BIN)/pytest -m "not slow" -n auto --maxprocesses 4 --dist loadfile

PROOFS ?= qbo_pipeline_tests

test-slow: $(INSTALLED)  ## the slow proofs: kills, storms, scale; or some: make test-slow PROOFS=path
	@$(BIN)/pytest -m slow $(PROOFS)

# The files of models/qbo are lists of fields, not SQL.
SQL := $(addprefix dbt_or_sql/models/,qbo_mirror qbo_report ledger finance)

lint: $(INSTALLED)  ## style of Python and SQL, and the import law
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar $(SQL)

format: $(INSTALLED)  ## mend what lint can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(INSTALLED)  ## measure pull, idle syncs, imports and peers; the figures kept are in benchmarks/README.md
	@$(BIN)/python -m benchmarks.imports
	@$(BIN)/python -m benchmarks.idle
	@$(BIN)/python -m benchmarks.pull
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(VENV)/peers -r benchmarks/requirements.txt
	@PYTHONPATH=$(VENV)/peers $(BIN)/python -m benchmarks.peers

clean:  ## remove the environment and the demo's data
	@rm -rf $(VENV) data
