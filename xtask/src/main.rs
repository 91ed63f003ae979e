//! The project's commands: `cargo xtask WORD [ARGUMENTS]`, one file per word under `words/`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to a terminal is its job")]

mod gates;
mod packages;
mod server;
mod setup;
mod shell;
mod site;
mod steps;
mod words;
mod workspace;

use std::process::ExitCode;

use words::WORDS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", help());
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(word) = WORDS.iter().find(|word| word.name == name) else {
        eprintln!("`{name}` is not a word xtask knows.\n\n{}", help());
        return ExitCode::from(2);
    };
    match (word.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\ncargo xtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("cargo xtask WORD\n\n");
    for word in WORDS {
        text += &format!("  {:<38} {}\n", format!("{} {}", word.name, word.arguments), word.help);
    }
    text
}
