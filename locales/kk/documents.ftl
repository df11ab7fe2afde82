# Баспа құжаттарының (PDF) және XLSX, CSV файлдарының мәтіндері.

documents-demonstration = Демонстрациялық деректер
documents-demonstration-note = Бұл құжаттағы нәтижелер көрсету үшін жасалған. Олар нақты адамдар мен мектептер туралы ештеңе білдірмейді.
documents-page = Бет

documents-school = Мектеп
documents-class = Сынып
documents-grade = Сынып
documents-pupil = Білім алушы
documents-teacher = Мұғалім
documents-subject = Пән
documents-region = Өңір
documents-language-of-instruction = Оқыту тілі
documents-campaign = Науқан
documents-date = Күні

documents-tasks = Тест тапсырмаларының саны
documents-correct = Дұрыс жауаптар саны
documents-unattempted = Орындалмаған тапсырмалар саны
documents-class-took-part = Сыныптан қатысқандар саны
documents-class-place = Сыныптағы орны
documents-parallel-took-part = Параллельден қатысқандар саны
documents-parallel-place = Параллельдегі орны
documents-place = Орны
documents-result = Нәтиже
documents-score = Балл
documents-points = Балл
documents-standard-error = Стандартты қате
documents-percent = %

documents-number = №
documents-task = Тапсырма
documents-section = Бөлім
documents-topic = Тақырып
documents-criterion = Бағалау критерийі
documents-skill = Дағды
documents-status = Жауап мәртебесі

documents-status-correct = Дұрыс
documents-status-partial = Жартылай
documents-status-incorrect = Қате
documents-status-skipped = Өткізілген
documents-status-not-reached = Жетпеген
documents-status-not-given = Берілмеген

documents-skill-a = Білу және түсіну
documents-skill-b = Қолдану
documents-skill-c = Жоғары деңгей дағдылары

documents-individual-title = Жеке есеп
documents-by-task = Тапсырмалар бойынша нәтиже
documents-by-section = Бөлімдер бойынша нәтиже
documents-by-skill = Дағды деңгейлері бойынша нәтиже
documents-what-next = Әрі қарай не істеу керек
documents-strong = Жақсы меңгерген
documents-middle = Меңгеруге жақын
documents-weak = Жаттығу қажет
documents-how-sure = Нәтиже қаншалықты дәл?
documents-next-steps = Келесі қадамдар

documents-class-title = Сынып есебі
documents-matrix = Тапсырмалар мен білім алушылар
documents-class-share = Сынып, %
documents-campaign-share = Науқан, %
documents-share-correct = Дұрыс жауап үлесі, %
documents-by-criterion = Критерийлер бойынша дұрыс жауап үлесі
documents-groups = Ертеңгі сабаққа арналған топтар
documents-group-pupils = Білім алушылар
documents-need = Не қажет
documents-group-tasks = Тапсырмалар
documents-absent = Қатыспағандар
documents-took-part = Қатысқаны
documents-enrolled = Тізім бойынша
documents-mean = Орташа
documents-mean-percent = Орташа, %
documents-class-mean = Сынып орташасы
documents-parallel-mean = Параллель орташасы
documents-campaign-mean = Науқан орташасы
documents-alpha = Сенімділік (альфа)
documents-standard-error-points = Балдың стандартты қатесі
documents-legend = Белгілер
documents-no-groups = Топ құруға жетерліктей білім алушы қателескен тапсырма жоқ.
documents-held-back = 10-нан аз білім алушының орташасы көрсетілмейді.

documents-school-title = Мектеп есебі
documents-participation = Қатысу
documents-results-by-subject = Пәндер бойынша нәтижелер
documents-results-by-class = Сыныптар бойынша нәтижелер
documents-marks = Тоқсан бағалары, %
documents-gap = Алшақтық
documents-gap-note = Алшақтық: тоқсан бағалары мен мониторинг айырмасы, пайыздық тармақпен.
documents-lowest = Ең төмен
documents-highest = Ең жоғары
documents-done-well = Жақсы орындалған
documents-done-badly = Назар аударуды қажет етеді
documents-advice = Ұсыныс
documents-campaign-line = Науқан орташасы
documents-standard-error-bar = Кесінділер орташаның бір стандартты қатесін көрсетеді.

documents-presentation-title = Мониторинг нәтижелері
documents-overview = Сандармен
documents-schools = Мектеп
documents-pupils = Білім алушы
documents-tests = Тест
documents-attempts = Нәтиже
documents-share-took-part = қатысты
documents-means-by-subject = Пәндер бойынша орташа
documents-means-by-language = Оқыту тілі бойынша орташа
documents-kazakh-medium = Қазақ тілі
documents-russian-medium = Орыс тілі
documents-difference = Айырма
documents-places = Мектептердің орны
documents-places-note = Тең нәтижелер жақсырақ орынды бөліседі. Айырма: бірінші сыныптағы орын мен соңғы сыныптағы орын айырмасы.
documents-place-difference = Орындар айырмасы
documents-marks-and-monitoring = Тоқсан бағалары және мониторинг
documents-monitoring = Мониторинг
documents-term-marks = Тоқсан бағалары
documents-equal-line = Үзік сызық тоқсан бағалары мониторингке тең жерді көрсетеді.
documents-fewest = Ұяшықтағы білім алушылардың ең аз саны
documents-correlations = Пәндер арасындағы корреляция
documents-findings = Ең жақсы және ең нашар орындалған критерийлер
documents-not-taken = тапсырмаған

documents-cards-title = Кіру карточкалары
documents-card-code = Код
documents-card-address = Мекенжай
documents-card-when = Уақыты
documents-card-help = Мекенжайды ашып, кодты теріңіз, атыңызды тексеріп, «Бастау» түймесін басыңыз.
documents-card-cut = Үзік сызық бойымен қиыңыз. Әр оқушыға бір карточка; парақты сенімді жерде сақтаңыз.
documents-paper-date = Күні
documents-paper-sheet = Жауап парағы
documents-paper-help = Дөңгелекте бір әріпті, шаршыда барлық дұрыс әріпті белгілеңіз. Анық жазыңыз.
documents-paper-on-page = жауап тапсырма бетінде жазылады
documents-paper-picture = сурет

# Көрсеткіштер кестелері.
documents-source = Дереккөз
documents-not-known = дерек жоқ
documents-target = мақсат
documents-target-state = мақсатқа қатысты
documents-by-people = адамдар бойынша
documents-by-schools = мектептер бойынша
documents-of-rounded-values = басылған мәндердің орташасы
documents-unit-percentage-points = п. т.
documents-unit-points = балл
documents-chart = Диаграмма
documents-chart-bars = Бағандар
documents-chart-dots = Аралығы бар нүктелер
documents-chart-lines = Уақыт бойынша сызықтар
documents-chart-distribution = Үлестірілім
documents-chart-multiples = Әр бағанға бір панель
documents-chart-map = Карта
documents-interval-from = 95 % аралық: төменгі шегі
documents-interval-to = жоғарғы шегі
documents-period = Кезең
documents-findings-title = Кестелерді тексеру
documents-finding = Қайшылықтар
documents-finding-none = Тексерілген сандардың бәрі сәйкес.
documents-finding-checked = Тексерілген сан
documents-finding-reproduced = Дәл шықты
documents-finding-loose = Шамалап қана сәйкес
documents-finding-problem = Кестелердегі қателер
documents-finding-unreadable = Оқылмайды
documents-finding-kind = Түрі
documents-finding-place = Қайда
documents-finding-printed = Басылған
documents-finding-computed = Есептелген
documents-finding-cause = Ықтимал себеп

# Аргументтері бар.
documents-score-range = Ұқсас тапсырмалармен нәтиже { $maximum } балдан { $low } мен { $high } аралығында болар еді.
documents-grade-name = { $grade }-сынып
documents-practise = Жаттығу керек: { $topics }.
documents-keep = Осылай жалғастырыңыз: { $topics }.
documents-chart-range = Ең төменгісі { $low } ({ $low-at }), ең жоғарғысы { $high } ({ $high-at }).

# Кіріс файлдар: файлда не дұрыс емес.
documents-read-not-a-table = { $file } — кесте емес: XLSX немесе CSV файлы керек.
documents-read-damaged = { $file } ашылмайды: файл бүлінген немесе құпиясөзбен қорғалған ({ $detail }).
documents-read-too-large = { $file } { $megabytes } МБ-тан үлкен.
documents-read-too-many-cells = { $file } кестелерінде { $cells } ұяшық бар; бір жолы { $most } ұяшықтан көп алынбайды.
documents-read-several-sheets = { $file } файлында дерегі бар бірнеше парақ бар: { $sheets }. Қайсысын алу керегін көрсетіңіз.
documents-read-no-such-sheet = «{ $sheet }» парағы жоқ; бар парақтар: { $sheets }.
documents-read-empty = { $file } файлында дерек жоқ: баған атаулары бар жол және оның астында кемінде бір жол керек.
documents-read-merged = Біріктірілген ұяшықтар: { $cells }. Әр жол мен бағанда өз мәні тұруы үшін оларды ажыратыңыз.
documents-read-no-column = «{ $column }» бағаны жоқ; бар бағандар: { $columns }.
documents-read-column-twice = «{ $column }» бағаны екі рет кездеседі: { $columns }.

# Ұяшықта не дұрыс емес және ол қайда.
documents-address-row = { $row }-жол
documents-address-cell = { $row }-жол, баған { $column } ({ $head })
documents-problem-not-a-number = { $place }: «{ $found }» — сан емес
documents-problem-not-whole = { $place }: { $found } — бүтін сан емес
documents-problem-out-of-range = { $place }: { $found } саны { $low } мен { $high } аралығында емес
documents-problem-missing = { $place }: ұяшық бос
documents-problem-not-one-of = { $place }: «{ $found }» тізімде жоқ: { $allowed }
documents-problem-too-many-cells = { $place }: { $columns } бағанға { $found } ұяшық; ішінде бөлгіші бар мәндерді тырнақшаға алыңыз
