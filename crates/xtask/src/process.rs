//! Running programs, and knowing what they cost.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::ops::{Add, AddAssign};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// CPU time, of a program and everything it started and waited for.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Cpu(pub Duration);

impl Add for Cpu {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Cpu {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// A program about to run.
pub struct Program {
    command: Command,
    shown: String,
}

/// `program` in the workspace's folder, without what `cargo run` put into the environment for xtask itself:
/// some build scripts watch those variables, and would run anew after a cargo called by hand.
pub fn program(program: impl AsRef<OsStr>) -> Program {
    let mut command = Command::new(&program);
    command.current_dir(crate::workspace::root());
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        let for_this_crate = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if for_this_crate.iter().any(|prefix| name_text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    let shown = Path::new(&program).file_name().unwrap_or(program.as_ref()).to_string_lossy().into_owned();
    Program { command, shown }
}

pub fn cargo() -> Program {
    program("cargo")
}

impl Program {
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    pub fn args<S: AsRef<OsStr>>(self, args: impl IntoIterator<Item = S>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub fn dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs to the end; a failure is an error.
    pub fn run(self) -> Result<Cpu> {
        let shown = self.shown.clone();
        let (status, cpu) = self.run_to_end()?;
        succeeded(&shown, status)?;
        Ok(cpu)
    }

    /// Runs to the end, and leaves the verdict to the caller.
    pub fn run_to_end(mut self) -> Result<(ExitStatus, Cpu)> {
        self.command.stdin(Stdio::null());
        wait(self.start()?)
    }

    /// As [`Self::run_to_end`], with everything the program says in a file.
    pub fn run_logged(mut self, log: &Path) -> Result<(ExitStatus, Cpu)> {
        self.log_to(log)?;
        self.run_to_end()
    }

    /// Runs to the end, showing each line of its standard output and handing it over.
    pub fn run_lines(mut self, mut each: impl FnMut(&str)) -> Result<(ExitStatus, Cpu)> {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = self.start()?;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                each(&line);
            }
        }
        wait(child)
    }

    /// What the program prints; its own error text becomes ours.
    pub fn output(mut self) -> Result<String> {
        let output =
            self.command.stdin(Stdio::null()).output().with_context(|| format!("starting `{}`", self.shown))?;
        if !output.status.success() {
            bail!("`{}`: {}\n{}", self.shown, output.status, String::from_utf8_lossy(&output.stderr).trim_end());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs to the end and says nothing unless it fails.
    pub fn run_quietly(self) -> Result<()> {
        self.output().map(drop)
    }

    /// As [`Self::run_quietly`], with `input` on the standard input.
    pub fn run_with_input(mut self, input: &str) -> Result<()> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = self.start()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        succeeded(&self.shown, wait(child)?.0)
    }

    /// Starts the program, with everything it says in a file.
    pub fn start_logged(mut self, log: &Path) -> Result<Child> {
        self.log_to(log)?;
        self.command.stdin(Stdio::null());
        self.start()
    }

    fn log_to(&mut self, log: &Path) -> Result<()> {
        let file = File::create(log).with_context(|| format!("creating {}", log.display()))?;
        self.command.stdout(file.try_clone()?).stderr(file);
        Ok(())
    }

    pub fn start(&mut self) -> Result<Child> {
        self.command.spawn().with_context(|| format!("starting `{}`", self.shown))
    }

    /// Becomes the program: signals then reach it directly.
    #[cfg(unix)]
    pub fn replace_this_process(mut self) -> Result<()> {
        use std::os::unix::process::CommandExt;
        Err(self.command.exec()).with_context(|| format!("starting `{}`", self.shown))
    }

    #[cfg(not(unix))]
    pub fn replace_this_process(self) -> Result<()> {
        self.run().map(drop)
    }
}

pub fn succeeded(shown: &str, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { bail!("`{shown}`: {status}") }
}

/// The program `name`, if it is on the search path.
pub fn on_path(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Waits for a child and reads its account. Stages run side by side, so what all children cost together says too
/// little; a child that has ended but was not waited for still stands in /proc with the sum of its own descendants.
pub fn wait(mut child: Child) -> Result<(ExitStatus, Cpu)> {
    let mut cpu = Cpu::default();
    while let Some(account) = Account::of(&child.id().to_string()) {
        if account.ended {
            cpu = account.own + account.children;
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok((child.wait()?, cpu))
}

/// What Linux keeps about a process. Nothing is known on other systems.
pub struct Account {
    ended: bool,
    /// What the process itself used.
    pub own: Cpu,
    /// What its ended children used.
    pub children: Cpu,
    /// How long it has existed.
    pub age: Duration,
}

impl Account {
    /// `pid`: a number, or `self`.
    pub fn of(pid: &str) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in parentheses, may hold anything: the fields are counted from behind it.
        let fields: Vec<&str> = stat.get(stat.rfind(')')? + 1..)?.split_whitespace().collect();
        let ticks = |index: usize| Some(from_ticks(fields.get(index)?.parse().ok()?));
        let uptime: f64 = fs::read_to_string("/proc/uptime").ok()?.split_whitespace().next()?.parse().ok()?;
        Some(Self {
            ended: *fields.first()? == "Z",
            own: Cpu(ticks(11)? + ticks(12)?),
            children: Cpu(ticks(13)? + ticks(14)?),
            age: Duration::from_secs_f64(uptime).saturating_sub(ticks(19)?),
        })
    }
}

/// Linux shows times to programs in hundredths of a second on every architecture Rust has.
fn from_ticks(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_charged_for_its_own_children() {
        let burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        let (status, cpu) = program("sh").args(["-c", &format!("sh -c '{burn}'; exit 3")]).run_to_end().unwrap();
        assert_eq!(status.code(), Some(3));
        assert!(cfg!(not(target_os = "linux")) || cpu.0 > Duration::from_millis(20), "{cpu:?}");
    }
}
