//! For machines where rustup can't add the WebAssembly target: Debian's newest Rust (the one its browsers are built
//! with), unpacked beside the build and completed with a standard library for wasm32 built from its own sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::wasm_target::TARGET;
use crate::process::{cargo, on_path, program};
use crate::step::step;

const HOST: &str = "x86_64-unknown-linux-gnu";
/// Written last.
const COMPLETE: &str = "complete";
const LAUNCHER: &str = "rustc";
const LIBRARIES: &str = "usr/lib/x86_64-linux-gnu";

/// The compiler that [`install`] left in `folder`.
pub fn installed(folder: &Path) -> Option<PathBuf> {
    folder.join(COMPLETE).exists().then(|| folder.join(LAUNCHER))
}

/// Installs into `folder` and returns the compiler.
pub fn install(folder: &Path) -> Result<PathBuf> {
    let usr = folder.join("usr");
    let rustc = folder.join(LAUNCHER);
    let rustlib = usr.join("lib/rustlib");
    if on_path("apt-get").is_none() || cfg!(not(target_arch = "x86_64")) {
        bail!("it is packaged for Debian on x86-64 only");
    }
    step("Debian's Rust compiler for WebAssembly", || {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let lld = unpack(folder)?;
        move_libraries(folder)?;
        let tools = rustlib.join(HOST).join("bin");
        fs::create_dir_all(&tools)?;
        fs::copy(usr.join("lib").join(lld).join("bin/lld"), tools.join("rust-lld"))?;
        write_launcher(&usr, &rustc)?;
        build_standard_library(folder, &rustc, &rustlib.join(TARGET).join("lib"))?;
        fs::write(folder.join(COMPLETE), "")?;
        Ok(rustc)
    })
}

/// Downloads and unpacks the packages; returns the name of LLVM's folder, such as `llvm-22`.
fn unpack(folder: &Path) -> Result<String> {
    // The packages' names carry version numbers: `libstd-rust-web-1.96`, `libllvm22`.
    let library = dependency("libstd-rust-web-dev", "libstd-rust-web-")?;
    let llvm = dependency(&library, "libllvm")?;
    let number = llvm.trim_start_matches("libllvm");
    let lld = format!("lld-{number}");

    let packages = ["rustc-web", "libstd-rust-web-dev", &library, "rust-web-src", &llvm, &lld];
    program("apt-get").args(["download", "-qq", "-o", "APT::Sandbox::User=root"]).args(packages).dir(folder).run()?;
    for entry in fs::read_dir(folder)? {
        let package = entry?.path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            program("dpkg-deb").arg("-x").arg(&package).arg(folder).run()?;
            fs::remove_file(&package)?;
        }
    }
    Ok(format!("llvm-{number}"))
}

/// The name of the package among the dependencies of another that starts with `prefix`.
fn dependency(of: &str, prefix: &str) -> Result<String> {
    let listing = program("apt-cache").args(["depends", of]).output()?;
    let mut names = listing.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
    let name = names.find(|name| name.starts_with(prefix));
    name.map(str::to_owned).with_context(|| format!("{of} depends on no {prefix}…; is `apt-get update` due?"))
}

/// The compiler looks for its libraries one level higher than Debian's multi-architecture layout has them.
fn move_libraries(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder.join(LIBRARIES))? {
        let entry = entry?;
        fs::rename(entry.path(), folder.join("usr/lib").join(entry.file_name()))?;
    }
    Ok(())
}

/// Away from their place in the system, the compiler and its linker have to be told where their libraries lie.
fn write_launcher(usr: &Path, file: &Path) -> Result<()> {
    let usr = usr.display();
    fs::write(file, format!("#!/bin/sh\nLD_LIBRARY_PATH='{usr}/lib' exec '{usr}/bin/rustc' \"$@\"\n"))?;
    program("chmod").arg("+x").arg(file).run().map(drop)
}

fn build_standard_library(folder: &Path, rustc: &Path, into: &Path) -> Result<()> {
    let empty = folder.join("empty");
    fs::create_dir_all(empty.join("src"))?;
    fs::write(empty.join("src/lib.rs"), "")?;
    fs::write(
        empty.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n",
    )?;
    cargo()
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,panic_unwind"])
        .arg("--manifest-path")
        .arg(empty.join("Cargo.toml"))
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        // Link-time optimisation wants what std's own build puts into its libraries.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", empty.join("target"))
        .run()?;
    fs::create_dir_all(into)?;
    for entry in fs::read_dir(empty.join("target").join(TARGET).join("release/deps"))? {
        let library = entry?.path();
        if let (Some(name), true) = (library.file_name(), library.extension().is_some_and(|it| it == "rlib")) {
            fs::copy(&library, into.join(name))?;
        }
    }
    fs::remove_dir_all(&empty).context("tidying up")
}
