/* SPDX-License-Identifier: GPL-2.0 */
/* labjson.h - a lab as a JSON object, the same in every verb. */
#ifndef LAB_LABJSON_H
#define LAB_LABJSON_H

#include <jansson.h>

#include "meta.h"

/* What lab.ini says, and the student's progress. A new reference. */
json_t *lab_json(const struct lab *lab);
json_t *strlist_json(const struct strlist *list);

#endif
