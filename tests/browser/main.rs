//! The pages, the widget and InstantSearch in Chromium, driven by Playwright. Each test here starts the servers that a `.mjs` file
//! needs, and runs the tests in it with Node.
//!
//! `cargo xtask setup` installs Chromium, Node and the packages; without them these tests fail with a message. To run one file with its
//! output, name its test: `cargo test --package rex-tests --test browser pages -- --nocapture`.

mod sites;

use std::process::Command;

use rex_tests::{Site, installed, made, workspace};

use crate::sites::{closed, hostile, many, markup};

#[test]
fn the_pages_work_without_scripts_and_for_everyone() {
    passes("pages", [("REX_SHIPPED", Site::shipped()), ("REX_MANY", many())]);
}

#[test]
fn the_widget_is_used_by_keyboard_on_any_page() {
    passes("widget", [("REX_SHIPPED", Site::shipped()), ("REX_MANY", many())]);
}

#[test]
fn no_state_of_the_widget_has_a_violation_of_axe() {
    passes("axe", [("REX_SHIPPED", Site::shipped()), ("REX_MANY", many())]);
}

#[test]
fn the_accessibility_tree_is_as_the_aria_practices_say() {
    passes("aria", [("REX_SHIPPED", Site::shipped()), ("REX_MANY", many())]);
}

#[test]
fn hostile_cases_and_answers_are_shown_as_text() {
    passes(
        "hostile",
        [("REX_SHIPPED", Site::shipped()), ("REX_HOSTILE", hostile())],
    );
}

#[test]
fn the_widget_bears_whatever_the_network_does() {
    passes("network", [("REX_SHIPPED", Site::shipped()), ("REX_MANY", many())]);
}

#[test]
fn the_widget_comes_goes_and_changes_without_a_leak() {
    passes("lifecycle", [("REX_SHIPPED", Site::shipped())]);
}

#[test]
fn the_script_is_small_whole_and_well_typed() {
    passes("budget", [("REX_SHIPPED", Site::shipped())]);
}

#[test]
fn instantsearch_works_on_a_page_of_another_origin() {
    passes(
        "instantsearch",
        [
            ("REX_SHIPPED", Site::shipped()),
            ("REX_MADE", made::site()),
            ("REX_MARKUP", markup()),
            ("REX_CLOSED", closed()),
        ],
    );
}

/// Runs a `.mjs` file. It reads the URLs of the sites from environment variables with these names.
///
/// Each key press is a search, so the sites have raised time limits.
///
/// # Panics
/// If one of its tests fails, with its output.
fn passes<const COUNT: usize>(file: &str, sites: [(&str, Site); COUNT]) {
    let script = installed::npm("browser").join(format!("{file}.mjs"));
    let sites = sites.map(|(name, site)| (name, site.patient()));
    let servers = sites.each_ref().map(|(name, site)| (*name, site.serve()));
    let ran = Command::new("node")
        .args(["--test", "--test-reporter", "spec"])
        .arg(script)
        .envs(servers.iter().map(|(name, server)| (name, server.url(""))))
        .current_dir(workspace())
        .output()
        .expect("node runs; `cargo xtask test` installs it");
    let said = String::from_utf8_lossy(&ran.stdout);
    eprintln!("{said}");
    assert!(
        ran.status.success(),
        "{file}.mjs: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
}
