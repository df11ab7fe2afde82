# The page that checks tables.
auditor-title = Check tables
auditor-lead = Drop a report's tables and see which numbers cannot be right, what would be right, and what was probably done instead. Nothing is kept: the tables leave the server with the page.
auditor-files = Tables
auditor-files-hint = Drop files here or choose them: CSV, XLSX, XLS, ODS or Markdown; at most { $files } files and { $megabytes } MB.
auditor-rules = Rules (TOML)
auditor-rules-hint = Without rules, relations are proposed from the numbers for you to confirm.
auditor-read = Read the tables
auditor-confirm-lead = These relations hold in most rows, so they are probably meant. Untick what is not meant; the rest is checked.
auditor-evidence = holds in { $holds } of { $tried }
auditor-no-relation = The numbers of this table suggest no relation. Write rules to check it.
auditor-check = Check the ticked relations
auditor-again = Other tables
auditor-problems = { $count ->
    [one] One problem of the tables makes numbers unreadable or doubtful.
   *[other] { $count } problems of the tables make numbers unreadable or doubtful.
}
auditor-checked = Numbers checked
auditor-reproduced = Reproduced to the digit
auditor-loosely = Agree only when read loosely
auditor-found = Contradictions
auditor-nothing-checked = Nothing was checked: no relation was ticked, or the cells are not readable.
auditor-all-agree = Every number that was checked agrees.
auditor-some-wrong = { $count ->
    [one] One number does not agree.
   *[other] { $count } numbers do not agree.
}
auditor-csv = Findings as CSV
auditor-pdf = Findings as PDF
auditor-findings = Contradictions
auditor-place = Where
auditor-printed = Printed
auditor-computed = Computed
auditor-cause = Likely cause
auditor-table-wrong = { $count ->
    [0] no contradiction
    [one] one contradiction
   *[other] { $count } contradictions
}
auditor-would-be = would be { $computed }
auditor-does-not-hold = does not hold
auditor-refused = The tables were not checked.
auditor-no-file = Choose at least one file with a table.
auditor-too-much = At most { $files } files and { $megabytes } MB are taken at once.
auditor-too-many-cells = The tables have { $cells } cells; at most { $most } are taken at once. Give fewer tables.
auditor-same-name = Two tables are called “{ $name }”; rename a file.
auditor-form = The form was changed on its way. Choose the files again.
nav-auditor = Check tables
