# Meridian's workshop. `make` alone lists what there is; CONTRIBUTING.md says how to use it.

PORT ?= 8765
KILLS ?= 30
SEEDS ?= 1000
ARGS ?=
# One more than there are cores: tests wait for browsers, processes and disks a fifth of the time.
WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1 )))

VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check
COMPILE = $(PY) -m compileall -q -j 0 bot
PYTEST = $(PY) -m pytest --numprocesses $(WORKERS) --dist worksteal

# What is compiled once, tests' assertions too, is there for every worker's processes and the next run.
export PYTHONDONTWRITEBYTECODE :=

# Tried in this order; `PYTHON=/path/to/python make …` comes before all.
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
RIGHT_VERSION := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))

# Locks come from the public registry alone, whatever this machine's pip is told to look at, so
# that everybody gets the same file. `make lock LOCK_PIP_CONFIG=…` says otherwise.
LOCK_PIP_CONFIG ?= /dev/null
PIP_COMPILE = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=$(LOCK_PIP_CONFIG) \
	CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile --quiet \
	--allow-unsafe --build-deps-for editable --generate-hashes --strip-extras \
	--no-emit-find-links --no-emit-index-url --no-emit-trusted-host

.PHONY: help
help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# --- run

.PHONY: install
install: $(VENV)/.installed ## build .venv from the locked requirements

.PHONY: sandbox
sandbox: $(VENV)/.installed ## the bot and a Slack workspace to try it in; PORT=8765
	@exec $(PY) -m bot sandbox --port $(PORT) $(ARGS)

# --- hold

.PHONY: test
test: $(VENV)/.installed-dev ## run the tests; ARGS="tests/core -k gap"
	@$(COMPILE)
	$(PYTEST) $(ARGS)

.PHONY: test-slow
test-slow: $(VENV)/.installed-dev ## the tests in a browser, and those of weeks, months and years
	@$(COMPILE)
	$(PYTEST) -m "(browser or slow) and not exhaustive" $(ARGS)

.PHONY: test-postgres
test-postgres: $(VENV)/.installed-dev ## database and engine tests on a PostgreSQL of their own
	@$(FIND_POSTGRES); \
	echo "PostgreSQL: $$bin"; \
	MERIDIAN_TEST_POSTGRES="$$bin" \
		$(PYTEST) -m "not exhaustive" $(wildcard tests/db tests/engine tests/asking tests/teams tests/actions tests/rituals) $(ARGS)

.PHONY: bench
bench: $(VENV)/.installed-dev ## how fast, against references; ARGS="answer --quick", --write
	@$(PY) -m tests.benchmarks $(ARGS)

.PHONY: kill-test
kill-test: $(VENV)/.installed-dev ## kill -9 at random while 2,000 people answer; KILLS=30
	@$(PY) -m tests.killing --kills $(KILLS) $(ARGS)

.PHONY: simulate
simulate: $(VENV)/.installed-dev ## the bot in virtual time, with trouble at every border; SEEDS=1000
	@$(PY) -m tests.simulation --seeds $(SEEDS) $(ARGS)

.PHONY: mutants
mutants: $(VENV)/.installed-dev ## change code a little: do its tests notice? hours; ARGS=bot.core.cadence
	@$(PY) -m tests.mutants $(ARGS)

.PHONY: check
check: lint types imports ## lint, strict types, direction of imports

.PHONY: lint
lint: $(VENV)/.installed-dev ## ruff: rules and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

.PHONY: types
types: $(VENV)/.installed-dev ## mypy, strict
	$(PY) -m mypy

.PHONY: imports
imports: $(VENV)/.installed-dev ## import-linter: who may import whom
	$(VENV)/bin/lint-imports --no-logo

.PHONY: format
format: $(VENV)/.installed-dev ## let ruff mend what it can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# --- keep

.PHONY: pictures
pictures: $(VENV)/.installed-dev ## take the README's pictures anew, with the system's Chromium
	MERIDIAN_SCREENSHOTS=docs/images $(PYTEST) --numprocesses 0 -m browser tests/browser/test_the_demo.py

.PHONY: lock
lock: $(VENV)/.installed-dev ## rebuild the locks after a change in pyproject.toml; ARGS=--upgrade
	@$(PY) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "make lock: needs a .venv on Python 3.11, the oldest supported: newer ones leave" \
			"out what it needs. make clean && PYTHON=python3.11 make lock" >&2; exit 1; }
	$(PIP_COMPILE) $(ARGS) --output-file deploy/requirements.txt pyproject.toml
	$(PIP_COMPILE) $(ARGS) --output-file deploy/requirements-dev.txt \
		--constraint deploy/requirements.txt --extra postgres --extra dev pyproject.toml

.PHONY: clean
clean: ## remove .venv, caches and build products; data in var/ and .env stay
	rm -rf $(VENV) build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- how it is done

# With a Python that is gone (the system was upgraded) .venv counts as not built.
$(PY): ;

$(VENV)/.installed: deploy/requirements.txt pyproject.toml $(PY)
	@$(MAKE_VENV)
	@echo "Installing locked requirements into $(VENV) …"
	@$(PIP_INSTALL) --require-hashes --requirement deploy/requirements.txt
	@$(PIP_INSTALL) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: deploy/requirements-dev.txt $(VENV)/.installed
	@echo "Installing what tests and checks need into $(VENV) …"
	@$(PIP_INSTALL) --require-hashes --requirement deploy/requirements-dev.txt
	@touch $@

# Keeps a .venv that works. A name on PATH proves nothing (it may be a stub), so each is run.
define MAKE_VENV
if $(PY) -c '$(RIGHT_VERSION)' 2>/dev/null && $(PY) -m pip --version >/dev/null 2>&1; then \
	exit 0; \
fi; \
without_venv=; \
for python in $(PYTHONS); do \
	"$$python" -c '$(RIGHT_VERSION)' >/dev/null 2>&1 || continue; \
	if "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "Building $(VENV) with $$("$$python" --version) …"; \
		exec "$$python" -m venv --clear $(VENV); \
	fi; \
	without_venv=$$python; \
done; \
if [ -n "$$without_venv" ]; then \
	echo "make: $$without_venv has no venv module; on Debian and Ubuntu: apt install python3-venv" >&2; \
else \
	echo "make: Meridian needs Python 3.11 to 3.14, and none of these is one: $(strip $(PYTHONS))." \
		"Install one, or name yours: PYTHON=/path/to/python make …" >&2; \
fi; \
exit 1
endef

# Sets `bin` to the folder of PostgreSQL's programs: what PATH names, else the newest that Debian
# keeps off it.
define FIND_POSTGRES
bin=; \
for initdb in "$$(command -v initdb)" $$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -rV); do \
	if [ -x "$$initdb" ]; then bin=$$(dirname "$$(readlink -f "$$initdb")"); break; fi; \
done; \
if [ -z "$$bin" ]; then \
	echo "make test-postgres: no initdb on PATH or under /usr/lib/postgresql; on Debian and Ubuntu:" \
		"apt install postgresql" >&2; \
	exit 1; \
fi
endef
