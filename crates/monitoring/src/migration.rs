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
    all.push(Migration {
        name: "0503_scale",
        up: &[
            // A test's calibrations: everything scores are made of, or why there are none. The last version is the one in use.
            "CREATE TABLE calibration (
                test_id bigint NOT NULL REFERENCES test (id),
                version bigint NOT NULL,
                campaign_id bigint NOT NULL,
                n bigint NOT NULL,
                made_at bigint NOT NULL,
                model text NOT NULL,
                PRIMARY KEY (test_id, version)
            )",
            "CREATE INDEX calibration_campaign ON calibration (campaign_id)",
            "CREATE TABLE scale_score (
                attempt_id bigint PRIMARY KEY REFERENCES attempt (id),
                campaign_id bigint NOT NULL,
                test_id bigint NOT NULL,
                school_id bigint NOT NULL,
                class_id bigint NOT NULL,
                version bigint NOT NULL,
                theta double precision NOT NULL,
                theta_se double precision NOT NULL,
                points double precision NOT NULL,
                points_se double precision NOT NULL,
                level bigint NOT NULL,
                probabilities text NOT NULL
            )",
            "CREATE INDEX scale_score_test ON scale_score (test_id, level, school_id)",
            // Sums kept when scores are written; a group is the sum of its rows.
            "CREATE TABLE scale_cell (
                campaign_id bigint NOT NULL,
                test_id bigint NOT NULL,
                school_id bigint NOT NULL,
                class_id bigint NOT NULL,
                language text NOT NULL,
                level bigint NOT NULL,
                n bigint NOT NULL,
                points double precision NOT NULL,
                squares double precision NOT NULL,
                PRIMARY KEY (test_id, class_id, language, level)
            )",
            "CREATE INDEX scale_cell_campaign ON scale_cell (campaign_id, school_id)",
        ],
    });
    all
}
