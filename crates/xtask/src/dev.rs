//! `cargo xtask dev`: rebuilds and restarts whenever a source changes.

use std::fs;
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::fingerprint::files_below;
use crate::process::{cargo, program};
use crate::step::step;
use crate::{native, site, workspace};

const WATCHED: [&str; 8] = ["app", "crates", "frontend", "server", "site", "style", "public", "Cargo.toml"];

pub fn watch(serve_args: &[&str]) -> Result<()> {
    let mut server: Option<Child> = None;
    loop {
        let built_from = sources()?;
        match build() {
            Ok(()) => {
                if let Some(mut old) = server.take() {
                    old.kill()?;
                    old.wait()?;
                }
                server = Some(serve(serve_args)?);
            }
            Err(error) => eprintln!("\nerror: {error:#}"),
        }
        println!("== watching for changes");
        // Looking is cheap enough (a thousand files in a millisecond or two), and works on every file system.
        while sources()? == built_from {
            thread::sleep(Duration::from_millis(300));
        }
    }
}

/// Cargo and the stamps know what there is to do: a change of style does not compile anything.
fn build() -> Result<()> {
    site::build(site::Kind::Fast)?;
    // Without the lints: an unfinished thought may well have an unused variable.
    step("server (dev)", || cargo().arg("build").args(native::SELECTION).run().map(drop))
}

fn serve(args: &[&str]) -> Result<Child> {
    program(workspace::dev_binary()).arg("serve").args(args).env("TENANTRY_SITE_FILE", site::Kind::Fast.pack()).start()
}

/// The watched files and when each was last written.
fn sources() -> Result<Vec<(PathBuf, Option<SystemTime>)>> {
    let root = workspace::root();
    let mut found = Vec::new();
    for name in WATCHED {
        let path = root.join(name);
        let files = if path.is_dir() { files_below(&path)? } else { vec![path] };
        for file in files {
            // A file may be gone by now: editors write beside it and rename.
            let written = fs::metadata(&file).and_then(|metadata| metadata.modified()).ok();
            found.push((file, written));
        }
    }
    Ok(found)
}
