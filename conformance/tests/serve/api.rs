//! The API: what its description says is so, and who may use it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::terminal::{Terminal, codes, exchange, http};
use super::{Served, place};

/// Whether a value fits a schema, as far as these schemas go.
fn fits(value: &Value, schema: &Value, all: &Value) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#").ok_or("a reference elsewhere")?;
        return fits(
            value,
            all.pointer(name).ok_or(format!("nothing at {name}"))?,
            all,
        );
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(several) = schema[several].as_array() {
            let fitting = several
                .iter()
                .any(|schema| fits(value, schema, all).is_ok());
            return if fitting {
                Ok(())
            } else {
                Err(format!("{value} fits none"))
            };
        }
    }
    if let Some(only) = schema.get("const") {
        return if only == value {
            Ok(())
        } else {
            Err(format!("{value} is not {only}"))
        };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = &schema["type"];
    let allowed = kinds == kind
        || kinds
            .as_array()
            .is_some_and(|kinds| kinds.contains(&kind.into()));
    if !allowed {
        return Err(format!("{value} is {kind}, not {kinds}"));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|all| !all.contains(value))
    {
        return Err(format!("{value} is none of {}", schema["enum"]));
    }
    if let (Some(minimum), Some(number)) = (schema["minimum"].as_i64(), value.as_i64())
        && number < minimum
    {
        return Err(format!("{number} is below {minimum}"));
    }
    for item in value.as_array().into_iter().flatten() {
        fits(item, &schema["items"], all)?;
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            members
                .get(name.as_str().unwrap())
                .ok_or(format!("{name} is missing"))?;
        }
        for (name, value) in members {
            let schema = schema["properties"].get(name);
            fits(
                value,
                schema.ok_or(format!("{name} is not described"))?,
                all,
            )?;
        }
    }
    Ok(())
}

#[test]
fn every_operation_that_is_described_does_what_the_description_says() {
    let place = place(1);
    let mut served = Served::start(&place, &["--pace", "prompt"]);
    let (mut stream, mut terminal) = (served.connect(), Terminal::number(0));
    terminal.sign_on(&mut stream).unwrap();
    served.ask("PATCH", "/v1/customers/WXP/2", json!({ "answers": false }));
    let (_, shown) = served.ask(
        "POST",
        "/v1/codes",
        json!({ "wallet": "WXP", "customer": 2, "password": "always" }),
    );
    let sale = terminal.sale(shown["code"].as_str().unwrap(), 100);
    exchange(&mut stream, &sale).unwrap();
    let sold = codes(served.api, 1);
    let sale = terminal.sale(&sold[0], 100);
    exchange(&mut stream, &sale).unwrap();

    // What each is asked with; in this order.
    let asked = [
        ("get", "/v1/health", "/v1/health", json!(null)),
        ("get", "/v1/terminals", "/v1/terminals", json!(null)),
        (
            "post",
            "/v1/codes",
            "/v1/codes",
            json!({ "wallet": "CUP", "funding": "card" }),
        ),
        (
            "post",
            "/v1/codes/many",
            "/v1/codes/many",
            json!({ "wallet": "ECN", "count": 2 }),
        ),
        (
            "post",
            "/v1/payments",
            "/v1/payments",
            json!({ "wallet": "WXP", "payload": "no code" }),
        ),
        (
            "get",
            "/v1/customers/{wallet}/{customer}",
            "/v1/customers/ALI/1",
            json!(null),
        ),
        (
            "patch",
            "/v1/customers/{wallet}/{customer}",
            "/v1/customers/JDB/1",
            json!({ "baitiao": "overdue", "paymentLimit": 5 }),
        ),
        ("get", "/v1/questions", "/v1/questions", json!(null)),
        (
            "post",
            "/v1/questions/{id}",
            "/v1/questions/0",
            json!({ "confirm": false }),
        ),
        ("get", "/v1/faults/kinds", "/v1/faults/kinds", json!(null)),
        (
            "post",
            "/v1/faults",
            "/v1/faults",
            json!({ "kind": "answer.late", "operation": "query", "first": 2, "byMs": 5 }),
        ),
        ("get", "/v1/faults", "/v1/faults", json!(null)),
        ("delete", "/v1/faults/{id}", "/v1/faults/1", json!(null)),
        (
            "get",
            "/v1/ledger",
            "/v1/ledger?after=0&limit=10",
            json!(null),
        ),
        (
            "get",
            "/v1/transactions",
            "/v1/transactions?terminal=10000000&batch=1&after=0",
            json!(null),
        ),
        (
            "get",
            "/v1/transactions/{terminal}/{batch}/{stan}",
            "/v1/transactions/10000000/1/3",
            json!(null),
        ),
        ("get", "/v1/record", "/v1/record?after=2", json!(null)),
        ("post", "/v1/stop", "/v1/stop", json!(null)),
    ];
    let description = served.get("/openapi.json");
    assert_eq!(description["openapi"], "3.1.0");
    let paths = description["paths"].as_object().unwrap();
    let described: BTreeSet<_> = paths
        .iter()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .keys()
                .map(move |method| (method.clone(), path.clone()))
        })
        .collect();
    let tried: BTreeSet<_> = asked
        .iter()
        .map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(described, tried);
    for (method, path, concrete, body) in asked {
        let operation = &paths[path][method];
        let parameters = operation["parameters"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            assert_eq!(
                parameter["in"] == "path",
                path.contains(&format!("{{{name}}}")),
                "{path} {name}"
            );
        }
        for name in concrete
            .split_once('?')
            .into_iter()
            .flat_map(|(_, query)| query.split('&'))
        {
            let name = name.split('=').next().unwrap();
            assert!(
                parameters.iter().any(|parameter| parameter["name"] == name),
                "{path} {name}"
            );
        }
        if !body.is_null() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            fits(&body, schema, &description)
                .unwrap_or_else(|why| panic!("{method} {path}: {why}"));
        }
        let text = (!body.is_null()).then(|| body.to_string());
        let (status, answer) = http(
            served.api,
            &method.to_uppercase(),
            concrete,
            &[],
            text.as_deref(),
        )
        .unwrap();
        let responses = operation["responses"].as_object().unwrap();
        let response = responses
            .get(&status.to_string())
            .or(responses.get("default"));
        let response = response
            .unwrap_or_else(|| panic!("{method} {path}: {status} is not described: {answer}"));
        assert!(
            path == "/v1/payments" || status < 300,
            "{method} {path}: {status} {answer}"
        );
        if let Some(schema) = response["content"].get("application/json") {
            let answer: Value = serde_json::from_str(&answer).unwrap();
            fits(&answer, &schema["schema"], &description)
                .unwrap_or_else(|why| panic!("{method} {path}: {why}"));
        }
    }
    assert!(served.wait().success());
}

#[test]
fn what_is_asked_wrongly_is_refused_with_a_sentence() {
    let place = place(1);
    let served = Served::start(&place, &["--lang", "zh"]);
    let long = format!("\"{}\"", "x".repeat(70_000));
    let wrong = [
        ("GET", "/v1/nothing", None, 404),
        ("PUT", "/v1/health", None, 405),
        ("POST", "/v1/codes", Some("{"), 400),
        ("POST", "/v1/codes", Some(r#"{"wallet":"XXX"}"#), 400),
        (
            "POST",
            "/v1/codes",
            Some(r#"{"wallet":"WXP","colour":1}"#),
            400,
        ),
        (
            "POST",
            "/v1/codes",
            Some(r#"{"wallet":"WXP","instalments":3}"#),
            400,
        ),
        ("POST", "/v1/codes", Some(&long), 413),
        ("POST", "/v1/codes", None, 415),
        (
            "POST",
            "/v1/faults",
            Some(r#"{"kind":"answer.lost","nth":1,"first":1}"#),
            400,
        ),
        (
            "POST",
            "/v1/faults",
            Some(r#"{"kind":"answer.lost","nth":0}"#),
            400,
        ),
        (
            "PATCH",
            "/v1/customers/WXP/1",
            Some(r#"{"balance":18446744073709551615}"#),
            400,
        ),
        ("GET", "/v1/customers/XXX/1", None, 400),
        ("GET", "/v1/customers/WXP/-1", None, 400),
        ("GET", "/v1/ledger?after=x", None, 400),
        ("GET", "/v1/record?after=x", None, 400),
        ("GET", "/v1/transactions/1/2/3", None, 404),
    ];
    for (method, path, body, wanted) in wrong {
        let (status, answer) = http(served.api, method, path, &[], body).unwrap();
        assert_eq!(status, wanted, "{method} {path}: {answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(!answer["error"].as_str().unwrap().is_empty());
    }
    let deep = "[".repeat(30_000);
    let (status, _) = http(served.api, "POST", "/v1/codes", &[], Some(&deep)).unwrap();
    assert_eq!(status, 400);
}

#[test]
fn pages_of_browsers_and_other_names_are_kept_out() {
    let place = place(1);
    let served = Served::start(&place, &[]);
    let status = |headers: &[(&str, &str)]| {
        http(served.api, "GET", "/v1/health", headers, None)
            .unwrap()
            .0
    };
    assert_eq!(status(&[]), 200);
    assert_eq!(status(&[("host", "rebound.example")]), 403);
    assert_eq!(status(&[("origin", "http://localhost")]), 403);
    // A form that a page posts without asking cannot say that it is JSON.
    let (status, _) = http(served.api, "POST", "/v1/stop", &[("origin", "null")], None).unwrap();
    assert_eq!(status, 403);
}

#[test]
fn with_a_token_nobody_gets_in_without_it() {
    let place = place(1);
    let file = place.path().join("token");
    std::fs::write(&file, "0123456789abcdef\n").unwrap();
    let served = Served::start(&place, &["--api-token-file", file.to_str().unwrap()]);
    let status = |path: &str, headers: &[(&str, &str)]| {
        http(served.api, "GET", path, headers, None).unwrap().0
    };
    for path in ["/v1/health", "/v1/record", "/openapi.json", "/nowhere"] {
        assert_eq!(status(path, &[]), 401, "{path}");
        assert_eq!(
            status(path, &[("authorization", "Bearer 0123456789abcdeX")]),
            401
        );
    }
    assert_eq!(
        status(
            "/v1/health",
            &[
                ("authorization", "Bearer 0123456789abcdef"),
                ("host", "anything")
            ]
        ),
        200
    );
}
