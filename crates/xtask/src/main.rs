//! `cargo xtask`: builds, serves and proves Tenantry, and does its own set-up on the way.
//!
//! Where to look: a command is a module of its own (`run`, `release`, `dev`, `generate`, `audit`, `bench`, `test`);
//! `setup` installs what is missing, `site` makes what the browser loads, `native` knows how the server is compiled.

mod audit;
mod bench;
mod dev;
mod fingerprint;
mod generate;
mod native;
mod process;
mod release;
mod run;
mod setup;
mod site;
mod step;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
Builds, serves and proves Tenantry. Every command does its own set-up.

Usage: cargo xtask <command>

  run [--demo] [--release] [-- ARGS]  build, then serve at http://localhost:3000; ARGS go to `tenantry serve`
                                      --demo     fill a demonstration instance first and tell how to sign in
                                      --release  serve the optimised binary
  dev [-- ARGS]                       as run, but rebuild and restart whenever a source changes
  test [--only STAGE]                 everything that must hold; ends with one line `N passed, N failed`
  build --release                     one self-contained binary, target/release/tenantry
  site [--fast]                       only what the browser loads, target/site.pack
  gen [--check]                       write the generated files, or check that they are as generated
  bench [usage]                       what the release server takes for its pages, beside the budgets; or how
                                      fast it takes events, and what ten million of them do to the Usage page
  audit                               advisories and licences of the dependencies, by cargo-deny

Stages of `test`: ";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<ExitCode> {
    let (command, options) = match args.split_first() {
        Some((command, options)) => (command.as_str(), options),
        None => ("help", args),
    };
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    match (command, options.as_slice()) {
        ("run", options) => run::run(&run::Options::parse(options)?)?,
        ("dev", ["--", rest @ ..] | rest) => dev::watch(rest)?,
        ("test", []) => return test::run(None),
        ("test", ["--only", stage]) => return test::run(Some(test::Stage::parse(stage)?)),
        ("build", ["--release"]) => release::build().map(drop)?,
        ("build", _) => bail!("there is one kind of build: cargo xtask build --release"),
        ("site", []) => site::build(site::Kind::Release).map(drop)?,
        ("site", ["--fast"]) => site::build(site::Kind::Fast).map(drop)?,
        ("gen", []) => generate::write()?,
        ("gen", ["--check"]) => generate::check()?,
        ("bench", []) => bench::bench()?,
        ("bench", ["usage"]) => bench::usage::bench()?,
        ("audit", []) => audit::audit()?,
        ("help" | "--help" | "-h", _) => println!("{HELP}{}", test::Stage::names()),
        ("test" | "site" | "gen" | "bench" | "audit", _) => {
            bail!("`{command}` does not take {}; see cargo xtask help", options.join(" "))
        }
        (unknown, _) => bail!("no such command: {unknown}; see cargo xtask help"),
    }
    Ok(ExitCode::SUCCESS)
}
