# The catalogue of messages

# General
skip = Skip to the content
loading = One moment…
close = Close
cancel = Cancel
back = Back
next = Next
later = Later
save = Save
saved = Saved
try-again = Try again
never = Never
edit = Edit
no-name = (no name)
empty-value = (empty)
filters-off = Show everything
nothing-found = Nothing matches. Change the search or the filters.
found = { $count } of { $total }
open-accounts = Open the accounts
side-zoho = Zoho
side-google = Google
module-Contacts = Contacts
module-Leads = Leads
module-Vendors = Vendors
module-Contacts-hint = People at your customers.
module-Leads-hint = People who may become customers.
module-Vendors-hint = Your suppliers, by company name.
modules-used = Already synced: { $modules }.

# Navigation
nav-label = Screens
nav-overview = Overview
nav-needs-you = Needs you
nav-needs-you-count =
    { $count ->
        [one] One thing needs you
       *[other] { $count } things need you
    }
nav-history = History
nav-contacts = Contacts
nav-settings = Settings
sandbox-title = Sandbox
sandbox-text = Sample people only. Edit them by hand on these pages:
link-sandbox_zoho = Open Zoho's page
link-sandbox_google = Open Google's page
window-title-sandbox = Renraku – sandbox

# Leaving a screen
leave-title = Save your changes?
leave-text = You changed settings of this sync and have not saved them.
leave-discard = Do not save
leave-stay = Keep editing
copy = Copy
copied = Copied
unopened-title = The page could not be opened
unopened-text = Open this address in any browser:
unopened-address = Address of the page
unopened-again = Show the address

# The menu of the right button
menu-cut = Cut
menu-copy = Copy
menu-paste = Paste
menu-select-all = Select all

# Closing
close-notice-title = Renraku keeps running in the tray
close-notice-text = Closing the window does not stop the sync. Renraku stays as an icon in the tray; its menu opens the window again or quits. You can change this in the settings.
close-notice-keep = Keep running in the tray
close-notice-quit = Quit
end-title = Quit in the middle of a sync?
end-text = Closing the window quits Renraku, and a sync is running. Nothing is lost: what has been written stays, and the next start continues where it stopped.
end-quit = Quit now
end-stay = Keep syncing

# Blocked
blocked-title = Renraku cannot open its data
blocked-lead = Nothing was changed in Zoho or Google.
blocked-data = Data folder: { $folder }

# Welcome
welcome-title = Keep Zoho and Google Contacts in step
welcome-lead = Connect both accounts, choose what to sync, look at the plan, and start. Your contacts travel directly between the two, with no server in between.
welcome-sandbox = You are in the sandbox: both accounts are built in, with sample people. No real account is touched.
welcome-try-sandbox = Just looking? The sandbox opens beside this window, with sample people and no account.
welcome-open-sandbox = Try the sandbox
welcome-next = Then: choose what to sync
welcome-next-text = Three short steps. You see the whole plan before anything is written.
welcome-start = Set up the sync
welcome-promise-plan = Nothing is written before you have approved the plan.
welcome-promise-machine = Your sign-ins never leave this computer.
welcome-promise-undo = Every change is kept in the history and can be undone.

# Accounts
account-zoho = Zoho CRM
account-google = Google Contacts
account-zoho-about = You sign in on Zoho's own page in your browser. Renraku never sees your password.
account-google-about = You sign in on Google's own page in your browser. Leave the box for your contacts ticked.
account-connect-zoho = Connect Zoho
account-connect-google = Connect Google
account-zoho-first = Connect Zoho first.
account-connected = Connected
account-other-port = Choose another port
account-other-title = Another account has signed in
account-other-text = { $now } has signed in to { $service }, and { $before } is connected. Nothing was changed. If you take the other account, the syncs of { $before } are paused until you connect it again, and nothing is synced until you set up a sync for the other account.
account-other-take = Take the other account
account-other-leave = Keep mine
account-connected-said = { $service } is connected.
account-lost = Signed out
account-reconnect = Sign in again
account-disconnect = Disconnect
account-email = Account
account-organisation = Organisation
account-data-centre = Data centre
account-rights = Rights
account-rights-zoho = Records of the modules you sync
account-rights-google = Contacts and labels
account-without-pkce-ask = Does Zoho show an error page?
account-without-pkce = Sign in without PKCE
account-waiting = Waiting for you to sign in, in the browser…
account-open-clients = Open the settings
account-access-page-zoho = Apps with access to Zoho
account-access-page-google = Apps with access to Google
disconnect-title = Disconnect { $service }?
disconnect-text = Renraku gives its access back and forgets the sign-in. Your settings and all contacts on both sides stay as they are. Nothing is synced until you connect again.
data-centre-us = United States
data-centre-eu = Europe
data-centre-in = India
data-centre-au = Australia
data-centre-jp = Japan
data-centre-cn = China
data-centre-ca = Canada
data-centre-uk = United Kingdom
data-centre-sa = Saudi Arabia
data-centre-ae = United Arab Emirates
lost-title = { $service } asks you to sign in again
lost-text = The sign-in has expired or was revoked. Nothing is lost: syncing continues as soon as you have signed in.

# The way to a registration (an OAuth client) of one's own
copy-name = Copy { $name }
copied-said = Copied: { $name }
copy-failed = It could not be copied. It is selected now: copy it with the keyboard.
page-address-name = the address
guide-title-zoho = Connect Zoho
guide-title-google = Connect Google
guide-step = Step { $step } of { $count }
guide-leave = Back to the accounts
guide-kept = You can stop here and go on later.
guide-save = Save and go on
guide-ways-text-zoho = Zoho only lets programs in that your company has registered. That is done once, costs nothing, and no password is handed over. Choose what suits you.
guide-ways-text-google = Google only lets programs in that your company has registered. That is done once, costs nothing, and no password is handed over. Choose what suits you.
way-self = Do it now
way-self-hint-zoho = You are led through it, one step a screen. It takes about three minutes and your sign-in to Zoho.
way-self-hint-google = You are led through it, one step a screen. It takes about five minutes and a Google account.
way-self-begin = Begin
way-file = I have a file from my administrator
way-file-hint = Drop it anywhere on this window, or choose it here.
way-letter = Ask my administrator
way-letter-hint = A letter that says exactly what is needed. Copy it into an e-mail.
way-letter-open = Show the letter
client-drop = Drop the file here, or choose it
client-file-without = The file was loaded, but it has no registration with { $service } in it.
client-file-other = This file holds no registration with { $service }. Nothing was taken from it.
drop-anywhere = Drop your administrator's file here
drop-taken = The file is loaded
drop-taken-text = Ready to connect: { $services }.
drop-refused = This file cannot be used

guide-zoho-ways = Zoho does not know Renraku yet
guide-zoho-country = Where is your Zoho account?
guide-zoho-console = Begin in Zoho's API console
guide-zoho-form = Fill in Zoho's form
guide-zoho-keys = Paste what Zoho shows you
guide-zoho-sign-in = Sign in to Zoho
zoho-country-text = Each region has a Zoho of its own. Yours is at the end of the address that you see when you work in Zoho CRM, such as crm.zoho.jp.
zoho-country-legend = Country or region
zoho-country-suggested = { $domain } – suggested
zoho-console-open = Open the console and sign in with your Zoho account.
zoho-console-add = Press “ADD CLIENT”. On a first visit the button is called “GET STARTED”.
zoho-console-kind = Among the kinds, choose “Server-based Applications” and press “CREATE NOW”.
zoho-form-text = Copy each value into its field, exactly as it is.
zoho-form-create = Then press “CREATE”.
zoho-keys-text = Zoho now shows a client id and a client secret, on the tab “Client Secret”. Copy both and paste them here.
redirect-other = Another address than this one
redirect-other-text = After the sign-in, the browser comes back to Renraku here. Change it only where this port is taken on your computer; Zoho's form must say the same.
redirect-host = Host name
redirect-port = Port
client-right = Looks right
client-kept = The secret is kept in this computer's keychain and goes nowhere but to the service itself.
guide-sign-in-text-zoho = Renraku is registered. Now sign in as always: the browser opens Zoho's own page.
guide-sign-in-text-google = Renraku is registered. Now sign in as always: the browser opens Google's own page.
guide-onward = To the overview
guide-onward-zoho = Go on with Zoho
guide-onward-google = Go on with Google

guide-google-ways = Google does not know Renraku yet
guide-google-project = Create a project
guide-google-api = Switch the People API on
guide-google-consent = Say who may sign in
guide-google-publish = Take it into production
guide-google-client = Make a client for desktop apps
guide-google-file = Give the file to Renraku
guide-google-sign-in = Sign in to Google
google-open-project = Open Google's console and sign in.
google-open-api = Open the page of the People API: Renraku reads and writes your contacts through it.
google-open-consent = Open the page and press “Get started”.
google-open-publish = Open the page “Audience”.
google-open-client = Open the page and press “Create client”.
google-project-name = Name the project. Any name will do.
google-project-create = Press “Create” and wait until Google says that it is ready.
google-api-project = See that your project is chosen at the top.
google-api-enable = Press “Enable”.
google-consent-name = Enter the app's name, and your own e-mail address for support.
google-consent-audience = As audience choose “Internal”, if your company has Google Workspace and all who use Renraku belong to it; otherwise “External”.
google-consent-create = Enter your e-mail address once more, agree, and press “Create”.
google-publish-why = As long as the app is in “Testing”, Google ends every sign-in after seven days, and Renraku would ask you to sign in again each week. In production the sign-in stays.
google-publish-press = Under “Publishing status”, press “Publish app” and confirm.
google-publish-seen = It now says “In production”. Google need not verify anything for up to 100 people.
google-publish-internal = If you chose “Internal”, there is nothing to publish here: go on.
google-client-create = As application type choose “Desktop app”, name it, and press “Create”.
google-client-download = In the window that opens, press “Download JSON”. The secret is shown only this once.
google-file-text = Drop the file that you have just downloaded. Its name begins with client_secret.
client-drop-google = Drop the JSON file here, or choose it
client-paste = Or paste the file's text
google-file-none = No file? Enter id and secret
unverified-title = “Google hasn't verified this app”
unverified-text = Google may show this page first. It only means that Google has not looked at your registration, which is your own. Press “Advanced”, then “Go to Renraku”.

drawing-zoho-kinds = Drawing of Zoho's console: “ADD CLIENT” at the top right, and “Server-based Applications” in the list of kinds.
drawing-zoho-form = Drawing of Zoho's form with the three values in their fields and the button “CREATE”.
drawing-zoho-keys = Drawing of the tab “Client Secret” with the client id above the client secret.
drawing-google-project = Drawing of Google's form for a new project with its name and the button “Create”.
drawing-google-api = Drawing of the People API's page with the chosen project and the button “Enable”.
drawing-google-audience = Drawing of the app's name and of the choice between “Internal” and “External”.
drawing-google-publish = Drawing of the publishing status “Testing” with the button “Publish app” below it.
drawing-google-client = Drawing of the type “Desktop app” and of the button “Download JSON”.
drawing-unverified = Drawing of Google's warning: “Advanced” opens the link “Go to Renraku”.
drawn-new-project = New project
drawn-project-name = Project name
drawn-create = Create
drawn-enable = Enable
drawn-app-name = App name
drawn-audience = Audience
drawn-internal = Internal
drawn-external = External
drawn-status = Publishing status
drawn-testing = Testing
drawn-publish = Publish app
drawn-type = Application type
drawn-desktop = Desktop app
drawn-client-name = Name
drawn-client-made = OAuth client created
drawn-download = Download JSON
drawn-unverified = Google hasn’t verified this app
drawn-advanced = Advanced
drawn-safety = Back to safety
drawn-go = Go to Renraku (unsafe)

letter-title = Letter to the administrator
letter-text = It holds no secret. Copy it into an e-mail or a chat.
letter-copy = Copy the letter
letter-copied = The letter is copied.
letter =
    Hello,

    I would like to use Renraku. It runs on my computer and keeps our Zoho CRM and my Google contacts in step, with no server in between. It has to be registered once for our company. Could you do that? It takes about ten minutes and costs nothing.

    1. Zoho: in the API console of our region (for example https://api-console.zoho.com/), add a client of the kind “Server-based Applications”:
       Client Name: { $name }
       Homepage URL: { $homepage }
       Authorized Redirect URIs: { $redirect }

    2. Google: at https://console.cloud.google.com/, make a project, enable the People API, set up the app under Google Auth Platform (audience “Internal”, or “External” with “Publish app”), and make a client of the type “Desktop app”. Download its JSON file.

    3. Put both together: Renraku has “Make a file for my colleagues” in its settings, under OAuth clients. It writes renraku-clients.json. Whoever drops that file on Renraku's window can connect.

    The file holds the clients' secrets, so please send it by a way that only our company can read. It gives no access to any data: everyone still signs in with their own account.

    Thank you!

client-line-built_in = Ready to connect.
client-line-file = Uses your organisation's registration.
client-line-settings = Uses your own registration.
client-line-environment = Uses the registration set for this computer.
client-outranked = The file that was loaded has another registration with { $service }, but the one set for this computer (in the environment, or named by RENRAKU_CLIENTS) is in force. The file's counts once that is gone.
client-environment-unused = The environment has { $variables }, which is not used: { $why ->
    [id] a client's settings there count only together with its id. Set { $side ->
        [google] RENRAKU_GOOGLE_CLIENT_ID
       *[zoho] RENRAKU_ZOHO_CLIENT_ID
    } as well, or set it where the client in use comes from: in its file, or in the settings.
   *[name] there is no setting of that name. There are { $side ->
        [google] RENRAKU_GOOGLE_CLIENT_ID and RENRAKU_GOOGLE_CLIENT_SECRET.
       *[zoho] RENRAKU_ZOHO_CLIENT_ID, RENRAKU_ZOHO_CLIENT_SECRET, RENRAKU_ZOHO_DATA_CENTRE, RENRAKU_ZOHO_REDIRECT and RENRAKU_ZOHO_PKCE.
    }
}
client-line-none = Needs a short preparation first. You are led through it.

# Overview
overview-title = Overview
overview-syncs = Syncs
overview-runs = Recent runs
overview-all-runs = All runs
overview-no-runs = No run yet. The first one begins after you approve its plan.
overview-accounts = Connected accounts
sync-now = Sync now
syncing = Syncing…
sync-another = Sync another module
sync-done-said =
    { $count ->
        [one] The sync is done.
       *[other] { $count } syncs are done.
    }
sentence-syncing = A sync is under way.
sentence-signed-out = Nothing is being synced at the moment.
sentence-offline = Offline: complete as of { $time }. Nothing is lost.
sentence-throttled = A service has asked Renraku to wait. Complete as of { $time }; nothing is lost, and it continues by itself.
sentence-alarm = Please choose below what to do about the contacts that disappeared.
sentence-failed = The last run failed. What is shown below may be out of date.
sentence-awaiting = The first plan is ready for your approval. Nothing has been written yet.
sentence-off = All syncs are turned off.
sentence-held = The last run stopped before it wrote anything. Please look at its plan.
sentence-never = The first run is not finished yet: { $modules }.
sentence-up-to-date =
    { $count ->
        [one] Up to date: one contact in step as of { $time }.
       *[other] Up to date: { $count } contacts in step as of { $time }.
    }
sentence-differ =
    { $count ->
        [one] Up to date as of { $time }: { $linked } in step, and one left with different values.
       *[other] Up to date as of { $time }: { $linked } in step, and { $count } left with different values.
    }
sentence-differ-pairs =
    { $count ->
        [one] { $linked } in step, and one left with different values.
       *[other] { $linked } in step, and { $count } left with different values.
    }
sentence-waiting = Complete as of { $time }; { $waiting } waiting for the next run.
sentence-goes-on = Complete as of { $time }; the next run does the rest.
sentence-needs-you =
    { $count ->
        [one] Complete as of { $time }; one needs you.
       *[other] Complete as of { $time }; { $count } need you.
    }
sentence-waiting-and-needs-you =
    { $count ->
        [one] Complete as of { $time }; { $waiting } waiting, one needs you.
       *[other] Complete as of { $time }; { $waiting } waiting, { $count } need you.
    }
pause = Pause
pause-title = Pause the automatic syncs
pause-text = “Sync now” still works in the meantime.
resume = Resume
pause-hour = For one hour
pause-tomorrow = Until tomorrow
pause-resumed = Until I resume
paused = Automatic syncs are paused until you resume them.
paused-until = Automatic syncs are paused until { $time }.
direction-two_way = Two-way sync
direction-zoho_to_google = Zoho → Google
direction-google_to_zoho = Google → Zoho
direction-two_way-hint = Changes travel both ways, field by field.
direction-zoho_to_google-hint = Zoho is the source; nothing is written to Zoho.
direction-google_to_zoho-hint = Google is the source; nothing is written to Google's fields.
state-awaiting_approval = Plan to approve
state-up_to_date = Up to date
state-syncing = Syncing
state-disabled = Off
state-waiting = Some waiting
state-goes-on = More in the next run
state-needs_you = Needs you
state-signed_out = Signed out
state-offline = Offline
state-throttled = Waiting for the service
state-alarm = Contacts disappeared
state-failed = Last run failed
picture-linked = { $count } in step
picture-differ = { $count } left different
picture-kept-out = { $count } not synced
picture-vanished = { $count } disappeared
picture-everybody = All contacts
picture-within-zoho = List view: { $name }
picture-within-google = Label: { $name }
activity-title = The last 30 days
activity-today = today
activity-day = { $day }: { $what }
activity-and = { ", " }
activity-none = no run
activity-quiet = nothing to change
activity-written =
    { $count ->
        [one] one change
       *[other] { $count } changes
    }
activity-deleted =
    { $count ->
        [one] one deletion
       *[other] { $count } deletions
    }
activity-undone =
    { $count ->
        [one] one undone
       *[other] { $count } undone
    }
activity-failed =
    { $count ->
        [one] one run failed
       *[other] { $count } runs failed
    }
activity-held =
    { $count ->
        [one] one run needed you
       *[other] { $count } runs needed you
    }
activity-table = Day by day
activity-date = Day
activity-head-written = Changes
activity-head-deleted = Deletions
activity-head-undone = Undone
activity-head-failed = Failed runs
activity-head-held = Needed you
filter-day-off = { $day }: show all days
fact-last-synced = Last synced
fact-next = Next run
fact-waiting = Waiting
fact-needs-you = Needs you
next-off = Turned off
next-asked = When you ask
next-paused = After the pause
next-signed-out = After you sign in
next-approval = After your approval
next-soon = Soon
see-plan = See the plan
preview-next = Preview the next run
turn-on = Turn on
turn-off = Turn off
turn-off-title = Turn off the sync of { $module }?
turn-off-text = Both sides keep all their contacts, and the settings are kept. Turned on again, it continues without adding anyone twice.
alarm-title =
    { $count ->
        [one] One contact disappeared from { $service }. Nothing was deleted in { $other }.
       *[other] { $count } contacts disappeared from { $service }. Nothing was deleted in { $other }.
    }
alarm-text = They may have been deleted by mistake. Choose what to do; it is done right away.
alarm-ring =
    { $count ->
        [one] One contact disappeared. Please choose what to do.
       *[other] { $count } contacts disappeared. Please choose what to do.
    }
alarm-ring-look = Choose
alarm-put_back = Put all back in { $service }
alarm-delete =
    { $count ->
        [one] Delete it in { $other } too
       *[other] Delete all { $count } in { $other } too
    }
alarm-keep = Keep them in { $other } and stop syncing them
alarm-one_by_one = Decide one by one
alarm-delete-title =
    { $count ->
        [one] Delete one contact in { $other } too?
       *[other] Delete { $count } contacts in { $other } too?
    }
alarm-delete-confirm =
    { $count ->
        [one] Delete one contact
       *[other] Delete { $count } contacts
    }
held-title = { $module }: please check the plan
held-text = The last run stopped before it wrote anything: it would do more than usual, for example delete many contacts. Look at its plan and approve it if it is right.
held-first = Nothing is written before you have looked at the first plan and approved it.

# Progress
phase-starting = Starting…
phase-recovering = Finishing what an interrupted run left open…
phase-reading = Reading…
phase-reading-side = Reading from { $service }…
phase-planning = Working out what to do…
phase-writing = Writing…
phase-writing-side = Writing to { $service }…
phase-waiting = Waiting for the service…
phase-waiting-until = { $service } has asked Renraku to wait until { $time }. It continues by itself.
stop = Stop
stopping = Stopping after what is being sent now…
progress-of = { $done } of { $total }
left-under-a-minute = less than a minute left
left-minutes =
    { $count ->
        [one] about a minute left
       *[other] about { $count } minutes left
    }
left-hours =
    { $count ->
        [one] about one hour left
       *[other] about { $count } hours left
    }

# Runs
outcome-completed = Completed
outcome-partial = Partly done
outcome-held = Needs you
outcome-failed = Failed
wrote-create = { $count } added to { $service }
wrote-update = { $count } changed in { $service }
wrote-delete = { $count } deleted in { $service }
run-undo = Undo: { $what }
run-undo-nothing = Undo: nothing had to be put back
run-signed-out = An account was signed out
run-held = Stopped before anything was written
run-nothing = Both sides already agreed
run-nothing-differ =
    { $count ->
        [one] Nothing had to be written; one contact is left different
       *[other] Nothing had to be written; { $count } contacts are left different
    }
run-nothing-asked =
    { $count ->
        [one] Nothing was written; one contact needs you
       *[other] Nothing was written; { $count } contacts need you
    }
run-title = Run { $run }
run-lasted =
    { $count ->
        [one] took one second
       *[other] took { $count } seconds
    }
run-lasted-minutes = took { $count } minutes
run-requests = requests: { $zoho } to Zoho, { $google } to Google
run-empty-title = Nothing was written
run-empty-text = This run found nothing to change, or it was stopped before it wrote.
run-unknown = There is no such run.
run-list = Contacts of this run
undo = Undo this run
undo-running = Undoing…
undo-title = Undo this run?
undo-contact = Undo for this contact
undo-contact-title = Undo what this run wrote to { $contact }?
undo-text = Every field that was written goes back to the value before it. What was edited after the run stays as it is and is listed for you.
undo-reading = Checking what was edited after the run…
undo-nothing = There is nothing left to put back.
undo-back =
    { $count ->
        [one] One contact gets back the values it had before the run.
       *[other] { $count } contacts get back the values they had before the run.
    }
undo-again =
    { $count ->
        [one] One deleted contact is created again with its synced fields. Its picture, its other labels and whatever else is not synced do not come back.
       *[other] { $count } deleted contacts are created again with their synced fields. Their pictures, their other labels and whatever else is not synced do not come back.
    }
undo-bin =
    { $count ->
        [one] One contact that the run created goes to the bin.
       *[other] { $count } contacts that the run created go to the bin.
    }
undo-label =
    { $count ->
        [one] One contact leaves the label that the run added it to.
       *[other] { $count } contacts leave the label that the run added them to.
    }
undo-join =
    { $count ->
        [one] One contact goes back into the label that an undo had taken it out of.
       *[other] { $count } contacts go back into the label that an undo had taken them out of.
    }
undo-stays =
    { $count ->
        [one] One value was edited after the run, or cannot be changed any more, and stays as it is. It is listed under “Needs you”.
       *[other] { $count } values were edited after the run, or cannot be changed any more, and stay as they are. They are listed under “Needs you”.
    }
undo-list = What the undo changes
undo-confirm-many =
    { $count ->
        [one] Undo for one contact
       *[other] Undo for { $count } contacts
    }
undo-confirm = Undo
undone-all = It was undone.
history-title = History
history-lead = Every run with every field it wrote. Open a run to see before and after, or to undo it.
history-empty-title = No run yet
history-empty-text = As soon as the first sync has run, everything it wrote is listed here.
history-search = Search in all runs
filter-module = Module
filter-module-all = All modules
filter-outcome = Result
filter-outcome-all = All results
filter-wrote = Only with changes
filter-side = Side
filter-side-all = Both sides
filter-writes-to = Writes to { $service }
filter-kind = Kind
filter-kind-all = All kinds

# Plan
plan-title-first = The first plan for { $module }
plan-title = The next run for { $module }
plan-lead = Nothing has been written yet. This is everything the run would write. Anyone you untick is left out.
plan-reading = Reading both sides and working out the plan…
plan-said =
    { $count ->
        [one] The plan is ready: one contact changes.
       *[other] The plan is ready: { $count } contacts change.
    }
plan-export = Save as a table
plan-approve =
    { $deletes ->
        [0] { $count ->
            [one] Approve and sync one contact
           *[other] Approve and sync { $count } contacts
        }
       *[other] { $count ->
            [0] Approve: delete { $deletes }
           *[other] Approve: sync { $count }, delete { $deletes }
        }
    }
plan-approve-nothing = Start syncing
plan-approve-nobody = Approve and sync nobody
plan-approve-held = Approve and continue
plan-approve-answers = Carry out my answers
plan-running = Writing what you approved
plan-running-text = You can leave this screen or close the window; the run goes on. Should it be interrupted, it continues where it was.
plan-running-text-window = You can leave this screen; the run goes on. Should it be interrupted, it continues where it was.
plan-deletes =
    { $count ->
        [one] One contact would be deleted. Deleted contacts go to the service's bin.
       *[other] { $count } contacts would be deleted. Deleted contacts go to the service's bin.
    }
plan-agree-title =
    { $count ->
        [0] Both sides already agree
        [one] Both sides already agree: one pair
       *[other] Both sides already agree: { $count } pairs
    }
plan-agree-text = There is nothing to write.
plan-nothing-else = Apart from that, the run would write nothing.
plan-nobody-title = There is nobody to sync yet
plan-nobody-text = No contact is in the label and the list view of this sync. Add someone on either side, or choose more contacts under “Edit”.
plan-asks =
    { $count ->
        [one] There is one question for you. Nothing is written for that contact until you answer.
       *[other] There are { $count } questions for you. Nothing is written for those contacts until you answer.
    }
plan-answer = Answer
plan-open-questions = { $open } of { $count } still to answer
plan-answered-title = Nothing has to be written to Zoho or Google
plan-answered-text = What you chose takes effect when you approve.
plan-only-asks-title = Nothing to write before you have answered
plan-only-asks-text =
    { $count ->
        [one] There is one question on the tab “Questions”.
       *[other] There are { $count } questions on the tab “Questions”.
    }
plan-tick = Sync { $contact }
plan-ticked =
    { $deletes ->
        [0] { $count } of { $total } contacts are synced
        [one] { $count } of { $total } contacts take part; one of them is deleted
       *[other] { $count } of { $total } contacts take part; { $deletes } of them are deleted
    }
plan-kept-out =
    { $count ->
        [one] One stays out of this sync, until you take it up again under “Contacts”.
       *[other] { $count } stay out of this sync, until you take them up again under “Contacts”.
    }
plan-stays-out = Stays out
plan-differs =
    { $count ->
        [one] the sides differ
       *[other] { $count } differences
    }
plan-difference = { $field }: which value counts?
plan-renewing = Updating the plan…
plan-superseded = A sync has run since this plan was made, so it has changed. This is how it stands now: please look at it before you approve it.
plan-search = Search names and values
plan-list = Planned changes
plan-tabs = Parts of the plan
plan-tab-changes =
    { $count ->
        [0] Nothing changes
        [one] One contact changes
       *[other] { $count } contacts change
    }
plan-tab-questions =
    { $count ->
        [one] One question
       *[other] { $count } questions
    }
plan-tab-matches =
    { $count ->
        [one] One pair recognised
       *[other] { $count } pairs recognised
    }
matches-search = Search names, e-mails and phone numbers
apart = Not the same person
apart-of = { $contact }: not the same person
apart-title = { $contact }: keep the two apart?
apart-text = Renraku remembers it and treats the two as different people from now on. Nothing is deleted. What earlier runs wrote to them stays; you can take it back under “History”.
apart-confirm = Keep them apart
apart-said = The two are kept apart from now on.
totals-side = Written to { $service }
totals-both = Both sides
totals-create = created
totals-update = updated
totals-delete = deleted
totals-to-create = create
totals-to-update = update
totals-to-delete = delete
totals-matched = paired
totals-to-match =
    { $count ->
        [one] pair
       *[other] pairs
    }
totals-conflicts =
    { $count ->
        [one] conflict
       *[other] conflicts
    }
totals-asks = to answer
totals-waiting = waiting
kind-create = Create
kind-update = Update
kind-delete = Delete
column-field = Field
column-before = Before
column-after = After
change-gist-more = { $fields } and { $count } more
overwritten = Not kept from the other side: { $value }
done-title = Result for { $module }
done-completed = Both sides are in step
done-differ =
    { $count ->
        [one] Done; one contact is left different
       *[other] Done; { $count } contacts are left different
    }
done-asks = Done; something needs you
done-partial = Done, but not everything
done-held = The run needs your approval; nothing was written
done-failed = The run could not be finished
done-wrote = { $what }.
done-matched =
    { $count ->
        [one] One pair recognised.
       *[other] { $count } pairs recognised.
    }
done-last-synced = Last synced: { $time }
done-kept-out =
    { $count ->
        [one] One contact was left out, as you chose. You can take it up again under “Contacts”.
       *[other] { $count } contacts were left out, as you chose. You can take them up again under “Contacts”.
    }
done-waiting =
    { $count ->
        [one] One contact is left for the next run.
       *[other] { $count } contacts are left for the next run.
    }
done-overview = To the overview
done-review =
    { $count ->
        [one] See the one that needs you
       *[other] See the { $count } that need you
    }
done-details = Details

# Wizard
wizard-title = Set up a sync
wizard-steps = Steps
wizard-step-1 = What and which way
wizard-step-2 = Fields
wizard-step-3 = Default values
wizard-step-plan = Plan
wizard-step-1-title = What should be kept in step, and which way?
wizard-step-2-title = Map the fields
wizard-step-3-title = Default values for Zoho
wizard-module = Zoho module
wizard-direction = Direction
wizard-winner = If both sides changed the same field
winner-zoho = Zoho overwrites Google
winner-google = Google overwrites Zoho
winner-zoho-hint = The other value stays in the history.
winner-google-hint = The other value stays in the history.
winner-ask = Ask me each time
winner-ask-hint = Each difference is listed under “Needs you”.
wizard-scope = Which contacts
wizard-view = Zoho list view
wizard-view-hint = Only contacts in this view are synced.
wizard-view-all = Everyone you can see in Zoho
take-part-title = Google contacts
take-part-labelled = Only those with a label (recommended)
take-part-labelled-hint = Anyone without the label stays out of your company’s Zoho.
take-part-labelled-zoho_to_google = Contacts from Zoho get the label, so that you find them together.
take-part-everybody = All contacts
take-part-everybody-new =
    { $count ->
        [0] All { $people } of your Google contacts are in Zoho already.
        [one] One of your { $people } Google contacts would be new in Zoho.
       *[other] About { $count } of your { $people } Google contacts would be new in Zoho – friends and family too, if they are among them.
    }
take-part-everybody-most =
    { $count ->
        [one] Your one Google contact would be copied into Zoho, unless it is there already.
       *[other] Up to { $count } of your Google contacts would be new in Zoho – friends and family too, if they are among them.
    }
take-part-everybody-saved = All of your Google contacts take part, as until now.
take-part-everybody-zoho_to_google = Contacts from Zoho are added beside your own, without a label.
wizard-label = Label
wizard-label-hint = Only contacts with this label take part; new ones from Zoho get it.
wizard-label-new = A new label…
wizard-label-name = Name of the new label
wizard-label-name-hint = It is made in Google Contacts with the first sync.
wizard-label-suggested = Zoho CRM
wizard-label-empty-two_way = Nobody has this label yet. Until someone has, only contacts from Zoho are synced.
wizard-label-empty-zoho_to_google = Nobody has this label yet. Contacts from Zoho get it.
wizard-label-empty-google_to_zoho = Nobody has this label yet, so nothing is synced until you give it to someone in Google Contacts.
wizard-label-with-members =
    { $count ->
        [one] { $name } (one contact)
       *[other] { $name } ({ $count } contacts)
    }
wizard-label-with-new =
    { $people ->
        [one] { $name } (one contact, { $count ->
            [0] in Zoho already
           *[other] new in Zoho
        })
       *[other] { $name } ({ $people } contacts, { $count } new in Zoho)
    }
wizard-frequency = Frequency
wizard-frequency-hint = While Renraku is running.
every-15 = Every 15 minutes
every-30 = Every 30 minutes
every-60 = Every hour
every-180 = Every 3 hours
every-720 = Twice a day
every-1440 = Once a day
every-0 = Only when I ask
every-minutes = Every { $count } minutes
wizard-reading = Reading the fields from both accounts…
wizard-kept = Your answers are saved.
wizard-checking = Checking…
wizard-to-plan = See the plan
wizard-all-used = Contacts, Leads and Vendors are all synced already.
fields-title = Mapped fields
fields-lead = Each Zoho field is kept equal to the Google field beside it. Whatever is not listed here stays untouched on both sides.
fields-reset = Back to the suggested mapping
fields-zoho = Zoho field
fields-google = Google field
fields-zoho-row = Zoho field in row { $number }
fields-google-row = Google field for { $field }
fields-choose = Choose a field
fields-mandatory = { $field } (mandatory)
fields-more = Map more fields
fields-remove = Remove { $field }
fields-unsyncable =
    { $count ->
        [one] One Zoho field cannot be synced
       *[other] { $count } Zoho fields cannot be synced
    }
fields-unsyncable-why = Google has no place for values of their types.
custom-title = Custom fields
custom-hint = Ticked fields are kept as custom fields in Google.
custom-none = This module has no custom field that can be synced.
defaults-lead = These values fill a Zoho field when it would otherwise stay empty. They never replace a value that is there.
defaults-not-needed = In this direction nothing is written to Zoho, so no default value is needed.
defaults-mandatory = Mandatory in Zoho.
defaults-wanted = Filled in when it is empty.
defaults-choose = Choose a value
defaults-add = Add a field
defaults-add-choose = Choose a field…
defaults-remove = Remove the default value of { $field }
mistake-some = Nothing was saved yet. Correct the marked fields and save again.
mistake-whose = Please choose which Google contacts take part.
mistake-label-name = Enter the new label’s name, or choose another label above.
mistake-no-zoho = Choose the Zoho field, or remove the row.
mistake-no-google = Choose the Google field, or remove the row.
mistake-no-rows = Map at least one field.
mistake-default-needed = Zoho requires { $field }. Enter a value for contacts that have none.
mistake-too-long = { $field } takes at most { $max } characters.
mistake-email = { $field } must be an e-mail address, such as name@example.com.
mistake-not-in-list = { $field } must be one of its list's values.
mistake-number = { $field } must be a number, such as 12.5.
mistake-date = { $field } must be a date, such as 2026-04-01.
flag-true = Yes
flag-false = No
mistake-limit = Enter a whole number from { $min } to { $max }.

# Google's places
place-names-givenName = First name
place-names-familyName = Last name
place-names-middleName = Middle name
place-names-honorificPrefix = Name prefix
place-names-honorificSuffix = Name suffix
place-names-phoneticGivenName = Phonetic first name
place-names-phoneticFamilyName = Phonetic last name
place-memberships = Google label
place-nicknames = Nickname
place-emailAddresses = E-mail ({ $kind })
place-phoneNumbers = Phone ({ $kind })
place-addresses-streetAddress = Street ({ $kind })
place-addresses-extendedAddress = Address line 2 ({ $kind })
place-addresses-city = City ({ $kind })
place-addresses-region = State or prefecture ({ $kind })
place-addresses-postalCode = Postal code ({ $kind })
place-addresses-country = Country ({ $kind })
place-organizations-name = Company
place-organizations-title = Job title
place-organizations-department = Department
place-birthdays = Birthday
place-urls = Website ({ $kind })
place-biographies = Notes
place-userDefined = Custom field: { $kind }
place-kind-work = work
place-kind-home = home
place-kind-mobile = mobile
place-kind-main = main
place-kind-other = other
place-kind-workFax = work fax
place-kind-homeFax = home fax
place-kind-homePage = home page
place-kind-profile = profile
place-kind-blog = blog
place-kind-workMobile = work mobile
place-kind-otherFax = other fax
place-kind-pager = pager
place-kind-workPager = work pager
place-kind-googleVoice = Google Voice
place-kind-ftp = FTP
place-kind-reservations = reservations
place-kind-appInstallPage = app page

# Edit
edit-title = { $module }: edit the sync
edit-lead = Every setting of this sync. Changes take effect with the next run.
scope-title =
    { $count ->
        [one] One contact is left out by this change
       *[other] { $count } contacts are left out by this change
    }
scope-text = They are synced now, but the label or list view that you chose does not include them. Nothing has been saved yet.
scope-list = Contacts that are left out
scope-question = What should happen to them?
scope-remove = Remove from { $service }
scope-decide-remove = Save, and look at the deletions
scope-reading = Looking who is left out by this change…
outsiders-more = Show the contacts
outsiders-less = Hide the contacts
outsiders-looking = Looking up the contacts…
outsiders-none = Nobody is left out any more.
edit-direction = Direction, scope and frequency
edit-safety = Deletions and matching
edit-export = Save the settings as a file
load-settings = Load settings from a file
load-done = The settings of the file are on screen. They are not saved yet.
mistake-file-not-json = This file is not JSON. Take a file that was saved with “Save the settings as a file”.
mistake-file-other = This file holds no settings of a sync. Take a file that was saved with “Save the settings as a file”.
mistake-file-key = The file has the unknown entry “{ $key }”. Nothing was taken from it.
mistake-file-value = The file’s entry “{ $key }” has a value that cannot be used. Nothing was taken from it.
mistake-file-module = The file is for { $module }. Open that sync to use it.
edit-elsewhere = These settings were changed somewhere else while you had them open here, for example on the command line. If you save, yours take their place.
edit-elsewhere-load = Show the current settings
edit-saved = Saved. The next run follows the new settings.
on-delete = When someone deletes a contact on one side
on-delete-ask = Ask me
on-delete-delete = Delete it on the other side too
on-delete-keep = Keep the other one
on-delete-ask-hint = It is listed under “Needs you”. Nothing is deleted before you decide.
on-delete-delete-hint = It goes to the service's bin. If there are unusually many, you are asked first.
on-delete-keep-hint = It stays and is no longer synced.
match-without-email = Recognise contacts without an e-mail by name and phone
match-without-email-hint = You are always asked about pairs that are not certain.
limits-title = Limits
limits-lead = How many contacts a run may write. The rest is done by the next run.
limit-first_run = First run
limit-later_run = Later runs
limit-google_contacts = Contacts in Google
limit-first_run-hint = Contacts written at most.
limit-later_run-hint = Contacts written at most.
limit-google_contacts-hint = At this many, nothing more is added to Google. Google's own limit is 25,000.

# Needs you
needs-you-title = Needs you
needs-you-lead = What you choose is carried out by the next run.
needs-you-empty-title = Nothing needs you
needs-you-empty-text = Deletions, uncertain pairs and values that a service does not accept appear here.
needs-you-search = Search names and reasons
review-all = All kinds
review-deletion = Deletion
review-match = Same person?
review-invalid = Value not accepted
review-refused = Refused
review-difference = The sides differ
review-frozen = Keeps changing back
review-scope = No longer chosen
review-undo = Not undone
review-mass_change = Many disappeared
review-unreadable = Cannot be read
bulk-label = Many at once
bulk-picked = { $count } of { $total } selected
bulk-choose = { $choice } ({ $count })
bulk-none-in-common = No answer fits all that are selected.
pick = Select { $contact }
pick-kind =
    { $count ->
        [one] Select the one: { $kind }
       *[other] Select all { $count }: { $kind }
    }
chosen = Chosen: { $choice }
choose-for = { $choice }: { $contact }
take-back = Take back
take-back-of = Take back the answer: { $contact }
decided-said =
    { $count ->
        [one] Decided: { $choice }.
       *[other] Decided for { $count }: { $choice }.
    }
who-more = Compare both
taken-back-said = The answer is taken back.
who-this = This one
who-less = Close the comparison
who-gone = Deleted
who-none = No contact in { $service }
who-changed = changed { $time }
who-open = Open in { $service }
who-differs = differs
choice-deletion-delete = Delete
choice-deletion-keep = Keep
choice-deletion-create = Create again
choice-deletion-leave = Leave it
choice-deletion-put_back = Put back
choice-mass_change-put_back = Put all back
choice-mass_change-delete = Delete there too
choice-mass_change-keep = Leave it as it is
choice-mass_change-one_by_one = One by one
choice-unreadable-ignore = Leave it as it is
choice-unreadable-retry = Look again
choice-match-link = Same person
choice-match-separate = Not the same person
choice-match-ignore = Same person: leave this one out
choice-match-keep = Got it
choice-difference-zoho = Take Zoho's
choice-difference-google = Take Google's
choice-invalid-retry = Try again
choice-invalid-ignore = Leave it out
choice-refused-link = Same person
choice-refused-retry = Try again
choice-refused-ignore = Leave it out
choice-frozen-retry = Sync it again
choice-frozen-ignore = Leave it alone
choice-scope-leave = Pause while outside
choice-scope-unlink = Stop syncing
choice-scope-remove = Remove
choice-undo-ignore = Got it
does-deletion-delete = The other one goes to the service's bin, too.
does-deletion-keep = The other one stays and is no longer synced.
does-deletion-create = The contact is created again from the other side.
does-deletion-leave = It stays deleted; the other one is no longer synced.
does-deletion-put_back = The contact is created again where it was deleted and stays synced.
does-mass_change-put_back = They are created again where they disappeared and stay synced.
does-mass_change-delete = The other ones go to the service's bin, too. You are asked about each one that was edited after the last sync.
does-mass_change-keep = The other ones stay and are no longer synced.
does-mass_change-one_by_one = Each becomes a question of its own.
does-unreadable-ignore = The field stays as it is on both sides, and you are not asked again. Everything else is synced.
does-unreadable-retry = The next run looks at it again. Nothing is changed before.
does-match-link = The two become one pair; their fields are brought in step.
does-match-separate = Each stays a contact of its own and is synced. You are not asked again.
does-match-ignore = This contact is not synced. Nothing is changed.
does-match-keep = Nothing is changed. Merge the two yourself, on the side where both are.
does-difference-zoho = Zoho's value is written to Google.
does-difference-google = Google's value is written to Zoho.
does-invalid-retry = The value is sent once more. Correct it first where it comes from.
does-refused-link = The contact and the record that holds the value become one pair; their fields are brought in step.
does-refused-retry = The value is sent once more. Correct it first on either side.
does-refused-ignore = This field of this contact is not synced; all others are.
does-invalid-ignore = This field of this contact is not synced; all others are.
does-frozen-retry = The field is synced again from the next run on.
does-frozen-ignore = The field keeps the value it has on each side.
does-scope-leave = Both contacts stay as they are. As soon as one is back in the label or view, it is synced again.
does-scope-unlink = Both contacts stay as they are. They are not synced any more, even back in the label or view, until you choose “Sync again” under Contacts.
does-scope-remove = The contact outside stays; its counterpart goes to the other service's bin, whoever made it.
does-undo-ignore = The newer value stays. The question goes away.

# Contacts
contacts-title = Contacts
contacts-lead = Everyone on either side, as of the last reading: where each stands, why, and what you can do.
contacts-search = Name, e-mail, phone or company
contacts-all = All
contacts-states = Filter by state
contacts-said =
    { $count ->
        [one] { $count } contact found.
       *[other] { $count } contacts found.
    }
contacts-empty-title = Nobody is known yet
contacts-empty-text = Contacts appear here once a sync is set up and has read both sides.
contacts-none-title = Nobody matches “{ $query }”
contacts-none-text = If the contact is new, sync first and search again.
contacts-none-state = Nobody is in this state
contacts-pick-hint = Hold Shift to select everyone in between.
contacts-bulk = With the selected ones
contacts-leave-out = Leave out ({ $count })
contacts-take-up = Sync again ({ $count })
contacts-unpick = Select none
contacts-left-out-said =
    { $count ->
        [one] { $count } contact is left out from now on.
       *[other] { $count } contacts are left out from now on.
    }
contacts-taken-up-said =
    { $count ->
        [one] { $count } contact is in the next run.
       *[other] { $count } contacts are in the next run.
    }
contact-state-in_step = In step
contact-state-waiting = Waiting
contact-state-needs_you = Needs you
contact-state-differs = Differs
contact-state-kept_out = Left out
contact-state-unlinked = Unlinked
contact-state-failed = Failed
contact-action-resume = Sync again
contact-action-review = Decide under “Needs you”
contact-action-sync = Sync now
contact-action-enable = Turn the sync on
contact-action-edit = Edit the sync
contact-action-leave-out = Leave out
contact-action-unlink = Unlink
contact-action-separate = Not the same person
contact-choose = Choose a contact to see both sides, the reason, and what was written.
contact-close = Close
contact-history = History
contact-history-none = No run has written to this contact.
contact-run = Run { $run }
contact-run-undo = An undo
contact-unlink-title = Unlink { $contact }?
contact-unlink-text = Both contacts stay as they are. They are no longer kept in step, and neither is created again. You can sync them again here at any time.
contact-unlink-confirm = Unlink
contact-unlinked-said = The two are unlinked.

# Settings
settings-title = Settings
settings-look = Language and appearance
settings-language = Language
language-system = Same as the system
language-ja = 日本語
language-en = English
settings-theme = Theme
theme-system = Same as the system
theme-light = Light
theme-dark = Dark
settings-desktop = On this computer
start-at-login = Start when I log in
start-at-login-hint = Renraku starts in the tray, without a window.
start-at-login-hint-window = Renraku starts with its window.
close-to-tray = Keep running in the tray when the window is closed
close-to-tray-hint = Otherwise closing the window quits Renraku.
notifications = Notifications
notifications-hint = Only when something needs you, and when a first run is done.
sync-settings-title = Each sync
sync-settings-lead = Direction, fields, default values, deletions and limits belong to one sync each.
files-title = Contacts as files
files-lead = For other programs, as of the last reading. Only the fields that you sync are written.
files-none = As soon as a sync is set up, its contacts can be saved here.
files-whose = Which contacts
whose-linked = Both, in step
whose-linked-hint = One line for each pair.
whose-zoho = Zoho
whose-zoho-hint = All records of the module.
whose-google = Google
whose-google-hint = All contacts of the account.
files-form = Format
form-csv = Table (CSV)
form-csv-hint = For spreadsheets and for Zoho's import.
form-vcard = Address cards (vCard)
form-vcard-hint = For address books and for Google's import.
files-save = Save the contacts
files-saved =
    { $count ->
        [one] One contact saved
       *[other] { $count } contacts saved
    }
snapshots-title = Before the first run
snapshots-hint = Before a sync writes for the first time, both sides are kept as they are: as tables, as address cards, and as the services gave them. To put something back, import a file at Zoho or Google. The newest five of each module are kept.
snapshots-none = There is none yet. The first one is taken when a sync's first run begins to write.
snapshot-holds = Zoho: { $zoho }, Google: { $google }
snapshot-show = Show the folder
snapshot-show-of = Show the folder: { $module }, { $time }
clients-title = Registration for signing in (OAuth clients)
clients-lead = Zoho and Google let Renraku sign in with a client that is made once at each of them. If somebody gave you an id or a file, it goes here.
client-zoho = Zoho's client
client-google = Google's client
client-source = Comes from
client-source-environment = The environment of this computer (set by whoever manages it)
client-source-file = Your organisation's file
client-source-settings = These settings
client-source-built_in = This release of Renraku
client-source-none = Not set yet
client-set-up = Step by step
client-redirect = Redirect
client-take = A file from your administrator
client-taken = The file is loaded
client-share = Make a file for my colleagues
client-share-text = Whoever drops this file on Renraku can connect at once, with their own account. It contains the clients' secrets: hand it on only within your company, by a way that nobody else can read.
client-share-make = Make the file…
client-pkce = It is a “Mobile-based Application” (signs in with PKCE)
client-pkce-hint = Leave this off for a “Server-based Application”, the type that Connect leads to.
client-advanced = Advanced: clients of your own
client-advanced-text = What you enter here takes the place of a file that you gave. The environment, and a file that lies beside Renraku, go before it.
client-remove = Remove this client
client-centre = Where the client was made
client-centre-hint = The country or region of Zoho's console.
client-centre-named = { $name } ({ $domain })
client-redirect-alone = To choose another port alone, leave the client id and secret empty: they stay those of your organisation's file. Whoever registered the client adds the new redirect at Zoho, beside the one that is there.
client-redirect-hint = Zoho's form must have exactly this redirect: { $redirect }
client-console-zoho = Open Zoho's API console
client-console-google = Open Google's console
client-id = Client id
client-secret = Client secret
client-secret-keeps = Leave it empty to keep the one that is saved.
retention-title = Keeping the history
retention-lead = The history of runs and the copies of deleted contacts are kept for this long; after that a run can no longer be undone. What a question still needs stays.
retention-legend = Keep them for
retention-days = { $days } days
retention-ever = Forever
forget-title = Forget everything on this computer
forget-lead = Ends the sign-ins and removes settings, history and the copies of the contacts. The contacts in Zoho and Google stay as they are.
forget-open = Forget everything…
forget-ask = Forget everything on this computer?
forget-ask-text = This cannot be undone. The contacts in Zoho and Google stay as they are; what Renraku wrote there can no longer be undone from here. Copies that you made yourself, a backup for one, stay where they are.
forget-list = What goes
forget-now = Forget everything
forgotten-title = Everything was forgotten
forgotten-gone = What went
forgotten-left = This could not be removed
forgotten-begin = Start over
support-title = Support
support-lead = A file with states and counts for someone who helps you. It holds no names, addresses or values of contacts.
support-prepare = Prepare the support file
support-preview = This is what the file holds
support-preview-text = Please look at it before you save and pass it on.
about-title = About Renraku
about-version = Version { $version }
about-data = Data folder: { $folder }
about-licence = Free software under the MIT or the Apache 2.0 licence.

# Tray
tray-tooltip = Renraku – { $status }
tray-status-blocked = cannot open its data
tray-status-set-up = set-up needed
tray-status-signed-out = sign in again
tray-status-error =
    { $time ->
        [none] the last run failed
       *[other] the last run failed; complete as of { $time }
    }
tray-status-syncing = syncing…
tray-status-vanished =
    { $sides ->
        [both] contacts disappeared: { $count } from { $service }, { $there } from { $other }; nothing was deleted for it
       *[one] { $count ->
            [one] one contact disappeared from { $service }; nothing was deleted in { $other }
           *[other] { $count } contacts disappeared from { $service }; nothing was deleted in { $other }
        }
    }
tray-status-needs-you =
    { $time ->
        [none] { $count ->
            [one] one thing needs you
           *[other] { $count } things need you
        }
       *[other] { $count ->
            [one] one thing needs you; complete as of { $time }
           *[other] { $count } things need you; complete as of { $time }
        }
    }
tray-status-paused = paused
tray-status-paused-until = paused until { $time }
tray-status-offline =
    { $time ->
        [none] offline
       *[other] offline; complete as of { $time }
    }
tray-status-throttled =
    { $time ->
        [none] waiting for a service
       *[other] waiting for a service; complete as of { $time }
    }
tray-status-waiting =
    { $time ->
        [none] { $count ->
            [0] the next run does the rest
           *[other] { $count } waiting for the next run
        }
       *[other] { $count ->
            [0] the next run does the rest; complete as of { $time }
           *[other] { $count } waiting for the next run; complete as of { $time }
        }
    }
tray-status-up-to-date =
    { $time ->
        [none] up to date
       *[other] up to date, { $time }
    }
tray-status-off = turned off
tray-sync-now = Sync now
tray-open = Open Renraku
tray-pause = Pause
tray-pause-hour = For one hour
tray-pause-tomorrow = Until tomorrow
tray-pause-until-resumed = Until resumed
tray-resume = Resume
tray-needs-you =
    { $count ->
        [0] Needs you
       *[other] Needs you ({ $count })
    }
tray-settings = Settings
tray-quit = Quit

# Notifications
notify-needs-you-title = Renraku needs you
notify-needs-you-body =
    { $count ->
        [one] One contact needs your decision.
       *[other] { $count } contacts need your decision.
    }
notify-vanished-title =
    { $sides ->
        [both] Contacts disappeared: { $count } from { $service }, { $there } from { $other }
       *[one] { $count ->
            [one] One contact disappeared from { $service }
           *[other] { $count } contacts disappeared from { $service }
        }
    }
notify-vanished-body =
    { $sides ->
        [both] Nothing was deleted for it. Choose in Renraku what to do about them.
       *[one] Nothing was deleted in { $other }. Choose in Renraku what to do about them.
    }
notify-signed-out-title = Sign in again
notify-signed-out-body = Nothing is synced until you sign in again.
notify-first-run-title = The first sync is done
notify-first-run-body =
    { $count ->
        [one] One contact is in step now.
       *[other] { $count } contacts are in step now.
    }
notify-held-title = A sync needs your approval
notify-held-body = It would do more than usual, so nothing was written. Please look at its plan.

# Errors
error-told = { $sentence }
error-unexpected = Something unexpected happened: { $detail }
error-login-cancelled = The sign-in was cancelled. Nothing was changed.
error-autostart = The system did not let Renraku change its start at login.
error-save = The file could not be written. Choose another folder.
error-open-folder = The folder could not be opened. Its place is shown beside it.
error-no-question = There is no open question { $item }: it was answered or has gone away. Look at the list again.
error-no-choice = Question { $item } does not offer "{ $choice }"; choose one of: { $choices }.
error-snapshot = What both sides hold could not be kept before the first run, so nothing was written anywhere. Check the free disk space and try again.
error-sandbox = The sandbox could not start: { $detail }
error-sandbox-start = The sandbox could not be opened. Start Renraku with --sandbox.
lack-some = Zoho's sign-in left out some rights ({ $scopes }). As a result: { $costs }. Everything else works, and nothing was lost. To grant them, connect Zoho again and accept everything that its page lists.
lack-and = { "; " }
lack-contacts = contacts cannot be synced
lack-leads = leads cannot be synced
lack-vendors = vendors cannot be synced
lack-companies = companies are read from Zoho but cannot be written there
lack-new-companies = companies that Zoho has no account for cannot be written there
lack-queries = reading takes longer and uses up more of the calls that Zoho allows a day
lack-views = a sync cannot be limited to one of Zoho's list views
lack-deletions = what is deleted in Google cannot be deleted in Zoho
lack-setup = no sync can be set up or changed (those that are set up go on)
error-account-other = { $now } has signed in to { $service }, and { $before } is connected. Nothing was changed and nothing is synced with the other account.
error-not-revoked = { $service } did not confirm that the access was taken back. The account is disconnected here, and Renraku tries again at its next start. To be sure, remove Renraku on { $address }
error-not-revoked-unnoted = { $service } did not confirm that the access was taken back, and that could not be written down on this computer, perhaps because its disk is full. The account may still be shown as connected here. Nothing else changed; free some space and disconnect once more. To be sure, remove Renraku on { $address }
error-parted-unnoted = { $service } has taken the access back, but that could not be written down on this computer, perhaps because its disk is full. Nothing was lost. The account may still be shown as connected here; free some space and disconnect once more.
error-nothing-to-revoke = The account is disconnected here. Its sign-in was no longer in this computer's keychain, so it could not be taken back at { $service }, where it may still be in force. To be sure, remove Renraku on { $address }
error-account-full = Your { $service } account is full, so no contacts can be added there. Everything else goes on.
error-no-token = { $service } answered, but gave no sign-in. Nothing was changed and nothing was lost. Try again in a few minutes; if it stays so, connect the account again.
error-broken-answer = { $service } gave an answer that cannot be read ({ $what }). Nothing was lost; the next run looks again.
error-busy = Another run is under way. Nothing was changed; try again when it is done.
error-client-unknown-there = Zoho's data centre { $centre } does not know this client for a sign-in by code. It may be registered in another data centre (say which one with --data-centre), or be of another type than “Non-browser Mobile Application”. Nothing was changed.
error-redirect-refused = { $service } does not know the address that the sign-in comes back to{ $redirect ->
    [none] {""}
   *[other] {" "}({ $redirect })
}. Enter exactly this one for the client in its console, or the console's one here. Nothing was changed, and what was connected before stays.
error-service-trouble = { $service } was reached, but has a problem of its own at the moment ({ $code }). Nothing was lost, and you are still signed in; it is tried again later.
error-not-taken = { $service } did not take the sign-in, though it was renewed a moment ago. Nothing was lost, and you are still signed in; the next run tries again. If it stays so, connect the account again.
error-page-in-between = A web page answers in place of the service, so this network wants something first: often the sign-in page of a guest network, or a company's proxy. Nothing was lost. Open any page in the browser, sign in to the network there, and try again.
error-proxy-password = The proxy between this computer and the internet wants a user name and a password (407). Nothing was sent and nothing was lost. Ask whoever runs the network for them, and set the proxy as http://name:password@host:port (on Linux in HTTPS_PROXY, else in the system's settings). A proxy that only takes a Windows sign-in (NTLM or Kerberos) is not supported: ask for a way past it for the addresses of Google and Zoho.
error-proxy-away = The proxy that this computer is set to use does not answer. Nothing was sent and nothing was lost. Check the proxy in the system's settings (on Linux HTTPS_PROXY), or take it out if there is none any more.
error-proxy-address = Google and Zoho cannot be reached, and the address of the proxy in the environment variable { $variable } is none that can be used. Nothing was sent and nothing was lost. Write it as http://host:port, or take the variable away if there is no proxy, and start Renraku again.
error-token-gone = The keychain holds no token for { $service }: it is a new keychain, or another one. Nothing was lost. Connect { $service } again.
error-proxy-refused = The proxy between this computer and the internet does not let the connection through. Nothing was sent and nothing was lost. Ask whoever runs the network to allow the addresses of Google and Zoho.
error-client-refused = { $service } does not accept the OAuth client ({ $code }). Check its id and secret in the settings. { $side ->
    [google] Google's desktop clients need their secret too.
   *[zoho] For another data centre, switch it on for the client in Zoho's API console.
}
error-client-changed = { $service } was connected with another OAuth client than the one that is set now, and only that one can renew the sign-in. Nothing was lost, and all settings and links are kept. Connect { $service } again.
error-client-elsewhere = Zoho's client is registered in the data centre { $registered }, not in { $wanted }. Nothing was changed; leave the data centre out, or enter the other client.
error-client-environment = The environment says of Zoho's client { $what ->
    [pkce] “{ $value }” in RENRAKU_ZOHO_PKCE, which is true or false.
   *[centre] “{ $value }” in RENRAKU_ZOHO_DATA_CENTRE, which is no data centre of Zoho's. There are us, eu, in, au, jp, ca, sa, uk, ae and cn.
} Nothing was changed; correct it, and start Renraku again.
error-client-file = The client file{ $file } cannot be used: { $what ->
    [key] it has an unknown key, { $key }.
    [web] it is of a client for web sites. Make one of the type “Desktop app”.
    [id-google] { $key } is “{ $value }”, and Google's client ids end in .apps.googleusercontent.com.
    [id-zoho] { $key } is “{ $value }”, and Zoho's client ids begin with 1000. and go on with letters and digits.
    [id-of-google] { $key } is “{ $value }”, which is a client id of Google's. It belongs under google.
    [id-of-zoho] { $key } is “{ $value }”, which is a client id of Zoho's. It belongs under zoho.
    [secret-of-google] { $key } is a client secret of Google's, not an id.
    [id-letters] { $key } is “{ $value }”, which has a blank or another character that no client id has.
    [id-as-secret] { $key } is a client id. Put the secret that belongs to the id there.
    [missing] { $key } is missing.
    [blank] { $key } is empty. Copy it from the page that shows the id.
    [blank-centre] { $key } is empty. Write where the client is registered: us, eu, in, au, jp, ca, sa, uk, ae or cn. Or leave the line out.
    [blank-redirect] { $key } is empty. Write the address that the client has in Zoho's console, such as http://localhost:48620/callback. Or leave the line out.
    [redirect-scheme] { $key } is “{ $value }”, which does not begin with http://. It looks like http://localhost:48620/callback.
    [redirect-host] { $key } is “{ $value }”, whose host is neither localhost nor 127.0.0.1. It looks like http://localhost:48620/callback.
    [redirect-port] { $key } is “{ $value }”, which lacks a port from 1024 to 65535. It looks like http://localhost:48620/callback.
    [redirect-form] { $key } is “{ $value }”, which is more than a host, a port and a path. It looks like http://localhost:48620/callback.
    [redirect-spelling] { $key } is “{ $value }”, which has capitals before its path; Zoho wants small letters. It looks like http://localhost:48620/callback.
    [centre] { $key } is “{ $value }”, which is no data centre of Zoho's. There are us, eu, in, au, jp, ca, sa, uk, ae and cn.
    [value] { $key } has a value of the wrong kind.
    [json] it is no JSON.
    [twice] the key { $key } stands there twice. Delete the one that is wrong.
    [long] it is too long.
    [empty] it has no client in it.
    [unread] { $value ->
        [missing] there is no such file.
        [denied] this user may not read it.
        [folder] it is a folder.
        [file] it is no file but a device or a pipe.
        [text] it is no text in UTF-8.
       *[broken] the disk does not give it.
    }
   *[other] it is no object with the clients of Google and Zoho.
} Nothing of it was taken.
error-client-id-form = This is no client id of { $service }: { $flaw ->
    [id-of-google] it is one of Google's, and belongs in the field for Google.
    [id-of-zoho] it is one of Zoho's, and belongs in the field for Zoho.
    [secret-of-google] it is a client secret of Google's.
    [id-letters] it has a blank or another character that no client id has.
    [id-google] Google's end in .apps.googleusercontent.com.
   *[id-zoho] Zoho's begin with 1000. and go on with letters and digits.
} Copy the whole id.
error-client-id-missing = The client id for { $service } is missing. Enter the id that belongs to the secret.
error-client-redirect = The redirect “{ $redirect }” { $what ->
    [scheme] does not begin with http://.
    [port] has no port from 1024 to 65535.
    [form] is more than a host, a port and a path.
    [spelling] has capitals before its path; Zoho wants small letters.
   *[host] has a host that is neither localhost nor 127.0.0.1.
} It looks like http://localhost:48620/callback.
error-client-secret-form = What was entered as the client secret of { $service } is a client id of { $flaw ->
    [id-of-google] Google's.
   *[id-of-zoho] Zoho's.
} Nothing was changed. { $side ->
    [google] Copy the client secret instead; Google's begin with GOCSPX-.
   *[zoho] Copy the client secret instead; Zoho shows it below the client id.
}
error-client-secret-missing = The client secret for { $service } is missing. { $side ->
    [google] Google's desktop clients need theirs too.
   *[zoho] Zoho's clients need theirs too, whatever their type.
} Copy it from the page that shows the id.
error-data-folder = The data folder cannot be used{ $cause ->
    [denied] {" "}(this user may not write there)
    [missing] {" "}(what is above it is missing or no folder)
    [full] {" "}(the disk is full)
    [taken] {" "}(in its place is a file, or a link that leads nowhere)
   *[broken] {""}
}. Nothing was lost. Make sure that it is a folder that you may write to, and try again.
error-database = The local database cannot be used now. Nothing was lost; close other copies of Renraku, check the free disk space and try again.
error-database-damaged = The database on this computer is damaged. Nothing was lost in Zoho or Google. Renraku sets the damaged file aside and begins a new one with what can still be read of your accounts and settings; sync again, and you will see the plan before anything is written.
error-database-unreadable = The database file in the data folder cannot be opened{ $cause ->
    [denied] {" "}(this user may not read and write it)
   *[broken] {""}
}. Nothing was lost, and the file was left as it is; make it readable and writable for yourself and try again.
error-forget-busy = A sync is under way, here or in another copy of Renraku. Nothing was removed; stop it or wait until it is done, and try again.
error-database-newer = The local database was written by a newer Renraku. Nothing was changed; install the newest version.
error-endpoints = The services' addresses (RENRAKU_ENDPOINTS) cannot be used: { $why }.
error-expired = { $service } no longer knows where the last run stopped. Nothing was lost; the next run reads everything again.
error-keychain-absent = There is no keychain on this computer that can keep your sign-in. Start one (such as GNOME Keyring or KWallet) and try again; nothing was lost.
error-keychain-empty = The keychain of this computer has no collection yet that keeps sign-ins, and none could be made. { $desktop ->
    [gnome] Open Passwords and Keys (Seahorse), make a new password keyring there and choose “Set as default”.
    [kde] Open the system settings, switch the KDE Wallet on, and make a wallet there.
   *[other] Open the program that keeps your passwords (such as KeePassXC, or Passwords and Keys), switch its Secret Service on, and make a default collection there.
} Then try again; nothing was lost.
error-keychain-locked = The keychain is locked. Unlock it and try again; nothing was lost.
error-keychain-late = The keychain did not answer; it may be waiting for its password. Unlock it and try again; nothing was lost.
error-keychain-refused = The keychain refused access to your sign-in. Allow Renraku to use it and try again; nothing was lost.
error-login-address = The login's address cannot be used. Check the services' addresses.
error-login-answer = { $service } answered the sign-in with something that cannot be used ({ $what }). Nothing was changed, and what was connected before stays. Try again; if it happens again, show this to whoever helps you.
error-login-throttled = { $service } has been asked too much and takes no sign-in { $known ->
    [yes] until { $until }
   *[no] for now
}. Nothing was changed, and what was connected before stays; connect again after that.
error-login-untyped = The code for { $service } was not typed in time, and it is no longer good. Nothing was changed. Connect again and type the new code.
error-centre-unknown = Zoho sends the sign-in on to “{ $named }”, and Renraku signs in nowhere but at Zoho's data centres that it knows (with a file of addresses in RENRAKU_ENDPOINTS: on this computer alone). Nothing was sent there, nothing was changed, and what was connected before stays. Check the data centre and that file; if Zoho has opened a new data centre, update Renraku.
error-login-code = { $service } did not accept the sign-in, perhaps because it took too long. Nothing was changed; try again.
error-login-denied = Access to { $service } was not granted in the browser. Nothing was changed; try again.
error-service-disabled = The People API is switched off for the OAuth client. Nothing was lost; its owner switches it on in Google's console, which may take some minutes.
error-login-no-code = Google gives no access to contacts by a code. Connect it with a browser on this computer.
error-login-late = The sign-in to { $service } was not finished within { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}. Nothing was changed, and what was connected before stays. Perhaps its page was closed, or it opened in another browser or another profile of it. { $side ->
    [google] If Google says that access is blocked or that the app is being tested, whoever made the client adds your address to the test users in Google's console, or publishes the app there.
   *[zoho] If Zoho shows an error page, the redirect in Zoho's API console must be spelled exactly { $redirect }, and the client must be registered in the data centre that the page belongs to. { $pkce ->
        [yes] A client of the type “Server-based” may also refuse to sign in with PKCE; then connect without it.
       *[no] {""}
    }
} Then connect again and finish the sign-in in the browser that opens.
error-login-not-lasting = { $service } gave no lasting access. Remove Renraku under your account's connected apps and try again.
error-no-browser = No browser could be opened. Check which browser is your default and try again.
error-no-client = Renraku is not registered with { $service } yet (there is no OAuth client). The window leads to one under Connect.
error-no-run = There is no run { $run }.
error-no-change = Run { $run } wrote nothing to this contact.
error-no-contact = There is no contact { $contact } in a sync of yours. The list of contacts shows their names.
error-no-counterpart = { $contact } has no counterpart on the other side, so there is nothing to separate.
error-not-connected = No { $service } account is connected. Connect one first.
error-not-set-up = { $module } is not set up yet. Set it up first.
error-nothing-set-up = Nothing is set up for the accounts that are connected. Set a sync up first; what was set up for other accounts is kept.
error-offline = { $service } cannot be reached. Nothing was lost; check the internet connection.
error-port-taken = The port { $port } that the sign-in answers to is taken: by another program, or by another sign-in of Renraku that is waiting. End that and try again, or choose another port for Zoho's client, there and here.
error-refused = { $service } refused a request ({ $code }). Nothing was lost. If it happens again, make the support file in the settings and show it to whoever helps you.
error-rights = { $right ->
    [policy] Your organisation does not allow { $service } to be connected with this app. Nothing was lost; ask your administrator to allow it.
    [api] Your Zoho profile lacks the right "Zoho CRM API Access". Nothing was lost; ask your Zoho administrator for it.
    [sync] Your Zoho profile lacks the right "Sync with Google Contact". Nothing was lost; ask your Zoho administrator for it.
    [unnamed] Your { $service } account lacks a right that this needs, and { $service } does not say which. Nothing was lost; ask your administrator for the rights to view, create, edit and delete what you sync.
   *[other] Your { $service } account lacks a right, which { $service } calls { $permission }. Nothing was lost; ask your administrator for it.
    [records] Your Zoho profile lacks the right to { $verb ->
        [create] create
        [edit] edit
        [delete] delete
       *[view] view
    } { $area ->
        [Contacts] contacts
        [Leads] leads
        [Vendors] vendors
        [Accounts] accounts, where Zoho keeps companies
       *[other] what is in { $area }
    }. Nothing was lost; ask your Zoho administrator for it.
}
error-scope-missing = The { $service } sign-in did not grant access to your contacts. Nothing was lost, and what was set up before stays. Connect again and tick the box for contacts.
error-scope-missing-email = Google did not tell which account this is, because the sign-in left out the right to see its e-mail address. Nothing was lost, and what was connected before stays. Connect again and leave every box ticked.
error-scope-missing-zoho = The { $service } sign-in left out the right { $right ->
    [contacts] to your contacts
    [leads] to your leads
    [vendors] to your vendors
    [accounts] to accounts, where Zoho keeps companies
    [queries] to look records up
    [views] to see Zoho's list views
    [who] to see who you are and in which organisation
   *[setup] to see your modules, fields and layouts, which setting a sync up needs
} ({ $scope }). Nothing was lost, and what was set up before stays. Connect Zoho again and accept everything that its page lists; if it does not list this right, ask your Zoho administrator.
error-setup = { $detail } Nothing was saved; what was set up before stays in force.
error-signed-out = You are signed out of { $service }. All settings and links are kept; sign in again.
error-sync-off = The sync of { $module } is turned off. Turn it on to run it.
error-throttled = { $service } has asked Renraku to wait. Nothing was lost; later runs do the rest.
error-throttled-until = { $service } has asked Renraku to wait until { $until }. Nothing was lost; the rest is done after that.
error-too-slow = { $service } answers too slowly: what it sent had not come to its end after minutes. Nothing was lost; the next sync tries again. If it stays like this, check whether other pages open quickly here.
error-untrusted = { $service } cannot be reached safely: who answers shows a certificate that this computer does not trust. Nothing was sent. A company's proxy may stand in between (then its certificate must be installed on this computer), or the computer's date may be wrong.
error-certificates = The variable { $variable } is set to “{ $file }”, where no certificates can be read, so nobody can be trusted and nothing was sent. Nothing was lost. Let it name the file or folder with your certificates, or unset it, and start Renraku again.
error-tls = Secure connections cannot be set up on this computer.

# The engine's sentences; `.engine` is how the engine says it where the window says it otherwise
engine-changed = It was changed in { $service }.
engine-filled = It was empty here and is filled from { $service }.
engine-won = The two sides differ; { $service } wins in this sync.
engine-chosen = The two sides differed, and you chose { $service }'s value.
engine-new = The contact is new in { $service }.
engine-deleted = The contact was deleted in { $service }.
engine-put-back = It had disappeared from { $service } and was put back.
engine-account = Zoho has no account for this company yet; one is added.
engine-default = Zoho requires a value, so the default value is used.
engine-label = The contact joins the label of this sync.
engine-scope = It is outside the label or view of this sync; you chose to remove it.
engine-echo = It is a second copy that the service made of a contact created by Renraku.
engine-handed-on = Emptied first: another contact gets this value, which may stand in one record only.
engine-undo = A run was undone.
engine-first-plan = The first plan is ready for your approval: { $create } to create, { $update } to update, { $delete } to delete. Nothing was written.
engine-changed-setup = The settings of this sync were changed, so this plan needs your approval: { $create } to create, { $update } to update, { $delete } to delete. Nothing was written.
engine-came-since =
    { $contacts ->
        [one] One contact changed after you looked at the plan. It was left as it is; the next sync looks at it again.
       *[other] { $contacts } contacts changed after you looked at the plan. They were left as they are; the next sync looks at them again.
    }
engine-set-aside = The database on this computer was damaged and is kept as { $file }. Nothing was lost in Zoho or Google. { $kept ->
    [everything] Your accounts, your settings, and whom you left out or keep apart were taken over
    [settings] Your accounts and settings were taken over; whom you had left out or kept apart could not be read, so look for them in the next plan
   *[nothing] Neither accounts nor syncs could be taken over: connect both accounts and set the syncs up again
}; the history so far is in the old file. The next sync reads both sides anew and shows its plan before anything is written.
engine-missing = The database is no longer in the data folder: it was removed or moved. Nothing was lost in Zoho or Google. { $kept ->
    [everything] Your accounts, your settings, and whom you left out or keep apart were taken over
    [settings] Your accounts and settings were taken over; whom you had left out or kept apart could not be read, so look for them in the next plan
   *[nothing] Neither accounts nor syncs could be taken over: connect both accounts and set the syncs up again
}; the history so far is gone with it. The next sync reads both sides anew and shows its plan before anything is written.
engine-first-plan-again = The database on this computer was damaged and is kept as { $file }. Nothing was lost: both sides were read anew, and the plan is ready for your approval ({ $create } to create, { $update } to update, { $delete } to delete).{ $kept ->
    [everything] {""}
   *[other] {" "}Whom you had left out or kept apart could not be read: see that none of them is in it.
} Nothing was written.
engine-first-plan-missing = The database was no longer in the data folder. Nothing was lost in Zoho or Google: both sides were read anew, and the plan is ready for your approval ({ $create } to create, { $update } to update, { $delete } to delete).{ $kept ->
    [everything] {""}
   *[other] {" "}Whom you had left out or kept apart could not be read: see that none of them is in it.
} Nothing was written.
forget-sign-in = The sign-in to { $service } ({ $account }), there and in the keychain
forget-clients = The OAuth clients that were typed or dropped here, with their secrets in the keychain
forget-client-file = The file of OAuth clients in the data folder
forget-snapshots = The snapshots of both sides from before the first run
forget-set-aside = The damaged databases that were set aside
forget-database = The database: settings, pairs, history, and the copies of the contacts
forget-left-sign-in = The sign-in to { $service } ({ $account }): { $service } did not confirm that it was taken back. It stays in the keychain, so that Renraku can try again at its next start, or when you forget everything once more. To be sure now, remove Renraku on { $address }
forget-left-dead-token = In the keychain, the token of the sign-in to { $service } ({ $account }): { $service } has taken it back, so it opens nothing any more, but the keychain would not give it up. Unlock it and forget everything once more; Renraku also tries again at its next start.
forget-left-keychain = The sign-in to { $service } ({ $account }): the keychain could not be reached, so nothing was taken back yet. Unlock it and forget everything once more; Renraku also tries again at its next start. To be sure now, remove Renraku on { $address }
forget-left-no-token = The sign-in to { $service } ({ $account }) as { $service } knows it: it was no longer in this computer's keychain, so it could not be taken back and may still be in force there. Here nothing of it is left. To be sure, remove Renraku on { $address }
forget-left-unknown = A sign-in to { $service } whose account the database no longer knew: it was removed from the keychain, but { $service } may still accept it. To be sure, remove Renraku on { $address }
forget-left-unknown-keychain = A sign-in to { $service } whose account the database no longer knew: the keychain would not give it up. Unlock it and forget everything once more. To be sure now, remove Renraku on { $address }
forget-left-number = In the keychain, the number by which an older copy of the database is noticed. It says nothing about you or your contacts; it goes when you forget everything once more.
forget-left-copies = Copies of the database that were made by hand in the data folder ({ $files }): they may hold contacts. Renraku removes only what it made itself; delete them if you do not need them.
forget-login-start = The start of Renraku when you log in to this computer
engine-older = The database on this computer is an older copy of itself: it was put back from a backup, or it comes from another computer. Nothing was lost in Zoho or Google. The next sync shows its plan before anything is written, and asks you where the two sides differ.
engine-first-plan-older =
    { $differences ->
        [0] The database on this computer is an older copy of itself. Nothing was lost; the plan is ready for your approval ({ $create } to create, { $update } to update, { $delete } to delete). Nothing was written.
        [one] The database on this computer is an older copy of itself. Nothing was lost; one difference is listed under “Needs you” for you to decide, and the plan is ready for your approval ({ $create } to create, { $update } to update, { $delete } to delete). Nothing was written.
       *[other] The database on this computer is an older copy of itself. Nothing was lost; { $differences } differences are listed under “Needs you” for you to decide, and the plan is ready for your approval ({ $create } to create, { $update } to update, { $delete } to delete). Nothing was written.
    }
engine-mass-change =
    { $contacts ->
        [one] One contact disappeared from { $service }. Nothing was deleted in { $other }: choose under “Needs you” what becomes of it.
       *[other] { $contacts } contacts disappeared from { $service }. Nothing was deleted in { $other }: choose under “Needs you” what becomes of them.
    }
engine-mass-change-held =
    { $contacts ->
        [one] One contact disappeared from { $service }. Nothing was deleted in { $other }, and nothing else was written: choose under “Needs you” what becomes of it.
       *[other] { $contacts } contacts disappeared from { $service }. Nothing was deleted in { $other }, and nothing else was written: choose under “Needs you” what becomes of them.
    }
engine-mass-change-over =
    { $contacts ->
        [one] One contact disappeared from { $service }. This run deleted nothing for it in { $other }. You have chosen since what becomes of it.
       *[other] { $contacts } contacts disappeared from { $service }. This run deleted nothing for it in { $other }. You have chosen since what becomes of them.
    }
engine-mass-change-both-over = Contacts disappeared from both sides: { $zoho } from Zoho and { $google } from Google. This run deleted nothing for it. You have chosen since what becomes of them.
engine-mass-change-both = Contacts disappeared from both sides: { $zoho } from Zoho and { $google } from Google. Nothing was deleted for it: choose under “Needs you” what becomes of them.
engine-mass-change-both-held = Contacts disappeared from both sides: { $zoho } from Zoho and { $google } from Google. Nothing was deleted for it, and nothing else was written: choose under “Needs you” what becomes of them.
engine-stopped-reading = You stopped the run while it was reading. Nothing was written; the next run does it all.
engine-stopped =
    { $contacts ->
        [one] You stopped the run. What was written stays written; one contact is left for the next run.
       *[other] You stopped the run. What was written stays written; { $contacts } contacts are left for the next run.
    }
engine-narrowed =
    { $contacts ->
        [one] The label or view of this sync has changed and one linked contact is now outside it. Nothing was written. Look at the plan; approving leaves it as it is.
       *[other] The label or view of this sync has changed and { $contacts } linked contacts are now outside it. Nothing was written. Look at the plan; approving leaves them as they are.
    }
engine-scope-removes =
    { $contacts ->
        [one] As you chose, the next run moves the counterpart of one contact outside the new label or view to the bin. It is still there, and until then you can take your answer back under “Needs you”.
       *[other] As you chose, the next run moves the counterparts of { $contacts } contacts outside the new label or view to the bin, as many at once as the limit allows. They are still there, and until then you can take your answer back under “Needs you”.
    }
engine-scope-removes-held =
    { $contacts ->
        [one] You chose to remove the counterpart of one contact outside the new label or view. This needs your approval, and nothing was deleted yet. Look at the plan, or take your answer back under “Needs you”.
       *[other] You chose to remove the counterparts of { $contacts } contacts outside the new label or view. So many deletions need your approval, and none of them has been deleted yet. Look at the plan, or take your answer back under “Needs you”.
    }
engine-google-full = Your Google account has reached { $cap } contacts, so no more are added there. Everything else goes on.
engine-unreadable = Zoho no longer shows you { $fields }. Nothing was lost: it is left as it is on both sides, and synced again as soon as you can see it in Zoho. If it is gone for good, take it out of this sync's fields.
engine-other-type = { $fields } holds another kind of value in Zoho now, one that does not go with its place in Google. Nothing was lost: it is left as it is on both sides. Choose another place for it in this sync's fields.
engine-read-only = You can no longer change { $fields } in Zoho. Nothing was lost: what is typed there in Google waits, and goes to Zoho by itself once you can change it there again. What changes in Zoho still reaches Google.
engine-left-out =
    { $count ->
        [one] Zoho left out fields of one contact in its answer: { $fields }. They are left as they are on both sides, and looked at again by the next sync.
       *[other] Zoho left out fields of { $count } contacts in its answer: { $fields }. They are left as they are on both sides, and looked at again by the next sync.
    }
engine-unsettled =
    { $count ->
        [one] The answer to one write was lost. Nothing is sent twice: the next runs first look whether it was carried out.
       *[other] The answers to { $count } writes were lost. Nothing is sent twice: the next runs first look which of them were carried out.
    }
engine-interrupted = This run was interrupted. Nothing was lost; the next run continues where it stopped.
engine-undo-interrupted = This undo was interrupted. Nothing was lost; it goes on by itself where it stopped, at the latest with the next run.
engine-ask-deleted-edited = It was deleted in { $service }, and edited in { $other } after the last sync. Delete it there too, put it back, or keep it?
engine-ask-deleted = It was deleted in { $service }. Delete it in { $other } too, put it back, or keep it and stop syncing it?
engine-ask-mass-change =
    { $delete ->
        [yes] { $contacts } contacts disappeared from { $service } since the last run. Nothing was deleted in { $other }. Put them back, delete them in { $other } too, or decide one by one?
       *[no] { $contacts } contacts disappeared from { $service } since the last run. Nothing was deleted in { $other }, and nothing will be: this sync only reads there. Put them back, leave them there, or decide one by one?
    }
engine-ask-unreadable = What { $service } answers about this contact cannot be read, so nothing of it is changed on either side. Open it in { $service } and save it again; look above all for odd characters and dates.
engine-ask-one-piece = For { $field }, Google holds a text that is not split into parts, or a part of a date. Nobody can tell what belongs where, so it is left as it is on both sides, and everything else is synced. Nothing was lost. Fill in its parts in Google Contacts, or leave it as it is.
engine-ask-recreate = It was deleted in { $service }, which this sync only writes to. Create it again, or leave it?
engine-alike =
    { $reason ->
        [mark] Renraku linked the two before.
        [email] Both have the same main e-mail.
        [name-and-phone] Both have the same name and phone number.
        [name-and-email] Both have the same name and an e-mail in common.
        [shared-email] Both have an e-mail in common, under different names.
        [whole-card] Both say the same in everything that is synced.
       *[name-only] Both have the same name, but nothing else tells whether they are one person.
        [unique] Zoho says that this value belongs to another record already.
        [namesakes] Both have the same name, as several contacts have, and nothing else tells who is who.
        [decided] You linked the two.
    }
engine-ask-doubtful = { engine-alike } Are they the same person?
engine-ask-duplicate =
    { $why ->
        [unasked] Zoho could not be asked whether it has somebody with this e-mail address already, so nothing was created yet. If this is not the same person as anybody there, it is created.
        [namesakes] { $other } has more contacts of this name than you were shown, and nothing tells whether this is one of them. Nothing was created yet. If it is nobody there, it is created.
        [apart] It seems to be the same person as a contact that is kept out of the sync, so it was not copied to { $other }. Is it a contact of its own? Then it is created there.
       *[twin] { $service } has another contact that seems to be the same person. That one is synced or asked about already, so this one was not copied. Are they the same person?
    }
engine-ask-merged = It was merged in { $service } with a contact that has a counterpart of its own, so the two on the other side are one person. Nothing was deleted; merge them there.
engine-ask-misfit =
    { $named ->
        [no] A value
       *[yes] { $field }
    } cannot be written to { $service }: { $misfit ->
        [too-long] it is longer than the { $detail } characters the field takes
        [email] it is not an e-mail address that Zoho takes
        [phone] it is not a phone number that Zoho takes
        [url] it is not a web address
        [date] it is not a date
        [no-year] it has no year in Google and is another day than in Zoho, which takes no date without a year
        [list] it is not in the field's list
        [number] it is not a number
        [flag] it is neither yes nor no
        [required] the field is required, and there is neither a value nor a default
        [too-many] it has a hundred entries or more in Google, which shows no more of them, so a change could lose some
        [employment] Google takes no changes to a company that has employment dates
        [no-account] Zoho has no account of this name, and did not let you create one; as soon as somebody creates it there, it is used
        [accounts-sign-in] companies are accounts there, and your sign-in left the right to them out; connect Zoho again and accept everything that its page lists
        [accounts-sign-in-new] Zoho has no account of this name, and your sign-in left the right to create accounts out; connect Zoho again and accept everything that its page lists
        [accounts-rights] companies are accounts there, and you may not see them; your Zoho administrator can allow it
        [accounts-rights-new] Zoho has no account of this name, and you may not create accounts there; your Zoho administrator can allow it
        [account-field] Zoho has no account of this name, and every new account there must have “{ $detail }”
        [account-name] Zoho has no account “{ $detail }”, and does not take that as the name of one
        [account-limit] Zoho has no account of this name, and takes no more records of your organisation
        [account-refused] Zoho has no account of this name, and refused to create one; its reason is “{ $detail }”
        [account-not-taken] Zoho has the account “{ $detail }”, and did not take it as the company of a contact
        [unasked] Zoho could not be asked whether it has an account of this name, so none was created
        [accounts-several] Zoho has several accounts of this name that differ in their legal form, so none was chosen; add the legal form, as in the account's name
        [elsewhere] Zoho takes each value once only, and a record in { $module } has it already
        [invalid] { $service } says that it is not valid there
        [not-permitted] you have no right to change it there
        [not-allowed] { $service } does not allow this change
        [internal] { $service } failed inside; trying again may help
        [unsaid] no reason is known
       *[refused] { $service } gives the reason “{ $detail }”
    }. Nothing was lost. { $next ->
        [correct] Correct it and try again, or ignore it for this contact.
        [itself] Each sync tries again by itself; you need not do anything else.
       *[again] You can try again, or ignore it for this contact.
    }
engine-ask-cause =
    { $contacts ->
        [one] The company of one contact waits
       *[other] The companies of { $contacts } contacts wait
    }: a company is an account in Zoho, and { $cause ->
        [accounts-sign-in] your sign-in left out the right to see accounts (ZohoCRM.modules.accounts.READ). Connect Zoho again and accept everything that its page lists.
        [accounts-sign-in-new] your sign-in left out the right to create accounts (ZohoCRM.modules.accounts.CREATE), which companies that Zoho does not have yet need. Connect Zoho again and accept everything that its page lists.
        [accounts-rights] your Zoho profile has no right to see accounts (Accounts: View). Your Zoho administrator can allow it.
        [account-field] every new account there must have “{ $detail }”, which nobody fills in here. Create the missing accounts in Zoho, or have your Zoho administrator make that field optional.
        [account-name] Zoho does not take “{ $detail }” as the name of one. Correct the company's name in Google, or create the account in Zoho.
        [account-limit] Zoho takes no more records of your organisation. Your Zoho administrator can make room.
        [account-refused] Zoho refused to create one, with the reason “{ $detail }”. Create the missing accounts in Zoho, or ask your Zoho administrator.
        [account-not-taken] Zoho did not take “{ $detail }” as the company of a contact, perhaps because of a filter on that field. Choose the company in Zoho yourself, or ask your Zoho administrator.
        [unasked] Zoho could not be asked whether it has one of this name, so none was created.
       *[accounts-rights-new] your Zoho profile has no right to create accounts (Accounts: Create), which companies that Zoho does not have yet need. Your Zoho administrator can allow it.
    } Nothing was lost: everything else of these contacts is synced. Renraku tries again by itself, within a day, and with “Try again” at the next sync.
engine-ask-refused =
    { $service } did not take { $named ->
        [no] a value
       *[yes] { $field }
    }: it may stand in one record only, and { $by ->
        [record] “{ $who }” holds it
        [module] a record in { $module } holds it
       *[unknown] another record holds it
    }. Nothing was lost. It is tried again by itself once that record has changed.
engine-ask-difference = { $field } differs: “{ $zoho }” in Zoho, “{ $google }” in Google. Nothing is overwritten until you choose.
engine-ask-on-hold =
    Zoho takes no changes to this record now: { $hold ->
        [review] it is under review
        [approval] it waits for approval
        [blueprint] it is in a blueprint
       *[locked] it is locked
    }. Nothing was lost. Each sync tries again by itself; you need not do anything.
engine-ask-frozen = { $field } keeps changing back and forth between two values; perhaps another program changes it back. It is left alone until you decide.
engine-ask-undo-left =
    { $obstacle ->
        [read-only] { $field } takes no changes from you in Zoho any more, so the undo left it as it is. Nothing was lost. If Zoho is to take it again, ask your Zoho administrator, then undo the run once more.
        [hidden] You do not see { $field } in Zoho any more, so the undo left it as it is. Nothing was lost. Ask your Zoho administrator to show it to you, then undo the run once more.
        [unmapped] { $field } is no longer part of this sync, so the undo left it as it is. Nothing was lost. Take the field into the sync again, then undo the run once more.
       *[edited] { $field } was edited after the run, so the undo left it as it is. Nothing was lost.
    }
engine-asleep-view = It is outside the Zoho view of this sync.
engine-asleep-label = It does not have the Google label of this sync.
engine-asleep-undone = You undid the run that had added it to the label in Google, so it is outside the label since. Sync it again, or give it the label in Google, and the two are synced.
engine-asleep-hidden = You cannot see it in { $service } now.
engine-asleep-gone = It was deleted in { $service }; you are asked what to do.
engine-asleep-merged = It was merged with another contact in { $service }.
engine-asleep-alarm = It disappeared from { $service } together with many others. Nothing is written until you choose what becomes of them.
engine-asleep-asked = There is an open question about it.
engine-contact-left-out = You left it out of the sync.
engine-contact-kept = It was deleted in { $service } and is no longer synced. Sync it again and it is made there anew, where this sync may write.
engine-contact-undone = You undid the run that had made it in { $service }, so it is in the bin there and no longer synced. Sync it again and it is made there anew.
engine-contact-unlinked = The two are unlinked: both stay as they are, and neither is written.
engine-contact-answered = What you decided is carried out by the next run.
engine-contact-left-aside =
    { $named ->
        [no] A value differs, and you chose to leave it that way. Everything else is in step.
       *[yes] { $field } differs, and you chose to leave it that way. Everything else is in step.
    }
engine-why-off = This sync is turned off.
engine-why-dirty = It is synced; its latest change goes out with the next run.
engine-why-at-rest = Google’s { $field } is not in Zoho yet: Zoho accepts no changes to it at the moment. Nothing was lost; it is copied as soon as Zoho accepts it.
engine-why-in-step = Zoho and Google hold the same.
engine-why-matched = Zoho and Google hold the same. { engine-alike }
engine-why-no-place = Zoho and Google hold the same in every field of this sync. { $values } is in Google alone: no field of this sync is left for it in Zoho. Nothing was lost; add a field to this sync if Zoho is to have it too.
engine-why-unsure = Creating it was interrupted; Renraku first makes sure that it does not exist yet.
engine-why-elsewhere = It is synced with a record in another module.
engine-why-waits = It is synced by the next run.
engine-why-limit = It is synced by a later run: one run writes { $limit } contacts at most.
engine-why-full = Your Google account is full, so it waits until there is room.
engine-why-ignored = Another contact seems to be the same person; you chose to leave this one as it is.
engine-why-frozen = { $field } differs: it kept changing back and forth and is left alone. Everything else is in step.
engine-why-unsplit = { $field } differs: Google holds it as one text that is not split into parts, so it is left as it is on both sides. Fill in its parts in Google Contacts and it is synced.
engine-why-closed = { $field } differs: Zoho accepts no changes to it, so each side keeps its own value. Change it in Google Contacts, or take the field out of this sync.
engine-why-drifted = { $field } differs: it was edited in { $service }, which this sync only writes to, so that edit stays. Sync it again to write what { $other } has.
engine-why-undone = You put back what was there before a run, so { $field } differs. Everything else is in step. Sync it again, or edit it, and both get the same.
engine-why-differs = { $field } differs: it was left that way, and nobody has edited it since on either side. Sync it again, or edit it, and both get the same.
engine-why-only-to-google = This sync only goes from Zoho to Google.
engine-why-only-to-zoho = This sync only goes from Google to Zoho.
engine-why-nothing = It has no value in any of the fields that are synced.
engine-rights-sync = Your Zoho profile lacks the right "Sync with Google Contact". Ask your Zoho administrator for it.
engine-rights-api = Your Zoho profile lacks the right "Zoho CRM API Access". Ask your Zoho administrator for it.
engine-rights-view = Your Zoho profile lacks the right to view { $module }. Ask your Zoho administrator for it.
engine-rights-write =
    Your Zoho profile lacks the right to { $rights ->
        [create] create
        [edit] edit
        [delete] delete
        [create-edit] create and edit
        [create-delete] create and delete
        [edit-delete] edit and delete
       *[create-edit-delete] create, edit and delete
    } in { $module }; only Zoho to Google is possible.
engine-setup-no-field = The module { $module } has no field { $field }.
engine-setup-no-place = Google has no field { $place }.
engine-setup-types = { $field } is of the type { $type } and cannot be mapped to { $place }.
engine-setup-twice = { $field } is mapped twice; remove one of the two rows.
engine-setup-no-default = { $field } is mandatory in Zoho and needs a default value.
engine-setup-bad-default = The default value of { $field } does not fit the field.
engine-setup-read-only = { $field } cannot be written, so it takes no default value.
engine-setup-no-rows = The mapping has no rows; map at least one field.
engine-setup-no-mapping = There is no mapping named { $mapping }; write "default" or a list of rows.
engine-setup-range = The value of { $entry } is out of range.
engine-setup-no-view = There is no custom view "{ $view }" in { $module }.
engine-setup-own-group = “{ $label }” is one of Google’s own groups, and a sync cannot be limited to it. Choose a label of your own, or a new name for one.
engine-undone = { $done } of { $all } changes are put back.
engine-undo-left-some =
    { $left ->
        [one] { $done } of { $all } changes are put back. One field is left as it is; it is listed with the reason under “Needs you”.
       *[other] { $done } of { $all } changes are put back. { $left } fields are left as they are; they are listed with the reason under “Needs you”.
    }
engine-undo-unlabelled =
    { $people ->
        [one] One contact had left a label that this sync is no longer limited to, or that is gone. It is not added to it again; nothing else of it is changed.
       *[other] { $people } contacts had left a label that this sync is no longer limited to, or that is gone. They are not added to it again; nothing else of them is changed.
    }
engine-undo-unlabelled-some = { $done } of { $all } changes are put back. { engine-undo-unlabelled }
engine-undo-nothing = Everything is as it was before that run already. Nothing had to be put back.

# The command line
cli-stopping = Stopping after what is being sent now. Press Ctrl-C again to stop at once.
cli-so-far = { $count } so far
cli-runs-none = There are no runs yet.
cli-syncs-none = Nothing is set up yet.
cli-contacts-none = There are no such contacts.
cli-preview = Preview
cli-previewed = Nothing was written.
cli-would-create = { $count } to add to { $service }
cli-would-update = { $count } to change in { $service }
cli-would-delete = { $count } to delete in { $service }
cli-conflicts =
    { $count ->
        [one] one conflict decided
       *[other] { $count } conflicts decided
    }
cli-waiting = { $count } left for the next run
cli-failed =
    { $count ->
        [one] one contact failed
       *[other] { $count } contacts failed
    }
cli-approve = To look at the plan: renraku-cli preview { $name }
    To approve it: renraku-cli sync { $name } --approve-held
cli-decide = To see what needs you: renraku-cli review
    To answer: renraku-cli resolve ITEM CHOICE
cli-answer = To answer: renraku-cli resolve ITEM CHOICE. What you choose is carried out by the next run.
cli-operation = { $kind } in { $service }: { $contact }
cli-operation-why = { $kind } in { $service }: { $contact } ({ $why })
cli-outside = Outside the label or view in { $service }: { $contact }
cli-fact = { $name }: { $value }
cli-commands = Commands: { $commands }
cli-side = in { $service }
cli-side-gone = in { $service }, deleted
cli-not-connected = Not connected
cli-read-only = cannot be written
cli-mandatory = mandatory
cli-labels = Google labels
cli-views = Zoho list views
cli-everybody =
    { $count ->
        [one] One contact under “My contacts” in Google
       *[other] { $count } contacts under “My contacts” in Google
    }
cli-members =
    { $count ->
        [one] one contact
       *[other] { $count } contacts
    }
cli-centre-suggested = { $name } (suggested by this computer’s region)
cli-pkce = Signs in with PKCE
cli-saved = Saved: { $file }
cli-would-go = Copies that you made yourself, a backup for one, stay where they are. To forget it all, add --yes.
cli-retention =
    { $count ->
        [0] The history and the copies of deleted contacts are kept forever.
        [one] The history and the copies of deleted contacts are kept for one day.
       *[other] The history and the copies of deleted contacts are kept for { $count } days.
    }
cli-wait-browser = Waiting for you to sign in to { $service } in the browser that has opened, for five minutes at most. Ctrl-C ends it; nothing is changed then.
cli-wait-address = Waiting for you to sign in to { $service } at that address, in a browser on this computer, for five minutes at most. Ctrl-C ends it; nothing is changed then.
cli-wait-code = Waiting for you to sign in to { $service } with that code, for five minutes at most. Ctrl-C ends it; nothing is changed then.
cli-wait-pkce = If Zoho shows an error page instead, end it and connect again with --without-pkce: a client of the type “Server-based” is signed in with that way.
cli-wait-without-pkce = If Zoho shows an error page instead, end it and leave --without-pkce out: a client of the type “Mobile-based” must sign in with PKCE.
cli-start = It is not known in which of Zoho's data centres the client is registered, so this sign-in starts at “{ $centre }”, as this computer's region suggests. If it is another one, end it and name it with --data-centre.
cli-open = Open this address to sign in:
cli-open-code = Open this address and type the code { $code }:
cli-no-browser = No browser could be opened.
cli-hint-client = On the command line, take your organisation's file with `renraku-cli clients FILE`, or set { $client }_ID and { $client }_SECRET.
cli-hint-port = On the command line, the port is chosen by `redirect` in the client file, or by RENRAKU_ZOHO_REDIRECT beside the client's id.
cli-hint-other-account = To take the other one, add --other-account.
cli-error-folder = The folder { $file } cannot be made ({ $why }). Nothing was saved; name another one, or make it yourself.
cli-error-zoho-alone = --data-centre and --without-pkce are for Zoho alone. Nothing was done.
cli-error-no-home = There is no home folder. Nothing was changed; set RENRAKU_DATA_DIR to a folder of your own.
cli-error-setup-file = The setup file { $file } cannot be used: { $why }. Nothing was saved; what was set up before stays in force.
cli-error-file-there = There is a file { $file } already. It was left as it is; name another one, or move it away.
cli-error-file = The file { $file } could not be written ({ $why }). Nothing else was changed; name another one.
cli-error-manual = The manual could not be written into { $file } ({ $why }). Name another folder.
