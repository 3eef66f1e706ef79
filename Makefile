# Every target builds .venv first, or adds to it what it needs and .venv lacks. `make lab` needs the
# student's packages, all others the maintainer's. Without make: see "Without make" in README.md.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.DEFAULT_GOAL := help
.PHONY: help environment maintainer-environment lab edit test test-all lint notebooks exercises task translate russian book bench lock clean

help:
	@echo "make lab         open your copy of the course, my-course/, in JupyterLab"
	@echo "make edit        open this folder itself, to change the course"
	@echo "make test        run every test"
	@echo "make test-all    and what takes hours: mutants, repeated runs, other versions"
	@echo "make lint        run the fast checks of code and texts alone"
	@echo "make notebooks   execute lectures and solutions and store their outputs"
	@echo "make exercises   write exercises/ from solutions/, and the recorded outputs"
	@echo "make task 06.8   record one task and run all its proofs; a number alone: one exercise"
	@echo "make translate   bring the catalogues of translations/ up to date"
	@echo "make russian     build the course in Russian, in build/ru"
	@echo "make book        build the book to read, in build/book"
	@echo "make bench       measure speed against other libraries"
	@echo "make lock        resolve the dependencies anew into student.lock and maintainer.lock"
	@echo "make clean       remove .venv and the caches; answers and progress stay"

environment:
	@$(PYTHON) coursekit/bootstrap.py

maintainer-environment:
	@$(PYTHON) coursekit/bootstrap.py --maintainer

lab: environment
	@$(BIN)/coursekit lab

edit: maintainer-environment
	@$(BIN)/coursekit lab --source

test: maintainer-environment
	@$(BIN)/python tools/run.py

test-all: test
	$(BIN)/python -m pytest -n 2 --dist loadfile -m long tests
	$(BIN)/python tools/mutate_submissions.py
	$(BIN)/python tools/mutation.py
	$(BIN)/python tools/sabotage_translations.py
	$(BIN)/python tools/repeat.py
	$(BIN)/python tools/versions.py

lint: maintainer-environment
	@$(BIN)/python tools/run.py lint

notebooks: maintainer-environment
	$(BIN)/python -m coursekit.notebooks

exercises: maintainer-environment
	$(BIN)/coursekit exercises

# The words after "task" say which one; they are no targets.
ifeq (task,$(firstword $(MAKECMDGOALS)))
TASK := $(word 2,$(MAKECMDGOALS))
$(eval $(TASK):;@:)
endif

task: maintainer-environment
	@$(BIN)/python tools/task.py $(TASK)

translate: maintainer-environment
	@$(BIN)/python -m coursekit.translation update ru

russian: maintainer-environment
	@$(BIN)/python -m coursekit.translation build ru

# With LANGUAGE=ru on the command line from an edition with outputs of its own, which takes minutes.
ifeq ($(origin LANGUAGE),command line)
book: BOOK := build/book-$(LANGUAGE)
book: maintainer-environment
	@$(BIN)/python -m coursekit.translation build $(LANGUAGE) --outputs
	@PYTHONPATH=build/$(LANGUAGE) $(BIN)/python build/$(LANGUAGE)/docs/book/build.py $(BOOK)
else
book: BOOK := build/book
book: maintainer-environment
	@$(BIN)/python docs/book/build.py $(BOOK)
endif
	@echo "Open $(BOOK)/index.html"

bench: maintainer-environment
	$(BIN)/python benchmarks/training_step.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/language.py
	$(BIN)/python benchmarks/widgets.py
	$(BIN)/python benchmarks/race.py
	$(BIN)/python benchmarks/playground_browser.py
	$(BIN)/python benchmarks/grading.py
	$(BIN)/python benchmarks/batch.py

lock: maintainer-environment
	$(BIN)/python tools/lock.py --upgrade

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, True) for p in '.venv build coursekit.egg-info artefacts .mypy_cache .ruff_cache .pytest_cache .hypothesis'.split()]"
