# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Closing lines of tests, "N passed, N failed[, N skipped]", for scripts that read them.
passed=0 failed=0 skipped=0

# add_sum LINE: false where it is no closing line
add_sum() {
	case $1 in
	[0-9]*" passed, "[0-9]*" failed"*) ;;
	*) return 1 ;;
	esac
	# shellcheck disable=SC2086
	set -- $1 0
	passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
}

# print_sum: the closing line of all; false where one failed, or none passed
print_sum() {
	if [ "$skipped" -gt 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
