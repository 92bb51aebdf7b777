# SPDX-License-Identifier: GPL-2.0
#
# The shape of a result as schemas/result-v1.schema.json of
# foundation50/classroom50 describes it, and the two rules that their collector
# adds: true, or an error that names what is wrong.

def must(what; condition): if condition then . else error(what) end;
def text: type == "string" and length > 0;
def whole: type == "number" and . == floor and . >= 0;
def instant: test("^\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$");
def needed: ["schema", "classroom", "assignment", "assignment_type", "owner", "submission",
             "commit", "release", "review", "datetime", "score", "max-score", "tests"];

must("missing: \(needed - keys)"; (needed - keys) == [])
| must("a key that is none"; (keys - needed - ["graded_at", "submitted_by"]) == [])
| must("schema"; .schema == "classroom50/result/v1")
| must("classroom"; .classroom | text)
| must("assignment"; .assignment | text)
| must("assignment_type"; .assignment_type | IN("individual", "group"))
| must("owner"; .owner | text)
| must("submission"; .submission | test("^submit/"))
| must("links"; [.commit, .release, .review] | all(text))
| must("datetime"; .datetime | instant)
| must("graded_at"; (has("graded_at") | not) or (.graded_at | instant))
| must("score"; (.score | whole) and (."max-score" | whole) and .score <= ."max-score")
| must("tests"; .tests | type == "array")
| must("a test"; .tests | all((."test-name" | text) and (.passed | type == "boolean") and
       (.score | whole) and (."max-score" | whole) and .score <= ."max-score"))
| true
