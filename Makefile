# Qingchuan on a machine that has Python 3.11 or later and make; `make help` lists what there is.

VENV ?= .venv
BIN = $(VENV)/bin
ARGS ?=
ONLY ?=
ROUNDS ?= 20
MESSAGES ?= 100000
PYTHONS ?= 3.11 3.12 3.13

NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))

# The first of these that is new enough; PYTHON=/path/to/python names another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$name; break; }; done)

# An environment is good as long as these files read the same, in whatever checkout they lie.
RUN_STAMP = $(VENV)/.qingchuan-run-$(shell cat requirements.lock pyproject.toml | cksum | cut -d ' ' -f 1)
DEV_STAMP = $(VENV)/.qingchuan-dev-$(shell cat requirements.lock requirements-dev.lock pyproject.toml | cksum | cut -d ' ' -f 1)

PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED = $(PIP) install --quiet --require-hashes --requirement
OURSELVES = $(PIP) install --quiet --no-deps --no-build-isolation --editable .
# One lock for every system and every Python from 3.11 on; it names no index.
LOCK = build/lock-venv/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-header --no-annotate $(ARGS) pyproject.toml --group build

.DEFAULT_GOAL = help
.PHONY: help demo test bench chaos bundle format lock clean

help: ## what there is
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1 - \2/p' Makefile

demo: $(RUN_STAMP) ## run everything with simulated stations of Ningbo: http://127.0.0.1:8080, until Ctrl-C
	@exec $(BIN)/qingchuan demo

test: $(DEV_STAMP) ## lint, types, layers, tests; ARGS='-k journal' goes on to pytest
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 $(ARGS)

bench: $(DEV_STAMP) ## all benchmarks, or one: ONLY=name; writes benchmarks/results.json
	$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

chaos: $(DEV_STAMP) ## kill, cut, fill and tear with MESSAGES=100000 a scenario, ROUNDS=20 kills; half an hour, the verdict last
	QINGCHUAN_TEST_ROUNDS=$(ROUNDS) QINGCHUAN_TEST_MESSAGES=$(MESSAGES) \
		$(BIN)/pytest -m chaos -v --capture no --timeout 3600 $(ARGS)

bundle: $(DEV_STAMP) ## what a machine without internet needs, in build/bundle; PYTHONS='3.11 3.12 3.13'
	PYTHON=$(abspath $(BIN)/python) deploy/bundle/build $(abspath build/bundle) $(PYTHONS)

format: $(DEV_STAMP) ## set imports and layout right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## choose the versions of the lock files again; ARGS=--upgrade takes the newest
	$(call environment,build/lock-venv)
	build/lock-venv/bin/python -m pip install --quiet 'uv>=0.9'
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove the environment and what tools left behind
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(RUN_STAMP):
	$(call environment,$(VENV))
	@echo 'Installing what requirements.lock names into $(VENV) ...'
	@$(LOCKED) requirements.lock
	@$(OURSELVES)
	@touch $@

$(DEV_STAMP):
	$(call environment,$(VENV))
	@echo 'Installing what requirements-dev.lock names into $(VENV) ...'
	@$(LOCKED) requirements-dev.lock
	@$(OURSELVES)
	@touch $(RUN_STAMP) $@

# An environment in $(1), if none works there. A checkout without symbolic links cannot be imported: better said here.
define environment
	@test -L qingchuan/api || { echo 'qingchuan/api is no symbolic link; clone again with' \
		'git clone -c core.symlinks=true, on a file system that has them' >&2; exit 1; }
	@test -n "$(PYTHON)" || { echo 'Qingchuan needs Python 3.11 or later, and none is in PATH;' \
		'install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12' >&2; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo '$(PYTHON) is no Python 3.11 or later;' \
		'name another: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12' >&2; exit 1; }
	@$(1)/bin/python -c '$(NEW_ENOUGH)' 2>/dev/null || $(PYTHON) -m venv --clear $(1) || \
		{ echo '$(PYTHON) cannot make an environment; on Debian and Ubuntu the package python3-venv adds that' >&2; exit 1; }
endef
