//! `cargo xtask run`: builds and serves.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process::program;
use crate::step::step;
use crate::{native, release, site, workspace};

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    demo: bool,
    release: bool,
    /// For `tenantry serve`.
    rest: Vec<String>,
}

impl Options {
    pub fn parse(args: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        for (index, arg) in args.iter().enumerate() {
            match *arg {
                "--demo" => options.demo = true,
                "--release" => options.release = true,
                "--" => {
                    options.rest = args.iter().skip(index + 1).map(ToString::to_string).collect();
                    break;
                }
                unknown => bail!("`run` does not take {unknown}; what is for `tenantry serve` goes behind --"),
            }
        }
        Ok(options)
    }
}

pub fn run(options: &Options) -> Result<()> {
    let binary = if options.release {
        release::build()?
    } else {
        site::build(site::Kind::Release)?;
        native::build()?;
        workspace::dev_binary()
    };
    let mut serve = program(&binary).arg("serve");
    if !options.release {
        serve = serve.env("TENANTRY_SITE_FILE", site::Kind::Release.pack());
    }
    if options.demo {
        let data = workspace::target().join("demo-data");
        step("demonstration instance", || fill(&binary, &data))?;
        serve = serve.arg("--data-dir").arg(&data);
    }
    serve.args(&options.rest).replace_this_process()
}

fn fill(binary: &Path, data: &Path) -> Result<()> {
    program(binary).args(["demo", "--data-dir"]).arg(data).run().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_dashes_goes_to_serve() {
        let options = Options::parse(&["--demo", "--", "--listen", "127.0.0.1:4000"]).unwrap();
        assert_eq!(
            options,
            Options { demo: true, release: false, rest: vec!["--listen".into(), "127.0.0.1:4000".into()] }
        );
        assert!(Options::parse(&["--listen"]).is_err());
    }
}
