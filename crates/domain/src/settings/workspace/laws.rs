//! What holds for any document and for any text, tried on generated ones.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn envs(names: &'static str) -> impl Strategy<Value = Vec<Env>> {
    let value = prop_oneof![
        // Nothing else in a document looks like these, so that a leak can be told.
        "§[0-9A-F]{12}é\"\\\\".prop_map(EnvValue::Literal),
        "[a-z][a-z-]{0,8}".prop_map(EnvValue::Secret),
    ];
    prop::collection::btree_map(names, value, 0..5)
        .prop_map(|map| map.into_iter().map(|(name, value)| Env { name, value }).collect())
}

fn documents() -> impl Strategy<Value = WorkspaceSettings> {
    let path = "(/[a-z]{1,6}){1,3}";
    let source = prop_oneof![
        "[a-z]{1,8}".prop_map(K8sSource::Claim),
        "[a-z]{1,8}".prop_map(K8sSource::ConfigMap),
        "[a-z]{1,8}".prop_map(K8sSource::Secret),
        path.prop_map(K8sSource::HostPath),
    ];
    let k8s_mount = (source, path, any::<bool>()).prop_map(|(source, mount_path, read_only)| K8sMount {
        source,
        mount_path,
        read_only,
    });
    let mount = ("(/[a-z]{1,6}){1,3}|[a-z]{1,8}", path, any::<bool>()).prop_map(|(source, target, read_only)| Mount {
        source,
        target,
        read_only,
    });
    let dns = "[a-z]{1,8}(\\.[a-z]{1,8})?|192\\.0\\.2\\.[1-9]|2001:db8::[1-9a-f]";
    (
        prop::collection::vec(k8s_mount, 0..3),
        prop::collection::vec(mount, 0..3),
        envs("[A-Z]{1,2}"),
        prop::collection::vec(dns, 0..3),
        prop::option::of(path),
        prop::option::of("[a-z][a-z0-9_.-]{0,8}"),
    )
        .prop_map(|(k8s_mounts, mounts, envs, dns, home_dir_prefix, docker_network)| WorkspaceSettings {
            k8s_mounts,
            mounts,
            envs,
            dns,
            home_dir_prefix,
            docker_network,
        })
}

/// A document's text; `short` writes what can be written as `NAME=value` that way.
fn text_of(settings: &WorkspaceSettings, short: bool) -> String {
    let mut value = serde_json::to_value(settings).unwrap();
    if short && !settings.envs.is_empty() {
        value["envs"] = settings
            .envs
            .iter()
            .map(|env| match &env.value {
                EnvValue::Literal(value) => json!(format!("{}={value}", env.name)),
                EnvValue::Secret(secret) => json!({"name": env.name, "secret": secret}),
            })
            .collect();
    }
    if short { value.to_string() } else { format!("{value:#}") }
}

/// Text that is nearly a document: pieces of JSON and of settings in any order.
fn nearly_documents() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\"envs\"",
        "\"dns\":",
        "\"mounts\":[",
        "\"A=1\"",
        "\"name\":",
        "\"value\":",
        "null",
        "true",
        "-1.5e3",
        "'",
        "//",
        "/*",
        "\\u00",
        "\\ud83d",
        "\u{1F600}",
        "\u{A0}",
        "\r\n",
        "\r",
        " ",
        "\"/a:/b\"",
        "é",
        "\0",
        "NaN",
        "0x1",
        "\"corp\"",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(crate::testing::config())]

    #[test]
    fn any_document_is_accepted_and_means_itself(settings in documents(), short in any::<bool>()) {
        let text = text_of(&settings, short);
        let checked = check(&text);
        prop_assert_eq!(checked.map(|c| c.settings), Ok(settings.clone()));
        prop_assert_eq!(serde_json::from_str::<WorkspaceSettings>(&text).unwrap(), settings);
    }

    #[test]
    fn any_text_is_refused_with_a_place_or_read_alike(text in prop_oneof![any::<String>(), nearly_documents(), nearly_documents().prop_map(|t| format!("{{{t}}}"))]) {
        match check(&text) {
            Ok(checked) if text.trim().is_empty() => prop_assert_eq!(checked.settings, WorkspaceSettings::default()),
            Ok(checked) => prop_assert_eq!(checked.settings, serde_json::from_str(&text).unwrap()),
            Err(errors) => prop_assert!(!errors.is_empty() && errors.iter().all(|e| e.at.as_ref().is_some_and(|at| at.line > 0 && at.column > 0))),
        }
        // None of these may panic either.
        mask_envs(&text);
        mask_pair(&text, "{}");
        redact_envs(&text);
        changes(&text, "{}");
    }

    #[test]
    fn no_mask_shows_a_value(before in documents(), after in documents(), short in any::<bool>()) {
        let (old, new) = (text_of(&before, short), text_of(&after, !short));
        let (masked_old, masked_new) = mask_pair(&old, &new);
        let summary = changes(&old, &new).unwrap_or_default();
        let debug = format!("{before:?} {after:?}");
        let shown = [mask_envs(&old), masked_old, masked_new, redact_envs(&old).0, redact_envs(&new).0, summary.0, summary.1, debug];
        for text in &shown {
            prop_assert!(!text.contains('§'), "{}", text);
        }
        // What is masked is still the same document but for the values.
        let masked = check(&shown[0]).unwrap().settings;
        prop_assert_eq!(masked.envs.len(), before.envs.len());
        prop_assert_eq!((masked.mounts, masked.dns), (before.mounts.clone(), before.dns.clone()));
        prop_assert!(!has_env_literals(&redact_envs(&old).0));
    }

    #[test]
    fn effective_settings_obey_their_laws(a in documents(), b in documents(), c in documents()) {
        let none = WorkspaceSettings::default();
        prop_assert_eq!(&effective(&a, &none), &a);
        prop_assert_eq!(&effective(&none, &a), &a);
        prop_assert_eq!(effective(&effective(&a, &b), &c), effective(&a, &effective(&b, &c)));
        let ab = effective(&a, &b);
        prop_assert!(b.envs.iter().all(|env| ab.envs.contains(env)));
        let mut names: Vec<&str> = ab.envs.iter().map(|env| env.name.as_str()).collect();
        names.sort_unstable();
        prop_assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        prop_assert_eq!(ab.dns.len(), a.dns.len() + b.dns.len());
    }
}
