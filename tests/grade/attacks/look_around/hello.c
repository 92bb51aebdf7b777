// SPDX-License-Identifier: GPL-2.0
/* __has_include for the host's files: an error would tell of any that is there */
@PATHS@