# Everything a person does with this checkout. `make` alone lists the targets.

PYTHON ?= python3
# Tests run in a shuffled order, the same each time; another seed finds what depends on it.
SEED ?= 1126
VENV := .venv
BIN := $(VENV)/bin
RUNTIME_STAMP := $(VENV)/.setup
DEV_STAMP := $(VENV)/.setup-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# All but web: Django has no types of its own.
TYPED := $(addprefix src/customhouse/,money.py business_days.py identifiers.py lifecycle.py \
	faults.py clock.py rails.py settings.py observability.py formats ledger database agency bank \
	trade rehearsal)
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo story test soak bench bench-ach national check requirements \
	reference lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(RUNTIME_STAMP) ## Install the program into .venv (first time: about a minute)

setup-dev: $(DEV_STAMP) ## Install what the tests and the checks need as well

demo: setup ## Play ten business days of duty payments, then serve the pages
	@$(BIN)/customhouse demo

story: setup ## Play the same ten days without serving; exit 0 only when all of it held
	@$(BIN)/customhouse story

check: setup-dev ## Run every check that starts no server: lint, types, imports, spelling, licences
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(TYPED)
	@$(BIN)/lint-imports
	@git ls-files -z '*.py' '*.md' '*.sql' '*.html' '*.toml' Makefile | xargs -0 $(BIN)/codespell
	@$(BIN)/python -m pytest -q -p no:randomly tests/docs/test_licences.py

test: check ## Run the checks, then every test on two processes (SEED=n: in another order)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -p randomly --randomly-seed=$(SEED)

soak: setup-dev ## Strike every boundary, race by the hundred, play long lives (about half an hour)
	@BULK_EXAMPLES=20000 SIEGE=all SIEGE_SEED=$(SEED) $(BIN)/python -m pytest -q -n 2 \
		--dist loadscope --timeout 3600 -p no:randomly --hypothesis-seed=$(SEED) \
		tests/unit/formats/test_nacha_bulk.py tests/unit/formats/test_nacha_bulk_write.py \
		tests/siege tests/simulation tests/integration/agency/test_credit_races.py

bench: setup ## Time everything against its target, about 15 minutes (QUICK=1: three, roughly)
	@$(BIN)/python -m benchmarks.table $(if $(QUICK),--quick)

national: setup ## Play a day of N=1000000 entry summaries from intake to final statements
	@$(BIN)/python -m benchmarks.national $(or $(N),1000000)

bench-ach: setup ## Time the writing and checking of ACH files of up to 5,000,000 entries
	@$(BIN)/python -m benchmarks.ach

requirements: setup-dev ## Print each requirement id with the tests that show it to hold
	@$(BIN)/python -m tests.requirement_report

reference: setup-dev ## Write the pages of commands, faults and ACH rules anew from the code
	@$(BIN)/python -m tests.docs.reference_pages
	@$(BIN)/python -m tests.docs.ach_pages

lock: setup-dev ## Resolve requirements.in and requirements-dev.in anew, with hashes
	@$(COMPILE) requirements.in --output-file requirements.txt
	@$(COMPILE) requirements-dev.in --output-file requirements-dev.txt

clean: ## Remove the environment, the demo world and every cache
	@rm -rf $(VENV) var dist build .pytest_cache .ruff_cache .mypy_cache .import_linter_cache \
		.hypothesis
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Customhouse needs Python 3.11 or newer; name one with make PYTHON=python3.11" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python's venv module is missing; on Debian: apt install python3-venv" >&2; exit 1; }

$(RUNTIME_STAMP): requirements.txt pyproject.toml $(VENV)/pyvenv.cfg
	@echo "Installing Customhouse into $(VENV)"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUNTIME_STAMP)
	@echo "Installing the tools of the tests into $(VENV)"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
