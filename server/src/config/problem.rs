//! What is wrong with a configuration, said so that it can be mended in one go.

use std::fmt;

/// One thing to mend: where it stands and what is the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A file with its line, a variable or a flag.
    pub place: String,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Everything that is wrong; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => f.write_str("The configuration has a problem; nothing was started."),
            many => write!(f, "The configuration has {many} problems; nothing was started."),
        }
    }
}

impl std::error::Error for Problems {}

/// The name most like `unknown`, or all of them when none is near, as the end of a complaint.
pub fn suggest<'a>(unknown: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let nearest = names
        .clone()
        .map(|name| (strsim::damerau_levenshtein(&unknown.to_ascii_lowercase(), &name.to_ascii_lowercase()), name))
        .min();
    match nearest {
        Some((distance, name)) if distance <= name.len().div_ceil(3) => format!("did you mean `{name}`?"),
        _ => format!("there are {}", names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}
