# Страница проверки таблиц.
auditor-title = Проверка таблиц
auditor-lead = Перетащите таблицы отчёта и посмотрите, какие числа не могут быть верны, как было бы верно и что, вероятно, сделали вместо этого. Ничего не сохраняется: таблицы уходят с сервера вместе со страницей.
auditor-files = Таблицы
auditor-files-hint = Перетащите файлы сюда или выберите их: CSV, XLSX, XLS, ODS или Markdown; не больше { $files } файлов и { $megabytes } МБ.
auditor-rules = Правила (TOML)
auditor-rules-hint = Без правил отношения предлагаются по самим числам, а вы их подтверждаете.
auditor-read = Прочитать таблицы
auditor-confirm-lead = Эти отношения выполняются в большинстве строк, значит, вероятно, так и задумано. Снимите лишние отметки; остальное будет проверено.
auditor-evidence = выполняется в { $holds } из { $tried }
auditor-no-relation = Числа этой таблицы не указывают ни на какое отношение. Чтобы проверить её, напишите правила.
auditor-check = Проверить отмеченные отношения
auditor-again = Другие таблицы
auditor-problems = { $count ->
    [one] { $count } ошибка в таблицах делает числа нечитаемыми или сомнительными.
    [few] { $count } ошибки в таблицах делают числа нечитаемыми или сомнительными.
   *[other] { $count } ошибок в таблицах делают числа нечитаемыми или сомнительными.
}
auditor-checked = Проверено чисел
auditor-reproduced = Сходится до знака
auditor-loosely = Сходится лишь приблизительно
auditor-found = Противоречия
auditor-nothing-checked = Ничего не проверено: не отмечено ни одного отношения или ячейки не читаются.
auditor-all-agree = Все проверенные числа сходятся.
auditor-some-wrong = { $count ->
    [one] { $count } число не сходится.
    [few] { $count } числа не сходятся.
   *[other] { $count } чисел не сходятся.
}
auditor-csv = Результаты в CSV
auditor-pdf = Результаты в PDF
auditor-findings = Противоречия
auditor-place = Где
auditor-printed = Напечатано
auditor-computed = Вычислено
auditor-cause = Вероятная причина
auditor-table-wrong = { $count ->
    [0] противоречий нет
    [one] { $count } противоречие
    [few] { $count } противоречия
   *[other] { $count } противоречий
}
auditor-would-be = было бы { $computed }
auditor-does-not-hold = не выполняется
auditor-refused = Таблицы не проверены.
auditor-no-file = Выберите хотя бы один файл с таблицей.
auditor-too-much = За один раз принимается не больше { $files } файлов и { $megabytes } МБ.
auditor-too-many-cells = В таблицах ячеек: { $cells }; за один раз принимается не больше { $most }. Дайте меньше таблиц.
auditor-same-name = Две таблицы называются «{ $name }»; переименуйте файл.
auditor-form = Форма изменилась в пути. Выберите файлы заново.
nav-auditor = Проверка таблиц
