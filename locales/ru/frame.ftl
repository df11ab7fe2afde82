# What surrounds every page, and errors.
skip-to-content = К содержанию
language-choice = Выбор языка
theme-choice = Выбор оформления
theme-system = Как в системе
theme-light = Светлое
theme-dark = Тёмное
sign-out = Выйти
demonstration-data = Демонстрационные данные: люди и результаты вымышлены.
navigation = Разделы
breadcrumbs = Путь к странице
footer = Zerek: открытая среда для сети школ
nav-network = Сеть
nav-schools = Школы
nav-pupils = Обучающиеся
nav-audit = Журнал действий
nav-jobs = Фоновые работы
nav-assess = Оценивание
nav-campaigns = Кампании
nav-import = Загрузка результатов
nav-teach = Обучение
nav-grow = Развитие
nav-govern = Управление
table-export = Скачать:
table-empty = Здесь пока нет записей.
error-home = На главную
error-sign-in-title = Войдите в систему
error-sign-in = Для этой страницы нужно войти в систему.
error-denied-title = Нет доступа
error-denied = Вашей роли эта страница не открыта. Если она нужна для работы, обратитесь к администратору.
error-not-found-title = Страница не найдена
error-not-found = Такой страницы нет или она удалена. Проверьте адрес.
error-token-title = Страница устарела
error-token = Страница была открыта слишком долго, или вы вошли заново. Вернитесь назад, обновите страницу и повторите. Ничего не изменено.
error-request-title = Запрос непонятен
error-request = Сервер не понял этот запрос. Вернитесь назад и повторите. Ничего не изменено.
error-too-large-title = Файл слишком большой
error-too-large = Файл должен быть не больше 64 МБ. Разделите его на части.
error-internal-title = Ошибка на сервере
error-internal = Ошибка записана в журнал. Повторите немного позже; если она повторится, сообщите администратору.
table-rows = { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[many] { $count } строк
}
