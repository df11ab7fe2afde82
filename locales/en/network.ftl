# Network: schools, classes, people, background work, audit log
live-stale = The connection is lost. What you see may be out of date; the page keeps trying.
filter-all = All
filter-search = Search
filter-name = Name
count-schools = { $count ->
    [one] { $count } school
   *[other] { $count } schools
}
count-classes = { $count ->
    [one] { $count } class
   *[other] { $count } classes
}
count-pupils = { $count ->
    [one] { $count } pupil
   *[other] { $count } pupils
}
count-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
column-school = School
column-region = Region
column-district = District
column-language = Language of instruction
column-classes = Classes
column-pupils = Pupils
column-class = Class
column-grade = Grade
column-school-year = School year
column-name = Name
column-role = Role
column-teaches = Teaches
column-sex = Sex
column-since = In the class since
column-work = Work
column-state = State
column-progress = Progress
column-begun = Begun
column-ended = Ended
column-remark = Remark
column-when = When
column-who = Who
column-act = What was done
column-subject = To what
column-detail = Details
column-address = Address
role-administrator = administrator
role-centre-specialist = centre specialist
role-coordinator = coordinator
role-teacher = teacher
role-pupil = pupil
schools-title = Schools
schools-none = No school matches. Change the words or the region.
classes-title = Classes
class-title = Class { $label }
class-teacher = class teacher
staff-title = Staff
pupils-title = Pupils
pupils-none = No pupil matches. Check the spelling or choose another school.
sex-f = female
sex-m = male
subject-mathematics = mathematics
subject-natural-science = natural science
subject-physics = physics
subject-chemistry = chemistry
subject-biology = biology
subject-english = English
subject-kazakh-t1 = Kazakh (T1)
subject-kazakh-t2 = Kazakh (T2)
subject-russian-t1 = Russian (T1)
subject-russian-t2 = Russian (T2)
jobs-title = Background work
jobs-lead = Long work goes on when you leave this page.
jobs-none = Nothing is waiting or running.
job-state-waiting = waiting
job-state-running = running
job-state-done = done
job-state-failed = failed
audit-title = Audit log
audit-lead = Everything that was changed: by whom, when, from where. The newest first.
audit-none = Nothing has been changed yet.
audit-older = Older lines
audit-attempt = attempt { $id }
audit-program = the program
filter-submit = Show
job-campaign-closed = Making results
job-campaign-reports = All documents of a campaign
job-campaign-scored = Results into the tables
act-change-password = change password
act-close-campaign = close campaign
act-correlate-subjects = correlate subjects
act-create-campaign = create campaign
act-export-tables = export tables
act-import-responses = import responses
act-import-term-marks = import term marks
act-load-demonstration-attempts = load demonstration: attempts
act-load-demonstration-campaign = load demonstration: campaign
act-load-demonstration-marks = load demonstration: marks
act-load-demonstration-people = load demonstration: people
act-load-rehearsal = load demonstration: rehearsal
act-move-window = move window
act-open-campaign = open campaign
act-prepare-sittings = prepare sittings
act-print-login-cards = print login cards
act-list-files-of-answers = list files of answers
act-open-file-of-answer = open file of answer
act-record-absence = record absence
act-withdraw-absence = withdraw absence
act-reopen-attempt = reopen attempt
act-request-reports = request reports
act-request-scoring = request scoring
act-score-school = score school
act-test-statistics = test statistics
act-take-documents = take documents
act-sign-in = sign in
act-sign-out = sign out
act-sign-out-everywhere = sign out everywhere
audit-check = Check the log
audit-sound = The log has { $lines } lines, none of them was changed. Receipt of the last line: { $receipt }. Write it down elsewhere: it changes with any line before it.
audit-broken = Line { $line } is not what was once written: it was changed or taken out. Compare with a backup of the database.
