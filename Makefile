# The commands a person types. Each bootstraps its own .venv from a hashed lock.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test both long lint format diagram columns measure lock fuzz bench clean

help:  ## show these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

.venv/run.stamp: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Följsam needs Python 3.11 or newer.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --quiet --no-deps --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	$(PIP) install --quiet --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

setup: .venv/run.stamp  ## make .venv with the foljsam command in it
	@echo "Ready: $(BIN)/foljsam --help"

demo: .venv/run.stamp  ## play a year of a real plan, then serve the pages until Ctrl-C
	$(BIN)/foljsam demo

# Where compiled files are forbidden, each program that a test starts would compile all of it anew.
test both long fuzz: export PYTHONDONTWRITEBYTECODE :=

test: .venv/dev.stamp  ## run the tests: every behaviour, small draws
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist worksteal

both: .venv/dev.stamp  ## what takes the databases by turns, on both
	BOTH=1 $(BIN)/python -m pytest -m by_turns -n auto --maxprocesses=4 --dist worksteal

# What LONG=1 makes large (`tests/sizes.py`); each can be run alone: make long OF=tests/recount.
OF ?= tests/security \
  tests/recount \
  tests/test_deviations_twins.py \
  tests/test_deviations_attacker.py \
  tests/test_year.py \
  tests/test_answered.py \
  tests/test_recipients.py \
  tests/test_message.py \
  tests/test_patterns.py \
  tests/test_report_signs.py \
  tests/test_reports_of_any_words.py \
  tests/test_reports_to_come.py \
  tests/test_ten_days.py \
  tests/test_life_machine.py \
  tests/test_rehearsal.py \
  tests/test_morning_round.py \
  tests/test_history.py \
  tests/test_rollup_late.py \
  tests/test_export_plan.py \
  tests/test_intake_fuzz.py \
  tests/test_form_fuzz.py \
  tests/test_forms_left_open.py \
  tests/oracle \
  tests/test_real_mail.py \
  tests/test_prefect_foreign_origin.py \
  tests/test_prefect_away.py \
  tests/crash

long: .venv/dev.stamp  ## the big figures, hours: the border, mutants, worlds, years, lives (OF=… one)
	LONG=1 $(BIN)/python -m pytest $(OF) -s

lint: .venv/dev.stamp  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev.stamp  ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

diagram: .venv/run.stamp  ## draw docs/lifecycle.md anew from the table of moves
	$(BIN)/python -m models.lifecycle > docs/lifecycle.md

columns: .venv/dev.stamp  ## write anew what the type checker knows of each table's columns
	$(BIN)/python -m models.column_stub > models/column_types.tmp
	@mv models/column_types.tmp models/column_types.pyi
	$(BIN)/ruff check --quiet --fix models/column_types.pyi
	$(BIN)/ruff format --quiet models/column_types.pyi

measure: .venv/dev.stamp  ## the house in figures, as the table in docs/architecture.md has them
	$(BIN)/python -m bench.measure

FUZZ ?= 10000

fuzz: .venv/dev.stamp  ## throw 10,000 odd inputs (FUZZ=…) at every form, and files at every reader
	FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/test_form_fuzz.py tests/test_intake_fuzz.py

bench: .venv/dev.stamp  ## measure, as ratios to the bare tools
	$(BIN)/python -m bench.sweep
	$(BIN)/python -m bench.intake
	$(BIN)/python -m bench.moves

lock: .venv/dev.stamp  ## pin every dependency anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.txt
	uv pip compile pyproject.toml --extra dev -c requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.txt

clean:  ## remove what was built; var/ (an installation's data) stays
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
