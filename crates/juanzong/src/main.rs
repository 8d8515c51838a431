//! The program: reads the command line, opens the installation, calls use cases.
//!
//! Every command takes `--data DIR` and with `--json` prints one JSON document. A new
//! command is a file in `commands/` and an arm here.

mod commands;
mod output;
mod printer;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match commands::Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => return output::usage(&e),
    };
    output::logging();
    match commands::run(cli) {
        Ok(code) => code,
        Err(e) => output::failure(&e),
    }
}
