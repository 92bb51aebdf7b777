// SPDX-License-Identifier: GPL-2.0
/* Backquotes in an error, to get out of the code block of the Markdown page */
#error ``````````` <b>out</b>
