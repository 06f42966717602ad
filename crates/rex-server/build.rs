//! Builds the widget `/rex-search.js`: one file from the modules, the style sheet and the map grid of `assets/widget/`.
//!
//! The modules are concatenated into one scope and minified by Oxc. Two rules replace a bundler: an import is on a line of
//! its own, and top-level names are unique over all modules (a duplicate does not parse).

use std::path::Path;
use std::{env, fs};

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

const FOLDER: &str = "assets/widget";
/// The modules in dependency order.
const MODULES: [&str; 12] = [
    "texts", "dom", "marked", "state", "client", "range", "map", "session", "facets", "field", "results", "element",
];

fn main() {
    println!("cargo::rerun-if-changed={FOLDER}");
    let script = minified(&assembled());
    let out = env::var_os("OUT_DIR").expect("cargo says where to");
    fs::write(Path::new(&out).join("rex-search.js"), script).expect("the folder of the build can be written");
}

/// The concatenated modules, preceded by the style sheet and the grid as constants.
fn assembled() -> String {
    let mut script = format!(
        "const LOOK = {:?};\nconst TILES = {:?};\n",
        style(&read("look.css")),
        tiles(&read("tiles.txt"))
    );
    for module in MODULES {
        for line in read(&format!("{module}.js"))
            .lines()
            .filter(|line| !line.starts_with("import "))
        {
            script.push_str(line.strip_prefix("export ").unwrap_or(line));
            script.push('\n');
        }
    }
    script
}

fn read(name: &str) -> String {
    let path = Path::new(FOLDER).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A grid with single spaces between its tiles.
fn tiles(grid: &str) -> String {
    let rows = grid
        .lines()
        .map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
    rows.collect::<Vec<_>>().join("\n")
}

/// Minifies a style sheet: removes comments, indentation, line ends, leading zeros and optional spaces and quotes.
fn style(sheet: &str) -> String {
    let mut style = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, comment)) = rest.split_once("/*") {
        style.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    style.push_str(rest);
    let style: String = style.lines().map(str::trim).collect();
    style
        .replace(" {", "{")
        .replace("{ ", "{")
        .replace("; }", "}")
        .replace(";}", "}")
        .replace(": ", ":")
        .replace("; ", ";")
        .replace(", ", ",")
        .replace(" > ", ">")
        .replace("=\"", "=")
        .replace("\"]", "]")
        .replace(":0.", ":.")
        .replace(" 0.", " .")
        .replace("(0.", "(.")
}

/// Minifies a script.
fn minified(script: &str) -> String {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, script, SourceType::mjs()).parse();
    assert!(
        parsed.diagnostics.is_empty(),
        "the widget does not parse: {:?}",
        parsed.diagnostics
    );
    let mut program = parsed.program;
    let minified = Minifier::new(MinifierOptions::default()).minify(&allocator, &mut program);
    let generator = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping);
    generator.build(&program).code
}
