//! Tables of this room.

use store::Migration;

/// The tables of `roster` and of this room.
pub fn migrations() -> Vec<Migration> {
    let mut all = roster::migrations();
    all.push(Migration {
        name: "0301_itembank",
        up: &[
            "CREATE TABLE item (
                id {id},
                code text NOT NULL UNIQUE,
                subject text NOT NULL,
                grade bigint NOT NULL,
                section text NOT NULL,
                topic text NOT NULL,
                criterion text NOT NULL,
                skill text NOT NULL,
                parallel_group text
            )",
            "CREATE TABLE item_version (
                id {id},
                item_id bigint NOT NULL REFERENCES item (id),
                version bigint NOT NULL,
                language text NOT NULL,
                qti text NOT NULL,
                max_score double precision NOT NULL,
                state text NOT NULL,
                created_at bigint NOT NULL,
                UNIQUE (item_id, language, version)
            )",
            "CREATE TABLE form (
                id {id},
                code text NOT NULL UNIQUE,
                name text NOT NULL,
                subject text NOT NULL,
                grade bigint NOT NULL,
                language text NOT NULL
            )",
            "CREATE TABLE form_item (
                form_id bigint NOT NULL REFERENCES form (id),
                position bigint NOT NULL,
                item_id bigint NOT NULL REFERENCES item (id),
                item_version_id bigint REFERENCES item_version (id),
                key text,
                max_score double precision NOT NULL,
                PRIMARY KEY (form_id, position),
                UNIQUE (form_id, item_id)
            )",
            "CREATE INDEX form_item_item ON form_item (item_id)",
            "CREATE TABLE item_statistic (
                item_id bigint NOT NULL REFERENCES item (id),
                form_id bigint NOT NULL REFERENCES form (id),
                campaign_id bigint NOT NULL,
                n bigint NOT NULL,
                statistics text NOT NULL,
                PRIMARY KEY (item_id, form_id, campaign_id)
            )",
        ],
    });
    all.push(Migration {
        name: "0302_item_file",
        up: &["CREATE TABLE item_file (
                item_version_id bigint NOT NULL REFERENCES item_version (id),
                path text NOT NULL,
                media_type text NOT NULL,
                content {blob} NOT NULL,
                PRIMARY KEY (item_version_id, path)
            )"],
    });
    all
}
