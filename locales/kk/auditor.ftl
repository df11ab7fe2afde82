# Кестелерді тексеретін бет.
auditor-title = Кестелерді тексеру
auditor-lead = Есептің кестелерін осында тастаңыз: қай сан дұрыс бола алмайды, дұрысы қандай болар еді және оның орнына не істелген болуы мүмкін. Ештеңе сақталмайды: кестелер бетпен бірге серверден кетеді.
auditor-files = Кестелер
auditor-files-hint = Файлдарды осында тастаңыз немесе таңдаңыз: CSV, XLSX, XLS, ODS не Markdown; ең көбі { $files } файл және { $megabytes } МБ.
auditor-rules = Ережелер (TOML)
auditor-rules-hint = Ереже берілмесе, байланыстар сандардың өзінен ұсынылады, сіз растайсыз.
auditor-read = Кестелерді оқу
auditor-confirm-lead = Бұл байланыстар жолдардың көбінде орындалады, демек, солай ойластырылған болуы мүмкін. Керегі жоғының белгісін алып тастаңыз; қалғаны тексеріледі.
auditor-evidence = { $tried } жолдың { $holds } жолында орындалады
auditor-no-relation = Бұл кестенің сандары ешқандай байланысты меңземейді. Тексеру үшін ереже жазыңыз.
auditor-check = Белгіленген байланыстарды тексеру
auditor-again = Басқа кестелер
auditor-problems = Кестелердегі { $count } қате сандарды оқылмайтын немесе күмәнді етеді.
auditor-checked = Тексерілген сан
auditor-reproduced = Дәл шықты
auditor-loosely = Шамалап қана сәйкес
auditor-found = Қайшылықтар
auditor-nothing-checked = Ештеңе тексерілмеді: бірде-бір байланыс белгіленбеген немесе ұяшықтар оқылмайды.
auditor-all-agree = Тексерілген сандардың бәрі сәйкес.
auditor-some-wrong = { $count } сан сәйкес емес.
auditor-csv = Нәтижелер CSV түрінде
auditor-pdf = Нәтижелер PDF түрінде
auditor-findings = Қайшылықтар
auditor-place = Қайда
auditor-printed = Басылған
auditor-computed = Есептелген
auditor-cause = Ықтимал себеп
auditor-table-wrong = { $count ->
    [0] қайшылық жоқ
   *[other] { $count } қайшылық
}
auditor-would-be = { $computed } болар еді
auditor-does-not-hold = орындалмайды
auditor-refused = Кестелер тексерілмеді.
auditor-no-file = Кестесі бар кемінде бір файл таңдаңыз.
auditor-too-much = Бір жолы { $files } файлдан және { $megabytes } МБ-тан көп алынбайды.
auditor-too-many-cells = Кестелерде { $cells } ұяшық бар; бір жолы { $most } ұяшықтан көп алынбайды. Азырақ кесте беріңіз.
auditor-same-name = Екі кесте «{ $name }» деп аталады; бір файлдың атын өзгертіңіз.
auditor-form = Форма жолда өзгеріп кетті. Файлдарды қайта таңдаңыз.
nav-auditor = Кестелерді тексеру
