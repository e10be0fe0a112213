.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || echo python3)
BIN := .venv/bin

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: .venv/.ready  ## the environment, in .venv
.venv/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## the example event, from spreadsheets to timetable and PDFs, into out/
	$(BIN)/company-dating demo

serve: setup  ## the web application with the example event, on this computer
	$(BIN)/company-dating serve --example

system:  ## the system's packages that the tests need: a browser and PostgreSQL
	@tests/system-packages

test: setup system  ## every test
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

faults: setup  ## plant every fault of tests/faults in a copy; a test must catch each (6 minutes)
	$(BIN)/python -m tests.faults

lint: setup  ## style and the rooms' doors
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports

type: setup  ## types
	$(BIN)/mypy

words: setup  ## collect the pages' texts for translation, and compile the translations
	@mkdir -p out
	$(BIN)/pybabel --quiet extract --mapping babel.cfg --keyword RefusedError --keyword marked --keyword say --keyword counted:2,3 --keyword listed:2 --keyword terms:3 --add-location file --sort-by-file --no-wrap --project company-dating --output-file out/words.pot .
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap --locale da --input-file out/words.pot --output-dir webui/translations
	$(BIN)/pybabel --quiet compile --directory webui/translations

bench: setup .venv-bench/.ready  ## speed and memory against peers, into benchmarks/results/
	$(BIN)/python -m benchmarks.run

.venv-bench/.ready: requirements-bench.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

lock: setup  ## renew the pinned dependencies
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile --group bench --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-bench.lock

.PHONY: help setup demo serve system test faults lint type words bench lock
