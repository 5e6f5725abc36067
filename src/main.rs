//! Parse, run one command, say what went wrong.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match cli::parse(std::env::args_os()) {
        Ok(args) => args,
        Err(refusal) => return refusal.print(),
    };
    let printer = cli::Printer::new(args.global.volume());
    match cli::run(args, &printer) {
        Ok(code) => code.into(),
        // The reader went away (`| head`): it has what it wanted.
        Err(error) if cli::is_broken_pipe(&error) => cli::ExitCode::Success.into(),
        Err(error) => {
            printer.error(&error, cli::hint(&error).as_deref());
            cli::ExitCode::of(&error).into()
        }
    }
}
