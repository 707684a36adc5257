//! The browser that the tests run in, and the driver that goes with it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::command::{on_path, output, run, say};
use crate::tools::Version;

/// Set by whoever wants a certain browser, and by us for the tests of the page.
pub(crate) const BROWSER: &str = "IAM_GUARDRAILS_BROWSER";

/// Variables that name a browser's program, the first that is set counts.
const BROWSER_VARIABLES: &[&str] = &[BROWSER, "CHROME", "CHROME_PATH", "CHROME_BIN"];

/// Names on the PATH: Chrome and Chromium before Edge, whose driver wasm-pack cannot use.
const ON_PATH: &[&str] = &[
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
];

/// Where installers put them, on Linux, macOS and (below a folder that a variable names) Windows.
const STANDARD_PLACES: &[&str] = &[
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
const WINDOWS_FOLDERS: &[&str] = &["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"];
const WINDOWS_PLACES: &[&str] = &[
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
];

const NO_BROWSER: &str = "the tests need a browser and none was found. Install Google Chrome \
    (https://www.google.com/chrome), Chromium or Microsoft Edge, or set IAM_GUARDRAILS_BROWSER to its program";

/// What a headless browser need not do in a test; nothing here changes what a page may do.
const FLAGS: &[&str] = &[
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
];

/// A browser's program.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(browser) = search()?.into_iter().next() {
        return Ok(browser);
    }
    apt_install(&["chromium", "chromium-driver"])?;
    search()?.into_iter().next().context(NO_BROWSER)
}

/// A browser and the chromedriver of its version.
pub(crate) fn find_with_driver() -> Result<(PathBuf, PathBuf)> {
    if let Some(pair) = search_with_driver()? {
        return Ok(pair);
    }
    apt_install(&["chromium", "chromium-driver"])?;
    if let Some(pair) = search_with_driver()? {
        return Ok(pair);
    }
    let browser = search()?
        .into_iter()
        .find(|browser| !is_edge(browser))
        .context("the tests of the engine in a browser need Google Chrome or Chromium, and none was found: install one")?;
    let version =
        version(&browser).map_or_else(String::new, |version| format!(" {}", version.major()));
    bail!(
        "the tests in a browser need chromedriver{version}, the driver of {}, and none was found. \
         Install it (https://googlechromelabs.github.io/chrome-for-testing; \
         `apt install chromium-driver`, `brew install chromedriver`), \
         and put it on the PATH or set CHROMEDRIVER to its program.",
        browser.display()
    )
}

fn search_with_driver() -> Result<Option<(PathBuf, PathBuf)>> {
    Ok(search()?.into_iter().find_map(|browser| {
        let driver = search_driver(&browser)?;
        Some((browser, driver))
    }))
}

/// The browsers there are, the best first; where a variable names one, that one alone.
fn search() -> Result<Vec<PathBuf>> {
    for variable in BROWSER_VARIABLES {
        if let Some(browser) = env::var_os(variable).map(PathBuf::from) {
            if !browser.is_file() {
                bail!(
                    "{variable} is set to {}, which is no file",
                    browser.display()
                );
            }
            return Ok(vec![browser]);
        }
    }
    let windows = WINDOWS_FOLDERS
        .iter()
        .filter_map(env::var_os)
        .flat_map(|folder| {
            WINDOWS_PLACES
                .iter()
                .map(move |place| Path::new(&folder).join(place))
        });
    Ok(ON_PATH
        .iter()
        .flat_map(|name| on_path(name))
        .chain(STANDARD_PLACES.iter().map(PathBuf::from))
        .chain(windows)
        .filter(|browser| browser.is_file())
        .collect())
}

/// Named by a variable (CHROMEWEBDRIVER is a folder), on the PATH, or beside the browser.
fn search_driver(browser: &Path) -> Option<PathBuf> {
    let program = format!("chromedriver{}", env::consts::EXE_SUFFIX);
    let named = env::var_os("CHROMEDRIVER").map(PathBuf::from);
    let folder = env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join(&program));
    let beside = browser.parent().map(|folder| folder.join(&program));
    if is_edge(browser) {
        return None;
    }
    let wanted = version(browser).map(Version::major);
    named
        .into_iter()
        .chain(folder)
        .chain(on_path("chromedriver"))
        .chain(beside)
        .find(|driver| {
            // A driver speaks to browsers of its own major version only.
            version(driver)
                .is_some_and(|driver| wanted.is_none_or(|wanted| wanted == driver.major()))
        })
}

/// Edge has a driver of its own, which wasm-pack does not know.
fn is_edge(browser: &Path) -> bool {
    browser
        .file_name()
        .is_some_and(|name| name.to_string_lossy().to_lowercase().contains("edge"))
}

/// The version that a program prints. A browser on Windows prints none.
fn version(program: &Path) -> Option<Version> {
    if cfg!(windows) && !program.ends_with("chromedriver.exe") {
        return None;
    }
    Version::parse(&output(Command::new(program).arg("--version"))?)
}

/// The file that tells wasm-pack's test runner which browser to drive, and how.
pub(crate) fn webdriver_json(browser: &Path, folder: &Path) -> Result<PathBuf> {
    let file = folder.join("webdriver.json");
    let options = json!({ "goog:chromeOptions": { "binary": browser, "args": FLAGS } });
    fs::create_dir_all(folder)?;
    fs::write(&file, options.to_string())?;
    Ok(file)
}

/// Installs packages on Debian and Ubuntu where we may; elsewhere does nothing.
fn apt_install(packages: &[&str]) -> Result<()> {
    let root = output(Command::new("id").arg("-u")).is_some_and(|user| user == "0");
    if !root || on_path("apt-get").is_empty() {
        return Ok(());
    }
    say(&format!("Installing {} with apt", packages.join(" and ")));
    let advice = "Install Chrome or Chromium with its chromedriver yourself.";
    run(Command::new("apt-get").arg("update"), advice)?;
    run(
        Command::new("apt-get")
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
        advice,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edge_is_told_from_chrome() {
        assert!(
            STANDARD_PLACES
                .iter()
                .any(|place| is_edge(Path::new(place)))
        );
        assert!(is_edge(Path::new("/usr/bin/microsoft-edge-stable")));
        assert!(!is_edge(Path::new("/opt/edge/google-chrome")));
    }

    #[test]
    fn the_runner_is_told_the_browser_and_no_flag_that_loosens_it() {
        let folder = env::temp_dir().join(format!("iam-guardrails-{}", std::process::id()));
        let file = webdriver_json(Path::new("/a folder/chrome"), &folder).unwrap();
        let options: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        fs::remove_dir_all(folder).unwrap();
        let options = &options["goog:chromeOptions"];
        assert_eq!(options["binary"], "/a folder/chrome");
        let flags = options["args"].as_array().unwrap();
        assert!(flags.contains(&"disable-background-networking".into()));
        assert!(!flags.contains(&"disable-web-security".into()));
    }
}
