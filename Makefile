# Bình An. `make serve` is all a newcomer needs; `make help` lists the rest.
# Every target installs what it needs into .venv first, and only when something changed.

.DEFAULT_GOAL := help
.PHONY: help serve test check lock clean ci bench torch endpoint
export PYTHON

help: ## Say what can be made
	@echo "make serve    install, index the guides, open the web chat on 127.0.0.1:8080"
	@echo "make test     install and run the tests            (ARGS=\"-k name\" picks some)"
	@echo "make check    lint, types, layers, texts, sizes"
	@echo "make bench    measure: quality and time            (takes a while)"
	@echo "make torch    add torch and sentence-transformers  (1.3 GB, optional)"
	@echo "make endpoint add the client of OpenAI-compatible endpoints (optional)"
	@echo "make lock     write the lock files anew            (ARGS=--upgrade takes newer versions)"
	@echo "make ci       what the continuous integration runs"
	@echo "make clean    remove .venv and caches; the data folder stays"

serve: ## Web chat on 127.0.0.1:8080
	@scripts/install serve
	@.venv/bin/binhan serve $(ARGS)

test: ## All tests this machine can run
	@scripts/install test
	@.venv/bin/python -m pytest -n 2 --dist loadfile $(ARGS)

check: ## Everything that is checked without running the program
	@scripts/check

lock: ## New lock files
	@scripts/install test
	@scripts/lock $(ARGS)

bench: ## Measure
	@scripts/install test
	@.venv/bin/python -m benchmarks $(ARGS)

torch: ## The sentence-transformers extra
	@scripts/install torch

endpoint: ## The client of OpenAI-compatible endpoints, for embedding and language models
	@scripts/install endpoint

ci: ## As in the continuous integration
	@CI=true bash .ci/run

clean: ## Back to a fresh clone, without touching data
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
