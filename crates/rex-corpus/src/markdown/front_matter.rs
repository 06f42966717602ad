//! Cuts a file into front matter and body.

/// A file in two parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split<'a> {
    pub(super) language: Language,
    pub(super) front_matter: &'a str,
    pub(super) body: &'a str,
    /// Number of lines before the front matter.
    pub(super) lines_before: usize,
}

/// The language of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// Between two lines `---`.
    Yaml,
    /// Between two lines `+++`.
    Toml,
    /// There is no front matter; the body begins with a heading.
    None,
}

impl Language {
    fn fence(self) -> &'static str {
        match self {
            Self::Yaml => "---",
            Self::Toml => "+++",
            Self::None => "",
        }
    }
}

/// The front matter of a file and the body below it. Blank lines may precede it. A file that begins with a heading `# ` needs none.
///
/// # Errors
/// Why the file has no front matter.
pub(super) fn split(text: &str) -> Result<Split<'_>, &'static str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err("the file is empty, expected front matter between two lines \"---\", then the text");
    }
    // A heading or a fence may be indented by nothing.
    let line_start = text[..text.len() - start.len()].rfind('\n').map_or(0, |at| at + 1);
    let (blank, text) = text.split_at(line_start);
    let lines_before = blank.matches('\n').count();
    let fenced = [Language::Yaml, Language::Toml]
        .into_iter()
        .find_map(|language| Some((language, strip_fence(text, language)?)));
    let Some((language, rest)) = fenced else {
        return match text.starts_with("# ") {
            true => Ok(Split {
                language: Language::None,
                front_matter: "",
                body: text,
                lines_before,
            }),
            false if start.starts_with('{') => Err(
                "front matter in JSON is not read, expected YAML between two lines \"---\", or TOML between two lines \"+++\"",
            ),
            false => Err("no front matter, expected a first line \"---\", the fields, and a closing line \"---\""),
        };
    };
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if let Some(body) = strip_fence(&rest[end..], language) {
            return Ok(Split {
                language,
                front_matter: &rest[..end],
                body,
                lines_before: lines_before + 1,
            });
        }
        end += line.len();
    }
    Err(match language {
        Language::Toml => "the front matter is not closed, expected a second line \"+++\" after the fields",
        _ => "the front matter is not closed, expected a second line \"---\" after the fields",
    })
}

/// Whether a text begins as a case does: with a fence.
pub(crate) fn has_fence(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    [Language::Yaml, Language::Toml]
        .into_iter()
        .any(|language| strip_fence(text, language).is_some())
}

fn strip_fence(text: &str, language: Language) -> Option<&str> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end() == language.fence()).then_some(rest)
}
