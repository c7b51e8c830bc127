//! `renraku-cli`: the engine without a window. With `--json` every command prints one document on
//! standard output and nothing else there; without it, words for a person.

mod command;
mod connect;
mod contacts;
mod error;
mod local;
mod login_start;
mod manual;
mod print;
mod progress;
mod review;
mod speech;
mod terminal;
mod told;
mod told_other;

use std::process::ExitCode;

use clap::Parser;
use command::Cli;
use speech::Speech;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output, mistakes to standard error, or into a document
            // where one was asked for.
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            match std::env::args_os().any(|argument| argument == "--json") {
                true => print::usage(&error.render().to_string()),
                false => drop(error.print()),
            }
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("RENRAKU_LOG")
                // What a person should know is said in sentences; this is for who looks for a cause.
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off")),
        )
        .init();
    renraku_engine::shut_memory();
    let mut speech = Speech::of_system(cli.json);
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("renraku-cli could not start: {error}");
                return ExitCode::from(1);
            }
        };
    let answer = runtime.block_on(command::carry_out(cli, &mut speech));
    // A thread that waits for a locked keychain or another run must not keep the process alive.
    runtime.shutdown_background();
    match answer {
        Ok(mut answer) => {
            if speech.json {
                // What is only said in words.
                command::strip(
                    &mut answer.document,
                    &["details", "differ", "outside", "needs_sign_in", "undo"],
                );
            }
            print::answer(&answer, &speech);
            ExitCode::from(answer.code)
        }
        Err(failure) => {
            print::failure(&failure, &speech);
            ExitCode::from(failure.exit_code())
        }
    }
}
