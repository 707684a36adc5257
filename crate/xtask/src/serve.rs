//! `cargo xtask serve`: builds the page and serves it to this machine.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::command::{run, say};
use crate::page;
use crate::tools::Tools;

/// The port that is tried first.
pub(crate) const PORT: u16 = 8731;
/// How many ports are tried.
const PORTS: u16 = 20;

/// The page is one file that brings its own Content-Security-Policy; these keep a browser from
/// guessing, from telling, and from keeping an old page.
const HEADERS: &[(&str, &str)] = &[
    ("Content-Type", "text/html; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// What the command line may say.
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) open: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: PORT,
            open: false,
        }
    }
}

/// Builds and serves until Ctrl-C.
pub(crate) fn serve(tools: &Tools, options: &Options) -> Result<()> {
    let file = page::build(tools, tools.root())?;
    let page = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;

    let listener = listen(options.port)?;
    let address = format!("http://{}/", listener.local_addr()?);
    let server = Server::from_listener(listener, None).map_err(|error| anyhow!(error))?;
    say(&format!("The page is at {address} (Ctrl-C ends it)"));
    if options.open {
        // Beside the server: some of these programs end only when the browser does.
        thread::spawn(move || open(&address));
    }
    for request in server.incoming_requests() {
        answer(request, &page);
    }
    Ok(())
}

/// The first free port from the given one on; this machine only.
fn listen(first: u16) -> Result<TcpListener> {
    for port in (first..=u16::MAX).take(PORTS.into()) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                say(&format!("Port {port} is taken: trying the next"));
            }
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("port {port} of 127.0.0.1 cannot be used; choose another with --port")
                });
            }
        }
    }
    bail!("{PORTS} ports from {first} on are taken; choose another with --port")
}

fn answer(request: Request, page: &[u8]) {
    let path = request.url().split(['?', '#']).next().unwrap_or_default();
    let (status, body) = match (request.method(), path) {
        (Method::Get | Method::Head, "/" | "/index.html") => (200, page),
        (_, "/" | "/index.html") => (405, &b"This page can only be read."[..]),
        _ => (404, &b"There is one page here, at /."[..]),
    };
    let mut response = Response::from_data(body).with_status_code(status);
    for (name, value) in HEADERS {
        if let Ok(header) = Header::from_bytes(*name, *value) {
            response.add_header(header);
        }
    }
    // Who has gone before the answer came does not miss it.
    let _ = request.respond(response);
}

/// Opens the address in the user's browser; where that fails, the address has been printed.
fn open(address: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let opened = run(
        Command::new(program).args(arguments).arg(address),
        "Open the address yourself.",
    );
    if let Err(error) = opened {
        say(&error.to_string());
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpStream};

    use super::*;

    /// Serves one request and returns the answer as it came.
    fn ask(request: &str) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let server = Server::from_listener(listener, None).unwrap();
        let answering =
            thread::spawn(move || answer(server.recv().unwrap(), b"<!doctype html>page"));
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        answering.join().unwrap();
        text
    }

    #[test]
    fn the_page_is_served_at_its_two_addresses() {
        for path in ["/", "/index.html", "/?from=bookmark"] {
            let answer = ask(&format!("GET {path}"));
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
            assert!(answer.ends_with("\r\n\r\n<!doctype html>page"), "{answer}");
            for (name, value) in HEADERS {
                assert!(
                    answer.contains(&format!("{name}: {value}\r\n")),
                    "no {name} in {answer}"
                );
            }
        }
    }

    #[test]
    fn nothing_else_is_served() {
        for path in [
            "/index.htm",
            "/../Cargo.toml",
            "/favicon.ico",
            "//index.html",
        ] {
            let answer = ask(&format!("GET {path}"));
            assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
            assert!(!answer.contains("page</"), "{answer}");
        }
        assert!(ask("POST /").starts_with("HTTP/1.1 405 "));
        assert!(ask("PUT /index.html").starts_with("HTTP/1.1 405 "));
    }

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = listen(28_731).unwrap();
        let next = listen(taken.local_addr().unwrap().port()).unwrap();
        assert!(next.local_addr().unwrap().port() > taken.local_addr().unwrap().port());
        assert!(next.local_addr().unwrap().ip().is_loopback());
    }
}
