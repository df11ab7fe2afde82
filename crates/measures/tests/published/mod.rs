//! What was published, and which view rebuilds it.

/// View, printed table, and the printed columns in the order of the view's; `-` is not printed there.
pub const TABLES: &[(&str, &str, &str)] = &[
    (
        "table23",
        "001_table23",
        "reason_health reason_change_of_residence reason_inability_to_pay reason_difficulty_mastering_programme reason_entered_college left_total",
    ),
    ("table26", "001_table26", "studying_in_kazakh studying_in_russian students_total"),
    ("table27", "001_table27", "students_total n_5 n_4 n_3 n_2 share_5 share_4 share_3 share_2"),
    ("table28", "001_table28", "students_total n_5 n_4 n_3 n_2 share_5 share_4 share_3 share_2"),
    ("table29", "001_table29", "international republican total"),
    ("table31", "001_table31", "graduates b80_90 b91_100 b101_110 b111_120 b121_123 b124"),
    ("table32", "001_table32", "nis republic_of_kazakhstan republican_schools"),
    ("table33", "001_table33", "astana kokshetau semey"),
    ("table34_altyn_belgi", "001_table34", "altyn_belgi_kazakh altyn_belgi_russian altyn_belgi_total"),
    ("table34_honours", "001_table34", "honours_kazakh honours_russian honours_total"),
    ("table35", "001_table35", "kz_nazarbayev_university kz_other abroad entered_total"),
    ("table35_funding", "001_table35", "with_grant paid entered_total"),
    (
        "table36",
        "001_table36",
        "technical languages_intl_relations_tourism medicine_psychology_biotech economics_finance_law_social? unlabelled_5th? graduates",
    ),
    ("table37", "001_table37", "in_kazakh in_russian total"),
    ("table38_kk", "001_table38", "g1_4_kaz g5_9_kaz g10_11_kaz all_kaz"),
    ("table38_ru", "001_table38", "g1_4_rus g5_9_rus g10_11_rus all_rus"),
    ("table39", "001_table39", "g1_4 g5_9 g10_11 mean"),
    ("table40_7", "001_table40", "g7_pm_q1 g7_pm_q2"),
    ("table40_8", "001_table40", "g8_cb_ib_q1 g8_cb_ib_q2"),
    ("table41", "001_table41", "students_total n_5 n_4 n_3 n_2 share_5 share_4 share_3 share_2"),
    (
        "table42",
        "001_table42",
        "students_total n3_total n3_one_subject n3_two_subjects n3_three_or_more share_total share_one share_two share_three_or_more",
    ),
    (
        "table43",
        "001_table43",
        "students_total n3_total n3_one_subject n3_two_subjects n3_three_or_more share_total share_one share_two share_three_or_more",
    ),
];

pub const QUALITY: &[(&str, [u32; 5])] =
    &[("Streaming", [7, 8, 9, 10, 11]), ("Remote-hub", [12, 13, 14, 16, 18]), ("Offline", [19, 20, 21, 22, 23])];

/// Cells that the facts say do not reproduce; everything else must.
pub const DIFFERING: &[(&str, &str)] = &[
    ("table38_kk total all_kaz: 81.38, printed 84.05", "2B: reproduces only without Astana IB"),
    ("table38_ru total all_rus: 78.36, printed 82.83", "2B: reproduces only without Astana IB"),
    ("table41 Taldykorgan PM share_3: 11.7, printed 11.1?", "2B: misprint"),
    ("quality_Remote-hub_Chemistry 9 change_printed: 0.50, printed 1", "003 2.5 item 1"),
    ("quality_Offline_Mathematics 6 change_printed: 1.20, printed 2", "003 2.5 item 2"),
    ("quality_Offline_Biology 8 change_printed: 7.00, printed 1.4", "003 2.5 item 3"),
];

/// View, printed table and printed columns of everything that is rebuilt.
pub fn published() -> Vec<(String, String, Vec<String>)> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let mut tables: Vec<(String, String, Vec<String>)> =
        TABLES.iter().map(|(view, table, columns)| ((*view).to_owned(), (*table).to_owned(), words(columns))).collect();
    for (model, numbers) in QUALITY {
        for (subject, number) in ["Mathematics", "Physics", "Chemistry", "Biology", "English"].iter().zip(numbers) {
            let columns = words("q1_pct - q2_pct - q3_pct - q4_pct change_printed");
            tables.push((format!("quality_{model}_{subject}"), format!("003_table{number:02}"), columns));
        }
    }
    tables
}
