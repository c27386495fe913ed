//! What the browser loads: WebAssembly and its glue, the style sheet, Monaco; packed into one file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::{Inputs, Stamp};
use crate::process::program;
use crate::setup::{self, Wasm};
use crate::step::{step, unchanged};
use crate::workspace;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As people get it: small and compressed. `run` and `test` use it too, so that what is tested is what is served.
    Release,
    /// For `dev`: built within seconds, and as large as that makes it.
    Fast,
}

impl Kind {
    pub const fn wasm_profile(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Fast => "wasm-dev",
        }
    }

    /// The packed site.
    pub fn pack(self) -> PathBuf {
        workspace::target().join(match self {
            Self::Release => "site.pack",
            Self::Fast => "site-fast.pack",
        })
    }

    /// Steps of the two kinds keep apart.
    fn own(self, name: &str) -> String {
        match self {
            Self::Release => name.to_owned(),
            Self::Fast => format!("{name}-fast"),
        }
    }
}

/// Makes the packed site and returns its path.
pub fn build(kind: Kind) -> Result<PathBuf> {
    let toolchain = setup::for_site()?;
    let wasm = step(&format!("WebAssembly ({})", kind.wasm_profile()), || compile(kind, &toolchain))?;
    let glue = bind(kind, &wasm)?;
    pack(kind, &glue)
}

fn compile(kind: Kind, toolchain: &Wasm) -> Result<PathBuf> {
    let profile = kind.wasm_profile();
    toolchain.cargo("build").args(["-p", "frontend", "--target", setup::WASM_TARGET, "--profile", profile]).run()?;
    Ok(workspace::target().join(setup::WASM_TARGET).join(profile).join("frontend.wasm"))
}

/// The JavaScript glue beside the WebAssembly it belongs to.
fn bind(kind: Kind, wasm: &Path) -> Result<PathBuf> {
    let glue = workspace::kept(&kind.own("glue"));
    let bound = glue.join("tenantry_bg.wasm");
    let stamp = Stamp::new(&kind.own("glue"), Inputs::default().text(BIND_SETTINGS).file(wasm)?);
    if stamp.holds(&[&bound]) {
        unchanged("wasm-bindgen and wasm-opt");
        return Ok(glue);
    }
    step("wasm-bindgen", || {
        if glue.exists() {
            fs::remove_dir_all(&glue)?;
        }
        let mut bindgen = Bindgen::new();
        bindgen.input_path(wasm).out_name("tenantry").typescript(false).remove_producers_section(true);
        bindgen.web(true)?.remove_name_section(kind == Kind::Release).generate(&glue)
    })?;
    if kind == Kind::Release {
        step("wasm-opt", || optimise(&bound))?;
    }
    stamp.set()?;
    Ok(glue)
}

/// Stands for all that is done to the WebAssembly; change it when that changes.
const BIND_SETTINGS: &str = "wasm-bindgen 0.2.130, wasm-opt 132 -Oz";

/// No feature flags: with all features on it writes imports in a form that browsers refuse.
fn optimise(wasm: &Path) -> Result<()> {
    let optimised = wasm.with_extension("wasm.optimised");
    program("node")
        .arg("site/node_modules/binaryen/bin/wasm-opt")
        .arg("-Oz")
        .arg(wasm)
        .arg("-o")
        .arg(&optimised)
        .run()?;
    fs::rename(&optimised, wasm).with_context(|| format!("writing {}", wasm.display()))
}

fn pack(kind: Kind, glue: &Path) -> Result<PathBuf> {
    let root = workspace::root();
    let file = kind.pack();
    let mut inputs = Inputs::default().tree(glue)?.file(&root.join("site/package-lock.json"))?;
    // Tailwind reads the Rust sources for the names of classes.
    for folder in ["site", "style", "public", "app/src", "crates/ui/src"] {
        inputs = inputs.tree(&root.join(folder))?;
    }
    let stamp = Stamp::new(&kind.own("pack"), inputs);
    if stamp.holds(&[&file]) {
        unchanged("site: Tailwind, Monaco, compression");
        return Ok(file);
    }
    step("site: Tailwind, Monaco, compression", || {
        let fast: &[&str] = if kind == Kind::Fast { &["--fast"] } else { &[] };
        program("node")
            .args(["site/build.mjs", "--pkg"])
            .arg(glue)
            .arg("--out")
            .arg(&file)
            .arg("--cache")
            .arg(workspace::kept("site-cache"))
            .args(fast)
            .run()?;
        stamp.set()
    })?;
    Ok(file)
}
