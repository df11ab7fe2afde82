//! Tables of this room.

use store::Migration;

/// The tables of `delivery` and of this room.
pub fn migrations() -> Vec<Migration> {
    let mut all = delivery::migrations();
    all.push(Migration {
        name: "0501_result",
        up: &[
            "CREATE TABLE result (
                attempt_id bigint PRIMARY KEY REFERENCES attempt (id),
                campaign_id bigint NOT NULL,
                test_id bigint NOT NULL,
                form_id bigint NOT NULL,
                school_id bigint NOT NULL,
                class_id bigint NOT NULL,
                person_id bigint NOT NULL,
                language text NOT NULL,
                correct bigint NOT NULL,
                incorrect bigint NOT NULL,
                skipped bigint NOT NULL,
                not_reached bigint NOT NULL,
                score double precision NOT NULL,
                max_score double precision NOT NULL,
                responses text NOT NULL,
                class_place bigint NOT NULL,
                class_count bigint NOT NULL,
                parallel_place bigint NOT NULL,
                parallel_count bigint NOT NULL
            )",
            "CREATE INDEX result_test ON result (test_id, school_id)",
            "CREATE INDEX result_class ON result (class_id, test_id)",
            "CREATE INDEX result_campaign ON result (campaign_id, person_id)",
            // Sums kept when results are written. Everything above a class is a sum of these rows.
            "CREATE TABLE result_cell (
                campaign_id bigint NOT NULL,
                test_id bigint NOT NULL,
                school_id bigint NOT NULL,
                class_id bigint NOT NULL,
                language text NOT NULL,
                n bigint NOT NULL,
                score double precision NOT NULL,
                score_squares double precision NOT NULL,
                max_score double precision NOT NULL,
                lowest double precision NOT NULL,
                highest double precision NOT NULL,
                PRIMARY KEY (test_id, class_id, language)
            )",
            "CREATE INDEX result_cell_campaign ON result_cell (campaign_id, school_id)",
            "CREATE TABLE item_cell (
                campaign_id bigint NOT NULL,
                test_id bigint NOT NULL,
                form_id bigint NOT NULL,
                school_id bigint NOT NULL,
                class_id bigint NOT NULL,
                position bigint NOT NULL,
                n bigint NOT NULL,
                correct bigint NOT NULL,
                incorrect bigint NOT NULL,
                skipped bigint NOT NULL,
                not_reached bigint NOT NULL,
                score double precision NOT NULL,
                max_score double precision NOT NULL,
                PRIMARY KEY (test_id, class_id, form_id, position)
            )",
            "CREATE INDEX item_cell_school ON item_cell (campaign_id, school_id)",
            "CREATE TABLE test_statistic (
                test_id bigint NOT NULL,
                scope text NOT NULL,
                campaign_id bigint NOT NULL,
                n bigint NOT NULL,
                statistics text NOT NULL,
                PRIMARY KEY (test_id, scope)
            )",
            "CREATE INDEX test_statistic_campaign ON test_statistic (campaign_id)",
            "CREATE TABLE campaign_statistic (
                campaign_id bigint NOT NULL,
                scope text NOT NULL,
                statistics text NOT NULL,
                PRIMARY KEY (campaign_id, scope)
            )",
        ],
    });
    all.push(Migration {
        name: "0502_term_mark",
        up: &[
            "CREATE TABLE term_mark (
                id {id},
                campaign_id bigint NOT NULL REFERENCES campaign (id),
                school_id bigint NOT NULL,
                class_id bigint NOT NULL,
                person_id bigint NOT NULL REFERENCES person (id),
                subject text NOT NULL,
                percent double precision NOT NULL,
                UNIQUE (campaign_id, person_id, subject)
            )",
            "CREATE TABLE term_mark_cell (
                campaign_id bigint NOT NULL,
                school_id bigint NOT NULL,
                class_id bigint NOT NULL,
                subject text NOT NULL,
                n bigint NOT NULL,
                percent double precision NOT NULL,
                PRIMARY KEY (campaign_id, class_id, subject)
            )",
            "CREATE INDEX term_mark_cell_school ON term_mark_cell (campaign_id, school_id)",
        ],
    });
    all
}
