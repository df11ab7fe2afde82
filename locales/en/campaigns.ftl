# Campaigns, windows, sittings, login cards
campaigns-title = Campaigns
campaigns-none = There is no campaign yet.
campaign-state-planned = planned
campaign-state-open = open
campaign-state-closed = closed
column-campaign = Campaign
column-days = Days
column-day = Day
column-tests = Tests
column-test = Test
column-subject-of-test = Subject
column-items = Tasks
column-minutes = Minutes
column-attempts = Attempts
column-share-finished = Finished, %
column-answered = Answered
column-skipped = Skipped
column-action = To do
participation-school = Participation by school
participation-grade = Participation by grade
participation-language = Participation by language of instruction
window-open = Open the window
window-close = Close the window
window-back = No, back
window-open-question = Open the window of this campaign?
window-open-effect = Pupils can sit their tests on these days: { $days }.
window-open-again = The campaign was closed before and its results were made. They are made again at the next closing.
window-opened = The window is open.
window-close-question = Close the window of this campaign?
window-close-effect = Nobody can sit a test afterwards. Working now: { $working }; their attempts end with the answers saved so far. Not started: { $waiting }. Then the results are made.
window-closed = The window is closed; the results are being made.
sittings-title = Sittings
sittings-none = There is no sitting here yet.
live-title = Live list
live-none = There is no attempt here.
live-not-started = Not started
live-working = Working
live-finished = Finished
live-absent = Absent
live-minutes-left = { $minutes ->
    [one] { $minutes } minute left
   *[other] { $minutes } minutes left
}
live-reopened = { $count ->
    [one] reopened { $count } time
   *[other] reopened { $count } times
}
absence-title = Absence
absence-reason = Why is the pupil absent?
absence-record = Record absence
absence-change = Change absence
absence-withdraw = The pupil has come
absence-recorded = The absence is recorded.
absence-withdrawn = The absence is taken back.
absence-unknown = Choose one of the reasons.
reopen-title = Reopen
reopen-lead = The pupil goes on at the first task without an answer, with the time that was left and the minutes that you add.
reopen-reason = Reason
reopen-reason-hint = What happened, in a few words. It stands in the log.
reopen-minutes = Minutes to add
reopen-minutes-hint = A whole number from 0 to { $most }.
reopen-done = The attempt is open again.
attempt-refused = This attempt does not allow it now: perhaps it was started or ended in the meantime, nothing is left to do, or the window is closed. Look at the live list.
cards-title = Login cards
cards-print = Cards
cards-pdf = PDF: this test
cards-pdf-class = PDF: all tests of the class
cards-lead = Open the PDF to print: ten cards on a sheet, to be cut along the dashes. Whoever sees a code can sign in instead of the pupil, so hand the cards out just before the start. That the cards were taken stays in the audit log.
cards-code = Code
campaign-results = Results
