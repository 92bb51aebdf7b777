# SPDX-License-Identifier: GPL-2.0
#
# The Linux kernel programming workbook. Everything here is one line that
# calls the tool that does it; `make help` lists the targets.

labs := $(patsubst %/,%,$(dir $(wildcard ch*_*/*/Makefile)))
# The running kernel's headers; without them, those of the first virtual one.
KDIR ?= $(or $(wildcard /lib/modules/$(shell uname -r)/build),$(shell ./lab kernel path 6.1))

.DEFAULT_GOAL := labs
.PHONY: labs $(labs) setup demo check check-long lint bench soak clean help

labs: ## build every lab, for the running kernel (KDIR= chooses another)
	@$(MAKE) --no-print-directory -Orecurse \
	  $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc)) $(labs)
$(labs):
	@echo "  LAB   $@"
	@$(MAKE) --no-print-directory -C $@ KDIR="$(KDIR)"

setup: ## install what is missing, fetch the kernels; says what and why first
	@./lab setup

demo: ## two minutes: the allocation selector decides in a real kernel
	@sh tools/demo

check: ## every test of the project, in real kernels
	@sh tests/run

check-long: ## the same with minutes of fuzzing and every variant: an hour
	@LONG=1 sh tests/run

lint: ## style and semantic checkers on all sources
	@$(MAKE) --no-print-directory -C tests/gate lint

bench: ## a verdict against the ways by hand, as ratios
	@$(MAKE) --no-print-directory -C tests/bench bench

soak: ## 500 verdicts in a row, bad modules among them; N= says how many
	@$(MAKE) --no-print-directory -C tests/soak soak

clean: ## remove what was built here; the cache stays (./lab kernel clean)
	@for l in $(labs); do $(MAKE) --no-print-directory -s -C $$l clean KDIR=none; done
	@rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18
