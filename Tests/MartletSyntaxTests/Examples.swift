import MartletSyntax

/// Scripts that use the whole grammar, each with a name for test output.
enum Examples {
    static let all: [Example] = [
        Example(
            "routing",
            """
            -- small model answers, large one takes what it is unsure of, people get the rest
            model small = load 'models/tone';                       -- a folder: config.json, weights, tokenizer.json
            model large = load 'models/tone-large.onnx' with (labels = ['negative', 'positive'], max_tokens = 256);
            param sure float = 0.9;

            load 'reviews.csv'
            |> where length(text) > 0
            |> batch tokens 8192                                    -- advice; 'auto' is the default
            |> infer small(text) as (label, score)
            |> route
                 when score >= $sure           then pass
                 when source = 'tweet'         then infer large(text) as (label, score)
                 else write 'to-review.jsonl'
               end as arm
            |> write 'labelled.csv';
            """),
        Example(
            "models in expressions",
            """
            model enc  = load 'models/all-MiniLM-L6-v2';            -- text -> embedding float[384]
            model head = load 'head.onnx';                          -- x float[384] -> logits float[3]
            load 'docs.csv'
            |> extend normalize(enc(title || ' ' || body).embedding) as e
            |> extend softmax(head(e).logits) as p
            |> select id, argmax(p) as class, max(p) as confidence;
            """),
        Example(
            "semantic search",
            """
            param q string;
            let docs = load 'docs.csv' |> extend enc(body).embedding as v;
            from values ($q) as t(text) |> extend enc(text).embedding as qv
            |> nearest 5 docs on cosine(qv, docs.v) as sim
            |> select docs.id, sim;
            """),
        Example(
            "cascade",
            """
            load 'claims.jsonl'
            |> cascade as (label, score)
                 try tiny(text)  until score >= 0.97
                 try base(text)  until score >= 0.85
                 try large(text)
               end as tier on error keep as err
            |> aggregate count() as n, accuracy(label, truth) as acc group by tier |> order by n desc;
            """),
        Example(
            "split",
            """
            load 'users.csv' |> split by user_id
                 weight 10 as canary then infer v2(*) as (label, score)      -- * binds inputs by column name
                 weight 90 as stable then infer v1(*) as (label, score)
               end as variant
            |> aggregate count() as n, f1(label, truth) as f1 group by variant;
            """),
        Example(
            "definitions",
            """
            define clean(t string) = regexp_replace(trim(lower(t)), '\\s+', ' ');
            define triage(body string, t float) = infer small(clean(body)) as (label, score)
              |> route when score >= t then pass else infer large(body) as (label, score) end;
            param input table (id int not null, body string);
            from $input |> triage(body, t => 0.9) |> assert score between 0 and 1, 'score out of range';
            """),
        Example(
            "explain",
            "explain analyze load 'reviews.csv' |> where score < 0 |> infer small(text) as s |> aggregate count() as n group by s.label;"
        ),
        Example(
            "every stage",
            """
            #!/usr/bin/env martlet
            model m = load 'm.onnx' as (x float[3, 224, ?], y list(struct(a int, b string))) -> (p float[n]) with (labels = ['a']);
            set disable = 'limit-below-infer'; show models; describe m; ;
            from (load 'a.csv' with (header = true) as a |> union b) as c(d, "E f")
            |> rename d as e, "E f" as f
            |> left join other as o on o.id = e
            |> join (from values (1, 'x'), (2, null) as v(a, b)) as v on v.a = e
            |> distinct |> distinct on (e, f)
            |> sample 10 percent |> sample 100
            |> limit 10 offset 5 |> limit 0
            |> order by e desc nulls last, f asc, lower(f) nulls first
            |> batch auto |> batch 32 |> batch rows 64
            |> infer m(x => e, y => [1, 2]) with (truncate = false) on error null
            |> infer m(e) as (p as probability, q) on error drop
            |> infer m(f) as p with (state = (h => hn, "c.0" => state), by = lower(id)) on error null
            |> route else split by id weight 1 then drop weight 2 then fail 'no' end end fill null as arm
            |> unnest [1, 2, 3] as i
            |> select *, o.*, e as "select", i
            |> aggregate count(*) as n, avg(i) group by e, f as g
            |> write 'out/' with (format = 'jsonl');
            """),
        Example(
            "every operator",
            """
            load 'x.csv'
            |> where a or b and not c = d and e != f and g <> h and (i < j) = (k <= l) or m > n or o >= p
            |> where a is null and b is not null and c is distinct from d and e is not distinct from f
            |> where a in (1, 2) and b not in ('x') and c in d and e not in [1] and f between 1 and 2 + 3 and g not between h and i
            |> where a like 'x%' and b not like c || '%' and d ilike 'e' and f not ilike 'g'
            |> extend a ?? b ?? c + d - e || f * g / h // i % j as k, -a * -(-b) - -c as l, - (a + b) as m
            |> extend v[1] as a, v[a:b] as b, v[:b] as c, v[a:] as d, v[:] as e, x::float[3][0] as f, (a + b)::int as g
            |> extend [] as a, [1, 2.5, 1e10, 1_000] as b, {x: 1, "y z": {a: null}} as c, m(x).y.z as d, s.end as e
            |> extend case when a then b end as a, case x when 1 then 'a' when 2 then 'b' else 'c' end as b
            |> extend cast(a as list(float)) as a, try_cast(b as struct(a int not null)) as b, -9223372036854775808 as c
            |> extend true as t, false as f, 'it''s' as s, '' as empty, f() as g, "a""b" as h, limit + order as i;
            """),
    ]
}

struct Example: Sendable, CustomStringConvertible {
    let name: String
    let text: String

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    var description: String { name }
    var source: SourceText { SourceText(name: name, text) }
}
