# Wording of the printed documents (PDF) and of the files in XLSX and CSV.
# Keys without arguments are handed to the templates under their name without "documents-";
# the keys at the end of the file take arguments and are made into ready sentences before.

documents-demonstration = Demonstration data
documents-demonstration-note = Results in this document are generated for demonstration. They say nothing about real people or schools.
documents-page = Page

documents-school = School
documents-class = Class
documents-grade = Grade
documents-pupil = Pupil
documents-teacher = Teacher
documents-subject = Subject
documents-region = Region
documents-language-of-instruction = Language of instruction
documents-campaign = Campaign
documents-date = Date

documents-tasks = Tasks in the test
documents-correct = Correct answers
documents-unattempted = Not attempted
documents-class-took-part = Pupils of the class who took part
documents-class-place = Place in the class
documents-parallel-took-part = Pupils of the parallel who took part
documents-parallel-place = Place in the parallel
documents-place = Place
documents-result = Result
documents-score = Score
documents-points = Points
documents-standard-error = Standard error
documents-percent = %

documents-number = №
documents-task = Task
documents-section = Section
documents-topic = Topic
documents-criterion = Assessment criterion
documents-skill = Skill
documents-status = Status

documents-status-correct = Correct
documents-status-partial = In part
documents-status-incorrect = Incorrect
documents-status-skipped = Skipped
documents-status-not-reached = Not reached
documents-status-not-given = Not given

documents-skill-a = Knowledge and understanding
documents-skill-b = Application
documents-skill-c = Higher-order skills

documents-individual-title = Individual report
documents-by-task = Result by task
documents-by-section = Result by section
documents-by-skill = Result by skill level
documents-what-next = What to do next
documents-strong = Does well
documents-middle = Nearly there
documents-weak = Needs practice
documents-how-sure = How sure is this result?
documents-next-steps = Next steps

documents-class-title = Class report
documents-matrix = Tasks by pupil
documents-class-share = Class, %
documents-campaign-share = Campaign, %
documents-share-correct = Share correct, %
documents-by-criterion = Share correct by criterion
documents-groups = Groups for tomorrow's lesson
documents-group-pupils = Pupils
documents-need = Need
documents-group-tasks = Tasks
documents-absent = Did not take part
documents-took-part = Took part
documents-enrolled = On the roster
documents-mean = Mean
documents-mean-percent = Mean, %
documents-class-mean = Mean of the class
documents-parallel-mean = Mean of the parallel
documents-campaign-mean = Mean of the campaign
documents-alpha = Reliability (alpha)
documents-standard-error-points = Standard error of a score, points
documents-legend = Marks
documents-no-groups = No task was failed by enough pupils to make a group.
documents-held-back = A mean of fewer than 10 pupils is not shown.
documents-small-is-n = The small number is the number of pupils (n).

documents-school-title = School report
documents-participation = Participation
documents-results-by-subject = Results by subject
documents-results-by-class = Results by class
documents-marks = Term marks, %
documents-gap = Gap
documents-gap-note = Gap: term marks minus monitoring, in percentage points.
documents-lowest = Lowest
documents-highest = Highest
documents-done-well = Done well
documents-done-badly = Needs attention
documents-advice = Advice
documents-campaign-line = Mean of the campaign
documents-standard-error-bar = Whiskers show one standard error of the mean.

documents-presentation-title = Results of the monitoring
documents-overview = In numbers
documents-schools = Schools
documents-pupils = Pupils
documents-tests = Tests
documents-attempts = Results
documents-share-took-part = took part
documents-means-by-subject = Means by subject
documents-means-by-language = Means by language of instruction
documents-kazakh-medium = Kazakh
documents-russian-medium = Russian
documents-difference = Difference
documents-places = Places of the schools
documents-places-note = Equal results share the better place. Difference: place in the first grade minus place in the last grade.
documents-place-difference = Difference of places
documents-marks-and-monitoring = Term marks and monitoring
documents-monitoring = Monitoring
documents-term-marks = Term marks
documents-equal-line = The dashed line shows where term marks equal the monitoring.
documents-fewest = Fewest pupils behind a cell
documents-correlations = Correlation between subjects
documents-findings = Criteria met best and worst
documents-not-taken = not taken

documents-district = District
documents-breakdown = Breakdown
documents-group = Group
documents-scale-score = Scale score
documents-scale-title = Ability scale
documents-scale-mean = Mean on the scale
documents-scale-range-note = The bar shows one standard error.
documents-level = Level
documents-levels = Levels
documents-levels-by-subject = Levels by subject
documents-levels-by-language = Levels by subject and language of instruction
documents-levels-pupils = Pupils by level
documents-level-from = Lowest score
documents-level-chance = Chance

documents-cards-title = Login cards
documents-card-code = Code
documents-card-address = Address
documents-card-when = When
documents-card-help = Open the address, type the code, check your name, press Start.
documents-card-cut = Cut along the dashed lines. One card for each pupil; keep the sheet in a safe place.
documents-paper-date = Date
documents-paper-sheet = Answer sheet
documents-paper-help = Mark one letter in circles, and all that are right in squares. Write clearly.
documents-paper-on-page = answered on the page of the task
documents-paper-picture = picture

# Tables of statistics.
documents-source = Source
documents-not-known = nothing is recorded
documents-target = target value
documents-target-state = against the target
documents-by-people = by people
documents-by-schools = by schools
documents-of-rounded-values = mean of printed values
documents-unit-percentage-points = p.p.
documents-unit-points = points
documents-chart = Chart
documents-chart-bars = Bars
documents-chart-dots = Dots with intervals
documents-chart-lines = Lines over time
documents-chart-distribution = Distribution
documents-chart-multiples = A panel for each column
documents-chart-map = Map
documents-interval-from = 95% interval from
documents-interval-to = to
documents-period = Period
documents-findings-title = Audit of tables
documents-finding = Contradictions
documents-finding-none = Every number that was checked agrees.
documents-finding-checked = Numbers checked
documents-finding-reproduced = Reproduced to the digit
documents-finding-loose = Agree only when read loosely
documents-finding-problem = Problems of the tables
documents-finding-unreadable = Not readable
documents-finding-kind = Kind
documents-finding-place = Where
documents-finding-printed = Printed
documents-finding-computed = Computed
documents-finding-cause = Likely cause

# With arguments.
documents-score-range = With similar tasks the score would most likely lie between { $low } and { $high } of { $maximum }.
documents-grade-name = grade { $grade }
documents-practise = Practise: { $topics }.
documents-keep = Keep it up: { $topics }.
documents-chart-range = From { $low } ({ $low-at }) to { $high } ({ $high-at }).
documents-scale-sentence = Result on the monitoring scale: { $points } ± { $error }. Level “{ $level }”: { $meaning }.
documents-scale-certain = The chance that this is the true level is about { $chance } %.
documents-scale-between = The result lies near a border: this level about { $chance } %, level “{ $other }” about { $other-chance } %.
documents-scale-note = { $mean } is the mean of those who took the test; about two thirds lie between { $low } and { $high }. Each test has its own scale, so scores of different subjects are not compared.
documents-scale-too-few-results = This test has no scale: it has { $n } results, and at least { $minimum } are needed.
documents-scale-too-few-tasks = This test has no scale: { $tasks } of its tasks tell pupils apart, and at least { $minimum } are needed.
documents-scale-too-many-steps = This test has no scale: task { $number } has too many different scores.
documents-scale-not-connected = This test has no scale: its forms share no tasks, so nothing says which is harder.
documents-scale-not-converged = This test has no scale: the calculation did not end. Check the keys of the tasks and score again.
documents-scale-cuts = This test has no scale: the borders of the levels cannot be reached on it or do not rise. Correct the borders.
documents-scale-refused = This test has no scale: { $said }
documents-scale-by-district = Mean on the scale by district, { $grade }
documents-means-by-region = Means by region, { $grade }
documents-highlight-subjects = In { $grade } the highest mean is in { $best } ({ $highest } %), the lowest in { $worst } ({ $lowest } %).
documents-highlight-schools = In { $grade } the indicators of the schools lie between { $low } and { $high } %.
documents-highlight-marks = Schools' own marks minus the monitoring: from { $low } to { $high } percentage points.

# Files that come in: what is wrong with the file.
documents-read-not-a-table = { $file } is not a table: give an XLSX or CSV file.
documents-read-damaged = { $file } cannot be opened: it is damaged or protected with a password ({ $detail }).
documents-read-too-large = { $file } is larger than { $megabytes } MB.
documents-read-too-many-cells = { $file } has { $cells } cells in its tables; at most { $most } are taken at once.
documents-read-several-sheets = { $file } has several sheets with data: { $sheets }. Say which one to take.
documents-read-no-such-sheet = there is no sheet "{ $sheet }"; the sheets are: { $sheets }.
documents-read-empty = { $file } has no data: a row of column heads and at least one row below it are needed.
documents-read-merged = merged cells: { $cells }. Unmerge them, so that every row and column has its own value.
documents-read-no-column = there is no column "{ $column }"; the columns are: { $columns }.
documents-read-column-twice = the column "{ $column }" is there twice: { $columns }.

# What is wrong with a cell, and where it is.
documents-address-row = row { $row }
documents-address-cell = row { $row }, column { $column } ({ $head })
documents-problem-not-a-number = { $place }: "{ $found }" is not a number
documents-problem-not-whole = { $place }: { $found } is not a whole number
documents-problem-out-of-range = { $place }: { $found } is not between { $low } and { $high }
documents-problem-missing = { $place }: the cell is empty
documents-problem-not-one-of = { $place }: "{ $found }" is not one of: { $allowed }
documents-problem-too-many-cells = { $place }: { $found } cells for { $columns } columns; put values that contain the separator in quotes
