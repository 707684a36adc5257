//! The development commands: one file a task.

mod bench;
mod browser;
mod command;
mod page;
mod serve;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use lexopt::prelude::*;

use crate::tools::Tools;

const HELP: &str = "\
The development commands of iam-guardrails. What they need and is not there, they install.

cargo xtask serve [--open] [--port N]
    Build the engine and the page, and serve the page on 127.0.0.1 until Ctrl-C.
    --open     open it in the browser
    --port N   the port to try first (8731 unless given)

cargo xtask test [--only NAME]... [--list]
    Run every check and every test.
    --only NAME   run this step only; may be given several times
    --list        list the steps

cargo xtask bench
    Measure how fast the engine is, on this machine and in WebAssembly.";

/// What the command line asks for.
enum Task {
    Help,
    Serve(serve::Options),
    ListSteps,
    Test { only: Vec<String> },
    Bench,
}

fn main() -> ExitCode {
    match parse(lexopt::Parser::from_env()).and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Help => println!("{HELP}"),
        Task::Serve(options) => serve::serve(&Tools::new(), &options)?,
        Task::ListSteps => test::list(),
        Task::Test { only } => return test::test(&Tools::new(), &only),
        Task::Bench => bench::bench(&Tools::new())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn parse(mut arguments: lexopt::Parser) -> anyhow::Result<Task> {
    let task = match arguments.next()? {
        Some(Value(name)) => name.string()?,
        Some(Short('h') | Long("help")) | None => return Ok(Task::Help),
        Some(other) => return Err(other.unexpected().into()),
    };
    match task.as_str() {
        "help" => Ok(Task::Help),
        "serve" => {
            let mut options = serve::Options::default();
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("open") => options.open = true,
                    Long("port") => {
                        options.port = arguments
                            .value()?
                            .parse()
                            .ok()
                            .context("`--port` takes a number from 0 to 65535")?;
                    }
                    Short('h') | Long("help") => return Ok(Task::Help),
                    other => return Err(other.unexpected().into()),
                }
            }
            Ok(Task::Serve(options))
        }
        "test" => {
            let mut only = Vec::new();
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("only") => only.push(arguments.value()?.string()?),
                    Long("list") => return Ok(Task::ListSteps),
                    Short('h') | Long("help") => return Ok(Task::Help),
                    other => return Err(other.unexpected().into()),
                }
            }
            Ok(Task::Test { only })
        }
        "bench" => match arguments.next()? {
            None => Ok(Task::Bench),
            Some(Short('h') | Long("help")) => Ok(Task::Help),
            Some(other) => Err(other.unexpected().into()),
        },
        unknown => bail!("there is no task `{unknown}`\n\n{HELP}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(arguments: &[&str]) -> anyhow::Result<Task> {
        parse(lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn serve_takes_a_port_and_open() {
        let Ok(Task::Serve(options)) = task(&["serve", "--port", "9000", "--open"]) else {
            panic!("not a serve task");
        };
        assert_eq!((options.port, options.open), (9000, true));
        let Ok(Task::Serve(options)) = task(&["serve"]) else {
            panic!("not a serve task");
        };
        assert_eq!((options.port, options.open), (serve::PORT, false));
    }

    #[test]
    fn test_takes_several_steps() {
        let Ok(Task::Test { only }) = task(&["test", "--only", "format", "--only=docs"]) else {
            panic!("not a test task");
        };
        assert_eq!(only, ["format", "docs"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for wrong in [
            &["build"][..],
            &["serve", "--port", "70000"],
            &["serve", "here"],
            &["test", "--quick"],
            &["test", "--only"],
            &["bench", "quickly"],
            &["--version"],
        ] {
            assert!(task(wrong).is_err(), "{wrong:?} was accepted");
        }
    }
}
