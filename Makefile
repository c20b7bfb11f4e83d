# Needs Python 3.11 or newer and nothing else: `make setup` puts the rest into .venv/.
# Works with GNU make 3.81 (macOS); paths are relative, so that the checkout may lie anywhere.

PYTHON ?= python3
UV ?= uv
ARGS ?=

LOCK := requirements/lock.txt
VENV_PYTHON := .venv/bin/python
# pip's warnings (an extra index that does not answer, a newer pip) are not for the user; its errors are.
PIP := $(VENV_PYTHON) -m pip --disable-pip-version-check -qq

# tests/conftest.py says how many workers there are, and which tests one of them runs.
WORKERS := auto
PYTEST = $(VENV_PYTHON) -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

# The tests start Python hundreds of times: it compiles each file once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help setup demo test quick lint bench soak lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' Makefile

setup: .venv/ready ## make .venv/ with the locked packages and the `grader` command
	@echo "Ready: .venv/bin/grader"

demo: .venv/ready ## grade the small class in tests/sample_class
	@.venv/bin/grader grade tests/sample_class --out build/demo $(ARGS)

test: .venv/ready ## run all tests; ARGS="-k softmax" runs some
	@$(PYTEST) $(ARGS)

quick: WORKERS := logical
quick: .venv/ready ## run the quick tests: no browser, classroom or corpus, and none that takes long
	@$(PYTEST) -m "not (slow or classroom or browser or cluster)" --hypothesis-profile quick \
		--ignore tests/classroom $(ARGS)

lint: .venv/ready ## check style, format and types
	@$(VENV_PYTHON) -m ruff check
	@$(VENV_PYTHON) -m ruff format --check
	@$(VENV_PYTHON) -m mypy

bench: .venv/ready ## measure how fast the grader is
	@$(VENV_PYTHON) benchmarks/bench.py $(ARGS)

soak: .venv/ready ## grade thousands of mixed students, then look for what was left behind
	@$(VENV_PYTHON) benchmarks/soak.py $(ARGS)

lock: ## renew requirements/lock.txt from pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: python3 -m pip install uv" >&2; exit 1; }
	@$(UV) pip compile --quiet --no-config --upgrade --universal --python-version 3.11 --fork-strategy fewest \
		--extra dev --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--output-file $(LOCK) pyproject.toml
	@echo "Renewed $(LOCK): run make test, then commit it."

clean: ## remove all that make, Python and the tools made, .venv/ too
	@rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# .venv/ is made in two steps, each with a file that says it was completed: interrupted halfway, a
# step is done again. The scripts in .venv/bin hold the path of the checkout, so a checkout that
# was moved or copied gets a new .venv/.

ifneq "$(shell cat .venv/locked 2>/dev/null)" "$(CURDIR)"
.PHONY: .venv/locked
endif

.venv/locked: $(LOCK)
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) is not there: install Python 3.11 or newer, or name one: make setup PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is `$(PYTHON) --version 2>&1`, but 3.11 or newer is needed: make setup PYTHON=python3.12, for example" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: sudo apt install" \
			"`$(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'` (on Debian or Ubuntu), then make setup" >&2; \
		exit 1; }
	@echo "Making .venv/ with `$(PYTHON) --version`, and installing the packages of $(LOCK): a minute or two, once …"
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) install --require-hashes -r $(LOCK)
	@printf '%s\n' "$(CURDIR)" >$@

.venv/ready: .venv/locked pyproject.toml
	@echo "Installing the grader into .venv/ …"
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(VENV_PYTHON) -m compileall -q grader  # a sandbox writes no bytecode, and starts faster with it
	@touch $@
