//! See the library of this package.

fn main() -> std::process::ExitCode {
    server::cli::run()
}
