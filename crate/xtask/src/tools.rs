//! What the tasks need beside rustup and Node: found where it is, installed where it is not.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command::{on_path, output, prepend_path, run, say};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// The wasm-pack that is installed; a newer one is used where it is there.
const WASM_PACK: Version = Version(0, 15, 1);
/// The oldest Node that the page's bundler runs on.
const NODE: Version = Version(20, 19, 0);
/// Copy of the package-lock.json that `node_modules` was installed from.
const STAMP: &str = ".installed-package-lock.json";

/// Finds and installs the tools, and knows where the repository is.
pub(crate) struct Tools {
    root: PathBuf,
}

impl Tools {
    pub(crate) fn new() -> Self {
        // Cargo sets it for `cargo run`, also where the repository has been moved since the build.
        let xtask =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&xtask)
            .ancestors()
            .nth(2)
            .unwrap_or(Path::new("."));
        Self {
            root: root.to_owned(),
        }
    }

    /// The root of the repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo, in the root of the repository.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root);
        cargo
    }

    /// wasm-pack, with the wasm-bindgen of the locked version first on its PATH.
    pub(crate) fn wasm_pack(&self) -> Result<Command> {
        self.wasm_target()?;
        let wasm_bindgen = self.wasm_bindgen()?;
        let mut wasm_pack = Command::new(self.wasm_pack_program()?);
        wasm_pack.current_dir(&self.root);
        if let Some(folder) = wasm_bindgen.parent() {
            prepend_path(&mut wasm_pack, folder)?;
        }
        Ok(wasm_pack)
    }

    /// Installs the standard library for WebAssembly.
    pub(crate) fn wasm_target(&self) -> Result<()> {
        let mut rustc = Command::new("rustc");
        rustc
            .current_dir(&self.root)
            .args(["--print", "target-libdir", "--target", WASM_TARGET]);
        if output(&mut rustc).is_some_and(|folder| Path::new(&folder).is_dir()) {
            return Ok(());
        }
        say("The Rust target for WebAssembly is missing: installing it");
        run(
            Command::new("rustup")
                .current_dir(&self.root)
                .args(["target", "add", WASM_TARGET]),
            "The engine is compiled to WebAssembly. Install Rust with rustup (https://rustup.rs), \
             or the target by your package manager.",
        )
    }

    fn wasm_pack_program(&self) -> Result<PathBuf> {
        let right = |version: Version| version >= WASM_PACK;
        self.find_or_install("wasm-pack", right, &["wasm-pack", "--locked"], WASM_PACK)
    }

    /// The generated glue and the compiled library must be of one version, hence exactly it.
    fn wasm_bindgen(&self) -> Result<PathBuf> {
        let id = output(self.cargo().args(["pkgid", "wasm-bindgen"]))
            .context("`cargo pkgid wasm-bindgen` failed. Is Cargo.lock damaged?")?;
        let locked =
            Version::parse(&id).with_context(|| format!("no version of wasm-bindgen in `{id}`"))?;
        // Without --locked: the lock file it ships names a crate version that not every mirror has.
        self.find_or_install(
            "wasm-bindgen",
            |version| version == locked,
            &["wasm-bindgen-cli"],
            locked,
        )
    }

    fn find_or_install(
        &self,
        program: &str,
        right: impl Fn(Version) -> bool,
        install: &[&str],
        version: Version,
    ) -> Result<PathBuf> {
        let tools = self.root.join("target").join("tools");
        let own = tools
            .join("bin")
            .join(format!("{program}{}", env::consts::EXE_SUFFIX));
        let found = on_path(program)
            .into_iter()
            .chain([own.clone()])
            .find(|file| {
                output(Command::new(file).arg("--version"))
                    .and_then(|text| Version::parse(&text))
                    .is_some_and(&right)
            });
        if let Some(file) = found {
            return Ok(file);
        }
        say(&format!(
            "{program} {version} is missing: installing it into target/tools (some minutes, once)"
        ));
        run(
            self.cargo()
                .arg("install")
                .args(install)
                .args(["--version", &format!("={version}"), "--force", "--root"])
                .arg(&tools),
            &format!(
                "Look at the messages above; {program} {version} on the PATH is used as well."
            ),
        )?;
        Ok(own)
    }

    /// npm in one of the repository's folders, its packages installed as locked.
    pub(crate) fn npm(&self, folder: &Path) -> Result<Command> {
        check_node()?;
        let lock = fs::read(folder.join("package-lock.json"))
            .with_context(|| format!("no package-lock.json in {}", folder.display()))?;
        let stamp = folder.join("node_modules").join(STAMP);
        if fs::read(&stamp).ok().as_ref() != Some(&lock) {
            say(&format!(
                "The npm packages of {} are not the locked ones: installing them",
                folder.display()
            ));
            run(
                npm(folder).args(["ci", "--no-audit", "--no-fund"]),
                "Look at npm's messages above. A proxy or another registry is set in ~/.npmrc.",
            )?;
            fs::create_dir_all(folder.join("node_modules"))?;
            fs::write(&stamp, &lock)?;
        }
        Ok(npm(folder))
    }
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder);
    npm
}

/// Says what to do where Node is missing or too old.
pub(crate) fn check_node() -> Result<()> {
    let advice = format!(
        "The page is built and tested with Node {NODE} or newer: install it from https://nodejs.org"
    );
    let Some(text) = output(Command::new("node").arg("--version")) else {
        bail!("`node --version` could not be run. {advice}");
    };
    match Version::parse(&text) {
        Some(version) if version >= NODE => Ok(()),
        _ => bail!("the Node on the PATH is {text}. {advice}"),
    }
}

/// A version of three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32, u32);

impl Version {
    /// The first word of the text that is a version: of `v20.19.0`, `wasm-pack 0.15.1`, `…#name@1.2.3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
            .find_map(|word| {
                let mut numbers = word.split('.').map(|number| number.parse().ok());
                Some(Self(numbers.next()??, numbers.next()??, numbers.next()??))
            })
    }

    /// The first of the numbers.
    pub(crate) fn major(self) -> u32 {
        self.0
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_print() {
        for (text, version) in [
            ("v20.19.0", Some(Version(20, 19, 0))),
            ("wasm-pack 0.15.1", Some(Version(0, 15, 1))),
            ("wasm-bindgen 0.2.130 (abc 2026)", Some(Version(0, 2, 130))),
            (
                "registry+https://github.com/rust-lang/crates.io-index#wasm-bindgen@0.2.130",
                Some(Version(0, 2, 130)),
            ),
            (
                "Chromium 156.0.8078.79 built on Debian GNU/Linux 12",
                Some(Version(156, 0, 8078)),
            ),
            ("no version 12 here.", None),
            ("", None),
        ] {
            assert_eq!(Version::parse(text), version, "{text}");
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(Version(0, 15, 1) > Version(0, 9, 12));
        assert!(Version(20, 9, 0) < NODE);
    }

    #[test]
    fn the_root_is_found() {
        assert!(Tools::new().root().join("Cargo.lock").is_file());
    }
}
