//! The command-line twin: arguments, files from disk, threads. Everything it says is computed by the same core as the page.

mod bench;
mod commands;
mod files;
mod laboratory;
mod quality;
mod rsmf;
mod sections;
mod volume;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Shows which channels carry the work, what is missing from the archive, and which leavers hold client conversations.
/// Reads exports from disk; nothing leaves this machine.
#[derive(Parser)]
#[command(name = "audit", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the formats that are read and what each can prove
    Formats {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Says which format each file is
    Detect {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Reads files and prints the ledger: what became of every record
    Import {
        #[command(flatten)]
        input: InputArgs,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Prints every message of the merged dataset, one JSON line each
    Messages {
        #[command(flatten)]
        input: InputArgs,
        /// As JSON lines (the only form)
        #[arg(long)]
        jsonl: bool,
        /// Reads the records again and prints them as written; private conversations stay closed, and without --people and --clients
        /// all that are not known to be work
        #[arg(long)]
        with_text: bool,
        /// With --with-text: opens conversations that the lists do not decide, never those known to be private
        #[arg(long, requires = "with_text")]
        open_undecided: bool,
        #[command(flatten)]
        lists: ListArgs,
    },
    /// The whole audit: channels, coverage, gaps, leavers, findings
    Run(Box<RunArgs>),
    /// Reads files and writes one batch (no text in it), accepted wherever a file is
    Batch {
        #[command(flatten)]
        input: InputArgs,
        /// Batch to write
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Writes a range of one conversation as RSMF 2.0, for review; the text is read again from the files
    Rsmf(Box<RsmfArgs>),
    /// Writes a synthetic firm: exports, lists, matter.toml, and truth.json with what was planted
    Sample {
        /// Folder to write to
        dir: PathBuf,
        /// Seed; the same seed writes the same bytes
        #[arg(long, default_value_t = crate::sample::DEFAULT_SEED)]
        seed: u64,
        /// About how many messages
        #[arg(long, default_value_t = crate::sample::DEFAULT_MESSAGES)]
        messages: usize,
        /// With nothing taken out: what an audit finds missing here, exports lack by nature
        #[arg(long)]
        complete: bool,
    },
    /// Prints a sheet made from the settings of a matter: a notice for employees, or what a works council needs to know
    #[command(group = clap::ArgGroup::new("readers").required(true).args(["employees", "council"]))]
    Notice {
        /// matter.toml
        #[arg(long)]
        matter: Option<PathBuf>,
        /// One page for everybody whose messages may be in the archive
        #[arg(long)]
        employees: bool,
        /// With every setting, for the works council
        #[arg(long)]
        council: bool,
        /// Plain text instead of an HTML page to print
        #[arg(long)]
        text: bool,
    },
    /// Measures detection on planted truth: writes nothing, prints a table
    #[command(hide = true)]
    Quality {
        /// Number of firms, seeds 1 to N
        #[arg(long, default_value_t = 3)]
        firms: u64,
        /// About how many messages each
        #[arg(long, default_value_t = crate::sample::DEFAULT_MESSAGES)]
        messages: usize,
        /// Streams of the laboratory in each of its cells; 0 leaves it out
        #[arg(long, default_value_t = 60)]
        streams: usize,
        /// Seed of the laboratory
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Every firm and stream, with what was missed and what was wrong
        #[arg(long)]
        each: bool,
        /// Measures nothing: works out the weights of the confidence of silences on so many laboratories, of this seed and the next ones
        #[arg(long)]
        fit: Option<u64>,
    },
    /// Writes a benchmark corpus, or all of them
    #[command(hide = true)]
    Corpus {
        /// Word of a corpus, or all
        kind: String,
        /// File to write; for all a folder
        file: PathBuf,
        /// Number of messages, else that of the corpus; for all only of those compared with other programs
        #[arg(long)]
        messages: Option<usize>,
        /// Seed; the same seed writes the same bytes
        #[arg(long, default_value_t = crate::sample::DEFAULT_SEED)]
        seed: u64,
    },
    /// Measures the readers on the corpora of a folder
    #[command(hide = true)]
    Bench {
        /// Folder with the corpora
        dir: PathBuf,
        /// One corpus only
        #[arg(long)]
        only: Option<String>,
    },
    /// Measures the answers over 500 custodians, 12 channels and 6 years
    #[command(hide = true)]
    Volume {
        /// Messages; without it 0.1, 1 and 10 million
        #[arg(long)]
        messages: Option<usize>,
        /// Writes it as a saved matter into this folder, for the browser, and measures nothing
        #[arg(long)]
        write: Option<PathBuf>,
    },
}

/// Files and what is stated about them.
#[derive(Args)]
pub struct InputArgs {
    /// Files and folders
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Zone of times as written (IANA name)
    #[arg(long)]
    zone: Option<String>,
    /// Order of day and month in written dates
    #[arg(long, value_parser = ["dmy", "mdy", "ymd"])]
    date_order: Option<String>,
    /// Handle of the owner of the exports
    #[arg(long)]
    owner: Option<String>,
}

/// What a person supplies besides the exports. Lists among the files are found by themselves; what is named here goes before them.
#[derive(Args)]
pub struct ListArgs {
    /// matter.toml
    #[arg(long)]
    matter: Option<PathBuf>,
    /// Employees: CSV, XLSX, ODS, LDIF, SCIM or Graph JSON
    #[arg(long)]
    people: Option<PathBuf>,
    /// Clients: CSV, XLSX, ODS, vCards
    #[arg(long)]
    clients: Option<PathBuf>,
    /// Leave: CSV, XLSX, ODS, ICS
    #[arg(long)]
    leave: Option<PathBuf>,
    /// Public holidays: CSV, XLSX, ODS, ICS
    #[arg(long)]
    holidays: Option<PathBuf>,
    /// expected.csv
    #[arg(long)]
    expected: Option<PathBuf>,
}

#[derive(Args)]
struct RunArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    lists: ListArgs,
    /// Day of the question; default: the latest time in the sources
    #[arg(long)]
    as_of: Option<String>,
    /// First day
    #[arg(long)]
    from: Option<String>,
    /// Last day
    #[arg(long)]
    to: Option<String>,
    /// Retention preset
    #[arg(long)]
    preset: Option<String>,
    /// Print JSON (default)
    #[arg(long, conflicts_with_all = ["html", "csv"])]
    json: bool,
    /// Print one self-contained HTML page
    #[arg(long, conflicts_with = "csv")]
    html: bool,
    /// Write CSV tables into this folder
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
}

#[derive(Args)]
struct RsmfArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    lists: ListArgs,
    /// The conversation: its key or its title, with the channel in front if several have the same (whatsapp/Desk)
    #[arg(long)]
    conversation: String,
    /// First day
    #[arg(long)]
    from: Option<String>,
    /// Last day
    #[arg(long)]
    to: Option<String>,
    /// File to write (.rsmf), or a folder for slices of ten thousand events
    #[arg(short, long)]
    out: PathBuf,
    /// Opens a conversation that the lists do not decide, never one known to be private
    #[arg(long)]
    open_undecided: bool,
}

/// Something that ends the program: a sentence and the exit code.
pub struct Stop {
    /// For the person.
    pub sentence: String,
    /// 2: input could not be read; 3: usage.
    pub code: u8,
}

impl Stop {
    fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 3 }
    }
    fn input(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 2 }
    }
}

/// Runs the command line; returns the exit code: 0 nothing found, 1 findings, 2 some input could not be read, 3 usage.
#[must_use]
pub fn main() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { 3 } else { 0 };
        }
    };
    let done = match cli.command {
        Command::Formats { json } => commands::formats(json),
        Command::Detect { files, json } => commands::detect(&files, json),
        Command::Import { input, json } => commands::import(&input, json),
        Command::Messages { input, jsonl: _, with_text, open_undecided, lists } => commands::messages(&input, &lists, with_text, open_undecided),
        Command::Run(args) => commands::run(&args),
        Command::Batch { input, output } => commands::batch(&input, &output),
        Command::Rsmf(args) => rsmf::write(&args),
        Command::Sample { dir, seed, messages, complete } => commands::sample(&dir, seed, messages, complete),
        Command::Notice { matter, employees, council: _, text } => commands::notice(matter.as_deref(), employees, text),
        Command::Corpus { kind, file, messages, seed } => bench::corpus(&kind, &file, messages, seed),
        Command::Bench { dir, only } => bench::bench(&dir, only.as_deref()),
        Command::Volume { messages, write } => volume::volume(messages, write.as_deref()),
        Command::Quality { streams, seed, each, fit: Some(seeds), .. } => quality::fit(streams, seed..seed.saturating_add(seeds), each),
        Command::Quality { firms, messages, streams, seed, each, fit: None } => quality::quality(quality::Asked { firms, messages, streams, seed, each }),
    };
    match done {
        Ok(code) => code,
        Err(stop) => {
            eprintln!("{}", stop.sentence);
            stop.code
        }
    }
}
