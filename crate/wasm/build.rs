//! Tells the linker what wasm-bindgen needs, and lists the shared fixtures for the tests.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // `strip` drops this section, without which wasm-bindgen writes glue for old browsers.
        println!("cargo::rustc-link-arg=--keep-section=target_features");
    }
    list_fixtures(Path::new("../../tests/fixtures"))
}

/// Writes a Rust array of `(folder, file, text)`: a browser cannot read files.
fn list_fixtures(fixtures: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", fixtures.display());
    let mut list = String::from("[\n");
    for folder in children(fixtures)?.iter().filter(|folder| folder.is_dir()) {
        for file in children(folder)? {
            let text = file.canonicalize()?;
            list += &format!(
                "({:?}, {:?}, include_str!({text:?})),\n",
                name(folder),
                name(&file)
            );
        }
    }
    list += "]\n";
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("fixtures.rs"), list)
}

fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut children = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    children.sort();
    Ok(children)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
