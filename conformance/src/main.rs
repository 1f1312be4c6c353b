//! The program `counterproof`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A simulated payment is made of many small values that live briefly.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    counterproof::cli::main()
}
