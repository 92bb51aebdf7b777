// SPDX-License-Identifier: GPL-2.0
/* Script tags in a compile error */
#error <script>alert(1)</script> ``` [x](javascript:alert(1))
