use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

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
    pub prices: BTreeMap<String, String>,
    /// Takes no more events.
    pub archived: bool,
    pub version: i64,
    pub created_at: Timestamp,
}
