//! What the browser loads: WebAssembly and its glue, the style sheet, Monaco; packed into one file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
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
    toolchain
        .cargo("rustc")
        .args(["-p", "frontend", "--target", setup::WASM_TARGET, "--profile", profile])
        // By the relocations the parts are told apart that pages load when they are opened.
        .args(["--", "-Clink-args=--emit-relocs"])
        .run()?;
    Ok(workspace::target().join(setup::WASM_TARGET).join(profile).join("frontend.wasm"))
}

/// The JavaScript glue beside the WebAssembly it belongs to.
fn bind(kind: Kind, wasm: &Path) -> Result<PathBuf> {
    let glue = workspace::kept(&kind.own("glue"));
    let bound = glue.join("tenantry_bg.wasm");
    let stamp = Stamp::new(&kind.own("glue"), Inputs::default().text(BIND_SETTINGS).file(wasm)?);
    if stamp.holds(&[&bound]) {
        unchanged("splitting, wasm-bindgen and wasm-opt");
        return Ok(glue);
    }
    if glue.exists() {
        fs::remove_dir_all(&glue)?;
    }
    let whole = step("splitting the WebAssembly", || split(wasm, &glue))?;
    step("wasm-bindgen", || {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(&whole).out_name("tenantry").typescript(false).remove_producers_section(true);
        // What the parts import from the main module, they know by the linker's names.
        bindgen.web(true)?.keep_lld_exports(true).demangle(false).remove_name_section(kind == Kind::Release);
        bindgen.generate(&glue)?;
        anyhow::Ok(fs::remove_file(&whole)?)
    })?;
    if kind == Kind::Release {
        step("wasm-opt", || {
            let files = fs::read_dir(&glue)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
            files
                .iter()
                .filter(|file| file.extension().is_some_and(|kind| kind == "wasm"))
                .try_for_each(|wasm| optimise(wasm))
        })?;
    }
    stamp.set()?;
    Ok(glue)
}

/// Stands for all that is done to the WebAssembly; change it when that changes.
const BIND_SETTINGS: &str = "wasm-split 0.2.4, wasm-bindgen 0.2.130, wasm-opt 132 -Oz";

/// Puts the parts that pages load when they are opened beside the glue, and returns the main module, still unbound.
/// `parts.json` there says which files each part consists of.
fn split(wasm: &Path, glue: &Path) -> Result<PathBuf> {
    let whole = fs::read(wasm).with_context(|| format!("reading {}", wasm.display()))?;
    let main = glue.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = glue;
    options.main_out_path = &main;
    options.main_module = "./tenantry.js";
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:?}"))?;
    let parts = serde_json::to_string(&split.prefetch_map)?;
    fs::write(glue.join("parts.json"), parts)?;
    Ok(main)
}

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
