-- What Martlet means by its operators and functions where DuckDB means something else, in DuckDB's words.
-- Each macro is an entry of docs/sql-differences.md, which says why.

-- Dividing a float by zero is an error, as dividing an int is.
create macro float_quotient(a, b) as case when a is not null and b = 0 then error('division by zero')::double else a / b end;
create macro float_remainder(a, b) as case when a is not null and b = 0 then error('division by zero')::double else a % b end;
-- The remainder by -1 is 0, of the least int too.
create macro int_remainder(a, b) as case when a is not null and b = -1 then 0 else a % b end;
-- `//` of floats cuts towards zero.
create macro float_whole_quotient(a, b) as case when a is not null and b = 0 then error('division by zero')::double else trunc(a / b) end;
-- `and`, `or` and `between` look at their right side only where the left one does not decide.
create macro lazy_and(a, b) as case when a is false then false else a and b end;
create macro lazy_between(x, low, high) as case when (x >= low) is false then false else x >= low and x <= high end;
create macro lazy_or(a, b) as case when a is true then true else a or b end;
-- Text as an int is digits with a sign: no fraction, exponent or other base.
create macro text_to_int(t) as case when t is null or regexp_full_match(t, '\s*[+-]?[0-9]+\s*') then t::bigint else error('no int')::bigint end;
create macro text_try_int(t) as case when regexp_full_match(t, '\s*[+-]?[0-9]+\s*') then try_cast(t as bigint) end;
-- Places in lists count from 0.
create macro list_place(l, i) as case when i < 0 then l[i] else l[i + 1] end;
create macro list_part(l, a, b) as l[a + 1 : b];
-- A function of a null is null, `split` too.
create macro strict_split(t, s) as case when t is null or s is null then null else split(t, s) end;
-- `clamp` is Martlet's own.
create macro clamp(x, low, high) as
  case when len([x, low, high]) < 3 or x is null or low is null or high is null then null when low > high or x < low then low when x > high then high else x end;
-- A pattern that ends in a lone backslash is an error for every text; in DuckDB only for texts that match up to there.
create macro text_like(t, p) as
  case when t is not null and regexp_full_match(p, '(?s)([^\\]|\\.)*\\') then error('bad pattern')::boolean else t like p escape '\' end;
create macro text_ilike(t, p) as
  case when t is not null and regexp_full_match(p, '(?s)([^\\]|\\.)*\\') then error('bad pattern')::boolean else t ilike p escape '\' end;
-- A timestamp with a zone is that point in time.
create macro text_to_timestamp(t) as t::timestamptz::timestamp;
create macro text_try_timestamp(t) as try_cast(t as timestamptz)::timestamp;
-- The sum of ints is an int.
create macro int_sum(x) as sum(x)::bigint;
-- Rounding an int gives that int.
create macro whole(x) as x;
-- A timestamp as text is in ISO 8601.
create macro timestamp_text(t) as replace(t::varchar, ' ', 'T') || 'Z';
-- A float that is a 32-bit float below 2²⁴ is written as one, from 2⁵³ on with an exponent (in DuckDB from 10¹⁶ on), and NaN has no sign.
create macro float_text(x) as
  case
    when isnan(x) then 'nan'
    when abs(x) < 16777216 and x = try_cast(x as float)::double then (x::float)::varchar
    when abs(x) > 9007199254740992 and abs(x) < 1e16 then regexp_replace(format('{:.15e}', x), '0+e', 'e')
    else x::varchar
  end;
-- Nothing counted is 0.
create macro count_true(x) as count(*) filter (x);
