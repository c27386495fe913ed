//! The Admin form: its rules one by one, and that settings survive the way through it.

use crate::billing::PlanKey;
use proptest::prelude::*;

use super::*;
use crate::error::FieldError;
use crate::revision::FieldConflict;

/// Stands in for IDNA, which belongs to the edges.
fn to_ascii(name: &str) -> Option<String> {
    (name == "bücher.example").then(|| "xn--bcher-kva.example".to_owned())
}

fn check(form: &SettingsForm) -> Result<Settings, Vec<FieldError>> {
    form.check(&Settings::default(), &to_ascii)
}

fn form(change: impl FnOnce(&mut SettingsForm)) -> SettingsForm {
    let mut form = Settings::default().to_form();
    change(&mut form);
    form
}

#[test]
fn an_empty_form_is_the_default() {
    let empty: SettingsForm = serde_json::from_str("{}").unwrap();
    assert_eq!(check(&empty), Ok(Settings { workspace: String::new(), ..Settings::default() }));
    assert_eq!(check(&Settings::default().to_form()), Ok(Settings::default()));
}

#[test]
fn a_flag_reads_as_json_and_as_a_checkbox() {
    for (json, on) in
        [("true", true), ("\"on\"", true), ("\"true\"", true), ("\"1\"", true), ("false", false), ("\"\"", false)]
    {
        let form: SettingsForm = serde_json::from_str(&format!("{{\"partner\": {json}}}")).unwrap();
        assert_eq!(form.partner, on, "{json}");
    }
    assert!(serde_json::from_str::<SettingsForm>("{\"partner\": \"maybe\"}").is_err());
}

#[test]
fn reads_a_whole_form() {
    let typed = SettingsForm {
        partner: true,
        enforce_mfa: true,
        report: true,
        report_recipients: "Ada@Example.com, bob@example.com;\r\nada@example.COM,,".into(),
        report_schedule: "monthly".into(),
        report_time_zone: "europe/paris".into(),
        platform_domain: " https://Activate.example.com/ ".into(),
        seats_mode: "limited".into(),
        seats: " 25 ".into(),
        default_user_host: "user-1.example.com".into(),
        login_domain: "bücher.example".into(),
        plan: "team".into(),
        workspace: "{\r\n  \"dns\": [\"corp\"]\r\n}".into(),
    };
    let settings = check(&typed).unwrap();
    let recipients: Vec<&str> = settings.report.recipients.iter().map(Email::as_str).collect();
    assert_eq!(recipients, ["Ada@Example.com", "bob@example.com"]);
    assert_eq!((settings.report.schedule, settings.report.time_zone.as_str()), (Schedule::Monthly, "Europe/Paris"));
    assert_eq!(settings.platform_domain.as_ref().map(HostName::as_str), Some("activate.example.com"));
    assert_eq!(settings.login_domain.as_ref().map(HostName::as_str), Some("xn--bcher-kva.example"));
    assert_eq!(settings.seats, Some(25));
    assert_eq!(settings.workspace, "{\n  \"dns\": [\"corp\"]\n}");
}

#[test]
fn names_each_fault_beside_its_field() {
    type Change = fn(&mut SettingsForm);
    let cases: [(&str, &str, Change); 14] = [
        ("report_recipients", "Enter at least one address, or turn the report off.", |f| f.report = true),
        ("report_recipients", "“bob”: An email address needs an “@”, as in ada@example.com.", |f| {
            f.report_recipients = "ada@example.com, bob".into();
        }),
        ("report_recipients", "A report goes to at most 100 addresses; these are 101.", |f| {
            f.report_recipients = (0..101).map(|i| format!("a{i}@example.com\n")).collect();
        }),
        ("report_recipients", "This list is too long; use a mailing list's address instead.", |f| {
            f.report_recipients = "x".repeat(20_000);
        }),
        ("report_schedule", "Choose weekly, daily or monthly.", |f| f.report_schedule = "yearly".into()),
        ("report_time_zone", "“Europe/Pariss” is no time zone. The nearest name is Europe/Paris.", |f| {
            f.report_time_zone = "Europe/Pariss".into();
        }),
        ("platform_domain", "A host name has at least two parts, as in login.example.com.", |f| {
            f.platform_domain = "localhost".into();
        }),
        ("default_user_host", "A host name here can't be a wildcard; leave out the “*”.", |f| {
            f.default_user_host = "*.example.com".into();
        }),
        ("login_domain", "This is an IPv4 address. Enter a host name, such as login.example.com.", |f| {
            f.login_domain = "192.0.2.1".into();
        }),
        ("seats", "Enter the number of seats, or choose unlimited.", |f| f.seats_mode = "limited".into()),
        ("seats", "Enter the number of seats in digits, such as 25.", |f| {
            (f.seats_mode, f.seats) = ("limited".into(), "-1".into());
        }),
        ("seats", "Enter at most 1000000 seats, or choose unlimited.", |f| {
            (f.seats_mode, f.seats) = ("limited".into(), "99999999999999999999".into());
        }),
        ("seats", "Choose between unlimited and limited.", |f| f.seats_mode = "some".into()),
        ("workspace", "“dns” can't be null; leave the key out instead.", |f| {
            f.workspace = "{\"dns\": null}".into()
        }),
    ];
    for (field, message, change) in cases {
        let form = form(change);
        let errors = check(&form).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!((errors[0].field.as_ref(), errors[0].message.as_str()), (field, message));
        assert_eq!(form.check_field(field, None, &to_ascii).as_ref(), errors.first());
        for other in field::ALL.iter().filter(|name| **name != field && **name != field::REPORT) {
            assert_eq!(form.check_field(other, None, &to_ascii), None, "{other}");
        }
    }
}

#[test]
fn every_wrong_address_is_named() {
    let errors = check(&form(|f| f.report_recipients = "a, ada@example.com, b@".into())).unwrap_err();
    let messages: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    assert_eq!(messages.len(), 2);
    assert!(messages[0].starts_with("“a”: ") && messages[1].starts_with("“b@”: "), "{messages:?}");
}

#[test]
fn zero_seats_is_unlimited_unless_it_is_stored() {
    let limited = |seats: &str| form(|f| (f.seats_mode, f.seats) = ("limited".into(), seats.into()));
    let seats = |form: &SettingsForm, seats| {
        let stored = Settings { seats, ..Settings::default() };
        form.check(&stored, &to_ascii).map(|settings| settings.seats)
    };
    assert_eq!(seats(&limited("0"), None), Ok(None));
    assert_eq!(seats(&limited("0"), Some(5)), Ok(None));
    assert_eq!(seats(&limited("0"), Some(0)), Ok(Some(0)));
    assert_eq!(seats(&limited("1000000"), None), Ok(Some(1_000_000)));
    assert_eq!(seats(&limited("2000000"), Some(2_000_000)), Ok(Some(2_000_000)));
    assert_eq!(seats(&form(|f| f.seats = "7".into()), Some(0)), Ok(None));
    let nobody = Settings { seats: Some(0), ..Settings::default() }.to_form();
    assert_eq!((nobody.seats_mode.as_str(), nobody.seats.as_str()), ("limited", "0"));
}

#[test]
fn spaces_line_ends_and_unused_numbers_are_no_change() {
    let loaded = form(|f| f.workspace = "{\n}".into());
    let same = form(|f| {
        f.workspace = "{\r\n}".into();
        f.login_domain = "  ".into();
        f.seats = "7".into();
    });
    assert_eq!(same.changed_fields(&loaded), Vec::<&str>::new());
    let changed = form(|f| {
        f.workspace = "{ }".into();
        f.seats_mode = "limited".into();
        f.partner = true;
    });
    assert_eq!(changed.changed_fields(&loaded), ["partner", "seats", "workspace"]);
}

#[test]
fn changes_are_told_in_words_without_secrets() {
    let before = Settings {
        workspace: r#"{"envs": ["A=old1", "B=2"], "homeDirPrefix": "/home"}"#.into(),
        ..Settings::default()
    };
    let after = Settings {
        partner: true,
        seats: Some(0),
        login_domain: HostName::parse("login.example.com", &to_ascii).ok(),
        report: Report {
            enabled: true,
            recipients: vec![Email::parse("ada@example.com").unwrap()],
            ..Report::default()
        },
        workspace: r#"{"envs": ["A=new1", "B=2", "C=3"], "homeDirPrefix": "/users", "dns": ["corp"]}"#.into(),
        ..Settings::default()
    };
    let told: Vec<String> = Settings::changes(&before, &after)
        .into_iter()
        .map(|change| format!("{}: {} → {}", change.label, change.before, change.after))
        .collect();
    assert_eq!(
        told,
        [
            "Partner Organization: Off → On",
            "Receive Active User Report: Off → On",
            "Email Recipients: Not set → ada@example.com",
            "Seats: Unlimited → 0 (nobody)",
            "Custom Login Domain: Not set → login.example.com",
            "Workspace settings: envs: 2 entries. dns: not set. homeDirPrefix: “/home” → envs: 3 entries; /envs/0 changed, \
             /envs/2 added. dns: 1 entry; /dns/0 added. homeDirPrefix: “/users”",
        ]
    );
    assert_eq!(Settings::changes(&after, &after), Vec::new());
    let formatted = Settings { workspace: "{ }".into(), ..Settings::default() };
    let changes = Settings::changes(&Settings::default(), &formatted);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].after, "same settings, formatted differently");
}

#[test]
fn conflicts_show_what_each_side_has() {
    let base = form(|f| f.workspace = r#"{"envs": ["A=1"]}"#.into());
    let mut theirs = base.clone();
    theirs.report_schedule = "daily".into();
    theirs.workspace = r#"{"envs": ["A=2"]}"#.into();
    let mut yours = base.clone();
    (yours.seats_mode, yours.seats) = ("limited".into(), "5".into());
    yours.workspace = r#"{"envs": ["A=3"]}"#.into();
    let conflict = |field: &str, label: &str, base: &str, theirs: &str, yours: &str| FieldConflict {
        field: field.into(),
        label: label.into(),
        base: base.into(),
        theirs: theirs.into(),
        yours: yours.into(),
        touched: base != yours,
    };
    assert_eq!(
        conflicts(&base, &theirs, &yours),
        [
            conflict("report_schedule", "Schedule", "Weekly", "Daily", "Weekly"),
            conflict("seats", "Seats", "Unlimited", "Unlimited", "5"),
            conflict(
                "workspace",
                "Workspace settings",
                r#"{"envs": ["A=••••••"]}"#,
                r#"{"envs": ["A=•••••• (changed)"]}"#,
                r#"{"envs": ["A=3"]}"#
            ),
        ]
    );
    assert_eq!(conflicts(&base, &base, &base), Vec::new());
    let untouched = conflicts(&base, &theirs, &base);
    assert!(untouched.iter().all(|conflict| !conflict.touched), "{untouched:?}");
}

#[test]
fn every_field_has_a_label_and_a_place_in_the_form() {
    let form = serde_json::to_value(SettingsForm::default()).unwrap();
    let names: Vec<&str> = form.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.len(), field::ALL.len() + 1, "all of them, and the mode that belongs to seats");
    assert!(field::ALL.iter().all(|name| names.contains(name) && !field::label(name).is_empty()));
}

#[test]
fn a_snapshot_without_later_keys_is_read() {
    assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
    let settings: Settings = serde_json::from_str(r#"{"seats": 0, "report": {"enabled": false}}"#).unwrap();
    assert_eq!(settings, Settings { seats: Some(0), ..Settings::default() });
}

fn hosts() -> impl Strategy<Value = Option<HostName>> {
    prop::option::of("[a-z][a-z0-9]{0,8}\\.[a-z]{2,5}".prop_map(|name| HostName::try_from(name).unwrap()))
}

fn settings() -> impl Strategy<Value = Settings> {
    let recipients = prop::collection::btree_set("[a-z]{1,8}@[a-z]{1,8}\\.example", 1..4)
        .prop_map(|set| set.into_iter().map(|text| Email::parse(&text).unwrap()).collect::<Vec<_>>());
    let report = (
        any::<bool>(),
        recipients,
        prop::sample::select(&Schedule::ALL[..]),
        prop::sample::select(crate::time_zone::TIME_ZONES),
    )
        .prop_map(|(enabled, recipients, schedule, zone)| Report {
            enabled,
            recipients,
            schedule,
            time_zone: zone.into(),
        });
    let workspace = prop::sample::select(vec!["", "{}", "{\n\t\"dns\": [\"corp\"] }\n", " {\"envs\":[\"A=1\"]}"]);
    let seats = prop::option::of(prop_oneof![Just(0), 1..=SEATS_MAX]);
    let limits = (any::<bool>(), any::<u32>()).prop_map(|(externals_allowed, archiving_seconds)| Limits {
        externals_allowed,
        archiving_seconds,
        terms: None,
    });
    (any::<bool>(), any::<bool>(), report, hosts(), seats, hosts(), hosts(), limits, workspace).prop_map(
        |(partner, enforce_mfa, report, platform_domain, seats, default_user_host, login_domain, limits, workspace)| {
            let workspace = workspace.into();
            // As good as any other: by what is chosen elsewhere.
            let plan = PlanKey::parse("team").filter(|_| partner != enforce_mfa);
            Settings {
                partner,
                enforce_mfa,
                report,
                platform_domain,
                seats,
                default_user_host,
                login_domain,
                plan,
                limits,
                workspace,
            }
        },
    )
}

proptest! {
    #![proptest_config(crate::testing::config())]

    #[test]
    fn settings_survive_the_form_and_the_snapshot(settings in settings()) {
        let form = settings.to_form();
        prop_assert_eq!(form.check(&settings, &to_ascii), Ok(settings.clone()));
        let sent = serde_json::to_string(&form).unwrap();
        prop_assert_eq!(serde_json::from_str::<SettingsForm>(&sent).unwrap(), form);
        let snapshot = serde_json::to_string(&settings).unwrap();
        prop_assert_eq!(serde_json::from_str::<Settings>(&snapshot).unwrap(), settings);
    }

    #[test]
    fn changes_and_changed_fields_agree(before in settings(), after in settings()) {
        let told = Settings::changes(&before, &after).into_iter().map(|change| change.field);
        let told: Vec<String> = told.filter(|name| field::ALL.contains(&name.as_str())).collect();
        prop_assert_eq!(told, after.to_form().changed_fields(&before.to_form()));
    }

    #[test]
    fn any_text_in_any_field_is_answered(text in any::<String>(), stored in any::<Option<u32>>()) {
        let form = SettingsForm {
            report: true,
            report_recipients: text.clone(),
            report_schedule: text.clone(),
            report_time_zone: text.clone(),
            platform_domain: text.clone(),
            seats_mode: "limited".into(),
            seats: text.clone(),
            login_domain: text.clone(),
            workspace: text,
            ..SettingsForm::default()
        };
        let settings = Settings { seats: stored, ..Settings::default() };
        if let Err(errors) = form.check(&settings, &to_ascii) {
            for error in errors {
                prop_assert!(form.check_field(&error.field, stored, &to_ascii).is_some());
            }
        }
    }
}
