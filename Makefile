# The commands of this project; each one installs what it needs first.
.DEFAULT_GOAL := run
.PHONY: run test lint bench performance scale attack fuzz quality facts screenshots collection docs clean base dev audit audit-tools
SHELL := /bin/bash

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
ARGS ?= -n auto --dist worksteal
BENCH ?=

# The stamp holds a checksum of the pins: unchanged pins install nothing, and dev covers base.
define install
	@set -eu; \
	wanted="$$(cat requirements/*.txt | cksum)"; \
	have="$$(cat $(VENV)/installed-$(1) $(VENV)/installed-dev 2>/dev/null || true)"; \
	case "$$have" in *"$$wanted"*) exit 0;; esac; \
	if ! $(PY) -c 'import pip' 2>/dev/null; then \
	  for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
	    if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then found="$$candidate"; break; fi; \
	  done; \
	  if [ -z "$${found:-}" ]; then echo "Python 3.11 or newer (with venv) was not found; name one: make PYTHON=/path/to/python3" >&2; exit 1; fi; \
	  "$$found" -m venv --clear $(VENV); \
	fi; \
	echo "Installing requirements/$(1).txt …"; \
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements/$(1).txt; \
	echo "$$wanted" > $(VENV)/installed-$(1)
endef

run: base ## Serve on http://127.0.0.1:$PORT with a demo account
	@DEBUG=true ALLOW_DEBUG=true PORT=$(PORT) exec $(PY) manage.py serve

test: dev ## The whole suite on a real PostgreSQL and Redis; ARGS go to pytest
	@$(PY) tests/services.py $(PY) -m pytest $(ARGS)

lint: dev ## Style, types, contracts between modules, migrations, OpenAPI
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	ENV_FILE= $(PY) manage.py makemigrations --check --dry-run
	ENV_FILE= $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

bench: dev ## The core beside json.loads, the service beside bare views; BENCH="core --json"
	@$(PY) tests/services.py $(PY) -m tests.bench $(BENCH)

performance: dev ## Write docs/performance.md from `make bench`
	@page="$$($(PY) tests/services.py $(PY) -m tests.bench)" && printf '%s\n' "$$page" > docs/performance.md

scale: dev ## Storage of an analysis, and PostgreSQL's plans over SCALE_ROWS rows
	@$(PY) tests/services.py $(PY) -m tests.scale

attack: dev ## Made-up requests against the service as deployed; ATTACK_CASES per operation
	@$(PY) tests/services.py $(PY) -m tests.attack

fuzz: dev ## Coverage-guided fuzzing of translators and rules for FUZZ_SECONDS
	@$(PY) -c 'import atheris' 2>/dev/null || $(PY) -m pip install --quiet --disable-pip-version-check -r requirements/fuzz.txt
	@$(PY) -m tests.fuzz

quality: dev ## Write docs/quality.md from the workflows below WORKFLOW_CORPUS and the verdicts
	@page="$$($(PY) -m tests.quality)" && printf '%s\n' "$$page" > docs/quality.md

facts: dev ## Hold n8n's facts against its packages, unpacked below PACKAGES
	@$(PY) -m tests.n8n_packages "$(PACKAGES)"

screenshots: dev ## Write docs/screenshots with a real browser
	@$(PY) tests/services.py $(PY) -m pytest -q -p no:randomly tests/browser/screenshots.py

collection: base ## Write docs/api, the API as requests to try, from its schema
	@ENV_FILE= DJANGO_SETTINGS_MODULE=config.settings $(PY) -m config.collection

docs: base ## Write docs/configuration.md from config/variables.py
	@$(PY) -m config.reference

audit: ## Known weaknesses of what a deployment installs; its bill of materials in sbom.json
	@$(MAKE) --no-print-directory VENV=.venv-audit audit-tools
	.venv-audit/bin/cyclonedx-py requirements requirements/production.txt --output-format JSON --output-file sbom.json
	.venv-audit/bin/pip-audit --requirement requirements/production.txt --no-deps --disable-pip --strict --progress-spinner off

clean: ## Everything that can be made again, but not the database
	rm -rf $(VENV) .venv-audit sbom.json staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

base:
	$(call install,base)

dev:
	$(call install,dev)

audit-tools:
	$(call install,audit)
