# make run: install, build the index, print one example, serve.  make test: everything CI checks.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := torch==2.13.0

.PHONY: run test prove bench measure lock clean

$(VENV)/bin/python:
	@echo "[1/3] 创建 $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新版本,当前为 " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

# A torch build that is already installed is kept; torch goes first, so that no other package
# chooses a build with gigabytes of accelerator libraries.
$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "[2/3] 安装 torch(已安装则保留)…"
	@$(BIN)/python -c 'import importlib.metadata as m; m.version("torch")' 2>/dev/null \
	  || $(BIN)/python -m pip install --progress-bar on -c constraints.txt $(TORCH)
	@echo "[3/3] 安装依赖 …"
	@$(BIN)/python -m pip install --progress-bar on -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "安装测试依赖 …"
	@$(BIN)/python -m pip install --progress-bar on -c constraints.txt -e '.[test]'
	@touch $@

run: $(VENV)/.installed
	@$(BIN)/huiqi demo
	@exec $(BIN)/huiqi serve $(if $(PORT),--port $(PORT))

test: $(VENV)/.installed-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest

bench: $(VENV)/.installed-test
	@$(BIN)/python -m tests.benchmarks
	@$(BIN)/python -m tests.benchmarks.index
	@$(BIN)/python -m tests.benchmarks.vectors
	@$(BIN)/python -m tests.benchmarks.readers

# How well documents are read: labelled samples, and with DATA=DIR every document of a folder.
measure: $(VENV)/.installed-test
	@$(BIN)/python -m tests.measures $(if $(DATA),--data $(DATA))

# Fifty times the examples of the property tests, 200 kills, 400 mutants of each file format, figures.
prove: $(VENV)/.installed-test
	@HUIQI_PROVE=1 $(BIN)/python -m pytest
	@$(MAKE) --no-print-directory measure bench

# Pins of everything installed, but for torch: the CPU build and the registry's build differ.
lock: $(VENV)/.installed-test
	@$(BIN)/python -m pip freeze --exclude-editable | grep -viE '^(torch|triton|nvidia|cuda|pip|setuptools)\b' > constraints.txt

clean:
	rm -rf build *.egg-info .pytest_cache .mypy_cache .ruff_cache
