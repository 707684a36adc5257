//! Running commands: each says what it runs, and a failing one says what to do.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Announces what happens next.
pub(crate) fn say(what: &str) {
    eprintln!("==> {what}");
}

/// Runs a command with its output shown. `advice` is what to do when it fails.
pub(crate) fn run(command: &mut Command, advice: &str) -> Result<()> {
    let line = display(command);
    eprintln!("  $ {line}");
    let status = command
        .status()
        .with_context(|| format!("`{line}` could not be started. {advice}"))?;
    if !status.success() {
        bail!("`{line}` failed ({status}). {advice}");
    }
    Ok(())
}

/// What a command prints; `None` where it cannot be run or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Every file of that name on the PATH, in its order.
pub(crate) fn on_path(name: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .filter(|file| file.is_file())
        .collect()
}

/// Puts a folder before all others on the command's PATH.
pub(crate) fn prepend_path(command: &mut Command, folder: &Path) -> Result<()> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(env::split_paths(&path));
    command.env("PATH", env::join_paths(folders)?);
    Ok(())
}

fn display(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_stem()
        .unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_names_itself_and_says_what_to_do() {
        let error = run(
            Command::new("rustc").arg("--no-such-flag"),
            "Do this instead.",
        )
        .expect_err("rustc has no such flag");
        let message = error.to_string();
        assert!(
            message.contains("`rustc --no-such-flag` failed"),
            "{message}"
        );
        assert!(message.ends_with("Do this instead."), "{message}");
    }

    #[test]
    fn a_missing_command_says_what_to_do() {
        let error = run(&mut Command::new("no-such-program"), "Install it.")
            .expect_err("there is no such program");
        assert!(
            error
                .to_string()
                .contains("could not be started. Install it."),
            "{error}"
        );
        assert_eq!(output(&mut Command::new("no-such-program")), None);
    }

    #[test]
    fn rustc_is_on_the_path() {
        assert!(!on_path("rustc").is_empty());
        assert!(on_path("no-such-program").is_empty());
    }
}
