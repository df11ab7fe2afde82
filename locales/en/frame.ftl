# What surrounds every page, and errors.
skip-to-content = Skip to content
language-choice = Choice of language
theme-choice = Choice of appearance
theme-system = System
theme-light = Light
theme-dark = Dark
sign-out = Sign out
demonstration-data = Demonstration data: people and results are invented.
navigation = Sections
breadcrumbs = Where this page is
footer = Zerek: an open environment for a network of schools
nav-network = Network
nav-schools = Schools
nav-pupils = Pupils
nav-audit = Audit log
nav-jobs = Background work
nav-assess = Assess
nav-campaigns = Campaigns
nav-import = Import results
nav-teach = Teach
nav-grow = Grow
nav-govern = Govern
table-export = Download:
table-empty = There is nothing here yet.
error-home = To the first page
error-sign-in-title = Please sign in
error-sign-in = This page needs somebody who has signed in.
error-denied-title = Not allowed
error-denied = Your role does not open this page. If you need it for your work, ask the administrator.
error-not-found-title = Page not found
error-not-found = There is no such page, or it is gone. Check the address.
error-token-title = The page is too old
error-token = The page was open for too long, or you signed in anew. Go back, reload and try again. Nothing was changed.
error-request-title = The request is not understood
error-request = The server did not understand this request. Go back and try again. Nothing was changed.
error-too-large-title = The file is too large
error-too-large = A file may have 64 MB at most. Split it into parts.
error-internal-title = Something broke on the server
error-internal = The fault was logged. Try again in a moment; if it comes back, tell the administrator.
table-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
