# Сеть: школы, классы, люди, работы, журнал
live-stale = Связь прервалась. Данные на странице могли устареть; попытки продолжаются.
filter-all = Все
filter-search = Поиск
filter-name = Имя
count-schools = { $count ->
    [one] { $count } школа
    [few] { $count } школы
   *[other] { $count } школ
}
count-classes = { $count ->
    [one] { $count } класс
    [few] { $count } класса
   *[other] { $count } классов
}
count-pupils = { $count ->
    [one] { $count } ученик
    [few] { $count } ученика
   *[other] { $count } учеников
}
count-people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
}
column-school = Школа
column-region = Область
column-district = Район
column-language = Язык обучения
column-classes = Классов
column-pupils = Учеников
column-class = Класс
column-grade = Параллель
column-school-year = Учебный год
column-name = Фамилия, имя, отчество
column-role = Роль
column-teaches = Преподаёт
column-sex = Пол
column-since = В классе с
column-work = Работа
column-state = Состояние
column-progress = Ход
column-begun = Начало
column-ended = Конец
column-remark = Замечание
column-when = Когда
column-who = Кто
column-act = Что сделано
column-subject = С чем
column-detail = Подробности
column-address = Адрес
role-administrator = администратор
role-centre-specialist = специалист центра
role-coordinator = координатор
role-teacher = педагог
role-pupil = ученик
schools-title = Школы
schools-none = Подходящих школ нет. Измените слова поиска или область.
classes-title = Классы
class-title = Класс { $label }
class-teacher = классный руководитель
staff-title = Сотрудники
pupils-title = Ученики
pupils-none = Подходящих учеников нет. Проверьте написание или выберите другую школу.
sex-f = жен.
sex-m = муж.
subject-mathematics = математика
subject-natural-science = естествознание
subject-physics = физика
subject-chemistry = химия
subject-biology = биология
subject-english = английский язык
subject-kazakh-t1 = казахский язык (Я1)
subject-kazakh-t2 = казахский язык (Я2)
subject-russian-t1 = русский язык (Я1)
subject-russian-t2 = русский язык (Я2)
jobs-title = Фоновые работы
jobs-lead = Длительные работы продолжаются и тогда, когда вы покидаете эту страницу.
jobs-none = Ничего не ожидает и не выполняется.
job-state-waiting = ожидает
job-state-running = выполняется
job-state-done = готово
job-state-failed = не удалось
audit-title = Журнал действий
audit-lead = Всё, что было изменено: кем, когда, откуда. Сначала новые записи.
audit-none = Изменений ещё не было.
audit-older = Более ранние записи
audit-attempt = попытка { $id }
audit-program = программа
filter-submit = Показать
job-campaign-closed = Подсчёт результатов
job-campaign-reports = Все документы кампании
job-campaign-scored = Перенос результатов в таблицы
act-change-password = сменить пароль
act-close-campaign = закрыть тестирование
act-correlate-subjects = подсчитать связь предметов
act-create-campaign = создать кампанию
act-export-tables = выгрузить таблицы
act-import-responses = загрузить ответы теста
act-import-term-marks = загрузить четвертные отметки
act-load-demonstration-attempts = загрузить демонстрацию: попытки
act-load-demonstration-campaign = загрузить демонстрацию: кампания
act-load-demonstration-marks = загрузить демонстрацию: отметки
act-load-demonstration-people = загрузить демонстрацию: люди
act-load-rehearsal = загрузить демонстрацию: репетиция
act-move-window = перенести сроки
act-open-campaign = открыть тестирование
act-prepare-sittings = подготовить сеансы
act-print-login-cards = взять карточки для входа
act-list-files-of-answers = открыть список файлов ответов
act-open-file-of-answer = открыть файл ответа
act-record-absence = отметить отсутствие
act-withdraw-absence = снять отметку об отсутствии
act-reopen-attempt = возобновить попытку
act-request-reports = запросить все документы
act-request-scoring = запросить пересчёт результатов
act-score-school = записать результаты школы
act-test-statistics = записать статистику теста
act-take-documents = взять все документы школы
act-sign-in = войти
act-sign-out = выйти
act-sign-out-everywhere = выйти везде
audit-check = Проверить журнал
audit-sound = Записей в журнале: { $lines }, ни одна не изменена. Квитанция последней записи: { $receipt }. Запишите её в другом месте: при изменении любой записи до неё она станет другой.
audit-broken = Запись { $line } не такая, какой была сделана: её изменили или убрали. Сравните с резервной копией базы.
