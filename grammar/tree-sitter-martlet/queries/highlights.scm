; Later patterns win.

(name) @variable

[
  "model" "param" "define" "let" "set" "explain" "analyze" "show" "describe" "load" "from" "values" "table"
  "where" "extend" "select" "rename" "limit" "offset" "order" "by" "batch" "rows" "tokens" "auto" "infer"
  "route" "cascade" "split" "weight" "aggregate" "group" "distinct" "sample" "percent" "left" "join" "nearest"
  "union" "unnest" "assert" "write" "fill" "error" "keep" "asc" "desc" "nulls" "first" "last"
  "with" "on" "as" "when" "then" "else" "end" "try" "until" "case" "cast" "try_cast" "list" "struct"
] @keyword

[ "and" "or" "not" "is" "in" "between" "like" "ilike" ] @keyword.operator

[ "pass" "drop" "fail" ] @keyword
[ "null" (boolean) ] @constant.builtin
(integer) @number
(float) @number
(string) @string
(comment) @comment
(shebang) @comment
(parameter) @variable.parameter

[ "|>" "=" "!=" "<>" "<" "<=" ">" ">=" "+" "-" "*" "/" "//" "%" "||" "??" "::" "=>" "->" ] @operator
(star) @operator
(star_argument) @operator
[ "(" ")" "[" "]" "{" "}" ] @punctuation.bracket
[ "," ";" "." ":" "?" ] @punctuation.delimiter

(type name: (name) @type)
(call function: (name) @function)
(stage_call function: (name) @function)
(define_statement name: (name) @function)
(model_statement name: (name) @function)
(member name: (name) @property)
(struct_field name: (name) @property)
(option name: (name) @property)
(state name: (name) @property)
