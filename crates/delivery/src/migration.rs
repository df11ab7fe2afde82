//! Tables of this room.

use store::Migration;

/// The tables of `itembank` and of this room.
pub fn migrations() -> Vec<Migration> {
    let mut all = itembank::migrations();
    all.push(Migration {
        name: "0401_campaign",
        up: &[
            "CREATE TABLE campaign (
                id {id},
                code text NOT NULL UNIQUE,
                name text NOT NULL,
                school_year bigint NOT NULL,
                opens_on text NOT NULL,
                closes_on text NOT NULL,
                zone text NOT NULL,
                state text NOT NULL,
                demonstration boolean NOT NULL,
                source text NOT NULL,
                absence_reasons text NOT NULL,
                created_at bigint NOT NULL
            )",
            "CREATE TABLE test (
                id {id},
                campaign_id bigint NOT NULL REFERENCES campaign (id),
                code text NOT NULL,
                name text NOT NULL,
                subject text NOT NULL,
                grade bigint NOT NULL,
                audience text,
                held_on text NOT NULL,
                item_count bigint NOT NULL,
                minutes bigint NOT NULL,
                UNIQUE (campaign_id, code)
            )",
            "CREATE TABLE test_form (
                test_id bigint NOT NULL REFERENCES test (id),
                language text NOT NULL,
                form_id bigint NOT NULL REFERENCES form (id),
                PRIMARY KEY (test_id, language)
            )",
        ],
    });
    all.push(Migration {
        name: "0402_attempt",
        up: &[
            "CREATE TABLE sitting (
                id {id},
                campaign_id bigint NOT NULL REFERENCES campaign (id),
                test_id bigint NOT NULL REFERENCES test (id),
                form_id bigint NOT NULL REFERENCES form (id),
                school_id bigint NOT NULL REFERENCES org_unit (id),
                class_id bigint NOT NULL REFERENCES school_class (id),
                opens_at bigint NOT NULL,
                closes_at bigint NOT NULL,
                UNIQUE (test_id, class_id)
            )",
            "CREATE INDEX sitting_campaign ON sitting (campaign_id, school_id)",
            "CREATE TABLE attempt (
                id {id},
                sitting_id bigint NOT NULL REFERENCES sitting (id),
                campaign_id bigint NOT NULL REFERENCES campaign (id),
                test_id bigint NOT NULL REFERENCES test (id),
                form_id bigint NOT NULL REFERENCES form (id),
                school_id bigint NOT NULL REFERENCES org_unit (id),
                class_id bigint NOT NULL REFERENCES school_class (id),
                person_id bigint NOT NULL REFERENCES person (id),
                language text NOT NULL,
                code text,
                absence text,
                state text NOT NULL,
                started_at bigint,
                deadline bigint,
                finished_at bigint,
                position bigint NOT NULL,
                answered bigint NOT NULL,
                skipped bigint NOT NULL,
                late bigint NOT NULL,
                reopened bigint NOT NULL,
                entries bigint NOT NULL,
                head {blob},
                UNIQUE (sitting_id, person_id)
            )",
            "CREATE UNIQUE INDEX attempt_code ON attempt (code) WHERE code IS NOT NULL",
            "CREATE INDEX attempt_campaign ON attempt (campaign_id, school_id)",
            "CREATE INDEX attempt_person ON attempt (person_id)",
            "CREATE INDEX attempt_working ON attempt (deadline) WHERE state = 'working'",
            "CREATE TABLE answer_log (
                attempt_id bigint NOT NULL REFERENCES attempt (id),
                sequence bigint NOT NULL,
                school_id bigint NOT NULL,
                kind text NOT NULL,
                item_id bigint,
                payload text NOT NULL,
                key text,
                at bigint NOT NULL,
                hash {blob} NOT NULL,
                PRIMARY KEY (attempt_id, sequence)
            )",
        ],
    });
    all
}
