// The grammar of Martlet for tree-sitter: ../martlet.ebnf in the same order, with nodes that editors can use.

const reserved = [
  'and', 'as', 'between', 'case', 'cast', 'else', 'end', 'false', 'ilike', 'in', 'is', 'like', 'not', 'null', 'on',
  'or', 'then', 'true', 'try_cast', 'until', 'when',
];
// Words that begin a stage; `left` is a name unless `join` follows.
const stageWords = [
  'aggregate', 'assert', 'batch', 'cascade', 'distinct', 'extend', 'infer', 'join', 'limit', 'nearest', 'order',
  'rename', 'route', 'sample', 'select', 'split', 'union', 'unnest', 'where', 'write',
];
const otherWords = [
  'analyze', 'asc', 'auto', 'by', 'define', 'desc', 'describe', 'drop', 'error', 'explain', 'fail', 'fill', 'first',
  'from', 'group', 'keep', 'last', 'left', 'let', 'list', 'load', 'model', 'nulls', 'offset', 'param', 'pass',
  'percent', 'rows', 'set', 'show', 'struct', 'table', 'tokens', 'try', 'values', 'weight', 'with',
];

// A word in any letter case.
function word(text) {
  const pattern = text.replace(/[a-z]/g, letter => `[${letter}${letter.toUpperCase()}]`);
  return alias(new RegExp(pattern), text);
}

function list(rule) {
  return seq(rule, repeat(seq(',', rule)));
}

// `left operator right`, repeated to the left.
function chain($, whole, part, ...operators) {
  return seq(field('left', whole), field('operator', choice(...operators)), field('right', part));
}

module.exports = grammar({
  name: 'martlet',

  word: $ => $._word,

  extras: $ => [/[\s\uFEFF]/, $.comment],

  // `t.*` or `t.x`.
  conflicts: $ => [[$.star, $._primary]],

  rules: {
    script: $ => seq(
      optional($.shebang), optional($._statement), repeat(seq(';', optional($._statement)))),

    // ---- Statements ----

    _statement: $ => choice(
      $.model_statement, $.param_statement, $.define_statement, $.let_statement, $.set_statement,
      $.explain_statement, $.show_statement, $.describe_statement, $.query),

    model_statement: $ => seq(
      word('model'), field('name', $.name), '=', word('load'), field('path', $._expression),
      optional(seq(word('as'), $.signature)), optional($.options)),

    param_statement: $ => seq(
      word('param'), field('name', $.name),
      choice(
        seq(field('type', $.type), optional(seq('=', field('value', $._expression)))),
        seq(word('table'), $.fields))),

    define_statement: $ => seq(
      word('define'), field('name', $.name), field('parameters', $.fields), '=',
      field('body', choice($.stages, $._expression))),

    let_statement: $ => seq(word('let'), field('name', $.name), '=', $.query),
    set_statement: $ => seq(word('set'), field('name', $.name), '=', field('value', $._expression)),
    explain_statement: $ => seq(word('explain'), optional(word('analyze')), $.query),
    show_statement: $ => seq(word('show'), field('subject', $.name)),
    describe_statement: $ => seq(word('describe'), field('subject', $.name)),

    // ---- Queries ----

    query: $ => seq($._source, repeat(seq('|>', $._stage))),
    _source: $ => choice($.load, $.from),
    load: $ => seq(
      word('load'), field('path', $.string), optional($.options), optional(seq(word('as'), field('alias', $.name)))),
    from: $ => seq(word('from'), $.relation),

    relation: $ => seq(
      choice(field('name', $.name), $.parameter, $.values, seq('(', $.query, ')')),
      optional(seq(
        word('as'), field('alias', $.name), optional(seq('(', list(field('column', $.name)), ')'))))),
    values: $ => seq(word('values'), list($.row)),
    row: $ => seq('(', list($._expression), ')'),

    stages: $ => prec.dynamic(1, seq($._stage, repeat(seq('|>', $._stage)))),

    _stage: $ => choice(
      $.where, $.extend, $.select, $.rename, $.limit, $.order, $.batch, $.infer, $.route, $.cascade, $.split,
      $.aggregate, $.distinct, $.sample, $.join, $.nearest, $.union, $.unnest, $.assert, $.write, $.stage_call),

    where: $ => seq(word('where'), field('condition', $._expression)),
    extend: $ => seq(word('extend'), list($.item)),
    select: $ => seq(word('select'), list(choice($.item, $.star))),
    star: $ => seq(optional(seq($.name, '.')), '*'),
    rename: $ => seq(word('rename'), list($.renaming)),
    renaming: $ => seq(field('from', $.name), word('as'), field('to', $.name)),
    limit: $ => seq(word('limit'), $.integer, optional(seq(word('offset'), $.integer))),
    order: $ => seq(word('order'), word('by'), list($.key)),
    key: $ => seq(
      $._expression, optional(choice(word('asc'), word('desc'))),
      optional(seq(word('nulls'), choice(word('first'), word('last'))))),
    batch: $ => seq(
      word('batch'),
      choice($.integer, seq(word('rows'), $.integer), seq(word('tokens'), $.integer), word('auto'))),
    infer: $ => seq(
      word('infer'), $.call, optional(seq(word('as'), $.outputs)), optional(alias($.infer_options, $.options)),
      optional($.on_error)),

    route: $ => seq(
      word('route'), repeat($.route_arm), word('else'), field('else', $._body), word('end'),
      optional(seq(word('fill'), word('null'))), optional(seq(word('as'), field('arm', $.name)))),
    route_arm: $ => seq(
      word('when'), field('condition', $._expression), optional(seq(word('as'), field('name', $.name))),
      word('then'), $._body),

    cascade: $ => seq(
      word('cascade'), word('as'), $.outputs, repeat($.tier), alias($.last_tier, $.tier), word('end'),
      optional(seq(word('as'), field('tier', $.name))), optional($.options), optional($.on_error)),
    tier: $ => seq(word('try'), $.call, word('until'), field('until', $._expression)),
    last_tier: $ => seq(word('try'), $.call),

    split: $ => seq(
      word('split'), word('by'), field('key', $._expression), repeat1($.split_arm), word('end'),
      optional(seq(word('as'), field('arm', $.name)))),
    split_arm: $ => seq(
      word('weight'), $.integer, optional(seq(word('as'), field('name', $.name))), word('then'), $._body),

    _body: $ => choice($.pass, $.drop, $.fail, $.stages),
    pass: _ => word('pass'),
    drop: _ => word('drop'),
    fail: $ => seq(word('fail'), $.string),

    aggregate: $ => seq(word('aggregate'), list($.item), optional(seq(word('group'), word('by'), list($.item)))),
    distinct: $ => seq(word('distinct'), optional(seq(word('on'), '(', list($._expression), ')'))),
    sample: $ => seq(word('sample'), $.integer, optional(word('percent'))),
    join: $ => seq(optional(word('left')), word('join'), $.relation, word('on'), field('on', $._expression)),
    nearest: $ => seq(
      word('nearest'), $.integer, $.relation, word('on'), field('on', $._expression),
      optional(seq(word('as'), field('alias', $.name)))),
    union: $ => seq(word('union'), $.relation),
    unnest: $ => seq(word('unnest'), $._expression, word('as'), field('alias', $.name)),
    assert: $ => seq(word('assert'), field('condition', $._expression), optional(seq(',', $.string))),
    write: $ => seq(word('write'), field('path', $.string), optional($.options)),
    stage_call: $ => seq(field('function', $.name), $._arguments),

    item: $ => seq($._expression, optional(seq(word('as'), field('alias', $.name)))),

    // ---- Clauses ----

    options: $ => seq(word('with'), '(', list($.option), ')'),
    option: $ => seq(field('name', $.name), '=', field('value', $._expression)),
    infer_options: $ => seq(word('with'), '(', list(choice($.option, $.state)), ')'),
    // `state` is a word here only, and only before `= (name =>`.
    state: $ => seq(field('name', $.name), '=', '(', list($.link), ')'),
    link: $ => seq(field('input', $.name), '=>', field('output', $.name)),
    outputs: $ => choice($.name, seq('(', list($.output), ')')),
    output: $ => seq($.name, optional(seq(word('as'), field('alias', $.name)))),
    on_error: $ => seq(
      word('on'), word('error'),
      choice(word('fail'), word('null'), word('drop'), seq(word('keep'), word('as'), field('alias', $.name)))),
    signature: $ => seq($.fields, '->', $.fields),
    fields: $ => seq('(', optional(list($.field)), ')'),
    field: $ => seq(field('name', $.name), field('type', $.type), optional(seq(word('not'), word('null')))),

    // After `x::float` a bracket begins dimensions.
    type: $ => choice(
      prec.right(seq(field('name', $.name), optional(seq('[', list($._dimension), ']')))),
      seq(word('list'), '(', $.type, ')'),
      seq(word('struct'), $.fields)),
    _dimension: $ => choice($.integer, $.name, '?'),

    // ---- Expressions, loosest first ----

    _expression: $ => choice($._and, alias($._or_chain, $.binary_expression)),
    _or_chain: $ => chain($, $._expression, $._and, word('or')),
    _and: $ => choice($._not, alias($._and_chain, $.binary_expression)),
    _and_chain: $ => chain($, $._and, $._not, word('and')),
    _not: $ => choice($._comparison, alias($._negation, $.unary_expression)),
    _negation: $ => seq(field('operator', word('not')), field('operand', $._not)),

    _comparison: $ => choice(
      $._coalesce, alias($._compared, $.binary_expression), $.is_expression, $.in_expression, $.between_expression,
      $.like_expression),
    _compared: $ => chain($, $._coalesce, $._coalesce, '=', '!=', '<>', '<', '<=', '>', '>='),
    is_expression: $ => seq(
      $._coalesce, word('is'), optional(word('not')),
      choice(word('null'), seq(word('distinct'), word('from'), $._coalesce))),
    // A bracket right behind `in` always begins items.
    in_expression: $ => seq(
      $._coalesce, optional(word('not')), word('in'), choice(prec(1, seq('(', list($._expression), ')')), $._coalesce)),
    between_expression: $ => seq(
      $._coalesce, optional(word('not')), word('between'), $._coalesce, word('and'), $._coalesce),
    like_expression: $ => seq(
      $._coalesce, optional(word('not')), choice(word('like'), word('ilike')), $._coalesce),

    _coalesce: $ => choice($._sum, alias($._coalesce_chain, $.binary_expression)),
    _coalesce_chain: $ => chain($, $._coalesce, $._sum, '??'),
    _sum: $ => choice($._product, alias($._sum_chain, $.binary_expression)),
    _sum_chain: $ => chain($, $._sum, $._product, '+', '-', '||'),
    _product: $ => choice($._unary, alias($._product_chain, $.binary_expression)),
    _product_chain: $ => chain($, $._product, $._unary, '*', '/', '//', '%'),
    _unary: $ => choice($._postfix, alias($._minus, $.unary_expression)),
    _minus: $ => seq(field('operator', '-'), field('operand', $._unary)),

    _postfix: $ => choice($._primary, $.member, $.index, $.slice, $.cast),
    member: $ => seq(field('value', $._postfix), '.', field('name', alias($._field_name, $.name))),
    index: $ => seq(field('value', $._postfix), '[', $._expression, ']'),
    slice: $ => seq(field('value', $._postfix), '[', optional($._expression), ':', optional($._expression), ']'),
    cast: $ => seq(field('value', $._postfix), '::', field('type', $.type)),

    _primary: $ => choice(
      $.integer, $.float, $.string, $.null, $.boolean, $.parameter, $.name, $.call,
      $.parenthesized, $.list, $.struct, $.case, $.cast_call),
    parenthesized: $ => seq('(', $._expression, ')'),
    list: $ => seq('[', optional(list($._expression)), ']'),
    struct: $ => seq('{', list($.struct_field), '}'),
    struct_field: $ => seq(field('name', alias($._field_name, $.name)), ':', field('value', $._expression)),
    case: $ => seq(
      word('case'), optional(field('operand', $._expression)), repeat1($.case_arm),
      optional(seq(word('else'), field('else', $._expression))), word('end')),
    case_arm: $ => seq(word('when'), $._expression, word('then'), $._expression),
    cast_call: $ => seq(
      choice(word('cast'), word('try_cast')), '(', $._expression, word('as'), field('type', $.type), ')'),
    // A definition that is a lone call is an expression.
    call: $ => prec(1, seq(field('function', $.name), $._arguments)),
    _arguments: $ => seq('(', optional(list($._argument)), ')'),
    _argument: $ => choice($._expression, $.named_argument, $.star_argument),
    named_argument: $ => seq(field('name', $.name), '=>', field('value', $._expression)),
    star_argument: _ => '*',

    null: _ => word('null'),
    boolean: _ => choice(word('true'), word('false')),

    // ---- Names and tokens ----

    // Where a stage may begin, its word begins one.
    name: $ => choice($._word, $.quoted_name, ...otherWords.map(word), prec(-1, choice(...stageWords.map(word)))),
    _field_name: $ => choice(
      $._word, $.quoted_name, ...stageWords.map(word), ...otherWords.map(word), ...reserved.map(word)),

    _word: _ => /[_\p{XID_Start}][\p{XID_Continue}]*/,
    quoted_name: _ => /"([^"]|"")+"/,
    parameter: _ => /\$[_\p{XID_Start}][\p{XID_Continue}]*/,
    integer: _ => /[0-9](_?[0-9])*/,
    float: _ => /[0-9](_?[0-9])*(\.[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?|[eE][+-]?[0-9](_?[0-9])*)/,
    string: _ => /'([^']|'')*'/,
    comment: _ => /--[^\n]*/,
    shebang: _ => /#![^\n]*/,
  },
});
