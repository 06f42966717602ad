//! Full or read-only disks, unreadable folders: one error sentence, and the previous generation stays in service.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use rex_tests::{Ran, Server, Site, made};

use crate::client::{self, extent, figure};

#[test]
fn a_full_disk_is_said_and_the_generation_before_is_served() {
    full_disk(extent(6, 60));
}

fn full_disk(steps: u64) {
    let site = Site::shipped();
    let place = Namespace::of(&site, "mount -t tmpfs -o size=24m none index");
    let begun = Instant::now();
    let built = place.run(&["index"]);
    let length = begun.elapsed();
    assert_eq!(built.code(), Some(0), "{built:?}");
    let mut chance = fastrand::Rng::with_seed(5);
    let mut before = client::assert_current_is_complete(&place.index());
    let (mut refused, mut done) = (0, 0);
    for step in 0..steps {
        site.write("corpus/contrats.jsonl", made::lines(made::records(200 + step as usize)));
        let left = step * 3_000_000 / steps;
        let ran = if step.is_multiple_of(2) {
            place.fill(left);
            place.run(&["index"])
        } else {
            // There was space when the build began.
            let mut build = place.command(&["index"]);
            let build = build
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("nsenter runs");
            std::thread::sleep(length.mul_f64(chance.f64()));
            place.fill(left / 10);
            Ran::from(build.wait_with_output().expect("a build that ended"))
        };
        let after = client::assert_current_is_complete(&place.index());
        if ran.code() == Some(0) {
            done += 1;
        } else {
            refused += 1;
            assert_is_refusal(&ran);
            assert_eq!(after, before, "with {left} bytes left");
            assert_serves(place.serve(&[]), &before.name);
        }
        place.empty();
        let ran = place.run(&["index"]);
        assert_eq!(ran.code(), Some(0), "{ran:?}");
        before = client::assert_current_is_complete(&place.index());
        assert!(
            !client::names(&place.index())
                .iter()
                .any(|name| name.contains("building")),
            "a build is left"
        );
    }
    assert!(refused > 0, "the disk was never full");
    figure(format_args!(
        "disk full: {refused} builds refused, {done} done all the same, as {steps} disks from 0 to 3 MB allow"
    ));
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_served() {
    let site = Site::shipped();
    let built = client::build(&site);
    let place = Namespace::of(&site, "mount --bind index index && mount -o remount,bind,ro index");
    assert_serves(place.serve(&[]), &built.name);
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    assert_is_refusal(&place.run(&["index"]));
    assert_serves(place.serve(&[]), &built.name);
    let ran = place.run(&["search", "bambou"]);
    assert_eq!((ran.code(), ran.stderr().lines().count()), (Some(0), 1), "{ran:?}");
}

#[test]
fn an_index_folder_of_another_user_is_said_and_served() {
    let site = Site::shipped();
    let built = client::build(&site);
    let stranger = Stranger::of(&site);
    stranger.close(&client::index_of(&site), 0o555);
    assert_serves(
        Server::start(stranger.command(&["serve", "--addr", "127.0.0.1:0"])),
        &built.name,
    );
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    assert_is_refusal(&stranger.run(&["index"]));
    assert_serves(
        Server::start(stranger.command(&["serve", "--addr", "127.0.0.1:0"])),
        &built.name,
    );
    stranger.close(&client::index_of(&site), 0o000);
    assert_is_refusal(&stranger.run(&["index"]));
    assert_is_refusal(&stranger.run(&["serve", "--addr", "127.0.0.1:0"]));
    stranger.close(&client::index_of(&site), 0o755);
    client::build(&site);
}

#[test]
fn a_corpus_that_cannot_be_read_is_said_and_the_generation_before_is_served() {
    let site = Site::shipped();
    let built = client::build(&site);
    let stranger = Stranger::of(&site);
    stranger.give(&client::index_of(&site));
    let case = site.path().join("corpus/toulouse-ramassage-cartons.md");
    for (path, lines) in [(case, 2), (site.path().join("corpus"), 1)] {
        let open = fs::metadata(&path).expect("a corpus").permissions();
        stranger.close(&path, 0o000);
        let ran = stranger.run(&["index"]);
        // An unreadable case is listed like any other problem, and counted in the sentence after the list.
        assert!(
            matches!(ran.code(), Some(1 | 3)) && ran.stderr().lines().count() == lines,
            "{ran:?}"
        );
        assert!(
            ran.stderr().contains("ermission") && !ran.stderr().contains("panicked at"),
            "{ran:?}"
        );
        assert_eq!(client::assert_index_is_sound(&site), built);
        assert_serves(
            Server::start(stranger.command(&["serve", "--addr", "127.0.0.1:0"])),
            &built.name,
        );
        fs::set_permissions(&path, open).expect("a folder to open again");
    }
    fs::rename(site.path().join("corpus"), site.path().join("elsewhere")).expect("a folder to move");
    assert_is_refusal(&site.run(&["index"]));
    assert_serves(
        Server::start(site.command(&["serve", "--addr", "127.0.0.1:0"])),
        &built.name,
    );
}

/// Checks for one error sentence, and its exit code.
fn assert_is_refusal(ran: &Ran) {
    assert!(matches!(ran.code(), Some(1 | 3)), "{ran:?}");
    let said = ran.stderr();
    assert!(
        said.starts_with("rex: ") && said.lines().count() == 1,
        "not one sentence: {said}"
    );
    assert!(!said.contains("panicked at"), "{said}");
}

fn assert_serves(server: Result<Server, impl std::fmt::Debug>, generation: &str) {
    let server = server.unwrap_or_else(|ended| panic!("rex does not serve: {ended:?}"));
    assert_eq!(server.search("q=bambou")["generation"], generation);
    let said: Vec<_> = server
        .said()
        .into_iter()
        .filter(|line| !line.contains(" INFO "))
        .collect();
    assert!(said.len() <= 3 && !said.concat().contains("panicked at"), "{said:?}");
}

/// A mount namespace with another file system on the index folder; only commands run in it see that.
struct Namespace<'a> {
    site: &'a Site,
    holder: Child,
    id: String,
}

impl<'a> Namespace<'a> {
    /// Runs a mount script in the folder of a site.
    fn of(site: &'a Site, script: &str) -> Self {
        fs::create_dir_all(client::index_of(site)).expect("a folder");
        let options: &[&str] = if is_root() {
            &["--mount"]
        } else {
            &["--mount", "--user", "--map-root-user"]
        };
        let holder = Command::new("unshare")
            .args(options)
            .args(["sh", "-c", &format!("{script} && echo ready && exec sleep 3600")])
            .current_dir(site.path())
            .stdout(Stdio::piped())
            .spawn();
        let mut holder = holder.unwrap_or_else(|error| panic!("unshare (of util-linux) cannot run: {error}"));
        let mut line = String::new();
        let mut said = BufReader::new(holder.stdout.take().expect("a pipe"));
        said.read_line(&mut line).expect("a pipe to read");
        assert_eq!(
            line, "ready\n",
            "nothing can be mounted here: allow user namespaces, or run this as root"
        );
        let id = holder.id().to_string();
        Self { site, holder, id }
    }

    /// The index folder, as seen in the namespace.
    fn index(&self) -> PathBuf {
        let folder = client::index_of(self.site);
        Path::new("/proc")
            .join(&self.id)
            .join("root")
            .join(folder.strip_prefix("/").expect("a whole path"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let options: &[&str] = if is_root() {
            &[]
        } else {
            &["--user", "--preserve-credentials"]
        };
        let mut enter = Command::new("nsenter");
        enter.args(["--target", &self.id, "--mount"]).args(options);
        // Changes to the folder again by its path, so that the mount is visible.
        enter
            .args(["sh", "-c", "cd \"$0\" && exec \"$@\""])
            .arg(self.site.path());
        client::wrapped(&self.site.command(arguments), enter)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().expect("nsenter runs"))
    }

    fn serve(&self, arguments: &[&str]) -> Result<Server, impl std::fmt::Debug + use<>> {
        Server::start(self.command(&[&["serve", "--addr", "127.0.0.1:0"], arguments].concat()))
    }

    /// Fills the disk, except for `left` bytes.
    fn fill(&self, left: u64) {
        let filler = self.index().join("filler");
        fs::write(&filler, vec![1; 1 << 20].repeat(24)).expect_err("a disk smaller than that");
        let filled = fs::metadata(&filler).expect("a filler").len();
        let file = fs::File::options().write(true).open(&filler).expect("a filler");
        file.set_len(filled.saturating_sub(left)).expect("a filler to cut");
    }

    fn empty(&self) {
        fs::remove_file(self.index().join("filler")).expect("a filler to remove");
    }
}

impl Drop for Namespace<'_> {
    fn drop(&mut self) {
        // Fails if it has been unmounted already.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// A user with fewer permissions: another user if the tests run as root, whom permissions do not restrict, otherwise the same.
struct Stranger<'a> {
    site: &'a Site,
    /// A copy of the binary that any user may run.
    rex: PathBuf,
}

impl<'a> Stranger<'a> {
    fn of(site: &'a Site) -> Self {
        fs::set_permissions(site.path(), Permissions::from_mode(0o755)).expect("a folder to open");
        let rex = site.path().join("rex");
        fs::copy(rex_tests::rex(), &rex).expect("a binary to copy");
        Self { site, rex }
    }

    /// Sets the mode of a file or folder.
    fn close(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("permissions to set");
    }

    /// Gives a folder to that user.
    fn give(&self, path: &Path) {
        self.close(path, 0o777);
        for entry in fs::read_dir(path)
            .expect("a folder")
            .flatten()
            .filter(|entry| entry.path().is_file())
        {
            self.close(&entry.path(), 0o666);
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut rex = Command::new(&self.rex);
        let original = self.site.command(arguments);
        rex.args(original.get_args()).current_dir(self.site.path());
        for (name, _) in original.get_envs() {
            rex.env_remove(name);
        }
        if !is_root() {
            return rex;
        }
        let mut setpriv = Command::new("setpriv");
        setpriv.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
        client::wrapped(&rex, setpriv)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().expect("setpriv (of util-linux) runs"))
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().expect("id runs").stdout == b"0\n"
}
