//! The command line. Everything is in `retention_audit::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(retention_audit::cli::main())
}
