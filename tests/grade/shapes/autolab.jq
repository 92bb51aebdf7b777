# SPDX-License-Identifier: GPL-2.0
#
# Autolab's last line: an object "scores" of problems and numbers.

(keys == ["scores"]) and (.scores | type == "object") and (.scores | map(type == "number") | all)
