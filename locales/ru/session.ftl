# First page, signing in, one's own sign-in.
home-title = Zerek
home-lead = Открытая среда для сети школ: что умеют обучающиеся и как им помочь.
home-pupil = Пройти тест
home-staff = Войти как сотрудник
sign-in-title = Вход в систему
sign-in-login = Логин
sign-in-password = Пароль
sign-in-submit = Войти
sign-in-pupil = У меня код теста
sign-in-wrong = Логин или пароль неверны. Проверьте раскладку клавиатуры и клавишу Caps Lock.
account-title = Моя учётная запись
account-sessions = Открытые сеансы
account-seen = Последний запрос
account-address = Адрес
account-agent = Браузер
account-this = этот сеанс
account-password = Смена пароля
account-old = Нынешний пароль
account-new = Новый пароль
account-change = Сменить
account-wrong = Нынешний пароль неверен.
account-changed = Пароль изменён. Войдите с новым паролем.
account-sign-out-everywhere = Выйти на всех устройствах
account-signed-out = Все сеансы закрыты.
home-welcome = Здравствуйте, { $name }
home-now = Сейчас
home-ready = Результаты
home-campaign = Страница кампании
home-nothing = Сейчас ничего не ждёт вас. Разделы слева ведут ко всему, что вам доступно.
sign-in-too-many = Слишком много попыток. Повторите через { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[many] { $minutes } минут
}.
account-new-hint = Не меньше { $count } знаков. Лучше всего фраза из нескольких слов.
account-too-short = В новом пароле должно быть не меньше { $count } знаков.
