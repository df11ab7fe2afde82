//! Parquet in, scores with levels and plausible values, the report out.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, GzipLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::{folder, items, run, text};
use crate::Outcome;

/// Three persons; q2 is a number with a missing value, as other programs write integers with gaps.
fn write_parquet(path: &Path, compression: Compression) {
    let schema = "message m { required binary name (UTF8); optional int32 q1; optional double q2; required int32 q3; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let names: Vec<ByteArray> = ["x", "y", "z"].map(ByteArray::from).to_vec();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&names, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[1, 0, 1], Some(&[1, 1, 1]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&[2.0, 0.0], Some(&[1, 0, 1]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[1, 0, 0], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn parquet_is_read_as_csv_is() {
    let folder = folder("parquet");
    let (plain, from_csv) = (folder.join("data.csv"), folder.join("csv"));
    fs::write(&plain, "name,q1,q2,q3\nx,1,2,1\ny,0,,0\nz,1,0,0\n").unwrap();
    run(&["ctt", "--id", "name", "--out", text(&from_csv), text(&plain)]).unwrap();
    for compression in
        [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(GzipLevel::default()), Compression::LZ4_RAW]
    {
        let (data, out) = (folder.join("data.parquet"), folder.join("parquet"));
        write_parquet(&data, compression);
        run(&["ctt", "--id", "name", "--out", text(&out), text(&data)]).unwrap();
        for file in ["items.csv", "curves.csv", "warnings.json"] {
            assert_eq!(
                fs::read(out.join(file)).unwrap(),
                fs::read(from_csv.join(file)).unwrap(),
                "{file} {compression}"
            );
        }
    }
    let broken = folder.join("broken.parquet");
    fs::write(&broken, "item,key\n").unwrap();
    let wrong = run(&["ctt", "--out", text(&folder.join("none")), text(&broken)]).unwrap_err().0;
    assert!(wrong.contains("broken.parquet"), "{wrong}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn scores_carry_levels_a_reported_scale_and_plausible_values() {
    let folder = folder("levels");
    let (truth, data, out, summary) =
        (items(&folder), folder.join("data.csv"), folder.join("scores.csv"), folder.join("summary.json"));
    run(&["simulate", "--items", text(&truth), "--persons", "600", "--out", text(&data)]).unwrap();
    // A column that goes with the first item: boys and girls in turns of its answers.
    let content = fs::read_to_string(&data).unwrap();
    let with_group: Vec<String> = (content.lines().enumerate())
        .map(|(row, line)| match row {
            0 => format!("sex,{line}"),
            _ => format!("{},{line}", if line.starts_with('1') { "girl" } else { "boy" }),
        })
        .collect();
    fs::write(&data, with_group.join("\n") + "\n").unwrap();
    let line = [
        "score",
        "--items",
        text(&truth),
        "--cuts",
        "-0.5,0.5",
        "--scale",
        "100,500,200,800",
        "--plausible",
        "3",
        "--condition",
        "sex",
        "--seed",
        "4",
        "--summary",
        text(&summary),
        "--out",
        text(&out),
        text(&data),
    ];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let scores = fs::read_to_string(&out).unwrap();
    let mut lines = scores.lines();
    assert_eq!(
        lines.next().unwrap(),
        "person,theta,se,reported,se_reported,level,p_level1,p_level2,p_level3,pv1,pv2,pv3"
    );
    for line in lines {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!((cells[3] - (500.0 + 100.0 * cells[1])).abs() < 1e-9);
        assert_eq!(cells[5] as u8, 1 + u8::from(cells[1] >= -0.5) + u8::from(cells[1] >= 0.5));
        assert!((cells[6..9].iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    let found: serde_json::Value = serde_json::from_str(&fs::read_to_string(&summary).unwrap()).unwrap();
    assert_eq!(found["levels"]["counts"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>(), 600);
    assert!(found["levels"]["accuracy"].as_f64().unwrap() > found["levels"]["consistency"].as_f64().unwrap());
    assert_eq!(found["latent_regression"]["covariates"], serde_json::json!(["intercept", "sex=girl"]));
    assert!(found["latent_regression"]["coefficients"][1].as_f64().unwrap() > 0.3);
    let again = folder.join("again.csv");
    let mut second = line.to_vec();
    second[16] = text(&again);
    run(&second).unwrap();
    assert_eq!(fs::read(&again).unwrap(), fs::read(&out).unwrap());
    let wrong = run(&["score", "--items", text(&truth), "--cuts", "1,0", "--out", text(&out), text(&data)]);
    assert!(wrong.unwrap_err().0.contains("--cuts"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_report_speaks_three_languages() {
    let folder = folder("report");
    let (truth, data) = (items(&folder), folder.join("data.csv"));
    run(&["simulate", "--items", text(&truth), "--persons", "300", "--out", text(&data)]).unwrap();
    for (language, word) in [("kk", "Қатысушылар"), ("ru", "Участники"), ("en", "Persons")] {
        let out = folder.join(format!("{language}.html"));
        run(&["report", "--language", language, "--title", "A < B", "--cuts", "2,3", "--out", text(&out), text(&data)])
            .unwrap();
        let page = fs::read_to_string(&out).unwrap();
        assert!(page.contains(&format!("<html lang=\"{language}\">")) && page.contains(word));
        assert!(page.contains("Livingston") && page.contains("κ"));
        assert!(page.contains("<h1>A &lt; B</h1>") && !page.contains("src=") && !page.contains("href="));
        // One chart of every item, the map, the distribution, information and error, curves of up to five items.
        assert_eq!(page.matches("<svg").count(), 4 + 1 + 1 + 2 + 1);
        assert!(fs::read(folder.join(format!("{language}.pdf"))).unwrap().starts_with(b"%PDF"));
    }
    let wrong = run(&["report", "--language", "de", "--out", text(&folder.join("x.html")), text(&data)]).unwrap_err().0;
    assert!(wrong.contains("kk, ru or en"));
    fs::remove_dir_all(folder).unwrap();
}
