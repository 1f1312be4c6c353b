//! The program `counterproof`.

use std::process::ExitCode;

fn main() -> ExitCode {
    counterproof::cli::main()
}
