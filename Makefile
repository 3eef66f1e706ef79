# Every target builds .venv first, once. Without make: see "Without make" in README.md.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.DEFAULT_GOAL := help
.PHONY: help environment lab test test-all lint notebooks exercises book bench lock clean

help:
	@echo "make lab         open the course in JupyterLab"
	@echo "make test        run every test"
	@echo "make test-all    and what takes hours: mutants, repeated runs, other versions"
	@echo "make lint        run the fast checks of code and texts alone"
	@echo "make notebooks   execute lectures and solutions and store their outputs"
	@echo "make exercises   write exercises/ from solutions/, and the recorded outputs"
	@echo "make book        build the book to read, in build/book"
	@echo "make bench       measure speed against other libraries"
	@echo "make lock        resolve the dependencies anew into requirements.lock"
	@echo "make clean       remove .venv and the caches; answers and progress stay"

environment:
	@$(PYTHON) coursekit/bootstrap.py

lab: environment
	@$(BIN)/coursekit lab

test: environment
	@$(BIN)/python tools/run.py

test-all: test
	$(BIN)/python tools/mutation.py
	$(BIN)/python tools/repeat.py
	$(BIN)/python tools/versions.py

lint: environment
	@$(BIN)/python tools/run.py lint

notebooks: environment
	$(BIN)/python -m coursekit.notebooks

exercises: environment
	$(BIN)/coursekit exercises

book: environment
	@$(BIN)/python docs/book/build.py build/book
	@echo "Open build/book/index.html"

bench: environment
	$(BIN)/python benchmarks/training_step.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/widgets.py
	$(BIN)/python benchmarks/race.py
	$(BIN)/python benchmarks/playground_browser.py
	$(BIN)/python benchmarks/grading.py

lock: environment
	$(BIN)/python -m uv pip compile pyproject.toml --extra book --extra cluster --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --upgrade --quiet --output-file requirements.lock

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, True) for p in '.venv build coursekit.egg-info artefacts .mypy_cache .ruff_cache .pytest_cache .hypothesis'.split()]"
