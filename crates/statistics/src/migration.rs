//! Tables of this room.

use store::Migration;

/// The tables of `monitoring` and of this room.
pub fn migrations() -> Vec<Migration> {
    let mut all = monitoring::migrations();
    all.push(Migration {
        name: "0601_fact",
        up: &[
            "CREATE TABLE dataset (
                id {id},
                code text NOT NULL UNIQUE,
                name text NOT NULL,
                source text NOT NULL,
                published boolean NOT NULL,
                dimensions text NOT NULL,
                dimensions_version bigint NOT NULL,
                version bigint NOT NULL,
                created_at bigint NOT NULL
            )",
            // Never changed and never deleted: a correction is a record that takes back and a record that is right.
            "CREATE TABLE fact (
                id {id},
                dataset_id bigint NOT NULL REFERENCES dataset (id),
                version bigint NOT NULL,
                kind text NOT NULL,
                place text NOT NULL,
                period text NOT NULL,
                members text NOT NULL,
                observation bigint NOT NULL,
                times bigint NOT NULL,
                origin text NOT NULL,
                origin_id bigint NOT NULL,
                remark text NOT NULL,
                school_id bigint,
                class_id bigint,
                person_id bigint,
                at bigint NOT NULL
            )",
            "CREATE INDEX fact_version ON fact (dataset_id, version)",
            "CREATE INDEX fact_address ON fact (dataset_id, kind, period, place)",
        ],
    });
    all.push(Migration {
        name: "0602_kept_view",
        up: &[
            "CREATE TABLE kept_view (
                id {id},
                dataset_id bigint NOT NULL REFERENCES dataset (id),
                owner_id bigint NOT NULL REFERENCES person (id),
                name text NOT NULL,
                search_name text NOT NULL,
                shared boolean NOT NULL,
                view text NOT NULL,
                created_at bigint NOT NULL,
                changed_at bigint NOT NULL,
                deleted_at bigint
            )",
            "CREATE INDEX kept_view_owner ON kept_view (owner_id)",
        ],
    });
    // Scoring again compares a school's facts with its results.
    all.push(Migration {
        name: "0603_fact_school",
        up: &["CREATE INDEX fact_school ON fact (school_id, dataset_id, period)"],
    });
    all
}
