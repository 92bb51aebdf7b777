# SPDX-License-Identifier: GPL-2.0
#
# The makefile of every lab. A lab says what it is made of, and includes this:
#
#	obj-m := params.o			kernel modules (kbuild's own syntax)
#	progs := envreport			userland programs, NAME from NAME.c,
#	envreport-srcs := a.c b.c		or from these files
#	data  := list.txt			further files for the check
#	made  := tools.report			such files that a rule of the lab makes;
#						the rule runs at each build
#	$(WB_SOURCE)				the kernel's source, for lab.ini's
#						source = yes
#	include $(or $(src),.)/../../common/lab.mk
#
# It is read twice: by make in the lab's directory (the second half), and by
# kbuild, which the second half starts and which sets KERNELRELEASE.

wb_common := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))

ifneq ($(KERNELRELEASE),)

ccflags-y += -I$(wb_common)

else

wb_root := $(patsubst %/,%,$(dir $(realpath $(wb_common))))
KDIR ?= /lib/modules/$(shell uname -r)/build
WB_SOURCE ?= $(shell $(wb_root)/lab kernel path source-6.1)
CC ?= gcc
# A kernel for another architecture says so beside its Makefile: WB_ARCH, and in
# WB_CROSS what its compiler's name begins with.
-include $(KDIR)/workbook.mk
ifneq ($(WB_CROSS),)
CC := $(WB_CROSS)gcc
endif
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
WB_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -I$(wb_common) $(CFLAGS_EXTRA)
WB_LIBCHECK := $(wb_root)/build/check$(addprefix -,$(WB_ARCH))/libcheck.a
# Type information for tracers would need the kernel's own, and pahole.
WB_KBUILD = $(MAKE) -C $(KDIR) M=$(CURDIR) CONFIG_DEBUG_INFO_BTF_MODULES= \
	    $(if $(filter 1,$(V)),V=1) --no-print-directory

# Kconfig as the kernel's own makefile runs it, on a fragment of the lab's, for ARCH, in
# a directory below the lab's: $(call wb_kconfig,FRAGMENT,ARCH,DIRECTORY) TARGET. Not
# with what this make was called with: W=1 is not for the kernel's own programs. They run
# for a second: to optimize them would take longer.
wb_kconfig = env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES \
	     KCONFIG_ALLCONFIG=$(CURDIR)/$(1) make -s --no-print-directory \
	     -C $(WB_SOURCE) O=$(CURDIR)/$(3) ARCH=$(2) HOSTCFLAGS=-O0

.DEFAULT_GOAL := all
.PHONY: all modules progs check-prog clean checkpatch sparse check help $(made)
all: progs $(if $(obj-m),modules) $(made) ## build the lab for the running kernel (KDIR= chooses another)

modules: ## the kernel modules alone
	$(Q)$(if $(wildcard $(KDIR)/Makefile),:,\
	  echo "No kernel headers at $(KDIR)." >&2; \
	  echo "  why: a module is built against the headers of the kernel that loads it." >&2; \
	  echo "  mend: sudo apt-get install linux-headers-$$(uname -r)" >&2; \
	  echo "        or name others: make KDIR=/path/to/headers" >&2; \
	  echo "        or let the virtual machine bring its own: $(wb_root)/lab check" >&2; \
	  exit 2)
	+$(Q)$(WB_KBUILD) $(if $(W),W=$(W)) modules

# Programs of one architecture are of no use to another. (kbuild knows by itself.)
ifneq ($(WB_ARCH),$(file <.prog/arch))
$(shell rm -rf .prog $(progs) check; mkdir .prog; echo $(WB_ARCH) > .prog/arch)
endif

progs: $(progs) ## the userland programs alone

# Objects are kept in .prog with what they depend on: after an edit only that
# file is compiled, which counts for a program of many. An object there is
# never one of kbuild's, though both may be made from one file.
.prog/%.o: %.c
	$(Q)mkdir -p $(@D) && $(CC) $(WB_CFLAGS) -MMD -MP -c -o $@ $<

wb_objects = $(patsubst %.c,.prog/%.o,$(1))
define wb_program
$(1): $$(call wb_objects,$$(or $$($(1)-srcs),$(1).c))
	$$(Q)$$(CC) $$(WB_CFLAGS) -static -o $$@ $$(filter %.o,$$^) $$($(1)-libs)
endef
$(foreach p,$(progs),$(eval $(call wb_program,$(p))))

# The check's program; `make check` is the verdict itself.
.prog/check: $(call wb_objects,check.c $(wildcard check_*.c)) $(WB_LIBCHECK)
	$(Q)$(CC) $(WB_CFLAGS) -static -s -o $@ $^ && ln -f $@ check

check-prog: .prog/check

$(WB_LIBCHECK): $(wildcard $(wb_common)/check/*.[ch] $(wb_common)/check.h)
	$(Q)$(MAKE) --no-print-directory -C $(wb_common)/check$(if $(WB_CROSS), WB_ARCH=$(WB_ARCH) WB_CROSS=$(WB_CROSS))

-include $(wildcard .prog/*.d .prog/*/*.d)

check: ## judge this lab in the virtual machine
	$(Q)$(wb_root)/lab check $(CURDIR)

checkpatch: ## the kernel's style checker on this lab's sources
	$(Q)perl "$$($(wb_root)/lab kernel path checkpatch)" --strict --no-tree \
	  --terse --no-summary -f $(filter-out %.mod.c,$(wildcard *.c *.h))

sparse: ## the kernel's semantic checker on the modules
	+$(if $(obj-m),$(Q)$(WB_KBUILD) C=2 CHECK=sparse modules,@:)

clean: ## remove what was built here
	$(Q)rm -rf .prog $(progs) $(made) check *.ko *.o *.mod *.mod.c .*.cmd .tmp_versions \
	  modules.order Module.symvers .module-common.o .*.o.d *.ko.d

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' \
	  $(wb_common)/lab.mk | expand -t 22

endif
