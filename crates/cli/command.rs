//! The commands, each one call of the engine.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use renraku_engine::api::{ContactState, DataCentre, Outcome, Runs};
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::message::Message;
use renraku_engine::{Endpoints, Engine, FailureCode, GivenClients, Options, SignInAs, held};
use serde::Serialize;
use serde_json::{Value, json};

use crate::connect;
use crate::contacts;
use crate::error::CommandError;
use crate::local::{data_dir, read_setup, sandbox, support};
use crate::login_start;
use crate::manual;
use crate::progress::Follower;
use crate::review;
use crate::speech::Speech;

/// Keeps Zoho CRM and Google Contacts in step, from your own computer.
#[derive(Debug, Parser)]
#[command(name = "renraku-cli", version)]
pub(crate) struct Cli {
    /// Print one JSON document.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Service {
    Zoho,
    Google,
}

impl Service {
    fn side(self) -> Side {
        match self {
            Service::Zoho => Side::Zoho,
            Service::Google => Side::Google,
        }
    }
}

#[derive(Debug, Args)]
struct Named {
    /// The contact, as `contacts` names it.
    contact: String,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Log in to a service in the browser.
    Connect {
        service: Service,
        /// Print the address to open instead of opening a browser.
        #[arg(long)]
        no_browser: bool,
        /// Zoho only: print an address and a code to type there, in a browser on any device.
        #[arg(long, conflicts_with = "no_browser")]
        code: bool,
        /// Zoho only: the data centre where the client is registered, where nothing else says it.
        #[arg(long, value_parser = data_centre)]
        data_centre: Option<DataCentre>,
        /// Zoho only: sign in without PKCE, which a client of the type “Server-based” may refuse on an
        /// error page that never comes back; remembered.
        #[arg(long)]
        without_pkce: bool,
        /// Take another account than the one that is connected, if that is what signs in.
        #[arg(long)]
        other_account: bool,
    },
    /// Where the OAuth clients come from; FILE takes an organisation's file in.
    Clients { file: Option<PathBuf> },
    /// Log out: revokes the token at the service and forgets it here.
    Disconnect { service: Service },
    /// Forget everything on this computer: sign-ins, settings, history and the copies of the contacts.
    Forget {
        /// Do it; without this, it is only told what would go.
        #[arg(long)]
        yes: bool,
    },
    /// For how many days the history and the copies of deleted contacts are kept; DAYS sets it, 0 is for
    /// ever.
    Retention {
        #[arg(value_parser = clap::value_parser!(u32).range(..=i64::from(Engine::LONGEST_RETENTION)))]
        days: Option<u32>,
    },
    /// Who is connected, with which rights.
    Accounts,
    /// Both sides' fields of a module, and which can be mapped to which.
    Fields {
        #[arg(value_parser = module)]
        module: Module,
    },
    /// A module's custom views and the Google labels.
    Scopes {
        #[arg(value_parser = module)]
        module: Module,
    },
    /// Every contact on either side, with its state and the reason.
    Contacts {
        #[arg(value_parser = module)]
        module: Option<Module>,
        /// Part of a name, e-mail address, phone number or company, or an id.
        #[arg(long, default_value = "")]
        find: String,
        /// Only those in this state.
        #[arg(long, value_parser = contacts::state)]
        state: Option<ContactState>,
    },
    /// The two that a contact pairs are not the same person; each is one of its own from now on.
    Separate(Named),
    /// End a contact's pair; both stay as they are, and neither is created again.
    Unlink(Named),
    /// Take a contact up again that was left out, unlinked, kept or left aside.
    Resume(Named),
    /// Leave a contact out of the sync until it is taken up again.
    LeaveOut(Named),
    /// Save both sides' contacts as files in a folder, as of the last reading.
    Export {
        dir: PathBuf,
        #[arg(long, value_enum, default_value = "vcard")]
        form: contacts::Form,
    },
    /// Create or replace a module's sync from a setup file.
    Setup { file: PathBuf },
    /// The configured syncs.
    Syncs,
    /// What a run would write; writes nothing anywhere.
    Preview {
        #[arg(value_parser = module)]
        module: Option<Module>,
    },
    /// Run now; with no module, all that are turned on.
    Sync {
        #[arg(value_parser = module)]
        module: Option<Module>,
        /// Approve, for this run only, whatever a guard holds.
        #[arg(long)]
        approve_held: bool,
    },
    /// What waits for you.
    Review {
        #[arg(value_parser = module)]
        module: Option<Module>,
    },
    /// Decide one review item.
    Resolve { item: String, choice: String },
    /// The runs; with --run, what one of them wrote.
    History {
        #[arg(long)]
        run: Option<u32>,
    },
    /// Undo a run, or what it wrote to one contact.
    Undo {
        run: u32,
        /// The contact, as `contacts` names it, or its id as `history --run` shows it.
        #[arg(long)]
        contact: Option<String>,
        /// Show what it would do, and write nothing.
        #[arg(long)]
        preview: bool,
    },
    /// Turn a sync on.
    Enable {
        #[arg(value_parser = module)]
        module: Module,
    },
    /// Turn a sync off; its links stay.
    Disable {
        #[arg(value_parser = module)]
        module: Module,
    },
    /// Save a file for somebody who helps: how things stand, in counts and states, with no contact, account
    /// or folder in it.
    Support { file: PathBuf },
    /// Print what completes this command's words in a shell.
    Completions { shell: Shell },
    /// Write the manual's pages into a folder.
    Man { dir: PathBuf },
    /// Serve the built-in stand-ins of Google and Zoho until stopped.
    Sandbox {
        /// The first port; a free one without it.
        #[arg(long)]
        port: Option<u16>,
        /// People to begin with, as JSON.
        #[arg(long)]
        data: Option<PathBuf>,
    },
}

fn module(name: &str) -> Result<Module, String> {
    Module::parse(name)
        .ok_or_else(|| "there are the modules Contacts, Leads and Vendors".to_owned())
}

fn data_centre(name: &str) -> Result<DataCentre, String> {
    DataCentre::named(name).ok_or_else(|| {
        let names = DataCentre::ALL.map(DataCentre::name);
        format!("there are the data centres {}", names.join(", "))
    })
}

/// What a command answers, the exit code, and what helps a person to go on.
pub(crate) struct Answer {
    pub(crate) document: Value,
    pub(crate) code: u8,
    pub(crate) next: Vec<Message>,
}

pub(crate) fn done(document: impl Serialize) -> Result<Answer, CommandError> {
    let document = serde_json::to_value(document).map_err(|error| {
        let said = Message::new("error-unexpected").with("detail", error);
        CommandError::new(FailureCode::Failed, said)
    })?;
    Ok(Answer { document, code: 0, next: Vec::new() })
}

/// As [`done`], with the documented keys alone: without these, which only the window shows.
pub(crate) fn told(document: impl Serialize, without: &[&str]) -> Result<Answer, CommandError> {
    let mut answer = done(document)?;
    strip(&mut answer.document, without);
    Ok(answer)
}

/// Takes these keys out, wherever they are.
pub(crate) fn strip(value: &mut Value, keys: &[&str]) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !keys.contains(&key.as_str()));
            map.values_mut().for_each(|value| strip(value, keys));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| strip(value, keys)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn accounts(engine: &Engine) -> Result<Answer, CommandError> {
    let accounts = engine.accounts()?;
    warn(&accounts.zoho.warning);
    told(accounts, &["warning"])
}

/// Says beside the answer, on standard error, what the person should know.
pub(crate) fn warn<'a>(sentences: impl IntoIterator<Item = &'a String>) {
    for sentence in sentences {
        eprintln!("{}", crate::terminal::sentence(sentence));
    }
}

fn syncs(engine: &Engine) -> Result<Answer, CommandError> {
    told(json!({"syncs": engine.syncs()?}), &["frequency_minutes", "held", "linked", "message"])
}

fn runs(runs: impl Serialize, code: u8) -> Result<Answer, CommandError> {
    Ok(Answer { code, ..told(runs, &["failure", "matches", "differences", "stopped"])? })
}

/// The exit code where one of the runs failed, else 0.
fn failed(runs: &Runs) -> u8 {
    u8::from(runs.runs.iter().any(|run| run.outcome == Outcome::Failed))
}

/// The first Ctrl-C stops a run cleanly, after the batch in flight; the second stops at once. What was
/// interrupted like that is settled by the next run.
fn stop_on_ctrl_c(engine: &Engine, speech: &Speech) {
    let engine = engine.clone();
    let stopping = speech.tell(&Message::new("cli-stopping"));
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("{stopping}");
            engine.stop();
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
}

/// Carries a command out. What is said follows the language that the engine knows, once it is open.
pub(crate) async fn carry_out(cli: Cli, speech: &mut Speech) -> Result<Answer, CommandError> {
    // What needs neither accounts nor a database.
    if let Command::Sandbox { port, data } = cli.command {
        return sandbox(port, data, speech).await;
    }
    if let Command::Completions { shell } = cli.command {
        return manual::completions(shell);
    }
    if let Command::Man { dir } = cli.command {
        return manual::pages(&dir);
    }
    let engine = Engine::open(Options {
        data_dir: data_dir()?,
        endpoints: Endpoints::from_env()?,
        clients: GivenClients::from_env(),
    })?;
    speech.follow(&engine);
    warn(&engine.notice()?);
    engine.settle_in().await;
    // Told on standard error for as long as the command works.
    let follower = Follower::of(&engine);
    let answer = ask(&engine, cli.command, speech).await;
    drop(follower);
    speech.labels = engine.field_labels();
    answer
}

/// Asks the engine what a command asks.
async fn ask(engine: &Engine, command: Command, speech: &Speech) -> Result<Answer, CommandError> {
    match command {
        Command::Connect {
            service,
            no_browser,
            code,
            data_centre,
            without_pkce,
            other_account,
        } => {
            let said =
                SignInAs { data_centre, without_pkce, suggested: Some(connect::suggested()) };
            let wanted = connect::Wanted { no_browser, code, said, other_account };
            connect::connect(engine, service.side(), wanted, speech).await
        }
        Command::Clients { file } => {
            let clients = match file {
                None => engine.clients()?,
                Some(file) => engine.take_client_file_at(&file).await?,
            };
            connect::clients(clients)
        }
        Command::Disconnect { service } => {
            engine.disconnect(service.side()).await?;
            accounts(engine)
        }
        // As whatever waits for the person: 3.
        Command::Forget { yes: false } => {
            let starts = login_start::is_on(&data_dir()?);
            let answer = done(json!({"would_go": engine.kept_here(starts)?}))?;
            Ok(Answer { code: 3, ..answer })
        }
        Command::Forget { yes: true } => {
            let folder = data_dir()?;
            let end = || login_start::end(&folder);
            let end: Option<&(dyn Fn() -> bool + Sync)> =
                if login_start::is_on(&folder) { Some(&end) } else { None };
            let forgotten = engine.forget_everything(end).await?;
            let code = u8::from(!forgotten.left.is_empty());
            Ok(Answer { code, ..done(forgotten)? })
        }
        Command::Retention { days } => {
            if let Some(days) = days {
                engine.set_retention(days)?;
            }
            done(json!({"retention_days": engine.retention()?}))
        }
        Command::Accounts => {
            warn(&connect::without_token(engine).await?);
            accounts(engine)
        }
        Command::Fields { module } => done(engine.fields(module).await?),
        Command::Scopes { module } => done(engine.scopes(module).await?),
        Command::Setup { file } => {
            let setup = read_setup(&file)?;
            let module = setup.module;
            engine.setup(setup).await?;
            // Who sets a sync up wants it on.
            engine.set_enabled(module, true)?;
            syncs(engine)
        }
        Command::Syncs => syncs(engine),
        Command::Preview { module } => {
            let plans = engine.preview(module).await?;
            let (code, next) = (failed(&plans), review::next(&plans.runs));
            Ok(Answer { next, ..runs(plans, code)? })
        }
        Command::Sync { module, approve_held } => {
            stop_on_ctrl_c(engine, speech);
            let done = engine.sync(module, approve_held).await?;
            let code = match failed(&done) {
                0 => u8::from(held(&done)) * 3,
                failed => failed,
            };
            let next = review::next(&done.runs);
            Ok(Answer { next, ..runs(done, code)? })
        }
        Command::Review { module } => review::open(engine, module, !speech.json),
        Command::Resolve { item, choice } => {
            engine.resolve(&[&item], &choice)?;
            review::open(engine, None, !speech.json)
        }
        Command::History { run: None } => runs(engine.history()?, 0),
        Command::History { run: Some(run) } => done(engine.changes(run)?),
        Command::Undo { run, contact, preview } => {
            stop_on_ctrl_c(engine, speech);
            let run = match preview {
                true => engine.undo_preview(run, contact.as_deref()).await?,
                false => engine.undo(run, contact.as_deref()).await?,
            };
            let code = match run.outcome {
                // What was left waits for the person.
                Outcome::Partial if run.review > 0 => 3,
                Outcome::Completed | Outcome::Partial => 0,
                Outcome::Held => 3,
                Outcome::Failed => 1,
            };
            let next = if preview { Vec::new() } else { review::next(std::slice::from_ref(&run)) };
            Ok(Answer { next, ..runs(json!({"runs": [run]}), code)? })
        }
        Command::Contacts { module, find, state } => contacts::list(engine, module, find, state),
        Command::Separate(Named { contact: named }) => {
            engine.separate_contact(&named).await?;
            contacts::one(engine, &named)
        }
        Command::Unlink(Named { contact: named }) => {
            engine.unlink(&named).await?;
            contacts::one(engine, &named)
        }
        Command::Resume(Named { contact: named }) => {
            engine.take_up(&[&named]).await?;
            contacts::one(engine, &named)
        }
        Command::LeaveOut(Named { contact: named }) => {
            engine.leave_out(&[&named]).await?;
            contacts::one(engine, &named)
        }
        Command::Export { dir, form } => contacts::export(engine, &dir, form),
        Command::Enable { module } => {
            engine.set_enabled(module, true)?;
            syncs(engine)
        }
        Command::Disable { module } => {
            engine.set_enabled(module, false)?;
            syncs(engine)
        }
        Command::Support { file } => support(engine, &file),
        Command::Sandbox { .. } | Command::Completions { .. } | Command::Man { .. } => {
            done(Value::Null)
        }
    }
}
