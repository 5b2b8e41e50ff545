# The everyday commands; `make help` lists them. They ask nothing and read no input.

SWIFT ?= swift
# Every test is one of Swift Testing; an empty run of XCTest would only be noise, and leak.
TEST := $(SWIFT) test --disable-xctest
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: run test extension deps deps-gate deps-peers deps-plots lint sanitize stress coverage \
	bench gate peers plots clean help

# What the build needs beyond Swift and git: Debian package, then how to see that it is there.
# (Ask for the thing and not for the package, so that other systems and self-built copies count.)
BUILD_NEEDS := \
	"pkg-config:command -v pkg-config" \
	"libopenblas-dev:pkg-config --exists openblas" \
	"liblapacke-dev:pkg-config --exists lapacke" \
	"libsqlite3-dev:pkg-config --exists sqlite3" \
	"libzstd-dev:pkg-config --exists libzstd" \
	"zlib1g-dev:pkg-config --exists zlib" \
	"libxxhash-dev:pkg-config --exists libxxhash" \
	"libboost-dev:test -e /usr/include/boost/lockfree/spsc_queue.hpp" \
	"libstdc++-12-dev:compgen -G '/usr/include/c++/*/charconv'" \
	"tzdata:test -e /usr/share/zoneinfo/America/New_York"
GATE_NEEDS := "valgrind:command -v valgrind"
PEER_NEEDS := \
	"python3-venv:python3 -c 'import venv, ensurepip'" \
	"g++:command -v g++" \
	"libboost-dev:test -e /usr/include/boost/lockfree/spsc_queue.hpp" \
	"libreaderwriterqueue-dev:test -e /usr/include/readerwriterqueue/readerwriterqueue.h" \
	"default-jdk-headless:command -v javac" \
	"libdisruptor-java:test -e /usr/share/java/disruptor.jar"
PLOT_NEEDS := "python3-venv:python3 -c 'import venv, ensurepip'"

# Installs what the list in $(1) lacks; does not touch apt when there is nothing to install.
define install
missing=(); \
for need in $(1); do \
  eval "$${need#*:}" >/dev/null 2>&1 || missing+=("$${need%%:*}"); \
done; \
if (( $${#missing[@]} )); then \
  printf 'Missing packages:\n'; printf '  %s\n' "$${missing[@]}"; \
  command -v apt-get >/dev/null || { \
    echo 'There is no apt-get here: install them (named as in Debian 12), then try again.' >&2; \
    exit 1; }; \
  root=(); \
  if (( $$(id -u) )); then \
    command -v sudo >/dev/null || { \
      echo "There is no sudo here. As root: apt-get install -y $${missing[*]}" >&2; exit 1; }; \
    root=(sudo); \
  fi; \
  "$${root[@]}" apt-get update -q </dev/null; \
  "$${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "$${missing[@]}" </dev/null; \
fi
endef

run: deps ## Build, and run the whole pipeline over a simulated market
	$(SWIFT) build -c release --product tickloom
	"$$($(SWIFT) build -c release --show-bin-path)/tickloom" run sim:8,200000,1

test: deps ## Build and run every test
	$(TEST)

# What SQLite loads by itself: the table of ticks, for its shell and for other languages.
EXTENSION := .build/tickloom_ticks.so
# The compiler beside Swift, where there is no other: the sources are written for clang.
CLANG ?= $(shell command -v clang || printf '%s/clang' "$$(dirname "$$(command -v $(SWIFT))")")

extension: deps ## Build the table of ticks for the shell of SQLite and others
	@mkdir -p $(dir $(EXTENSION))
	$(CLANG) -std=c17 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Werror \
	  -I CSources/CLoomJournal/include $$(pkg-config --cflags sqlite3 libzstd libxxhash) \
	  -o $(EXTENSION) CSources/CLoomJournal/*.c $$(pkg-config --libs libzstd libxxhash) -lm
	@echo "sqlite3 STORE '.load $(EXTENSION)' 'SELECT * FROM ticks LIMIT 5'"

deps: ## Install the libraries that are missing (apt, sudo only where needed)
	@$(call install,$(BUILD_NEEDS))

deps-gate: deps
	@$(call install,$(GATE_NEEDS))

deps-peers: deps
	@$(call install,$(PEER_NEEDS))
	perf/peers --install

deps-plots: deps
	@$(call install,$(PLOT_NEEDS))
	perf/plots --install

lint: deps ## Check the format, and build with the import check
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Package.swift
	$(SWIFT) build --explicit-target-dependency-import-check error

# Each sanitizer has a build folder of its own, so that nobody's next build starts over.
sanitize: deps ## Run every test under ThreadSanitizer, then under AddressSanitizer
	$(TEST) --sanitize=thread --scratch-path .build/thread
	LSAN_OPTIONS=suppressions=$(CURDIR)/.ci/leaks:print_suppressions=0 \
	  $(TEST) --sanitize=address --scratch-path .build/address

stress: deps ## Boards at full speed; power cuts and kills under a journal; long runs and replays
	LOOM_STRESS_SECONDS=10 LOOM_STRESS_CUTS=500 LOOM_STRESS_KILLS=250 \
	LOOM_STRESS_TICKS=10000000 LOOM_STRESS_RESUMES=20 \
	  $(TEST) --filter 'BoardStressTests|PowerCutTests|KillTests|LiveReplayTests|ResumeTests'

coverage: deps ## Line coverage of each library module; fails under 95 %
	.ci/coverage

bench: deps ## Time the workloads beside their yardsticks
	$(SWIFT) run -c release bench

gate: deps-gate ## Compare instructions and allocations with perf/thresholds.tsv
	perf/gate

peers: deps-peers ## Do the same work as others do it, and write perf/peers.md
	perf/peers

plots: deps-plots ## Run the whole bench, keep its results, and draw how costs grow
	perf/plots --measure

clean: ## Remove everything that was built
	rm -rf .build

help: ## Show this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1|\2/p' Makefile | \
	  while IFS='|' read -r name text; do printf 'make %-10s %s\n' "$$name" "$$text"; done
