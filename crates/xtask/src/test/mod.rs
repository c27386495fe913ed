//! `cargo xtask test`: everything that must hold, in stages.

mod end_to_end;
mod imports;
mod native;
pub mod postgres;
mod report;

use std::fs;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::process::{Program, cargo, program, succeeded};
use crate::setup;
use crate::step::{now, seconds, step};
use crate::{generate, native as server, site, workspace};
use postgres::Postgres;
use report::{Outcome, Report};

/// A part of `test` that can run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Format,
    Imports,
    Generated,
    Native,
    Site,
    Wasm,
    EndToEnd,
    EndToEndPostgres,
}

impl Stage {
    const ALL: [Self; 8] = [
        Self::Format,
        Self::Imports,
        Self::Generated,
        Self::Native,
        Self::Site,
        Self::Wasm,
        Self::EndToEnd,
        Self::EndToEndPostgres,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Imports => "imports",
            Self::Generated => "generated",
            Self::Native => "native",
            Self::Site => "site",
            Self::Wasm => "wasm",
            Self::EndToEnd => "e2e",
            Self::EndToEndPostgres => "e2e-postgres",
        }
    }

    pub fn parse(name: &str) -> Result<Self> {
        match Self::ALL.into_iter().find(|stage| stage.name() == name) {
            Some(stage) => Ok(stage),
            None => bail!("no such stage: {name}; there are {}", Self::names()),
        }
    }

    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

/// Runs all stages, or one. A stage that fails stops none of the others, so that one run shows everything.
pub fn run(only: Option<Stage>) -> Result<ExitCode> {
    let wanted = |stage: Stage| only.is_none_or(|only| only == stage);
    let mut report = Report::begin();

    if !report.alone("set-up", || Outcome::check(setup::for_tests())) {
        return Ok(report.finish());
    }
    if wanted(Stage::Format) {
        let check = || cargo().args(["fmt", "--all", "--check"]).run().map(drop);
        report.alone(Stage::Format.name(), || Outcome::check(step("format", check)));
    }
    if wanted(Stage::Imports) {
        report.alone(Stage::Imports.name(), || Outcome::check(step("import rules", imports::check)));
    }
    if wanted(Stage::Generated) {
        report.alone(Stage::Generated.name(), || Outcome::check(generate::check()));
    }

    // The link-time optimisation and wasm-opt use one core each: they fill what the native half leaves idle.
    let background = Background::start(wanted(Stage::Site), wanted(Stage::Wasm));
    let postgres = [Stage::Native, Stage::EndToEnd, Stage::EndToEndPostgres].into_iter().any(wanted);
    let postgres = postgres.then(|| step("PostgreSQL for the tests", Postgres::start)).transpose();
    let postgres = match postgres {
        Ok(postgres) => postgres,
        Err(error) => {
            report.add("PostgreSQL", Outcome::check(Err(error)));
            None
        }
    };
    if let (true, Some(postgres)) = (wanted(Stage::Native), &postgres) {
        report.add(Stage::Native.name(), native::lint_and_test(postgres.url()));
        report.add("xtask's own", native::lint_and_test_xtask());
    }
    for (stage, outcome) in background.join()? {
        report.add(stage.name(), outcome);
    }

    let end_to_end =
        [(Stage::EndToEnd, end_to_end::Engine::Sqlite), (Stage::EndToEndPostgres, end_to_end::Engine::Postgres)];
    for (stage, engine) in end_to_end {
        if let (true, Some(postgres)) = (wanted(stage), &postgres) {
            report.alone(stage.name(), || {
                // Usually made by now. If not, an older server or site is not what is to be tested.
                if let Err(error) = site::build(site::Kind::Release).and_then(|_| server::build()) {
                    return Outcome::check(Err(error));
                }
                end_to_end::run(engine, postgres.url())
            });
        }
    }
    if let Some(postgres) = postgres {
        report.add_cost("PostgreSQL", postgres.stop()?);
    }
    Ok(report.finish())
}

/// What the browser loads, built and linted beside the native stage.
struct Background(thread::JoinHandle<Result<Vec<(Stage, Outcome)>>>);

impl Background {
    fn start(site: bool, lint: bool) -> Self {
        Self(thread::spawn(move || {
            let mut outcomes = Vec::new();
            if site {
                // A process of its own, so that its share of the CPU is known.
                let this = std::env::current_exe().context("finding xtask itself")?;
                outcomes.push((Stage::Site, in_background(Stage::Site, program(this).arg("site"))?));
            }
            if lint {
                let toolchain = setup::for_site()?;
                if toolchain.has_clippy() {
                    outcomes.push((Stage::Wasm, in_background(Stage::Wasm, lint_wasm(&toolchain))?));
                } else {
                    println!("== wasm: not linted, since this machine's compiler for it has no clippy");
                }
            }
            Ok(outcomes)
        }))
    }

    fn join(self) -> Result<Vec<(Stage, Outcome)>> {
        self.0.join().unwrap_or_else(|_| bail!("the background stages panicked"))
    }
}

fn in_background(stage: Stage, program: Program) -> Result<Outcome> {
    let log = workspace::kept(&format!("{}.log", stage.name()));
    let started = now();
    let (status, cpu) = program.run_logged(&log)?;
    let took = started.elapsed();
    println!("== {} (in the background): {}", stage.name(), seconds(took));
    let verdict = succeeded(stage.name(), status);
    if verdict.is_err() {
        println!("{}", fs::read_to_string(&log).unwrap_or_default());
    }
    Ok(Outcome::check(verdict).costing(cpu, took))
}

/// Clippy for the browser's half, compiling it like the build does, so that all dependencies are there already; but as
/// a plain library and unoptimised, since nothing comes of it.
fn lint_wasm(toolchain: &setup::Wasm) -> Program {
    let profile = site::Kind::Release.wasm_profile();
    let unoptimised = ["frontend", "app", "ui", "monaco", "domain"]
        .into_iter()
        .flat_map(|member| ["--config".to_owned(), format!("profile.{profile}.package.{member}.opt-level=0")]);
    server::linting(toolchain.cargo("rustc"))
        .args(["-p", "frontend", "--lib", "--crate-type", "rlib"])
        .args(["--target", setup::WASM_TARGET, "--profile", profile])
        .args(unoptimised)
}
