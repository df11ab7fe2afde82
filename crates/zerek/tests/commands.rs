//! Commands as scripts use them: what they print, what they write, how they end. On whichever database the run is for.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use store::{Database, Location, Reading, sea_orm::ConnectionTrait};

const RESPONSES: &str = "id,name,school,class,q1,q2,q3
1,Aru,Dostyk,4 «А»,1,0,2
2,Dana,Dostyk,4 «А»,1,1,2
3,Erlan,Dostyk,4 «Ә»,0,1,1
4,Samat,Dostyk,4 «Ә»,1,0,2
5,Zere,Kuiken,4,1,1,0
";

/// A folder, and a schema of its own when the run is for PostgreSQL.
struct Place {
    folder: PathBuf,
    database: Option<(String, String)>,
}

impl Place {
    async fn new(name: &str) -> Self {
        let name = format!("zerek_commands_{name}_{}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let database = match std::env::var("TEST_DATABASE_URL") {
            Err(_) => None,
            Ok(url) => {
                let location =
                    Location::Server { url: url.clone(), folder: folder.clone(), schema: Some(name.clone()) };
                Database::open(&location, 9, Vec::new()).await.expect("a schema for the test").close().await;
                let mark = if url.contains('?') { '&' } else { '?' };
                Some((format!("{url}{mark}options[search_path]={name}"), name))
            }
        };
        Self { folder, database }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zerek"));
        command.args(arguments).arg("--data").arg(&self.folder);
        if let Some((url, _)) = &self.database {
            command.arg("--database").arg(url);
        }
        command.output().expect("the program runs")
    }

    async fn finish(self) {
        if let Some((url, schema)) = &self.database {
            let location =
                Location::Server { url: url.clone(), folder: self.folder.clone(), schema: Some(schema.clone()) };
            let database =
                Database::open(&location, 9, statistics::migrations()).await.expect("the database of the test");
            let drop = format!("DROP SCHEMA \"{schema}\" CASCADE");
            database.read().execute_unprepared(&drop).await.expect("the schema goes");
            database.close().await;
        }
        std::fs::remove_dir_all(&self.folder).expect("the folder goes");
    }
}

fn said(output: &Output) -> (Option<i32>, Value, String) {
    let told = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), told, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn lines(folder: &Path, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(name)).expect("the table is there");
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn tables_are_taken_out_whole_and_the_exit_status_tells() {
    let place = Place::new("export").await;
    let file = place.folder.join("responses.csv");
    std::fs::write(&file, RESPONSES).expect("a file to be brought in");
    let out = place.folder.join("tables");
    let (path, tables) = (file.to_string_lossy().into_owned(), out.to_string_lossy().into_owned());

    // Nothing has results yet: the tables are written, and the exit status says that they deserve a look.
    let (code, told, warned) = said(&place.run(&["export", "--out", &tables, "--json"]));
    assert_eq!((code, told["rows"]["results.csv"].as_u64()), (Some(2), Some(0)), "{warned}");
    assert!(warned.contains("no results yet"), "{warned}");

    let (code, told, warned) = said(&place.run(&["import", "responses", "--test", "small", &path, "--json"]));
    assert_eq!((code, told["persons"].as_u64()), (Some(0), Some(5)), "{warned}");
    let (code, told, warned) = said(&place.run(&["export", "--out", &tables, "--json"]));
    assert_eq!(code, Some(0), "{warned}");
    let rows = |name: &str| told["rows"][name].as_u64();
    assert_eq!(
        [rows("pupils.csv"), rows("classes.csv"), rows("results.csv"), rows("responses.csv"), rows("attempts.csv")],
        [Some(5), Some(3), Some(5), Some(15), Some(5)]
    );
    let results = lines(&out, "results.csv");
    assert!(results[0].starts_with("campaign,test,attempt_id,person_id,school,class_id,language,score,maximum,"));
    let scores: Vec<&str> = results[1..].iter().filter_map(|line| line.split(',').nth(7)).collect();
    let mut sorted = scores.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["2.0", "2.0", "3.0", "3.0", "4.0"]);
    let unfinished = std::fs::read_dir(&out)
        .expect("the folder")
        .any(|entry| entry.expect("an entry").path().extension().is_some_and(|ending| ending == "part"));
    assert!(!unfinished, "no file is left half-written");

    // The same as JSON, one table of one campaign; and a campaign that is not there.
    let one = ["export", "--out", &tables, "--only", "marks,results", "--format", "json", "--campaign", "small"];
    assert_eq!(said(&place.run(&one)).0, Some(0));
    let json: Vec<Value> = serde_json::from_str(&lines(&out, "results.json").join("\n")).expect("a list of objects");
    assert_eq!((json.len(), json[0]["campaign"].as_str()), (5, Some("small")));
    let (code, _, why) = said(&place.run(&["export", "--out", &tables, "--campaign", "none"]));
    assert_eq!(code, Some(1));
    assert!(why.contains("there is no campaign \"none\"; there are: small"), "{why}");
    place.finish().await;
}

#[tokio::test]
async fn a_worker_does_what_waits_and_ends() {
    let place = Place::new("worker").await;
    let file = place.folder.join("responses.csv");
    std::fs::write(&file, RESPONSES).expect("a file to be brought in");
    let path = file.to_string_lossy().into_owned();
    assert_eq!(said(&place.run(&["import", "responses", "--test", "small", &path])).0, Some(0));
    // What somebody asked for on a page waits in the table until a worker comes.
    let location = match &place.database {
        None => Location::Folder(place.folder.clone()),
        Some((url, _)) => Location::Server { url: url.clone(), folder: place.folder.clone(), schema: None },
    };
    let database = Database::open(&location, 9, statistics::migrations()).await.expect("the database");
    let campaign = delivery::campaign_by_code(&database, "small").await.expect("a read").expect("the campaign").id;
    let now = kernel::Clock::now(&kernel::SystemClock);
    let asked = monitoring::CampaignReports { campaign, language: kernel::Language::En };
    monitoring::request_reports(&database, &kernel::Actor::system(), now, asked).await.expect("asked");
    let waiting = "SELECT COUNT(*) FROM job WHERE state <> 'done'";
    assert!(database.read().count(waiting, []).await.expect("a count") >= 1);
    let (code, told, warned) = said(&place.run(&["worker", "--once", "--json"]));
    assert_eq!((code, told["failed"].as_u64()), (Some(0), Some(0)), "{warned}");
    assert!(told["ran"].as_u64() >= Some(1), "{told}");
    assert_eq!(database.read().count(waiting, []).await.expect("a count"), 0);
    let school = roster::org_tree(&database).await.expect("the schools");
    let school = kernel::SchoolId(school.schools().next().expect("a school").id.0);
    let system = kernel::Actor::system();
    let folder = monitoring::school_documents(&database, &system, campaign, school).await.expect("allowed");
    assert!(folder.is_some_and(|folder| folder.join("school.pdf").exists()), "the school's documents are ready");
    database.close().await;
    place.finish().await;
}
