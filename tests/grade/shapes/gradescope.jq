# SPDX-License-Identifier: GPL-2.0
#
# The shape of results.json as Gradescope's documentation of autograders,
# "Output Format", describes it: true, or an error that names what is wrong.

def visibility: IN("hidden", "after_due_date", "after_published", "visible");
def format: IN("text", "html", "simple_format", "md", "ansi");
def must(what; condition): if condition then . else error(what) end;
def known(names): must("a key that is none: \(keys - names)"; (keys - names) == []);

def test:
  known(["score", "max_score", "status", "name", "name_format", "number", "output",
         "output_format", "tags", "visibility", "extra_data"])
  | must("score"; .score | type == "number")
  | must("max_score"; .max_score | type == "number")
  | must("status"; (has("status") | not) or (.status | IN("passed", "failed")))
  | must("name"; .name | type == "string" and length > 0)
  | must("output"; (.output // "") | type == "string")
  | must("output_format"; (has("output_format") | not) or (.output_format | format))
  | must("visibility"; .visibility // "visible" | visibility);

known(["score", "execution_time", "output", "output_format", "test_output_format",
       "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests",
       "leaderboard"])
| must("score"; .score | type == "number" and . >= 0)
| must("output"; (.output // "") | type == "string")
| must("visibility"; .visibility // "visible" | visibility)
| must("tests"; .tests | type == "array")
| .tests |= map(test)
| must("the tests do not add up to the score";
       ((.tests | map(.score) | add // 0) - .score) | fabs < 0.001)
| true
