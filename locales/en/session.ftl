# First page, signing in, one's own sign-in.
home-title = Zerek
home-lead = An open environment for a network of schools: what pupils can do, and the support that follows.
home-pupil = Sit a test
home-staff = Sign in as staff
sign-in-title = Sign in
sign-in-login = Login
sign-in-password = Password
sign-in-submit = Sign in
sign-in-pupil = I have a test code
sign-in-wrong = Login or password is wrong. Check the keyboard's language and the Caps Lock key.
account-title = My sign-in
account-sessions = Open sessions
account-seen = Last request
account-address = Address
account-agent = Browser
account-this = this session
account-password = Change the password
account-old = Present password
account-new = New password
account-change = Change
account-wrong = The present password is wrong.
account-changed = The password was changed. Sign in with the new one.
account-sign-out-everywhere = Sign out everywhere
account-signed-out = All sessions were ended.
home-welcome = Good day, { $name }
home-now = Now
home-ready = Results
home-campaign = Campaign page
home-nothing = Nothing waits for you. The sections on the left lead to what you may see.
sign-in-too-many = Too many tries. Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
account-new-hint = At least { $count } characters. A phrase of several words is best.
account-too-short = The new password needs at least { $count } characters.
