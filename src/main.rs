//! The program.

mod cli;

/// Roles are many small strings, which threads make and drop: the system's allocator takes a seventh more
/// memory for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main(std::env::args_os()).into()
}
