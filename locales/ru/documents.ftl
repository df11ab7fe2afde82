# Тексты печатных документов (PDF) и файлов XLSX и CSV.

documents-demonstration = Демонстрационные данные
documents-demonstration-note = Результаты в этом документе созданы для демонстрации. Они ничего не говорят о настоящих людях и школах.
documents-page = Стр.

documents-school = Школа
documents-class = Класс
documents-grade = Класс
documents-pupil = Обучающийся
documents-teacher = Учитель
documents-subject = Предмет
documents-region = Регион
documents-language-of-instruction = Язык обучения
documents-campaign = Кампания
documents-date = Дата

documents-tasks = Заданий в тесте
documents-correct = Верных ответов
documents-unattempted = Не выполнено
documents-class-took-part = Участвовало в классе
documents-class-place = Место в классе
documents-parallel-took-part = Участвовало в параллели
documents-parallel-place = Место в параллели
documents-place = Место
documents-result = Результат
documents-score = Балл
documents-points = Баллы
documents-standard-error = Стандартная ошибка
documents-percent = %

documents-number = №
documents-task = Задание
documents-section = Раздел
documents-topic = Тема
documents-criterion = Критерий оценивания
documents-skill = Навык
documents-status = Статус ответа

documents-status-correct = Верно
documents-status-partial = Частично
documents-status-incorrect = Неверно
documents-status-skipped = Пропущено
documents-status-not-reached = Не дошёл
documents-status-not-given = Не давалось

documents-skill-a = Знание и понимание
documents-skill-b = Применение
documents-skill-c = Навыки высокого уровня

documents-individual-title = Индивидуальный отчёт
documents-by-task = Результат по заданиям
documents-by-section = Результат по разделам
documents-by-skill = Результат по уровням навыков
documents-what-next = Что делать дальше
documents-strong = Получается хорошо
documents-middle = Почти получается
documents-weak = Нужно потренироваться
documents-how-sure = Насколько точен результат?
documents-next-steps = Следующие шаги

documents-class-title = Отчёт по классу
documents-matrix = Задания и обучающиеся
documents-class-share = Класс, %
documents-campaign-share = Кампания, %
documents-share-correct = Доля верных, %
documents-by-criterion = Доля верных по критериям
documents-groups = Группы для завтрашнего урока
documents-group-pupils = Обучающиеся
documents-need = Что нужно
documents-group-tasks = Задания
documents-absent = Не участвовали
documents-took-part = Участвовало
documents-enrolled = По списку
documents-mean = Среднее
documents-mean-percent = Среднее, %
documents-class-mean = Среднее по классу
documents-parallel-mean = Среднее по параллели
documents-campaign-mean = Среднее по кампании
documents-alpha = Надёжность (альфа)
documents-standard-error-points = Стандартная ошибка балла
documents-legend = Обозначения
documents-no-groups = Нет задания, в котором ошиблось бы достаточно обучающихся для группы.
documents-held-back = Среднее менее чем по 10 обучающимся не показывается.

documents-school-title = Отчёт по школе
documents-participation = Участие
documents-results-by-subject = Результаты по предметам
documents-results-by-class = Результаты по классам
documents-marks = Отметки за четверть, %
documents-gap = Разрыв
documents-gap-note = Разрыв: отметки за четверть минус мониторинг, в процентных пунктах.
documents-lowest = Наименьший
documents-highest = Наибольший
documents-done-well = Выполнено хорошо
documents-done-badly = Требует внимания
documents-advice = Рекомендация
documents-campaign-line = Среднее по кампании
documents-standard-error-bar = Отрезки показывают одну стандартную ошибку среднего.

documents-presentation-title = Результаты мониторинга
documents-overview = В цифрах
documents-schools = Школы
documents-pupils = Обучающиеся
documents-tests = Тесты
documents-attempts = Результаты
documents-share-took-part = участвовали
documents-means-by-subject = Средние по предметам
documents-means-by-language = Средние по языку обучения
documents-kazakh-medium = Казахский
documents-russian-medium = Русский
documents-difference = Разница
documents-places = Места школ
documents-places-note = Равные результаты делят лучшее место. Разница: место в первом классе минус место в последнем.
documents-place-difference = Разница мест
documents-marks-and-monitoring = Отметки за четверть и мониторинг
documents-monitoring = Мониторинг
documents-term-marks = Отметки за четверть
documents-equal-line = Пунктир показывает, где отметки за четверть равны мониторингу.
documents-fewest = Наименьшее число обучающихся в ячейке
documents-correlations = Корреляция между предметами
documents-findings = Лучше и хуже всего выполненные критерии
documents-not-taken = не сдавали

documents-cards-title = Карточки для входа
documents-card-code = Код
documents-card-address = Адрес
documents-card-when = Когда
documents-card-help = Откройте адрес, введите код, проверьте своё имя, нажмите «Начать».
documents-card-cut = Разрежьте по пунктиру. Одна карточка на каждого; храните лист в надёжном месте.
documents-paper-date = Дата
documents-paper-sheet = Бланк ответов
documents-paper-help = В кружках отметьте одну букву, в квадратах — все верные. Пишите разборчиво.
documents-paper-on-page = ответ пишется на странице задания
documents-paper-picture = рисунок

# Таблицы показателей.
documents-source = Источник
documents-not-known = нет данных
documents-target = цель
documents-target-state = относительно цели
documents-by-people = по людям
documents-by-schools = по школам
documents-of-rounded-values = среднее напечатанных
documents-unit-percentage-points = п. п.
documents-unit-points = баллы
documents-chart = Диаграмма
documents-chart-bars = Столбцы
documents-chart-dots = Точки с интервалами
documents-chart-lines = Линии по времени
documents-chart-distribution = Распределение
documents-chart-multiples = По панели на столбец
documents-chart-map = Карта
documents-interval-from = 95 %-й интервал от
documents-interval-to = до
documents-period = Период
documents-findings-title = Проверка таблиц
documents-finding = Противоречия
documents-finding-none = Все проверенные числа сходятся.
documents-finding-checked = Проверено чисел
documents-finding-reproduced = Сходится до знака
documents-finding-loose = Сходится лишь приблизительно
documents-finding-problem = Ошибки в таблицах
documents-finding-unreadable = Не читается
documents-finding-kind = Вид
documents-finding-place = Где
documents-finding-printed = Напечатано
documents-finding-computed = Вычислено
documents-finding-cause = Вероятная причина

# С аргументами.
documents-score-range = С похожими заданиями результат, скорее всего, был бы от { $low } до { $high } из { $maximum }.
documents-grade-name = { $grade } класс
documents-practise = Потренироваться: { $topics }.
documents-keep = Так держать: { $topics }.
documents-chart-range = От { $low } ({ $low-at }) до { $high } ({ $high-at }).

# Входящие файлы: что не так с файлом.
documents-read-not-a-table = { $file } — не таблица: нужен файл XLSX или CSV.
documents-read-damaged = { $file } не открывается: файл повреждён или защищён паролем ({ $detail }).
documents-read-too-large = { $file } больше { $megabytes } МБ.
documents-read-too-many-cells = В таблицах { $file } ячеек: { $cells }; за один раз принимается не больше { $most }.
documents-read-several-sheets = В { $file } несколько листов с данными: { $sheets }. Укажите, какой взять.
documents-read-no-such-sheet = Листа «{ $sheet }» нет; есть листы: { $sheets }.
documents-read-empty = В { $file } нет данных: нужны строка с названиями столбцов и хотя бы одна строка под ней.
documents-read-merged = Объединённые ячейки: { $cells }. Разъедините их, чтобы в каждой строке и столбце стояло своё значение.
documents-read-no-column = Нет столбца «{ $column }»; есть столбцы: { $columns }.
documents-read-column-twice = Столбец «{ $column }» встречается дважды: { $columns }.

# Что не так с ячейкой и где она.
documents-address-row = строка { $row }
documents-address-cell = строка { $row }, столбец { $column } ({ $head })
documents-problem-not-a-number = { $place }: «{ $found }» — не число
documents-problem-not-whole = { $place }: { $found } — не целое число
documents-problem-out-of-range = { $place }: { $found } не лежит между { $low } и { $high }
documents-problem-missing = { $place }: ячейка пуста
documents-problem-not-one-of = { $place }: «{ $found }» — не из списка: { $allowed }
documents-problem-too-many-cells = { $place }: { $found } ячеек на { $columns } столбцов; значения с разделителем внутри заключите в кавычки
