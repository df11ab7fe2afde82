# Кампании, сроки, сеансы, карточки
campaigns-title = Кампании
campaigns-none = Кампаний пока нет.
campaign-state-planned = запланирована
campaign-state-open = открыта
campaign-state-closed = закрыта
column-campaign = Кампания
column-days = Сроки
column-day = День
column-tests = Тесты
column-test = Тест
column-subject-of-test = Предмет
column-items = Заданий
column-minutes = Минут
column-attempts = Попыток
column-share-finished = Завершили, %
column-answered = Ответов
column-skipped = Пропущено
column-action = Действие
participation-school = Участие по школам
participation-grade = Участие по параллелям
participation-language = Участие по языкам обучения
window-open = Открыть тестирование
window-close = Закрыть тестирование
window-back = Нет, назад
window-open-question = Открыть тестирование этой кампании?
window-open-effect = Ученики смогут проходить тесты в эти дни: { $days }.
window-open-again = Кампания уже закрывалась, и её результаты подсчитаны. При следующем закрытии они будут подсчитаны заново.
window-opened = Тестирование открыто.
window-close-question = Закрыть тестирование этой кампании?
window-close-effect = После этого никто не сможет проходить тесты. Сейчас работают: { $working }; их попытки завершатся с уже сохранёнными ответами. Не приступили: { $waiting }. Затем будут подсчитаны результаты.
window-closed = Тестирование закрыто, идёт подсчёт результатов.
sittings-title = Сеансы
sittings-none = Сеансов пока нет.
live-title = Ход тестирования
live-none = Попыток нет.
live-not-started = Не приступил
live-working = Работает
live-finished = Завершил
live-absent = Отсутствует
live-minutes-left = { $minutes ->
    [one] осталась { $minutes } минута
    [few] осталось { $minutes } минуты
   *[other] осталось { $minutes } минут
}
live-reopened = { $count ->
    [one] возобновлена { $count } раз
    [few] возобновлена { $count } раза
   *[other] возобновлена { $count } раз
}
absence-title = Отсутствие
absence-reason = Почему ученик отсутствует?
absence-record = Отметить отсутствие
absence-change = Изменить отметку
absence-withdraw = Ученик пришёл
absence-recorded = Отсутствие отмечено.
absence-withdrawn = Отметка об отсутствии снята.
absence-unknown = Выберите одну из причин.
reopen-title = Возобновить
reopen-lead = Ученик продолжит с первого задания без ответа: ему вернутся оставшееся время и добавленные вами минуты.
reopen-reason = Причина
reopen-reason-hint = Коротко напишите, что произошло. Запись останется в журнале.
reopen-minutes = Сколько минут добавить
reopen-minutes-hint = Целое число от 0 до { $most }.
reopen-done = Попытка возобновлена.
attempt-refused = Сейчас с этой попыткой так поступить нельзя: возможно, её уже начали или завершили, все задания пройдены или тестирование закрыто. Посмотрите ход тестирования.
cards-title = Карточки для входа
cards-print = Карточки
cards-pdf = PDF: этот тест
cards-pdf-class = PDF: все тесты класса
cards-lead = Для печати откройте PDF: десять карточек на листе, разрезать по пунктиру. Кто видит код, может войти вместо ученика, поэтому раздавайте карточки перед самым началом. В журнале остаётся запись о том, что карточки взяты.
cards-code = Код
files-title = Файлы ответов
files-lead = Рисунки и другие файлы, которые ученики класса сдали как ответ; видны после окончания попытки. Картинки открываются, остальное сохраняется. В журнале остаётся запись о том, кто открыл список и каждый файл.
files-task = Задание
files-file = Файл
files-kind = Вид
files-size = Кб
files-time = Время
files-none = Файлов нет: в этом тесте их не просят или попытки ещё не окончены.
files-open = Файлы
files-kind-picture = картинка
files-kind-sound = звук
files-kind-film = видео
files-kind-text = текст
files-kind-document = документ
campaign-results = Результаты
