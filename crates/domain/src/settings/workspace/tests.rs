//! The workspace checker: every form it reads, every error with its place, and what masks leave.

use serde_json::json;

use super::*;

/// The only error of a text, as `line:column pointer message`.
fn error(text: &str) -> String {
    let errors = check(text).unwrap_err();
    let [error] = errors.as_slice() else { panic!("{text}: {errors:?}") };
    show(error)
}

fn show(error: &FieldError) -> String {
    assert_eq!(error.field, "workspace");
    match &error.at {
        Some(at) => format!("{}:{} {:?} {}", at.line, at.column, at.pointer, error.message),
        None => error.message.clone(),
    }
}

#[test]
fn reads_every_form_of_every_key() {
    let text = r#"{
        "dockerNetwork": "bridge",
        "homeDirPrefix": "/home",
        "k8sMounts": ["team-data:/data", "docs.v2:/docs:ro", {"claim": "a", "mountPath": "/a"},
            {"configMap": "b", "mountPath": "/b", "readOnly": true}, {"secret": "c", "mountPath": "/c"},
            {"hostPath": "/srv", "mountPath": "/d", "readOnly": false}],
        "mounts": ["/srv/x:/x", "cache:/y:ro", "cache:/z:rw", {"source": "/a:b", "target": "/c:d", "readOnly": true}],
        "envs": ["EDITOR=vim", "EMPTY=", "OPTS=a=b", {"name": "A", "value": ""}, {"name": "B", "secret": "b.1"}],
        "dns": ["192.0.2.1", "2001:db8::1", "corp", "Corp.Example.com."]
    }"#;
    let settings = check(text).unwrap().settings;
    assert_eq!(settings, serde_json::from_str(text).unwrap());
    assert_eq!(
        serde_json::to_value(&settings).unwrap(),
        json!({
            "k8sMounts": [
                {"claim": "team-data", "mountPath": "/data"},
                {"claim": "docs.v2", "mountPath": "/docs", "readOnly": true},
                {"claim": "a", "mountPath": "/a"},
                {"configMap": "b", "mountPath": "/b", "readOnly": true},
                {"secret": "c", "mountPath": "/c"},
                {"hostPath": "/srv", "mountPath": "/d"}
            ],
            "mounts": [
                {"source": "/srv/x", "target": "/x"},
                {"source": "cache", "target": "/y", "readOnly": true},
                {"source": "cache", "target": "/z"},
                {"source": "/a:b", "target": "/c:d", "readOnly": true}
            ],
            "envs": [
                {"name": "EDITOR", "value": "vim"},
                {"name": "EMPTY", "value": ""},
                {"name": "OPTS", "value": "a=b"},
                {"name": "A", "value": ""},
                {"name": "B", "secret": "b.1"}
            ],
            "dns": ["192.0.2.1", "2001:db8::1", "corp", "Corp.Example.com."],
            "homeDirPrefix": "/home",
            "dockerNetwork": "bridge"
        })
    );
    let escaped = check(r#"{"envs": ["A=\ud83d\ude00\n\u0041"]}"#).unwrap().settings;
    assert_eq!(escaped.envs[0].value, EnvValue::Literal("😀\nA".into()));
    let view = classify_dns(&settings.dns);
    assert_eq!(view.servers, ["192.0.2.1", "2001:db8::1"]);
    assert_eq!(view.search, ["corp", "Corp.Example.com."]);
    for blank in ["", " \r\n\t", "{}", "{\n}"] {
        assert_eq!(check(blank).unwrap().settings, WorkspaceSettings::default(), "{blank:?}");
    }
}

#[test]
fn names_every_syntax_error_with_its_place() {
    for (text, expected) in [
        ("[", r#"1:1 "" This array is never closed; a “]” is missing."#),
        ("{", r#"1:1 "" This object is never closed; a “}” is missing."#),
        ("{\n  \"dns\": [\"a\" \"b\"]\n}", r#"2:14 "/dns/0" A comma is missing here."#),
        ("{\"dns\": [\"a\",]}", r#"1:13 "/dns/0" Remove the comma after the last entry."#),
        ("{\"dns\": [,]}", r#"1:10 "/dns/0" There is a comma where a value should stand."#),
        ("{\"dns\" []}", r#"1:8 "/dns" A key is followed by a colon and its value."#),
        ("{\"dns\": }", r#"1:9 "/dns" There is a “}” too many, or a value is missing before it."#),
        ("{\"dns\":", r#"1:8 "/dns" The value after the colon is missing."#),
        ("{dns: []}", r#"1:2 "" Put the key in double quotes."#),
        ("{'dns': []}", r#"1:2 "" Use double quotes; JSON has no single ones."#),
        ("{\"dns\": [] // x\n}", r#"1:12 "/dns" JSON has no comments; remove it."#),
        ("{\"dns\": [corp]}", r#"1:10 "/dns/0" This is no JSON value; put text in double quotes."#),
        ("{\"dns\": [\"corp]}", r#"1:10 "/dns/0" This text is never closed; a double quote is missing."#),
        (
            "{\"dns\": [\"\\x41\"]}",
            r#"1:11 "/dns/0" This escape is unknown to JSON; a backslash itself is written “\\”."#,
        ),
        ("{\"dns\": [0x1]}", r#"1:10 "/dns/0" JSON writes numbers in digits, such as 42, -1 or 0.5."#),
        ("{} {}", r#"1:4 "" The text goes on after its end; there may be a bracket too many."#),
        ("{\"é\u{1F600}\": [\n\"\u{1F600}é\" 1]}", r#"2:5 "/é😀/0" A comma is missing here."#),
        (
            "{\"a/b~c\": {\"d\": [\"a\nb\"]}}",
            r#"1:20 "/a~1b~0c/d/0" A control character can't stand here as such; in a text write it as an escape, such as \n."#,
        ),
        ("{\u{A0}}", r#"1:2 "" Only plain spaces, tabs and line ends may stand between values."#),
        ("\u{FEFF}{}", r#"1:1 "" Only plain spaces, tabs and line ends may stand between values."#),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn names_every_broken_rule_with_its_place() {
    for (text, expected) in [
        ("[]", r#"1:1 "" Workspace settings are an object, written in braces; this is a list."#),
        ("null", r#"1:1 "" Workspace settings are an object, written in braces; this is null."#),
        (
            "{\n \"k8smount\": []}",
            r#"2:2 "/k8smount" “k8smount” is no key here. The nearest valid key is “k8sMounts”."#,
        ),
        (
            r#"{"zzz": 1}"#,
            r#"1:2 "/zzz" “zzz” is no key here. Valid keys are “k8sMounts”, “mounts”, “envs”, “dns”, “homeDirPrefix” and “dockerNetwork”."#,
        ),
        (r#"{"dns": [], "dns": []}"#, r#"1:13 "/dns" “dns” stands here twice; keep one of them."#),
        (r#"{"dns": null}"#, r#"1:9 "/dns" “dns” can't be null; leave the key out instead."#),
        (r#"{"dns": "corp"}"#, r#"1:9 "/dns" This is a list in square brackets, not a text."#),
        (r#"{"dns": [null]}"#, r#"1:10 "/dns/0" An entry can't be null; remove it."#),
        (r#"{"dns": [1]}"#, r#"1:10 "/dns/0" This is a text in double quotes, not a number."#),
        (r#"{"dns": [""]}"#, r#"1:10 "/dns/0" A DNS entry is an IP address or a search domain; this one is empty."#),
        (r#"{"dns": ["1.2.3.400"]}"#, r#"1:10 "/dns/0" “1.2.3.400” looks like an IP address but isn't one."#),
        (
            r#"{"dns": ["192.0.2.1:53"]}"#,
            r#"1:10 "/dns/0" “192.0.2.1:53” is no IP address; a server stands without a port or brackets."#,
        ),
        (
            r#"{"dns": ["a_b"]}"#,
            r#"1:10 "/dns/0" “a_b” is neither an IP address nor a search domain. A host name can't contain “_”; use “-” instead."#,
        ),
        (r#"{"homeDirPrefix": "home"}"#, r#"1:19 "/homeDirPrefix" “home” is not an absolute path; start it with “/”."#),
        (
            r#"{"homeDirPrefix": "/home/../etc"}"#,
            r#"1:19 "/homeDirPrefix" “/home/../etc” can't contain “..”; write the path it leads to."#,
        ),
        (r#"{"homeDirPrefix": ["/x"]}"#, r#"1:19 "/homeDirPrefix" This is a text in double quotes, not a list."#),
        (
            r#"{"dockerNetwork": "-x"}"#,
            r#"1:19 "/dockerNetwork" “-x” is no network name: use letters, digits, “_”, “.” and “-”, starting with a letter or digit, at most 128."#,
        ),
        (
            r#"{"mounts": ["/only"]}"#,
            r#"1:13 "/mounts/0" A mount is written “source:target”, “source:target:ro” or “source:target:rw”; a path with “:” needs the object form."#,
        ),
        (r#"{"mounts": ["/a:b"]}"#, r#"1:13 "/mounts/0" “b” is not an absolute path; start it with “/”."#),
        (
            r#"{"mounts": ["./a:/b"]}"#,
            r#"1:13 "/mounts/0" “./a” is neither an absolute path nor a volume name (letters, digits, “_”, “.” and “-”, starting with a letter or digit, at most 128)."#,
        ),
        (
            r#"{"mounts": [true]}"#,
            r#"1:13 "/mounts/0" A mount is a text such as “source:target” or an object, not true or false."#,
        ),
        (r#"{"mounts": [{"source": "/a"}]}"#, r#"1:13 "/mounts/0" “target” is missing here."#),
        (
            r#"{"mounts": [{"source": "/a", "target": "/b", "readonly": true}]}"#,
            r#"1:46 "/mounts/0/readonly" “readonly” is no key here. The nearest valid key is “readOnly”."#,
        ),
        (
            r#"{"mounts": [{"source": "/a", "target": "/b", "readOnly": "yes"}]}"#,
            r#"1:58 "/mounts/0/readOnly" This is true or false, not a text."#,
        ),
        (
            r#"{"k8sMounts": ["claim"]}"#,
            r#"1:16 "/k8sMounts/0" A Kubernetes mount is written “claim:/mount/path” or “claim:/mount/path:ro”."#,
        ),
        (
            r#"{"k8sMounts": ["Claim:/x"]}"#,
            r#"1:16 "/k8sMounts/0" “Claim” is no Kubernetes name: use lowercase letters, digits, “-” and “.”, starting and ending with a letter or digit."#,
        ),
        (
            r#"{"k8sMounts": [{"mountPath": "/x"}]}"#,
            r#"1:16 "/k8sMounts/0" One of “claim”, “configMap”, “secret” and “hostPath” is missing here."#,
        ),
        (
            r#"{"k8sMounts": [{"claim": "a", "secret": "b", "mountPath": "/x"}]}"#,
            r#"1:41 "/k8sMounts/0/secret" Only one of “claim”, “configMap”, “secret” and “hostPath” can stand here; “claim” does already."#,
        ),
        (
            r#"{"k8sMounts": [{"hostPath": "a", "mountPath": "/x"}]}"#,
            r#"1:29 "/k8sMounts/0/hostPath" “a” is not an absolute path; start it with “/”."#,
        ),
        (
            r#"{"envs": ["PATH"]}"#,
            r#"1:11 "/envs/0" An environment variable is written “NAME=value”, or as an object with “name” and “value” or “secret”."#,
        ),
        (
            r#"{"envs": ["1A=x"]}"#,
            r#"1:11 "/envs/0" “1A” is no variable name: use letters, digits and “_”, not starting with a digit."#,
        ),
        (r#"{"envs": ["A=\u0000"]}"#, r#"1:11 "/envs/0" A value can't contain the character U+0000."#),
        (
            r#"{"envs": ["A=x", {"name": "A", "value": "y"}]}"#,
            r#"1:18 "/envs/1" “A” is set twice; /envs/0 sets it already."#,
        ),
        (r#"{"envs": [{"name": "A"}]}"#, r#"1:11 "/envs/0" One of “value” and “secret” is missing here."#),
        (
            r#"{"envs": [{"name": "A", "value": "x", "secret": "y"}]}"#,
            r#"1:49 "/envs/0/secret" Only one of “value” and “secret” can stand here; “value” does already."#,
        ),
        (
            r#"{"envs": [{"name": "A", "secret": "a b"}]}"#,
            r#"1:35 "/envs/0/secret" “a b” is no secret's name: use letters, digits, “_”, “.” and “-”, starting with a letter or digit, at most 128."#,
        ),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn lists_all_errors_in_the_order_of_the_text() {
    let text = "{\r\n \"dns\": [1, \"a_b\"],\r \"mounts\": [{\"source\": 1}],\n \"x\": 1 }";
    let errors: Vec<String> = check(text).unwrap_err().iter().map(show).collect();
    let places: Vec<&str> = errors.iter().filter_map(|e| e.split(' ').nth(1)).collect();
    assert_eq!(
        places,
        [r#""/dns/0""#, r#""/dns/1""#, r#""/mounts/0""#, r#""/mounts/0/source""#, r#""/x""#],
        "{errors:?}"
    );
    let lines: Vec<&str> = errors.iter().filter_map(|e| e.split(':').next()).collect();
    assert_eq!(lines, ["2", "2", "3", "3", "4"]);
}

#[test]
fn bounds_what_a_hostile_text_costs() {
    assert_eq!(error(&" ".repeat(TEXT_MAX + 1)), "Workspace settings have at most 256 KiB.");
    assert_eq!(error(&"[".repeat(TEXT_MAX)), r#"1:33 "/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0" Brackets are nested more than 32 deep."#
        .replacen(r#""/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0""#, &format!("{:?}", "/0".repeat(32)), 1));
    assert!(error(&"{\"a\":".repeat(40_000)).contains("nested more than 32 deep"));
    let many = format!("{{\"dns\": [{}1]}}", "1,".repeat(100_000));
    let errors = check(&many).unwrap_err();
    assert_eq!(errors.len(), LISTED_MAX + 1);
    assert_eq!(show(&errors[LISTED_MAX]), "99901 more errors aren't listed.");
    let long_key = format!("{{\"{}\": 1}}", "k".repeat(100_000));
    assert!(error(&long_key).len() < 200_000 && check(&long_key).unwrap_err()[0].message.len() < 400);
}

#[test]
fn warns_of_secrets_without_showing_them() {
    let text = r#"{"envs": ["EDITOR=vim", "DB_PASSWORD=hunter2", {"name": "API_TOKEN", "value": "hunter2"},
        {"name": "SIGNING_KEY", "secret": "signing-key"}]}"#;
    let warnings = check(text).unwrap().warnings;
    let pointers: Vec<&str> = warnings.iter().filter_map(|w| w.at.as_ref()).map(|at| at.pointer.as_str()).collect();
    assert_eq!(pointers, ["/envs/1", "/envs/2/value"]);
    assert!(warnings.iter().all(|w| !w.message.contains("hunter2")));
}

#[test]
fn masks_keep_the_text_as_it_was_written() {
    let text = "{\n  \"envs\": [ \"A=x\\u0041\",\t{\"value\": \"y\", \"name\" : \"B\"}, {\"name\":\"C\",\"secret\":\"c\"} ],\n  \"dns\": [\"corp\"] }\n";
    assert_eq!(
        mask_envs(text),
        "{\n  \"envs\": [ \"A=••••••\",\t{\"value\": \"••••••\", \"name\" : \"B\"}, {\"name\":\"C\",\"secret\":\"c\"} ],\n  \"dns\": [\"corp\"] }\n"
    );
    assert_eq!(mask_envs(""), "");
    assert_eq!(mask_envs("{\"envs\": [\"A=hunter2\""), "\"••••••\"");
    // Written wrong, and still no leak.
    for text in [
        r#"{"envs": {"A": "hunter2"}}"#,
        r#"{"envs": ["hunter2", ["hunter2"], {"Value": "hunter2"}], "envs": "hunter2"}"#,
    ] {
        assert!(!mask_envs(text).contains("hunter2"), "{text}");
    }
}

#[test]
fn a_pair_tells_which_values_changed() {
    let before = r#"{"envs": ["A=1", "B=2", {"name": "C", "value": "3"}]}"#;
    let after = r#"{"envs": ["A=1", {"name": "B", "value": "9"}, "C=3", "D=4"]}"#;
    let (old, new) = mask_pair(before, after);
    assert_eq!(old, mask_envs(before));
    assert_eq!(new, r#"{"envs": ["A=••••••", {"name": "B", "value": "•••••• (changed)"}, "C=••••••", "D=••••••"]}"#);
}

#[test]
fn redacting_leaves_nothing_to_redact() {
    let text = r#"{"envs": ["A=1", {"name": "B", "value": "2"}, {"name": "C", "secret": "c"}]}"#;
    assert!(has_env_literals(text));
    let (redacted, changed) = redact_envs(text);
    assert!(changed);
    assert_eq!(
        redacted,
        r#"{"envs": ["A=(redacted)", {"name": "B", "value": "(redacted)"}, {"name": "C", "secret": "c"}]}"#
    );
    assert!(!has_env_literals(&redacted));
    assert_eq!(redact_envs(&redacted), (redacted.clone(), false));
    assert!(!has_env_literals(r#"{"envs": [{"name": "C", "secret": "c"}]}"#));
}

#[test]
fn effective_settings_replace_append_and_merge_by_name() {
    let settings = |text: &str| check(text).unwrap().settings;
    let defaults =
        settings(r#"{"envs": ["A=1", "B=2"], "dns": ["one"], "homeDirPrefix": "/home", "mounts": ["a:/a"]}"#);
    let org =
        settings(r#"{"envs": ["C=3", "A=9"], "dns": ["two"], "homeDirPrefix": "/users", "dockerNetwork": "host"}"#);
    assert_eq!(
        effective(&defaults, &org),
        settings(
            r#"{"envs": ["A=9", "B=2", "C=3"], "dns": ["one", "two"], "homeDirPrefix": "/users", "mounts": ["a:/a"],
                "dockerNetwork": "host"}"#
        )
    );
}
