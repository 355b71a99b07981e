# make run     build the environment and run the baseline, five replicates; all lands in runs/baseline
# make test    all checks and all tests
# make check   format, lint, types, import rules
# make benchmark   what the engine costs, against peers and against the machine (docs/performance.md)
# make clean   remove the environment, the runs and every cache
# Another interpreter: make PYTHON=python3.13 ... (after `make clean`)

PYTHON ?= python3
SHELL := /bin/sh
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt
SOURCES := model calibration
CODE := $(SOURCES) tests $(wildcard benchmarks)

.DELETE_ON_ERROR:
.DEFAULT_GOAL := run
.PHONY: run test check kernels benchmark clean

run: .venv/installed
	$(BIN)/footloose run scenarios/baseline.yaml --replicates 5 --out runs/baseline --overwrite

# Tests start some two hundred processes: without bytecode each would compile the package again. The kernels are
# compiled while types are checked, which keeps one processor busy only.
test: .venv/installed-dev
	$(MAKE) --no-print-directory -j2 check kernels
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

kernels: .venv/installed-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m footloose.ready

benchmark: .venv/installed-dev
	$(BIN)/python -m benchmarks

check: .venv/installed-dev
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy --strict $(SOURCES)
	$(BIN)/lint-imports

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(PIP) --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv runs build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
