# SPDX-License-Identifier: GPL-2.0
#
# What the makefiles of the tests share whose programs are linked with all of
# lab. They set
#
#	name		of the directory below build/
#	program		to be made there, as $(target)
#	borrowed	names of sources of tests/ or tests/vm that are linked as well, or nothing
#	defines		further flags, or nothing
#	plain		yes: without the sanitizers
#
# and include this before their first target, which then is `all`.

tests := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
top := $(abspath $(tests)/..)
out := $(top)/build/$(name)
lab_out := $(top)/build/lab$(if $(plain),,-san)
target := $(out)/$(program)

libs := libarchive sqlite3 jansson inih libcrypto
lib_cflags := $(shell pkg-config --cflags $(libs))
lib_ldlibs := $(shell pkg-config --libs $(libs))
CC ?= gcc
CFLAGS ?= $(if $(plain),-O2,-O1) -g
sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=undefined
flags := -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -pthread -Wall -Wextra -Werror \
	 -I$(top)/tools/lab -I$(tests) $(if $(borrowed),-I$(tests)/vm) \
	 -DLAB_PROGRAM='"$(lab_out)/lab"' -DLAB_TOP='"$(top)"' $(defines) \
	 $(if $(plain),,$(sanitizers)) $(lib_cflags)

sources := $(wildcard *.c)
objects := $(patsubst %.c,$(out)/%.o,$(sources) $(borrowed))
vpath %.c $(tests) $(tests)/vm
# All of the program but its main().
lab_sources := $(filter-out main.c,$(notdir $(wildcard $(top)/tools/lab/*.c)))
lab_objects := $(lab_sources:%.c=$(lab_out)/%.o) $(lab_out)/probe.o

.PHONY: all clean lab
all: $(target)

# Two suites may want it at the same time, or the script lab, which takes this lock too.
lab:
	@mkdir -p $(top)/build
	@flock $(top)/build $(MAKE) --no-print-directory -s -j2 -C $(top)/tools/lab $(if $(plain),,SAN=1)

.PHONY: objects
objects: $(objects)

$(target): lab
	@$(MAKE) --no-print-directory -s -j2 objects
	@$(CC) $(flags) $(CFLAGS) -o $@ $(objects) $(lab_objects) $(lib_ldlibs)

$(out)/%.o: %.c Makefile $(tests)/program.mk
	@mkdir -p $(out)
	@$(CC) $(flags) $(CFLAGS) -MMD -MP -c -o $@ $<

clean:
	rm -rf $(out)

-include $(objects:.o=.d)
