#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The shell of a make whose recipes are to be known: make SHELL=…/record.sh runs
# "record.sh -c COMMAND" for each line. What a line was, where it ran, with which
# environment and what it said go into $LAB_RECORD/steps, each part ended by a
# NUL, the environment by an empty part. See build_record.c.

# $(shell …) has make's own pipe for its output; a recipe has make's, both ways.
if ! [ /proc/self/fd/1 -ef /proc/self/fd/2 ]; then
	exec /bin/sh "$@"
fi
# A make below this one records its own lines.
case $2 in
make\ *) exec /bin/sh "$@" ;;
esac
steps=$LAB_RECORD/steps
printf '%s\0%s\0' "$PWD" "$2" >> "$steps"
cat "/proc/$$/environ" >> "$steps"
printf '\0' >> "$steps"
/bin/sh "$@" > "$LAB_RECORD/said" 2>&1
status=$?
cat "$LAB_RECORD/said"
cat "$LAB_RECORD/said" >> "$steps"
printf '\0' >> "$steps"
exit $status
