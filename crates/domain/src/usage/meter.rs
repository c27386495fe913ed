use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

use crate::error::FieldError;
use crate::money::{Currency, UnitPrice};
use crate::people::Viewer;
use crate::time::Timestamp;

/// What plans include and thresholds watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Milliseconds of databases and processes.
    Compute,
    /// Bytes of databases, process logs and snapshots.
    Storage,
    /// People.
    Users,
}

impl Dimension {
    pub const ALL: [Self; 3] = [Self::Compute, Self::Storage, Self::Users];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Compute => "compute",
            Self::Storage => "storage",
            Self::Users => "users",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Compute => "Compute",
            Self::Storage => "Storage",
            Self::Users => "Users",
        }
    }

    /// In what it is counted for people, priced and included.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Compute => "min",
            Self::Storage => "GB",
            Self::Users => "users",
        }
    }

    /// How many of what meters count make one of what people see: milliseconds a minute, bytes a gigabyte.
    pub const fn per_unit(self) -> i64 {
        match self {
            Self::Compute => 60_000,
            Self::Storage => 1_000_000_000,
            Self::Users => 1,
        }
    }

    pub const fn reading(self) -> Reading {
        match self {
            Self::Compute => Reading::Flow,
            Self::Storage | Self::Users => Reading::Level,
        }
    }
}

/// What the days of a cycle come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// They add up: minutes of compute.
    Flow,
    /// They are averaged over the cycle's days: bytes that are kept, people.
    Level,
}

/// How the events of a day come to its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// Quantities add up; a negative one takes back.
    Sum,
    /// The quantity of the latest event.
    Last,
    /// The largest quantity.
    Max,
    /// How many different keys the events name.
    Unique,
}

impl Aggregation {
    pub const ALL: [Self; 4] = [Self::Sum, Self::Last, Self::Max, Self::Unique];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Last => "last",
            Self::Max => "max",
            Self::Unique => "unique",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aggregation| aggregation.name() == name)
    }

    pub const fn reading(self) -> Reading {
        match self {
            Self::Sum | Self::Unique => Reading::Flow,
            Self::Last | Self::Max => Reading::Level,
        }
    }
}

/// Names a meter: a small letter, then up to 62 small letters, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MeterKey(String);

impl MeterKey {
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() <= 63
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MeterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The meters that every instance has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltIn {
    DbExecutionMs,
    ProcessExecutionMs,
    DbVolumeBytes,
    ProcessLogBytes,
    SnapshotStorageBytes,
    /// Counted by ourselves, each day.
    UserCount,
}

impl BuiltIn {
    pub const ALL: [Self; 6] = [
        Self::DbExecutionMs,
        Self::ProcessExecutionMs,
        Self::DbVolumeBytes,
        Self::ProcessLogBytes,
        Self::SnapshotStorageBytes,
        Self::UserCount,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::DbExecutionMs => "db_execution_ms",
            Self::ProcessExecutionMs => "process_execution_ms",
            Self::DbVolumeBytes => "db_volume_bytes",
            Self::ProcessLogBytes => "process_log_bytes",
            Self::SnapshotStorageBytes => "snapshot_storage_bytes",
            Self::UserCount => "user_count",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meter| meter.name() == name)
    }

    pub fn key(self) -> MeterKey {
        MeterKey(self.name().to_owned())
    }

    /// What it is a part of.
    pub const fn label(self) -> &'static str {
        match self {
            Self::DbExecutionMs | Self::DbVolumeBytes => "Database",
            Self::ProcessExecutionMs => "Process",
            Self::ProcessLogBytes => "Process logs",
            Self::SnapshotStorageBytes => "Snapshots",
            Self::UserCount => "Users",
        }
    }

    pub const fn dimension(self) -> Dimension {
        match self {
            Self::DbExecutionMs | Self::ProcessExecutionMs => Dimension::Compute,
            Self::DbVolumeBytes | Self::ProcessLogBytes | Self::SnapshotStorageBytes => Dimension::Storage,
            Self::UserCount => Dimension::Users,
        }
    }

    /// In what it is counted.
    pub const fn unit(self) -> &'static str {
        match self.dimension() {
            Dimension::Compute => "ms",
            Dimension::Storage => "bytes",
            Dimension::Users => "users",
        }
    }

    pub const fn aggregation(self) -> Aggregation {
        match self.dimension() {
            Dimension::Compute => Aggregation::Sum,
            Dimension::Storage => Aggregation::Last,
            Dimension::Users => Aggregation::Max,
        }
    }
}

/// A meter of the platform's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomMeter {
    pub key: MeterKey,
    pub label: String,
    /// What one is called: `GPU hour`, `request`.
    pub unit: String,
    pub aggregation: Aggregation,
    /// Of one unit, a currency at a time, by its code. What has none in an organization's currency isn't charged.
    pub prices: BTreeMap<String, UnitPrice>,
    /// Takes no more events.
    pub archived: bool,
    pub version: i64,
    pub created_at: Timestamp,
}

/// Longest label, in characters.
const LABEL_MAX: usize = 40;
/// Longest name of a unit.
const UNIT_MAX: usize = 20;

/// A meter as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MeterForm {
    pub key: String,
    pub label: String,
    pub unit: String,
    pub aggregation: String,
    /// A line each: `EUR 0.002`.
    pub prices: String,
    pub archived: bool,
}

/// A form that breaks no rule. Whether the key is free is asked elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedMeter {
    pub key: MeterKey,
    pub label: String,
    pub unit: String,
    pub aggregation: Aggregation,
    pub prices: BTreeMap<String, UnitPrice>,
    pub archived: bool,
}

impl MeterForm {
    pub fn check(&self) -> Result<CheckedMeter, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut field = |name: &'static str, message: String| errors.push(FieldError::new(name, message));
        let key = MeterKey::parse(self.key.trim());
        match &key {
            None => field(
                "key",
                "A key begins with a small letter, then come up to 62 small letters, digits and “_”.".into(),
            ),
            Some(key) if BuiltIn::from_name(key.as_str()).is_some() => {
                field("key", format!("“{key}” is a built-in meter."));
            }
            Some(_) => {}
        }
        let (label, unit) = (self.label.trim(), self.unit.trim());
        for (name, text, what, max) in [("label", label, "name", LABEL_MAX), ("unit", unit, "unit", UNIT_MAX)] {
            if text.is_empty() {
                field(name, format!("Enter a {what}."));
            } else if text.chars().count() > max || text.chars().any(char::is_control) {
                field(name, format!("A {what} has at most {max} characters, and no line breaks."));
            }
        }
        let aggregation = Aggregation::from_name(&self.aggregation);
        if aggregation.is_none() {
            field("aggregation", "Choose how the events of a day come to its value.".into());
        }
        let mut prices = BTreeMap::new();
        for line in self.prices.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match price(line) {
                Err(message) => field("prices", format!("“{line}”: {message}")),
                Ok((code, price)) => {
                    if prices.insert(code.to_owned(), price).is_some() {
                        field("prices", format!("There are two prices in {code}."));
                    }
                }
            }
        }
        match (key, aggregation) {
            (Some(key), Some(aggregation)) if errors.is_empty() => {
                let (label, unit) = (label.to_owned(), unit.to_owned());
                Ok(CheckedMeter { key, label, unit, aggregation, prices, archived: self.archived })
            }
            _ => Err(errors),
        }
    }
}

/// From `EUR 0.002`.
fn price(line: &str) -> Result<(&'static str, UnitPrice), String> {
    let Some((code, amount)) = line.split_once(char::is_whitespace) else {
        return Err("Write a currency and an amount, such as EUR 0.002.".to_owned());
    };
    let currency = Currency::parse(code).map_err(|error| error.to_string())?;
    let price = UnitPrice::parse(amount, currency).map_err(|error| error.to_string())?;
    Ok((currency.code(), price))
}

impl From<&CustomMeter> for MeterForm {
    fn from(meter: &CustomMeter) -> Self {
        let price = |(code, price): (&String, &UnitPrice)| {
            Currency::parse(code).map(|currency| format!("{currency} {}", price.plain(currency)))
        };
        let prices: Vec<String> = meter.prices.iter().filter_map(|pair| price(pair).ok()).collect();
        Self {
            key: meter.key.to_string(),
            label: meter.label.clone(),
            unit: meter.unit.clone(),
            aggregation: meter.aggregation.name().to_owned(),
            prices: prices.join("\n"),
            archived: meter.archived,
        }
    }
}

/// The page of what can be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetersPage {
    pub viewer: Viewer,
    /// By key, archived ones too.
    pub meters: Vec<CustomMeter>,
    pub now: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> MeterForm {
        MeterForm {
            key: "gpu_hours".into(),
            label: " GPU hours ".into(),
            unit: "hour".into(),
            aggregation: "sum".into(),
            prices: "EUR 0.002\n\n usd 1.5 \nJPY 3".into(),
            archived: false,
        }
    }

    #[test]
    fn a_meter_is_read_from_its_form_and_back() {
        let checked = form().check().unwrap();
        assert_eq!((checked.label.as_str(), checked.prices.len()), ("GPU hours", 3));
        let CheckedMeter { key, label, unit, aggregation, prices, archived } = checked.clone();
        let created_at = Timestamp::from_micros(0);
        let meter = CustomMeter { key, label, unit, aggregation, prices, archived, version: 1, created_at };
        let form = MeterForm::from(&meter);
        assert_eq!(form.prices, "EUR 0.002\nJPY 3\nUSD 1.50");
        assert_eq!(form.check(), Ok(checked));
    }

    #[test]
    fn each_error_is_beside_its_field() {
        for (wrong, field) in [
            (MeterForm { key: "GPU".into(), ..form() }, "key"),
            (MeterForm { key: "user_count".into(), ..form() }, "key"),
            (MeterForm { label: String::new(), ..form() }, "label"),
            (MeterForm { unit: "x".repeat(21), ..form() }, "unit"),
            (MeterForm { aggregation: "mean".into(), ..form() }, "aggregation"),
            (MeterForm { prices: "0.2".into(), ..form() }, "prices"),
            (MeterForm { prices: "EUR x".into(), ..form() }, "prices"),
            (MeterForm { prices: "XXX 1".into(), ..form() }, "prices"),
            (MeterForm { prices: "EUR 1\nEUR 2".into(), ..form() }, "prices"),
        ] {
            let errors = wrong.check().unwrap_err();
            assert_eq!(errors.iter().map(|error| error.field.as_ref()).collect::<Vec<_>>(), [field], "{wrong:?}");
        }
    }
}
