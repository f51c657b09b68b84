### English. Short sentences: first what happened, then what to do.

## A coupon's card
field-code = Code
code-tail = ending in { $tail }
field-price = Price
field-paid = Customer paid
field-store = Store
field-state = State
field-valid = Valid
field-phone = Phone
field-uses = Uses left
field-deal = Deal
field-amount = Amount
field-count = Uses
field-time = Time
field-by = Verified by
field-operator = Asked by
field-new-code = New code
field-note = Note
state-unused = unused
valid-until = until { $time }
valid-from = from { $from } until { $time }
field-hours = Hours
field-off-days = Not on
hours = { $from }–{ $to }
price-each = in turn { $prices }
hours-next-day = { $from }–{ $to } next day
list-comma = {", "}
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
uses = { $count ->
    [one] { $count } use
   *[other] { $count } uses
}
uses-times = { $count ->
    [one] { $count } visit
   *[other] { $count } visits
}
button-confirm = Verify
button-use = Verify { $count }
button-use-times = Verify { $count }
button-cancel = Cancel
button-undo = Undo ({ $minutes } min left)
button-undo-try = Undo
button-again = Look again
title-working = Working
note-working = Verifying, one moment…
note-undoing = Undoing, one moment…
title-verified = Verified
title-already = Already used
title-dropped = Cancelled
title-unsure = Result not confirmed yet
note-unsure = The platform did not answer in time. Do not repeat it; you will be told the result.
note-unsure-said = The result is not certain yet. Do not repeat it; you will be told the result.
platform-said = The platform said “{ $words }”. { $note }
title-person = Result not confirmed · please decide
note-person = The platform says the coupon is used, but not whether by this verification. Look at the platform's merchant console, then choose once.
button-was-us = This one
button-not-us = Not this
note-not-us = Decided by hand: the use on the platform was not this verification.
decide-refused = Only the owner or whoever verified can decide.
title-undoing = Working
title-undo-unsure = Undo not confirmed yet
note-undo-person = The platform still has not answered. Look at its merchant console: was it undone?
button-undone-yes = Undone
button-undone-no = Not undone
title-undone = Undone
title-undo-question = Undo this verification?
undo-unpromised = The platform does not say how long this is possible; it may refuse. The code may change.
undo-time-left = { $minutes ->
    [one] { $minutes } minute left to undo it. The code may change.
   *[other] { $minutes } minutes left to undo it. The code may change.
}
button-undo-yes = Yes, undo
button-undo-no = Keep it
button-undo-item = Undo { $code }
button-undo-all = Undo all ({ $count })
note-undo-elsewhere = To undo it, use the platform's own console (such as 开店宝).
note-uses-asked = As you wrote, “{ $button }” comes first. Check before you press.
note-uses-too-many = You wrote { $count }, but at most { $most } can be verified at once.
note-taken-back = The earlier verification was undone on the platform; the books are corrected.
note-code-changed = The platform changes the code after an undo: refresh the coupon and use the new one.
note-undo-refused = Not undone: { $why }
undo-try-again = The platform did not do it; the coupon stays verified. You can try again.
card-gone = This card is out of date. Please send the code again.
press-refused = You may not verify here. Please ask the owner.

## Why not
refused-not-found = No such code
refused-not-found-hint = Check the digits, or open the coupon again and send it.
refused-practice-hint = The practice store only knows made-up codes, such as 1000123456 (unused). Real coupons can be looked up once a real store is bound.
refused-used = Already used
refused-used-hint = This coupon has been used.
refused-expired = Expired
refused-expired-hint = The platform may refund it.
refused-not-yet = Not valid yet
refused-not-yet-hint = The coupon says when it may be used.
refused-wrong-store = Not this store
refused-wrong-store-hint = It cannot be used here; the coupon says where.
refused-refunded = Refunded
refused-refunded-hint = It has been or is being refunded.
refused-frozen = Frozen
refused-frozen-hint = Whoever bought it should contact the platform.
refused-hidden = Code hidden
refused-hidden-hint = Open the coupon again in the store, refresh it, and send it.
refused-need-qr = Needs to be scanned
refused-need-qr-hint = This coupon cannot be looked up by its digits: send a photo or screenshot of its QR code.
refused-count = Not enough uses left
refused-count-hint = Please look the coupon up again.
refused-unauthorised = Authorisation expired
refused-unauthorised-hint = The owner must bind again (/bind) or authorise the store in the platform's console.
refused-quota = No calls left
refused-quota-hint = The owner must top up in the platform's console.
refused-undo-late = Too late to undo
refused-undo-late-hint = Use the platform's merchant console.
refused-risk = Stopped by the platform's risk control
refused-risk-hint = Whoever bought it should contact the platform.
refused-config = The platform account is set up wrongly
refused-config-hint = The owner should check the account's settings, or /bind it again.
refused-operator = The platform does not let this application do that
refused-operator-hint = Nothing was verified. This installation's operator should check the application's key, rights and state at the open platform.
refused-unusable = Not usable now
refused-unusable-hint = Nothing usable: perhaps verified, refunded, unpaid or being given away. The customer can open the coupon, or look at the platform's merchant page.
refused-lost = Not verified
refused-lost-hint = The platform confirms it was not used. You can verify it again.
refused-busy = The platform is busy
refused-busy-hint = Nothing was verified. Try again in a few seconds.
refused-unreachable = The platform cannot be reached
refused-unreachable-hint = Nothing was verified. Try again in a moment; if it stays so, check the network, or ask the platform whether it is out of order.
refused-practice-off = The practice store is off here
refused-practice-off-hint = Nothing was verified; the records are kept. The owner can bind a real store with /bind, or the administrator switches it on (PRACTICE=on).
refused-not-set-up = This platform is not set up here
refused-not-set-up-hint = Nothing was verified; the records are kept. The administrator should check the settings (npm run doctor).
refused-other = No clear answer from the platform
refused-other-hint = This does not mean the coupon is bad. Try again in a moment, or look at the platform's merchant console.
fault-nonsense = The platform gave no proper answer. Please try again later.
settled-line = Coupon ending in { $code }: { $result }. { $why }

## Looking up
code-in-owner-group = This group only receives the daily summaries of “{ $stores }”. Please send codes to the store's own chat. To verify here, the owner sends /bind.
reports-only = This chat only receives the daily summaries. Please send that in the store's own chat.
unbound = This chat is not bound to a store yet. Owners: send /bind. Staff: ask the owner for an invitation.
too-many-messages = Too many messages. Please write again in a minute.
stranger = You are not staff of this store yet. Ask the owner for an invitation.
stranger-group = Only people the owner allows can verify here. Please ask the owner.
in-line = { $place } ahead of you, one moment…
guess-pause = { $minutes ->
    [one] Too many unknown codes. Try again in { $minutes } minute, or ask the owner.
   *[other] Too many unknown codes. Try again in { $minutes } minutes, or ask the owner.
}
guess-warning = Note: { $person } sent several unknown codes at “{ $store }”; their look-ups are paused for a while. Whoever should not be there: take them out of the group, or remove them with /staff.
guess-pause-store = Too many unknown codes were sent to this store today. Ask the owner or staff; it works again tomorrow.
guess-warning-store = Note: group members sent { $count } unknown codes at “{ $store }” today; for today only owners and invited staff can look codes up. Take strangers out of the group.
login-guessing = Note: somebody tried several wrong passwords for { $account } and has to wait now. If it is nobody you know, choose a stronger password at the platform; the stores verify as before.
login-refused = Note: the platform refuses the login of { $account } (was the password changed?); its stores cannot verify now. Send /bind and use a new account to type it once more.
several-codes = { $count } codes found. Choose one:
button-find-all = Verify all
button-use-all = Verify { $count }
all-title = { $count } codes, { $usable } can be verified
all-one-of = { $count } uses left, 1 to verify
all-looking = Looking up { $count } codes…
all-several = { $count } coupons have this code: please send it alone
all-verified = Verified: { $count }
all-unsure = Not confirmed yet: { $count }
all-not = Not verified: { $count }
all-undo = To undo one of them, send /undo and the last four digits of its code.
field-total = Total
many-codes = { $count } codes found. Here are the first { $shown }; please send the others again:
doubtful-phone = { $code } looks like a phone number. Is it a code?
doubtful-date = { $code } looks like a date. Is it a code?
doubtful-link = { $code } comes from a link I do not know. Is it a code?
doubtful-hidden = { $code } is what the app shows while it hides a code. Open the coupon in the store, refresh it, and send it again.
doubtful-payment = { $code } looks like a payment code. Do not show it to anybody. Is it a coupon code?
doubtful-product = { $code } looks like a product’s barcode. Is it a code?
doubtful-length = { $code } has an unusual length, perhaps one digit too many. Is it a code?
doubtful-other = { $code } looks like another kind of number. Is it a code?
doubtful-spelling = Did you mean { $code }? Please compare it with the coupon.
several-spelled = { $count } numbers read. Compare them with the coupons and choose:
button-find-anyway = Look it up
button-find-elsewhere = Try others (the other platforms too)
several-coupons = { $count } coupons found. Which one?
market-meituan = Meituan
market-dianping = Dianping
market-dining = Meituan dining
market-douyin = Douyin
small-talk = Send a coupon code to verify it. /help shows more.
shortened-digits = A spreadsheet has shortened this number: { $number }. Its last digits are lost. Set that column to “Text” and copy the whole code again, or ask the customer to show it.
odd-digits = These { $count } digits are not a coupon code (usually 10 to 15). Please check and send again.
odd-choice = “{ $number }” stands for no choice now; it may be over: please say again what you wanted. To verify a coupon, send its code (usually 10 to 15 digits).
photo-read = The picture says { $code }. Please compare it with the coupon.
photo-check = Please check: the picture says { $code }. Confirm only if the coupon says the same.
photo-unclear = Please check: the picture is hard to read; it says { $code }. Is it a code?
photo-doubtful = Please check: the barcode holds { $code }, which may be something else. Is it a code?
photo-conflict = Please check: the barcode and the printed digits differ. Choose the right code:
photo-choose = Please check: { $count } numbers were read, some of them hard to read. Choose one:
photo-none = No code recognised. Let the QR code or the whole line of digits fill the picture, sharp, without glare or fingers, and try again; or send the digits.
photo-gone = No code recognised: the picture could not be fetched. Please send it again, or send the digits.
photo-not-a-picture = No code recognised: this file is not a picture I can read. Please send a JPEG, PNG, WebP or HEIC picture, or the digits.
photo-too-large = No code recognised: the picture is too large (20 MB at most). Please send a screenshot, or the digits.
photo-too-many-pixels = No code recognised: the picture has too many pixels. Please send a screenshot, or the digits.
photo-broken = No code recognised: the picture is incomplete or damaged. Please send it again, or send the digits.
photo-too-long = No code recognised: the picture is too long or too flat (30 times at most). Please send just the part with the code, or the digits.
photo-one-waits = Your picture before this one is still waiting. Once it is answered, please send this one again, or send the digits.
photo-busy = Too many pictures are being read. Please send it again in a few seconds, or send the digits.
photo-failed = No code recognised: this picture could not be read to the end. Please try another one, or send the digits.
douyin-link = This is a link of Douyin's, which this store's platform does not know. Please send the digits printed on the coupon; one without digits is verified in 抖音来客.
link-without-code = This link holds no coupon code. Please send the code's digits.
cannot-read = I cannot read this kind of message. Please send a code, or a photo of the coupon.
unknown-command = No such command. /help shows which there are.
failed = Sorry, something went wrong. Please try again, or tell the owner.

## Undo
undo-usage = Usage: /undo, or /undo and the code (at least its last four digits)
undo-impossible = It cannot be undone here any more: too late for the platform, or it has no undo. Use its merchant console.
undo-nothing = Nothing to undo.
undo-not-yours = Only the owner or whoever verified can undo it.

## Binding
bind-choose-platform = Choose a platform:
bind-only-practice = Others can open this page, so only the practice store can be bound here. To try a real account on your own machine, set HOST=127.0.0.1, leave PUBLIC_URL out, and start again.
bind-lacking-title = These platforms are not set up; only you see this, as you run this installation. Set these and start again:
bind-lacking = · { $platform }: { $settings }
bind-choose-account = An account you have, or a new one?
bind-ask-account-id = Please send the account ID of 抖音来客 (account_id, digits; not the Douyin number):
bind-ask-email = Please send the login e-mail:
bind-ask-password = Please send the password:
bind-ask-app-id = Please send the application's number (appId) from Allinpay:
bind-ask-key = Please send the signing key:
bind-ask-private-key = Please send the private key (PEM, or its base64 in one line):
bind-ask-shop-id = Please send Allinpay's shop number (shopId, digits):
bind-ask-shop-name = Please send the store's name (for cards and summaries):
bind-ask-operator = Please send the Allinpay login account of whoever verifies:
bind-change-account-id = Account ID
bind-change-email = E-mail
bind-change-app-id = appId
bind-change-shop-id = shopId
bind-change-shop-name = Store name
bind-change-operator = Operator
secret-password = password
secret-key = signing key
secret-private-key = private key
secret-will-go = I delete your message as soon as it arrives.
secret-will-go-group = I delete your message as soon as it arrives (as an administrator who may delete messages; where I cannot, I tell you).
secret-will-stay = I cannot delete your messages here: please recall or delete that one yourself right after sending it.
secret-will-stay-group = I cannot delete your messages here and the whole group can read them: please recall that one right after sending it.
secret-stray-stays = That looks like a password or key, and I cannot delete it: if it is one, please delete or recall it now.
secret-stray-stays-group = { $person }, that looks like a password or key, and I cannot delete it, so the whole group can read it: if it is one, please delete or recall it now.
secret-stray-digits = It may also be a password, so it was neither used nor kept.
secret-stray = That looked like a password or key. Nobody is asking for one now, so it was neither used nor kept. To bind, send /bind; if it was a coupon code, please check it and send it again.
bind-code-first = That looks like a coupon code: send it again once the store is bound.
bind-still-asking = The binding is not finished yet (/cancel leaves it).
bind-not-set-up = { $platform } is not set up in this installation. Its administrator finds in the documents how to set it up (npm run doctor says what is missing).
bind-unexplained = no reason was given
bind-refused = The platform does not accept this: { $why }. Please check and enter it again.
bind-authorise = Open this link within { $minutes } minutes, check who will get the store, then log in to { $platform } with the merchant's account and agree (it works once). Then I go on here:
    { $link }
bind-authorise-group = To bind the group “{ $group }”: open this link within { $minutes } minutes, check who will get the store, then log in to { $platform } with the merchant's account and agree (it works once). Then I go on in the group:
    { $link }
bind-authorise-sent = The link to authorise { $platform } was sent to you in private, not to the group; afterwards I go on here. Nothing there? Send me “/start” in private, then /bind here again.
bind-authorise-refused = The platform does not accept this authorisation (it may be too old, or used). Press “Try again” for a new link.
bind-authorise-lost = The platform did not answer, so this authorisation may not have taken effect. Press “Try again” for a new link.
bind-add-or-switch = This chat is bound to “{ $store }”. Is “{ $other }” the same shop, or another one?
bind-practice-or-real = This chat is bound to “{ $store }”. The practice store's coupons are simulated, so it is never mixed with a real store. Bind “{ $other }” instead?
button-switch = Switch to “{ $other }”
button-listing-add = Same store (verify coupons of both platforms)
button-listing-instead = Another (bind “{ $other }” instead)
listing-added = Added to “{ $store }”: coupons of { $other } can be verified here too.
listing-removed = “{ $store }” no longer uses { $other }.
listing-remove-question = Stop using { $other } for “{ $store }”? Its coupons can no longer be verified here; the records are kept.
button-listing-remove = Remove { $other }
bind-plain-http = Note: this platform only offers unencrypted http; password and codes travel in the clear. Use a password of its own for it.
bind-in-group = Rather not type a password in a group? Bind once in a private chat with me, then send /bind here and choose that account. (In the group, reply to my question, or mention me with the answer.)
bind-logging-in = Logging in…
bind-wrong-password = Login failed: wrong e-mail or password (e-mail { $email }).
bind-type-again = Just send the { $secret } again; your other answers are kept. To change one, press its button.
bind-pause = { $minutes ->
    [one] Too many failed logins. Try again in { $minutes } minute.
   *[other] Too many failed logins. Try again in { $minutes } minutes.
}
bind-under-way = Another login of yours is not over yet. Try again in a moment.
bind-owned = This account has an owner already. Ask the owner to invite you ("/staff").
bind-unreachable = The platform cannot be reached right now. Press “Try again”; nothing has to be typed again.
bind-nonsense = The platform gave no proper answer. Press “Try again” later; nothing has to be typed again.
bind-account-refused = The platform refuses this account's login (was the password changed?). Please use a new account.
bind-bad-answer = That does not look right, please send it again. /cancel leaves.
bind-delete-yourself = I cannot delete the message with your { $secret }. Please delete or recall it now.
bind-delete-yourself-group = { $person }, I cannot delete the message with your { $secret }, and the whole group can read it: please delete or recall it now.
bind-choose-store = Choose a store:
store-chosen = This chat is for “{ $store }” now. Send a coupon code to verify it.
bind-store-now = Now it is “{ $store }”.
store-only = This chat is bound to “{ $store }”, the only usable store of this account. For another account send /bind.
bind-stores-left-out = { $count ->
    [one] { $count } more store is not authorised: { $stores }. Authorise it in the platform's console.
   *[other] { $count } more stores are not authorised: { $stores }. Authorise them in the platform's console.
}
bind-no-stores = Logged in, but the account has no store. Add and authorise one in the platform's console, then send /bind.
bind-none-authorised = Logged in, but no store is authorised. Authorise it in the platform's console, then send /bind.
bind-all-expired = The authorisation has expired: { $stores }. Renew it in the platform's console, then send /bind.
bind-done = Bound to “{ $store }”. Send a coupon code to verify it. Next: /staff invites staff, /report sends daily summaries.
bind-done-group = Bound to “{ $store }”.
practice-codes = Make up its coupons: ten digits, and the first four decide. 1000 is unused (1000123456, say), 2000 used, 3000 expired, 5000 three uses, 7100 loses the answer.
bind-anonymous = You speak as an anonymous administrator, so I cannot tell who you are. Switch anonymity off in the group's settings and try again.
bind-admins-only = Only the group's administrators can bind it.
bind-taken = This group is bound to a store; only its owner can change that.
bind-not-yours = This is over, or was begun by somebody else. Please send /bind again.
button-practice = Practice
button-new-account = A new one
button-retry = Try again
button-retype = Retype
button-previous = Previous
button-next = Next
who-may = Who may verify:
who-may-owner = Who may verify: only the owner (owner, please choose)
who-may-invited = Who may verify: invited staff only
who-may-everyone = Who may verify: everyone in this group
button-may-invited = Staff only
button-may-everyone = Everyone
unbind-question = Unbind from “{ $store }”? You cannot verify in this chat any more; the records are kept. Staff can still verify in their own chats: to stop someone, remove them with /staff first.
unbind-question-group = Unbind from “{ $store }”? Nobody can verify in this group any more; the records are kept. Owners and invited staff can still verify in their own chats: to stop someone, remove them with /staff first.
nothing-changed = Nothing was changed.
button-unbind = Unbind
unbind-reports = This chat is bound to no store, it only receives the daily summaries. To end them send /report off.
unbind-done = Unbound from “{ $store }”
unbind-reports-off = This chat receives no daily summaries any more
owner-only = Only the owner can do that.
oauth-title = Hexiao · Authorise
oauth-asks = “{ $person }” asks, in { $chat }, to bind your store on { $platform }.
oauth-means = If you agree, “{ $person }” becomes an owner: can verify your store's coupons, undo, read the records and summaries, and invite staff.
oauth-not-yours = You did not begin this, and do not know them? Close this page, and nothing happens.
oauth-go = I understand, go to { $platform }
oauth-id = Chat account of whoever asks: { $id }
oauth-gone = This link is used or too old. Send /bind in the chat again.
oauth-refused = Not authorised. Open the link in the chat again to retry.
oauth-later = This could not be kept just now. Please reload this page.
oauth-other-browser = No store was bound: this was not begun in this browser. Open the link from the chat in the same browser, see who will get the store, and then go on. If somebody else sent you the link, do not go on.
oauth-waiting = Authorised. One moment…
oauth-received = Authorised. Please go back to the chat.
oauth-choosing = “{ $person }” is an owner of your { $platform } account now and is choosing a store in { $chat }.
oauth-bound = “{ $person }” can now verify for “{ $store }” in { $chat }.
oauth-take-back-hint = Not one of yours, or a mistake? Within an hour you can take it back: the chat is unbound, and they are no owner any more.
button-take-back = Take back
oauth-failed = The platform did not accept this, and no store was bound. Please try again in the chat.
oauth-taken-back = Taken back: the chat of “{ $person }” is unbound. To end it for good, end this application's authorisation at { $platform } too.
platform-umember = Meituan · umember
platform-allinpay = Allinpay
platform-dianping = Dianping
platform-meituan = Meituan · services
platform-douyin = Douyin (来客)
platform-practice = Practice store
cancelled = Cancelled.
nothing-to-cancel = There is nothing to cancel.

## Staff
staff-title = { $count ->
    [one] Staff of “{ $store }” ({ $count } person)
   *[other] Staff of “{ $store }” ({ $count } people)
}
staff-line = · { $name } ({ $channel }, since { $time })
owners-title = { $count ->
    [one] Owners of “{ $store }” ({ $count } person)
   *[other] Owners of “{ $store }” ({ $count } people)
}
owner-line = · { $name } ({ $channel }, since { $time })
owner-unproven-line = { "  " }The platform's password was changed: they have to bind with the new one by { $time }, or are an owner no more
staff-removed = { $name } was removed; their cards at “{ $store }” are dead at once.
button-invite = Invite
button-staff-more = { $count } more
button-remove-yes = Remove
button-manage = Manage { $name }
may-as-owner = May: verify, undo, records, summaries, bind, settings, staff
may-as-staff-owner = May: verify, records, summaries; an owner has to agree to an undo
may-as-staff-verifier = May: verify, undo their own, records, summaries
may-as-staff-staff = May: verify, undo, records, summaries
field-role = Role
role-owner = owner
role-staff = staff
field-may = Rights
field-channels = Apps
button-rename = Rename
rename-ask = What is { $name } to be called? Send the name. Cards, records and summaries use it from then on.
rename-empty = Please send a name of at most 40 characters.
button-heir = Hand over
button-heir-yes = Hand over
button-heir-accept = Accept
button-heir-decline = Decline
heir-question = Hand the ownership of “{ $stores }” over to { $name }? Once they accept you are not an owner any more: you cannot undo what others verified, see all records or change settings. API keys you made end.
heir-asked = { $name } was asked. It takes effect once they accept within 24 hours; until then you are the owner.
heir-offer = { $name } wants to hand the ownership of “{ $stores }” over to you. Once you accept you are the owner: staff, binding, undo and settings. Open for 24 hours.
heir-done = You are the owner of “{ $stores }” now.
heir-void = The hand-over of “{ $stores }” is void: the other one is not an owner any more, or you do not belong here any more.
heir-declined = All right, nothing was handed over.
told-heir-declined = { $name } did not accept the ownership. You are still the owner.
told-handed-over = { $name } handed the ownership over to { $heir } and is not an owner any more.
told-succeeded = { $heir } accepted and is the owner now; you are not an owner any more.
link-title = My accounts
link-about = In all linked accounts you are one person: the same rights, one line in the records, one shift. Notices go to the first account.
link-this = { $name } (this account)
link-private = Please write to the bot in private, then send “/link”.
link-not-here = A web page forgets you with the browser, so it cannot be linked. Please use an account of a chat app.
link-none = First send “/link” in a chat where you are owner or staff to get a word, then send that word here.
link-full = { $count } accounts can be linked at most.
link-how = With your other account, write to the bot in private and send it the line below. It works once, within { $minutes } minutes. Do not give it to anybody.
link-word = link { $word }
link-unknown = This word is wrong, was used, or has expired. Send “/link” in the chat where you got it for a new one.
link-same = You are the same person here and there already. Please send the word with the other account.
link-both = Both are linked with other accounts already and cannot be put together. Take one away on either side first.
link-ask-second = Link with “{ $name }” on { $channel }? You will be one person, who can do all that you can. Press “That is me” only where that account is yours, too.
link-asked = “{ $name }” on { $channel } is being asked. Please press “Agree” there.
link-ask-first = “{ $name }” on { $channel } sent your word. Once you agree you are one person, who can do all that you can. Is it your own account?
link-done = Linked. “{ $name }” on { $channel } and you are one person.
link-done-second = Linked. You and “{ $name }” on { $channel } are one person with the same rights.
link-refused = Nothing was linked.
link-declined = “{ $name }” on { $channel } did not agree. Nothing was linked.
link-void = Nothing was linked: something has changed. Please send “/link” again.
link-drop-question = Take “{ $name }” on { $channel } away? It may do nothing from that moment on; earlier records stay.
link-dropped = Taken away. “{ $name }” on { $channel } is not you any more.
button-link = Link (my other accounts)
button-link-new = Link more (another account)
button-link-mine = That is me
button-link-not-mine = Not me
button-link-agree = Agree
button-link-refuse = Refuse
button-link-drop = { $channel } (take away “{ $name }”)
button-link-drop-yes = Take away
told-linked = { $person } ({ $channel }) linked another account: “{ $other }” on { $otherChannel }. Both are one person now, with the same rights. Not one of you? Remove:
staff-remove-question = Remove { $name }? They can no longer verify for “{ $store }”, and their open cards stop working at once.
button-remove = Remove { $name }
told-joined = { $person } joined the staff of “{ $store }” by an invitation and can verify. Not one of yours? Remove them:
told-decided-ours = { $person } decided about a verification of their own: coupon ending in { $code } “{ $title }” at “{ $store }” was theirs, and counts as verified. Compare it with the platform’s merchant console.
told-decided-not-ours = { $person } decided about a verification of their own: coupon ending in { $code } “{ $title }” at “{ $store }” was not theirs, counts as not verified, and is in no summary. Compare it with the platform’s merchant console.
told-decided-undone = { $person } decided about an undo: coupon ending in { $code } “{ $title }” at “{ $store }” was undone, and is taken off the summary. Compare it with the platform’s merchant console.
told-decided-not-undone = { $person } decided about an undo: coupon ending in { $code } “{ $title }” at “{ $store }” was not undone, and stays verified. Compare it with the platform’s merchant console.
told-new-owner = { $person } bound the { $platform } account in { $chat } and is an owner now: can verify, undo, read the records and invite staff. Not one of yours? Remove them, and change the password or end the authorisation at the platform:
told-taken-back = What { $person } got through { $platform } was taken back by whoever authorised it.
told-disowned = You are not an owner of one of your stores any more.
told-chat-unbound = { $person }, who is not an owner, unbound { $chat } from “{ $store }”: nobody verifies there any more, and no summaries come there. To undo that, send /bind there.
told-unbound = Whoever bound this chat is not an owner any more, so it is bound to no store now.
told-owner-removed = { $by } removed the owner { $name }.
told-owner-left = { $name } is not an owner any more.
told-keys-ended = { $count ->
    [one] The API key they made was revoked with it; the system that used it needs a new one (send “/api”).
   *[other] The { $count } API keys they made were revoked with it; the systems that used them need new ones (send “/api”).
}
told-used-elsewhere = “{ $title }” of { $platform } was verified at { $time } in { $store }, not through this bot. If it was not one of you, please check at the platform's merchant page.
told-refunded = “{ $title }” of { $platform } was refunded. It was not verified here, so nothing is to be done.
told-refunded-verified = Mind: “{ $title }” (code { $code }), which was verified, was refunded at { $platform }. The summaries have not changed; please check.
nameless-coupon = a coupon
told-owner-lapsed = { $name } did not bind with the new password and is not an owner any more. The chats they bound and the staff they invited stay.
told-lapsed = The platform's password was changed and you did not bind with the new one, so you are not an owner any more. If you need to be, send “/bind” and use the new password.
told-secret-changed = { $person } bound the { $platform } account with a new password in { $chat } and is an owner. The password was changed: send “/bind” and use the new one within { $days } days, or you are not an owner any more (the store's chats and staff stay). Not one of yours? Change the password at the platform at once; when you have bound with it you can remove them.
bind-secret-changed = The new password is kept. { $names } used the former one: whoever does not bind with the new one within { $days } days is not an owner any more. To remove them now send “/staff”.
owner-remove-question = Remove the owner { $name }? They can no longer verify, undo or read the records, at once. The chats they bound and the staff they invited:
owner-leave-question = Do you want to be an owner no more? You can no longer verify, undo or read the records, at once. The chats you bound and the staff you invited:
button-owner-remove = Keep them (remove the owner alone)
button-owner-remove-all = Remove all
button-leave = Step down
owner-removed = { $name } is not an owner any more. The chats they bound and the staff they invited stay; if they are in a group where everyone may verify, take them out of it. Change the password or end the authorisation at the platform, so that they cannot bind it again.
owner-removed-all = { $name } is not an owner any more: the chats they bound are unbound, and the staff they invited are removed. Change the password or end the authorisation at the platform, so that they cannot bind it again.
owner-left = You are not an owner any more.
owner-last = Somebody has to be the owner. Let the new one bind first (“/bind”), then remove.
owner-unproven-first = The platform's password was changed and you have used the former one. Send “/bind”, use a new account, and bind with the new password first.
owner-unproven = The platform's password was changed and you have used the former one: you cannot remove whoever bound with the new one. Send “/bind” and use the new password first.
channel-telegram = Telegram
channel-wecom = WeCom
channel-wechat = WeChat
channel-web = web page
chat-group = the group “{ $title }”
chat-private = a private chat
nameless = unnamed
invitation-link = Invite staff to “{ $store }”: send them this link (once, within { $hours } hours):
    { $link }
button-digits = Use digits (if the link does not open)
invitation-word = Invite staff to “{ $store }”: they send me these eight digits in private (once, within { $hours } hours):
    { $word }
invitation-sent = The invitation to “{ $store }” was sent to you in private (it works once and is not for a group). Nothing there? Send me “/start” in private, then invite again.
join-done = Welcome! You are staff of “{ $store }” now. Send a coupon code to verify it.
join-owner = You are the owner and need no invitation. Send it to your staff at “{ $store }”; it still works.
join-question = “{ $store }” invites you as staff. This chat is for “{ $from }” now; if you join, it will be for “{ $store }” (/store switches later).
join-question-practice = “{ $store }” invites you as staff. Note: it is a practice store, its coupons are simulated and count for nothing. Your store now is “{ $from }”.
button-join-yes = Join “{ $store }”
button-join-no = Stay with “{ $store }”
join-stayed = Not joined; this chat is still for “{ $store }”
join-declined = Not joined
join-not-yours = You were not asked.
join-unknown = This invitation does not exist, was used or has expired. Ask the owner for a new one.
join-pause = Too many tries. Please wait a little.

## Customers
customers-link = “{ $store }” · { $place } ({ $name })
    { $url }
customers-no-picture = The QR code cannot be sent here: make one of the link above, without changing the link.
customers-more = At most { $count } QR codes at a time. For the others press a place’s name, then “QR code”.
customers-none = Customers cannot verify here yet: they use the web page, Telegram or 微信客服, and none of them is connected. Have whoever runs this connect one (see “Self-service” in the documents), then send /customers again.
customers-unavailable = The customers’ links cannot be had right now; please try again later. If it stays so, tell whoever runs this.
customer-ask-staff = Please ask the staff.
customer-unusable = Nothing usable: perhaps verified, refunded, unpaid or being given away. Please open the coupon to see.
customer-fault = The platform does not answer right now; nothing was verified. Please try again later, or ask the staff.
customer-others-working = This coupon is being verified, please wait.
field-place = Place
guess-pause-place = Too many unknown codes were tried at this place; please try again later, or ask the staff.
guess-warning-place = Notice: at “{ $place }” of “{ $store }” { $count } unknown codes were sent today; lookups there are slowed down. If somebody plays with it, make a new QR code for the place with /customers.
place-welcome = Hello, this is “{ $store }” · { $place }. Send your coupon’s code or a photo of it; check it, then press Verify.
place-answer = This is “{ $store }” · { $place }. Send your coupon’s code or a photo of it; check it, then press Verify. For anything else, please ask the staff.
place-link-dead = This QR code is no longer valid. Please scan the one that is up in the store now, or ask the staff.
place-private = Please open this link in a private chat with me.
place-staff-chat = This is a staff chat of “{ $store }”: send codes as usual. Customers who scan the QR code of “{ $place }” come to a chat of their own.
place-over = You are no longer at the place of this card. Please scan the QR code again and send the code once more.
guest-here = Are you at “{ $store }”?
guest-ask-staff = Hello! Please show your coupon’s code or QR code to the staff, who verify it for you; you cannot do that here yet. Staff: send the eight digits you were given.
guest-scan = Please scan the QR code on the table or at the door, then send the code; if there is none, please ask the staff.
button-here-yes = Yes, here
button-here-no = No
self-is-off = “{ $store }” has no self-service at present; please show your code to the staff.
self-is-closed = Self-service of “{ $store }” is not open now. Today: { $hours }.
self-opens = { " " }It opens on { $day } at { $time }.
self-limit-person = { $count } uses a person and day are allowed, and you have had them. Please ask the staff.
self-limit-place = This place has had its { $count } uses of today. Please ask the staff.
self-closed-day = closed
self-all-day = all day
self-next-day = { $time } the next day
self-on-holiday = { $hours } ({ $name })
self-on-make-up = { $hours } (worked in exchange for { $name })
self-holidays = Public holidays { $hours }; weekend days worked in exchange go by the working day
self-no-calendar = There is no table of holidays for the time zone { $zone }: every day goes by its weekday.
self-next-holiday = Next holiday: { $name }, { $first } to { $last }
self-unknown-year = This version does not know the holidays of { $year } yet: that year goes by the weekday.
self-every-day = Every day
self-weekday = { $day ->
        [0] Mon
        [1] Tue
        [2] Wed
        [3] Thu
        [4] Fri
        [5] Sat
       *[6] Sun
    }
self-weekdays = { $from }–{ $to }
self-shop = The shop
self-title-on = Self-service of “{ $store }”: on. Customers scan a place’s QR code and verify by themselves.
self-title-off = Self-service of “{ $store }”: off. Once it is on, customers scan a place’s QR code and verify by themselves.
self-line-places = Places: { $count }
self-places-title = The places of “{ $store }”: { $count }. Press one for its link, QR code and directions.
self-line-hours = Hours: { $hours }
self-line-limits = Limits: a person { $person }, a place { $place }
self-line-today = Today: { $count } verified, { $waiting } unsure
self-a-day = { $count } a day
self-no-limit = no limit
self-person = Person
self-place-short = Place
self-place = “{ $store }” · { $place }
self-words = After a verification customers read: { $words }
self-no-words = What customers read after a verification: nothing yet.
self-place-gone = This place was removed.
self-ask-add = What is the place called? For instance: Table 3, Large room, Lane 1.
self-ask-name = What is its new name?
self-ask-words = What should customers read after a verification? For instance: the light switch is beside the door. Send “none” for nothing.
self-ask-week = Which hours of the week? For instance: mon-fri 10:00-22:00; weekend 9:00-2:00. Send “24 hours” for always; days that are not named are closed. Holidays may have their own: holidays 9:00-23:00. To change a part, press:
self-ask-weekdays = Which hours on working days? Send hours like 10:00-22:00, or press:
self-ask-weekend = Which hours on weekends? Send hours like 9:00-2:00, or press:
self-ask-holidays = Which hours on public holidays? Send hours like 9:00-23:00, or press. Weekend days worked in exchange then go by the working day.
self-ask-days = Which day is different? For instance: 12-25 closed, 10-1 - 10-7 9:00-23:00. Back to normal: 12-25 usual.
self-name-long = A name has at least one character and at most { $count }. Please send it again, or /cancel.
self-words-long = At most { $count } characters. Please send it again, or /cancel.
self-too-many = At most { $count } places.
self-hours-unclear = That is not understood. Write it like this: mon-fri 10:00-22:00; weekend closed. Or send /cancel.
self-span-unclear = That is not understood. Write it like this: 10:00-22:00, or “closed”, “all day”. Or send /cancel.
self-days-unclear = That is not understood, or the day is over. Write it like this: 12-25 closed. Or send /cancel.
self-hours-title = Self-service hours of “{ $store }”
self-limits-title = Self-service limits of “{ $store }”: a person { $person }, a place { $place }. Press to change:
self-today-title = Self-service of “{ $store }” today ({ $day })
self-today-place = · { $place } × { $count }
self-stopped = Self-service is stopped: { $stores }. What has begun comes to its end.
self-stopped-none = No self-service was on.
self-rotate-question = A new QR code for “{ $place }”? The old one is dead at once, and the new one has to be put up.
self-rotated = “{ $place }” has a new QR code; the old one is dead:
self-remove-question = Remove “{ $place }”? Its QR code is dead at once; what was verified there stays in the records.
self-removed = “{ $place }” is removed.
sheet-how = Scan, send your coupon code or a photo of it, press Verify
sheet-title = QR codes { $store }
sheet-caption = { $count ->
    [one] One place.
   *[other] { $count } places, four on a page.
  } Print it at its own size, cut along the lines, and put each up at its place.
sheet-sorry = No file can be sent here: press “All QR codes” and print them one by one.
button-self-on = Turn on
button-self-off = Turn off
button-self-stop = Stop all
button-self-places = Places
button-self-codes = QR codes
button-self-sheet = Print PDF
button-self-add = Add place
button-self-hours = Hours
button-self-limits = Limits
button-self-today = Today
button-self-refresh = Refresh
button-self-back = Back
button-self-code = QR code
button-self-rotate = New code
button-self-rotate-yes = Replace it
button-self-name = Rename
button-self-words = Directions
button-self-remove = Remove
button-self-remove-yes = Remove it
button-self-week = The week
button-self-days = One day
button-self-weekdays = Workdays
button-self-weekend = Weekends
button-self-holidays = Holidays
button-self-usual = By weekday (no difference)
button-self-today-off = Today · closed
button-self-tomorrow-off = Tomorrow · closed
button-self-day-usual = Undo { $day }
customer-welcome = Hello, this is “{ $store }”. Please show your coupon’s code or QR code to the staff, who verify it for you; you cannot do that here yet. Staff: send the eight digits you were given.
customer-answer = Coupons of “{ $store }” are verified by the staff: please show them your code or QR code. You cannot verify it here yet; with any question, too, please ask them.

## Daily summary
summary-title = Daily summary · { $store } · { $day }
summary-title-running = Daily summary · { $store } · { $day } (so far)
summary-stores-title = Daily summary · { $count } stores · { $day }
summary-stores-title-running = Daily summary · { $count } stores · { $day } (so far)
summary-by-store = By store
summary-other-stores = { $count ->
    [one] 1 other store
   *[other] { $count } other stores
}
summary-store-details = { $store } in detail
summary-stores-left = { $count ->
    [one] One more store in detail: send /summary in its own chat.
   *[other] { $count } more stores in detail: send /summary in their own chats.
}
summary-day-end = The business day ends at { $time } the next day
summary-day-end-same = The business day ends at { $time }
summary-verified = Verified: { $count }
summary-total = Total: { $total }
summary-unpriced = Of these { $count } of unknown amount, not in the total
summary-undone-none = Undone: 0
summary-undone = Undone: { $count } ({ $total })
summary-unsure = Not confirmed: { $count }
summary-refused = Refused: { $count } (not verified by the platform)
summary-refused-none = Refused: 0
summary-unconfirmed = Looked up, never verified: { $count }, ending { $codes }
summary-platform-silent = { $platform } never answered: { $count ->
    [one] the only call
   *[other] all { $count } calls
 } failed, so no sales does not mean no guests
summary-gaps = The program was down: { $times } (codes sent then were answered afterwards)
summary-unbound = No chat is bound to this store: nobody could verify here
summary-by-product = By product
summary-by-person = By person
summary-by-platform = By platform
summary-by-place = By place
summary-than-before = Day before { $count }, { $total }
summary-as-before = As the day before
summary-than-usual = Usual { $weekday } { $count }, { $total }
summary-as-usual = As a usual { $weekday }
summary-busiest = Busiest { $from }:00–{ $to }:00, { $count }
summary-line = · { $name } × { $count }　{ $total }
summary-others = { $count ->
    [one] { $count } more
   *[other] { $count } more
}
summary-correction = Correction of { $day }: verified { $count }, total { $total }, undone { $undone }, not confirmed { $unsure }, refused { $refused }
summary-usage = Usage: /summary, /summary yesterday, /summary 11-22, or /summary last week
summary-future = That day has not come yet.
report-on = This chat receives the daily summary of “{ $store }” every day at { $time }, when the business day ends. Another time: press below, or send /report 05:00. Off: /report off
button-report-at = At { $time }
report-at = The daily summary of “{ $store }” comes every day at { $time }
report-off = Off. This chat receives no summaries any more.
report-was-off = This chat receives no summaries.
report-owner-first = Only an owner can do that. Owners: first send me /bind in private, then /report here.
report-choose = The summary of which store?
report-which = You have several stores. Set the time in a chat bound to the store.
report-usage = Usage: /report (on), /report 05:00 (end of the business day), /report off (remove), /report <address of a WeCom group webhook>
report-group-on = “{ $group }” will receive the summaries of “{ $store }” every day at { $time } (the end of the business day). Remove it: /report off
report-others = Other chats that receive summaries:
report-other = · { $group }: { $store }
report-removed = “{ $group }” no longer receives the summaries of “{ $store }”.
report-group-lost = Notice: “{ $group }” is gone (its robot was removed or disabled), so the summary of “{ $store }” could not be delivered there and none will be sent. Add a robot again and send: /report <new address>. Missed summaries: /summary <date>
undelivered-group = Notice: messages cannot be delivered to “{ $group }”. Please check whether the bot is still there and may write, and whether the topic is open.
undelivered-group-said = This message could not be delivered to “{ $group }”. Please check whether the bot is still there and may write, and whether the topic is open.
robot-replaced = Notice: another program has taken the connection of the WeCom robot, which hears nothing now. One robot allows one program: have the other one stopped. This program connects again in a few minutes, then after longer pauses of an hour at most.
undelivered-operator = A message to the chat { $chat } cannot be delivered; the log says why.
repeat = (possibly a repeat)

## History
history-title = Verifications of “{ $store }” (newest first)
history-none = No records found for “{ $store }”.
history-title-of = Verifications of “{ $store }”: { $asked }
history-none-such = No records found for “{ $store }”: { $asked }
history-unknown = Not understood: { $words }
history-how = Try /history last four digits, /history name, /history deal, /history yesterday, or /history last week Wang undone. Owners read who changed what with /history changes
history-gone = These buttons are out of date. Please send /history again.
history-end = There are no more records.
button-story = { $tail }
button-older = Older
button-newer = Newer
export-how = Nothing was exported. Use /export (everything), /export last month, /export 11-01 11-15, or /export this month Wang; add csv for a CSV file.
export-too-many = More than { $count } rows do not fit into one file. Narrow it, for example /export last month.
export-caption = Verifications of “{ $store }”: { $asked }
    { $rows } rows, { $count } verified, { $total }
export-all = everything
export-sorry = The file cannot be sent here. Narrow it, for example /export last month, or export in Telegram or in the WeCom app.
file-link = This file cannot be sent here; open the link to download it. It is good for 24 hours, and ends earlier with the right to the file. Do not pass it on:
    { $link }
file-gone-title = This file is gone
file-gone = Files are kept for 24 hours, and older ones make room for newer ones. A link also ends when whoever asked for the file has lost the right to it. Please ask again in the chat.
export-records = Verifications
export-totals = Totals
export-sum = Total
export-time = Time
export-day = Business day
export-outcome = Outcome
export-uses = Uses
export-amount = Amount (CNY)
export-undone = Undone (CNY)
story-title = What happened: { $product }
story-seen = The coupon was found ({ $platform })
story-confirm = { $who } confirmed; sent to { $platform }
story-confirm-key = The API key “{ $who }” verified it; sent to { $platform }
story-confirm-rule = The rule “{ $who }” verified it; sent to { $platform }
story-yes-answered = { $platform } answered: verified
story-yes-listed = Found in { $platform }’s list: verified
story-yes-inferred = The coupon was used between two lookups, so it was this use: verified
story-yes-decided = A person decided: verified
story-late-yes = { $platform }’s answer came later: verified
story-no = Not verified: { $why }
story-lost = No clear answer from { $platform }; not confirmed yet
story-unclear = { $platform } cannot tell whether it was this use; a person decides
story-decide-yes = { $who } decided: it was this use
story-decide-no = { $who } decided: it was not this use
story-undo = { $who } undid it; sent to { $platform }
story-undo-yes = { $platform } answered: undone
story-undo-no = Not undone: { $why }
story-undo-lost = No clear answer from { $platform } to the undo; not confirmed yet
story-undo-decide-yes = { $who } decided: it is undone
story-undo-decide-no = { $who } decided: it is not undone
story-taken-back = { $platform } shows the coupon as unused again: somebody undid it elsewhere
story-day = Moved to the business day { $day }
story-drop = { $who } cancelled
story-asked-owner = { $who } asked an owner to agree to the undo
story-owner-yes = The owner { $who } agreed to the undo
story-owner-no = The owner { $who } did not agree to the undo
story-merchant = Your own system: { $message }
story-old-confirmed = Confirmed
story-old-settled = The result was known
story-old-undone = Undone
button-records = List { $day } (the platform’s)
records-title = { $day }: { $count } on the platform's list, { $foreign } of them not verified here
records-none = The platform lists no verifications.
records-not-ours = not verified by this bot
history-open = waiting
history-dropped = cancelled
history-submitting = working
history-unsure = not confirmed
history-decided = decided by a person
history-person = to be decided
history-verified = verified
history-refused = refused
history-undoing = undoing
history-undo-unsure = undo not confirmed
history-undone = undone

## The audit trail
trail-title = Changes at “{ $store }” ({ $days }, newest first)
trail-days = last { $count } days
trail-none = No changes at “{ $store }” ({ $days }).
trail-how = For changes try /history changes, /history changes yesterday, /history changes last week, or /history changes 11-01 to 11-15
trail-gone = These buttons are out of date. Please send /history changes again.
trail-by-program = The bot
trail-by-platform = The platform
trail-by-key = The API key “{ $name }”
trail-by-rule = The rule “{ $name }”
trail-other = made a change
trail-setting = set “{ $label }” to { $to }, was { $from }
trail-account-bound = bound an account of { $platform }
trail-account-secret-changed = gave the platform account’s new password or key
trail-account-renewed = renewed the platform’s authorisation
trail-account-refused = no longer accepts the account’s login or authorisation
trail-account-accepted = made the account’s login work again
trail-owner-became = bound the store and became an owner
trail-owner-added = made { $name } an owner
trail-owner-removed = removed the owner { $name }
trail-owner-left = stopped being an owner
trail-owner-lapsed = removed the owner { $name }, who did not bind with the new password
trail-owner-taken-back = took the authorisation back: { $name } is not an owner any more
trail-owner-offered = asked somebody to take the ownership over
trail-owner-declined = did not accept the ownership
trail-owner-handed-over = handed the ownership over and is not an owner any more
trail-person-renamed = renamed { $from } to { $to }
trail-person-linked = linked “{ $name }” on { $channel }
trail-person-unlinked = took “{ $name }” on { $channel } away
trail-staff-invited = invited staff
trail-staff-joined = accepted an invitation and joined the staff
trail-staff-declined = declined an invitation
trail-staff-removed = removed { $name } from the staff
trail-chat-bound = bound the chat “{ $name }”
trail-chat-bound-own = bound their private chat
trail-chat-unbound = unbound a chat
trail-chat-unbound-own = unbound their private chat
trail-chat-moved = noted a group’s new number; it stays bound
trail-chat-who-may = set who may verify: { $who }
trail-may-owner = owners
trail-may-invited = invited staff
trail-may-everyone = everyone in the group
trail-chat-language = set a chat’s language: { $language }
trail-summary-on = had summaries sent to a chat
trail-summary-on-own = had summaries sent to their private chat
trail-summary-off = stopped a chat’s summaries
trail-summary-off-own = stopped the summaries of their private chat
trail-summary-extras = set the summary: picture { $picture }, weeks and months { $periods }
trail-store-added = added the store “{ $name }”
trail-alerts-on = turned alerts on: { $alerts }
trail-alerts-off = turned alerts off: { $alerts }
trail-listing-added = added an account of another platform (“{ $name }”)
trail-listing-removed = removed an account of another platform (“{ $name }”)
trail-self-service-on = turned self-service on
trail-self-service-off = turned self-service off
trail-self-service-hours = changed the self-service hours
trail-self-service-limits = changed the self-service limits
trail-self-service-ask-closed = changed who can ask an owner while the store is closed
trail-place-added = added the place “{ $name }”
trail-place-renamed = renamed the place “{ $from }” to “{ $to }”
trail-place-instructions = changed the directions of the place “{ $name }”
trail-place-rotated = gave the place “{ $name }” a new QR code
trail-place-removed = removed the place “{ $name }”
trail-key-made = made the API key “{ $name }” …{ $last }
trail-key-revoked = revoked the API key “{ $name }” …{ $last }
trail-rule-added = added the rule “{ $name }”
trail-rule-changed = changed the rule “{ $name }”, which turned it off
trail-rule-on = turned the rule “{ $name }” on
trail-rule-off = turned the rule “{ $name }” off
trail-rule-removed = removed the rule “{ $name }”
trail-webhook-added = added the webhook { $name }
trail-webhook-removed = removed a webhook
trail-webhook-rotated = changed a webhook’s secret
trail-webhook-on = turned a webhook on
trail-webhook-off = turned a webhook off
trail-shift-handed-over = handed the shift over
trail-shift-taken = took the shift over
trail-decide-yes = decided about { $coupon }: verified
trail-decide-no = decided about { $coupon }: not verified
trail-decide-undone = decided about { $coupon }: undone
trail-decide-not-undone = decided about { $coupon }: not undone
trail-undo-agreed = agreed that { $name } undoes { $coupon }
trail-undo-declined = did not agree that { $name } undoes { $coupon }
trail-closed-agreed = agreed that { $name } verifies { $coupon } while closed
trail-closed-declined = did not agree that { $name } verifies { $coupon } while closed

## Status
status-store = Store: { $store } ({ $platform })
status-authorised = Authorisation: active
status-not-authorised = Authorisation: the store is not authorised; do so in the platform's console
status-expired = Authorisation: expired; renew it in the platform's console
status-logged-in = Authorisation: the login works (the platform does not say more)
status-store-missing = Authorisation: the account no longer has this store; please bind again
status-also = Also: { $store } ({ $platform })
status-ends = Authorisation ends: { $time } (renewed by itself before)
status-renewals = Renewals left: { $count }
status-quota = Calls left: { $quota }
status-quota-low = Calls left: { $quota }, running out; top up in the platform's console
status-last = Last success: { $time }
status-owner-group = This chat receives summaries of: { $stores }
status-installation = System { $version } · messages waiting { $inbox } · to send { $due } · delivery in doubt { $uncertain } · undeliverable { $dead }

## Deals and figures
products-none = There are no deals on sale.
products-usual = { " " }(usually { $price })
stats-usage = The platform has figures of the last 1, 7 or 30 days: /stats 1, /stats 7 days, /stats 30 days
stats-none = The platform gives no figures.
stats-empty = There are no figures.
stats-days = The last { $days ->
    [1] day
   *[other] { $days } days
}
stat-consumed-money = Coupons used: { $value }
stat-consumed-count = Coupons used: { $value }
stat-paid-money = Paid in the shop: { $value }
stat-paid-count = Payments in the shop: { $value }
stat-reserved-money = Reservations: { $value }
stat-reserved-count = Reservations: { $value }
stat-bookings = Bookings: { $value }
stat-bookings-by-adverts = Bookings by adverts: { $value }
stat-bookings-by-phone = Bookings by phone: { $value }
stat-viewers = People who saw the shop: { $value }
stat-visitors = Visitors: { $value }
stat-buyers = Buyers: { $value }
stat-users = People who used a coupon: { $value }
stat-bookers = People who booked: { $value }
stat-page-seconds = Time on the page: { $value } s
watch-ends = Reminder: the authorisation at { $platform } ends on { $day } and could not be renewed. Please /bind and authorise again, or the store can no longer verify.
watch-renewals = Reminder: the authorisation at { $platform } can be renewed only { $count } more times (now until { $day }); then /bind and authorise again.
holidays-unknown = “{ $store }”: this version does not know the holidays of { $year } yet. From 1 January on every day goes by its weekday. Please update the program, or set single days: /customers → Hours → A single day.
watch-not-authorised = Reminder: the platform's authorisation of “{ $store }” is over, so it cannot verify. Please authorise it again in the platform's console.
watch-quota = Reminder: “{ $store }” has { $quota } paid calls left; without any it cannot verify. Please top up in the platform's console.
authorisation-over = Reminder: the authorisation at { $platform } is over, so the store cannot verify. Please /bind and authorise once more.

## Language
language-name = English
language-choose = 选择语言 / Choose a language:
language-done = Fine, English from now on.

## API
api-title = { $count ->
    [one] “{ $store }” has one API key
   *[other] “{ $store }” has { $count } API keys
}
api-none = There are no keys yet.
api-line = { $name } · ····{ $last } · { $scopes } · made { $since } · { $used }
api-used = last used { $day }
api-unused = never used
api-new = A new key “{ $name }”: what may it do? Verify includes reading, Undo includes both.
api-new-unnamed = A new key: what may it do? Verify includes reading, Undo includes both. To give it a name, which the records will show, send “/api name”.
api-scope-read = read
api-scope-verify = read + verify
api-scope-undo = read + verify + undo
button-api-read = Read only
button-api-verify = Verify
button-api-undo = Undo too
api-made = The new key “{ $name }” ({ $scopes }):
    { $secret }
    It is shown this once. Save it in your system now, then delete this message. What it may do at “{ $store }”: { $scopes }. Whoever has it may.
    Address of the API: { $address }
api-made-lost = The new key “{ $name }” could not be delivered, and for safety it is not sent again. Send “/api” to revoke it, and make another one.
api-address-unset = (this installation has no public address yet: ask its operator to set PUBLIC_URL)
api-most = A store has { $count } keys at most: revoke one that is not used first.
api-name-long = Please use a name of at most { $count } characters.
api-private = API keys are managed in private: send me “/api” in a private chat.
api-revoke-question = Revoke the key “{ $name }” (····{ $last })? The system that uses it stops working at once, for good.
api-revoked = The key “{ $name }” (····{ $last }) is revoked.
api-told-made = { $person } made the API key “{ $name }” (····{ $last }, { $scopes }) for “{ $store }”. Not intended? Send “/api” to revoke it.
api-told-revoked = { $person } revoked the API key “{ $name }” (····{ $last }) of “{ $store }”.
button-api-revoke = End { $last } ({ $name })
button-api-revoke-yes = Revoke it

## Help
welcome = Hello, I verify group-buy coupons. Send /bind to bind your store, then send a code. Staff: ask the owner for an invitation and send me its eight digits.
welcome-group = Hello everybody, I verify group-buy coupons. To verify in this group, the owner sends /bind; then send codes here. For the daily summary alone, the owner sends /report.
help-owner = This chat is bound to “{ $store }” and you are the owner. Send a code to verify it.
help-staff = This chat is bound to “{ $store }”. Send a code to verify it.
help-reports = This chat receives the daily summaries of “{ $stores }”.
help-group-named = In a group, mention me before what you want to say, or reply to one of my messages.
help-group = If I stay silent in a group: mention me or reply to me. In Telegram groups bots do not see plain messages by default (privacy mode): make me an administrator, or switch it off with /setprivacy at @BotFather and add me again.
button-help-all = More
about-help = how to use me
about-bind = bind a store
about-store = switch the store
about-summary = daily summary
about-history = past verifications
about-export = a spreadsheet
about-undo = undo a verification
about-report = receive summaries, end of the day
about-products = deals on sale
about-stats = the platform's own figures
about-shift = hand the shift over
about-reconcile = compare with the platforms
about-staff = invite and manage staff
about-link = link my other accounts
about-customers = customers’ links and QR codes
about-api = API keys
about-webhook = tell your own system
about-status = authorisation and calls left
about-language = change the language
about-unbind = unbind the store
about-cancel = cancel what you started
about-start = begin

## Practice
practice-title = Practice · simulated · { $title }
practice-chat = Practice store
practice-owners = Owner group
practice-welcome = Welcome to “{ $store }” (practice). Click a sample code: I look it up, you press “Verify”. All coupons here are simulated.
practice-owners-welcome = This is the owner group. The daily summary of “{ $store }” arrives here every day. See it now: send “/summary”.
practice-next =
    This is for practice. For your real store, three steps:
    1. Have whoever runs this connect WeCom or Telegram (README, “Connect your chats”).
    2. Send me /bind there, choose the platform and log in.
    3. Send /staff to invite staff, and /report for the daily summary.
settings-title = Settings · { $store }
settings-next-date = { $time } (next day)
settings-same-date = { $time } (same day)
settings-told = Summaries come to this chat.
settings-not-told = Summaries do not come to this chat.
setting-value = { $label }: { $value }
setting-day-end = Day ends
setting-day-end-about = Summaries are posted when the business day ends. For another time send it, such as 04:30.
setting-language = Language
settings-running-day = The business day is now { $day }: { $from } to { $to }.
setting-zone = Time zone
setting-zone-about = Business days and all times go by this zone. For another one send its name, such as Europe/Paris. Days that are over stay as they are.
zone-before = Earlier business days stay as they are.
zone-unknown = There is no such zone. Send the name of a city, such as Europe/Paris.
zone-shanghai = China
zone-hongkong = Hong Kong
zone-taipei = Taipei
zone-singapore = Singapore
zone-bangkok = Bangkok
zone-tokyo = Tokyo
zone-seoul = Seoul
zone-sydney = Sydney
zone-london = London
zone-newyork = New York
zone-la = L.A.
setting-may-undo = May undo
setting-may-undo-about = Owners always may. Others can ask an owner to agree.
may-undo-owner = owners
may-undo-verifier = verifier (and the owners)
may-undo-staff = all staff
setting-group-codes = Codes in groups
setting-group-codes-about = Automatic: whole on cards; the last four digits in reconciliations and in groups that only get summaries. In private chats they are whole.
group-codes-auto = automatic
group-codes-tail = last four
group-codes-whole = whole
told-setting = { $name } set “{ $label }” of { $store } to: { $value }.
about-settings = business day, language and the rest
button-run-staff = Staff
button-run-customers = Customers
button-run-language = Language
button-run-report = Post here (summaries)
button-run-api = API
button-run-webhook = Webhooks
practice-unused = unused
practice-used = already used
practice-expired = expired
practice-wrong-store = other store
practice-several = three uses
practice-slow = slow platform
practice-lost-before = answer lost (not used)
practice-lost-after = answer lost (used)
practice-busy = platform busy
practice-refunded = refunded

## WeCom
webhook-title = WeCom group (webhook { $tail })
webhook-hello = The verification assistant writes to this group from now on: daily summaries arrive here.
webhook-delete-yourself = Whoever has this address can write to the group, and I cannot delete your message: please delete it yourself now.
webhook-not-one = This is not the webhook address of a WeCom group. In the group choose ··· → message push (group robot) → add → copy the webhook address, then send: /report <address>
webhook-wrong-key = WeCom does not know this address: the robot was removed or disabled, or the address was not copied whole. Please copy it again.
webhook-busy = Too many messages went to this group within a minute. Please try again in a minute.
webhook-unreachable = WeCom cannot be reached just now. Please try again later.
webhook-refused = WeCom did not take the test message. Please check the group robot's settings and try again.
wecom-reply-number = Reply with the number of your choice.
wecom-reply-number-group = Mention me with the number of your choice.
wecom-result-below = The result comes in a new message below.
wecom-choose = Please choose:
wecom-busy = Please wait
wecom-over = Done
wecom-menu-scan = Scan
wecom-menu-books = Records
wecom-menu-more = More
kf-choose =
    { $count ->
        [1] Tap the item above, or reply with 1
       *[other] Tap an item above, or reply with its number, 1–{ $count }
    }
kf-choose-number =
    { $count ->
        [1] Reply with 1
       *[other] Reply with a number, 1–{ $count }
    }
kf-more = (There is more: reply with anything)

## Webhooks (a merchant's own systems)
hook-private = This shows a secret. Please use it in our private chat.
hook-none = “{ $store }” has no webhook address yet.
hook-title = Webhook addresses of “{ $store }” ({ $count }). Tap one to open it:
hook-usage = To add one, send: /webhook https://your-system
hook-bad-not-an-address = That is not a web address. Send: /webhook https://your-system
hook-bad-https-only = Only addresses that begin with https.
hook-bad-private-address = That address is inside a private network, which is not allowed here. Please give a public https address.
hook-bad-credentials = The address must not hold a user name or password.
hook-too-many = { $count } webhook addresses at most. Please remove one first.
hook-there = That address is in use already.
hook-added = Added { $host }. It is told of every verification, undo, refusal and open result of “{ $store }”, and of the summaries.
hook-secret = Signing secret (shown only now, please save it):
    { $secret }
hook-added-notice = { $person } added the webhook address { $host } to “{ $store }”: that system is told of verifications. If you do not know it, send /webhook and remove it.
hook-label-off = { $host } (off)
hook-state-on = on
hook-state-off = off
field-since = Added
button-hook-test = Test
button-hook-log = Last 20
button-hook-rotate = New secret
button-hook-off = Turn off
button-hook-on = Turn on
button-hook-remove = Remove
button-hook-remove-yes = Remove it
button-hook-replay = { $time } (send again)
button-hook-open = Open
hook-tested = A test event is on its way to { $host }. “Last 20” shows the result.
hook-log-none = Nothing was sent to { $host } yet.
hook-log-title = Latest events to { $host }:
hook-attempts = attempt { $count }
hook-reason-timeout = no answer within 5 s
hook-reason-private = leads into a private network, not sent
hook-reason-connection = no connection ({ $code })
hook-replayed = Sent again.
hook-replay-gone = That event is too old to be sent again.
hook-rotated = New secret for { $host }. For { $hours } hours both secrets sign; please change it before that.
hook-remove-question = Remove { $host }? It will not be told any more, and its secret is void.
hook-removed = Removed { $host }
hook-on-again = { $host } is on. What happened from { $since } until now was not sent to it, and will not be: have your system read the verifications of that time by the API.
hook-turned-off = The webhook { $host } of “{ $store }” took nothing for more than three days and was turned off. Turn it on again once it is mended.
hook-turned-off-gone = The webhook { $host } of “{ $store }” wants nothing more (410) and was turned off.

## Small talk
talk = { $said } { $next }
talk-greeting = Hello!
talk-here = I am here.
talk-thanks = You are welcome.
talk-ok = All right.
talk-bye = Goodbye!
talk-press = To verify, press the button on the coupon's card; for another coupon, send its code.
button-run-bind = Bind
button-run-summary = Summary
button-run-history = History
button-run-help = Help
# Applications (ACCESS=review)
apply-steps = The steps: apply → review → bind your store → try the practice store → live. Now: { $step }.
apply-step-apply = send /bind to apply
apply-step-review = wait for the review; the answer comes here
apply-step-bind = send /bind to bind your store
apply-waiting = Applied, waiting for review: “{ $shop }” (sent { $time }).
apply-refused = The application of “{ $shop }” was refused: { $reason }. You can apply again.
apply-approved = The application of “{ $shop }” was approved.
apply-done = Applied, waiting for review: “{ $shop }”.
apply-ask-shop = New shops apply first, and are bound after an operator's yes. Please send the shop's name:
apply-ask-phone = Please send a telephone number (optional; an operator may have a question):
button-apply-skip = Skip
button-apply-again = Reapply
button-apply-practice = Practise (in the practice store)
apply-bad-shop = The name has 1 to 40 characters.
apply-bad-phone = That does not look like a telephone number.
apply-still-asking = The application is not finished yet (/cancel leaves it).
apply-pause =
    { $minutes ->
        [one] Too many applications. Try again in a minute.
       *[other] Too many applications. Try again in { $minutes } minutes.
    }
apply-first = A real store is bound after an application was approved: send me /bind in private.
apply-in-private = New shops apply first: send me /bind in private, and bind this group once it is approved.
apply-connected = You are connected and can go live now. Rather practise first? The practice store's coupons are simulated; afterwards send /bind and choose the account of “{ $store }” again.
told-approved = The application of “{ $shop }” was approved. Next: bind your store (/bind).
told-refused = The application of “{ $shop }” was refused: { $reason }. You can apply again (/bind).
apply-title = Application
field-applicant = Applicant
field-telephone = Telephone
button-agree = Agree
button-decline = Refuse
apply-decided-yes = Application approved
apply-decided-no = Application refused: { $reason }
apply-why = Why? The applicant will read it
apply-why-incomplete = details are missing
apply-why-unreachable = could not be reached
apply-why-region = outside of our service area
button-apply-own = Own words
button-back = Back
apply-ask-reason = Please send the reason for refusing “{ $shop }”; the applicant will read it (/cancel leaves):
apply-bad-reason = The reason has 1 to 100 characters.
operator-only = Only operators can review.

# An owner's agreement
approval-offer = The coupon ending in { $code } was verified by somebody else, so you cannot undo it yourself. You can ask the owner to agree:
button-ask-owner = Ask owner
approval-title = { $person } asks you to agree to an undo
button-approve-undo = Agree (and undo)
approval-asked = The owner was asked to undo the coupon ending in { $code }; the answer comes here
approval-agreed = { $owner } agreed that { $person } have the coupon ending in { $code } undone
approval-declined = { $owner } did not agree that { $person } have the coupon ending in { $code } undone
approval-needless = You can undo it yourself; nobody has to agree.

# Rules for automatic verification
rules-title = “{ $store }” automatic verification: coupons that fit a rule are verified without a press. Only one coupon that was plainly typed, or read from a barcode, is verified this way.
rules-none = There is no rule yet: every coupon waits for somebody to press Verify.
rules-line = · { $name } ({ $state }): { $people } · { $deals } · { $hours } · at most { $most } a day, { $spent } today
rule-name = Automatic { $number }
rule-title = “{ $store }” · { $name }: { $state }
rule-is-on = on
rule-is-off = off
rule-people = Who: { $people }
rule-deals = Deals: { $deals }
rule-hours = When: { $hours }
rule-most = At most: { $most } a day ({ $spent } today)
rule-made = Set by { $owner }. The rule stops once they are no owner any more.
rule-try-hint = Rehearse it first: see what it would have done over the last 30 days. Then turn it on.
rule-change-hint = Any change turns the rule off, until it is rehearsed and turned on again.
rule-all-deals = all deals
rule-who-staff = staff (and owners)
rule-who-customers = customers (at all places)
rule-who-place = { $place } (customers)
rule-place-gone = (a removed place)
rule-who-chat = { $chat } (that chat alone)
rule-deals-question = { $name }: which deals? Press to choose one, press again to leave it out.
rule-deals-none = { $name }: no deal has been verified yet. They are listed here once some are.
rule-people-question = { $name }: whose coupons? For a scanner, choose the chat that it types in.
rule-hours-question = { $name }: when? Now: { $hours }
rule-ask-week = At which times of the week? For example: mon-fri 10:00-22:00; weekend 9:00-2:00. Nothing is automatic on days that are not named.
rule-most-question = { $name }: how many a day at most? Now: { $most }.
rule-no-deal = Keep one deal at least; for all of them press “all deals”.
rule-gone = This rule was deleted.
rules-too-many = There are { $count } rules at most.
rule-off-by-change = “{ $name }” was changed and is off for now. Rehearse it, then turn it on.
rule-changed-since = The rule was changed since it was rehearsed, or is on already. Please rehearse it again.
rule-turned-on = “{ $name }” is on. You are told of each one and can undo it.
rule-turned-off = “{ $name }” is off. One that has begun goes on to its end.
rule-on-told = { $owner } turned on “{ $name }” at “{ $store }”. To turn it off: /customers → Automatic.
rule-remove-question = Delete “{ $name }”? The records stay.
rule-removed = Deleted “{ $name }”.
try-title = “{ $name }” rehearsed: the last { $days } days
try-nothing = Nothing was verified from chats in this time, so there is nothing to rehearse.
try-would = Of { $looked } verifications this rule would have made { $count }, { $total } together.
try-undone = { $count } of them were undone later.
try-by-day = By day
try-rest = The others would still wait for a press:
try-left = · { $why }: { $count }, such as { $example }
try-why-people = not by people of the rule
try-why-deal = not a deal of the rule
try-why-reading = the code was not plainly typed or scanned (printed digits, a link, other words, chosen from several)
try-why-uses = the number of uses had to be chosen
try-why-coupon = the coupon has times of use, which a person judges
try-why-hours = outside the rule’s hours
try-why-spent = beyond the number a day
try-why-unknown = how the code came was not noted then; not counted
try-why-off = the rule was off
try-why-owner = whoever set it was no owner any more
try-honest = Coupons read from printed digits of a photo are not counted, nor those of the API and refused ones; who was owner or staff then goes by the record.
button-rules = Automatic
button-rules-add = New rule
button-rule-people = Who
button-rule-deals = Deals
button-rule-hours = When
button-rule-most = Per day
button-rule-try = Rehearse
button-rule-on = Turn on
button-rule-off = Turn off
button-rule-remove = Delete
button-rule-always = All day

# Asking the owner while it is closed
closed-title = Outside the opening hours of “{ $store }”:
closed-customer = · Customers cannot verify and are told the hours
closed-customer-ask = · Customers may ask an owner to agree
closed-staff = · Staff verify as usual
closed-staff-ask = · Staff have to ask an owner to agree
closed-request-customer = It is closed, and the customer { $person } asks you to agree to a verification
closed-request-staff = It is closed, and { $person } asks you to agree to a verification
closed-request-note = { $minutes } minutes left. If you agree it is verified at once.
closed-asked = The owners were asked to agree to coupon { $code }. The request holds for some ten minutes; the result comes here
closed-agreed = { $owner } agreed: { $person } verifies coupon { $code }
closed-declined = { $owner } did not agree to { $person }’s coupon { $code }; nothing was verified
closed-expired = The request to agree to coupon { $code }: nobody answered in time; nothing was verified. Send the code again if you need it.
closed-no-right = Whoever asked you may not verify any more; nothing was verified.
staff-is-closed = “{ $store }” is closed now. Today: { $hours }.
self-closed-ask = { " " }You can ask an owner to agree.
button-closed = Off hours
button-closed-customer-yes = Customers (may ask an owner)
button-closed-customer-no = Customers (cannot verify)
button-closed-staff-yes = Staff (have to ask an owner)
button-closed-staff-no = Staff (verify as usual)
button-approve-verify = Agree (and verify)

## Reconciliation
reconcile-title = Reconciliation · { $store } · { $day }
reconcile-agrees = { $platform }: { $count } for { $total }, the same at the platform
reconcile-differs = { $platform }: { $count } for { $total }, { $differences ->
    [one] one difference
   *[other] { $differences } differences
}
reconcile-no-list = { $platform }: the platform has no list to compare with
reconcile-unavailable = { $platform }: the platform’s list cannot be had now; send /reconcile again later
reconcile-pending = Of these { $count } are fresh; the platform may list them later
reconcile-line = · { $facts }: { $why }
reconcile-cause = 　{ $why }. { $advice }
reconcile-why-elsewhere = used at the platform, not verified here
reconcile-do-elsewhere = If your people verified it some other way, all is well, but it is in no summary; if not, ask the platform.
reconcile-why-unsettled = used at the platform, not confirmed here yet
reconcile-do-unsettled = If it was used at your store, press “It was this one” on its card.
reconcile-why-refused-here = used at the platform, refused here
reconcile-do-refused-here = If the customer was served, the platform pays for it; it is in no summary.
reconcile-why-undone-here = undone here, still used at the platform
reconcile-do-undone-here = Look again in the platform’s console; undo it there, or ask the platform.
reconcile-why-undone-there = verified here, taken back at the platform
reconcile-do-undone-there = You are not paid for it. Find out who took it back there.
reconcile-why-missing = verified here, not in the platform’s list
reconcile-do-missing = Look the coupon up in the platform’s console; if it is not there, ask the platform.
reconcile-why-unused-there = verified here, still unused at the platform
reconcile-do-unused-there = The platform did not keep this use, or it was taken back there. If the customer was served, verify it once more while it can be used.
reconcile-why-refunded = verified here, refunded at the platform
reconcile-do-refunded = You are not paid for it. See in the platform’s console why it was refunded.
reconcile-why-gone = verified here, taken back or refunded at the platform (it does not know the code any more)
reconcile-do-gone = You may not be paid for it. See in the platform’s console which of the two it was, and who took it back.
reconcile-why-unlisted = verified here and used at the platform, only its list lacks it
reconcile-do-unlisted = Nothing is wrong with the coupon; see that the payment comes.
reconcile-found-late = the platform lists it now, so it agrees
reconcile-why-amount = another amount: { $ours } here, { $theirs } at the platform
reconcile-do-amount = The platform’s settlement counts.
reconcile-why-count = another number of uses: { $ours } here, { $theirs } at the platform
reconcile-do-count = Look in the platform’s console how often it was used.
reconcile-why-other-day = the platform has it at { $moment }, another day
reconcile-do-other-day = Only the day differs; no money is missing.
reconcile-why-other-store = verified for another store here, this store’s at the platform
reconcile-do-other-store = See whether it was verified at the wrong store.
reconcile-why-twice = listed once more at the platform
reconcile-do-twice = It was verified here once; see in the platform’s console who used it the other time.
reconcile-given-up = The platform’s list could not be had for three days; no more is tried by itself. Send /reconcile { $day } at any time
reconcile-usage = Usage: /reconcile for the last business day, /reconcile 11-22 for that day
reconcile-not-over = That day has not ended; it can be reconciled afterwards.
summary-reconcile-agrees = Reconciled: the same at the platform
summary-reconcile-differs = { $count ->
    [one] Reconciled: one difference (/reconcile { $day } says what to do)
   *[other] Reconciled: { $count } differences (/reconcile { $day } says what to do)
}
summary-reconcile-later = Reconciled: not yet, the platform’s list cannot be had; you will be told

## Shifts
shift-title = Hand-over · { $store } · since { $time }
shift-before = Earlier hand-overs
shift-line = { $time } { $from } → { $to }　{ $count } for { $total }
shift-nobody = (nobody yet)
shift-handed-over = Handed over · { $store }
shift-taken = Taken over · { $store }
shift-take-it = Whoever takes over presses “I take over”, or sends /shift in their own chat.
shift-over-already = This shift was handed over already. /shift shows the present one.
shift-own = Whoever hands over cannot take over.
shift-taken-already = { $name } has taken over.
button-shift-over = Hand over
button-shift-take = Take over

## Alerts to owners

alerts-together = { $count } alerts:
watch-quota-days = Reminder: “{ $store }” has { $quota } paid calls left, about { $days } days at the latest pace; without any it cannot verify. Please top up in the platform's console.
alert-platform = Reminder: { $platform } has given no usable answer since { $time } ({ $minutes } minutes), so lookups and verifications fail meanwhile. Nothing is lost: what was verified is in the ledger, and lost answers are asked about by themselves. It goes on as before once the platform is back; urgent coupons can be verified in the platform's own app.
alert-decision = Reminder: since { $time } a coupon of “{ $store }” waits for somebody to decide (the platform cannot tell whether it was verified). Please look it up in the platform's console, then press a button on the card below.
alert-undos = Please look: today { $person } undid { $undone } verifications at “{ $store }”, and { $again } of them were verified again. Send /history today { $person } to see each.
alert-undos-store = Please look: { $undone } verifications were undone at “{ $store }” today, and { $again } of them verified again. Send /history today undone to see each.
alert-price = Please look: “{ $title }” at “{ $store }” was { $amount } each this time; usually it is { $usual }. Please check in the platform's console whether the price was changed. If it was, nothing is to be done: the new price becomes the usual one.

setting-alerts = Alerts
setting-alerts-all = all on
setting-alerts-off = { $count } off
setting-alert-on = ✓ { $alert }
setting-alert-off = ✗ { $alert }
setting-alerts-about = Each cause is told once, and again only after it was over. Press to turn one on or off. A coupon that waits for a decision is always told.
setting-quiet = Quiet hours
setting-off = off
setting-quiet-about = Alerts that can wait are kept, and sent together when these hours end. A coupon that waits for a decision is told at any time. You can also type hours, such as 23:30-7:00.
alert-kind-quota = Paid calls
alert-kind-ending = Authorisation ends
alert-kind-ended = Authorisation over
alert-kind-platform = Platform fails
alert-kind-robot = Robot offline
alert-kind-guessing = Guessed codes
alert-kind-undos = Unusual undos
alert-kind-price = Price changes
alert-kind-summary = Summary not posted
alert-kind-undelivered = Message not delivered
alert-kind-endpoint = Endpoint turned off
alert-kind-refund = Refunds
alert-kind-elsewhere = Used elsewhere
alert-kind-holidays = Holidays

# The books in the browser
about-books = the books in your browser
books-private = The books are for the owner alone: write “/books” to me in private.
books-address-unset = The books cannot be opened in a browser yet: this installation has no public address. Its operator has to set PUBLIC_URL. Meanwhile “/history” finds records and “/export” makes a file.
books-link = The books of { $stores }:
    { $link }
    Valid for 10 minutes, opens once; then you can read for 12 hours. Please do not forward it.
books-link-one = “{ $store }”
books-link-several = { $count } stores
books-link-lost = The link to the books could not be delivered and is not sent again, to be safe. Send “/books” once more.
books-title = Books
books-open-title = Open the books
books-open-about = This link opens once. Then this browser shows the books for 12 hours, to read only.
books-open = Open
books-dead-title = This link is dead
books-dead = This link opens no books: 10 minutes may have passed, or it is not complete. Send “/books” in the chat again.
books-opened-title = Opened before
books-opened = This link was opened in a browser before, and opens only once. Send “/books” in the chat again. It was not you? Send “/books off” to close all books that are open.
books-over-title = The books are closed
books-over = Send “/books” in the chat, and open them by the new link.
books-none-title = No books
books-none = You own no store at the moment. Bind one, then send “/books” in the chat.
books-closed = The books are closed in all browsers.
books-close = Close
books-overview = Overview
books-records = Records
books-store = Store
books-all-stores = All stores
books-choose = Show
books-today = Today { $day }
books-count = Verified
books-amount = Amount
books-unpriced = Unpriced
books-undone = Undone
books-unsure = Not confirmed
books-refused = Refused
books-pieces = { $count }
books-times = { $count }
books-by-product = Today by deal
books-by-person = Today by person
books-days = Last { $count } days
books-weeks = Last { $count } weeks
books-months = Last { $count } months
books-day = Day
books-week = Week
books-month = Month
books-running = so far
books-beside = Besides
books-sum = Total
books-figures = Figures
books-empty = Nothing was verified yet.
books-text = Search
books-text-hint = e.g. last week Wang
books-code = Code or last four
books-product = Deal
books-person = Verified by
books-place = Place
books-from = From
books-to = To
books-status = Outcome
books-undo-refused = Undo refused
books-any = Any
books-more = More filters
books-find = Find
books-clear = Clear
books-none-such = No such records.
books-who = Verified by
books-what-else = Place and note
books-odd-title = This address makes no sense
books-odd-long = A filter has at most 200 characters.
books-odd-day = Write days like 2026-11-22.
books-odd-order = “From” is after “to”.
books-odd-code = A code has 4 to 20 digits.
books-odd-other = Please begin again on the first page of the books.
books-slower = That was too fast. Please try again in a few seconds.
books-back = All records
books-story = What happened
books-export = Export these:
books-chart = { $of }: amounts; the figures are in the table below
books-unit-yuan = Amount (¥)
books-unit-thousand = Amount (¥ thousand)
books-unit-ten-thousand = Amount (¥ 10,000)

## The picture of a summary; weeks and months
picture-day = Daily summary · { $day }
picture-by-hour = Uses by hour
picture-by-day = Uses by day
picture-by-month = Uses by month
picture-uses = { $count }
picture-product = { $count } · { $total }
picture-nothing = Nothing was verified
picture-verified = Verified
picture-total = Total
picture-undone = Undone
picture-unsure = Not confirmed
picture-sorry = Pictures cannot be shown here; the summary has the figures.
button-summary-picture = Picture
span-title = Total
span-title-week = Weekly summary
span-title-month = Monthly summary
span-best-day = Best day { $day }: { $count }, { $total }
span-than-week = Week before { $count }, { $total }
span-than-month = Month before { $count }, { $total }
setting-picture = Picture
setting-picture-light = light
setting-picture-dark = dark
setting-picture-none = none
setting-picture-about = A picture comes with the daily summary: when it was busy, and what was used. None on days without a verification.
setting-periods = Weeks and months
setting-periods-none = none
setting-periods-week = weeks
setting-periods-month = months
setting-periods-both = both
setting-periods-about = The week’s summary comes after Sunday’s, the month’s after that of its last day.
