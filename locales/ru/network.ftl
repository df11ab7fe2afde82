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
