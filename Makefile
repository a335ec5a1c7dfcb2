# The entry points. Each installs what is missing, builds, and runs; `make help` lists them.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT_BUILD = swift build -c release
EXECUTABLES = weir weir-agent weir-collector

.PHONY: help build demo test link-test lint format bench install clean

help:
	@echo "make demo       a collector and an agent on loopback, the link between them squeezed for half a minute"
	@echo "make test       lint, all tests, sanitizers, units: what continuous integration runs"
	@echo "make build      the release executables, in .build/release"
	@echo "make link-test  real agent and collector over shaped links, held against the simulator"
	@echo "make lint       format and house rules"
	@echo "make format     format all Swift files"
	@echo "make bench      benchmarks"
	@echo "make install    executables, units and configuration, below DESTDIR and PREFIX ($(PREFIX))"
	@echo "make clean      remove what was built"

build:
	@scripts/install-dependencies
	@$(SWIFT_BUILD)

demo: build
	@.build/release/weir demo

test:
	@scripts/install-dependencies --tests
	@scripts/test

link-test: build
	@scripts/link-test --quick

lint:
	@scripts/lint

format:
	@scripts/format

bench:
	@swift build -c release --package-path Benchmarks
	@OPENBLAS_NUM_THREADS=1 $${WEIR_PYTHON:-python3} Benchmarks/faiss_speed.py --only flat,residual
	@$${WEIR_PYTHON:-python3} Benchmarks/faiss_speed.py --only kmeans

# Builds nothing, so that it may run as root after `make build`. The units name /usr/bin; with another prefix
# they are rewritten to it. Configuration that is there already is kept.
install:
	@set -e; for name in $(EXECUTABLES); do \
		test -x .build/release/$$name || { echo "make install: run make build first" >&2; exit 1; }; \
		install -D -m 0755 .build/release/$$name $(DESTDIR)$(PREFIX)/bin/$$name; \
	done
	@set -e; for unit in $(wildcard systemd/*.service systemd/*.socket systemd/*.timer systemd/*.target); do \
		install -D -m 0644 $$unit $(DESTDIR)$(PREFIX)/lib/systemd/system/$${unit#systemd/}; \
		sed -i 's|/usr/bin/weir|$(PREFIX)/bin/weir|g' $(DESTDIR)$(PREFIX)/lib/systemd/system/$${unit#systemd/}; \
	done
	@set -e; for file in $(wildcard systemd/sysusers.d/*.conf systemd/tmpfiles.d/*.conf); do \
		install -D -m 0644 $$file $(DESTDIR)$(PREFIX)/lib/$${file#systemd/}; \
	done
	@set -e; for file in $(wildcard etc/weir/*.toml); do \
		test -e $(DESTDIR)/$$file || install -D -m 0644 $$file $(DESTDIR)/$$file; \
	done

clean:
	@rm -rf .build .build-* .venv
