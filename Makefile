# Two commands do all the set-up: "make book" and "make test".
PYTHON ?= python3
VENV := .venv
TEST_VENV := .venv-test
TOOLS := tests/tools

.PHONY: book test clean

book: $(VENV)/.installed
	$(VENV)/bin/packager build
	@echo "The results are in the folder build: a folder for each article."

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Packager needs Python 3.11 or newer; name it with make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

test: $(TEST_VENV)/.installed $(TOOLS)/.installed
	$(TEST_VENV)/bin/ruff check .
	$(TEST_VENV)/bin/ruff format --check .
	$(TEST_VENV)/bin/mypy
	$(TEST_VENV)/bin/python -m pytest -n auto

$(TEST_VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(TEST_VENV)
	$(TEST_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[check,listen,piper,test]'
	touch $@

# Ace and the reading system foliate-js; without npm their tests are skipped, and say so.
$(TOOLS)/.installed: $(TOOLS)/package.json
	if command -v npm >/dev/null; then cd $(TOOLS) && npm install --ignore-scripts --no-audit --no-fund --silent; fi
	touch $@

clean:
	rm -rf $(VENV) $(TEST_VENV) $(TOOLS)/node_modules $(TOOLS)/.installed
