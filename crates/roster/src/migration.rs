//! Tables of this room.

use store::Migration;

/// The tables of `access` and of this room.
pub fn migrations() -> Vec<Migration> {
    let mut all = access::migrations();
    all.push(Migration {
        name: "0201_roster",
        up: &[
            "CREATE TABLE org_unit (
                id {id},
                parent_id bigint REFERENCES org_unit (id),
                kind text NOT NULL,
                code text NOT NULL UNIQUE,
                name text NOT NULL,
                short_name text NOT NULL,
                settlement text NOT NULL,
                languages text NOT NULL
            )",
            "CREATE TABLE school_class (
                id {id},
                school_id bigint NOT NULL REFERENCES org_unit (id),
                school_year bigint NOT NULL,
                grade bigint NOT NULL,
                letter text NOT NULL,
                language text NOT NULL,
                UNIQUE (school_id, school_year, grade, letter)
            )",
            "CREATE TABLE person (
                id {id},
                family_name text NOT NULL,
                given_name text NOT NULL,
                patronymic text NOT NULL,
                search_name text NOT NULL,
                sort_name text NOT NULL,
                sex text,
                language text
            )",
            "CREATE TABLE enrolment (
                id {id},
                school_id bigint NOT NULL REFERENCES org_unit (id),
                class_id bigint NOT NULL REFERENCES school_class (id),
                person_id bigint NOT NULL REFERENCES person (id),
                from_date text NOT NULL,
                to_date text
            )",
            "CREATE INDEX enrolment_class ON enrolment (class_id)",
            "CREATE INDEX enrolment_person ON enrolment (person_id)",
            "CREATE INDEX enrolment_school ON enrolment (school_id)",
            "CREATE TABLE teaching (
                id {id},
                school_id bigint NOT NULL REFERENCES org_unit (id),
                class_id bigint NOT NULL REFERENCES school_class (id),
                person_id bigint NOT NULL REFERENCES person (id),
                subject text
            )",
            "CREATE INDEX teaching_person ON teaching (person_id)",
            "CREATE INDEX teaching_class ON teaching (class_id)",
            "CREATE TABLE role_assignment (
                id {id},
                person_id bigint NOT NULL REFERENCES person (id),
                role text NOT NULL,
                org_unit_id bigint NOT NULL REFERENCES org_unit (id),
                UNIQUE (person_id, role, org_unit_id)
            )",
            "CREATE INDEX role_assignment_org_unit ON role_assignment (org_unit_id)",
        ],
    });
    all
}
