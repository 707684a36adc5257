//! The engine as WebAssembly, and the page as one sealed file.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{output, run, say};
use crate::tools::{Tools, check_node};

/// Builds the engine and the page of the repository, or of a copy of it, at `root`.
/// Returns the page's file.
pub(crate) fn build(tools: &Tools, root: &Path) -> Result<PathBuf> {
    // Before the minute that the engine takes.
    check_node()?;

    say("Building the engine");
    let mut wasm_pack = tools.wasm_pack()?;
    wasm_pack
        .args([
            "build",
            "crate/wasm",
            "--target",
            "web",
            "--release",
            "--no-pack",
        ])
        .args(["--mode", "no-install", "--out-dir", "../../www/src/engine"])
        .current_dir(root)
        .env("CARGO_ENCODED_RUSTFLAGS", compiler_flags(root)?);
    if root != tools.root() {
        // A copy builds everything itself, whatever folder the environment names.
        wasm_pack.env("CARGO_TARGET_DIR", root.join("target"));
    }
    run(&mut wasm_pack, "Look at the compiler's messages above.")?;

    say("Building the page");
    let www = root.join("www");
    run(
        tools.npm(&www)?.args(["run", "build"]),
        "Look at the messages of www/build above.",
    )?;
    let page = www.join("dist").join("index.html");
    fs::metadata(&page).with_context(|| format!("the build left no {}", page.display()))?;
    Ok(page)
}

/// Vector instructions, which every browser has that the page is built for: a large text takes a seventh less time.
const SIMD: &str = "-Ctarget-feature=+simd128";

/// How the engine is compiled. This machine's folders are kept out of it, which then has the same bytes on
/// every machine. (A message of the standard library names the source file it comes from.)
fn compiler_flags(root: &Path) -> Result<OsString> {
    let mut folders = vec![(root.to_owned(), "iam-guardrails")];
    for registry in fs::read_dir(cargo_home()?.join("registry").join("src"))
        .into_iter()
        .flatten()
    {
        folders.push((registry?.path(), "crates"));
    }
    let sysroot = output(
        Command::new("rustc")
            .current_dir(root)
            .args(["--print", "sysroot"]),
    )
    .context("`rustc --print sysroot` failed. Install Rust with rustup (https://rustup.rs).")?;
    folders.push((
        Path::new(&sysroot).join("lib").join("rustlib").join("src"),
        "rust",
    ));

    let mut flags = OsString::from(SIMD);
    for (folder, name) in folders {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
        flags.push(name);
    }
    Ok(flags)
}

fn cargo_home() -> Result<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .context("no home directory: set CARGO_HOME")
}
