//! Examples below the help of every command. A test reads each line as the program itself would.

use clap::Command;

/// Words of a command with its examples, one a line.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "zerek demo",
            "zerek serve --data /srv/zerek",
            "zerek import responses --data /srv/zerek --test HCI --key key.csv responses.csv",
            "zerek report campaign HCI --data /srv/zerek --out reports",
        ],
    ),
    ("demo", &["zerek demo", "zerek demo --data /srv/demo --listen 0.0.0.0:8080", "zerek demo --load-only --json"]),
    (
        "serve",
        &[
            "zerek serve --data /srv/zerek",
            "zerek serve --database postgres://zerek@db/zerek --listen 0.0.0.0:8080 --secure",
            "zerek serve --data /srv/zerek --no-jobs --zone Asia/Aqtau",
        ],
    ),
    (
        "worker",
        &[
            "zerek worker --data /srv/zerek",
            "zerek worker --database postgres://zerek@db/zerek",
            "zerek worker --data /srv/zerek --once --json",
        ],
    ),
    ("import", &["zerek import responses --data /srv/zerek --test HCI --key key.csv responses.csv"]),
    (
        "import responses",
        &[
            "zerek import responses --data /srv/zerek --test HCI --key key.csv responses.csv",
            "zerek import responses --test \"Matura 2019\" --items 'b*' --class-column class matura.csv --json",
        ],
    ),
    (
        "export",
        &[
            "zerek export --data /srv/zerek --out tables",
            "zerek export --out tables --only roster --format json",
            "zerek export --campaign rural-hub-schools-2022 --only results,responses --out tables --json",
        ],
    ),
    ("report", &["zerek report campaign rural-hub-schools-2022 --out reports"]),
    (
        "report campaign",
        &[
            "zerek report campaign rural-hub-schools-2022 --out reports",
            "zerek report campaign HCI --data /srv/zerek --out reports --language en --json",
        ],
    ),
    ("check", &["zerek check --demo --data /tmp/zerek-check", "zerek check --data /srv/copy --json"]),
    ("bench", &["zerek bench load --pupils 200"]),
    ("bench pages", &["zerek bench pages", "zerek bench pages --data data/demo --times 200"]),
    ("bench reports", &["zerek bench reports", "zerek bench reports --data data/demo --times 50"]),
    ("bench load", &["zerek bench load", "zerek bench load --pupils 200 --think 20 --data /srv/disk-to-measure"]),
    ("audit", &["zerek audit report.xlsx --rules rules.toml", "zerek audit tables --propose --language kk"]),
    (
        "psychometrics",
        &[
            "zerek psychometrics ctt --out analysis responses.csv",
            "zerek psychometrics fit --model 2pl --se --out analysis responses.csv",
        ],
    ),
    ("psychometrics ctt", &["zerek psychometrics ctt --out analysis responses.csv"]),
    (
        "psychometrics fit",
        &[
            "zerek psychometrics fit --model 2pl --se --fit-statistics --out analysis responses.csv",
            "zerek psychometrics fit --model pcm --adaptive --out analysis points.csv",
        ],
    ),
    (
        "psychometrics score",
        &["zerek psychometrics score --items analysis/items.csv --method wle --out scores.csv responses.csv"],
    ),
    (
        "psychometrics dif",
        &["zerek psychometrics dif --group sex --reference F --focal M --purify --out analysis responses.csv"],
    ),
    (
        "psychometrics calibrate",
        &["zerek psychometrics calibrate --with form-b.csv --anchor bank/items.csv --out calibrated form-a.csv"],
    ),
    (
        "psychometrics vertical",
        &["zerek psychometrics vertical grade4/items.csv grade5/items.csv grade6/items.csv --base 2 --out vertical"],
    ),
    ("statistics", &["zerek statistics tables --out tables"]),
    (
        "statistics tables",
        &[
            "zerek statistics tables --out tables",
            "zerek statistics tables --out tables --language kk --view table27 --view table41",
        ],
    ),
    ("psychometrics link", &["zerek psychometrics link --method haebara old/items.csv new/items.csv --out linked"]),
    ("psychometrics equate", &["zerek psychometrics equate form-x.csv form-y.csv --smooth 6 --out table.csv"]),
    (
        "psychometrics simulate",
        &["zerek psychometrics simulate --items items.csv --persons 5000 --seed 7 --out responses.csv"],
    ),
    ("psychometrics report", &["zerek psychometrics report --model 2pl --language kk --out report.html responses.csv"]),
    ("qti", &["zerek qti check items", "zerek qti convert quiz.gift --output items.zip"]),
    ("qti check", &["zerek qti check items package.zip --notes", "zerek qti check item.xml --json"]),
    ("qti show", &["zerek qti show item.xml", "zerek qti show item.xml --to typst --seed 7 --language kk"]),
    ("qti score", &["zerek qti score item.xml --responses responses.json"]),
    ("qti convert", &["zerek qti convert quiz.gift --output items.zip", "zerek qti convert item.xml --to 2.2"]),
];

/// The command with its examples, and those of all below it. What stands there already comes after them.
pub fn with_examples(command: Command) -> Command {
    add(command, "")
}

fn add(command: Command, path: &str) -> Command {
    let lines = EXAMPLES.iter().find(|(known, _)| *known == path).map_or(&[][..], |(_, lines)| *lines);
    let mut text = String::from("Examples:");
    for line in lines {
        text.extend(["\n  ", *line]);
    }
    if let Some(after) = command.get_after_help() {
        text = format!("{text}\n\n{after}");
    }
    let command = if lines.is_empty() { command } else { command.after_help(text) };
    command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name()).trim().to_owned();
        add(below, &path)
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn paths(command: &Command, path: &str, found: &mut Vec<String>) {
        found.push(path.to_owned());
        for below in command.get_subcommands() {
            paths(below, format!("{path} {}", below.get_name()).trim(), found);
        }
    }

    /// Words of a line as a shell would take them; the lines have no other signs than quotation marks.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut quoted) = (vec![String::new()], None);
        for sign in line.chars() {
            match (quoted, sign) {
                (Some(mark), sign) if mark == sign => quoted = None,
                (None, '"' | '\'') => quoted = Some(sign),
                (None, ' ') => words.push(String::new()),
                _ => words.last_mut().expect("there is a first word").push(sign),
            }
        }
        words
    }

    #[test]
    fn every_command_has_examples_that_it_takes() {
        let command = crate::Zerek::command();
        let mut all = Vec::new();
        paths(&command, "", &mut all);
        for path in &all {
            let examples = EXAMPLES.iter().find(|(known, _)| known == path);
            let (_, lines) = examples.unwrap_or_else(|| panic!("zerek {path}: no examples"));
            for line in *lines {
                assert!(line.starts_with(format!("zerek {path}").trim()), "{line}");
                command.clone().try_get_matches_from(words(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
            }
        }
        assert_eq!(all.len(), EXAMPLES.len(), "examples of commands that are not there");
        let help = with_examples(command).find_subcommand_mut("export").unwrap().render_help().to_string();
        assert!(help.contains("Examples:\n  zerek export --data"), "{help}");
        assert!(help.contains("responses  responses: choice"), "{help}");
    }
}
