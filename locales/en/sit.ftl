# A pupil sits a test: the code, the start page, items, the end.
sit-code-title = Sit a test
sit-code-label = Code from your card
sit-code-hint = Capital or small letters, any keyboard: all the same.
sit-code-submit = Go on
sit-code-staff = I am staff
sit-code-length = A code has { $expected } letters and digits, and { $found } were typed. Look at the card again.
sit-code-sign = No code has the sign “{ $sign }”. Look at the card again.
sit-code-unknown = There is no test with this code. Check every sign, or ask your teacher.
sit-code-used = The test with this code was ended on { $at } and cannot be entered again. If that is a mistake, tell your teacher.
sit-code-early = The test opens on { $at }. Come back then with the same code.
sit-code-not-opened = The test is not open yet. Wait for your teacher’s word and try again.
sit-code-closed = The test is closed. Tell your teacher if you have not sat it.
sit-code-closed-at = The time for this test ended on { $at }. Tell your teacher if you have not sat it.
sit-code-too-many = Too many wrong codes were typed here. Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}, or ask your teacher.
sit-leave = Leave
sit-pupil = Pupil
sit-class = Class
sit-tasks = Tasks
sit-minutes = Minutes
sit-rules = Before you start
sit-rule-time = You have { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}. The timer counts from Start and does not stop when you leave the page.
sit-rule-forward = Tasks come one after another. You cannot return to a task that you answered or skipped.
sit-rule-end = The test can be ended after the last task. It cannot be entered again.
sit-rule-connection = If the connection is lost, your answers stay. Open this page again, on any computer, with the same code.
sit-rule-help = Work alone: no books, no internet, no phone. Pen and paper are allowed.
sit-start = Start
sit-task = Task { $n } of { $of }
sit-time-left = Time left:
sit-next = Next
sit-skip = Skip
sit-end = End test
sit-skip-title = Skip task { $n }?
sit-skip-warning = A skipped task counts as not done, and you cannot return to it.
sit-skip-last = This is the last task: the test ends with it. Without an answer { $n ->
    [one] stays { $n } task
   *[other] stay { $n } tasks
}.
sit-skip-back = Back to the task
sit-skip-confirm = Skip
sit-skip-and-end = Skip and end test
sit-all-done = That was the last task
sit-all-done-count = Answered: { $answered } of { $of }.
sit-unanswered = { $n ->
    [0] Every task has an answer.
    [one] Without an answer: { $n } task.
   *[other] Without an answer: { $n } tasks.
}
sit-end-warning = After you end the test it cannot be entered again. All your answers are saved.
sit-finished = The test is ended
sit-ended-pupil = Thank you. Your answers are saved.
sit-ended-time = The time is up. Everything you answered before is saved.
sit-ended-window = The test was closed. Everything you answered before is saved.
sit-receipt = Receipt of your answers. You may write it down: with it the school can show that every answer arrived.
sit-second-tab = This test is open in another tab or window. Work in one of them only.
sit-refused-late = The time was up before this answer arrived, so it does not count. It was kept. If the connection was lost, tell your teacher.
sit-refused-done = Task { $n } was answered or skipped before, perhaps in another tab. Go on with the task below.
sit-refused-order = Another task comes now. Go on with the task below.
sit-refused-empty = Choose an answer, or press “Skip”.
sit-refused-long = The answer is too long. Make it shorter.
sit-refused-now = This is not possible now. Load the page again or ask your teacher.
sit-unread-many = At most { $n } may be chosen. Take the others back.
sit-unread-few = The answer is not complete: at least { $n } must be chosen.
sit-unread-often = The same thing is chosen too often. Allowed: { $n }.
sit-unread-number = A number is needed here, for example 12 or 3.5.
sit-unread-range = This number is out of range. Look at the bounds in the task.
sit-unread-file-large = The file is too large: at most { $n } MB. Choose a smaller one.
sit-unread-file-kind = The file “{ $name }” does not fit this task. Choose a file of another kind.
